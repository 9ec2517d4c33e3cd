//! What is live becomes a configuration file.
//! In: the live state of one account, and the files that already speak of it, if there are any. Out: YAML that validates and after which the next plan is empty.
//! Writes no file and asks no platform. What can't be declared is left out and said, never bent until it fits; nothing that changes by itself (health, dates) is written.

mod agents;
mod draft;
mod fold;
mod inherited;
mod item;
mod judge;
mod leave;
mod names;
mod rejection;
mod scalar;
mod secrets;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::config::{self, File, Policy};
use crate::model::{Account, Address, Diagnostic, KindName, Resource, State};
use crate::provider::Provider;
use draft::Draft;
use item::Writer;
use leave::Leave;
use rejection::{ItemRef, Rejection};

pub use inherited::Inherited;
pub use leave::LeftOut;

/// A live account.
#[derive(Clone, Copy)]
pub struct Live<'a> {
    /// Its name.
    pub account: &'a Account,
    /// Its platform.
    pub provider: &'static dyn Provider,
    /// What was read, all of it.
    pub state: &'a State,
}

/// The files that speak of the account already, which go on doing so.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Each as it was read.
    pub files: &'a [File],
    /// Reads their inventories.
    pub tables: &'a config::Beside<'a>,
    /// What those of them give that the addition goes to.
    pub inherited: &'a Inherited,
    /// Names of environment variables that hold something already.
    pub variables: &'a BTreeSet<Box<str>>,
    /// What decides on them beside what they say.
    pub policy: &'a Policy,
}

/// An account as a file says it.
#[derive(Debug)]
pub struct Exported {
    /// The whole file.
    pub text: String,
    /// The trunks alone, as the items of a list without indentation, lines joined by `\n`; empty where there are none.
    pub trunks: String,
    /// The numbers alone, in the same way.
    pub numbers: String,
    /// What is declared.
    pub declared: Vec<Address>,
    /// The names of the variables that hold its secrets, in order.
    pub variables: Vec<Box<str>>,
    /// What is live and not declared, each with the reason.
    pub left_out: Vec<LeftOut>,
}

/// The whole account as a file of its own; an error is what no file of this account could say.
pub fn account(live: Live<'_>) -> Result<Exported, Vec<Diagnostic>> {
    let beside = Beside {
        files: &[],
        tables: &|_, _| Err(Vec::new()),
        inherited: &Inherited::default(),
        variables: &BTreeSet::new(),
        policy: &Policy::from(jiff::civil::Date::ZERO),
    };
    write(live, live.state.resources.values().collect(), beside)
}

/// These live things as an addition to files; `unlisted` are as the scope stage addresses them, with what they refer to.
pub fn addition(
    live: Live<'_>,
    unlisted: &[Resource],
    beside: Beside<'_>,
) -> Result<Exported, Vec<Diagnostic>> {
    write(live, unlisted.iter().collect(), beside)
}

/// Drafts until nobody complains: each complaint takes something out of the next draft, so there is an end.
fn write(live: Live<'_>, wanted: Vec<&Resource>, beside: Beside<'_>) -> Result<Exported, Vec<Diagnostic>> {
    let mut leave = Leave::ambiguous(live.provider.kinds(), &wanted);
    let writer = Writer::new(live, wanted, beside);
    let judge = judge::Judge::new(live, beside);
    loop {
        let draft = Draft::new(&writer, &leave);
        let rejections = judge.rejections(&draft)?;
        if rejections.is_empty() {
            let draft = folded_again(&writer, &leave, &judge)?.unwrap_or(draft);
            return Ok(exported(draft, leave));
        }
        exclude(&mut leave, &draft, rejections)?;
    }
}

/// Leaves out what the rejections are about; an error if that leaves out nothing new.
fn exclude(leave: &mut Leave, draft: &Draft<'_>, rejections: Vec<Rejection>) -> Result<(), Vec<Diagnostic>> {
    let mut any = false;
    let mut of_no_item = Vec::new();
    for Rejection { at, why, diagnostic } in rejections {
        match at {
            Some(ItemRef { item, attribute }) => {
                any |= leave.exclude(&draft.items[item].resources, attribute, why);
            }
            None => of_no_item.push(diagnostic),
        }
    }
    if any { Ok(()) } else { Err(of_no_item) }
}

/// The numbers that had to be judged one by one, in ranges again.
fn folded_again<'a>(
    writer: &'a Writer<'a>,
    leave: &Leave,
    judge: &judge::Judge<'_>,
) -> Result<Option<Draft<'a>>, Vec<Diagnostic>> {
    if leave.apart.is_empty() {
        return Ok(None);
    }
    let draft = Draft::new(writer, &leave.together());
    Ok(judge.rejections(&draft)?.is_empty().then_some(draft))
}

fn exported(draft: Draft<'_>, leave: Leave) -> Exported {
    Exported {
        trunks: draft.list(KindName::Trunk),
        numbers: draft.list(KindName::Number),
        declared: draft.declared().collect(),
        variables: draft.variables(),
        left_out: leave.left_out(),
        text: draft.text,
    }
}
