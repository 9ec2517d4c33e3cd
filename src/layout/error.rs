//! Why a text was left as it is.
//! In: what was met and where. Out: a sentence that names the line and says what to write instead.
//! Shows nothing of the text but names of sections: a line may hold a secret.

/// Why a text was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not YAML.
    #[error("line {line}: not YAML: {why}")]
    Syntax {
        /// Where, from 1.
        line: usize,
        /// What the parser says.
        why: String,
    },
    /// A bug: the new text would not mean what the old one does.
    #[error(
        "line {line}: the new text would not mean the same; this is a bug of Trunkform, please report it. The text was left as it is"
    )]
    Changed {
        /// Where in the old text, from 1.
        line: usize,
    },
    /// A byte order mark that is not at the beginning.
    #[error("line {line}: a byte order mark that nobody can see: delete it")]
    Mark {
        /// Where, from 1.
        line: usize,
    },
    /// The file is no mapping in block style.
    #[error(
        "line {line}: nothing can be added here: write the file as one key a line, without braces around all of it"
    )]
    NoBlock {
        /// Where it begins, from 1.
        line: usize,
    },
    /// More than one document.
    #[error("line {line}: a second document begins here: write one document a file")]
    Documents {
        /// Where, from 1.
        line: usize,
    },
    /// The section is there and has a value to which nothing can be added on lines of its own.
    #[error(
        "line {line}: `{section}` has a value on its own line: write `{section}:` and each entry on a line of its own that begins with `- `; where it is empty, take it out"
    )]
    Inline {
        /// Which section.
        section: String,
        /// Where its value begins, from 1.
        line: usize,
    },
    /// What is to be added is no list.
    #[error("line {line} of what is to be added: each entry has to begin with `- `")]
    Entries {
        /// Where in the entries, from 1.
        line: usize,
    },
}

impl Error {
    pub(super) fn unplaced(text: &str, at: usize) -> Self {
        let line = line(text, at);
        if text[at..].starts_with('\u{feff}') { Self::Mark { line } } else { Self::Changed { line } }
    }
}

/// The line of a byte, from 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}
