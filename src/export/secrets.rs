//! The environment variables that a file names for secrets, which no platform gives back.
//! In: the live trunks. Out: a variable for each secret that its thing can't do without, made from the account, the name and the attribute.
//! No two have one, none is one that a file may not name; the same account gives the same names each time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;

use super::Live;
use super::names::live_name;
use crate::model::{Address, Attributes, KindName, Resource, SecretNames};
use crate::provider::Provider;
use crate::provider::file::sections::SECTIONS;

pub(super) struct Variables(HashMap<(Address, &'static str), String>);

impl Variables {
    pub(super) fn new(live: Live<'_>, wanted: &[&Resource], taken: &BTreeSet<Box<str>>) -> Self {
        let mut called: BTreeMap<String, Vec<(&Resource, &'static str)>> = BTreeMap::new();
        for &resource in wanted {
            let Some(kind) = live.provider.kinds().get(resource.address.kind) else { continue };
            for attribute in kind.attributes.iter().filter(|attribute| attribute.secret) {
                if is_needed(live.provider, resource.address.kind, (&resource.attributes, attribute.name)) {
                    let name = live_name(kind.identity, resource);
                    let words = [live.account.as_str(), &name, attribute.name];
                    called.entry(variable(&words)).or_default().push((resource, attribute.name));
                }
            }
        }
        let mut used: BTreeSet<String> = taken.iter().map(|name| name.to_string()).collect();
        used.extend(called.keys().cloned());
        let mut all = HashMap::new();
        for (name, of) in called {
            let alone = of.len() == 1 && !taken.contains(&*name);
            for (resource, attribute) in of {
                let own = if alone { name.clone() } else { free(&name, resource, &used) };
                used.insert(own.clone());
                all.insert((resource.address.clone(), attribute), own);
            }
        }
        Self(all)
    }

    pub(super) fn of(&self, address: &Address, attribute: &'static str) -> Option<&str> {
        self.0.get(&(address.clone(), attribute)).map(String::as_str)
    }
}

/// The name with the id behind it, and with a count behind that where it must be.
fn free(name: &str, resource: &Resource, used: &BTreeSet<String>) -> String {
    let id = resource.id.as_ref().map(ToString::to_string).unwrap_or_default();
    let longer = variable(&[name, &id]);
    let counted = (2..).map(|n| format!("{longer}_{n}"));
    std::iter::once(longer.clone()).chain(counted).find(|name| !used.contains(name)).unwrap_or(longer)
}

/// Words as one name: capital letters and digits, all else one `_`.
fn variable(words: &[&str]) -> String {
    let mut name = String::new();
    for c in words.join("_").chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_uppercase()),
            _ if name.is_empty() || name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    let name = name.trim_end_matches('_');
    let refused = SecretNames::default().check(name).is_err();
    let foreign = refused || name.starts_with(|c: char| c.is_ascii_digit());
    if foreign { format!("SIP_{name}") } else { name.to_owned() }
}

/// Whether the schema asks for an attribute of such a thing.
fn is_needed(provider: &dyn Provider, kind: KindName, (live, name): (&Attributes, &str)) -> bool {
    let Some((section, _)) = SECTIONS.iter().find(|(_, of)| *of == kind) else { return false };
    let schema = provider.schema();
    let pointer = schema["properties"][section]["items"]["$ref"].as_str().unwrap_or_default();
    let Some(schema) = schema.pointer(pointer.trim_start_matches('#')) else { return false };
    let asks =
        |schema: &Json| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let holds = |rule: &Json| {
        let mut when = rule["if"]["properties"].as_object().into_iter().flatten();
        when.all(|(attribute, is)| live.get(attribute).is_some_and(|live| live.to_json() == is["const"]))
    };
    let rules = schema["allOf"].as_array().into_iter().flatten();
    asks(schema) || rules.into_iter().any(|rule| (asks(rule) || asks(&rule["then"])) && holds(rule))
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn a_variable_is_one_that_every_shell_takes() {
        for (words, name) in [
            (["kalem", "Carrier Outbound", "password"], "KALEM_CARRIER_OUTBOUND_PASSWORD"),
            (["kalem-eu", " Büro (2) ", "password"], "KALEM_EU_B_RO_2_PASSWORD"),
            (["kalem", "東京", "password"], "KALEM_PASSWORD"),
            (["trunkform", "token kalem", "password"], "SIP_TRUNKFORM_TOKEN_KALEM_PASSWORD"),
            (["ci", "Carrier", "password"], "SIP_CI_CARRIER_PASSWORD"),
            (["github", "Carrier", "password"], "SIP_GITHUB_CARRIER_PASSWORD"),
        ] {
            assert_eq!(variable(&words), name);
        }
    }
}
