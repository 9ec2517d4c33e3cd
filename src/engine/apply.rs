//! A plan is sent.
//! In: a plan with its clients, somebody to ask. Out: the same with a report of what was sent, or why nothing was.
//! Whatever speaks against sending is found before anything is asked; what changes during the question, before anything is sent.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::api::Writer;
use crate::apply::{Event, Journal, Options, Secrets, Sender, Stop, execute};
use crate::model::{Diagnostic, Plan, Refusal, Report, Step};

use super::account_client::AccountClient;
use super::context::{Context, tick_while};
use super::link::refuse_link;
use super::outcome::{Obstacle, PlanOutcome};
use super::staleness::{self, BlockedSteps, PartialApply, StalenessCheck};
use super::user_file::may_write_to;

/// Asks whether a plan is to be sent; an error is a sentence that says why nobody can be asked.
pub type Question<'a> = &'a (dyn Fn(&Plan) -> BoxFuture<'static, Result<bool, String>> + Sync);

/// Whether somebody has approved a plan.
#[derive(Clone, Copy)]
pub enum Approval<'a> {
    /// Yes.
    Given,
    /// Somebody is asked. Whatever the plan touches is read again after a yes.
    Ask(Question<'a>),
}

/// How a plan is sent.
pub struct ApplyArgs<'a> {
    /// Whether somebody has approved it.
    pub approval: Approval<'a>,
    /// At most so many requests are under way, and at most so many resources are down at a time.
    pub parallelism: usize,
    /// The file that the run is recorded in.
    pub journal: Option<PathBuf>,
    /// Whether the run goes on.
    pub stop: watch::Receiver<Stop>,
}

/// What became of a plan.
pub struct ApplyOutcome {
    /// The plan, with what was found after it was made.
    pub planned: PlanOutcome,
    /// How it ended.
    pub end: ApplyEnd,
}

/// How an apply ended.
#[derive(Debug)]
pub enum ApplyEnd {
    /// The plan has errors or is refused; nothing was sent.
    Blocked(Obstacle),
    /// Something has changed since the plan was shown; nothing was sent.
    Stale(Vec<Refusal>),
    /// Secrets are missing; nothing was sent.
    MissingSecrets(Vec<Diagnostic>),
    /// Something else speaks against it, or the answer was not yes; nothing was sent.
    NotSent(String),
    /// The run was interrupted; nothing was sent.
    Interrupted,
    /// Each step has an outcome.
    Sent(Report),
}

/// Everything that it takes to send.
struct PreparedApply {
    secrets: Secrets,
    journal: Option<Journal>,
}

/// Sends a plan, if nothing speaks against it and somebody approves.
pub async fn apply(context: &Context<'_>, mut planned: PlanOutcome, args: ApplyArgs<'_>) -> ApplyOutcome {
    let mut stop = args.stop.clone();
    let prepared = tokio::select! {
        prepared = prepare(context, &planned, &args) => prepared,
        () = interrupted(&mut stop) => Err(ApplyEnd::Interrupted),
    };
    let end = match prepared {
        Ok(prepared) => ApplyEnd::Sent(send(context, &planned, prepared, args).await),
        Err(end) => end,
    };
    match &end {
        ApplyEnd::MissingSecrets(missing) => planned.plan.diagnostics.extend(missing.iter().cloned()),
        ApplyEnd::NotSent(why) => planned.plan.errors.push(why.clone()),
        ApplyEnd::Stale(refusals) => planned.plan.refusals.extend(refusals.iter().cloned()),
        ApplyEnd::Blocked(_) | ApplyEnd::Interrupted | ApplyEnd::Sent(_) => {}
    }
    ApplyOutcome { planned, end }
}

/// Comes back with the first wish to stop.
async fn interrupted(stop: &mut watch::Receiver<Stop>) {
    if stop.wait_for(|stop| *stop != Stop::Not).await.is_err() {
        // Nobody can wish it any more.
        std::future::pending::<()>().await;
    }
}

