//! What is live after a run is what the files say, and nothing else was touched.
//! In: what was live before and after. Out: nothing, or what is wrong.
//! Reads the sandbox's state, never what the code under test has read.

use proptest::prelude::*;
use serde_json::{Map, Value as Json};
use trunkform::model::Plan;

use crate::expected::{Expected, number_attributes, plain, trunk_attributes};
use crate::worlds::Platform;
use crate::worlds::seen::{Seen, Thing};

type Checked = Result<(), TestCaseError>;

/// Laws 2 and 4: what the file names is so, what it does not name is as it was.
///
/// Of what a disturbed run made again or left switched off (`remade`) only what the file names can be known.
pub fn is_as_the_file_says(
    expected: &Expected<'_>,
    after: &Seen,
    (switches, remade): (&[&str], &[String]),
) -> Checked {
    let names = |things: &[Thing]| things.iter().map(|thing| thing.name.clone()).collect::<Vec<_>>();
    let once = |things: &[Thing], wanted: &std::collections::BTreeSet<String>| {
        let mut names = names(things);
        names.sort();
        names.iter().eq(wanted.iter())
    };
    let (trunks, numbers) = (expected.trunk_names(), expected.number_names());
    prop_assert!(once(&after.trunks, &trunks), "{:?}, not {trunks:?}", names(&after.trunks));
    prop_assert!(once(&after.numbers, &numbers), "{:?}, not {numbers:?}", names(&after.numbers));
    for trunk in &after.trunks {
        trunk_is_right(expected, trunk, (switches, remade.contains(&trunk.name)))?;
    }
    for number in &after.numbers {
        number_is_right(expected, number, remade.contains(&number.name))?;
    }
    Ok(())
}

/// What the API does not tell can't be compared, so it need not be as the file says.
fn is_hidden(name: &str, switches: &[&str]) -> bool {
    name.starts_with("media_encryption") && switches.contains(&"older-trunks")
}

fn same(thing: &Thing, name: &str, wanted: &Json) -> Checked {
    let id = format!("{name}_id");
    let is = thing.says.get(if wanted.is_number() && name.ends_with("_agent") { id.as_str() } else { name });
    let is = is.unwrap_or(&Json::Null);
    prop_assert_eq!(plain(name, is), plain(name, wanted), "`{}` of {}", name, thing.row);
    Ok(())
}

fn trunk_is_right(expected: &Expected<'_>, trunk: &Thing, (switches, is_remade): (&[&str], bool)) -> Checked {
    let none = Map::new();
    let declared = expected.declared_trunk(&trunk.name).unwrap_or(&none);
    let beside = ["name", "password", "auth_password", "renamed_from", "protect"];
    for (name, wanted) in declared.iter().filter(|(name, _)| !beside.contains(&name.as_str())) {
        if !is_hidden(name, switches) {
            same(trunk, name, wanted)?;
        }
    }
    let was = expected.before.trunks.iter().find(|live| expected.name_of(&live.name) == trunk.name);
    let Some(was) = was else { return Ok(()) };
    for name in trunk_attributes(expected.case, &trunk.says, expected.is_replaced(was)) {
        // Which port goes with another transport is the platform's to say where the file does not.
        let follows = name == "port" && declared.contains_key("transport");
        let means = name == "auth_username" || name == "ip_identifiers";
        let new_means = means && was.says.get("auth_type") != trunk.says.get("auth_type");
        let is_left_off = is_remade && name == "is_active";
        if !declared.contains_key(name)
            && !is_left_off
            && !follows
            && !new_means
            && !is_hidden(name, switches)
        {
            same(trunk, name, was.says.get(name).unwrap_or(&Json::Null))?;
        }
    }
    Ok(())
}

fn number_is_right(expected: &Expected<'_>, number: &Thing, is_remade: bool) -> Checked {
    let none = Map::new();
    let declared = expected.declared_number(&number.name).unwrap_or(&none);
    for (name, wanted) in declared.iter().filter(|(name, _)| *name != "number") {
        same(number, name, wanted)?;
    }
    let Some(was) = expected.before.number(&number.name).filter(|_| !is_remade) else { return Ok(()) };
    for name in number_attributes(expected.case.platform).iter().filter(|name| !declared.contains_key(**name))
    {
        let wanted = unmanaged(expected, was, name, declared.is_empty());
        same(number, name, &wanted)?;
    }
    Ok(())
}

