//! Rules about credentials.
//! In: the gathered facts; of a secret only the place where it can be found. Out: diagnostics.
//! Never opens that place.

use std::collections::HashMap;

use super::facts::{Facts, Trunk, USERS, label, point};
use super::fields::HostField;
use super::findings::Findings;
use crate::model::{Code, Diagnostic, SecretSource, Severity, Value};

/// Carriers whose customers all call from the same addresses: the name as a label, and the domain of their servers.
/// <https://www.twilio.com/docs/voice/api/sip-security> says so of the first; the others sell the same to anybody.
const SHARED: &[(&str, &str)] = &[
    ("twilio", "twilio.com"),
    ("plivo", "plivo.com"),
    ("telnyx", "telnyx.com"),
    ("vonage", "nexmo.com"),
    ("vonage", "vonage.com"),
    ("zadarma", "zadarma.com"),
    ("exotel", "exotel.com"),
    ("bandwidth", "bandwidth.com"),
    ("signalwire", "signalwire.com"),
    ("vobiz", "vobiz.ai"),
];

/// RFC 3261 section 25.1: `unreserved` and `user-unreserved`, what a user may have in it without being escaped.
const USER: &str = "-_.!~*'()&=+$,;?/";
/// So many characters of a user name every carrier takes (Telnyx no more), and so many fit at all.
const LONG: usize = 32;
const LONGEST: usize = 255;

/// SEC004.
pub(super) fn shared(facts: &Facts, findings: &mut Findings) {
    let mut secrets: HashMap<&SecretSource, &Trunk> = HashMap::new();
    let mut users: HashMap<&str, &Trunk> = HashMap::new();
    for trunk in &facts.trunks {
        let mut told = false;
        for attribute in trunk.kind.attributes.iter().filter(|attribute| attribute.secret) {
            let Some(Value::Secret(source)) = trunk.resource.attributes.get(attribute.name) else { continue };
            let first = *secrets.entry(source).or_insert(trunk);
            if first.resource.address != trunk.resource.address {
                let what = format!("the secret `{}`", place(source));
                findings.push(both(&what, first, trunk, attribute.name));
                told = true;
            }
        }
        if told || trunk.by_address() {
            continue;
        }
        for name in USERS {
            let Some(user) = trunk.resource.attributes.get(name).and_then(Value::as_text) else { continue };
            let first = *users.entry(user).or_insert(trunk);
            if first.resource.address != trunk.resource.address {
                findings.push(both(&format!("the user name `{user}`"), first, trunk, name));
            }
        }
    }
}

/// SEC005.
pub(super) fn shared_carrier(facts: &Facts, findings: &mut Findings) {
    for trunk in facts.trunks.iter().filter(|trunk| trunk.by_address() && trunk.may_let_in()) {
        let label = trunk.stated("provider").and_then(Value::as_text).unwrap_or_default();
        let is_at = |domain: &str| {
            let under = |field: &HostField| field.parsed.as_ref().is_ok_and(|host| host.is_under(domain));
            trunk.hosts.iter().any(under)
        };
        let known = SHARED.iter().find(|(name, domain)| label.eq_ignore_ascii_case(name) || is_at(domain));
        let Some((carrier, _)) = known else { continue };
        let message = format!(
            "calls are let in by address alone, and every customer of {carrier} calls from the same ones"
        );
        let diagnostic = Diagnostic::new(Code::SEC005, message).help(
            "let a user name and a password decide, or keep what callers can do on these numbers harmless",
        );
        findings.push(point(diagnostic, trunk.resource, "auth_type"));
    }
}

/// SEC007.
pub(super) fn unfit_for_sip(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        if let Some((attribute, user)) = trunk.user() {
            let fits = |c: &char| c.is_ascii_alphanumeric() || USER.contains(*c);
            if let Some(diagnostic) =
                bad_character(attribute, user, fits).or_else(|| too_long(attribute, user))
            {
                findings.push(point(diagnostic, trunk.resource, attribute));
            }
        }
        const REALM: &str = "auth_realm";
        if let Some(realm) = trunk.stated(REALM).and_then(Value::as_text) {
            let fits = |c: &char| !c.is_control() && !"\"\\".contains(*c);
            findings.extend(bad_character(REALM, realm, fits).map(|d| point(d, trunk.resource, REALM)));
        }
    }
}

fn bad_character(attribute: &str, text: &str, fits: impl Fn(&char) -> bool) -> Option<Diagnostic> {
    let bad = text.chars().find(|c| !fits(c))?;
    let what = if bad == ' ' { "a space".to_owned() } else { format!("`{}`", bad.escape_debug()) };
    let message = format!("{what} in `{attribute}` breaks SIP messages at many carriers");
    let help = match (bad, text.split_once('@')) {
        ('@', Some((user, _))) => {
            format!("write `{attribute}: {user}` if the carrier takes it without its domain")
        }
        _ => "have the carrier make one of letters, digits, hyphens, dots and underscores".to_owned(),
    };
    Some(Diagnostic::new(Code::SEC007, message).help(help))
}

