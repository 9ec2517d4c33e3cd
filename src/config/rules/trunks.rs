//! Rules about a trunk as a whole: what it does not use, which live one it means.
//! In: the gathered facts. Out: diagnostics.
//! What a trunk must have (TRK009, TRK011) and the port (TRK001) are the schema's to say.

use std::collections::HashMap;

use super::facts::{Facts, label, point};
use super::findings::Findings;
use crate::model::normalise::is_empty;
use crate::model::{Code, Diagnostic, Resource};

/// An attribute that a trunk which says all of `when` has no use for.
struct Unused {
    code: Code,
    when: &'static [(&'static str, &'static str)],
    attribute: &'static str,
    why: &'static str,
}

/// <https://kalem.me/api/v1/trunks> and <https://www.bolna.ai/docs/api-reference/sip-trunks/create> say what each sort needs.
const UNUSED: &[Unused] = &[
    Unused {
        code: Code::TRK010,
        when: &[("direction", "inbound")],
        attribute: "outbound_server",
        why: "an inbound trunk sends no calls",
    },
    Unused {
        code: Code::TRK010,
        when: &[("direction", "outbound"), ("auth_type", "digest")],
        attribute: "host",
        why: "an outbound trunk sends its calls to `outbound_server`",
    },
    Unused {
        code: Code::TRK010,
        when: &[("auth_type", "ip")],
        attribute: "username",
        why: "with `auth_type: ip` the platform makes a user name of its own",
    },
    Unused {
        code: Code::TRK010,
        when: &[("auth_type", "ip")],
        attribute: "password",
        why: "with `auth_type: ip` nobody is asked for a password",
    },
    Unused {
        code: Code::TRK012,
        when: &[("auth_type", "ip-based")],
        attribute: "auth_username",
        why: "with `auth_type: ip-based` nobody is asked for a user name",
    },
    Unused {
        code: Code::TRK012,
        when: &[("auth_type", "ip-based")],
        attribute: "auth_password",
        why: "with `auth_type: ip-based` nobody is asked for a password",
    },
    Unused {
        code: Code::TRK012,
        when: &[("auth_type", "userpass")],
        attribute: "ip_identifiers",
        why: "with `auth_type: userpass` nobody is known by address",
    },
];

/// TRK010 and TRK012.
pub(super) fn unused_attributes(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        for Unused { code, when, attribute, why } in UNUSED {
            let stated = trunk.resource.attributes.get(attribute).is_some_and(|value| !is_empty(value));
            if stated && when.iter().all(|(name, text)| trunk.says(name, text)) {
                let message = format!("`{attribute}` has no effect on this trunk: {why}");
                let conditions = if trunk.kind.attribute("direction").is_some() {
                    "`direction` and `auth_type`"
                } else {
                    "`auth_type`"
                };
                let help = format!("leave `{attribute}` out, or check {conditions}");
                let diagnostic = Diagnostic::new(*code, message).help(help);
                findings.push(point(diagnostic, trunk.resource, attribute));
            }
        }
    }
}

/// TRK027 for what stands behind a name: a former name or an id that two trunks claim. A former name may be the name of another trunk: names are handed on.
pub(super) fn claimed_twice(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let mut claims: HashMap<(&str, String), &Resource> = HashMap::new();
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

#[cfg(test)]
mod tests {
    use super::super::fixture::{carrier, codes, inbound, outbound, run, run_all, text};
    use crate::model::{SecretSource, Value};

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
    fn one_live_trunk_is_claimed_once() {
        let pbx = |name| inbound(name, "pbx.example.com");
        let claims = |trunks: &[super::super::fixture::Thing]| {
            let all = run_all(trunks);
            all.iter().filter(|d| d.code.as_str() == "TRK027").count()
        };
        assert_eq!(claims(&[pbx("A").renamed_from("Old"), pbx("B").renamed_from("Old")]), 1);
        assert_eq!(claims(&[pbx("A").renamed_from("Old"), pbx("Old")]), 0);
        assert_eq!(claims(&[pbx("A").renamed_from("Old"), pbx("B").renamed_from("Older")]), 0);
        assert_eq!(claims(&[pbx("A").renamed_from("A")]), 0);
    }

    #[test]
    fn what_the_other_way_of_signing_in_needs_is_unused() {
        let secret = Value::Secret(SecretSource::Env("A".into()));
        let by_address = carrier("A").with("auth_username", text("a")).with("auth_password", secret.clone());
        assert_eq!(codes(&run(&[by_address])), ["TRK012", "TRK012"]);
        let tls = carrier("A")
            .with("auth_type", text("userpass"))
            .with("auth_username", text("a"))
            .with("auth_password", secret)
            .with("transport", text("transport-tcp"));
        let codes = |thing| codes(&run(&[thing]));
        assert_eq!(codes(tls), ["TRK012", "SEC006"]);
        let cleared =
            carrier("A").with("auth_type", text("userpass")).with("ip_identifiers", Value::List(Vec::new()));
        assert_eq!(codes(cleared), ["SEC006"]);
    }
}
