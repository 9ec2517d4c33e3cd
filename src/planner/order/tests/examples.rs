//! The rules, each by the plan that shows it.

use super::*;

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
