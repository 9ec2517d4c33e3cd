//! From files to a plan, as `lib.rs` draws it.
//! In: paths, a way to reach the accounts, wishes. Out: a plan, complete or with what kept it from being so.
//! Only reads.

use std::collections::BTreeSet;
use std::path::PathBuf;

use trunkform::config::{self, Checked};
use trunkform::model::{AccountConfig, Address, Code, Config, Diagnostic, Pattern, Plan, State};
use trunkform::observe;
use trunkform::planner::{self, Choices};
use trunkform::{diff, scope};

use super::clock;
use super::made::Made;
use super::progress;
use super::reach::{Reach, Reached};
use super::settled::{self, Differing};
use super::unmatched;

/// What the command line says of a plan.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub(super) targets: Vec<Pattern>,
    pub(super) rotate: Vec<Pattern>,
    pub(super) allow_removals: Option<usize>,
    /// Whether a program will read the plan.
    pub(super) every_resource: bool,
}

/// Makes the plan. Whatever goes wrong is in it.
pub(super) async fn make(paths: &[PathBuf], reach: &Reach, wishes: Wishes) -> Made {
    let now = match clock::now() {
        Ok(now) => now,
        Err(why) => return Made::failed(why),
    };
    let Checked { config, sources, mut diagnostics } = config::load(paths, clock::day(now));
    let Wishes { targets, rotate, allow_removals, every_resource } = wishes;
    let choices = Choices { timestamp: now.to_string(), targets, allow_removals, every_resource };
    let mut made = Made { sources, ..Made::default() };
    if diagnostics.iter().any(Diagnostic::is_error) {
        made.plan.timestamp = choices.timestamp;
    } else {
        let accounts = config.accounts.iter().map(|one| (&one.account, one.provider, one.reading()));
        match reach.connect(accounts) {
            Ok(reached) => {
                // Whether such a trunk is live is what comes next.
                diagnostics.retain(|d| d.code != Code::NUM009);
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
    let accounts = config.accounts.iter().zip(reached);
    for ((account, reached), observed) in accounts.zip(observe(reached).await) {
        match settle(account, reached, observed, rotate).await {
            Ok(reading) => differing.push(reading),
            Err(why) => errors.push(why),
        }
    }
    if errors.is_empty() {
        let known = known(&differing);
        errors.extend(unmatched::complaints("--target", &choices.targets, &known));
        errors.extend(unmatched::complaints("--rotate", rotate, &known));
    }
    let plan = planner::plan(differing, choices);
    Plan { errors, ..plan }
}

/// What differs in one account, on the ground of readings that agree.
async fn settle(
    account: &AccountConfig,
    reached: &Reached,
    observed: Result<State, String>,
    rotate: &[Pattern],
) -> Result<Differing, String> {
    let differing = |state| {
        let world = scope::scope(account, state, reached.provider.kinds());
        let changes = diff::diff(&world, rotate);
        (world, changes)
    };
    let again = async || observe(std::slice::from_ref(reached)).await.remove(0).map(differing);
    settled::settled(differing(observed?), again).await
}

/// All that is declared or live.
fn known(differing: &[Differing]) -> BTreeSet<Address> {
    let sides = differing.iter().flat_map(|(world, _)| [&world.desired, &world.observed]);
    sides.flat_map(|side| side.resources.keys().cloned()).collect()
}

/// Reads all accounts at the same time.
pub(super) async fn observe(reached: &[Reached]) -> Vec<Result<State, String>> {
    let spinner = progress::reading(reached);
    let accounts: Vec<_> = reached.iter().map(Reached::ask).collect();
    let states = observe::observe(&accounts).await;
    spinner.finish_and_clear();
    let named = reached.iter().zip(states);
    named.map(|(one, state)| state.map_err(|why| format!("{}: {why}", one.account))).collect()
}
