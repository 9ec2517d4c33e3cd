//! From files, or from a journal, to a plan, as `lib.rs` draws it.
//! In: a configuration or a desired source, what the caller wants. Out: a plan, complete or with what kept it from being so.
//! Only reads.

use std::collections::{BTreeSet, HashMap};

use crate::apply::SecretFiles;
use crate::config::Checked;
use crate::model::{Action, Address, Change, Code, Diagnostic, KindName, Pattern, Plan, Reading, State};
use crate::planner::{self, Choices, Planned};

use super::account_client::{AccountClient, UnreachableAccount};
use super::address_arg;
use super::args::{ConfigSource, PlanArgs};
use super::connect::connect;
use super::context::Context;
use super::desired_source::DesiredSource;
use super::load::{LoadedConfig, load};
use super::observe::observe;
use super::outcome::PlanOutcome;
use super::patterns::unmatched;
use super::stable_read::{AccountDiff, ReadAgain, until_stable};
use super::staleness;

/// Makes the plan of what files declare. Whatever goes wrong is in it; an account that can't be read leaves the others' part as it is.
pub async fn plan(context: &Context<'_>, source: ConfigSource, args: PlanArgs) -> PlanOutcome {
    let LoadedConfig { checked, baseline, notes } = match load(source, &args, context) {
        Ok(loaded) => loaded,
        Err(why) => return PlanOutcome::failed(why),
    };
    let Checked { config, sources, mut diagnostics, waivers, folders } = checked;
    let choices = args.choices(context);
    let mut outcome = if diagnostics.iter().any(Diagnostic::is_error) {
        let plan = Plan { timestamp: choices.timestamp, ..Plan::default() };
        PlanOutcome { plan, ..PlanOutcome::default() }
    } else {
        let desired = DesiredSource::from_files((config, baseline), waivers, &args);
        let outcome = plan_desired(context, &desired, (&choices, args.all_or_none)).await;
        if !outcome.clients.is_empty() {
            // Whether such a trunk is live was just read.
            diagnostics.retain(|d| d.code != Code::NUM009);
        }
        outcome
    };
    outcome.sources = sources;
    outcome.secret_files = SecretFiles::new(folders);
    outcome.plan.diagnostics.splice(0..0, diagnostics);
    outcome.plan.since = args.since;
    outcome.notes.splice(0..0, notes);
    outcome
}

/// Both sides of each account that files declare, with what differs: the first half of [`plan`].
///
/// # Errors
/// The sentences that the plan would have: what is wrong with the files, or why an account could not be read.
pub async fn compare(
    context: &Context<'_>,
    source: ConfigSource,
    args: &PlanArgs,
) -> Result<Vec<AccountDiff>, Vec<String>> {
    let loaded = load(source, args, context).map_err(|why| vec![why])?;
    let LoadedConfig { checked: Checked { config, diagnostics, waivers, .. }, baseline, .. } = loaded;
    let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    if !errors.is_empty() {
        return Err(errors.into_iter().map(|error| error.message).collect());
    }
    let desired = DesiredSource::from_files((config, baseline), waivers, args);
    let (clients, missing) = connect_all(context, &desired, args.all_or_none);
    let (diffs, unreadable) = compare_live(context, &desired, (&clients, missing)).await;
    if unreadable.is_empty() { Ok(diffs) } else { Err(unreadable.into_iter().map(|one| one.why).collect()) }
}

/// The plan of a desired source; of nothing at all where one account has no connection and `all_or_none` are to be read.
pub(super) async fn plan_desired(
    context: &Context<'_>,
    desired: &DesiredSource,
    (choices, all_or_none): (&Choices, bool),
) -> PlanOutcome {
    let (clients, missing) = connect_all(context, desired, all_or_none);
    let outcome = plan_live(context, desired, (&clients, missing), choices).await;
    PlanOutcome { clients, ..outcome }
}

/// The clients of the accounts of a desired source, and the accounts that have none.
fn connect_all(
    context: &Context<'_>,
    desired: &DesiredSource,
    all_or_none: bool,
) -> (Vec<AccountClient>, Vec<UnreachableAccount>) {
    let (mut clients, missing) = connect(context, desired.accounts().into_iter());
    if all_or_none && !missing.is_empty() {
        clients.clear();
    }
    (clients, missing)
}

