//! What files said at an earlier revision is laid beside what they say now.
//! In: both configurations. Out: what was declared once and is no longer; the world of an account with the earlier one beside it.
//! Touches nothing; never removes what neither of them declares.

use crate::model::{Account, AccountConfig, Config, Kinds, State, World};
use crate::scope;

/// Marks for removal what the earlier configuration declares and this one does not.
///
/// What is renamed, pinned or ignored, then or now, is not among it. Gives back the accounts that are no longer described, or are at another platform now: nothing of
/// them is looked at.
pub fn removals(now: &mut Config, before: &Config) -> Vec<Account> {
    let mut gone = Vec::new();
    for past in &before.accounts {
        match now.accounts.iter_mut().find(|present| is_same(present, past)) {
            Some(present) => no_longer_declared(present, past),
            None => gone.push(past.account.clone()),
        }
    }
    gone
}

fn no_longer_declared(now: &mut AccountConfig, before: &AccountConfig) {
    let declared = now.desired.resources.values();
    let renamed: Vec<_> = declared.filter(|one| one.is_renamed()).map(|one| one.read_as()).collect();
    for once in before.desired.resources.values() {
        let stays = now.desired.get(&once.address).is_some() || renamed.contains(&once.address);
        let ignored = before.ignore.iter().any(|pattern| pattern.matches(&once.address));
        if !stays && !ignored {
            now.removed.add(once.address.clone(), once.settings.as_deref());
        }
    }
}

/// Both sides of an account, with what the earlier configuration makes of the same live state beside it.
pub fn world(now: &AccountConfig, before: &Config, observed: State, kinds: &'static Kinds) -> World {
    let past = before.accounts.iter().find(|past| is_same(now, past));
    let nothing = AccountConfig::new(&now.account, now.provider);
    let past = scope::scope(past.unwrap_or(&nothing), observed.clone(), kinds);
    World { before: Some(Box::new(past)), ..scope::scope(now, observed, kinds) }
}

fn is_same(now: &AccountConfig, past: &AccountConfig) -> bool {
    now.account == past.account && now.provider == past.provider
}
