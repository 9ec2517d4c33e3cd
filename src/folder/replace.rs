//! Replaces a file beneath a folder, whole or not at all.
//! In: a path, the bytes that were read, and the text that takes their place. Out: the file with the text; its permissions stay.
//! Never writes through a link that leads out: the text goes to a new file in the folder of the old one, which then takes its name.

use std::ffi::{OsStr, OsString};
use std::io::{Read as _, Write as _};
use std::path::Path;

use cap_std::fs::{Dir, OpenOptions};
use rustix::fs::OFlags;

use super::{Folder, Refusal, irregular, open_at};

/// Why a text did not take the place of another one.
#[derive(Debug)]
pub enum ReplaceError {
    /// The file is no longer as it was read.
    Changed,
    /// The path is refused, or the file can't be written.
    Refused(Refusal),
}

impl<T: Into<Refusal>> From<T> for ReplaceError {
    fn from(why: T) -> Self {
        Self::Refused(why.into())
    }
}

impl Folder {
    /// Puts a text in the place of the bytes that were read. Where a link inside the folder leads to the file, the link stays.
    ///
    /// # Errors
    /// The file has changed, can't be written, or is none beneath the folder.
    pub fn replace(&self, path: &Path, before: &[u8], text: &str) -> Result<(), ReplaceError> {
        let (parent, name) = self.place(path)?;
        let dir = parent.dir(self);
        // A file that may not be written is not to be replaced either.
        let opened = open_at(dir, &name, OFlags::RDWR);
        let mut now = opened.map_err(|why| irregular(dir, &name).unwrap_or(why.into()))?;
        let about = now.metadata()?;
        if !about.is_file() {
            return Err(Refusal::Irregular.into());
        }
        let new = NewFile::create(dir, text, about.permissions())?;
        let mut bytes = Vec::with_capacity(before.len());
        now.read_to_end(&mut bytes)?;
        if bytes != before {
            return Err(ReplaceError::Changed);
        }
        Ok(new.rename(&name)?)
    }
}

/// A file under a name of its own, removed unless it takes the name of another one.
struct NewFile<'d> {
    dir: &'d Dir,
    name: OsString,
}

impl<'d> NewFile<'d> {
    fn create(dir: &'d Dir, text: &str, permissions: std::fs::Permissions) -> std::io::Result<Self> {
        let name: OsString = format!(".trunkform-{:016x}", fastrand::u64(..)).into();
        let mut file = dir.open_with(&name, OpenOptions::new().write(true).create_new(true))?.into_std();
        let new = Self { dir, name };
        // Before the text is in it: it may be more private than new files are.
        file.set_permissions(permissions)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(new)
    }

    fn rename(self, name: &OsStr) -> std::io::Result<()> {
        self.dir.rename(&self.name, self.dir, name)
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        // After the renaming there is nothing of that name.
        let _ = self.dir.remove_file(&self.name);
    }
}
