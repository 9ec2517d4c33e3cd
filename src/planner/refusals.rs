//! All wording of refusals.
//! In: what is refused. Out: a [`Refusal`] that says what to do instead.
//! Decides nothing.

use super::impact::Limit;
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

/// PLN008 for a number whose trunk no file names.
pub(super) fn unsure(address: &Address, attribute: &str, target: &Address) -> Refusal {
    Refusal {
        code: Code::PLN008,
        message: format!(
            "`{address}` would be deleted and made again, and the file does not name its {attribute}: if that were interrupted, nothing could bring it back"
        ),
        help: format!("write `{attribute}: {}` at the {}", target.name, address.kind),
        addresses: vec![address.clone()],
        no_safe_plan: true,
    }
}

/// What keeps a number from standing at its new account.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// A step in this plan.
    Step,
    /// A reading of that account.
    Reading,
    /// It is ignored there, and not live.
    Notice,
    /// The account is no other one.
    Another,
}

/// PLN014 for a number that would be given up before it stands at its new account.
pub(super) fn nowhere(from: &Address, to: &Address, lack: Lack) -> Refusal {
    let (old, new) = (&from.account, &to.account);
    let (why, help) = match lack {
        Lack::Step => (
            format!("`{to}` is no part of this plan"),
            format!("plan both, as with one more `--target {to}`, or leave `{from}` out"),
        ),
        Lack::Reading => (
            format!("`{new}` could not be read"),
            format!("plan again when it can be, or leave `{from}` out with `--target`"),
        ),
        Lack::Notice => (
            format!("`{to}` is not live, and ignored there"),
            format!(
                "take `number.{}` out of `ignore` at `{new}`, or write it under `ignore` at `{old}`",
                to.name
            ),
        ),
        Lack::Another => (
            format!("`{old}` and `{new}` are the same account: all that is live there has the same ids"),
            "give each account its own token and base URL, or write all of it under one name".into(),
        ),
    };
    Refusal {
        code: Code::PLN014,
        message: format!(
            "`{from}` would be given up although its files now are those of `{}`, and {why}",
            to.account
        ),
        help,
        addresses: vec![from.clone(), to.clone()],
        no_safe_plan: true,
    }
}

fn who(users: &[&Resource], (one, several): (&str, &str)) -> String {
    let first = &users[0].address;
    match users.len() {
        1 => format!("`{first}` {one}"),
        count => format!("`{first}` and {} more {several}", count - 1),
    }
}

fn all_of(target: &Address, users: &[&Resource]) -> Vec<Address> {
    std::iter::once(target).chain(users.iter().map(|user| &user.address)).cloned().collect()
}

/// PLN009 for a trunk that makes room for another one while numbers are on it that no file lists.
pub(super) fn stuck(target: &Address, users: &[&Resource]) -> Refusal {
    let who = who(users, ("is on it, and no file lists it", "are on it, and no file lists them"));
    Refusal {
        code: Code::PLN009,
        message: format!(
            "`{target}` would go, but {who}: to move is to be deleted and made again, and if that were interrupted nothing could bring back what no file lists"
        ),
        help: "list them in the file, with their trunk".into(),
        addresses: all_of(target, users),
        no_safe_plan: true,
    }
}

/// PLN009.
pub(super) fn in_use(target: &Address, users: &[&Resource]) -> Refusal {
    let who = who(users, ("uses it and must stay", "use it and must stay"));
    let help = if users.iter().any(|user| user.is_ignored()) {
        "take what uses it out of `ignore`, or list the trunk in the file as it is"
    } else {
        "list the trunk in the file, or let what uses it refer to another one"
    };
    Refusal {
        code: Code::PLN009,
        message: format!("`{target}` would go, but {who}"),
        help: help.into(),
        addresses: all_of(target, users),
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
