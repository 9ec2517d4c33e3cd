//! The file of `TRUNKFORM_ENV_FILE`: lines of `NAME=value`.
//! In: a path that the operator names: a file, a link or a FIFO. Out: the variables in it, or what is wrong with it and where.
//! Never prints a value, and wipes each of them with itself.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use trunkform::model::visible;
use zeroize::Zeroizing;

use super::exit::Failure;
use super::output;

/// A larger file is no list of variables: a hundred thousand accounts need less.
const MAX_BYTES: usize = 16 << 20;
const CHUNK_BYTES: usize = 16 << 10;

const WRITABLE_BY_OTHERS: u32 = 0o022;
const READABLE_BY_OTHERS: u32 = 0o004;

/// The variables of a file.
#[derive(Default)]
pub(super) struct EnvFile(HashMap<String, Zeroizing<String>>);

impl EnvFile {
    /// Reads a file to its end; warns where others may read it too.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = visible(&path.display().to_string()).into_owned();
        let wrong = |why: &dyn std::fmt::Display| Failure(format!("`{shown}` can't be read: {why}"));
        // The open file is judged, not the path: a link may lead elsewhere a moment later.
        let mut file = File::open(path).map_err(|why| wrong(&why))?;
        let metadata = file.metadata().map_err(|why| wrong(&why))?;
        judge(&metadata).map_err(|why| Failure(format!("`{shown}` {why}")))?;
        if metadata.mode() & READABLE_BY_OTHERS != 0 {
            output::warning(&format!(
                "TRUNKFORM_ENV_FILE: every user of this machine may read `{shown}`; `chmod o-r` it"
            ));
        }
        let bytes = content(&mut file).map_err(|why| wrong(&why))?;
        Self::parse(&bytes).map_err(|(line, why)| Failure(format!("`{shown}:{line}`: {why}")))
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| value.as_str().to_owned())
    }

    /// The variables of a text, or the first bad line and what is wrong with it.
    fn parse(bytes: &[u8]) -> Result<Self, (usize, String)> {
        let mut all: HashMap<String, (usize, Zeroizing<String>)> = HashMap::new();
        for (at, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let wrong = |why: &str| (at + 1, why.to_owned());
            if line.contains(&b'\r') {
                return Err(wrong("a carriage return; end each line with a line feed alone"));
            }
            if line.is_empty() || line[0] == b'#' {
                continue;
            }
            let line = std::str::from_utf8(line).map_err(|_| wrong("it is not UTF-8"))?;
            let Some((name, value)) = line.split_once('=') else {
                return Err(wrong("no `=`; write NAME=value, or `#` before a comment"));
            };
            if !is_name(name) {
                return Err(wrong(
                    "the text before `=` is not the name of a variable; write letters, digits and `_`, without blanks or `export`",
                ));
            }
            let value = Zeroizing::new(value.to_owned());
            if let Some((first, _)) = all.insert(name.to_owned(), (at + 1, value)) {
                return Err(wrong(&format!("`{name}` is given twice, first in line {first}")));
            }
        }
        Ok(Self(all.into_iter().map(|(name, (_, value))| (name, value)).collect()))
    }
}

/// Whether a file is one whose words can be trusted.
fn judge(metadata: &Metadata) -> Result<(), &'static str> {
    let kind = metadata.file_type();
    if !kind.is_file() && !kind.is_fifo() {
        return Err("is neither a file nor a FIFO");
    }
    if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(
            "can be written by its group or by others, who could exchange tokens and URLs; run `chmod go-w` on it",
        );
    }
    Ok(())
}

/// All bytes of a file. Its length is not known before: a buffer that grows wipes the one before.
fn content(file: &mut File) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(CHUNK_BYTES));
    let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
    loop {
        let read = match file.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            Err(why) => return Err(why),
        };
        let needed = bytes.len() + read;
        if needed > MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than 16 MiB"));
        }
        if needed > bytes.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * needed));
            larger.extend_from_slice(&bytes);
            bytes = larger;
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<EnvFile, (usize, String)> {
        EnvFile::parse(text.as_bytes())
    }

    #[test]
    fn a_value_is_the_text_after_the_first_equals_sign() {
        let file = parsed("# a comment=x\n\nA=b=c \n_B2= \"x\" # no comment\nC=\n#D=1").ok().unwrap();
        let all = ["A", "_B2", "C", "D", "# a comment"].map(|name| file.get(name));
        let texts = [Some("b=c "), Some(" \"x\" # no comment"), Some(""), None, None];
        assert_eq!(all, texts.map(|text| text.map(str::to_owned)));
        assert!(parsed("").is_ok() && parsed("A=1").is_ok() && parsed("\n\n").is_ok());
    }

    #[test]
    fn a_bad_line_is_named_and_its_value_is_not() {
        for (text, line, part) in [
            ("A=1\nA=hunter2", 2, "`A` is given twice, first in line 1"),
            ("\nA=hunter2\r\n", 2, "carriage return"),
            ("A=1\n#c\nB=hun\rter2\n", 3, "carriage return"),
            ("hunter2\n", 1, "no `=`"),
            ("A=1\n  \n", 2, "no `=`"),
            ("export A=hunter2", 1, "not the name of a variable"),
            (" A=hunter2", 1, "not the name of a variable"),
            ("=hunter2", 1, "not the name of a variable"),
            ("2A=hunter2", 1, "not the name of a variable"),
            ("hunter-2=", 1, "not the name of a variable"),
            ("\u{feff}A=hunter2", 1, "not the name of a variable"),
        ] {
            let (at, why) = parsed(text).err().unwrap();
            assert!(at == line && why.contains(part) && !why.contains("hunter"), "{text:?}: {at}: {why}");
        }
        assert_eq!(EnvFile::parse(b"A=1\nB=\xff").err().unwrap(), (2, "it is not UTF-8".to_owned()));
    }

    #[test]
    fn a_long_file_is_read_to_its_end_and_a_longer_one_not_at_all() {
        let mut file = tempfile::tempfile().unwrap();
        let text = format!("A={}\n", "x".repeat(5 * CHUNK_BYTES + 7));
        io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        io::Seek::rewind(&mut file).unwrap();
        assert_eq!(content(&mut file).unwrap().as_slice(), text.as_bytes());
        file.set_len(MAX_BYTES as u64 + 1).unwrap();
        io::Seek::rewind(&mut file).unwrap();
        assert!(content(&mut file).unwrap_err().to_string().contains("larger than 16 MiB"));
    }
}
