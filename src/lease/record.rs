//! One record of a lease.
//! In: bytes from a store, or who takes the lease. Out: the record, or what is wrong with it; the bytes to be written.
//! Nothing in a record is believed beyond its shape: all of its texts may be hostile.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// So large is no record of ours.
pub(super) const LARGEST: u64 = 16 * 1024;

/// Who a run is, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The user and the machine.
    pub who: String,
    /// The process there.
    pub process: u32,
    /// The page of the job in CI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
}

impl Holder {
    /// This process, as an environment tells of it.
    pub fn here(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let first = |names: &[&str]| names.iter().find_map(|name| env(name).filter(|text| !text.is_empty()));
        let user = first(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "somebody".into());
        let machine = first(&["HOSTNAME", "COMPUTERNAME"]).or_else(machine);
        let machine = machine.unwrap_or_else(|| "some machine".into());
        Self { who: format!("{user}@{machine}"), process: std::process::id(), job: job(env) }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (process {}", self.who, self.process)?;
        match &self.job {
            Some(job) => write!(f, ", {job})"),
            None => f.write_str(")"),
        }
    }
}

/// What Linux calls this machine, where no variable tells.
fn machine() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// GitLab's variable, or GitHub's three.
fn job(env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    env("CI_JOB_URL").filter(|url| !url.is_empty()).or_else(|| {
        let [server, repository, run] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(env);
        Some(format!("{}/{}/actions/runs/{}", server?, repository?, run?))
    })
}

/// Whether the lease is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It is, until then at the latest.
    Expires(Timestamp),
    /// It is not, since then.
    Released(Timestamp),
}

/// A record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// One run, whatever its holder is called.
    pub(super) run: String,
    pub(super) holder: Holder,
    pub(super) since: Timestamp,
    pub(super) state: State,
}

impl Record {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|why| why.to_string())
    }

    pub(super) fn written(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec(self).map_err(|why| why.to_string())
    }
}
