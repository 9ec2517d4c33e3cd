//! What Trunkform reads from outside, read from any bytes: files, saved plans, journals, answers of platforms.
//! In: the bytes of one input. Out: nothing; a panic where Trunkform panicked or said what it must never say.
//! No network but a loopback socket, and no file but one of its own.

pub mod answers;
pub mod empty_accounts;
pub mod files;
pub mod folders;
pub mod journals;
pub mod layouts;
pub mod plans;
pub mod platforms;
#[path = "../../tests/trust/random_folder.rs"]
#[allow(dead_code, reason = "the property test uses more of it")]
mod random_folder;
pub mod shown;
#[path = "../../tests/trust/watcher.rs"]
mod watcher;

/// When every run starts: 2026-01-01T00:00:00Z.
pub const STARTED: jiff::Timestamp = jiff::Timestamp::constant(1_767_225_600, 0);
