//! In: nothing.
//! Out: the table of the platforms that the sandbox stands in for.
//! Never answers a request: each platform is a folder that does.

use serde_json::Value;

use super::platform::{Opened, Reply};
use super::{bolna, kalem, talkover};

/// One platform of the sandbox. A further platform is a folder and a line in [`PLATFORMS`].
pub(super) struct PlatformEntry {
    pub(super) name: &'static str,
    pub(super) mount: &'static str,
    /// Opens the platform with its part of the state; `None` is a fresh account.
    pub(super) open: fn(Option<&Value>) -> Opened,
    /// The platform's reply to a failed request: its status, and the seconds until a retry.
    pub(super) refuse: fn(u16, Option<u64>) -> Reply,
}

pub(super) const PLATFORMS: &[PlatformEntry] = &[
    PlatformEntry { name: "kalem", mount: "/kalem/api/v1", open: kalem::open, refuse: kalem::refuse },
    PlatformEntry {
        name: "talkover",
        mount: "/talkover/api/v1",
        open: talkover::open,
        refuse: talkover::refuse,
    },
    PlatformEntry { name: "bolna", mount: "/bolna", open: bolna::open, refuse: bolna::refuse },
];
