//! The parts of the page that are lists of sentences.
//! In: a view. Out: sections with a title each; none where there is nothing to say.
//! The order in which they stand is the page's.

use super::budget::{Line, fitted};
use super::text::{escaped, prose};
use crate::render::view::{NO_IMPACT, NoteView, SecretsView, View};

/// So many bytes of each list.
const LIST: usize = 100_000;

/// A part of the page.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) body: String,
}

impl Section {
    pub(super) fn html(&self) -> String {
        let Self { id, title, body } = self;
        format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{}</h2>\n{body}</section>\n",
            escaped(title)
        )
    }

    /// Its line in the contents.
    pub(super) fn link(&self) -> String {
        format!("<li><a href=\"#{}\">{}</a></li>\n", self.id, escaped(&self.title))
    }
}

/// A list of which as much is shown as there is room for.
pub(super) fn list(class: &str, items: impl Iterator<Item = (String, (&'static str, usize))>) -> String {
    let lines: Vec<_> = items.map(|(html, of)| Line::new(format!("<li>{html}</li>\n"), of)).collect();
    let shown = fitted(&lines, LIST, |_| 0);
    match lines.is_empty() {
        true => String::new(),
        false => format!("<ul class=\"{class}\">\n{}</ul>\n{}", shown.html(), shown.left_out),
    }
}

/// What was read and what will be sent.
pub(super) fn origin(view: &View) -> String {
    list("origin", view.notes.iter().map(|note| (prose(note), ("notes", 1))))
}

/// What it means for callers, and who ends up with how many numbers.
pub(super) fn impact(view: &View) -> Option<Section> {
    // Of what could not be read nobody knows what it means.
    view.sentence.as_ref()?;
    let figure = |(n, what): &(usize, String)| (format!("<b>{n}</b> {}", escaped(what)), ("figures", 1));
    let figures = match view.impact.is_empty() {
        true => format!("<p>{NO_IMPACT}.</p>\n"),
        false => list("figures", view.impact.iter().map(figure)),
    };
    Some(Section { id: "impact", title: "Impact".into(), body: figures + &holders(view) })
}

fn holders(view: &View) -> String {
    if view.holders.is_empty() {
        return String::new();
    }
    let row = |(name, before, after): &(String, usize, usize)| {
        let name = escaped(name);
        let row =
            format!("<tr><th scope=\"row\"><code>{name}</code></th><td>{before}</td><td>{after}</td></tr>\n");
        Line::new(row, ("trunks and agents", 1))
    };
    let rows: Vec<_> = view.holders.iter().map(row).collect();
    let shown = fitted(&rows, LIST, |_| 0);
    let head =
        ["numbers of", "before", "after"].map(|name| format!("<th scope=\"col\">{name}</th>")).concat();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers of trunks and agents\">\n\
         <table class=\"holders\">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n{}",
        shown.html(),
        shown.left_out
    )
}

/// Why apply will not do it, and what else was found wrong.
pub(super) fn problems(view: &View) -> Option<Section> {
    let refusals = view.refusals.iter().map(|(what, help)| {
        let help = format!("<br>help: {}", prose(help));
        (format!("<strong class=\"error\">refused</strong> {}{help}", prose(what)), ("refusals", 1))
    });
    let problems = view.problems.iter().map(|(severity, what)| {
        (format!("<strong class=\"{severity}\">{severity}</strong> {}", prose(what)), ("problems", 1))
    });
    let body = list("problems", refusals.chain(problems));
    (!body.is_empty()).then(|| Section { id: "problems", title: "Problems".into(), body })
}

/// Notes on steps under a title.
pub(super) fn notes(id: &'static str, title: &str, notes: &[NoteView]) -> Option<Section> {
    let note = |NoteView { what, words, count }: &NoteView| {
        let colon = if words.is_empty() { "" } else { ": " };
        (format!("<code>{}</code>{colon}{}", escaped(what), prose(words)), ("requests", *count))
    };
    let body = list(id, notes.iter().map(note));
    (!body.is_empty()).then(|| Section { id, title: title.into(), body })
}

/// What is taken away against the limits, and what can be taken back.
pub(super) fn undo(view: &View) -> Option<Section> {
    let body: String =
        view.removals.iter().chain(&view.undo).map(|line| format!("<p>{}</p>\n", prose(line))).collect();
    (!body.is_empty()).then(|| Section { id: "undo", title: "Removals and undo".into(), body })
}

/// Where the declared secrets come from.
pub(super) fn secrets(view: &View) -> Option<Section> {
    let SecretsView { title, sources } = view.secrets.as_ref()?;
    let body = format!("<p>{title}: <code>{}</code></p>\n", escaped(sources));
    Some(Section { id: "secrets", title: "Secrets".into(), body })
}

/// What is live, not listed, and stays.
pub(super) fn unlisted(view: &View) -> Option<Section> {
    let names = view.unlisted.as_ref()?;
    let body = format!("<p>Live, not in the files, left alone: <code>{}</code></p>\n", escaped(names));
    Some(Section { id: "unlisted", title: "Left alone".into(), body })
}
