//! The parts of the comment, each as lines that can be left out one by one.
//! In: a view. Out: sections with what they may take of the comment.
//! The numbers of a section's title count all of it, also what is left out.

use super::budget::{Item, Section};
use super::text::{cell, code, prose};
use crate::model::Action;
use crate::render::fold::count;
use crate::render::view::{ChangeView, NO_IMPACT, NoteView, SecretsView, StepView, View};

/// So many characters of a name, or of several names, are shown.
const NAME: usize = 400;
/// So many of a sentence or a value.
const TEXT: usize = 300;
/// So many attributes of one change.
const ATTRIBUTES: usize = 30;
/// Longer lists are folded.
const OPEN: usize = 20;
/// Beyond what any comment takes.
const ALL: usize = usize::MAX;

/// What a change of numbers of trunks and agents, a refusal, a problem and so on speak of.
const HOLDERS: &str = "trunks and agents";

/// What it means for callers: never left out, and never long.
pub(super) fn impact(view: &View) -> String {
    if view.impact.is_empty() {
        return format!("Impact: {NO_IMPACT}.\n\n");
    }
    let rows = view.impact.iter().map(|(n, what)| format!("| {n} | {what} |\n"));
    format!("| impact | |\n|---:|---|\n{}\n", rows.collect::<String>())
}

/// Why apply will not do it, and what else was found wrong.
pub(super) fn problems(view: &View) -> Section {
    let refusals = view.refusals.iter().map(|(what, help)| {
        let text = format!("- **refused** {}<br>help: {}\n", prose(what, TEXT * 2), prose(help, TEXT));
        Item::new(text, ("refusals", 1))
    });
    let problems = view.problems.iter().map(|(severity, what)| {
        Item::new(format!("- **{severity}** {}\n", prose(what, TEXT * 2)), ("problems", 1))
    });
    let items: Vec<_> = refusals.chain(problems).collect();
    Section {
        head: "### Problems\n\n".into(),
        items,
        tail: "\n".into(),
        bullet: "- ",
        reserve: 5000,
        most: 9000,
        ..Section::default()
    }
}

/// Notes on steps under a title.
pub(super) fn notes(title: &str, notes: &[NoteView], last: Option<&str>) -> Section {
    let line = |note: &NoteView| {
        let words =
            if note.words.is_empty() { String::new() } else { format!(": {}", prose(&note.words, TEXT)) };
        Item::new(format!("- {}{words}\n", code(&note.what, NAME)), ("requests", note.count))
    };
    let last = last.map(|last| format!("\n{}\n", prose(last, TEXT))).unwrap_or_default();
    Section {
        head: format!("### {title}\n\n"),
        items: notes.iter().map(line).collect(),
        tail: format!("{last}\n"),
        bullet: "- ",
        reserve: 3500,
        most: 9000,
        ..Section::default()
    }
}

/// Who has another count of numbers afterwards.
pub(super) fn holders(view: &View) -> Section {
    let line = |(name, before, after): &(String, usize, usize)| {
        Item::new(format!("| {} | {before} | {after} |\n", cell(name, NAME)), (HOLDERS, 1))
    };
    let table = "| numbers of | before | after |\n|---|---:|---:|\n";
    let items: Vec<_> = view.holders.iter().map(line).collect();
    let (head, tail) = match items.len() {
        0..=OPEN => (table.to_owned(), "\n".to_owned()),
        many => folded(&format!("{many} {HOLDERS} with another count of numbers"), table),
    };
    // The line about what is missing stands below the table, not in it.
    Section { head, items, tail, bullet: "\n", reserve: 3000, most: 6000, ..Section::default() }
}

