//! Files that are there as a whole or not at all.
//! In: a path and a text. Out: the file, and whether anything was written.
//! Never writes over what it does not know.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};
use trunkform::engine;

use super::exit::Failure;

/// Writes a file that is not there; false where it is and says the same.
pub(super) fn new(path: &Path, text: &str) -> Result<bool, Failure> {
    engine::refuse_link(path).map_err(Failure)?;
    let shown = path.display();
    let wrong = |why: io::Error| Failure(format!("`{shown}` can't be written: {why}"));
    let taken = || {
        Failure(format!(
            "`{shown}` is there and says something else: it is not overwritten. `--merge {shown}` adds what it lacks; or write another name"
        ))
    };
    if path.exists() && !path.is_file() {
        return fs::write(path, text).map(|()| true).map_err(wrong);
    }
    match fs::read(path) {
        Ok(bytes) if bytes == text.as_bytes() => return Ok(false),
        Ok(_) => return Err(taken()),
        Err(why) if why.kind() == io::ErrorKind::NotFound => {}
        Err(why) => return Err(wrong(why)),
    }
    let file = beside(path, text).map_err(wrong)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(why) if why.error.kind() == io::ErrorKind::AlreadyExists => Err(taken()),
        Err(why) => Err(wrong(why.error)),
    }
}

/// The text in a file without a name yet, on the same disk, as everyone may read it who may read new files.
fn beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}
