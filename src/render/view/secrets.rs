//! Where the secrets of a plan come from.
//! In: a plan. Out: each source once, with the attributes that have it; nothing where no secret is declared.
//! Never shows a secret: no plan holds one.

use std::collections::{HashMap, HashSet};

use super::NAMES;
use crate::model::declared_secret::DeclaredSecret;
use crate::model::text::brief;
use crate::model::{Address, Plan, SecretSource, visible};
use crate::render::fold;

/// Where the declared secrets come from.
#[derive(Debug)]
pub(in crate::render) struct SecretsView {
    pub(in crate::render) title: &'static str,
    /// Each source with the attributes that have it.
    pub(in crate::render) sources: String,
}

/// Each source once, under a title that warns: no platform gives a secret back.
pub(super) fn of(plan: &Plan) -> Option<SecretsView> {
    let mut places: HashMap<&SecretSource, usize> = HashMap::new();
    let mut first: Vec<&DeclaredSecret> = Vec::new();
    for secret in &plan.secrets {
        let count = places.entry(&secret.from).or_default();
        *count += 1;
        if *count == 1 {
            first.push(secret);
        }
    }
    let accounts: HashSet<_> = plan.secrets.iter().map(|secret| &secret.address.account).collect();
    let items = first.iter().map(|secret| item(secret, places[&secret.from])).collect();
    (!plan.secrets.is_empty()).then(|| SecretsView {
        title: match accounts.len() {
            1 => "Secrets (not comparable with the live account)",
            _ => "Secrets (not comparable with the live accounts)",
        },
        sources: fold::listed(items, NAMES, "more sources"),
    })
}

/// `kalem.trunk.Carrier password from env CARRIER_PASSWORD`, with a count where it is not the only place.
fn item(secret: &DeclaredSecret, places: usize) -> String {
    let DeclaredSecret { address, attribute, from } = secret;
    let count = if places == 1 { String::new() } else { format!(" ({places} places)") };
    let text = format!("{address} {attribute}{count} from {from}");
    brief(&text).into_owned()
}

/// Behind the place of a secret: where its value comes from, as far as the plan knows.
pub(in crate::render) fn origin(secrets: &[DeclaredSecret], address: &Address, attribute: &str) -> String {
    let from = crate::model::declared_secret::source_of(secrets, address, attribute);
    from.map(|from| format!(" from {}", visible(&from.to_string()))).unwrap_or_default()
}
