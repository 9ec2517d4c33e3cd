//! The order of steps: by example, and over random sets of changes.

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

/// A platform on which a move takes a number down: it is deleted under the old trunk and made under the new one.
#[test]
fn where_a_move_is_a_gap_the_target_stands_first_and_one_number_is_down_at_a_time() {
    let moved = |address: &str| {
        let drafts = vec![draft("delete", "/a/n"), draft("create", "/trunks/${x.trunk.New}/numbers")];
        Drafted {
            drafts,
            change: change(Action::Replace, address, (Some("x.trunk.Old"), Some("x.trunk.New"))),
        }
    };
    let drafted = vec![
        Drafted {
            drafts: vec![draft("create", "/trunks")],
            change: change(Action::Create, "x.trunk.New", (None, None)),
        },
        Drafted {
            drafts: vec![draft("delete", "/trunks/1")],
            change: change(Action::Delete, "x.trunk.Old", (None, None)),
        },
        moved("x.number.+1"),
        moved("x.number.+2"),
    ];
    let mut steps = Vec::new();
    append(&mut steps, drafted, &kinds()).unwrap();
    let said: Vec<_> =
        steps.iter().map(|step| format!("{} {} {:?}", step.verb, step.address.name, step.waits_on)).collect();
    assert_eq!(
        said,
        [
            "create New []",
            "delete +1 [1]",
            "create +1 [2]",
            "delete +2 [1]",
            "create +2 [4]",
            "delete Old [3, 5]"
        ]
    );
}

