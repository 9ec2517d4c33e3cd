//! Files that the command line names.
//! In: a path. Out: its text, or whether Trunkform may write to it.
//! Writes nothing.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// 128 MiB: a plan of some 60,000 changes.
const MAX_FILE_BYTES: u64 = 128 << 20;

/// The text of a file; it may be a pipe, and need not have an end.
///
/// # Errors
/// A sentence with the path: the file can't be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, String> {
    let wrong = |why: String| format!("`{}` can't be read: {why}", path.display());
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|why| wrong(why.to_string()))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(wrong(format!("it is larger than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".into()))
}

/// Whether a file begins as ours do. A file that does not exist, an empty one and a device do so as well.
pub fn may_write_to(path: &Path, start: &str) -> bool {
    if !path.is_file() {
        return true;
    }
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(start.len() as u64).read_to_end(&mut first));
    // What can't be read can't be written either, and that says why.
    read.is_err() || first.is_empty() || first == start.as_bytes()
}