/// What an attribute that no file names must be afterwards.
fn unmanaged(expected: &Expected<'_>, was: &Thing, name: &str, is_unlisted: bool) -> Json {
    let live = was.says.get(name).unwrap_or(&Json::Null);
    let is_vital = expected.case.platform.is_vital();
    match (name, expected.case.unlisted("numbers")) {
        // What can't be without a trunk loses its agent instead; what several agents have is taken from none of them.
        ("trunk", "unassign") if is_unlisted && !is_vital => Json::Null,
        ("agent", "unassign") if is_unlisted && !live.is_array() => Json::Null,
        ("status", "deactivate") if is_unlisted => "inactive".into(),
        ("trunk", _) => match live.as_str() {
            Some(trunk) if expected.trunk_goes(trunk) => Json::Null,
            Some(trunk) => expected.name_of(trunk).into(),
            None => Json::Null,
        },
        _ => live.clone(),
    }
}

/// Nobody else's thing is touched: neither what `unlisted: keep` keeps, nor what the plan does not name, nor what no file can speak of.
pub fn the_rest_is_untouched(expected: &Expected<'_>, after: &Seen, plan: &Plan) -> Checked {
    let account = expected.case.account;
    let planned = |kind: &str, name: &str| {
        let address = format!("{account}.{kind}.{name}");
        plan.changes.iter().any(|change| change.address.to_string() == address)
    };
    let find = |things: &[Thing], id: &str| things.iter().find(|thing| thing.id == id).map(|t| t.row.clone());
    for was in &expected.before.trunks {
        let name = expected.name_of(&was.name);
        let kept = expected.declared_trunk(name).is_none() && !expected.trunk_goes(&was.name);
        if kept || !planned("trunk", name) {
            prop_assert_eq!(find(&after.trunks, &was.id), Some(was.row.clone()), "trunk {}", name);
        }
    }
    for was in &expected.before.numbers {
        let unlisted = expected.declared_number(&was.name).is_none();
        let is_kept = expected.case.unlisted("numbers") == "keep";
        let kept = unlisted && is_kept && !expected.loses_its_trunk(was);
        if kept || !planned("number", &was.name) {
            prop_assert_eq!(find(&after.numbers, &was.id), Some(was.row.clone()), "number {}", &was.name);
        }
    }
    match expected.case.platform {
        Platform::Kalem | Platform::Bolna => prop_assert_eq!(&after.rest, &expected.before.rest),
        Platform::Talkover => agents_keep_what_is_not_ours(expected, after)?,
    }
    Ok(())
}

/// Foreign numbers stay on their agents, no agent changes its direction or its state, no rented number changes.
fn agents_keep_what_is_not_ours(expected: &Expected<'_>, after: &Seen) -> Checked {
    let (was, is) = (&expected.before.rest, &after.rest);
    prop_assert_eq!(&was["rented"], &is["rented"]);
    let rented = was["rented"].as_array().into_iter().flatten().map(|row| row["id"].as_str());
    let unlisted = expected.before.numbers.iter().filter(|number| {
        expected.declared_number(&number.name).is_none() && expected.case.unlisted("numbers") == "keep"
    });
    let foreign: Vec<&str> = rented.flatten().chain(unlisted.map(|number| number.id.as_str())).collect();
    let held = |agent: &Json| -> Vec<String> {
        let ids = agent["phone_number_ids"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let mut ids: Vec<String> = ids.filter(|id| foreign.contains(id)).map(str::to_owned).collect();
        ids.sort();
        ids
    };
    let agents = |rest: &Json| rest["agents"].as_array().cloned().unwrap_or_default();
    prop_assert_eq!(agents(was).len(), agents(is).len());
    for (was, is) in agents(was).iter().zip(&agents(is)) {
        for field in ["id", "name", "label", "direction", "current_status"] {
            prop_assert_eq!(&was[field], &is[field], "`{}` of agent {}", field, was);
        }
        prop_assert_eq!(held(was), held(is), "foreign numbers of agent {}", &was["name"]);
    }
    Ok(())
}
