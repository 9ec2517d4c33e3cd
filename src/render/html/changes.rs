//! What differs, account by account, with what narrows it down.
//! In: a view. Out: a section of lines that a reader opens one by one, and the controls that our script serves.
//! What there is no room for is counted by action; deletions are left out last.

use super::budget::{Line, fitted};
use super::sections::Section;
use super::text::{escaped, prose};
use crate::model::Action;
use crate::render::fold::count;
use crate::render::view::{AccountView, ChangeView, View};

/// So many bytes of the page.
const CHANGES: usize = 2_700_000;
/// Where there are more lines each is closed at first.
const OPEN: usize = 20;
/// The actions in the order of their risk.
const ACTIONS: [Action; 4] = [Action::Delete, Action::Replace, Action::Update, Action::Create];

/// All changes; none where there are none.
pub(super) fn section(view: &View) -> Option<Section> {
    let changes = || view.accounts.iter().flat_map(|account| &account.changes);
    let open = changes().count() <= OPEN;
    let lines = view.accounts.iter().enumerate().flat_map(|(under, account)| {
        account.changes.iter().map(move |change| Line {
            html: item(change, open),
            speaks_of: (change.action.as_str(), change.count),
            under,
            rank: ACTIONS.iter().take_while(|action| **action != change.action).count() as u8,
        })
    });
    let lines: Vec<_> = lines.collect();
    let shown = fitted(&lines, CHANGES, |under| titled(&view.accounts[under], "").len());
    let below = shown.below.iter().map(|(under, items)| titled(&view.accounts[*under], items));
    let total = |action| changes().filter(|c| action == c.action).map(|c| c.count).sum::<usize>();
    let totals = ACTIONS.map(|action| (action, total(action)));
    let all = totals.iter().map(|(_, n)| n).sum();
    (all > 0).then(|| Section {
        id: "changes",
        title: count(all, "change"),
        body: format!("{}{}{}", controls(&totals), below.collect::<String>(), shown.left_out),
    })
}

fn titled(account: &AccountView, items: &str) -> String {
    format!(
        "<div class=\"account\">\n<h3>{}</h3>\n<ul class=\"changes\">\n{items}</ul>\n</div>\n",
        escaped(&account.name)
    )
}

fn item(change: &ChangeView, open: bool) -> String {
    let ChangeView { action, what, every, why, attributes, count } = change;
    let (word, open) = (action.as_str(), if open { " open" } else { "" });
    let why = if why.is_empty() { String::new() } else { format!("<p class=\"why\">{}</p>", prose(why)) };
    let every = match every.len() {
        0 => String::new(),
        _ => format!("<p class=\"every\">all {count}: <code>{}</code></p>", every_run(every)),
    };
    let attributes: String = attributes.iter().map(|text| attribute(text)).collect();
    let attributes = match attributes.as_str() {
        "" => attributes,
        rows => format!("<dl>{rows}</dl>"),
    };
    format!(
        "<li data-action=\"{word}\" data-count=\"{count}\"><details{open}><summary>{} <code>{}</code></summary>{why}{attributes}{every}</details></li>\n",
        tag(*action),
        escaped(what)
    )
}

/// Not one text that could be cut: each run stands for itself.
fn every_run(runs: &[String]) -> String {
    runs.iter().map(|run| escaped(run)).collect::<Vec<_>>().join(", ")
}

/// The name before the value, where there is one.
fn attribute(text: &str) -> String {
    let (name, value) = text.split_once(": ").unwrap_or(("", text));
    format!("<dt>{}</dt><dd><code>{}</code></dd>", escaped(name), escaped(value))
}

/// A sign and the word, so that the colour says nothing alone.
fn tag(action: Action) -> String {
    let word = action.as_str();
    format!("<span class=\"tag {word}\"><span aria-hidden=\"true\">{}</span> {word}</span>", action.sign())
}

/// The search and the filter; hidden where no script serves them.
fn controls(totals: &[(Action, usize); 4]) -> String {
    let some = totals.iter().rev().filter(|(_, n)| *n > 0);
    let boxes = some.map(|(action, n)| {
        let word = action.as_str();
        format!(
            "<label><input type=\"checkbox\" name=\"action\" value=\"{word}\" checked> {} {n}</label>\n",
            tag(*action)
        )
    });
    format!(
        "<div id=\"controls\" role=\"search\" aria-label=\"Changes\" hidden>\n\
         <label class=\"find\" for=\"find\">Find an address, a number or a value <kbd>/</kbd></label>\n\
         <input id=\"find\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" aria-keyshortcuts=\"/\" aria-describedby=\"found\">\n\
         <button type=\"button\" id=\"fold\">Open or close all</button>\n\
         <fieldset>\n<legend>Show</legend>\n{}</fieldset>\n\
         <output id=\"found\" for=\"find\" aria-live=\"polite\"></output>\n</div>\n",
        boxes.collect::<String>()
    )
}
