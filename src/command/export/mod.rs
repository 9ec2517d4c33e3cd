//! `export`: the live account as a file.
//! In: which account, or files that describe some. Out: YAML on stdout, in a new file, or at the end of lists in files that are there.
//! Has no means to write to a platform, and writes over nothing.

mod merge;
mod places;

use std::path::Path;

use trunkform::export::{self, Exported, LeftOut, Live};
use trunkform::model::{Account, Diagnostic, KindName, Reading, State, visible};
use trunkform::provider::{self, Provider};

use super::exit::{Exit, Failure};
use super::reach::{Reach, Reached, Unread};
use super::{init, output, pipeline, signals, written};
use crate::cli;

/// So many things that were left out are named.
const NAMED: usize = 10;

pub(super) fn run(args: &cli::Export) -> Result<Exit, Failure> {
    let work = async {
        let reach = Reach::open(&args.live).await?;
        let done = if args.merge { merge::run(args, &reach).await } else { whole(args, &reach).await };
        reach.close().await?;
        done
    };
    signals::until_stopped(work, || {
        output::error("interrupted before anything was written");
        Ok(())
    })
}

/// One account as a file of its own.
async fn whole(args: &cli::Export, reach: &Reach) -> Result<Exit, Failure> {
    let provider = provider(args.provider.as_deref())?;
    let account = Account::new(args.account.as_deref().unwrap_or(provider.name()));
    // A name that no file can have is found before anything is read.
    let nothing = State::default();
    if let Err(found) = export::account(Live { account: &account, provider, state: &nothing }) {
        return Ok(complaints(&found));
    }
    let wanted = std::iter::once((&account, provider.name(), Reading::Everything));
    let Some(states) = observed(reach, wanted).await else { return Ok(Exit::Error) };
    for (reached, state) in &states {
        let live = Live { account: &reached.account, provider: reached.provider, state };
        match export::account(live) {
            Ok(exported) => {
                told(args.out.as_deref(), &exported.text)?;
                summary("Exported", &account, &exported);
            }
            Err(found) => return Ok(complaints(&found)),
        }
    }
    Ok(Exit::Done)
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

/// What is live in each account; nothing where one of them could not be read, which was said.
async fn observed<'a>(
    reach: &Reach,
    accounts: impl Iterator<Item = (&'a Account, &'a str, Reading)>,
) -> Option<Vec<(Reached, State)>> {
    let (reached, missing) = reach.connect(accounts);
    for Unread { account, why } in &missing {
        output::error(&format!("{account}: {why}"));
    }
    if !missing.is_empty() {
        return None;
    }
    let mut read = Vec::new();
    let mut whole = true;
    let states = pipeline::observe(&reached).await;
    for (reached, state) in reached.into_iter().zip(states) {
        match state {
            Ok(state) => read.push((reached, state)),
            Err(why) => {
                output::error(&why);
                whole = false;
            }
        }
    }
    whole.then_some(read)
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
