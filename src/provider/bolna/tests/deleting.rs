//! Nothing goes along with a trunk.

use serde_json::{Value as Json, json};

use super::made_up::{change, text, trunk};
use crate::model::{Action, Ids};
use crate::provider::{Provider, bolna::Bolna};

#[test]
fn a_trunk_is_deleted_only_once_its_list_shows_no_number() {
    let after = [("name", text("Old"))];
    for (action, after) in [(Action::Delete, &[][..]), (Action::Replace, &after)] {
        let drafts = Bolna.lower(&change(trunk("Old"), action, (&[], after), &[]), &Ids::default());
        let delete = drafts.iter().position(|draft| draft.request.method == "DELETE").unwrap();
        let lacks = drafts[delete - 1].expect.lacks.clone().unwrap();
        assert_eq!((Json::from(lacks.fields), lacks.within), (json!({"deleted": false}), 10));
    }
}
