//! From files to a plan, as `lib.rs` draws it.
//! In: paths, a way to reach the accounts, wishes. Out: a plan, complete or with what kept it from being so.
//! Only reads.

use std::collections::BTreeSet;
use std::path::PathBuf;

use trunkform::config::{self, Checked, Waivers};
use trunkform::model::{
    Action, Address, Change, Code, Config, Diagnostic, KindName, Pattern, Plan, Reading, State,
};
use trunkform::observe;
use trunkform::planner::{self, Choices};
use trunkform::{diff, scope};

use super::asked::{self, Asked};
use super::clock;
use super::made::Made;
use super::progress;
use super::reach::{Reach, Reached, Unread};
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
    /// Whether nothing is to be read where the environment does not say how to reach each account.
    pub(super) all_or_none: bool,
    /// The address that somebody asks about.
    pub(super) why: Option<String>,
}

/// Makes the plan. Whatever goes wrong is in it; an account that can't be read leaves the others' part as it is.
pub(super) async fn make(paths: &[PathBuf], reach: &Reach, wishes: Wishes) -> Made {
    let now = match clock::now() {
        Ok(now) => now,
        Err(why) => return Made::failed(why),
    };
    let Checked { config, sources, mut diagnostics, waivers } = config::load(paths, clock::day(now));
    let Wishes { targets, rotate, allow_removals, every_resource, all_or_none, why } = wishes;
    let choices = Choices { timestamp: now.to_string(), targets, allow_removals, every_resource };
    let mut made = Made { sources, ..Made::default() };
    if diagnostics.iter().any(Diagnostic::is_error) {
        made.plan.timestamp = choices.timestamp;
    } else {
        let accounts = config.accounts.iter().map(|one| (&one.account, one.provider, one.reading()));
        let (mut reached, missing) = reach.connect(accounts);
        if all_or_none && !missing.is_empty() {
            reached.clear();
        }
        if !reached.is_empty() {
            // Whether such a trunk is live is what comes next.
            diagnostics.retain(|d| d.code != Code::NUM009);
        }
        let files = Files { config: &config, waivers: &waivers, rotate: &rotate, why: why.as_deref() };
        (made.plan, made.asked) = live(&files, (&reached, missing), &choices).await;
        made.reached = reached;
    }
    made.plan.diagnostics.splice(0..0, diagnostics);
    made
}

/// What the files say, and what of it is sent again.
struct Files<'a> {
    config: &'a Config,
    waivers: &'a Waivers,
    rotate: &'a [Pattern],
    why: Option<&'a str>,
}

async fn live(
    files: &Files<'_>,
    (reached, missing): (&[Reached], Vec<Unread>),
    choices: &Choices,
) -> (Plan, Option<Asked>) {
    let (mut differing, mut unread) = (Vec::new(), missing);
    for (one, observed) in reached.iter().zip(observe(reached).await) {
        match settle(files, one, observed).await {
            Ok(reading) => differing.push(reading),
            Err(why) => unread.push(Unread { account: one.account.clone(), why }),
        }
    }
    unread.sort_by(|a, b| a.account.cmp(&b.account));
    let (unread, mut errors): (Vec<_>, Vec<_>) =
        unread.into_iter().map(|Unread { account, why }| (account, why)).unzip();
    if errors.is_empty() {
        let known = known(&differing);
        errors.extend(unmatched::complaints("--target", &choices.targets, &known));
        errors.extend(unmatched::complaints("--rotate", files.rotate, &known));
    }
    let asked = files.why.map(|text| asked::live(text, &differing));
    let plan = planner::plan(differing, choices);
    (Plan { errors, unread, ..plan }, asked)
}

/// What differs in one account, on the ground of readings that agree.
async fn settle(
    files: &Files<'_>,
    reached: &Reached,
    observed: Result<State, String>,
) -> Result<Differing, String> {
    let account = files.config.accounts.iter().find(|account| account.account == reached.account);
    let account = account.expect("only accounts of the files are reached");
    let differing = |state| {
        let mut world = scope::scope(account, state, reached.provider.kinds());
        world.diagnostics = files.waivers.over_live(&account.account, world.diagnostics);
        let changes = diff::diff(&world, files.rotate);
        (world, changes)
    };
    let read =
        async |reached: &Reached| observe(std::slice::from_ref(reached)).await.remove(0).map(differing);
    let first = differing(observed?);
    if reached.reading == Reading::Everything || !gives_up_a_trunk(&first) {
        return settled::settled(first, async || read(reached).await).await;
    }
    // Whatever is on a trunk that goes must be seen, though no file speaks of numbers.
    let reached = reached.whole();
    let mut whole = read(&reached).await?;
    whole.0.observed.requests += first.0.observed.requests;
    settled::settled(whole, async || read(&reached).await).await
}

/// Whether a live trunk goes, for good or to be made anew.
fn gives_up_a_trunk((_, changes): &Differing) -> bool {
    let goes = |change: &Change| matches!(change.action, Action::Delete | Action::Replace);
    changes.iter().any(|change| change.address.kind == KindName::Trunk && goes(change))
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