/// What differs, account by account.
pub(super) fn changes(view: &View) -> Section {
    let titles =
        view.accounts.iter().map(|account| format!("\n**{}**\n\n", code(&account.name, TEXT))).collect();
    let lines = view.accounts.iter().enumerate().flat_map(|(under, account)| {
        account.changes.iter().map(move |change| Item {
            text: change_lines(change),
            speaks_of: (change.action.as_str(), change.count),
            under,
        })
    });
    let items: Vec<_> = lines.collect();
    let all = view.accounts.iter().flat_map(|account| &account.changes).map(|change| change.count).sum();
    let title = count(all, "change");
    let (head, tail) = match items.len() {
        0..=OPEN => (format!("### {title}\n"), "\n".to_owned()),
        _ => folded(&title, ""),
    };
    Section { head, items, titles, tail, bullet: "\n", reserve: 14_000, most: ALL, ..Section::default() }
}

fn change_lines(change: &ChangeView) -> String {
    let ChangeView { action, what, why, attributes, .. } = change;
    let reasons: Vec<_> =
        why.split("; ").filter(|part| !part.is_empty()).map(|part| prose(part, TEXT)).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
    let mut lines = format!("- {} {} {}{why}\n", sign(*action), action.as_str(), code(what, NAME));
    for attribute in attributes.iter().take(ATTRIBUTES) {
        lines.push_str(&format!("  - {}\n", code(attribute, TEXT)));
    }
    let more = attributes.len().saturating_sub(ATTRIBUTES);
    if more > 0 {
        lines.push_str(&format!("  - … and {}\n", count(more, "more attribute")));
    }
    lines
}

/// The sign of an action so that it begins no list.
fn sign(action: Action) -> String {
    format!("`{}`", action.sign())
}

/// The steps, folded: who reviews them opens them.
pub(super) fn steps(view: &View) -> Section {
    let line = |step: &StepView| {
        let StepView { ids, what, request, notes, irreversible, members } = step;
        let mark = if *irreversible { ", **irreversible**" } else { "" };
        let notes = prose_ids(&notes.join(", "));
        let text =
            format!("- {} {}: {} {notes}{mark}\n", code(ids, TEXT), code(what, NAME), code(request, TEXT));
        Item::new(text, ("requests", members.len()))
    };
    let all = view.steps.iter().map(|step| step.members.len()).sum();
    let (head, tail) = folded(&format!("{}, in order", count(all, "request")), "");
    Section {
        head,
        items: view.steps.iter().map(line).collect(),
        tail,
        bullet: "- ",
        reserve: 8000,
        most: ALL,
        ..Section::default()
    }
}

/// Ids of steps would be taken for those of issues.
fn prose_ids(notes: &str) -> String {
    let parts = notes.split(", gap: ").collect::<Vec<_>>();
    match parts.as_slice() {
        [waits, gap] => format!("{}, gap: {gap}", code(waits, TEXT)),
        _ => prose(notes, TEXT),
    }
}

/// The picture: all of it or nothing.
pub(super) fn picture(fenced: Option<String>) -> Section {
    let (head, tail) = folded("What waits on what", "");
    let items = fenced.map(|text| Item::new(text, ("pictures", 1))).into_iter().collect();
    Section { head, items, tail, bullet: "", reserve: 3000, most: ALL, ..Section::default() }
}

/// Where secrets come from, what was read, what is sent, what can be taken back, what is left alone.
pub(super) fn closing(view: &View) -> Section {
    let alone = view
        .unlisted
        .as_ref()
        .map(|names| format!("Live, not in the files, left alone: {}", code(names, TEXT * 3)));
    // First, so that it stays where there are many notes.
    let secrets = view
        .secrets
        .as_ref()
        .map(|SecretsView { title, sources }| format!("{title}: {}", code(sources, TEXT * 3)));
    let texts = view.notes.iter().chain(&view.requests).map(|text| prose(text, TEXT * 3));
    let items = secrets
        .into_iter()
        .chain(texts)
        .chain(alone)
        .map(|text| Item::new(format!("- {text}\n"), ("notes", 1)));
    Section {
        items: items.collect(),
        tail: "\n".into(),
        bullet: "- ",
        reserve: 3000,
        most: 5000,
        ..Section::default()
    }
}

/// What stands before and after something that is folded.
fn folded(title: &str, first: &str) -> (String, String) {
    (format!("<details>\n<summary>{title}</summary>\n\n{first}"), "\n</details>\n\n".into())
}
