//! Rules about credentials.
//! In: the gathered facts; of a secret only the place where it can be found. Out: diagnostics.
//! Never opens that place.

use std::collections::HashMap;

use super::facts::{Facts, Trunk, label, point};
use super::findings::Findings;
use crate::model::{Code, Diagnostic, SecretSource, Value};

/// The attributes that hold the user of digest authentication.
const USERS: &[&str] = &["username", "auth_username"];

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
        if told || trunk.says("auth_type", "ip") {
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
    use super::super::fixture::{codes, outbound, run, text};
    use crate::model::{SecretSource, Value};

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
}
