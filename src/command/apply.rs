//! `apply`: plan, ask, send.
//! In: files or a saved plan, and the live accounts. Out: a report of what was sent, and an exit code that says whether all of it was done.
//! Shows what the engine finds; whether something is sent is decided there.

use trunkform::engine::{
    self, ApplyArgs, ApplyEnd, ApplyOutcome, Approval, ConfigSource, Context, Obstacle, PlanArgs, PlanOutcome,
};
use trunkform::model::{Outcome, Plan, Report};
use trunkform::render::{human, report};

use super::connect::Connector;
use super::exit::{Exit, Failure};
use super::progress::StderrReporter;
use super::signals::Signals;
use super::{confirm, lease, output, signals};
use crate::cli::{self, Format};

pub(super) fn run(args: &cli::Apply) -> Result<Exit, Failure> {
    signals::run(|signals| async move {
        let held = match lease::hold(&args.lease, &signals).await {
            Ok(held) => held,
            Err(outcome) => return failed(args, &outcome),
        };
        let done = under_lease(args, held.signals()).await;
        held.release(done).await
    })
}

/// The run, while the lease is held if there is one.
async fn under_lease(args: &cli::Apply, signals: Signals) -> Result<Exit, Failure> {
    let failed = |Failure(why)| failed(args, &PlanOutcome::failed(why));
    let connector = match Connector::open(&args.live).await {
        Ok(connector) => connector,
        Err(why) => return failed(why),
    };
    let reporter = StderrReporter::default();
    let (done, sent) = match connector.context(&reporter) {
        Ok(context) => applied(args, &context, signals).await,
        Err(why) => (failed(why), false),
    };
    closed(connector.close().await, done, sent)
}

/// How a run ends whose sandbox was closed. Once something was sent, a state that can't be kept is no error before the first request.
fn closed(close: Result<(), Failure>, done: Result<Exit, Failure>, sent: bool) -> Result<Exit, Failure> {
    match (close, done) {
        (Err(Failure(why)), Ok(exit)) if sent => {
            output::error(&why);
            Ok(if exit == Exit::Interrupted { exit } else { Exit::Incomplete })
        }
        (close, done) => close.and(done),
    }
}

/// Plans, shows and sends; and whether something was sent.
async fn applied(
    args: &cli::Apply,
    context: &Context<'_>,
    mut signals: Signals,
) -> (Result<Exit, Failure>, bool) {
    let planned = match plan(args, context, &mut signals).await {
        Ok(planned) => planned,
        Err(plan) => return (ended(args, &plan, Exit::Interrupted), false),
    };
    if let Some(exit) = show(args, &planned) {
        return (ended(args, &planned.plan, exit), false);
    }
    let approved = args.auto_approve || args.plan.is_some();
    let approval =
        if approved { Approval::Given } else { Approval::Ask(&|plan| Box::pin(confirm::ask(&plan.unread))) };
    let apply_args = ApplyArgs {
        approval,
        parallelism: args.parallelism,
        journal: args.journal.clone(),
        stop: signals.watched(),
    };
    let ApplyOutcome { planned, end } = engine::apply(context, planned, apply_args).await;
    match end {
        ApplyEnd::Sent(report) => {
            let exit = reported(args, &planned.plan, &report);
            (Ok(exit), exit != Exit::Error && !planned.plan.is_empty())
        }
        end => (ended(args, &planned.plan, unsent(&planned, &end)), false),
    }
}

/// The plan of the files, or the saved one; where a signal comes first, what there is of it.
async fn plan(args: &cli::Apply, context: &Context<'_>, signals: &mut Signals) -> Result<PlanOutcome, Plan> {
    let allow_removals = args.allow_removals;
    if let Some(file) = &args.plan {
        let saved = engine::saved_plan(context, file, allow_removals);
        return tokio::select! {
            check = engine::recheck(context, &saved, args.partial) => Ok(saved.with_recheck(check)),
            () = signals.first() => Err(saved.plan),
        };
    }
    let (since, source) = (args.since.clone(), ConfigSource::Paths(args.files.paths.clone()));
    let plan_args = PlanArgs { allow_removals, since, all_or_none: true, ..PlanArgs::default() };
    tokio::select! {
        planned = engine::plan(context, source, plan_args) => Ok(planned),
        () = signals.first() => Err(Plan::default()),
    }
}

