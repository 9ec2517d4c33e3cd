//! From files to a plan, as `lib.rs` draws it.
//! In: paths, a way to reach the accounts, wishes. Out: a plan, complete or with what kept it from being so.
//! Only reads.

use std::path::PathBuf;

use trunkform::config::{self, Checked};
use trunkform::model::{Config, Diagnostic, Pattern, Plan, Sources, State};
use trunkform::planner::{self, Choices};
use trunkform::{diff, observe, scope};

use super::clock;
use super::exit::Failure;
use super::progress;
use super::reach::{Reach, Reached};

/// What the command line says of a plan.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub(super) targets: Vec<Pattern>,
    pub(super) rotate: Vec<Pattern>,
    pub(super) allow_removals: Option<usize>,
}

/// A plan with what it was made from.
#[derive(Default)]
pub(super) struct Made {
    pub(super) plan: Plan,
    pub(super) sources: Sources,
    pub(super) reached: Vec<Reached>,
}

impl Made {
    /// A plan that could not even be begun.
    pub(super) fn failed(Failure(why): Failure) -> Self {
        Self { plan: Plan { errors: vec![why], ..Plan::default() }, ..Self::default() }
    }
}

/// Makes the plan. Whatever goes wrong is in it.
pub(super) async fn make(paths: &[PathBuf], reach: &Reach, wishes: Wishes) -> Made {
    let now = match clock::now() {
        Ok(now) => now,
        Err(why) => return Made::failed(why),
    };
    let Checked { config, sources, diagnostics } = config::load(paths, clock::day(now));
    let Wishes { targets, rotate, allow_removals } = wishes;
    let choices = Choices { timestamp: now.to_string(), targets, allow_removals };
    let mut made = Made { sources, ..Made::default() };
    if diagnostics.iter().any(Diagnostic::is_error) {
        made.plan.timestamp = choices.timestamp;
    } else {
        let accounts = config.accounts.iter().map(|account| (&account.account, account.provider));
        match reach.connect(accounts) {
            Ok(reached) => {
                made.plan = live(&config, &reached, &rotate, &choices).await;
                made.reached = reached;
            }
            Err(missing) => {
                made.plan = Plan { timestamp: choices.timestamp, errors: missing, ..Plan::default() }
            }
        }
    }
    made.plan.diagnostics.splice(0..0, diagnostics);
    made
}

async fn live(config: &Config, reached: &[Reached], rotate: &[Pattern], choices: &Choices) -> Plan {
    let mut differing = Vec::new();
    let mut errors = Vec::new();
    for (account, observed) in config.accounts.iter().zip(observe(reached).await) {
        match observed {
            Ok(state) => {
                let kinds = trunkform::provider::get(account.provider)
                    .expect("an account that was reached has a platform")
                    .kinds();
                let world = scope::scope(account, state, kinds);
                let changes = diff::diff(&world, rotate);
                differing.push((world, changes));
            }
            Err(why) => errors.push(why),
        }
    }
    let plan = planner::plan(differing, choices);
    Plan { errors, ..plan }
}

/// Reads all accounts at the same time.
pub(super) async fn observe(reached: &[Reached]) -> Vec<Result<State, String>> {
    let spinner = progress::reading(reached);
    let accounts: Vec<_> = reached.iter().map(|one| (&one.account, one.provider.name(), &*one.api)).collect();
    let states = observe::observe(&accounts).await;
    spinner.finish_and_clear();
    let named = reached.iter().zip(states);
    named.map(|(one, state)| state.map_err(|why| format!("{}: {why}", one.account))).collect()
}