/// Everything up to the first request.
async fn prepare(
    context: &Context<'_>,
    planned: &PlanOutcome,
    args: &ApplyArgs<'_>,
) -> Result<PreparedApply, ApplyEnd> {
    if let Some(obstacle) = planned.obstacle() {
        return Err(ApplyEnd::Blocked(obstacle));
    }
    let plan = &planned.plan;
    let kinds_of = |platform: &str| context.kinds_of(platform);
    let (names, environment) = (&context.secret_names, &context.environment);
    let secrets = Secrets::resolve(plan, &kinds_of, names, environment, &planned.secret_files)
        .map_err(ApplyEnd::MissingSecrets)?;
    let journal = args.journal.as_deref().map(|path| journal(context, path, plan)).transpose();
    let prepared = PreparedApply { secrets, journal: journal.map_err(ApplyEnd::NotSent)? };
    let Approval::Ask(question) = args.approval else { return Ok(prepared) };
    if plan.is_empty() {
        return Ok(prepared);
    }
    match question(plan).await {
        Ok(true) => check_unchanged(context, planned).await.map(|()| prepared),
        Ok(false) => Err(ApplyEnd::NotSent("nothing was sent: the answer was not `yes`".into())),
        Err(why) => Err(ApplyEnd::NotSent(why)),
    }
}

fn journal(context: &Context<'_>, path: &Path, plan: &Plan) -> Result<Journal, String> {
    refuse_link(path)?;
    if !may_write_to(path, "{\"event\"") {
        return Err(format!("`{}` is there and is no journal: nothing is added to it", path.display()));
    }
    let journal = Journal::open(path, context.clock.clone()).and_then(|journal| journal.of(plan));
    journal.map_err(|why| format!("the journal `{}` can't be opened: {why}", path.display()))
}

/// Whether all that the plan touches is as it was shown: somebody may have thought about the answer for long.
async fn check_unchanged(context: &Context<'_>, planned: &PlanOutcome) -> Result<(), ApplyEnd> {
    let plan = &planned.plan;
    let is_planned = |one: &&AccountClient| {
        let mut accounts = plan.accounts.iter();
        accounts.any(|account| account.account == one.account && !account.fingerprints.is_empty())
    };
    let clients: Vec<_> = planned.clients.iter().filter(is_planned).map(AccountClient::whole).collect();
    match staleness::check(context, plan, &clients, PartialApply::Unavailable).await {
        Ok(StalenessCheck { refusals, .. }) if refusals.is_empty() => Ok(()),
        Ok(StalenessCheck { refusals, .. }) => Err(ApplyEnd::Stale(refusals)),
        Err(why) => Err(ApplyEnd::NotSent(why)),
    }
}

async fn send(
    context: &Context<'_>,
    planned: &PlanOutcome,
    prepared: PreparedApply,
    args: ApplyArgs<'_>,
) -> Report {
    let PlanOutcome { plan, clients, blocked, .. } = planned;
    let PreparedApply { secrets, journal } = prepared;
    let steps = without(&plan.steps, blocked);
    let options = Options { parallelism: args.parallelism, journal, stop: args.stop };
    let writers: BTreeMap<_, _> =
        clients.iter().map(|one| (one.account.clone(), Writer::over(one.api.clone()))).collect();
    let sender = Sender::new(writers, secrets).polling_at_most(context.transport.longest_poll());
    let sender = Arc::new(sender);
    let progress = context.reporter.applying(plan, &steps, clients);
    let on_event = &mut |event: Event<'_>| progress.on_event(event);
    let work = execute(&steps, options, |step| sender.clone().send(step), on_event);
    tick_while(&*progress, work).await.with_held(&plan.steps, blocked.clone())
}

/// The steps without those that are blocked.
fn without<'a>(steps: &'a [Step], blocked: &BlockedSteps) -> Cow<'a, [Step]> {
    if blocked.is_empty() {
        return steps.into();
    }
    steps.iter().filter(|step| !blocked.contains_key(&step.id)).cloned().collect()
}