/// A run without a plan: it could not be made, or another run holds the lease.
fn failed(args: &cli::Apply, outcome: &PlanOutcome) -> Result<Exit, Failure> {
    output::complaints(outcome);
    output::refusals(&outcome.plan);
    ended(args, &outcome.plan, outcome.obstacle().map_or(Exit::Error, blocked))
}

/// A run that ends without having sent anything: programs get their document all the same.
fn ended(args: &cli::Apply, plan: &Plan, exit: Exit) -> Result<Exit, Failure> {
    if exit == Exit::Interrupted {
        output::error("interrupted; nothing was sent");
    }
    if args.format == Format::Json {
        let report = Report { interrupted: exit == Exit::Interrupted, ..Report::default() };
        output::data(report::json(plan, &report).as_bytes())?;
    }
    Ok(exit)
}

/// The plan: on stdout for people; beside the data where data was asked for and somebody is to be asked. Says how the run ends, if it ends here.
fn show(args: &cli::Apply, planned: &PlanOutcome) -> Option<Exit> {
    let plan = &planned.plan;
    output::complaints(planned);
    let shown = match args.format {
        _ if output::nothing_but_errors(plan) => Ok(()),
        Format::Human => output::text(&human::plan(plan)),
        Format::Json => {
            output::note(human::plan(plan).trim_end());
            Ok(())
        }
    };
    if let Err(Failure(why)) = shown {
        output::error(&why);
        return Some(Exit::Error);
    }
    output::refusals(plan);
    let exit = planned.obstacle().map(blocked);
    if exit.is_none() {
        planned.blocked_note.iter().for_each(|note| output::warning(note));
    }
    exit
}

fn blocked(obstacle: Obstacle) -> Exit {
    match obstacle {
        Obstacle::Errors => Exit::Error,
        Obstacle::Refusals => Exit::Refused,
    }
}

/// Why nothing was sent, on stderr.
fn unsent(planned: &PlanOutcome, end: &ApplyEnd) -> Exit {
    match end {
        ApplyEnd::MissingSecrets(missing) => {
            output::diagnostics(missing, &planned.sources);
            Exit::Error
        }
        ApplyEnd::NotSent(why) => {
            output::error(why);
            Exit::Error
        }
        ApplyEnd::Stale(_) => {
            output::refusals(&planned.plan);
            Exit::Refused
        }
        ApplyEnd::Blocked(obstacle) => blocked(*obstacle),
        ApplyEnd::Interrupted | ApplyEnd::Sent(_) => Exit::Interrupted,
    }
}

/// Shows what became of each step.
fn reported(args: &cli::Apply, plan: &Plan, report: &Report) -> Exit {
    let shown = match args.format {
        Format::Json => output::data(report::json(plan, report).as_bytes()),
        Format::Human if plan.is_empty() => Ok(()),
        Format::Human => output::text(&report::human(plan, report)),
    };
    match (shown, exit(plan, report)) {
        (Ok(()), exit) => exit,
        (Err(Failure(why)), exit) => {
            output::error(&why);
            // Something was sent, and nobody can read what: that is neither done nor an error before the first request.
            if exit == Exit::Done { Exit::Incomplete } else { exit }
        }
    }
}

fn exit(plan: &Plan, report: &Report) -> Exit {
    if report.converged() {
        if plan.unread.is_empty() { Exit::Done } else { Exit::Incomplete }
    } else if report.interrupted {
        Exit::Interrupted
    } else if report.count(Outcome::Skipped) == report.steps.len() {
        // Nothing was sent at all: the journal can't be written.
        Exit::Error
    } else {
        Exit::Incomplete
    }
}