#[test]
fn steps_of_a_second_account_count_on() {
    let mut steps = Vec::new();
    for _ in 0..2 {
        let drafts = vec![draft("create", "/trunks"), draft("update", "/trunks")];
        let change = change(Action::Create, "x.trunk.A", (None, None));
        append(&mut steps, vec![Drafted { change, drafts }], &kinds()).unwrap();
    }
    assert_eq!(
        steps.iter().map(|step| (step.id, step.waits_on.len())).collect::<Vec<_>>(),
        [(1, 0), (2, 1), (3, 0), (4, 1)]
    );
    assert_eq!(steps[3].waits_on, [3]);
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

#[test]
fn a_number_comes_to_a_trunk_only_when_all_of_it_stands() {
    let made = trunk(Action::Create, "N", &["create", "verify", "activate"]);
    assert_eq!(
        said(vec![made, assigned("+1", "A", "N")]),
        ["create N []", "verify N [1]", "activate N [2]", "assign +1 [3]"]
    );
    let anew = trunk(Action::Replace, "N", &["create", "verify", "delete", "rename"]);
    assert_eq!(
        said(vec![anew, assigned("+1", "N", "N")]),
        ["create N []", "verify N [1]", "assign +1 [2]", "delete N [3]", "rename N [4]"]
    );
    let changed = trunk(Action::Update, "N", &["update", "verify", "activate"]);
    assert_eq!(
        said(vec![changed.clone(), assigned("+1", "A", "N")]),
        ["update N []", "verify N [1]", "activate N [2]", "assign +1 [3]"]
    );
    let mut stays = assigned("+1", "N", "N");
    stays.change.attributes.clear();
    assert_eq!(said(vec![changed, stays])[3], "assign +1 []");
}

#[test]
fn what_a_deletion_would_take_along_is_looked_for_when_all_has_left() {
    let goes = trunk(Action::Delete, "A", &["deactivate", "check", "delete"]);
    assert_eq!(
        said(vec![goes, assigned("+1", "A", "N"), assigned("+2", "A", "N")]),
        ["deactivate A []", "assign +1 []", "assign +2 []", "check A [1, 2, 3]", "delete A [4]"]
    );
    let anew = trunk(Action::Replace, "N", &["create", "verify", "check", "delete", "rename"]);
    let mut leaves = assigned("+1", "N", "N");
    leaves.drafts.push(draft("wait", "/n"));
    assert_eq!(
        said(vec![anew, leaves]),
        [
            "create N []",
            "verify N [1]",
            "assign +1 [2]",
            "wait +1 [3]",
            "check N [2, 4]",
            "delete N [5]",
            "rename N [6]"
        ]
    );
    // What is looked for can be something that the plan makes.
    let mut looks = assigned("+1", "A", "A");
    looks.change.attributes.clear();
    looks.drafts = vec![draft("check", "/n")];
    let fields = Map::from_iter([("trunk".into(), "${x.trunk.N}".into())]);
    looks.drafts[0].expect.lacks = Some(Entry { fields, within: 0 });
    assert_eq!(said(vec![looks, trunk(Action::Create, "N", &["create"])]), ["create N []", "check +1 [1]"]);
}

#[test]
fn names_are_handed_on_from_the_last_to_the_first() {
    let chain = vec![renamed("C", "A"), renamed("A", "B"), renamed("B", "D")];
    assert_eq!(said(chain), ["update D []", "update B [1]", "update A [2]"]);
    let made = Drafted { drafts: vec![draft("create", "/t")], ..trunk(Action::Create, "A", &[]) };
    assert_eq!(said(vec![made, renamed("A", "B")]), ["update B []", "create A [1]"]);
    // Anew under another name: the old one keeps its name until it is deleted.
    let anew = trunk(Action::Replace, "B", &["create", "delete", "rename"]);
    let anew = Drafted { change: called(anew.change, "A", "B"), ..anew };
    assert_eq!(
        said(vec![renamed("C", "A"), anew]),
        ["create B []", "delete B [1]", "rename B [2]", "update A [2]"]
    );
}

#[test]
fn two_that_swap_their_names_are_planned_all_the_same() {
    assert_eq!(said(vec![renamed("B", "A"), renamed("A", "B")]), ["update B []", "update A [1]"]);
    let three = vec![renamed("B", "A"), renamed("C", "B"), renamed("A", "C")];
    assert_eq!(said(three), ["update C []", "update A [1]", "update B [2]"].map(str::to_owned)[..].to_vec());
}

/// Both get another name first; the words say when the old ones are free.
#[test]
fn two_that_swap_their_names_by_a_third_one_wait_for_no_more_than_the_words_say() {
    let swaps = |before: &str, after: &str| {
        let mut one = renamed(before, after);
        one.drafts.push(draft("rename", "/t"));
        one.drafts[0].reaches = vec![format!("{before} is free")];
        one.drafts[1].after = vec![format!("{after} is free")];
        one
    };
    let steps = said(vec![swaps("B", "A"), swaps("A", "B")]);
    assert_eq!(steps, ["update A []", "update B []", "rename B [1, 2]", "rename A [1, 2]"]);
}

#[test]
fn a_name_that_a_deletion_frees_is_not_waited_for_by_the_numbers_that_it_waits_for() {
    let old = trunk(Action::Delete, "B", &["delete"]);
    let taker = trunk(Action::Update, "A", &["update", "rename"]);
    let taker = Drafted { change: called(taker.change, "A", "B"), ..taker };
    assert_eq!(
        said(vec![old, taker, assigned("+1", "B", "A")]),
        ["update A []", "assign +1 [1]", "delete B [2]", "rename A [1, 3]"]
    );
}

#[test]
fn words_of_a_provider_order_drafts_across_changes() {
    let mut one = assigned("+1", "A", "A");
    one.drafts = vec![draft("delete", "/n"), draft("create", "/n")];
    one.drafts[0].after = vec!["off".into(), "nobody reaches this".into()];
    one.drafts[1].reaches = vec!["there".into()];
    let mut agent = trunk(Action::Update, "x", &["unassign", "assign"]);
    agent.change.address = "x.agent.Sales".parse().unwrap();
    (agent.change.before, agent.change.after) = (None, None);
    agent.drafts[0].reaches = vec!["off".into()];
    // The id of the number that is made anew: the first request of the agent must not wait for it.
    agent.drafts[1].request.body = Some(serde_json::json!({"ids": ["${x.number.+1}"]}));
    let wanted = ["unassign Sales []", "delete +1 [1]", "create +1 [2]", "assign Sales [1, 3]"];
    assert_eq!(said(vec![agent.clone(), one.clone()]), wanted);
    agent.drafts[1].request.body = None;
    agent.drafts[1].after = vec!["there".into()];
    assert_eq!(said(vec![one.clone(), agent.clone()]), wanted);
    agent.drafts[0].after = vec!["there".into()];
    let error = append(&mut Vec::new(), vec![one, agent], &kinds()).unwrap_err();
    assert!(error.starts_with("the requests for `x.number.+1`, `x.agent.Sales` would wait"), "{error}");
}

#[test]
fn ten_thousand_moves_are_ordered_in_no_time() {
    let mut drafted = vec![
        trunk(Action::Update, "B", &["update", "verify"]),
        trunk(Action::Replace, "A", &["create", "delete", "rename"]),
    ];
    for n in 0..10_000 {
        let mut one = assigned(&format!("+{n}"), "A", if n % 2 == 0 { "A" } else { "B" });
        one.drafts = vec![draft("delete", "/n"), draft("create", "/n"), draft("assign", "/n")];
        drafted.push(one);
    }
    let mut steps = Vec::new();
    append(&mut steps, drafted, &kinds()).unwrap();
    assert_eq!(steps.len(), 30_005);
    let waits: usize = steps.iter().map(|step| step.waits_on.len()).sum();
    assert!(waits < 50_000, "{waits}");
}

mod any_set_of_changes {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 5] = ["A", "B", "C", "D", "E"];

    /// What happens to the live trunk of each name, and of which name it is then; and to numbers that come from one trunk (or none) and go to another.
    fn drawn() -> impl Strategy<Value = Vec<Drafted>> {
        let action = prop_oneof![
            Just(None),
            Just(Some(Action::Create)),
            Just(Some(Action::Update)),
            Just(Some(Action::Replace)),
            Just(Some(Action::Delete)),
        ];
        let trunks = proptest::collection::vec((action, 0..5usize, 1..4usize), 5);
        let number =
            (0..4usize, proptest::option::of(0..5usize), proptest::option::of(0..5usize), any::<bool>());
        (trunks, proptest::collection::vec(number, 0..6)).prop_map(|(trunks, numbers)| {
            let mut drafted = Vec::new();
            for ((action, other, drafts), name) in trunks.into_iter().zip(NAMES) {
                drafted.extend(action.map(|action| of_trunk(action, (name, NAMES[other]), drafts)));
            }
            let numbers = numbers.into_iter().enumerate();
            drafted.extend(numbers.map(|(at, (kind, from, to, long))| {
                of_number(at, kind, (from.unwrap_or(0), to.unwrap_or(1)), long)
            }));
            drafted
        })
    }

    fn of_trunk(action: Action, (name, other): (&'static str, &'static str), drafts: usize) -> Drafted {
        let verbs: &[&'static str] = match action {
            Action::Create => &["create", "verify", "activate"][..drafts],
            Action::Update => &["update", "verify", "rename"][..drafts],
            Action::Replace => match drafts {
                1 => &["delete", "rename"],
                2 => &["create", "verify", "delete", "rename"],
                _ => &["create", "verify", "check", "delete", "rename"],
            },
            Action::Delete => match drafts {
                1 => &["delete"],
                2 => &["deactivate", "delete"],
                _ => &["deactivate", "check", "delete"],
            },
        };
        let one = trunk(action, name, verbs);
        Drafted { change: called(one.change, name, other), ..one }
    }

    fn of_number(at: usize, kind: usize, (from, to): (usize, usize), long: bool) -> Drafted {
        let mut one = assigned(&format!("+{at}"), NAMES[from], NAMES[to]);
        let placeholder = Some(serde_json::json!({"trunk": format!("${{x.trunk.{}}}", NAMES[to])}));
        one.drafts[0].request.body = placeholder.clone();
        one.change.action = [Action::Update, Action::Create, Action::Replace, Action::Delete][kind];
        match one.change.action {
            Action::Create => one.change.before = None,
            Action::Delete => one.change.after = None,
            Action::Update | Action::Replace => {}
        }
        match one.change.action {
            Action::Update => {}
            Action::Delete => one.drafts = vec![draft("delete", "/n")],
            Action::Create => one.drafts = vec![draft("create", "/n")],
            Action::Replace => one.drafts = vec![draft("delete", "/n"), draft("create", "/n")],
        }
        if let Some(create) = one.drafts.iter_mut().find(|draft| draft.verb == "create") {
            create.request.body = placeholder;
        }
        if long {
            one.drafts.push(draft("assign", "/n"));
        }
        one
    }

    /// For each step all that it waits for, at any distance.
    fn behind(steps: &[Step]) -> Vec<HashSet<u32>> {
        let mut all: Vec<HashSet<u32>> = Vec::new();
        for step in steps {
            let mut own = HashSet::new();
            for &wait in &step.waits_on {
                assert!(wait < step.id, "{step:?}");
                own.insert(wait);
                own.extend(all[wait as usize - 1].iter().copied());
            }
            all.push(own);
        }
        all
    }

    fn ids(steps: &[Step], address: &Address) -> Vec<u32> {
        steps.iter().filter(|step| step.address == *address).map(|step| step.id).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn has_an_order_that_keeps_the_rules(drafted in drawn()) {
            let mut steps = Vec::new();
            append(&mut steps, drafted.clone(), &kinds()).map_err(TestCaseError::fail)?;
            prop_assert_eq!(steps.len(), drafted.iter().map(|one| one.drafts.len()).sum::<usize>());
            let behind = behind(&steps);
            let waits = |step: u32, other: u32| behind[step as usize - 1].contains(&other);
            for (Drafted { change, drafts }, own) in drafted.iter().map(|one| (one, ids(&steps, &one.change.address))) {
                let verbs: Vec<_> = own.iter().map(|&id| &*steps[id as usize - 1].verb).collect();
                prop_assert_eq!(&verbs, &drafts.iter().map(|draft| draft.verb).collect::<Vec<_>>(), "rule 1");
                prop_assert!(own.windows(2).all(|two| waits(two[1], two[0])), "rule 1");
                for other in drafted.iter().filter(|other| other.change.address != change.address) {
                    let others = ids(&steps, &other.change.address);
                    rules(&steps, &waits, (change, &own), (&other.change, &others))?;
                }
            }
        }
    }

    /// Rules 3 and 4 for one change towards another, each with its steps.
    fn rules(
        steps: &[Step],
        waits: &dyn Fn(u32, u32) -> bool,
        (change, own): (&Change, &[u32]),
        (other, others): (&Change, &[u32]),
    ) -> Result<(), TestCaseError> {
        let verb =
            |ids: &[u32], verb: &str| ids.iter().copied().find(|&id| steps[id as usize - 1].verb == verb);
        let refers =
            |side: &Option<Resource>| references(side.as_ref()).is_some_and(|target| target == other.address);
        let ending = verb(others, "check").or_else(|| verb(others, "delete"));
        if let (true, Some(ending)) = (refers(&change.before), ending) {
            prop_assert!(
                waits(ending, own[own.len() - 1]),
                "rule 3: {} goes before {}",
                other.address,
                change.address
            );
        }
        let name =
            |side: &Option<Resource>| side.as_ref()?.attributes.get("name")?.as_text().map(str::to_owned);
        let renames = other.action == Action::Update && name(&other.before) != name(&other.after);
        if refers(&change.after) && other.action != Action::Delete && !renames {
            let stands = match ending.and_then(|ending| others.iter().position(|&id| id == ending)) {
                Some(0) => return Ok(()),
                Some(ending) => others[ending - 1],
                None => others[others.len() - 1],
            };
            prop_assert!(
                waits(own[0], stands),
                "rule 4: {} comes before {} stands",
                change.address,
                other.address
            );
        }
        let frees = name(&other.before).filter(|before| Some(before) != name(&other.after).as_ref());
        let takes = name(&change.after).filter(|_| name(&change.before) != name(&change.after));
        if let (true, Some(delete)) =
            (frees.is_some() && frees == takes && change.action == Action::Update, verb(others, "delete"))
        {
            let taker = verb(own, "rename").unwrap_or(own[0]);
            prop_assert!(waits(taker, delete), "rule 3: {} takes a name too soon", change.address);
        }
        Ok(())
    }

    fn references(side: Option<&Resource>) -> Option<Address> {
        side?.attributes.get("trunk")?.as_ref_address().cloned()
    }
}
