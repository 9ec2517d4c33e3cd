//! The order of steps: by example in `examples`, over random sets of changes in `any_set_of_changes`.
//! Here are the changes that both are made of: trunks and numbers whose requests have only a verb.

mod any_set_of_changes;
mod examples;

use serde_json::{Map, Value as Json};

use super::*;
use crate::model::step::Entry;
use crate::model::{Action, Address, AttributeChange, Expect, Id, Kind, KindName, Resource, Value};

fn kinds() -> Kinds {
    let schema: &'static Json = Box::leak(Box::new(serde_json::json!({
        "trunk": {"properties": {"name": {"type": "string", "x-identity": true}}},
        "number": {"properties": {
            "number": {"type": "string", "x-identity": true},
            "trunk": {"type": "string", "x-ref": "trunk", "x-immutable": "replace"},
        }},
    })));
    Kinds {
        trunk: Kind::from_schema(KindName::Trunk, &schema["trunk"]),
        number: Kind::from_schema(KindName::Number, &schema["number"]),
    }
}

fn draft(verb: &'static str, path: &str) -> Draft {
    let expect = match verb {
        "create" => Expect::id(&["/id"]),
        "check" => Expect { lacks: Some(Entry { fields: Map::new(), within: 0 }), ..Expect::default() },
        _ => Expect::default(),
    };
    Draft { irreversible: verb == "delete", ..Draft::new(verb, "POST", path.into(), None).expect(expect) }
}

fn side(address: &str, trunk: Option<&str>) -> Resource {
    let trunk = trunk.map(|trunk| ("trunk", Value::Ref(trunk.parse().unwrap())));
    Resource { id: Some(Id::Int(1)), ..Resource::new(address.parse().unwrap(), trunk.into_iter().collect()) }
}

fn change(action: Action, address: &str, (before, after): (Option<&str>, Option<&str>)) -> Change {
    Change {
        address: address.parse().unwrap(),
        action,
        before: (action != Action::Create).then(|| side(address, before)),
        after: (action != Action::Delete).then(|| side(address, after)),
        attributes: vec![],
        reason: String::new(),
    }
}

/// `rename B [1]`: the steps of a plan in their order, with what each waits for.
fn said(drafted: Vec<Drafted>) -> Vec<String> {
    let mut steps = Vec::new();
    append(&mut steps, drafted, &kinds()).unwrap();
    steps.iter().map(|step| format!("{} {} {:?}", step.verb, step.address.name, step.waits_on)).collect()
}

/// A trunk of this name that is or was called otherwise.
fn called(mut change: Change, before: &str, after: &str) -> Change {
    for (side, name) in [(&mut change.before, before), (&mut change.after, after)] {
        if let Some(side) = side {
            side.attributes.set("name", Value::Text(name.into()));
        }
    }
    change
}

fn renamed(before: &str, after: &str) -> Drafted {
    let change = change(Action::Update, &format!("x.trunk.{after}"), (None, None));
    Drafted { drafts: vec![draft("update", "/t")], change: called(change, before, after) }
}

/// A number that goes from one trunk to another by one request.
fn assigned(number: &str, from: &str, to: &str) -> Drafted {
    let (from, to) = (format!("x.trunk.{from}"), format!("x.trunk.{to}"));
    let mut change = change(Action::Update, &format!("x.number.{number}"), (Some(&from), Some(&to)));
    let (before, after) = [from, to].map(|trunk| Value::Ref(trunk.parse().unwrap())).into();
    change.attributes = vec![AttributeChange { name: "trunk", before: Some(before), after }];
    Drafted { drafts: vec![draft("assign", "/n")], change }
}

fn trunk(action: Action, name: &str, verbs: &[&'static str]) -> Drafted {
    let change = called(change(action, &format!("x.trunk.{name}"), (None, None)), name, name);
    Drafted { drafts: verbs.iter().map(|verb| draft(verb, "/t")).collect(), change }
}
