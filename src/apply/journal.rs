//! The record of a run: what it is about to change and how that was, one line of JSON before each request, one after its answer.
//! In: a plan, and its steps, placeholders unfilled, and how they ended. Out: a file that is on the disk before the request is on its way.
//! Evidence: only `undo` reads it, to plan the way back. Holds no secret, since the plan holds none.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::model::text::visible_json;
use crate::model::{Id, Plan, PlannedAccount, PlannedChange, Step, StepReport};

/// The version of the lines. Keys may be added within it, never changed.
const VERSION: u32 = 1;

/// Reads the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// An open journal.
pub struct Journal {
    file: File,
    clock: Clock,
    /// Lines that go to the disk together with those of the first requests: a run that sends nothing leaves no trace.
    heading: Vec<u8>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Journal {
    /// Opens a file to add to it; `clock` gives the time of each line.
    ///
    /// # Errors
    /// The operating system's.
    pub fn open(path: &Path, clock: Clock) -> io::Result<Self> {
        let file = create_or_append(path)?;
        // The last line of a run that was killed may have no end.
        let heading = if ends_in_a_line(path) { Vec::new() } else { b"\n".to_vec() };
        Ok(Self { file, clock, heading })
    }

    /// The same, for a run of this plan: what is live of all that it changes is on the disk before the first request.
    ///
    /// # Errors
    /// None in practice: the values of a plan can be written as JSON.
    pub fn of(mut self, plan: &Plan) -> io::Result<Self> {
        let accounts: Vec<_> = plan.accounts.iter().map(account).collect();
        let event =
            json!({"event": "plan", "journal_version": VERSION, "at": self.now(), "accounts": accounts});
        line(&mut self.heading, &event)?;
        plan.changes.iter().try_for_each(|one| line(&mut self.heading, &change(one)))?;
        Ok(self)
    }

    /// Says which requests will be sent now; they are on the disk when this returns, and with them how every request ended that they waited for:
    /// it was written to the same file before, and a file is synced as a whole.
    pub(super) fn begin<'a>(&mut self, steps: impl Iterator<Item = &'a Step>) -> io::Result<()> {
        let mut lines = std::mem::take(&mut self.heading);
        for step in steps {
            line(
                &mut lines,
                &json!({
                    "event": "begin", "at": self.now(), "step": step.id, "address": step.address.to_string(), "verb": step.verb,
                    "method": step.request.method, "path": step.request.path, "body": step.request.body,
                }),
            )?;
        }
        self.file.write_all(&lines)?;
        self.sync()
    }

    fn now(&self) -> String {
        (self.clock)().to_string()
    }

    /// Puts what was written last on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        match self.file.sync_data() {
            // A pipe or a device has nothing to sync.
            Err(why) if why.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced,
        }
    }

    /// Says how a request ended.
    pub(super) fn end(&mut self, step: &StepReport, id: Option<&Id>) -> io::Result<()> {
        let StepReport { id: number, outcome, status, error, because, address: _, verb: _ } = step;
        let mut lines = Vec::new();
        line(
            &mut lines,
            &json!({
                "event": "end", "at": self.now(), "step": number, "outcome": outcome, "status": status,
                "id": id, "error": error, "because": because,
            }),
        )?;
        self.file.write_all(&lines)
    }
}

/// Creates the journal for its owner alone, because it holds live values. An existing file is opened without `create`: with it, a link
/// would create the file that it names.
fn create_or_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    let mut new = options.clone();
    new.create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    match new.open(path) {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => options.open(path),
        opened => opened,
    }
}

/// Whether what is written next stands on a line of its own; so it does in what can't be read back.
fn ends_in_a_line(path: &Path) -> bool {
    let last = || -> io::Result<u8> {
        let mut file = File::open(path)?;
        let mut byte = [b'\n'];
        if file.metadata()?.is_file() && file.seek(SeekFrom::End(0))? > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut byte)?;
        }
        Ok(byte[0])
    };
    last().map_or(true, |byte| byte == b'\n')
}

fn account(planned: &PlannedAccount) -> Json {
    let PlannedAccount { account, provider, allowed, .. } = planned;
    json!({"account": account.as_str(), "provider": provider, "allowed": allowed})
}

/// A change with all that is known of how the thing was.
fn change(planned: &PlannedChange) -> Json {
    let PlannedChange { address, read_as, id, provider, action, before, changed, sensitive, .. } = planned;
    json!({
        "event": "change", "address": address.to_string(), "provider": provider, "action": action.as_str(),
        "read_as": read_as.as_ref().map(ToString::to_string), "id": id, "before": before, "changed": changed,
        "sensitive": sensitive,
    })
}

fn line(out: &mut Vec<u8>, event: &Json) -> io::Result<()> {
    out.write_all(visible_json(event.to_string()).as_bytes())?;
    out.push(b'\n');
    Ok(())
}
