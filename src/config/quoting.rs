//! What other YAML readers would read differently, because quotes are missing.
//! In: a tree. Out: the same tree with numbers kept as text where a telephone number is wanted, and a warning about each trap.
//! Changes nothing that has quotes.

use std::collections::HashSet;
use std::sync::Arc;

use super::wording::shown;
use super::yaml::{Content, Node, trap};
use crate::model::{Account, Address, Code, Diagnostic, KindName, Kinds, Span};
use crate::provider::file::sections::SECTIONS;

/// Reads telephone numbers without quotes as text, every character kept.
pub(super) fn keep_numbers<'s>(
    (file, source): (&Arc<str>, &'s str),
    root: &mut Node<'s>,
    (account, kinds): (&Account, &Kinds),
    found: &mut Vec<Diagnostic>,
) {
    for (section, name) in SECTIONS.iter().filter(|(_, name)| *name == KindName::Number) {
        let Some(Content::List(entries)) = root.get_mut(section).map(|node| &mut node.content) else {
            continue;
        };
        let Some(kind) = kinds.get(*name) else { continue };
        for value in entries.iter_mut().filter_map(|entry| entry.get_mut(kind.identity)) {
            let (from, to) = (value.span.start as usize, value.span.end as usize);
            let Some(raw) = source.get(from..to).filter(|_| value.plain) else { continue };
            let digits = raw.strip_prefix('+').unwrap_or(raw);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            value.content = Content::Text(raw.into());
            value.plain = false;
            found.push(
                Diagnostic::new(Code::NUM002, format!("{} has no quotes", shown(raw)))
                    .at(file, value.span, "an integer to other YAML readers")
                    .help(format!("write {}", quoted(raw)))
                    .about(&Address::new(account, *name, raw)),
            );
        }
    }
}

/// Warns of plain text that is something else to readers of YAML 1.1; where a complaint stands already, quotes are not what is missing.
pub(super) fn warn_of_traps(file: &Arc<str>, root: &Node<'_>, found: &mut Vec<Diagnostic>) {
    let mut told: HashSet<Span> = found
        .iter()
        .flat_map(|d| &d.labels)
        .filter(|label| label.file == *file)
        .map(|label| label.span)
        .collect();
    root.each(&mut |node| {
        let Some(text) = node.text().filter(|_| node.plain) else { return };
        let Some(other) = trap(text) else { return };
        // One text stands for many where entries inherit it.
        if !told.insert(node.span) {
            return;
        }
        let message = format!("{} is text here and {other} to other YAML readers", shown(text));
        let warning = Diagnostic::new(Code::CFG011, message)
            .at(file, node.span, "")
            .help(format!("write {}", quoted(text)));
        found.push(warning);
    });
}

/// The text with quotes, in backticks.
fn quoted(text: &str) -> String {
    shown(&format!("\"{text}\""))
}
