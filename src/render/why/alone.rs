//! Why there is nothing to do.
//! In: a plan and a resource that it does not touch. Out: the rule that leaves it alone, attribute by attribute where it is declared.
//! Compares nothing anew but spellings: that there is no difference is the diff's to say.

use super::{Subject, line};
use crate::model::{Attribute, Compare, Kind, KindName, Plan, Resource, Value, normalise};

/// Why there is nothing to do.
pub(super) fn alone(out: &mut String, plan: &Plan, subject: &Subject) {
    let unlisted = plan.unlisted.contains(&subject.address);
    match (&subject.desired, &subject.observed, subject.kind) {
        _ if unlisted => {
            line(out, "  why: live, not in the files, left alone: `unlisted: keep`, or a rule that spares it")
        }
        (Some(desired), ..) if desired.is_ignored() => {
            line(out, "  why: `ignore` names it: it is left alone whatever differs");
        }
        (Some(desired), Some(live), Some(kind)) if desired.origin.is_some() => {
            compared(out, kind, desired, live)
        }
        (None, None, _) if !is_resource(subject.address.kind) => {
            line(out, "  why: agents are only referred to; none of the changes writes this one");
        }
        (None, None, _) if plan.planned.iter().any(|planned| planned.address == subject.address) => {
            line(out, "  why: declared, and live as declared when the plan was made");
        }
        _ => line(out, "  why: nothing in this plan concerns it"),
    }
    if !plan.targets.is_empty() {
        line(out, "  the plan is partial: `--target` may have left it out");
    }
}

fn is_resource(kind: KindName) -> bool {
    matches!(kind, KindName::Trunk | KindName::Number)
}

/// Every attribute that the file names, with why it is no difference.
fn compared(out: &mut String, kind: &Kind, desired: &Resource, live: &Resource) {
    line(out, "  why: every attribute that the file names is as declared:");
    let named = kind
        .attributes
        .iter()
        .filter_map(|attribute| Some((attribute, desired.attributes.get(attribute.name)?)));
    for (attribute, wanted) in named {
        line(
            out,
            &format!(
                "    {}: {}",
                attribute.name,
                same(attribute, wanted, live.attributes.get(attribute.name))
            ),
        );
    }
    let unnamed = live.attributes.iter().filter(|entry| desired.attributes.get(entry.name).is_none());
    let unnamed: Vec<_> = unnamed.map(|entry| entry.name).collect();
    if !unnamed.is_empty() {
        line(out, &format!("  not in the file, left alone: {}", unnamed.join(", ")));
    }
}

/// Why what is wanted and what is live are no difference.
fn same(attribute: &Attribute, wanted: &Value, live: Option<&Value>) -> String {
    let shown = wanted.to_json();
    match live {
        _ if attribute.secret => {
            "can't be compared; sent when the thing is made, when the platform needs it, and with `--rotate`"
                .into()
        }
        None => format!("{shown}; the platform does not say what it has, so that it never differs"),
        Some(live) if live == wanted => shown.to_string(),
        Some(live) => {
            format!("{shown} declared, {} live: {}", live.to_json(), normalisation(attribute, wanted, live))
        }
    }
}

/// In the words of the rule by which two spellings are the same.
fn normalisation(attribute: &Attribute, wanted: &Value, live: &Value) -> &'static str {
    let either = |is: fn(&Value) -> bool| is(wanted) || is(live);
    if either(normalise::is_empty) {
        return if normalise::is_empty(wanted) && normalise::is_empty(live) {
            "both say nothing"
        } else {
            "that is what the platform fills in"
        };
    }
    match attribute.compare {
        Compare::Host => "the same host",
        Compare::Number => "the same digits",
        Compare::Codecs => "the same codecs",
        Compare::Exact if attribute.set => "the same set",
        Compare::Exact => "the same but for spelling",
    }
}
