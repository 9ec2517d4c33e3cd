//! The rules over any trunks and numbers that are made, changed, renamed, made anew and deleted together.

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
    let number = (0..4usize, proptest::option::of(0..5usize), proptest::option::of(0..5usize), any::<bool>());
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
    let verb = |ids: &[u32], verb: &str| ids.iter().copied().find(|&id| steps[id as usize - 1].verb == verb);
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
    let name = |side: &Option<Resource>| side.as_ref()?.attributes.get("name")?.as_text().map(str::to_owned);
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
