//! Waivers of what only the live account shows, through the binary.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;

use serde_json::{Value as Json, json};
use support::{Live, Run};

/// A live number, and the codes that a command gives of a file that names an agent for it.
struct Case {
    live: Live,
    work: tempfile::TempDir,
}

impl Case {
    fn new(agent: &str, waive: &str) -> Self {
        let live = Live::start(json!({"kalem": {
            "agents": [{"id": 1, "name": "Sales Agent", "type": "voice"}],
            "numbers": [{"id": 11, "number": "+14155552671", "provider": "manual", "status": "active", "voice_agent_id": 1}],
        }}));
        let work = tempfile::tempdir().unwrap();
        let text = format!(
            "provider: kalem\nnumbers:\n  - number: \"+14155552671\"\n    voice_agent: {agent}\n    waive:\n      - {waive}\n"
        );
        fs::write(work.path().join("trunkform.yaml"), text).unwrap();
        Self { live, work }
    }

    fn codes(run: &Run, diagnostics: &Json) -> Vec<String> {
        assert!(diagnostics.is_array(), "{run:?}");
        diagnostics.as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Of `plan`, with its exit code.
    fn planned(&self) -> (i32, Vec<String>) {
        let run = self.live.run_in(self.work.path(), &["plan", "--format", "json"]);
        let plan: Json = serde_json::from_str(&run.stdout).unwrap();
        (run.code, Self::codes(&run, &plan["trunkform"]["diagnostics"]))
    }

    /// Of `validate`.
    fn validated(&self) -> Vec<String> {
        let run = Run::offline(self.work.path(), &["validate", "--format", "json"]);
        let found: Json = serde_json::from_str(&run.stdout).unwrap();
        Self::codes(&run, &found["diagnostics"])
    }
}

#[test]
fn what_the_live_account_shows_can_be_waived() {
    let waived = Case::new("Nobody", "{code: NUM009, reason: it comes tomorrow, until: 2026-12-31}");
    assert_eq!((waived.validated(), waived.planned()), (vec![], (0, vec![])));
    let expired = Case::new("Nobody", "{code: NUM009, reason: it comes tomorrow, until: 2025-12-31}");
    assert_eq!(expired.validated(), ["CFG014"]);
    assert_eq!(expired.planned(), (1, vec!["CFG014".to_owned(), "NUM009".to_owned()]));
}

#[test]
fn that_such_a_waiver_waives_nothing_is_said_only_where_it_is_known() {
    for code in ["NUM009", "NUM012", "LIV006"] {
        let idle =
            Case::new("Sales Agent", &format!("{{code: {code}, reason: who knows, until: 2026-12-31}}"));
        assert_eq!((idle.validated(), idle.planned()), (vec![], (0, vec!["CFG014".to_owned()])), "{code}");
    }
    let offline = Case::new("Sales Agent", "{code: NUM007, reason: who knows, until: 2026-12-31}");
    assert_eq!(
        (offline.validated(), offline.planned()),
        (vec!["CFG014".to_owned()], (0, vec!["CFG014".to_owned()]))
    );
}
