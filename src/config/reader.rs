//! Reads inputs.
//! In: files, pipes and stdin as the command line names them. Out: each of them once, in order, under the path that messages name.
//! Opens a file only beneath its folder, and never waits for a pipe that a folder holds.

use std::collections::HashMap;
use std::io::Read;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use super::files::{File, LARGEST, Place, cannot_read, too_large};
use super::input::Input;
use super::wording::clean;
use crate::folder::{self, Folder, FolderPath, Refusal};
use crate::model::Diagnostic;

/// Reads inputs, each file once whatever it is called.
#[derive(Debug, Default)]
pub struct InputReader {
    /// The folder that was opened last: most files are in the same one.
    folder: Option<(FolderPath, Folder)>,
    /// The names of what was read, by device and inode.
    seen: HashMap<(u64, u64), Vec<PathBuf>>,
}

impl InputReader {
    /// Reads one input; none where it was read before.
    pub fn read(&mut self, input: &Input) -> Option<Result<File, Vec<Diagnostic>>> {
        let shown = input.name();
        let bytes = match input {
            Input::File { place, .. } => self.file(input, place),
            Input::Stdin => self.stream(std::io::stdin().lock()),
            Input::Descriptor(path) => {
                std::fs::File::open(path).map_err(Refusal::from).and_then(|file| self.stream(file))
            }
            Input::Pipe { place, .. } => self.pipe(place),
        };
        match bytes {
            Ok(None) => None,
            Ok(Some(bytes)) => Some(match too_large(&shown, bytes.len() as u64) {
                Some(complaint) => Err(vec![complaint]),
                None => Ok(input.file(&shown, bytes)),
            }),
            Err(why) => Some(Err(vec![refused(input, &shown, &why)])),
        }
    }

    fn file(&mut self, input: &Input, place: &Place) -> Result<Option<Vec<u8>>, Refusal> {
        let file = self.folder(&place.base)?.file(&place.path)?;
        if self.is_known(file.id(), input.path()) {
            return Ok(None);
        }
        Ok(Some(file.read(LARGEST)?))
    }

    fn pipe(&mut self, place: &Place) -> Result<Option<Vec<u8>>, Refusal> {
        let pipe = self.folder(&place.base)?.pipe(&place.path)?;
        self.stream(pipe)
    }

    /// Reads to the end of what comes, or to the limit.
    fn stream(&mut self, stream: impl Read + AsFd) -> Result<Option<Vec<u8>>, Refusal> {
        if self.is_known(folder::id(&stream)?, Path::new("")) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        stream.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn folder(&mut self, path: &FolderPath) -> Result<&Folder, Refusal> {
        if self.folder.as_ref().is_none_or(|(last, _)| last != path) {
            self.folder = Some((path.clone(), path.open()?));
        }
        self.folder.as_ref().map(|(_, folder)| folder).ok_or(Refusal::Irregular)
    }

    /// Whether the same file was read before. A hard link is another file: both say what they say.
    fn is_known(&mut self, id: (u64, u64), path: &Path) -> bool {
        let names = self.seen.entry(id).or_default();
        let same = |other: &PathBuf| match (path.canonicalize(), other.canonicalize()) {
            (Ok(path), Ok(other)) => path == other,
            _ => true,
        };
        let known = names.iter().any(same);
        names.push(path.to_owned());
        known
    }
}

/// The complaint about an input that is not read.
fn refused(input: &Input, name: &str, why: &Refusal) -> Diagnostic {
    let complaint = cannot_read(name, &clean(&why.to_string()));
    match (why.leads_out(), input) {
        (true, Input::File { named: true, .. }) => complaint.help("name the file itself, not a link to it"),
        (true, _) => complaint.help(
            "put the file itself in place of the link, or name on the command line the file to which it leads",
        ),
        (false, _) => complaint,
    }
}
