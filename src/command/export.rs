//! `export`: the live account as a file.
//! In: which account, or files that describe some. Out: YAML on stdout, in a new file, or at the end of lists in files that are there.
//! Has no means to write to a platform, and writes over nothing.

use std::path::Path;

use trunkform::engine::{self, Context, ExportError, FileChange, MergeArgs, MergeOutcome};
use trunkform::export::{Exported, LeftOut};
use trunkform::folder::ReplaceError;
use trunkform::model::{Account, Diagnostic, KindName, visible};
use trunkform::provider::{self, Provider};

use super::connect::Connector;
use super::exit::{Exit, Failure};
use super::progress::StderrReporter;
use super::written;
use super::{init, output, signals};
use crate::cli;

/// So many things that were left out are named.
const NAMED: usize = 10;

pub(super) fn run(args: &cli::Export) -> Result<Exit, Failure> {
    let work = async {
        let connector = Connector::open(&args.live).await?;
        let done = exported(args, &connector).await;
        connector.close().await?;
        done
    };
    signals::until_stopped(work, || {
        output::error("interrupted before anything was written");
        Ok(())
    })
}

async fn exported(args: &cli::Export, connector: &Connector) -> Result<Exit, Failure> {
    let reporter = StderrReporter::default();
    let context = connector.context(&reporter)?;
    if args.merge { merged(args, &context).await } else { whole(args, &context).await }
}

/// One account as a file of its own.
async fn whole(args: &cli::Export, context: &Context<'_>) -> Result<Exit, Failure> {
    let provider = provider(args.provider.as_deref())?;
    let account = Account::new(args.account.as_deref().unwrap_or(provider.name()));
    match engine::export(context, &account, provider).await {
        Ok(exported) => {
            told(args.out.as_deref(), &exported.text)?;
            summary("Exported", &account, &exported);
            Ok(Exit::Done)
        }
        Err(ExportError::Failed(why)) => Ok(failed(&why)),
        Err(ExportError::Diagnostics { diagnostics, .. }) => Ok(complaints(&diagnostics)),
    }
}

/// What is in no file, at the end of lists in files that are there.
async fn merged(args: &cli::Export, context: &Context<'_>) -> Result<Exit, Failure> {
    let merge_args = MergeArgs {
        paths: args.paths.clone(),
        account: args.account.clone(),
        provider: args.provider.clone(),
    };
    let MergeOutcome { files, added, left_out: accounts } = engine::merge(context, &merge_args).await;
    accounts.iter().for_each(|account| left_out(account));
    let files = match files {
        Ok(files) => files,
        Err(ExportError::Failed(why)) => return Ok(failed(&why)),
        Err(ExportError::Diagnostics { diagnostics, sources }) => {
            output::diagnostics(&diagnostics, &sources);
            return Ok(Exit::Error);
        }
    };
    files.iter().try_for_each(write)?;
    added.iter().for_each(|line| output::note(line));
    Ok(Exit::Done)
}

/// Replaces one file, unless it was changed since it was read.
fn write(FileChange { before, after }: &FileChange) -> Result<(), Failure> {
    let shown = &after.name;
    let text = str::from_utf8(&after.bytes).map_err(|_| Failure(format!("`{shown}` is not UTF-8")))?;
    let Some(place) = &before.place else {
        return Err(Failure(format!("`{shown}` can't be written: it was read through a pipe")));
    };
    place.replace(&before.bytes, text).map_err(|why| match why {
        ReplaceError::Changed => {
            Failure(format!("`{shown}` was changed meanwhile: nothing is written to it; run this again"))
        }
        ReplaceError::Refused(why) => Failure(format!("`{shown}` can't be written: {why}")),
    })
}

fn failed(why: &[String]) -> Exit {
    why.iter().for_each(|why| output::error(why));
    Exit::Error
}

fn provider(name: Option<&str>) -> Result<&'static dyn Provider, Failure> {
    let Some(name) = name else {
        let all: Vec<_> = provider::ALL.iter().map(|one| format!("`--provider {}`", one.name())).collect();
        return Err(Failure(format!(
            "which platform? Write {}; or `--merge` to add to files that are there",
            all.join(" or ")
        )));
    };
    init::platform(name)
}

fn told(out: Option<&Path>, text: &str) -> Result<(), Failure> {
    let Some(path) = out else { return output::data(text.as_bytes()) };
    if written::new(path, text)? {
        output::note(&format!("Wrote {}.", visible(&path.to_string_lossy())));
    } else {
        output::note(&format!("{} says exactly this already.", visible(&path.to_string_lossy())));
    }
    Ok(())
}

/// What became of an account, on stderr.
fn summary(verb: &str, account: &Account, exported: &Exported) {
    let of = |kind| exported.declared.iter().filter(|address| address.kind == kind).count();
    let (trunks, numbers) = (of(KindName::Trunk), of(KindName::Number));
    output::note(&format!("{verb} {} of {account}.", counted(trunks, numbers)));
    if !exported.variables.is_empty() {
        let names = exported.variables.join(", ");
        output::note(&format!("Can't be read back, and to be set before something sends it: {names}."));
    }
    left_out(&exported.left_out);
}

/// "2 trunks and 1 number".
fn counted(trunks: usize, numbers: usize) -> String {
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{} and {}", count(trunks, "trunk"), count(numbers, "number"))
}

fn left_out(all: &[LeftOut]) {
    for LeftOut { address, why } in all.iter().take(NAMED) {
        output::warning(&format!("left out {address}: {why}"));
    }
    if let Some(more) = all.len().checked_sub(NAMED).filter(|more| *more > 0) {
        output::warning(&format!("left out {more} more"));
    }
}

/// Why no file could say it.
fn complaints(found: &[Diagnostic]) -> Exit {
    for Diagnostic { code, message, help, .. } in found {
        output::error(&format!("{code}: {message}"));
        help.iter().for_each(|help| output::note(&format!("  help: {}", visible(help))));
    }
    Exit::Error
}
