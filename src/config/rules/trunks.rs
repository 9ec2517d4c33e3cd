//! Rules about a trunk as a whole: what it does not use, whom it can't be told from, whether anything uses it.
//! In: the gathered facts. Out: diagnostics.
//! What a trunk must have (TRK009) and the port (TRK001) are the schema's to say.

use std::collections::{HashMap, HashSet};

use super::facts::{Account, Facts, Role, Trunk, label, point};
use super::findings::Findings;
use crate::model::{Address, Code, Diagnostic, KindName, Resource, Severity, Value};

/// An attribute that a trunk which says all of `when` has no use for.
struct Unused {
    when: &'static [(&'static str, &'static str)],
    attribute: &'static str,
    why: &'static str,
}

/// <https://kalem.me/api/v1/trunks> says what each sort needs.
const UNUSED: &[Unused] = &[
    Unused {
        when: &[("direction", "inbound")],
        attribute: "outbound_server",
        why: "an inbound trunk sends no calls",
    },
    Unused {
        when: &[("direction", "outbound"), ("auth_type", "digest")],
        attribute: "host",
        why: "an outbound trunk sends its calls to `outbound_server`",
    },
    Unused {
        when: &[("auth_type", "ip")],
        attribute: "username",
        why: "with `auth_type: ip` the platform makes a user name of its own",
    },
    Unused {
        when: &[("auth_type", "ip")],
        attribute: "password",
        why: "with `auth_type: ip` nobody is asked for a password",
    },
];

/// TRK010.
pub(super) fn unused_attributes(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        for Unused { when, attribute, why } in UNUSED {
            let stated = trunk.resource.attributes.get(attribute).is_some_and(|value| *value != Value::Null);
            if stated && when.iter().all(|(name, text)| trunk.says(name, text)) {
                let message = format!("`{attribute}` has no effect on this trunk: {why}");
                let help = format!("leave `{attribute}` out, or check `direction` and `auth_type`");
                let diagnostic = Diagnostic::new(Code::TRK010, message).help(help);
                findings.push(point(diagnostic, trunk.resource, attribute));
            }
        }
    }
}

/// TRK019.
pub(super) fn same_target(facts: &Facts, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for trunk in facts.trunks.iter().filter(|trunk| trunk.says("direction", "outbound")) {
        let user = trunk.resource.attributes.get("username").and_then(Value::as_text);
        for field in trunk.hosts.iter().filter(|field| field.role == Role::Target) {
            let Ok(host) = &field.parsed else { continue };
            let key = (&trunk.resource.address.account, host, port(trunk), user);
            let first: &Trunk = seen.entry(key).or_insert(trunk);
            if first.resource.address == trunk.resource.address {
                continue;
            }
            let at_port = port(trunk).map(|port| format!(" at port {port}")).unwrap_or_default();
            let as_user = user.map(|user| format!(" as `{user}`")).unwrap_or_default();
            let (target, name) = (field.text, &first.resource.address.name);
            let message = format!("calls go to `{target}`{at_port}{as_user} through trunk `{name}` as well");
            let diagnostic = Diagnostic::new(Code::TRK019, message)
                .help("keep one of the two trunks, or give this one another target or user");
            let diagnostic = point(diagnostic, trunk.resource, field.attribute);
            findings.push(label(diagnostic, first.resource, field.attribute, "first given here"));
        }
    }
}

/// TRK027 for what stands behind a name: a former name or an id that two trunks claim.
pub(super) fn claimed_twice(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let mut claims: HashMap<(&str, String), &Resource> = HashMap::new();
        for trunk in account.trunks() {
            claims.insert(("name", trunk.resource.address.name.to_string()), trunk.resource);
        }
        for trunk in account.trunks() {
            let Some(settings) = &trunk.resource.settings else { continue };
            let former = settings.renamed_from.iter().map(|name| ("name", "renamed_from", name.to_string()));
            let pinned = settings.pin.iter().map(|id| ("id", "id", id.to_string()));
            for (what, key, value) in former.chain(pinned) {
                let first = *claims.entry((what, value.clone())).or_insert(trunk.resource);
                if first.address == trunk.resource.address {
                    continue;
                }
                let other = &first.address.name;
                let message = format!("`{key}: {value}` means the live trunk that `{other}` means as well");
                let help = format!("take `{key}` out, or take `{other}` out");
                let diagnostic =
                    point(Diagnostic::new(Code::TRK027, message).help(help), trunk.resource, "name");
                findings.push(label(diagnostic, first, "name", "the other one"));
            }
        }
    }
}

