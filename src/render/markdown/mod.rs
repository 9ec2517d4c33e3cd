//! A plan as a comment on a pull request.
//! In: a plan. Out: Markdown as GitHub reads it, never longer than 60,000 characters: what bears a risk first, details folded, and a count of what is left out.
//! Decides nothing about a plan: order, folding and masking are `view`'s.

mod budget;
mod drawing;
mod sections;
#[cfg(test)]
mod tests;
mod text;

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

use super::view::View;
use crate::model::Plan;
use budget::{Section, fitted, size};
use text::prose;

/// A comment is never longer; GitHub takes 65,536.
pub const LIMIT: usize = 60_000;

/// Accounts in the marker take no more than this.
const MARKER: usize = 200;

/// What the text says where something is missing.
const CUT: &str =
    "_This comment leaves out what would not fit; `trunkform plan` and `trunkform show` print all of it._\n";

/// The comment.
pub fn plan(plan: &Plan) -> String {
    let view = View::of(plan);
    let opening = opening(plan, &view);
    // Most important first; `placed` says where each of them stands.
    let sections = placed([
        (0, sections::problems(&view)),
        (1, sections::notes("Nothing can undo", &view.irreversible, view.removals.as_deref())),
        (2, sections::notes("Side effects", &view.side_effects, None)),
        (4, sections::changes(&view)),
        (3, sections::holders(&view)),
        (7, sections::closing(&view)),
        (5, sections::steps(&view)),
        (6, sections::picture(drawing::fenced(plan, &view.steps))),
    ]);
    let (body, cut) = fitted(sections, LIMIT - size(&opening) - size(CUT));
    let text = opening + &body + if cut { CUT } else { "" };
    format!("{}\n", text.trim_end())
}

fn placed<const N: usize>(sections: [(usize, Section); N]) -> Vec<Section> {
    sections.into_iter().map(|(place, section)| Section { place, ..section }).collect()
}

/// What is never left out.
fn opening(plan: &Plan, view: &View) -> String {
    let sentence = view.sentence.as_ref().map(|sentence| format!("**{sentence}**\n\n")).unwrap_or_default();
    let undo = view.undo.as_ref().map(|undo| format!("{}\n\n", prose(undo, 600))).unwrap_or_default();
    let removals = view.removals.as_ref().filter(|_| view.irreversible.is_empty());
    let removals = removals.map(|removals| format!("{}\n\n", prose(removals, 600))).unwrap_or_default();
    // Of what could not be read nobody knows what it means.
    let impact = view.sentence.as_ref().map(|_| sections::impact(view)).unwrap_or_default();
    format!(
        "{}\n## Trunkform: {}\n\n{}\n\n{sentence}{}{removals}{undo}",
        marker(plan),
        view.verdict.words(),
        prose(&format!("{}.", view.because), 900),
        impact
    )
}

/// A hidden line by which a bot finds the comment that it wrote about the same accounts.
fn marker(plan: &Plan) -> String {
    let read = plan.accounts.iter().map(|account| &account.account);
    let names: BTreeSet<_> = read.chain(&plan.unread).map(|account| written(account.as_str())).collect();
    let mut names = names.into_iter().collect::<Vec<_>>().join(",");
    if names.len() > MARKER {
        let digest = Sha256::digest(&names);
        names = digest.iter().fold("sha256-".to_owned(), |text, byte| text + &format!("{byte:02x}"));
    }
    format!("<!-- trunkform:plan:{names} -->")
}

/// An account as it may stand in a comment: what a file can't have written is percent-encoded.
fn written(account: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let encoded = account
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    encoded.collect()
}
