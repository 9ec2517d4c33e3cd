//! In: a state, faults, and HTTP requests as a client would send them to the real platforms.
//! Out: what the platforms would answer, a log of what came in, and the state that the requests led to.
//! Never imports another part of the crate, and never stores or shows a password or a token: it is an independent
//! reading of the platforms' documentation, so that a mistake of the client does not hide behind the same mistake here.
//!
//! A request passes through `server` (log, then faults, then the platform's own check of the token, then its routes),
//! `schedule` says which of the faults of `fault` meet it, `state` finds the account, and `answer` spoils the reply
//! where a fault asks for it. `platform` holds the nouns, `registry` the table of platforms; each platform is a folder.
//!
//! # The state
//!
//! Seed, state file and [`Sandbox::snapshot`] have one shape. Ids may be left out, optional fields too:
//!
//! ```json
//! {"kalem": {"agents":  [{"id": 1, "name": "Sales Agent", "type": "voice"}],
//!            "trunks":  [{"id": 1, "name": "Office PBX", "direction": "inbound", "auth_type": "ip",
//!                         "host": "203.0.113.50", "port": 5060}],
//!            "numbers": [{"id": 1, "number": "+15551234567", "voice_agent_id": 1, "trunk_id": 1}]},
//!  "talkover": {"agents": [{"name": "Sales Agent", "direction": "inbound", "phone_number_ids": ["d-1"]}],
//!               "trunks": [{"name": "Carrier", "domain": "sip.example.com", "username": "user_42",
//!                           "dids": [{"id": "d-1", "number": "+15551234568", "country_code": "US"}]}],
//!               "phone_numbers": [{"number": "+15551234569", "country_code": "US"}]},
//!  "bolna": {"agents": [{"id": "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01", "agent_name": "Sales Agent"}],
//!            "trunks": [{"id": "01JB0000000000000000000000", "name": "Carrier", "provider": "twilio",
//!                        "auth_type": "userpass", "auth_username": "u",
//!                        "gateways": [{"gateway_address": "sip.carrier.example"}],
//!                        "phone_numbers": [{"phone_number": "+15551234567", "agent_id": null}]}]},
//!  "@kalem-eu": {"kalem": {}}}
//! ```
//!
//! `@kalem-eu` is another world: a separate set of accounts, reached under `/@kalem-eu/kalem/api/v1`.

mod answer;
mod bolna;
mod echo;
mod echo_reply;
mod fault;
mod hold;
mod host;
mod kalem;
mod log;
mod platform;
mod registry;
mod saver;
mod schedule;
mod server;
mod spec;
mod state;
mod talkover;
#[cfg(test)]
mod tests;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

pub use fault::{Fault, FaultError};
pub use hold::{Moment, OnMoment};
pub use log::{Logged, OnRequest};

use saver::Saver;
use schedule::Schedule;
use server::{Shared, lock};
use state::Worlds;

/// How long open connections may take to end when the sandbox stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// How to start a sandbox. The default listens on a free port of 127.0.0.1, with fresh accounts, and keeps nothing.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The file that keeps the state. When it exists it wins over `seed`.
    pub state: Option<PathBuf>,
    /// What is there at the start.
    pub seed: Option<Value>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Is called with every request when it has ended.
    pub on_request: Option<OnRequest>,
    /// Is waited for before and after every request: what else happens at that moment happens there.
    pub on_moment: Option<OnMoment>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state: None,
            seed: None,
            faults: Vec::new(),
            on_request: None,
            on_moment: None,
        }
    }
}

/// The platforms and where they are mounted: `("kalem", "/kalem/api/v1")`.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    registry::PLATFORMS.iter().map(|stand| (stand.name, stand.mount))
}

/// A running sandbox. It ends when it is stopped or dropped; only [`stop`](Sandbox::stop) reports whether the state
/// file could be written.
pub struct Sandbox {
    shared: Arc<Shared>,
    closing: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
    saver: Option<Saver>,
}

impl Sandbox {
    /// Starts to listen.
    ///
    /// # Errors
    /// When the address cannot be bound, or when the state file or the seed is wrong; the text names the file and
    /// the place in it.
    pub async fn start(options: Options) -> io::Result<Self> {
        let Options { listen, state, seed, faults, on_request, on_moment } = options;
        let worlds = open(state.as_ref(), seed)?;
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let (closing, closed) = watch::channel(false);
        let shared = Arc::new(Shared {
            base: format!("http://{}", listener.local_addr()?),
            listen: listen.ip(),
            worlds: Mutex::new(worlds),
            schedule: Mutex::new(Schedule::new(faults)),
            log: log::Log::new(on_request),
            on_moment,
            changed: Arc::new(Notify::new()),
            closing: closed.clone(),
        });
        let saver = state.map(|file| {
            let kept = Arc::clone(&shared);
            Saver::start(file, Arc::clone(&shared.changed), move || lock(&kept.worlds).save())
        });
        let service = server::router(Arc::clone(&shared)).into_make_service_with_connect_info::<wire::Link>();
        let server = axum::serve(wire::Wires(listener), service).with_graceful_shutdown(async move {
            let mut closed = closed;
            // An error means that the sandbox was dropped, which is the end as well.
            let _ = closed.wait_for(|closing| *closing).await;
        });
        let server = tokio::spawn(async move { server.await });
        Ok(Self { shared, closing, server, saver })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base(&self) -> String {
        self.shared.base.clone()
    }

    /// What came in so far, in order of arrival.
    pub fn requests(&self) -> Vec<Logged> {
        self.shared.log.requests()
    }

    /// Forgets what came in so far. The counters of the faults go on.
    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// The state, in the shape of seed and state file.
    pub fn snapshot(&self) -> Value {
        lock(&self.shared.worlds).save()
    }

    /// Puts another state in the place of the present one, as if somebody had worked in the dashboards.
    ///
    /// # Errors
    /// When the state is wrong; the text says where. Nothing has changed then.
    pub fn replace_state(&self, state: Value) -> Result<(), String> {
        let worlds = Worlds::open(Some(&state))?;
        *lock(&self.shared.worlds) = worlds;
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Puts other faults in force; their counters, and the index of requests, start anew.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.shared.schedule) = Schedule::new(faults);
    }

    /// Finishes what is under way, closes the connections and writes the state file.
    ///
    /// # Errors
    /// When the state file could not be written.
    pub async fn stop(mut self) -> io::Result<()> {
        let _ = self.closing.send(true);
        if tokio::time::timeout(FAREWELL, &mut self.server).await.is_err() {
            // A client holds a connection on which nothing is asked.
            self.server.abort();
        }
        match self.saver {
            Some(saver) => saver.finish().await,
            None => Ok(()),
        }
    }
}

fn open(file: Option<&PathBuf>, seed: Option<Value>) -> io::Result<Worlds> {
    let wrong = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    if let Some(file) = file
        && let Some(state) = saver::read(file)?
    {
        return Worlds::open(Some(&state))
            .map_err(|problem| wrong(format!("state file {}: {problem}", file.display())));
    }
    Worlds::open(seed.as_ref()).map_err(|problem| wrong(format!("seed: {problem}")))
}