/// The plan, what somebody asked about, and a note for each pattern that names nothing and does no harm.
async fn plan_live(
    context: &Context<'_>,
    desired: &DesiredSource,
    (clients, missing): (&[AccountClient], Vec<UnreachableAccount>),
    choices: &Choices,
) -> PlanOutcome {
    let (diffs, unreadable) = compare_live(context, desired, (clients, missing)).await;
    let (unread, mut errors): (Vec<_>, Vec<_>) =
        unreadable.into_iter().map(|UnreachableAccount { account, why }| (account, why)).unzip();
    let mut notes = Vec::new();
    if errors.is_empty() {
        let known = std::cell::LazyCell::new(|| all_addresses(&diffs));
        let complaints = |option, patterns: &[Pattern]| match patterns {
            [] => Vec::new(),
            _ => unmatched(option, patterns, &known),
        };
        errors.extend(complaints("--target", &choices.targets));
        errors.extend(complaints("--rotate", desired.rotate()));
        notes.extend(complaints("--ignore", desired.ignore()));
    }
    let subject = desired.why().map(|text| address_arg::find_live(text, &diffs));
    let passed_over = passed_over(desired, &diffs);
    let choices = Choices { unread: desired.numbers_of(&unread), passed_over, ..choices.clone() };
    let Planned { mut plan, bases } = planner::plan(diffs, &choices, context.platforms);
    for (account, basis) in plan.accounts.iter_mut().zip(&bases) {
        account.fingerprints = staleness::fingerprints(basis);
    }
    PlanOutcome { plan: Plan { errors, unread, ..plan }, notes, subject, ..PlanOutcome::default() }
}

/// Reads the accounts and compares each with what is desired; in order of their names those that could not be read.
async fn compare_live(
    context: &Context<'_>,
    desired: &DesiredSource,
    (clients, missing): (&[AccountClient], Vec<UnreachableAccount>),
) -> (Vec<AccountDiff>, Vec<UnreachableAccount>) {
    let (mut diffs, mut unreadable) = (Vec::new(), missing);
    for (client, observed) in clients.iter().zip(observe(context, clients).await) {
        match read_stable(context, desired, (client, observed)).await {
            Ok(diff) => diffs.push(diff),
            Err(why) => unreadable.push(UnreachableAccount { account: client.account.clone(), why }),
        }
    }
    unreadable.sort_by(|a, b| a.account.cmp(&b.account));
    (diffs, unreadable)
}

/// The numbers that files declare, and that their accounts ignore and do not have; it takes several accounts for one to matter.
fn passed_over(desired: &DesiredSource, diffs: &[AccountDiff]) -> Vec<Address> {
    if diffs.len() < 2 {
        return Vec::new();
    }
    let accounts: Vec<_> = diffs.iter().map(|(world, _)| world.account.clone()).collect();
    let mut declared = desired.numbers_of(&accounts);
    let states: HashMap<_, _> = diffs.iter().map(|(world, _)| (&world.account, &world.desired)).collect();
    declared.retain(|address| states[&address.account].get(address).is_none());
    declared
}

/// What differs in one account, from readings that agree. While a plan is made, an account is read a second time here alone: for what may hide in a list of several pages, and for the
/// numbers of an account whose trunks were enough until one of them is to be deleted.
async fn read_stable(
    context: &Context<'_>,
    desired: &DesiredSource,
    (client, observed): (&AccountClient, Result<State, String>),
) -> Result<AccountDiff, String> {
    let first = desired.diff(client, observed?);
    let mut reader = AccountReader { context, desired, client: client.clone() };
    if client.reading == Reading::Everything || !deletes_a_trunk(&first) {
        return until_stable(client.provider, first, reader).await;
    }
    reader.client = client.whole();
    let mut whole = reader.read_again().await?;
    whole.0.observed.requests += first.0.observed.requests;
    until_stable(client.provider, whole, reader).await
}

/// Reads one account and compares it with what is desired.
struct AccountReader<'a> {
    context: &'a Context<'a>,
    desired: &'a DesiredSource,
    client: AccountClient,
}

impl ReadAgain for AccountReader<'_> {
    async fn read_again(&mut self) -> Result<AccountDiff, String> {
        let state = observe(self.context, std::slice::from_ref(&self.client)).await.remove(0)?;
        Ok(self.desired.diff(&self.client, state))
    }
}

/// Whether a live trunk is deleted, for good or to be replaced.
fn deletes_a_trunk((_, changes): &AccountDiff) -> bool {
    let deletes = |change: &Change| matches!(change.action, Action::Delete | Action::Replace);
    changes.iter().any(|change| change.address.kind == KindName::Trunk && deletes(change))
}

/// All that is declared or live.
fn all_addresses(diffs: &[AccountDiff]) -> BTreeSet<Address> {
    let sides = diffs.iter().flat_map(|(world, _)| [&world.desired, &world.observed]);
    sides.flat_map(|side| side.resources.keys().cloned()).collect()
}
