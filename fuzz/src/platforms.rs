//! Any bytes as the answers of a platform.
//! In: what a server may say. Out: nothing; a panic where reading them does, or an error or a plan holds what it must not.
//! What could be read is compared with accounts that keep and that delete, and the plans are made and shown.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use trunkform::api::{Api, Bounds, Connection};
use trunkform::config::Checked;
use trunkform::model::{Account, Code, Diagnostic, Reading};
use trunkform::provider::{self, Provider};

use crate::answers::{self, Answers};
use crate::{files, shown};

/// Inputs for which one client is kept: a new one for each would use up the ports of the machine.
const KEPT: usize = 200;

/// A platform, its stand-in, and the accounts whose plans are made.
struct Stage {
    platform: &'static dyn Provider,
    runtime: Runtime,
    local: LocalSet,
    answers: Answers,
    port: u16,
    api: Option<Api>,
    inputs: usize,
    accounts: Vec<Checked>,
}

// Never dropped: a runtime that goes with its thread finds that its own thread locals went before it.
thread_local! {
    static STAGE: RefCell<Option<ManuallyDrop<Stage>>> = const { RefCell::new(None) };
}

/// Reads an account from these answers and plans.
pub fn answered(platform: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    STAGE.with_borrow_mut(|stage| {
        stage.get_or_insert_with(|| ManuallyDrop::new(Stage::new(platform))).run(text)
    });
}

impl Stage {
    fn new(platform: &str) -> Self {
        let platform = provider::get(platform).expect("the table has the platform");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (local, answers) = (LocalSet::new(), Answers::default());
        let listener = local.block_on(&runtime, TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        local.spawn_local(answers::serve(listener, answers.clone()));
        Self { platform, runtime, local, answers, port, api: None, inputs: 0, accounts: accounts(platform) }
    }

    fn run(&mut self, text: &str) {
        self.answers.set(text);
        self.inputs += 1;
        if self.inputs.is_multiple_of(KEPT) {
            self.api = None;
        }
        let account = Account::new(self.platform.name());
        let api = self.api.get_or_insert_with(|| api(&account, self.port));
        let reading = self.platform.observe(api, &account, Reading::Everything);
        match self.local.block_on(&self.runtime, reading) {
            Err(error) => {
                let said = error.to_string();
                assert!(!said.contains(shown::TOKEN), "an error holds the token: {said}");
            }
            Ok(state) => {
                for Checked { config, sources, .. } in &self.accounts {
                    files::plan(&config.accounts[0], state.clone(), sources);
                }
            }
        }
    }
}

fn api(account: &Account, port: u16) -> Api {
    let base = format!("http://127.0.0.1:{port}/").parse().expect("a URL");
    let moment = Duration::from_millis(1);
    let bounds = Bounds {
        answer: Duration::from_secs(5),
        body: 1 << 20,
        tries: 2,
        backoff: moment,
        longest_backoff: moment,
        longest_pause: moment,
        ..Bounds::default()
    };
    let connection = Connection { account: account.clone(), base, token: shown::TOKEN.to_owned().into() };
    Api::with_bounds(connection, bounds).expect("a client")
}

/// One that leaves alone what it does not list, one that deletes it.
fn accounts(platform: &dyn Provider) -> Vec<Checked> {
    let world = format!("{}/worlds/{}.yaml", env!("CARGO_MANIFEST_DIR"), platform.name());
    let body = std::fs::read_to_string(&world)
        .unwrap_or_else(|why| panic!("every platform has an account to fuzz against, and {world} can't be read: {why}"));
    let load = |unlisted: &str| {
        let checked = files::load(format!("{body}\nunlisted: {unlisted}\n").as_bytes());
        // That a trunk is in no file is for the live account to say, as in `plan`.
        let wrong = |d: &&Diagnostic| d.is_error() && d.code != Code::NUM009;
        assert_eq!(checked.diagnostics.iter().find(wrong), None, "the account is wrong");
        checked
    };
    vec![load("keep"), load("delete")]
}
