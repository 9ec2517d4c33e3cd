//! From files, or from a journal, to a plan, as `lib.rs` draws it.
//! In: paths or what is wanted, a way to reach the accounts, wishes. Out: a plan, complete or with what kept it from being so.
//! Only reads.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use trunkform::config::Checked;
use trunkform::model::{Action, Address, Change, Code, Diagnostic, KindName, Pattern, Plan, Reading, State};
use trunkform::observe;
use trunkform::planner::{self, Choices};

use super::asked;
use super::clock;
use super::made::Made;
use super::progress;
use super::reach::{Reach, Reached, Unread};
use super::said::{self, Said};
use super::settled::{self, Differing};
use super::unmatched;
use super::wanted::Wanted;

/// What the command line says of a plan.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    pub(super) targets: Vec<Pattern>,
    pub(super) rotate: Vec<Pattern>,
    /// The revision that the files are compared with.
    pub(super) since: Option<String>,
    /// The revision from which the files are read, in place of the disk.
    pub(super) at: Option<String>,
    /// What `drift` looks past.
    pub(super) ignore: Vec<Pattern>,
    pub(super) allow_removals: Option<usize>,
    /// Whether a program will read the plan.
    pub(super) every_resource: bool,
    /// Whether nothing is to be read where the environment does not say how to reach each account.
    pub(super) all_or_none: bool,
    /// Whether a log is told nothing of the reading.
    pub(super) quiet: bool,
    /// The address that somebody asks about.
    pub(super) why: Option<String>,
}

/// Makes the plan of what files say. Whatever goes wrong is in it; an account that can't be read leaves the others' part as it is.
pub(super) async fn make(paths: &[PathBuf], reach: &Reach, wishes: Wishes) -> Made {
    let now = match clock::now() {
        Ok(now) => now,
        Err(why) => return Made::failed(why),
    };
    let Said { checked, before, notes } = match said::read(paths, &wishes, clock::day(now)) {
        Ok(said) => said,
        Err(why) => return Made::failed(why),
    };
    let Checked { config, sources, mut diagnostics, waivers } = checked;
    let Wishes { since, rotate, ignore, why, all_or_none, .. } = wishes.clone();
    let choices = choices(wishes, now);
    let mut made = Made { sources, ..Made::default() };
    if diagnostics.iter().any(Diagnostic::is_error) {
        made.plan.timestamp = choices.timestamp;
    } else {
        let wanted = Wanted::Files { config, before, waivers, rotate, ignore, why };
        made = Made { sources: made.sources, ..of(&wanted, reach, (&choices, all_or_none)).await };
        if !made.reached.is_empty() {
            // Whether such a trunk is live was just read.
            diagnostics.retain(|d| d.code != Code::NUM009);
        }
    }
    made.plan.diagnostics.splice(0..0, diagnostics);
    made.plan.since = since;
    made.notes.splice(0..0, notes);
    made
}

/// What planning needs of the wishes.
pub(super) fn choices(wishes: Wishes, now: jiff::Timestamp) -> Choices {
    let Wishes { targets, allow_removals, every_resource, .. } = wishes;
    let timestamp = now.to_string();
    Choices { timestamp, targets, allow_removals, every_resource, ..Choices::default() }
}

/// The plan of what is wanted, whoever says it; of nothing at all where one account can't be reached and `all_or_none` are to be read.
pub(super) async fn of(wanted: &Wanted, reach: &Reach, (choices, all_or_none): (&Choices, bool)) -> Made {
    let (mut reached, missing) = reach.connect(wanted.accounts().into_iter());
    if all_or_none && !missing.is_empty() {
        reached.clear();
    }
    let made = live(wanted, (&reached, missing), choices).await;
    Made { reached, ..made }
}

/// The plan, what somebody asked about, and a note for each pattern that names nothing and does no harm.
async fn live(wanted: &Wanted, (reached, missing): (&[Reached], Vec<Unread>), choices: &Choices) -> Made {
    let (mut differing, mut unread) = (Vec::new(), missing);
    for (one, observed) in reached.iter().zip(observe(reached).await) {
        match settle(wanted, one, observed).await {
            Ok(reading) => differing.push(reading),
            Err(why) => unread.push(Unread { account: one.account.clone(), why }),
        }
    }
    unread.sort_by(|a, b| a.account.cmp(&b.account));
    let (unread, mut errors): (Vec<_>, Vec<_>) =
        unread.into_iter().map(|Unread { account, why }| (account, why)).unzip();
    let mut notes = Vec::new();
    if errors.is_empty() {
        let known = std::cell::LazyCell::new(|| known(&differing));
        let complaints = |option, patterns: &[Pattern]| match patterns {
            [] => Vec::new(),
            _ => unmatched::complaints(option, patterns, &known),
        };
        errors.extend(complaints("--target", &choices.targets));
        errors.extend(complaints("--rotate", wanted.rotate()));
        notes.extend(complaints("--ignore", wanted.ignore()));
    }
    let asked = wanted.why().map(|text| asked::live(text, &differing));
    let passed_over = passed_over(wanted, &differing);
    let choices = Choices { unread: wanted.numbers_of(&unread), passed_over, ..choices.clone() };
    let plan = planner::plan(differing, &choices);
    Made { plan: Plan { errors, unread, ..plan }, notes, asked, ..Made::default() }
}

/// The numbers that files declare, and that their accounts ignore and do not have; it takes several accounts for one to matter.
fn passed_over(wanted: &Wanted, differing: &[Differing]) -> Vec<Address> {
    if differing.len() < 2 {
        return Vec::new();
    }
    let accounts: Vec<_> = differing.iter().map(|(world, _)| world.account.clone()).collect();
    let mut declared = wanted.numbers_of(&accounts);
    let wanted: HashMap<_, _> = differing.iter().map(|(world, _)| (&world.account, &world.desired)).collect();
    declared.retain(|address| wanted[&address.account].get(address).is_none());
    declared
}

/// What differs in one account, on the ground of readings that agree.
async fn settle(
    wanted: &Wanted,
    reached: &Reached,
    observed: Result<State, String>,
) -> Result<Differing, String> {
    let differing = |state| wanted.differing(reached, state);
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
    let accounts: Vec<_> = reached.iter().map(Reached::ask).collect();
    let states = progress::observing(reached, observe::observe(&accounts)).await;
    let named = reached.iter().zip(states);
    named.map(|(one, state)| state.map_err(|why| format!("{}: {why}", one.account))).collect()
}
