//! No two trunks ever have one name, whoever takes whose.

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
fn a_name_is_taken_after_it_was_given_up() {
    let make = change(trunk("A"), Action::Create, (&[], &[("name", text("A "))]), &[]);
    let drafts = lower_all(vec![make, renamed("A", "B", "T1")], vec![is("A", "T1")], &Ids::default());
    assert_eq!(order(&drafts[0]), ["create A  after [\"the trunk name `A` is free\"] reaches []"]);
    assert_eq!(
        order(&drafts[1]),
        [
            "update B [trunkform replacement] after [] reaches [\"the trunk name `A` is free\"]",
            "rename B after [] reaches []"
        ]
    );
}

#[test]
fn two_trunks_can_change_names() {
    let changes = vec![renamed("A", "B", "T1"), renamed("B", "A", "T2")];
    let drafts = lower_all(changes, vec![is("A", "T1"), is("B", "T2")], &Ids::default());
    for (drafts, [from, to]) in drafts.iter().zip([["A", "B"], ["B", "A"]]) {
        assert_eq!(
            order(drafts),
            [
                format!(
                    "update {to} [trunkform replacement] after [] reaches [\"the trunk name `{from}` is free\"]"
                ),
                format!("rename {to} after [\"the trunk name `{to}` is free\"] reaches []"),
            ]
        );
    }
}

#[test]
fn a_trunk_that_is_made_anew_gives_up_its_old_name_first_where_another_takes_it() {
    let make = || change(trunk("A"), Action::Create, (&[], &[("name", text("A"))]), &[]);
    let sides = (&[("name", text("A"))][..], &[("name", text("B"))][..]);
    let anew = change(trunk("B"), Action::Replace, sides, &["name"]);
    let drafts = lower_all(vec![make(), anew], vec![is("A", "01HX")], &Ids::default());
    assert_eq!(order(&drafts[0]), ["create A after [\"the trunk name `A` is free\"] reaches []"]);
    assert_eq!(
        order(&drafts[1]),
        [
            "update B [trunkform replacement] [trunkform replacement] after [] reaches [\"the trunk name `A` is free\"]",
            "create B [trunkform replacement] after [] reaches []",
            "check  after [] reaches []",
            "delete  after [] reaches []",
            "rename B after [] reaches []",
        ]
    );
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
