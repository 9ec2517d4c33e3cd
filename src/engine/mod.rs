//! The pipeline: the one place that puts the stages together.
//! In: arguments, and all that is outside (platforms, time, environment, connections, a reporter). Out: a plan, what was sent of it, a drift, the way back, a file.
//! Prints nothing and keeps nothing between two calls. Whatever wants a plan calls this: the command line, tests, fuzzers, benchmarks.

mod account_client;
mod address_arg;
mod apply;
mod args;
mod connect;
mod context;
mod desired_source;
mod drift;
mod export;
mod link;
mod load;
mod observe;
mod outcome;
mod patterns;
mod plan;
mod plan_file;
mod stable_read;
pub mod staleness;
mod undo;
mod user_file;

pub use account_client::{AccountClient, AccountRequest, UnreachableAccount};
pub use address_arg::{ResolvedSubject, find_in_plan};
pub use apply::{ApplyArgs, ApplyEnd, ApplyOutcome, Approval, Question, apply};
pub use args::{ConfigSource, DriftArgs, PlanArgs};
pub use context::{Context, Environment, Progress, Reporter, Silent, Transport};
pub use drift::drift;
pub use export::{ExportError, FileChange, MergeArgs, MergeOutcome, export, merge};
pub use link::refuse_link;
pub use outcome::{Obstacle, PlanOutcome};
pub use plan::{compare, plan};
pub use plan_file::{open_plan, recheck, reopen, saved_plan};
pub use stable_read::AccountDiff;
pub use staleness::{BlockedSteps, StalenessCheck};
pub use undo::undo;
pub use user_file::{may_write_to, read_text};
