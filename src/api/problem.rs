//! What can go wrong with a request.
//! In: what was seen of an answer. Out: a phrase, the status, and whether a write may have been done all the same.
//! Knows neither the request nor what the platform said.

use std::borrow::Cow;

use super::said::excerpt;

/// What went wrong; the texts are for people and may come from anywhere.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// 401 or 403.
    #[error("{status}")]
    Unauthorized {
        /// Which of them.
        status: u16,
    },
    /// Any other status from 400.
    #[error("{status}")]
    Refused {
        /// The status.
        status: u16,
    },
    /// A status from 300 to 399; redirects are not followed, so that no token goes elsewhere.
    #[error("{status} redirects{}", .to.as_ref().map(|to| format!(" to {}", excerpt(to))).unwrap_or_default())]
    Redirect {
        /// The status.
        status: u16,
        /// Where to, without query and user name.
        to: Option<String>,
    },
    /// A good status, and something else than JSON.
    #[error("{status} with {} instead of JSON", excerpt(.content_type))]
    NotJson {
        /// The status.
        status: u16,
        /// The header, or a phrase where there is none.
        content_type: String,
    },
    /// A good status, and the answer ends too early.
    #[error("{status}, but the answer is cut off")]
    Cut {
        /// The status.
        status: u16,
    },
    /// A good status, and an answer that goes on and on.
    #[error("{status}, but the answer is larger than {limit} bytes")]
    TooLarge {
        /// The status.
        status: u16,
        /// The budget in bytes.
        limit: usize,
    },
    /// A good status, and an answer that would take far more memory than its bytes.
    #[error("{status}, but the answer has more than {limit} values")]
    TooMany {
        /// The status.
        status: u16,
        /// The budget.
        limit: usize,
    },
    /// Good answers that go on and on.
    #[error("{status}, but the answers are larger than {limit} bytes together")]
    TooMuch {
        /// The status of the last one.
        status: u16,
        /// The budget in bytes.
        limit: usize,
    },
    /// No complete answer in time.
    #[error("no answer within {seconds} s")]
    Timeout {
        /// How long was waited.
        seconds: f32,
    },
    /// No connection; nothing was sent.
    #[error("no connection: {}", excerpt(.why))]
    Connect {
        /// The operating system's or the TLS library's words.
        why: String,
    },
    /// The connection broke before the answer came.
    #[error("the connection was lost: {}", excerpt(.why))]
    Lost {
        /// The operating system's words.
        why: String,
    },
    /// A list that was different each time it was read.
    #[error("{}", excerpt(.why))]
    Incomplete {
        /// What did not fit together.
        why: String,
    },
    /// Good JSON of another shape than documented.
    #[error("{}", excerpt(.why))]
    Unusable {
        /// What is missing where.
        why: String,
    },
    /// A good status, and an answer that says something else.
    #[error("{status}, but {}:", excerpt(.why))]
    Contradicted {
        /// The status.
        status: u16,
        /// What it says.
        why: String,
    },
    /// The request can't even be written.
    #[error("{}", excerpt(.why))]
    Setup {
        /// What is wrong with it.
        why: String,
    },
}

impl Problem {
    /// The HTTP status, where there was an answer.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Unauthorized { status }
            | Self::Refused { status }
            | Self::Redirect { status, .. }
            | Self::NotJson { status, .. }
            | Self::Cut { status }
            | Self::TooLarge { status, .. }
            | Self::TooMany { status, .. }
            | Self::TooMuch { status, .. }
            | Self::Contradicted { status, .. } => Some(*status),
            Self::Timeout { .. } | Self::Connect { .. } | Self::Lost { .. } => None,
            Self::Incomplete { .. } | Self::Unusable { .. } | Self::Setup { .. } => None,
        }
    }

    /// A status that says it all, else a word: what OpenTelemetry calls `error.type`.
    pub(super) fn kind(&self) -> Cow<'static, str> {
        let word = match self {
            Self::Unauthorized { status } | Self::Refused { status } | Self::Redirect { status, .. } => {
                return status.to_string().into();
            }
            Self::Timeout { .. } => "timeout",
            Self::Connect { .. } => "no connection",
            Self::Lost { .. } => "connection lost",
            Self::Cut { .. } => "answer cut off",
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::TooMuch { .. } => "answer too large",
            Self::NotJson { .. } => "not JSON",
            Self::Incomplete { .. } | Self::Unusable { .. } | Self::Contradicted { .. } => "unusable answer",
            Self::Setup { .. } => "no request",
        };
        word.into()
    }

    /// The text of it that comes from elsewhere.
    pub(super) fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Redirect { to, .. } => to.as_mut(),
            Self::NotJson { content_type, .. } => Some(content_type),
            Self::Connect { why } | Self::Lost { why } | Self::Setup { why } => Some(why),
            Self::Incomplete { why } | Self::Unusable { why } | Self::Contradicted { why, .. } => Some(why),
            Self::Unauthorized { .. } | Self::Refused { .. } | Self::Cut { .. } => None,
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::TooMuch { .. } | Self::Timeout { .. } => {
                None
            }
        }
    }

    /// Whether a write may have been done: it was sent, and no answer says that it was refused.
    pub(super) fn hides_the_outcome(&self) -> bool {
        match self {
            Self::NotJson { .. } | Self::Cut { .. } | Self::TooLarge { .. } => true,
            Self::TooMany { .. } | Self::TooMuch { .. } | Self::Timeout { .. } | Self::Lost { .. } => true,
            Self::Refused { status } => *status >= 500,
            Self::Unauthorized { .. } | Self::Redirect { .. } | Self::Connect { .. } => false,
            Self::Incomplete { .. } | Self::Unusable { .. } | Self::Setup { .. } => false,
            Self::Contradicted { .. } => false,
        }
    }
}
