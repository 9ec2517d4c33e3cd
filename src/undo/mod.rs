//! The way back from a run.
//! In: a journal, which may come from anywhere; then what is live. Out: both sides of each account, the desired one as it was before the last run in the
//! journal, and what differs; with the honest list of what can't come back. Sends nothing, and undoes nothing that the run did not begin.

mod back;
mod before;
mod lines;
mod missing;
mod reader;
#[cfg(test)]
mod tests;
mod told;
mod wanted;

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{
    Account, Action, Address, Attributes, Diagnostic, Id, Kind, KindName, Origin, SecretSource, normalise,
};
use crate::provider::{Platforms, Provider};

/// What a journal says of its last run.
#[derive(Debug, Default)]
pub struct Run {
    pasts: Vec<Past>,
    /// What there is to say of the journal itself.
    pub notes: Vec<Diagnostic>,
}

impl Run {
    /// Reads the text of a journal; `file` is the path that messages name, `platforms` the table of platforms.
    ///
    /// # Errors
    /// A sentence with the line: not a journal, of another version, of an unknown platform, or one that contradicts itself.
    pub fn read(file: &str, text: &str, platforms: Platforms) -> Result<Self, String> {
        reader::read(&Arc::from(file), text, platforms)
    }

    /// The accounts in which the run began something, by name.
    pub fn pasts(&self) -> &[Past] {
        &self.pasts
    }

    /// What the run began in an account.
    pub fn of(&self, account: &Account) -> Option<&Past> {
        self.pasts.iter().find(|past| past.account == *account)
    }
}

/// What the run began in one account.
pub struct Past {
    /// Whose.
    pub account: Account,
    /// Its platform.
    pub provider: &'static dyn Provider,
    /// How many removals the account's limits allowed.
    allowed: usize,
    /// In the order of the journal; no two that were there before have one target.
    recorded: Vec<Recorded>,
    /// Where in `recorded` each of those stands, by target.
    targets: HashMap<Address, usize>,
}

impl std::fmt::Debug for Past {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Past").field("account", &self.account).field("recorded", &self.recorded).finish()
    }
}

impl Past {
    fn new(account: Account, provider: &'static dyn Provider, allowed: usize) -> Self {
        Self { account, provider, allowed, recorded: Vec::new(), targets: HashMap::new() }
    }

    fn add(&mut self, one: Recorded) {
        if one.action != Action::Create {
            self.targets.insert(one.target.clone(), self.recorded.len());
        }
        self.recorded.push(one);
    }

    fn kind(&self, recorded: &Recorded) -> Option<&'static Kind> {
        self.provider.kinds().get(recorded.address.kind)
    }

    /// What was there before and was called so.
    fn of_target(&self, address: &Address) -> Option<&Recorded> {
        self.targets.get(address).map(|&at| &self.recorded[at])
    }
}

/// One change of the run.
#[derive(Debug)]
struct Recorded {
    /// As the run called it.
    address: Address,
    /// As it was called before: the address that it has once more when all is undone.
    target: Address,
    action: Action,
    /// What the platform called it before.
    id: Option<Id>,
    /// All that was known of it and can be said again.
    before: Attributes,
    /// What was empty, and can't be emptied by a request.
    full: Vec<&'static str>,
    changed: Vec<&'static str>,
    /// Where the secrets are to be found that the run sent for it.
    secrets: Vec<(&'static str, SecretSource)>,
    /// What the run made, as far as the platform told its id.
    made: Vec<Id>,
    /// Its line in the journal.
    origin: Origin,
}

impl Recorded {
    /// Whether another live thing had the same name.
    fn had_a_twin(&self) -> bool {
        let id = self.id.as_ref().map(Id::to_string).unwrap_or_default();
        self.address.kind == KindName::Trunk && *self.address.name == format!("{}#{id}", self.target.name)
    }
}

/// Where a thing was: a trunk by the name that the platform knew it by, a number by its digits.
fn target(address: &Address, kind: &Kind, before: &Attributes) -> Address {
    match before.get(kind.identity).and_then(|name| name.as_text()) {
        Some(name) if address.kind == KindName::Trunk => {
            Address::new(&address.account, address.kind, &normalise::name(name))
        }
        _ => address.clone(),
    }
}
