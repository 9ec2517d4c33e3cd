//! A plan as one page that needs nothing but a browser.
//! In: a plan. Out: HTML of at most five million bytes: what bears a risk first, then changes that can be searched, steps with their picture, and a count of what is left out.
//! Names no address in any network, and decides nothing about a plan: order, folding and masking are `view`'s.

mod budget;
mod changes;
mod layout;
mod picture;
mod sections;
mod steps;
#[cfg(test)]
mod tests;
mod text;

use super::view::{Verdict, View};
use crate::model::Plan;
use sections::Section;
use text::{digest, escaped, prose};

/// A page is never larger.
pub const LIMIT: usize = 5_000_000;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub fn plan(plan: &Plan) -> String {
    let view = View::of(plan);
    let sections = [
        sections::impact(&view),
        sections::problems(&view),
        sections::notes("irreversible", "Nothing can undo", &view.irreversible),
        sections::notes("side-effects", "Side effects", &view.side_effects),
        sections::undo(&view),
        changes::section(&view),
        steps::section(plan, &view),
        sections::secrets(&view),
        sections::unlisted(&view),
    ];
    let sections: Vec<Section> = sections.into_iter().flatten().collect();
    let contents: String = sections.iter().map(Section::link).collect();
    let contents = match contents.as_str() {
        "" => contents,
        links => format!("<nav aria-label=\"Contents\">\n<ul>\n{links}</ul>\n</nav>\n"),
    };
    let sentence = view.sentence.as_deref().map(sentence).unwrap_or_default();
    format!(
        "{}<body>\n{}{contents}<main>\n{}{sentence}</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        head(&view),
        opening(&view),
        sections.iter().map(Section::html).collect::<String>(),
    )
}

/// What a browser must know: it may run our own script and style, and fetch nothing.
fn head(view: &View) -> String {
    let (script, style) = (digest(SCRIPT), digest(STYLE));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Trunkform plan: {}</title>\n\
         <style>{STYLE}</style>\n</head>\n",
        view.verdict.words()
    )
}

/// How the plan is to be taken, and what it is made from.
fn opening(view: &View) -> String {
    let kind = match view.verdict {
        Verdict::Incomplete | Verdict::Refused => "bad",
        Verdict::NeedsApproval => "attention",
        Verdict::NothingToDo | Verdict::Safe => "good",
    };
    format!(
        "<header class=\"{kind}\">\n<h1><span class=\"of\">Trunkform plan</span> {}</h1>\n<p>{}.</p>\n{}</header>\n",
        view.verdict.words(),
        prose(&view.because),
        sections::origin(view)
    )
}

/// The sentence that other tools look for, as it is.
fn sentence(sentence: &str) -> String {
    format!("<p class=\"sentence\"><strong>{}</strong></p>\n", escaped(sentence))
}