/// The port as stated, else the one that the platform fills in.
fn port(trunk: &Trunk) -> Option<i64> {
    let default = trunk.kind.attribute("port").and_then(|attribute| attribute.default.as_ref());
    let stated = trunk.resource.attributes.get("port").filter(|value| **value != Value::Null);
    match stated.or(default) {
        Some(Value::Int(port)) => Some(*port),
        _ => None,
    }
}

/// TRK030.
pub(super) fn without_numbers(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let used = trunks_with_numbers(account);
        let severity = if account.numbers().next().is_some() { Severity::Warning } else { Severity::Info };
        for trunk in account.trunks().filter(|trunk| !trunk.says("direction", "outbound")) {
            let address = &trunk.resource.address;
            if !used.contains(address) {
                let message = format!("no number in the files uses trunk `{}`", address.name);
                let help =
                    format!("point a number to it with `trunk: {}`, or take the trunk out", address.name);
                let diagnostic = Diagnostic::new(Code::TRK030, message).severity(severity).help(help);
                findings.push(point(diagnostic, trunk.resource, "name"));
            }
        }
    }
}

fn trunks_with_numbers<'a>(account: &Account<'a>) -> HashSet<&'a Address> {
    let is_trunk = |a: &&crate::model::Attribute| a.reference == Some(KindName::Trunk);
    let names: Vec<_> = account.kinds.number.attributes.iter().filter(is_trunk).map(|a| a.name).collect();
    account
        .numbers()
        .flat_map(|number| names.iter().filter_map(|name| number.attributes.get(name)))
        .filter_map(Value::as_ref_address)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{codes, inbound, number, outbound, run, run_all, text};
    use crate::model::{SecretSource, Severity, Value};

    #[test]
    fn what_a_trunk_does_not_use_is_pointed_at() {
        let secret = |name: &str| Value::Secret(SecretSource::Env(name.into()));
        let trunks = [
            inbound("A", "a.example.com").with("outbound_server", text("b.example.com")),
            inbound("B", "b.example.com").with("password", secret("B")).with("username", text("b")),
            outbound("C", "c.example.com").with("host", text("d.example.com")),
            outbound("D", "d.example.com").with("host", Value::Null).with("password", secret("D")),
        ];
        assert_eq!(codes(&run(&trunks)), ["TRK010"; 4]);
    }

    #[test]
    fn one_target_as_two_users_is_fine_as_one_user_it_is_not() {
        let to = |name: &str, user: &str| outbound(name, "sip.example.com").with("username", text(user));
        assert!(codes(&run(&[to("A", "a"), to("B", "b")])).is_empty());
        let same = run(&[to("A", "a"), to("B", "a").with("port", Value::Int(5060))]);
        assert_eq!(codes(&same), ["TRK019", "SEC004"]);
        assert!(codes(&run(&[to("A", "a"), to("B", "a").with("port", Value::Int(5080))])) == ["SEC004"]);
    }

    #[test]
    fn one_live_trunk_is_claimed_once() {
        let pbx = |name| inbound(name, "pbx.example.com");
        let claims = |trunks: &[super::super::fixture::Thing]| {
            let all = run_all(trunks);
            all.iter().filter(|d| d.code.as_str() == "TRK027").count()
        };
        assert_eq!(claims(&[pbx("A").renamed_from("Old"), pbx("B").renamed_from("Old")]), 1);
        assert_eq!(claims(&[pbx("A").renamed_from("Old"), pbx("Old")]), 1);
        assert_eq!(claims(&[pbx("A").renamed_from("Old"), pbx("B").renamed_from("Older")]), 0);
        assert_eq!(claims(&[pbx("A").renamed_from("A")]), 0);
    }

    #[test]
    fn a_trunk_without_numbers_matters_only_beside_numbers() {
        let severities =
            |all: &[crate::model::Diagnostic]| all.iter().map(|d| d.severity).collect::<Vec<_>>();
        let pbx = || inbound("PBX", "pbx.example.com");
        assert_eq!(severities(&run_all(&[pbx()])), [Severity::Info]);
        let other = number("+14155552671").on("Other");
        let all = [pbx(), inbound("Other", "other.example.com"), other];
        assert_eq!(severities(&run_all(&all)), [Severity::Warning]);
        assert!(run_all(&[outbound("Out", "out.example.com")]).is_empty());
    }
}
