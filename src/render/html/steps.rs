//! The steps, in order, with the picture of what waits on what.
//! In: a plan and its view. Out: a section with the picture where it stays readable, and a table.
//! What there is no room for is counted.

use super::budget::{Line, fitted};
use super::picture;
use super::sections::Section;
use super::text::{escaped, prose};
use crate::model::Plan;
use crate::render::fold::count;
use crate::render::view::{StepView, View};

/// So many bytes of the page.
const STEPS: usize = 1_000_000;
/// Where there are more lines the table is closed at first.
const OPEN: usize = 30;

/// All steps; none where nothing is sent.
pub(super) fn section(plan: &Plan, view: &View) -> Option<Section> {
    let all: usize = view.steps.iter().map(|step| step.members.len()).sum();
    let rows: Vec<_> =
        view.steps.iter().map(|step| Line::new(row(step), ("requests", step.members.len()))).collect();
    let shown = fitted(&rows, STEPS, |_| 0);
    let open = if rows.len() <= OPEN { " open" } else { "" };
    let head = ["step", "what", "request", "waits and gap"];
    let head = head.map(|name| format!("<th scope=\"col\">{name}</th>")).concat();
    let requests = view.requests.as_ref().map(|line| format!("<p>{}</p>\n", prose(line))).unwrap_or_default();
    (all > 0).then(|| Section {
        id: "steps",
        title: format!("{}, in order", count(all, "request")),
        body: format!(
            "{requests}{}<details{open}>\n<summary>The steps as a table</summary>\n\
             <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Steps\">\n\
             <table class=\"steps\">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n{}</details>\n",
            picture::figure(plan, &view.steps),
            shown.html(),
            shown.left_out
        ),
    })
}

fn row(step: &StepView) -> String {
    let StepView { ids, what, request, notes, irreversible, members: _ } = step;
    let mark = if *irreversible { " <strong class=\"error\">irreversible</strong>" } else { "" };
    let cells = [what, request].map(|text| format!("<td><code>{}</code></td>", escaped(text))).concat();
    format!(
        "<tr><th scope=\"row\">{}</th>{cells}<td>{}{mark}</td></tr>\n",
        escaped(ids),
        escaped(&notes.join(", "))
    )
}
