//! What goes wrong with one request.

use std::time::Duration;

use trunkform::api::Bounds;
use trunkform::sandbox::Moment;

/// How long a client waits for an answer that never comes. A busy machine may need longer for the others.
const SOON: [Duration; 4] =
    [Duration::from_millis(60), Duration::from_millis(500), Duration::from_secs(5), Duration::from_secs(30)];

/// One way in which a request goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub name: &'static str,
    pub way: Way,
}

#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// As the sandbox is told.
    Answer(&'static str),
    /// There is no answer.
    Silence(&'static str),
    /// The client ends while the request is held.
    Kill(Moment),
}

const fn answer(name: &'static str) -> Fault {
    Fault { name, way: Way::Answer(name) }
}

/// Each is tried at each request.
pub const FAULTS: [Fault; 11] = [
    answer("status=503"),
    answer("status=500,effect=after"),
    answer("429"),
    Fault { name: "timeout-before", way: Way::Silence("hang,effect=before") },
    Fault { name: "timeout-after", way: Way::Silence("hang,effect=after") },
    answer("reset-before"),
    answer("reset-after"),
    answer("truncate"),
    answer("malformed"),
    Fault { name: "kill-before", way: Way::Kill(Moment::Before) },
    Fault { name: "kill-after", way: Way::Kill(Moment::After) },
];

impl Fault {
    /// For the sandbox.
    pub fn spec(&self, request: usize) -> Option<String> {
        match self.way {
            Way::Answer(spec) | Way::Silence(spec) => Some(format!("{spec},request={request}")),
            Way::Kill(_) => None,
        }
    }

    /// How long the client waits: where there will be no answer rather too short than for long, and longer where it then gave up before it came so far.
    pub fn waits(&self) -> Vec<Duration> {
        match self.way {
            Way::Silence(_) => SOON.to_vec(),
            Way::Answer(_) | Way::Kill(_) => vec![Bounds::default().answer],
        }
    }
}
