//! One sandbox on which a scenario is played, and all that was seen of it.
//! In: a scenario, and whether a request is to be held. Out: what was live after every write, run by run.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value as Json;
use tokio::sync::Notify;
use trunkform::model::{Plan, Report};
use trunkform::sandbox::{Logged, Moment, OnMoment};

use crate::client::{Client, Manner};
use crate::scenario::Scenario;
use crate::support::Live;
use crate::worlds::seen::Seen;

/// Holds one request until it is told to let it go, if ever.
#[derive(Clone)]
pub struct Gate(Arc<Held>);

struct Held {
    request: usize,
    moment: Moment,
    held: Notify,
    go: Notify,
}

impl Gate {
    pub fn at(request: usize, moment: Moment) -> Self {
        Self(Arc::new(Held { request, moment, held: Notify::new(), go: Notify::new() }))
    }

    /// Until the request is held.
    pub async fn held(&self) {
        self.0.held.notified().await;
    }

    pub fn let_go(&self) {
        self.0.go.notify_one();
    }

    fn watch(&self) -> OnMoment {
        let gate = self.clone();
        Arc::new(move |request, moment| {
            let gate = gate.clone();
            Box::pin(async move {
                if (gate.0.request, gate.0.moment) == (request, moment) {
                    gate.0.held.notify_one();
                    gate.0.go.notified().await;
                }
            })
        })
    }
}

/// What was live, and the write that led there; none where somebody else changed it.
#[derive(Clone)]
pub struct Sight {
    pub write: Option<Logged>,
    pub live: Json,
}

/// One run of a client.
pub struct Run {
    pub plan: Plan,
    /// None of a run that was killed.
    pub report: Option<Report>,
}

pub struct Ground<'a> {
    pub scenario: &'a Scenario,
    pub live: Live,
    pub before: Json,
    /// What somebody else made of it, and after how many writes.
    edits: Mutex<Vec<(usize, Json)>>,
    folder: tempfile::TempDir,
}

impl<'a> Ground<'a> {
    pub fn new(scenario: &'a Scenario, gate: Option<&Gate>) -> Self {
        let live = Live::start_watched(scenario.seed(), gate.map(Gate::watch));
        let before = live.sandbox.snapshot();
        let ground = Self { scenario, live, before, edits: Mutex::default(), folder: in_memory() };
        ground.disturb(None);
        ground
    }

    /// Sets one fault beside the switches, or takes it away.
    pub fn disturb(&self, fault: Option<&str>) {
        let faults: Vec<&str> = self.scenario.switches.iter().copied().chain(fault).collect();
        self.live.fault(&faults);
    }

    pub fn client(&self, manner: Manner) -> Client<'a> {
        let (base, journal) = (self.live.sandbox.base(), self.journal());
        Client { scenario: self.scenario, base, manner, journal, rotates: false }
    }

    /// Waits until the sandbox has done what clients that gave up had sent: it has one thread, and this comes after it.
    pub fn let_come_to_rest(&self) {
        let client = self.client(Manner::calm(self.scenario));
        for case in [&self.scenario.cases[0]; 2] {
            // Nothing is there; the answer is all that counts.
            let _ = self.live.block_on(client.api(case).get("/nothing", &[]));
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// What the journals of all runs so far say.
    pub fn journalled(&self) -> String {
        std::fs::read_to_string(self.journal()).unwrap_or_default()
    }

    /// The accounts as they are.
    pub fn seen(&self) -> Vec<Seen> {
        self.scenario.seen(&self.live.sandbox.snapshot())
    }

    pub fn seen_before(&self) -> Vec<Seen> {
        self.scenario.seen(&self.before)
    }

    /// Somebody else changes something.
    pub fn edit(&self, change: impl FnOnce(&mut Json)) {
        let mut state = self.live.sandbox.snapshot();
        change(&mut state);
        self.live.sandbox.replace_state(state).expect("an edit leaves a state that can be");
        let edit = (self.live.moments().len(), self.live.sandbox.snapshot());
        self.edits.lock().unwrap().push(edit);
    }

    /// All that was live, in order: first what was there at the start.
    pub fn history(&self) -> Vec<Sight> {
        let mut history = vec![Sight { write: None, live: self.before.clone() }];
        let edits = self.edits.lock().unwrap();
        let moments = self.live.moments();
        for at in 0..=moments.len() {
            let now = edits.iter().filter(|(after, _)| *after == at);
            history.extend(now.map(|(_, live)| Sight { write: None, live: live.clone() }));
            history.extend(
                moments.get(at).map(|(write, live)| Sight { write: Some(write.clone()), live: live.clone() }),
            );
        }
        history
    }
}

/// A folder that costs no wait for a disk, where there is one: journals are synced before every request.
fn in_memory() -> tempfile::TempDir {
    static SHM: OnceLock<bool> = OnceLock::new();
    let shm = std::path::Path::new("/dev/shm");
    let usable = *SHM.get_or_init(|| tempfile::tempdir_in(shm).is_ok());
    if usable { tempfile::tempdir_in(shm).unwrap() } else { tempfile::tempdir().unwrap() }
}
