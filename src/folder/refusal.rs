//! Says why a path beneath a folder is refused.
//! In: what was found on the way. Out: a reason, and a phrase that names the link.
//! Never holds what a file says.

use std::path::PathBuf;
use std::{fmt, io};

use rustix::io::Errno;

/// Why a path is refused.
#[derive(Debug)]
pub enum Refusal {
    /// The path itself leads out of the folder, without a link.
    Outside,
    /// A link leads out of the folder.
    LinkOut {
        /// The link, relative to the folder.
        link: PathBuf,
        /// What the link says.
        target: PathBuf,
    },
    /// It is something of a Git repository's own.
    Git,
    /// A folder, a pipe, a socket, or a device.
    Irregular,
    /// The system's own reason.
    Io(io::Error),
}

impl Refusal {
    /// Whether the path, or a link on it, leads out of the folder.
    pub fn leads_out(&self) -> bool {
        matches!(self, Self::Outside | Self::LinkOut { .. })
    }
}

impl From<io::Error> for Refusal {
    fn from(why: io::Error) -> Self {
        Self::Io(why)
    }
}

impl From<Errno> for Refusal {
    fn from(why: Errno) -> Self {
        Self::Io(why.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside => f.write_str("the path leads out of the folder"),
            Self::LinkOut { link, target } => {
                write!(f, "the link `{}` leads out of the folder, to `{}`", link.display(), target.display())
            }
            Self::Git => f.write_str("a file below `.git` is never read"),
            Self::Irregular => f.write_str("it is no regular file"),
            Self::Io(why) => why.fmt(f),
        }
    }
}
