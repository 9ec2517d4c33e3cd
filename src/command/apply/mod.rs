//! `apply`: plan, ask, send.
//! In: files or a saved plan, and the live accounts. Out: a report of what was sent, and an exit code that says whether all of it was done.
//! Whatever speaks against sending is found before anything is asked, what moves while somebody is asked before anything is sent.

mod recheck;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use trunkform::api::Writer;
use trunkform::apply::{Event, Journal, Options, Secrets, Sender, execute};
use trunkform::model::{Code, Outcome, Plan, Report, Step};
use trunkform::planner::Held;
use trunkform::render::{human, report};

use super::exit::{Exit, Failure};
use super::made::Made;
use super::pipeline::{self, Wishes};
use super::plan::begins_with;
use super::progress::Applying;
use super::reach::{Reach, Reached, accounts_of};
use super::signals::Signals;
use super::{confirm, lease, output, saved, signals};
use crate::cli::{self, Format};
use recheck::{Recheck, Rest};

pub(super) fn run(args: &cli::Apply) -> Result<Exit, Failure> {
    signals::run(|signals| async move {
        let held = match lease::hold(&args.lease, &signals).await {
            Ok(held) => held,
            Err((made, exit)) => return ended(args, &made, exit),
        };
        let done = under_lease(args, held.signals()).await;
        held.release(done).await
    })
}

/// The run, while the lease is held if there is one.
async fn under_lease(args: &cli::Apply, mut signals: Signals) -> Result<Exit, Failure> {
    let reach = match Reach::open(&args.live).await {
        Ok(reach) => reach,
        Err(why) => return ended(args, &Made::failed(why), Exit::Error),
    };
    let mut made = Made::default();
    let ready = tokio::select! {
        ready = prepare(args, &reach, &mut made) => ready,
        () = signals.first() => Err(Exit::Interrupted),
    };
    let (done, sent) = match ready {
        Ok(ready) => {
            let exit = send(args, &made, ready, &signals).await;
            (Ok(exit), exit != Exit::Error && !made.plan.is_empty())
        }
        Err(exit) => (ended(args, &made, exit), false),
    };
    closed(reach.close().await, done, sent)
}

/// How a run ends whose sandbox was let go. Once something was sent, a state that can't be kept is no error before the first request.
fn closed(close: Result<(), Failure>, done: Result<Exit, Failure>, sent: bool) -> Result<Exit, Failure> {
    match (close, done) {
        (Err(Failure(why)), Ok(exit)) if sent => {
            output::error(&why);
            Ok(if exit == Exit::Interrupted { exit } else { Exit::Incomplete })
        }
        (close, done) => close.and(done),
    }
}

/// What it takes to send, once nothing speaks against it.
struct Ready {
    secrets: Secrets,
    journal: Option<Journal>,
    /// The steps that are not sent, and why.
    held: Held,
}

/// A run that ends without having sent anything: programs get their document all the same.
fn ended(args: &cli::Apply, made: &Made, exit: Exit) -> Result<Exit, Failure> {
    if exit == Exit::Interrupted {
        output::error("interrupted; nothing was sent");
    }
    if args.format == Format::Json {
        let report = Report { interrupted: exit == Exit::Interrupted, ..Report::default() };
        output::data(report::json(&made.plan, &report).as_bytes())?;
    }
    Ok(exit)
}

/// Everything up to the first request. Tells what speaks against it.
async fn prepare(args: &cli::Apply, reach: &Reach, made: &mut Made) -> Result<Ready, Exit> {
    let (held, note) = planned(args, reach, made).await;
    output::complaints(made);
    show(args, &made.plan)?;
    refused(args, &made.plan)?;
    note.iter().for_each(|note| output::warning(note));
    let env = |name: &str| std::env::var(name).ok();
    let secrets = Secrets::resolve(&made.plan, &saved::kinds_of, &env).map_err(|missing| {
        output::diagnostics(&missing, &made.sources);
        made.plan.diagnostics.extend(missing);
        Exit::Error
    })?;
    let journal = journal(args, &made.plan).map_err(|Failure(why)| stopped(made, &why))?;
    let ready = Ready { secrets, journal, held };
    if made.plan.is_empty() || args.auto_approve || args.plan.is_some() {
        return Ok(ready);
    }
    match confirm::ask(&made.plan.unread).await {
        Ok(true) => unchanged(made).await.map(|()| ready),
        Ok(false) => Err(stopped(made, "nothing was sent: the answer was not `yes`")),
        Err(Failure(why)) => Err(stopped(made, &why)),
    }
}

/// The plan; of a saved one also which of its steps are held, and what to say of them.
async fn planned(args: &cli::Apply, reach: &Reach, made: &mut Made) -> (Held, Option<String>) {
    let Some(file) = &args.plan else {
        let wishes = Wishes {
            allow_removals: args.allow_removals,
            since: args.since.clone(),
            all_or_none: true,
            ..Wishes::default()
        };
        *made = pipeline::make(&args.files.paths, reach, wishes).await;
        return Default::default();
    };
    match reopen(args, file, reach) {
        Ok(reopened) => *made = reopened,
        Err(why) => *made = Made::failed(why),
    }
    if made.plan.errored() || made.plan.is_empty() {
        return Default::default();
    }
    let rest = if args.partial { Rest::Sent } else { Rest::Possible };
    let Recheck { refusals, held, note } =
        recheck::look(&made.plan, &made.reached, rest).await.unwrap_or_else(|why| {
            made.plan.errors.push(why);
            Recheck::default()
        });
    made.plan.refusals.extend(refusals);
    (held, note)
}

