//! The record of a run: one line of JSON before each request, one after its answer.
//! In: steps as the plan has them, placeholders unfilled, and how they ended. Out: a file that is on the disk before the request is on its way.
//! Evidence for people; nothing ever reads it back to decide anything. Holds no secret, since the plan holds none.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::model::text::visible_json;
use crate::model::{Id, Step, StepReport};

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    file: File,
}

impl Journal {
    /// Opens a file to add to it.
    ///
    /// # Errors
    /// The operating system's.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: OpenOptions::new().create(true).append(true).open(path)? })
    }

    /// Says which requests will be sent now; they are on the disk when this returns.
    pub(super) fn begin<'a>(&mut self, steps: impl Iterator<Item = &'a Step>) -> io::Result<()> {
        let mut lines = Vec::new();
        for step in steps {
            line(
                &mut lines,
                &json!({
                    "event": "begin", "at": now(), "step": step.id, "address": step.address.to_string(), "verb": step.verb,
                    "method": step.request.method, "path": step.request.path, "body": step.request.body,
                }),
            )?;
        }
        self.file.write_all(&lines)?;
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
                "event": "end", "at": now(), "step": number, "outcome": outcome, "status": status,
                "id": id, "error": error, "because": because,
            }),
        )?;
        self.file.write_all(&lines)
    }
}

fn line(out: &mut Vec<u8>, event: &Json) -> io::Result<()> {
    out.write_all(visible_json(event.to_string()).as_bytes())?;
    out.push(b'\n');
    Ok(())
}

fn now() -> String {
    jiff::Timestamp::now().to_string()
}
