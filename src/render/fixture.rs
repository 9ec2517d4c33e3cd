//! A plan made by hand, with one of everything, for the tests of the renderers.

use serde_json::{Map, Value as Json, json};

use crate::model::{
    Account, Action, Address, Expect, Gap, Impact, KindName, Observed, Plan, PlannedAccount, PlannedChange,
    PlannedResource, Request, Step, Summary,
};

pub(super) fn trunk(name: &str) -> Address {
    Address::new(&Account::new("kalem"), KindName::Trunk, name)
}

pub(super) fn number(n: u64) -> Address {
    Address::new(&Account::new("kalem"), KindName::Number, &format!("+1555010{n:04}"))
}

fn map(value: Json) -> Map<String, Json> {
    value.as_object().cloned().unwrap()
}

fn change(
    address: Address,
    action: Action,
    sides: [Json; 2],
    changed: &[&str],
    reason: &str,
) -> PlannedChange {
    let [before, after] = sides.map(|side| side.as_object().cloned());
    PlannedChange {
        address,
        provider: "kalem".into(),
        action,
        before,
        after,
        changed: changed.iter().map(ToString::to_string).collect(),
        sensitive: vec![],
        reason: reason.into(),
        source: (action != Action::Delete).then(|| "trunkform.yaml:12:5".into()),
    }
}

fn step(
    id: u32,
    address: Address,
    verb: &str,
    request: (&str, &str, Option<Json>),
    waits_on: &[u32],
) -> Step {
    let (method, path, body) = request;
    Step {
        id,
        address,
        verb: verb.into(),
        request: Request { method: method.into(), path: path.into(), body },
        expect: Expect { id: if verb == "create" { vec!["/data/id".into(), "/id".into()] } else { vec![] } },
        waits_on: waits_on.to_vec(),
        gap: if verb == "activate" { Gap::Brief } else { Gap::None },
        irreversible: verb == "delete",
        reason: "because".into(),
        source: None,
    }
}

/// A new trunk with a secret, `n` numbers that move to it, a secret that is sent again, a trunk that goes; its name is hostile.
#[allow(clippy::too_many_lines, reason = "one value, a field a line")]
pub(super) fn plan(n: u64) -> Plan {
    let (new, old, main) = (trunk("Office PBX"), trunk("Old \u{1b}[31m\u{202e}PBX"), trunk("Main"));
    let secret = json!({"name": "Office PBX", "auth_type": "digest", "password": "(sensitive value)"});
    let mut changes = vec![
        change(
            main.clone(),
            Action::Update,
            [json!({"name": "Main"}), json!({"name": "Main", "password": "(sensitive value)"})],
            &["password"],
            "its secret is sent again",
        ),
        change(
            new.clone(),
            Action::Create,
            [Json::Null, secret.clone()],
            &["name", "auth_type", "password"],
            "in the file, not live",
        ),
        change(
            old.clone(),
            Action::Delete,
            [json!({"name": "Old", "host": null}), Json::Null],
            &[],
            "live, not in the file",
        ),
    ];
    changes[0].sensitive = vec!["password".into()];
    changes[1].sensitive = vec!["password".into()];
    let body = json!({"name": "Office PBX", "auth_type": "digest", "password": "${env:PBX_PASSWORD}"});
    let mut steps = vec![
        step(
            1,
            main.clone(),
            "update",
            ("PUT", "/trunks/3", Some(json!({"password": "${env:PBX_PASSWORD}"}))),
            &[],
        ),
        step(2, new.clone(), "create", ("POST", "/trunks", Some(body)), &[]),
    ];
    for at in 0..n {
        let sides = [
            json!({"trunk": "Old PBX", "status": "active"}),
            json!({"trunk": "Office PBX", "status": "active"}),
        ];
        changes.push(change(number(at), Action::Update, sides, &["trunk"], "`trunk` differs"));
        let request = Some(json!({"trunk_id": "${kalem.trunk.Office PBX}"}));
        steps.push(step(
            3 + at as u32,
            number(at),
            "assign",
            ("PUT", &format!("/numbers/{}", 70 + at), request),
            &[2],
        ));
    }
    let waits: Vec<u32> = (0..n).map(|at| 3 + at as u32).collect();
    steps.push(step(3 + n as u32, old.clone(), "delete", ("DELETE", "/trunks/1", None), &waits));
    let count = n as usize;
    let planned = PlannedResource {
        address: new,
        provider: "kalem".into(),
        values: map(secret),
        sensitive: vec!["password".into()],
    };
    Plan {
        timestamp: "2026-01-01T00:00:00Z".into(),
        accounts: vec![PlannedAccount {
            account: Account::new("kalem"),
            provider: "kalem".into(),
            observed: Observed { trunks: 3, numbers: count, requests: 3 },
            fingerprints: vec![(old, "sha256:00".into()), (main, "sha256:01".into())],
            removals: 1,
            allowed: 3,
        }],
        summary: Summary {
            create: 1,
            update: count + 1,
            delete: 1,
            removals: 1,
            unlisted: 1,
            steps: steps.len(),
            ..Summary::default()
        },
        impact: Impact { numbers_moved: count, trunks_deleted: 1, secrets_sent: 2, ..Impact::default() },
        unlisted: vec![trunk("Fax")],
        planned: vec![planned],
        changes,
        steps,
        ..Plan::default()
    }
}
