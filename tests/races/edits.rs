//! Every thing that a plan touches is changed by somebody else in between.

use serde_json::{Value as Json, json};

use super::estate::{Edit, Estate, Planned, bolna, find, is_called, kalem, said, take, talkover};

/// What somebody does, what is told of it, and the ids of the steps that have nothing to do with it.
type Race<'a> = (&'a str, Edit<'a>, &'a [u64]);

/// All three ways after an edit: refused; the rest sent; planned anew.
fn race(estate: &Estate, (told, edit, independent): Race<'_>) {
    let planned = estate.planned();
    planned.edit(edit);
    let refused = planned.run(&["apply", "--plan", "saved.plan"]);
    let told = format!("`{}.{told}", estate.platform);
    assert!(refused.code == 3 && refused.stderr.contains("PLN004"), "{told}: {refused:?}");
    assert!(refused.stderr.contains(&told), "{told}: {}", refused.stderr);
    let offered = refused.stderr.contains("add `--partial`");
    assert_eq!(offered, !independent.is_empty(), "{told}: {}", refused.stderr);
    assert_eq!(planned.live.writes(), "", "{told}");

    let edited = planned.live.sandbox.snapshot();
    let run = planned.run(&["apply", "--plan", "saved.plan", "--partial", "--format", "json"]);
    let report: Json = serde_json::from_str(&run.stdout).unwrap();
    let steps = report["steps"].as_array().unwrap();
    if independent.is_empty() {
        assert_eq!((run.code, steps.len()), (3, 0), "{told}: {run:?}");
        assert_eq!((planned.live.writes(), planned.live.sandbox.snapshot()), (String::new(), edited));
    } else {
        let sent = |step: &&Json| step["outcome"] == "done";
        let ids: Vec<_> = steps.iter().filter(sent).map(|step| step["id"].as_u64().unwrap()).collect();
        assert_eq!((run.code, &*ids), (4, independent), "{told}: {run:?}");
        assert_eq!(steps.len(), planned.steps().len(), "{told}: every step is in the report");
        for step in steps.iter().filter(|step| !sent(step)) {
            let because = said(&step["because"]);
            assert!(
                step["outcome"] == "skipped" && because.starts_with("since the plan was made, `"),
                "{told}: {step}"
            );
        }
        assert!(
            steps.iter().any(|step| step["because"].as_str().is_some_and(|why| why.contains(&told))),
            "{told}: {report}"
        );
        assert!(run.stderr.contains("requests are held") && report["converged"] == false, "{told}: {run:?}");
    }
    assert_eq!(planned.live.refused(), [""; 0], "{told}");
    nobody_fell_silent(&planned, &told);
    planned.live.forget_requests();
    planned.run(&["apply", "--auto-approve", "--allow-removals", "9"]).stdout_of(0);
    planned.run(&["plan", "--detailed-exitcode"]).stdout_of(0);
}

/// After a partial run every number that was answered still is.
fn nobody_fell_silent(planned: &Planned, told: &str) {
    let agents = |state: &Json| state["talkover"]["agents"].as_array().cloned().unwrap_or_default();
    let numbers = |state: &Json| state["talkover"]["trunks"].as_array().cloned().unwrap_or_default();
    let state = planned.live.sandbox.snapshot();
    for number in
        numbers(&state).iter().flat_map(|trunk| trunk["dids"].as_array().cloned().unwrap_or_default())
    {
        let has = |agent: &Json| agent["phone_number_ids"].as_array().unwrap().contains(&number["id"]);
        // What somebody else has made or taken off is theirs.
        let foreign = number["number"] == "+14155552605" || told.contains("agent.");
        assert!(foreign || agents(&state).iter().any(has), "{told}: {number} in {state}");
    }
    let bolna = state["bolna"]["trunks"].as_array().cloned().unwrap_or_default();
    for number in
        bolna.iter().flat_map(|trunk| trunk["phone_numbers"].as_array().cloned().unwrap_or_default())
    {
        assert!(number["agent_id"].is_string() || number["deleted"] == true, "{told}: {number}");
    }
}

fn planned_as_drawn(estate: &Estate) {
    assert_eq!(estate.planned().steps(), estate.steps);
}

/// A thing of a list, on whichever platform it is.
fn row<'a>(state: &'a mut Json, list: &str, name: &str) -> &'a mut Json {
    let platforms = state.as_object_mut().unwrap().values_mut();
    let mut rows = platforms.filter_map(|platform| platform[list].as_array_mut()).flatten();
    rows.find(|row| is_called(row, name)).unwrap_or_else(|| panic!("there is no `{name}`"))
}

