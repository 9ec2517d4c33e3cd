//! A plan made by hand, with one of everything, for the tests of the renderers.

use serde_json::{Map, Value as Json, json};

use crate::model::declared_secret::DeclaredSecret;
use crate::model::{
    Account, Action, Address, Budget, Expect, Gap, Holding, Id, Impact, KindName, Notes, Observed, Plan,
    PlannedAccount, PlannedChange, PlannedResource, Request, SecretSource, Step, Summary, Wait,
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
        read_as: None,
        id: (action != Action::Create).then_some(Id::Int(7)),
        provider: "kalem".into(),
        action,
        before,
        after,
        changed: changed.iter().map(ToString::to_string).collect(),
        sensitive: vec![],
        reason: reason.into(),
        source: (action != Action::Delete).then(|| "trunkform.yaml:12:5".into()),
        cause: None,
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
        expect: if verb == "create" { Expect::id(&["/data/id", "/id"]) } else { Expect::default() },
        waits_on: waits_on.to_vec(),
        gap: if verb == "activate" { Gap::Brief } else { Gap::None },
        irreversible: verb == "delete",
        reason: "because".into(),
        source: None,
        notes: Notes::default(),
    }
}

fn old() -> Address {
    trunk("Old \u{1b}[31m\u{202e}PBX")
}

fn secret() -> Json {
    json!({"name": "Office PBX", "auth_type": "digest", "password": "(sensitive value)"})
}

fn changes(n: u64) -> Vec<PlannedChange> {
    let again = [json!({"name": "Main"}), json!({"name": "Main", "password": "(sensitive value)"})];
    let made = ["name", "auth_type", "password"];
    let gone = [json!({"name": "Old", "host": null}), Json::Null];
    let mut all = vec![
        change(trunk("Main"), Action::Update, again, &["password"], "its secret is sent again"),
        change(trunk("Office PBX"), Action::Create, [Json::Null, secret()], &made, "in the file, not live"),
        change(old(), Action::Delete, gone, &[], "live, not in the file"),
    ];
    all[..2].iter_mut().for_each(|change| change.sensitive = vec!["password".into()]);
    let moved = || ["Old PBX", "Office PBX"].map(|trunk| json!({"trunk": trunk, "status": "active"}));
    all.extend((0..n).map(|at| change(number(at), Action::Update, moved(), &["trunk"], "`trunk` differs")));
    all
}

fn steps(n: u64) -> Vec<Step> {
    let again = Some(json!({"password": "${env:PBX_PASSWORD}"}));
    let made = Some(json!({"name": "Office PBX", "auth_type": "digest", "password": "${env:PBX_PASSWORD}"}));
    let mut all = vec![
        step(1, trunk("Main"), "update", ("PUT", "/trunks/3", again), &[]),
        step(2, trunk("Office PBX"), "create", ("POST", "/trunks", made), &[]),
    ];
    for at in 0..n {
        let body = Some(json!({"trunk_id": "${kalem.trunk.Office PBX}"}));
        let request = ("PUT", &*format!("/numbers/{}", 70 + at), body);
        all.push(step(3 + at as u32, number(at), "assign", request, &[2]));
    }
    let waits: Vec<u32> = (0..n).map(|at| 3 + at as u32).collect();
    all.push(step(3 + n as u32, old(), "delete", ("DELETE", "/trunks/1", None), &waits));
    for step in &mut all {
        step.notes.waits = match (&*step.verb, step.waits_on.is_empty()) {
            (_, true) => vec![],
            ("delete", false) => vec![Wait::LetsGo],
            (_, false) => vec![Wait::NewId],
        };
    }
    all[0].notes.side_effect = Some("it is no longer \u{1b}[31mverified".into());
    all.last_mut().unwrap().notes.irreversible = Some("made again it gets another id".into());
    all
}

fn declared(address: Address) -> DeclaredSecret {
    DeclaredSecret { address, attribute: "password".into(), from: SecretSource::Env("PBX_PASSWORD".into()) }
}

fn moved(name: &str, before: usize, after: usize) -> Holding {
    Holding { address: trunk(name), before, after }
}

/// A new trunk with a secret, `n` numbers that move to it, a secret that is sent again, a trunk that goes; its name is hostile.
pub(super) fn plan(n: u64) -> Plan {
    let count = n as usize;
    let planned = PlannedResource {
        address: trunk("Office PBX"),
        provider: "kalem".into(),
        values: map(secret()).into(),
        sensitive: vec!["password".into()],
    };
    let account = PlannedAccount {
        account: Account::new("kalem"),
        provider: "kalem".into(),
        observed: Observed { trunks: 3, numbers: count, requests: 3 },
        fingerprints: changes(n).into_iter().map(|change| (change.address, "sha256:00".into())).collect(),
        removals: 1,
        allowed: 3,
        budget: Some(Budget { requests: 1000, seconds: 3600 }),
    };
    let changed = Summary { create: 1, update: count + 1, delete: 1, ..Summary::default() };
    Plan {
        timestamp: "2026-01-01T00:00:00Z".into(),
        accounts: vec![account],
        summary: Summary { removals: 1, unlisted: 1, steps: count + 3, ..changed },
        holdings: if n == 0 {
            vec![]
        } else {
            vec![moved("Office PBX", 0, count), moved("Old PBX", count, 0)]
        },
        impact: Impact { numbers_moved: count, trunks_deleted: 1, secrets_sent: 2, ..Impact::default() },
        unlisted: vec![trunk("Fax")],
        secrets: ["Main", "Office PBX"].map(|name| declared(trunk(name))).into(),
        planned: vec![planned],
        changes: changes(n),
        steps: steps(n),
        ..Plan::default()
    }
}
