//! Texts that nobody expects, in values, comments and names.

use granit_parser::{Event, Parser, ScalarStyle};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::{exported, live, number, text, to};
use crate::config::{self, File, reads_plain};
use crate::export::scalar::{comment, scalar};
use crate::model::KindName;
use crate::model::text::{has_log_command, is_hidden};

/// The one scalar at the end of a text, and how it is written.
fn last_scalar(yaml: &str) -> Option<(String, ScalarStyle)> {
    let events: Result<Vec<_>, _> = Parser::new_from_str(yaml).collect();
    let mut scalars = events.ok()?.into_iter().filter_map(|(event, _)| match event {
        Event::Scalar(text, style, ..) => Some((text.into_owned(), style)),
        _ => None,
    });
    scalars.next_back()
}

const PIECES: &[&str] = &[
    "",
    " ",
    "a",
    "no",
    "on",
    "true",
    "null",
    "~",
    "1",
    "0",
    ".",
    "-",
    "+",
    ":",
    ": ",
    "#",
    " #",
    "\"",
    "'",
    "\\",
    "\n",
    "\t",
    "\r",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "?",
    "=",
    "<<",
    "e",
    "x",
    "_",
    "é",
    "東",
    "\u{202e}",
    "\u{200b}",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{feff}",
    "\u{2028}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "\u{10ffff}",
    "##[",
    "##vso[",
    "::error::",
    "section_start:",
    "\u{200d}",
    "\u{fe0f}",
    "\u{3164}",
    "---",
    "...",
];

/// Texts of pieces that mean something to YAML, to a terminal or to nobody.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop_oneof![prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn every_text_reads_back_as_it_was(text in hostile()) {
        let written = scalar(&text);
        for yaml in [format!("a: {written}\n"), format!("a:\n  - {written}\n"), format!("- a: {written}\n")] {
            let read = last_scalar(&yaml);
            prop_assert!(read.is_some(), "{:?}", yaml);
            let (read, style) = read.unwrap();
            prop_assert_eq!(&read, &text, "{:?}", yaml);
            prop_assert!(style == ScalarStyle::DoubleQuoted || reads_plain(&text), "{:?}", yaml);
        }
        prop_assert!(!written.contains(is_hidden) && !has_log_command(&written), "{}", written);
    }

}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_comment_is_no_more_than_one(text in hostile()) {
        let yaml = format!("# {}\na: b\n", comment(&text));
        prop_assert_eq!(last_scalar(&yaml).map(|(text, _)| text), Some("b".to_owned()), "{:?}", yaml);
        let file = format!("# {}\nprovider: kalem\n", comment(&text));
        let checked = config::check([Ok(File::new("f", std::path::Path::new(""), file.into_bytes()))], &|_, _| Err(Vec::new()), jiff::civil::Date::ZERO);
        prop_assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    }

    #[test]
    fn a_name_that_a_file_can_have_is_declared_as_it_is(name in hostile()) {
        let known = crate::model::normalise::name(&name).into_owned();
        prop_assume!(!known.is_empty());
        let one = live(KindName::Trunk, (&known, 1), &[
            ("name", text(&name)), ("direction", text("inbound")), ("auth_type", text("ip")), ("host", text("pbx.example.com")),
        ]);
        let exported = exported([one, number("+14155552600", &[("trunk", to(KindName::Trunk, &known))])], Vec::new());
        let fits = !known.contains(['\t', '\n', '\r']) && known.chars().count() <= 255;
        prop_assert_eq!(exported.left_out.len() + exported.declared.len(), 2);
        prop_assert!(exported.left_out.is_empty() || !fits || known.contains(crate::config::is_refused), "{:?}", exported.left_out);
    }
}