#[test]
fn each_thing_of_kalem() {
    let estate = kalem();
    planned_as_drawn(&estate);
    let mut all: Vec<Race<'_>> = vec![
        (
            "number.+14155552611` is gone",
            &|s| drop(take(&mut s["kalem"]["numbers"], "+14155552611")),
            &[1, 2, 4, 5, 7],
        ),
        (
            "number.+14155552614` is gone",
            &|s| drop(take(&mut s["kalem"]["numbers"], "+14155552614")),
            &[1, 2, 3, 4, 5, 6],
        ),
        ("trunk.Fax` is gone", &|s| drop(take(&mut s["kalem"]["trunks"], "Fax")), &[1, 3, 4, 5, 6, 7]),
    ];
    let number = |s: &mut Json, n: u32, field: &str, value: u32| {
        row(s, "numbers", &format!("+141555526{n}"))[field] = json!(value);
    };
    let agent = |s: &mut Json| number(s, 12, "voice_agent_id", 2);
    all.push(("number.+14155552612` has changed (`voice_agent`)", &agent, &[1, 2, 3, 5, 7]));
    let moved = |s: &mut Json| number(s, 13, "trunk_id", 3);
    all.push(("number.+14155552613` has changed (`trunk`)", &moved, &[1, 2, 3, 4, 7]));
    let put = |s: &mut Json| number(s, 14, "trunk_id", 2);
    all.push(("number.+14155552614` has changed (`trunk`)", &put, &[1, 2, 3, 4, 5, 6]));
    let joined = |s: &mut Json| number(s, 15, "trunk_id", 1);
    all.push(("trunk.Carrier A` has changed, or other numbers are on it", &joined, &[1, 2, 3, 4, 5, 7]));

    let trunk = |s: &mut Json, name: &str, field: &str, value: Json| row(s, "trunks", name)[field] = value;
    let old = |s: &mut Json| trunk(s, "Carrier A", "port", json!(5090));
    all.push(("trunk.Carrier A` has changed (`port`)", &old, &[1, 2, 3, 4, 5, 7]));
    let taken = |s: &mut Json| trunk(s, "Foreign", "name", json!("Carrier B"));
    all.push(("trunk.Carrier B` was made", &taken, &[2, 7]));
    let fax = |s: &mut Json| trunk(s, "Fax", "host", json!("fax.example.com"));
    all.push(("trunk.Fax` has changed (`host`)", &fax, &[1, 3, 4, 5, 6, 7]));
    let renamed = |s: &mut Json| trunk(s, "Fax", "name", json!("Foreign 2"));
    all.push(("trunk.Fax` is gone", &renamed, &[1, 3, 4, 5, 6, 7]));
    all.into_iter().for_each(|edit| race(&estate, edit));
}