fn too_long(attribute: &str, text: &str) -> Option<Diagnostic> {
    let length = text.chars().count();
    if length <= LONG {
        return None;
    }
    let (most, severity) =
        if length <= LONGEST { (LONG, Severity::Info) } else { (LONGEST, Severity::Warning) };
    let message =
        format!("`{attribute}` has {length} characters, and not every carrier takes more than {most}");
    let diagnostic = Diagnostic::new(Code::SEC007, message).severity(severity);
    Some(diagnostic.help(format!("have the carrier make one of at most {most} characters")))
}

fn both(what: &str, first: &Trunk, second: &Trunk, attribute: &'static str) -> Diagnostic {
    let message = format!("{what} serves trunk `{}` as well", first.resource.address.name);
    let diagnostic = Diagnostic::new(Code::SEC004, message)
        .help("ask the carrier for credentials for each trunk: then one leak costs one trunk");
    let diagnostic = point(diagnostic, second.resource, attribute);
    label(diagnostic, first.resource, attribute, "first given here")
}

fn place(source: &SecretSource) -> &str {
    match source {
        SecretSource::Env(name) => name,
        SecretSource::File(path) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{carrier, codes, domain, gateways, inbound, outbound, run, text};
    use crate::model::{SecretSource, Severity, Value};

    #[test]
    fn one_secret_on_two_trunks_is_told_once() {
        let secret = |name: &str| Value::Secret(SecretSource::Env(name.into()));
        let to = |name: &str, user: &str, env: &str| {
            let server = format!("{name}.example.com");
            outbound(name, &server).with("username", text(user)).with("password", secret(env))
        };
        assert_eq!(codes(&run(&[to("a", "u", "P"), to("b", "u", "P")])), ["SEC004"]);
        assert_eq!(codes(&run(&[to("a", "u", "P"), to("b", "u", "Q")])), ["SEC004"]);
        assert_eq!(codes(&run(&[to("a", "u", "P"), to("b", "v", "P")])), ["SEC004"]);
        assert!(codes(&run(&[to("a", "u", "P"), to("b", "v", "Q")])).is_empty());
    }

    #[test]
    fn users_of_trunks_that_ask_for_none_are_not_compared() {
        let user =
            |name: &str| carrier(name).with("auth_username", text("u")).with("ip_identifiers", Value::Null);
        let all = run(&[user("A"), user("B")]);
        assert!(!codes(&all).contains(&"SEC004"), "{all:?}");
        let both = [domain("A", "a.example.com"), domain("B", "b.example.com").with("username", text("A"))];
        assert_eq!(codes(&run(&both)), ["SEC004"]);
    }

    #[test]
    fn a_carrier_that_many_share_is_known_by_label_or_name() {
        let at = |host: &'static str| gateways(&[(host, None, Some(1)), ("sip.example.net", None, Some(2))]);
        assert_eq!(codes(&run(&[carrier("A").with("provider", text("Twilio"))])), ["SEC005"]);
        assert_eq!(codes(&run(&[carrier("A").with("gateways", at("x.pstn.twilio.com"))])), ["SEC005"]);
        assert!(run(&[carrier("A").with("gateways", at("nottwilio.com"))]).is_empty());
        assert_eq!(codes(&run(&[inbound("A", "sip.telnyx.com")])), ["SEC005"]);
        assert!(run(&[outbound("A", "sip.telnyx.com").with("auth_type", text("ip"))]).is_empty());
        let closed =
            carrier("A").with("provider", text("twilio")).with("inbound_enabled", Value::Bool(false));
        assert!(run(&[closed]).is_empty());
        let password = outbound("A", "sip.telnyx.com").with("direction", text("inbound"));
        assert!(!codes(&run(&[password])).contains(&"SEC005"));
    }

    #[test]
    fn a_user_name_fits_into_a_message() {
        let said = |user: &str| {
            let all = run(&[domain("A", "a.example.com").with("username", text(user))]);
            all.iter().map(|d| (d.code.as_str(), d.severity)).collect::<Vec<_>>()
        };
        let warning = [("SEC007", Severity::Warning)];
        for bad in ["a b", "a\"b", "a@example.com", "a:b", "a%20", "ü", "<a>", "a\nb"] {
            assert_eq!(said(bad), warning, "{bad}");
        }
        for good in ["user_42", "a-b.c~d", "+14155552671", &"a".repeat(32)] {
            assert!(said(good).is_empty(), "{good}");
        }
        assert_eq!(said(&"a".repeat(33)), [("SEC007", Severity::Info)]);
        assert_eq!(said(&"a".repeat(256)), warning);
        let realm = |realm| codes(&run(&[domain("A", "a.example.com").with("auth_realm", text(realm))]));
        assert_eq!(realm("a\"b"), ["SEC007"]);
        assert!(realm("Carrier X: voice").is_empty());
    }
}
