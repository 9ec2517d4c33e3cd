//! Why something changes, in the words of the plan; all wording of this stage.
//! In: what differs. Out: a short phrase.
//! Decides nothing: a reason is for the reader only.

use crate::model::{AttributeChange, Resource, Value, World};

/// Why something is created.
pub const CREATE: &str = "in the file, not live";
/// Why something is deleted.
pub const DELETE: &str = "live, not in the file, `unlisted: delete`";
/// Why something is deleted that was declared once.
pub const REMOVED: &str = "live, and no longer declared";
/// Why a trunk is deleted that an earlier run should have deleted.
pub const LEFTOVER: &str = "left from an interrupted replacement";
/// Why a secret is sent although nothing differs.
pub const ROTATE: &str = "`--rotate`";

/// Why a live resource changes: because the file differs, or, where the file does not name it, because of what else happens.
pub fn update(world: &World, desired: &Resource, attributes: &[AttributeChange]) -> String {
    let (because_gone, rest): (Vec<_>, Vec<_>) =
        attributes.iter().partition(|change| follows(world, desired, change));
    let mut reason = match rest.as_slice() {
        [] => String::new(),
        rest if desired.origin.is_none() => unlisted(rest),
        rest => differ(rest),
    };
    for change in because_gone {
        reason = also(reason, &goes(change));
    }
    reason
}

/// `a`, and `b` where there is something before it.
pub fn also(mut a: String, b: &str) -> String {
    if !a.is_empty() && !b.is_empty() {
        a.push_str("; ");
    }
    a.push_str(b);
    a
}

/// Why secrets are sent whose references the file has changed.
pub fn repointed(secrets: &[AttributeChange]) -> String {
    let names: Vec<_> = secrets.iter().map(|change| change.name).collect();
    match names.len() {
        0 => String::new(),
        1 => format!("{} is read from elsewhere", list(&names)),
        _ => format!("{} are read from elsewhere", list(&names)),
    }
}

/// Why the reference of something changes whose target gets a new id.
pub fn made_anew(attribute: &str) -> String {
    format!("`{attribute}` is made anew")
}

/// Why something is made anew, and what the new one takes over although the file does not name it.
pub fn replace(reason: &str, kept: &[&str]) -> String {
    if kept.is_empty() {
        return format!("{reason}, which can't be changed in place");
    }
    format!("{reason}, which can't be changed in place; kept from the live one: {}", list(kept))
}

/// Whether a reference changes only because what it refers to goes, and nobody wrote so.
pub fn follows(world: &World, desired: &Resource, change: &AttributeChange) -> bool {
    let gone =
        change.before.as_ref().and_then(Value::as_ref_address).is_some_and(|target| {
            world.observed.get(target).is_some() && world.desired.get(target).is_none()
        });
    let unwritten = desired.attributes.entry(change.name).is_none_or(|entry| entry.span.is_nowhere());
    gone && unwritten
}

fn goes(change: &AttributeChange) -> String {
    let name = change.before.as_ref().and_then(Value::as_ref_address).map_or("", |target| &target.name);
    match change.after {
        Value::Null => format!("its {} `{name}` is deleted", change.name),
        _ => format!("its {} `{name}` was {LEFTOVER}", change.name),
    }
}

fn unlisted(changes: &[&AttributeChange]) -> String {
    let unassigned = changes.iter().all(|change| matches!(change.before, Some(Value::Ref(_))));
    let policy = if unassigned { "unassign" } else { "deactivate" };
    format!("live, not in the file, `unlisted: {policy}`")
}

fn differ(changes: &[&AttributeChange]) -> String {
    let names: Vec<_> = changes.iter().map(|change| change.name).collect();
    format!("{} {}", list(&names), if names.len() == 1 { "differs" } else { "differ" })
}

/// `a`, `b` and `c`.
fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_one_would_say_them() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(also(String::new(), ROTATE), ROTATE);
        assert_eq!(
            replace("`direction` differs", &[]),
            "`direction` differs, which can't be changed in place"
        );
    }
}