#[test]
fn each_thing_of_bolna() {
    let estate = bolna();
    planned_as_drawn(&estate);
    let agent = |s: &mut Json| {
        let id = s["bolna"]["agents"][1]["id"].clone();
        find(&mut row(s, "trunks", "Carrier A")["phone_numbers"], "+14155552601")["agent_id"] = id;
    };
    let gone = |s: &mut Json| drop(take(&mut row(s, "trunks", "Carrier A")["phone_numbers"], "+14155552602"));
    let made = |s: &mut Json| {
        let number = json!({"id": "01JMOVE00000000000000000N9", "phone_number": "+14155552604", "agent_id": s["bolna"]["agents"][0]["id"]});
        row(s, "trunks", "Carrier C")["phone_numbers"] = json!([number]);
    };
    let trunk =
        |s: &mut Json, name: &str, field: &str, value: &str| row(s, "trunks", name)[field] = json!(value);
    let edits: [Race<'_>; 6] = [
        ("number.+14155552601` has changed (`agent`)", &agent, &[1, 6, 7, 8, 9, 10, 11, 12]),
        ("number.+14155552602` is gone", &gone, &[1, 2, 3, 4, 5, 10, 11, 12]),
        ("number.+14155552604` was made", &made, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (
            "trunk.Carrier B` has changed",
            &|s| trunk(s, "Carrier B", "description", "mended"),
            &[1, 10, 11, 12],
        ),
        (
            "trunk.Carrier B` is gone",
            &|s| drop(take(&mut s["bolna"]["trunks"], "Carrier B")),
            &[1, 10, 11, 12],
        ),
        (
            "trunk.Carrier C` has changed (`transport`)",
            &|s| trunk(s, "Carrier C", "transport", "transport-udp"),
            &[2, 3, 4, 5, 6, 7, 8, 9],
        ),
    ];
    edits.into_iter().for_each(|edit| race(&estate, edit));
}

#[test]
fn each_thing_of_talkover() {
    let estate = talkover();
    planned_as_drawn(&estate);
    let also = |s: &mut Json, agent: &str, n: u32| {
        let numbers = row(s, "agents", agent)["phone_number_ids"].as_array_mut().unwrap();
        numbers.push(json!(format!("d1d00000-0000-4000-8000-00000000000{n}")));
    };
    let country = |s: &mut Json, number: &str| {
        find(&mut row(s, "trunks", "Carrier")["dids"], number)["country_code"] = json!("CA");
    };
    let made = |s: &mut Json| {
        let number = json!({"id": "d1d00000-0000-4000-8000-000000000005", "number": "+14155552605", "country_code": "US"});
        row(s, "trunks", "Backup")["dids"] = json!([number]);
    };
    let trunk = |s: &mut Json, name: &str| row(s, "trunks", name)["domain"] = json!("sip.mended.example");
    let edits: [Race<'_>; 9] = [
        ("agent.Desk` has other numbers", &|s| also(s, "Desk", 3), &[1, 2, 3, 4, 5, 8, 9]),
        ("agent.Sales` has other numbers", &|s| also(s, "Sales", 4), &[1, 6, 7]),
        ("agent.Support` has other numbers", &|s| also(s, "Support", 4), &[1, 6, 7]),
        ("number.+14155552601` has changed (`country_code`)", &|s| country(s, "+14155552601"), &[1, 6, 7]),
        ("number.+14155552602` has changed (`country_code`)", &|s| country(s, "+14155552602"), &[1, 6, 7]),
        ("number.+14155552605` was made", &made, &[1, 2, 3, 4, 5, 8, 9]),
        ("trunk.Backup` has changed", &|s| trunk(s, "Backup"), &[1]),
        ("trunk.Carrier` has changed", &|s| trunk(s, "Carrier"), &[1, 6, 7]),
        ("trunk.Office` has changed (`domain`)", &|s| trunk(s, "Office"), &[2, 3, 4, 5, 6, 7, 8, 9]),
    ];
    edits.into_iter().for_each(|edit| race(&estate, edit));
}

#[test]
fn what_a_plan_does_not_touch_may_change() {
    let foreign = |s: &mut Json| {
        row(s, "trunks", "Foreign")["port"] = json!(5090);
        row(s, "numbers", "+14155552615")["voice_agent_id"] = json!(2);
    };
    let third = |s: &mut Json| {
        row(s, "trunks", "Carrier A")["description"] = json!("mended");
        drop(take(&mut row(s, "trunks", "Carrier A")["phone_numbers"], "+14155552603"));
    };
    let fourth = |s: &mut Json| {
        find(&mut row(s, "trunks", "Carrier")["dids"], "+14155552604")["country_code"] = json!("CA");
    };
    let edits: [(Estate, Edit<'_>); 3] = [(kalem(), &foreign), (bolna(), &third), (talkover(), &fourth)];
    for (estate, edit) in edits {
        for partial in [&[][..], &["--partial"]] {
            let planned = estate.planned();
            planned.edit(edit);
            let applied = planned.run(&[&["apply", "--plan", "saved.plan"], partial].concat()).stdout_of(0);
            assert!(applied.contains("Apply complete!"), "{applied}");
            planned.run(&["plan", "--detailed-exitcode"]).stdout_of(0);
        }
    }
}

#[test]
fn several_things_are_told_together() {
    let planned = kalem().planned();
    planned.edit(&|s| {
        row(s, "numbers", "+14155552611")["voice_agent_id"] = json!(2);
        drop(take(&mut s["kalem"]["trunks"], "Fax"));
    });
    let refused = planned.run(&["apply", "--plan", "saved.plan"]);
    let told = "PLN004: the plan is stale: since it was made, `kalem.trunk.Fax` is gone; `kalem.number.+14155552611` has changed (`voice_agent`)";
    assert!(refused.code == 3 && refused.stderr.contains(told), "{refused:?}");
    let way_out = "plan again; or add `--partial` to send what has nothing to do with it (4 of 7 requests)";
    assert!(refused.stderr.contains(way_out), "{refused:?}");
    let partial = planned.run(&["apply", "--plan", "saved.plan", "--partial"]);
    let report = partial.stdout_of(4);
    assert!(report.contains("Apply is not complete: 4 of 7 requests were done."), "{report}");
    assert!(
        report.contains("2. update kalem.trunk.Fax: since the plan was made, `kalem.trunk.Fax` is gone"),
        "{report}"
    );
    assert!(
        report.contains(
            "6. delete kalem.trunk.Carrier A: since the plan was made, `kalem.number.+14155552611` has"
        ),
        "{report}"
    );
}

#[test]
fn partial_is_for_saved_plans() {
    let run = kalem().planned().run(&["apply", "--auto-approve", "--partial"]);
    assert!(run.code == 1 && run.stderr.contains("--plan"), "{run:?}");
}
