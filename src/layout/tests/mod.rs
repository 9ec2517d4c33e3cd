//! What the layout promises, on texts made at random and on all that the repository has.
//! In: texts. Out: nothing, or the text that does not keep a promise.

mod adding;
mod author;
mod mess;
mod random;
mod repository;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Error, format, same};
use std::path::Path;

use crate::config::{self, File};
use crate::model::{AccountConfig, Resource, Severity, State};

/// The text laid out, after all that has to hold of it was looked at.
fn kept(text: &str) -> Result<String, String> {
    let laid = match format(text) {
        Ok(laid) => laid,
        Err(Error::Syntax { .. } | Error::Mark { .. }) => return Err(String::new()),
        Err(why) => return Err(format!("{why}\n{text:?}")),
    };
    let wrong =
        |what: &str| Err(format!("{what}\n--- before\n{text}\n--- after\n{laid}\n---\n{text:?}\n{laid:?}"));
    match format(&laid) {
        Ok(again) if again == laid => {}
        other => return wrong(&format!("the second run gives {other:?}")),
    }
    if comments(text) != comments(&laid) {
        return wrong("a comment is lost, or in another place");
    }
    if said(text) != said(&laid) {
        return wrong("the reader sees something else");
    }
    let bare = |line: &str| line.ends_with([' ', '\t']);
    let within = has_long_values(&laid);
    if laid.lines().any(bare) && !within {
        return wrong("blanks at the end of a line");
    }
    if !within && (laid.starts_with('\n') || laid.contains("\n\n\n")) {
        return wrong("empty lines");
    }
    if !laid.is_empty() && laid != "\u{feff}" && !laid.ends_with(['\n', ' ']) {
        return wrong("no line break at the end");
    }
    Ok(laid)
}

/// Every comment, found by the parser and by nothing of ours.
fn comments(text: &str) -> Vec<String> {
    let options = granit_parser::options! { max_buffered_comment_events: usize::MAX };
    let events = Parser::new_from_str_with_options(text, options).filter_map(Result::ok);
    let comment = |(event, _)| match event {
        Event::Comment(text, _) => Some(text.trim_end().to_owned()),
        _ => None,
    };
    events.filter_map(comment).collect()
}

/// Whether a value is on more than one line: what is empty there says something.
fn has_long_values(text: &str) -> bool {
    Parser::new_from_str(text).filter_map(Result::ok).any(|(event, span)| {
        let range = span.byte_range().unwrap_or_default();
        matches!(event, Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..))
            || text[range].contains('\n')
    })
}

/// What the reader of configurations makes of a text: what is declared, and what is wrong with it but for missing quotes.
fn said(text: &str) -> String {
    let file = File::new("f", Path::new("/f"), text.as_bytes().to_owned());
    let checked = config::check([Ok(file)], &|_, _| Err(Vec::new()), jiff::civil::date(2026, 1, 1));
    let mut said = String::new();
    for account in checked.config.accounts {
        let resources = account.desired.resources;
        for Resource { address, id, attributes, settings, origin: _ } in resources.values() {
            let attributes: Vec<_> = attributes.iter().map(|entry| (entry.name, &entry.value)).collect();
            said.push_str(&format!("{address} {id:?} {attributes:?} {settings:?}\n"));
        }
        let desired = State::default();
        said.push_str(&format!("{:?}\n", AccountConfig { desired, ..account }));
    }
    let errors = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let mut errors: Vec<_> = errors.map(|found| found.code).collect();
    errors.sort();
    format!("{said}{errors:?}")
}

#[test]
fn what_is_no_yaml_is_said_with_its_line() {
    let why = format("a: 1\nb: [1\n").unwrap_err();
    assert!(matches!(why, Error::Syntax { line: 2 | 3, .. }), "{why}");
}

#[test]
fn a_text_that_says_something_else_is_found() {
    for (before, after) in [
        ("a: 1", "a: \"1\""),
        ("a: x", "a: y"),
        ("a: 1\nb: 2", "b: 2\na: 1"),
        ("a: [x]", "a:\n- x"),
        ("a: x # c", "a: x"),
        ("a: x # c", "a: x # d"),
        ("- &a x\n- &b x\n- *a", "- &a x\n- &b x\n- *b"),
        ("a: !!str 1", "a: 1"),
        ("a: |\n x\n", "a: >\n x\n"),
        ("a: 1", "--- \na: 1"),
        ("a: 1", "a: 1\n---\nb: 1"),
        ("no", "\"no\" # c"),
    ] {
        assert!(matches!(same::check(before, after), Err(Error::Changed { .. })), "{before} {after}");
    }
    for (before, after) in [("no", "\"no\""), ("a: 'x'", "\"a\": \"x\""), ("a:  b  # c", "a: b # c ")] {
        assert_eq!(same::check(before, after), Ok(()), "{before} {after}");
    }
}
