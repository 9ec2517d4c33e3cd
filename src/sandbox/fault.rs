//! In: nothing.
//! Out: the nouns of what goes wrong: a [`Fault`] is a kind and the requests that it is for.
//! Never reads a specification (that is `spec`), and never counts or matches (that is `schedule`).

use std::time::Duration;

use super::echo::Echo;

/// One way in which the sandbox misbehaves, and when. Made from text:
///
/// ```text
/// KIND[=VALUE][,KEY=VALUE…]
/// effects   latency=20ms|2s · status=400..599 · 429 · reset-before · reset-after · truncate · malformed · html
///           redirect · hang (or timeout) · shift-page · short-page
///           echo=json|percent|html|raw (the error repeats the body and the authorization header: in the platform's
///           own message, there percent-encoded or in HTML entities, or as plain text and nothing else)
/// limits    rate-limit=5/2s (Talkover: so many requests, then 429 until the window of that time has ended)
/// switches  bare · flat-paginator · no-agents · created-inactive · delete-204
/// Talkover  verify-fails · verify-fails-422 · reset-keeps-active · reset-wide · unpaged-numbers · created-200
///           no-custom-trunks · limit-in-reset · limit-in-body
///           errors-coded · errors-fielded · errors-nested · errors-unwrapped · errors-flat · errors-message
/// on Bolna  number-lag=N (a new number is hidden from the first N requests that would list it, or delete it: 500)
///           number-stuck=N (the first N requests to delete a new number: 500) · show-deleted (soft-deleted rows
///           in lists) · list-no-numbers · list-number-count (the list of trunks has no numbers, or only how many)
///           drop-patch-fields (direct_media, rtp_symmetric and force_rport are ignored) · older-trunks (fields of
///           earlier documentation) · encryption-false (`no` is shown as false) · key-401 (no token: 401, not 403)
///           error-detail · error-string (errors as {"detail": TEXT} or {"error": TEXT})
/// matchers  method=POST · path=/trunks* (`*` is any text; below the mount, without the query) · platform=kalem
///           request=K (the K-th request since the faults were set, any route, from 0)
///           nth=N (only the N-th match, from 1) · after=N (not the first N matches) · times=N (then at most N)
/// further   retry-after=2|date|none (status, 429) · effect=before|after (status, 429, html, redirect, hang, echo)
///           keep-total (shift-page) · status=400..599 (echo; 422 unless set)
///           cut=N (echo: the connection ends after the first N bytes of the answer)
/// ```
///
/// `effect=after` means that the request was carried out before its answer went wrong; the default is `before`, for
/// `hang` it is `after`. `429` tells the client to come back in one second unless `retry-after` says otherwise.
/// `shift-page` and `short-page` look at GET requests only; `shift-page` waits for a page after the first and
/// happens once unless `nth` or `times` says otherwise. It is a real change: somebody else makes a trunk or number,
/// and with `keep-total` deletes the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) when: Matcher,
}

/// A specification that could not be understood; the text says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fault `{spec}`: {problem}")]
pub struct FaultError {
    pub(super) spec: String,
    pub(super) problem: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Latency(Duration),
    Trouble(Trouble),
    ShiftPage { keep_total: bool },
    ShortPage,
    RateLimit(Budget),
    Switch(Switch),
}

/// An answer that goes wrong. `carried_out`: the request took effect all the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) way: Way,
    pub(super) carried_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Status(u16, Option<RetryAfter>),
    Reset,
    Hang,
    Truncate,
    Malformed,
    Html,
    Redirect,
    Echo(Echo),
}

impl Kind {
    pub(super) fn echo(echo: Echo) -> Self {
        Self::Trouble(Trouble { way: Way::Echo(echo), carried_out: false })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RetryAfter {
    Seconds(u64),
    Date,
}

/// How many requests may come in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    pub(super) count: u64,
    pub(super) window: Duration,
}

/// A documented or likely variation of a platform, rather than a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    /// Talkover: a verification fails with status 200, or with 422.
    VerifyFails,
    VerifyFails422,
    /// Talkover: a trunk that has to be verified again stays active.
    ResetKeepsActive,
    /// Talkover: port, proxy and realm reset the verification too.
    ResetWide,
    UnpagedNumbers,
    Created200,
    /// Talkover: the plan lacks trunks.
    NoCustomTrunks,
    /// Talkover: only the header about the reset, or only the body, says how long to wait.
    LimitInReset,
    LimitInBody,
    /// Talkover: every refusal has this form, whichever would fit.
    ErrorsCoded,
    ErrorsFielded,
    ErrorsNested,
    ErrorsUnwrapped,
    ErrorsFlat,
    ErrorsMessage,
    Bare,
    FlatPaginator,
    NoAgents,
    CreatedInactive,
    Delete204,
    NumberLag(u64),
    NumberStuck(u64),
    ShowDeleted,
    ListNoNumbers,
    ListNumberCount,
    DropPatchFields,
    OlderTrunks,
    EncryptionFalse,
    Key401,
    ErrorDetail,
    ErrorString,
}

/// The word of each switch.
pub(super) const SWITCHES: &[(&str, Switch)] = &[
    ("verify-fails", Switch::VerifyFails),
    ("verify-fails-422", Switch::VerifyFails422),
    ("reset-keeps-active", Switch::ResetKeepsActive),
    ("reset-wide", Switch::ResetWide),
    ("unpaged-numbers", Switch::UnpagedNumbers),
    ("created-200", Switch::Created200),
    ("no-custom-trunks", Switch::NoCustomTrunks),
    ("limit-in-reset", Switch::LimitInReset),
    ("limit-in-body", Switch::LimitInBody),
    ("errors-coded", Switch::ErrorsCoded),
    ("errors-fielded", Switch::ErrorsFielded),
    ("errors-nested", Switch::ErrorsNested),
    ("errors-unwrapped", Switch::ErrorsUnwrapped),
    ("errors-flat", Switch::ErrorsFlat),
    ("errors-message", Switch::ErrorsMessage),
    ("show-deleted", Switch::ShowDeleted),
    ("list-no-numbers", Switch::ListNoNumbers),
    ("list-number-count", Switch::ListNumberCount),
    ("drop-patch-fields", Switch::DropPatchFields),
    ("older-trunks", Switch::OlderTrunks),
    ("encryption-false", Switch::EncryptionFalse),
    ("key-401", Switch::Key401),
    ("error-detail", Switch::ErrorDetail),
    ("error-string", Switch::ErrorString),
    ("bare", Switch::Bare),
    ("flat-paginator", Switch::FlatPaginator),
    ("no-agents", Switch::NoAgents),
    ("created-inactive", Switch::CreatedInactive),
    ("delete-204", Switch::Delete204),
];

/// Which requests a fault is for. What is `None` matches all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Matcher {
    pub(super) platform: Option<String>,
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) later_page: bool,
    pub(super) request: Option<u64>,
    pub(super) nth: Option<u64>,
    pub(super) after: Option<u64>,
    pub(super) times: Option<u64>,
}