/// Whether all that the plan touches is as it was shown: somebody may have thought about the answer for long.
async fn unchanged(made: &mut Made) -> Result<(), Exit> {
    let planned = |one: &&Reached| {
        made.plan
            .accounts
            .iter()
            .any(|account| account.account == one.account && !account.fingerprints.is_empty())
    };
    let reached: Vec<_> = made.reached.iter().filter(planned).map(Reached::whole).collect();
    let refusals = match recheck::look(&made.plan, &reached, Rest::Never).await {
        Ok(recheck) => recheck.refusals,
        Err(why) => return Err(stopped(made, &why)),
    };
    made.plan.refusals.extend(refusals);
    output::refusals(&made.plan);
    if made.plan.refusals.is_empty() { Ok(()) } else { Err(Exit::Refused) }
}

fn journal(args: &cli::Apply, plan: &Plan) -> Result<Option<Journal>, Failure> {
    let Some(path) = &args.journal else { return Ok(None) };
    if !begins_with(path, "{\"event\"") {
        return Err(Failure(format!(
            "`{}` is there and is no journal: nothing is added to it",
            path.display()
        )));
    }
    let journal = Journal::open(path).and_then(|journal| journal.of(plan));
    journal
        .map(Some)
        .map_err(|why| Failure(format!("the journal `{}` can't be opened: {why}", path.display())))
}

fn stopped(made: &mut Made, why: &str) -> Exit {
    output::error(why);
    made.plan.errors.push(why.to_owned());
    Exit::Error
}

/// The plan: on stdout for people; beside the data where data was asked for and somebody is to be asked.
fn show(args: &cli::Apply, plan: &Plan) -> Result<(), Exit> {
    let told = match args.format {
        _ if output::nothing_but_errors(plan) => Ok(()),
        Format::Human => output::text(&human::plan(plan)),
        Format::Json => {
            output::note(human::plan(plan).trim_end());
            Ok(())
        }
    };
    told.map_err(|Failure(why)| {
        output::error(&why);
        Exit::Error
    })
}

/// What speaks against sending. That an account could not be read does not speak against the others' steps, if there are any; a saved plan must be whole.
fn refused(args: &cli::Apply, plan: &Plan) -> Result<(), Exit> {
    output::refusals(plan);
    let partial = args.plan.is_none() && plan.lacks_only_accounts() && !plan.changes.is_empty();
    match (plan.has_errors() && !partial, plan.refusals.is_empty()) {
        (true, _) => Err(Exit::Error),
        (false, false) => Err(Exit::Refused),
        (false, true) => Ok(()),
    }
}

/// A saved plan, with a way to reach its accounts.
fn reopen(args: &cli::Apply, file: &std::path::Path, reach: &Reach) -> Result<Made, Failure> {
    let (_, mut plan) = saved::open(file)?;
    let enough = args.allow_removals.is_some_and(|allowed| allowed >= plan.summary.removals);
    plan.refusals.retain(|refusal| !(enough && refusal.code == Code::PLN001));
    let mut made = Made { plan, ..Made::default() };
    if made.plan.errored() || made.plan.is_empty() {
        return Ok(made);
    }
    let (reached, missing) = reach.connect(accounts_of(&made.plan));
    made.plan.errors.extend(missing.into_iter().map(|one| one.why));
    made.reached = reached;
    Ok(made)
}

async fn send(args: &cli::Apply, made: &Made, ready: Ready, signals: &Signals) -> Exit {
    let plan = &made.plan;
    let Ready { secrets, journal, held } = ready;
    let steps = without(&plan.steps, &held);
    let options = Options { parallelism: args.parallelism, journal, stop: signals.watched() };
    let apis: BTreeMap<_, _> =
        made.reached.iter().map(|one| (one.account.clone(), Writer::over(one.api.clone()))).collect();
    let sender = Arc::new(Sender::new(apis, secrets));
    let report = {
        let progress = Applying::new(&steps, plan, &made.reached);
        let on_event = &mut |event: Event<'_>| progress.on(event);
        progress.during(execute(&steps, options, |step| sender.clone().send(step), on_event)).await
    };
    let report = report.with_held(&plan.steps, held);
    let told = match args.format {
        Format::Json => output::data(report::json(plan, &report).as_bytes()),
        Format::Human if plan.is_empty() => Ok(()),
        Format::Human => output::text(&report::human(plan, &report)),
    };
    match (told, exit(plan, &report)) {
        (Ok(()), exit) => exit,
        (Err(Failure(why)), exit) => {
            output::error(&why);
            // Something was sent, and nobody can read what: that is neither done nor an error before the first request.
            if exit == Exit::Done { Exit::Incomplete } else { exit }
        }
    }
}

/// The steps without those that are held.
fn without<'a>(steps: &'a [Step], held: &Held) -> Cow<'a, [Step]> {
    if held.is_empty() {
        return steps.into();
    }
    steps.iter().filter(|step| !held.contains_key(&step.id)).cloned().collect()
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
