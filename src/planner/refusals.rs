//! All wording of refusals.
//! In: what is refused. Out: a [`Refusal`] that says what to do instead.
//! Decides nothing.

use super::safety::Limit;
use crate::model::{Account, Address, Code, Refusal, Resource};

/// PLN007.
pub(super) fn protected(address: &Address, what: &str) -> Refusal {
    Refusal {
        code: Code::PLN007,
        message: format!("`{address}` is protected and would {what}"),
        help: "if it is meant, take `protect: true` out of the file first".into(),
        addresses: vec![address.clone()],
        no_safe_plan: true,
    }
}

/// PLN008.
pub(super) fn released(address: &Address, attribute: &str) -> Refusal {
    Refusal {
        code: Code::PLN008,
        message: format!(
            "`{attribute}` of `{address}` can't be changed so: the {} would be given up",
            address.kind
        ),
        help: format!("write `{attribute}` as it is live, or leave it out"),
        addresses: vec![address.clone()],
        no_safe_plan: true,
    }
}

/// PLN009.
pub(super) fn in_use(target: &Address, users: &[&Resource]) -> Refusal {
    let first = &users[0].address;
    let who = match users.len() {
        1 => format!("`{first}` uses it and must stay"),
        several => format!("`{first}` and {} more use it and must stay", several - 1),
    };
    let help = if users.iter().any(|user| user.is_ignored()) {
        "take what uses it out of `ignore`, or list the trunk in the file as it is"
    } else {
        "list the trunk in the file, or let what uses it refer to another one"
    };
    Refusal {
        code: Code::PLN009,
        message: format!("`{target}` would go, but {who}"),
        help: help.into(),
        addresses: std::iter::once(target).chain(users.iter().map(|user| &user.address)).cloned().collect(),
        no_safe_plan: true,
    }
}

/// PLN001.
pub(super) fn too_many(account: &Account, removals: &[Address], limit: &Limit) -> Refusal {
    Refusal {
        code: Code::PLN001,
        message: format!(
            "`{account}` would lose {} of {} live things; its limits allow {}",
            removals.len(),
            limit.live,
            limit.allowed
        ),
        help: format!("look at each of them; if all are meant, add `--allow-removals {}`", limit.total),
        addresses: removals.to_vec(),
        no_safe_plan: false,
    }
}
