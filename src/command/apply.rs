//! `apply`: plan, ask, send.
//! In: files or a saved plan, and the live accounts. Out: a report of what was sent, and an exit code that says whether all of it was done.
//! Whatever speaks against sending is found before anything is asked, and nothing is sent then.

use std::collections::BTreeMap;
use std::sync::Arc;

use trunkform::apply::{Journal, Options, Secrets, Sender, execute};
use trunkform::model::{Action, Address, Code, Outcome, Plan, Refusal, Report, State};
use trunkform::planner;
use trunkform::render::{human, report};

use super::exit::{Exit, Failure};
use super::made::Made;
use super::pipeline::{self, Wishes};
use super::progress::Progress;
use super::reach::{Reach, Reached, accounts_of};
use super::signals::Signals;
use super::{confirm, output, saved, settled, signals};
use crate::cli::{self, Format};

pub(super) fn run(args: &cli::Apply) -> Result<Exit, Failure> {
    signals::run(|mut signals| async move {
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
    })
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
    *made = match &args.plan {
        Some(file) => reopen(args, file, reach).await.unwrap_or_else(Made::failed),
        None => {
            let wishes =
                Wishes { allow_removals: args.allow_removals, all_or_none: true, ..Wishes::default() };
            pipeline::make(&args.files.paths, reach, wishes).await
        }
    };
    output::complaints(made);
    show(args, &made.plan)?;
    refused(args, &made.plan)?;
    let env = |name: &str| std::env::var(name).ok();
    let secrets = Secrets::resolve(&made.plan, &saved::kinds_of, &env).map_err(|missing| {
        output::diagnostics(&missing, &made.sources);
        made.plan.diagnostics.extend(missing);
        Exit::Error
    })?;
    let journal = journal(args, &made.plan).map_err(|Failure(why)| stopped(made, &why))?;
    let ready = Ready { secrets, journal };
    if made.plan.is_empty() || args.auto_approve || args.plan.is_some() {
        return Ok(ready);
    }
    match confirm::ask(&made.plan.unread).await {
        Ok(true) => Ok(ready),
        Ok(false) => Err(stopped(made, "nothing was sent: the answer was not `yes`")),
        Err(Failure(why)) => Err(stopped(made, &why)),
    }
}

fn journal(args: &cli::Apply, plan: &Plan) -> Result<Option<Journal>, Failure> {
    let Some(path) = &args.journal else { return Ok(None) };
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

/// A saved plan, with a fresh look at what it touches.
async fn reopen(args: &cli::Apply, file: &std::path::Path, reach: &Reach) -> Result<Made, Failure> {
    let (_, mut plan) = saved::open(file)?;
    let enough = args.allow_removals.is_some_and(|allowed| allowed >= plan.summary.removals);
    plan.refusals.retain(|refusal| !(enough && refusal.code == Code::PLN001));
    let mut made = Made { plan, ..Made::default() };
    if made.plan.errored() || made.plan.is_empty() {
        return Ok(made);
    }
    let (reached, missing) = reach.connect(accounts_of(&made.plan));
    if missing.is_empty() {
        match moved(&made.plan, &reached).await {
            Ok(moved) => made.plan.refusals.extend(stale(moved)),
            Err(why) => made.plan.errors.push(why),
        }
    }
    made.plan.errors.extend(missing.into_iter().map(|one| one.why));
    made.reached = reached;
    Ok(made)
}

/// What is no longer as it was; looks twice where one look could miss something that the plan creates.
async fn moved(plan: &Plan, reached: &[Reached]) -> Result<Vec<Address>, String> {
    let states = states(reached).await?;
    let mut moved = planner::stale(plan, &states);
    let hidden = |address: &Address, (one, state): (&Reached, &State)| {
        one.account == address.account && one.provider.pages() && settled::may_be_hidden(address, state)
    };
    let mut created = plan.changes.iter().filter(|change| change.action == Action::Create);
    if created.any(|change| reached.iter().zip(&states).any(|one| hidden(&change.address, one))) {
        moved.extend(planner::stale(plan, &self::states(reached).await?));
        moved.sort();
        moved.dedup();
    }
    Ok(moved)
}

async fn states(reached: &[Reached]) -> Result<Vec<State>, String> {
    pipeline::observe(reached).await.into_iter().collect()
}

fn stale(moved: Vec<Address>) -> Option<Refusal> {
    (!moved.is_empty()).then(|| Refusal {
        code: Code::PLN004,
        message: "the plan is stale: live things are no longer as they were when it was made".into(),
        help: "look at what happened there, then plan again".into(),
        addresses: moved,
        no_safe_plan: false,
    })
}

async fn send(args: &cli::Apply, made: &Made, ready: Ready, signals: &Signals) -> Exit {
    let plan = &made.plan;
    let Ready { secrets, journal } = ready;
    let options = Options { parallelism: args.parallelism, journal, stop: signals.watched() };
    let apis: BTreeMap<_, _> =
        made.reached.iter().map(|one| (one.account.clone(), one.api.clone())).collect();
    let sender = Arc::new(Sender::new(apis, secrets));
    let progress = Progress::new(plan.steps.len());
    let report =
        execute(&plan.steps, options, |step| sender.clone().send(step), &mut |event| progress.on(event))
            .await;
    progress.finish();
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
