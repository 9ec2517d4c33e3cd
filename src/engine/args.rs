//! What the caller of the engine asks for.
//! In: nothing. Out: the arguments of a plan, of a drift and of an apply.
//! Decides nothing.

use std::path::PathBuf;

use crate::config::Checked;
use crate::model::{Config, Noise, Pattern};
use crate::planner::Choices;

use super::context::Context;

/// Where a configuration comes from.
#[derive(Clone, Debug)]
pub enum ConfigSource {
    /// Files and folders; none: the default ones.
    Paths(Vec<PathBuf>),
    /// A configuration that was loaded already.
    Loaded(Box<Checked>),
    /// The same, compared with a configuration that was loaded from an earlier revision.
    LoadedSince {
        /// What the files say now.
        checked: Box<Checked>,
        /// What they said at the revision.
        baseline: Config,
    },
}

/// What the caller wants of a plan.
#[derive(Clone, Debug, Default)]
pub struct PlanArgs {
    /// `--target`.
    pub targets: Vec<Pattern>,
    /// `--rotate`.
    pub rotate: Vec<Pattern>,
    /// `--since`: the revision that the files are compared with.
    pub since: Option<String>,
    /// `--at`: the revision from which the files are read, in place of the disk.
    pub at: Option<String>,
    /// What `drift` looks past. The plan names the patterns that match nothing.
    pub ignore: Vec<Pattern>,
    /// `--allow-removals`.
    pub allow_removals: Option<usize>,
    /// Whether the plan holds every declared resource, not only what changes.
    pub every_resource: bool,
    /// Whether no account is read where one of them has no connection.
    pub all_or_none: bool,
    /// The address that `why` asks about.
    pub why: Option<String>,
}

impl PlanArgs {
    /// What the planner needs of it.
    pub(super) fn choices(&self, context: &Context<'_>) -> Choices {
        Choices {
            timestamp: context.started.to_string(),
            targets: self.targets.clone(),
            allow_removals: self.allow_removals,
            every_resource: self.every_resource,
            ..Choices::default()
        }
    }
}

/// What the caller wants of a drift.
#[derive(Clone, Debug, Default)]
pub struct DriftArgs {
    /// `--at`: the revision from which the files are read, in place of the disk.
    pub at: Option<String>,
    /// `--ignore`; what has expired has no effect.
    pub ignore: Vec<Noise>,
    /// Whether live things that no file lists count as drift.
    pub unlisted: bool,
    /// Whether the plan holds every declared resource, not only what changes.
    pub every_resource: bool,
}
