//! A trunk that is made anew never takes a name that is live; whoever takes whose is the planner's to order.

use serde_json::json;

use super::made_up::{change, live, lower_all, shown, text, trunk};
use crate::model::{Action, Change, Draft, Ids, Resource};

fn renamed(from: &str, to: &str, id: &str) -> Change {
    let mut change =
        change(trunk(to), Action::Update, (&[("name", text(from))], &[("name", text(to))]), &["name"]);
    change.before.as_mut().unwrap().id = Some(crate::model::Id::Text(id.into()));
    change
}

fn is(name: &str, id: &str) -> Resource {
    live(&trunk(name), id, &[("name", text(name))])
}

/// Verb, name that is given, what it waits for and what it reaches, of each request about a name.
fn order(drafts: &[Draft]) -> Vec<String> {
    let one = |draft: &Draft| {
        let name = draft.request.body.as_ref().map_or("", |body| body["name"].as_str().unwrap_or_default());
        format!("{} {name} after {:?} reaches {:?}", draft.verb, draft.after, draft.reaches)
    };
    drafts.iter().map(one).collect()
}

#[test]
fn a_rename_by_itself_is_one_request() {
    let drafts = lower_all(vec![renamed("A", "B", "T1")], vec![is("A", "T1")], &Ids::default());
    assert_eq!(shown(&drafts[0]), json!([["update", "PATCH", "/sip-trunks/trunks/T1", {"name": "B"}]]));
    assert_eq!(order(&drafts[0]), ["update B after [] reaches []"]);
}

#[test]
fn a_replacement_does_not_take_the_name_of_one_that_was_left() {
    let sides = (&[("name", text("A"))][..], &[("name", text("A"))][..]);
    let anew = change(trunk("A"), Action::Replace, sides, &[]);
    let left = is("A [trunkform replacement]", "T2");
    let drafts = lower_all(vec![anew], vec![is("A", "01HX"), left], &Ids::default());
    let create = "create A [trunkform replacement] [trunkform replacement] after [] reaches []";
    assert_eq!(order(&drafts[0])[0], create);
    assert_eq!(
        drafts[0][0].expect.lookup.as_ref().unwrap().entry.fields["name"],
        drafts[0][0].request.body.as_ref().unwrap()["name"]
    );
}
