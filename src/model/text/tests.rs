//! Texts that are harm, and random ones made of such pieces.
//! In: a text. Out: what it looks like when it is shown.
//! The judge of what a CI job obeys is written anew here: it knows nothing of how a text was escaped.

use proptest::prelude::*;

use super::*;

#[test]
fn what_a_terminal_obeys_is_written_out() {
    assert_eq!(visible("evil \x1b[31mred\x07 \u{202e}rtl\n"), r"evil \u{1b}[31mred\u{7} \u{202e}rtl\u{a}");
    assert_eq!(visible("\u{9b}2J \u{e0041}"), r"\u{9b}2J \u{e0041}");
}

#[test]
fn what_a_log_obeys_is_written_out() {
    assert_eq!(visible("a ###[add-mask]b"), r"a #\u{23}#[add-mask]b");
    assert_eq!(visible("# [a] #[b] ## c ##1"), "# [a] #[b] ## c ##1");
    assert_eq!(visible("x##vso[task.complete]"), r"x\u{23}#vso[task.complete]");
    assert_eq!(visible("##teamcity[x]##[y]"), r"\u{23}#teamcity[x]\u{23}#[y]");
    assert_eq!(
        visible("section_start:1:a travis_fold:start:b"),
        r"section_start\u{3a}1:a travis_fold\u{3a}start:b"
    );
    assert!(has_log_command("a ##x") && has_log_command("::error::x") && !has_log_command("a:b ::1"));
}

#[test]
fn a_command_that_a_wrapped_line_could_begin_with_is_written_out() {
    assert_eq!(visible("::error::x"), r"\u{3a}:error::x");
    assert_eq!(visible("x ::add-mask::y\u{a0}::debug::"), r"x \u{3a}:add-mask::y\u{a0}\u{3a}:debug::");
    assert_eq!(visible("a\n::error::x"), r"a\u{a}::error::x");
    for same in
        ["2001:db8::1", "::1", "::ffff:192.0.2.1", "to ::ffff:c000:201/120, ::", "std::fmt a::b", "fe80::a"]
    {
        assert_eq!(visible(same), same);
    }
    assert_eq!(visible("::feed-x::"), r"\u{3a}:feed-x::");
}

#[test]
fn the_last_look_finds_what_a_line_begins_with_and_leaves_the_rest() {
    assert_eq!(harmless("a\n  ::error::x\n::1\nb ::c\n"), "a\n  \\u{3a}:error::x\n\\u{3a}:1\nb ::c\n");
    assert_eq!(harmless("\u{1b}[31m ::error::x\u{1b}[0m"), "\u{1b}[31m \\u{3a}:error::x\u{1b}[0m");
    assert_eq!(harmless("--- a\tb\n+++ c\n## d\n"), "--- a\tb\n+++ c\n## d\n");
    assert_eq!(harmless("a ##vso[b]\u{202e}\r\n"), "a \\u{23}#vso[b]\\u{202e}\\u{d}\n");
    assert_eq!(harmless_words("--- a\n ~~~ b\n^^^ +++\n---\n"), "\\u{2d}-- a\n ~~~ b\n\\u{5e}^^ +++\n---\n");
    assert!(matches!(harmless_words("  + create a.trunk.B\n~ c\n"), Cow::Borrowed(_)));
}

#[test]
fn everything_without_a_shape_is_written_out() {
    let known = "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}\u{180e}\u{180f}\u{200b}\u{200c}\u{200d}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2060}\u{2065}\u{206f}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{fff8}\u{fff9}\u{fffb}\u{1bca0}\u{1bca3}\u{1d173}\u{1d17a}\u{e0000}\u{e0100}\u{e0fff}\u{0}\u{7f}\u{85}\u{9f}";
    for c in known.chars() {
        assert!(is_hidden(c), "{c:?}");
        assert_eq!(visible(&format!("a{c}b")), format!("a{}b", c.escape_unicode()));
    }
    for c in "a é 東 \u{a0}\u{3000}\u{301}\u{fffc}\u{fffd}\u{1f600}".chars() {
        assert!(!is_hidden(c), "{c:?}");
    }
}

#[test]
fn json_reads_as_it_was() {
    let text = "a\u{202e}b\u{e0041}c\u{7f}##[d] ##vso[e]\n::f::g ::h \"::i 2001:db8::a section_start:1";
    let json = visible_json(serde_json::json!([text]).to_string());
    assert_eq!(
        json,
        r#"["a\u202eb\udb40\udc41c\u007f\u0023#[d] \u0023#vso[e]\n\u003a:f::g \u003a:h \"\u003a:i 2001:db8::a section_start\u003a1"]"#
    );
    assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
}

#[test]
fn what_is_longer_than_anybody_reads_is_cut() {
    let most = "é".repeat(BRIEF);
    assert_eq!(brief(&most), most);
    assert_eq!(brief(&format!("{most}\n")), format!("{most}… (1001 characters)"));
    assert_eq!(brief("a\n"), r"a\u{a}");
}

#[test]
fn what_people_write_is_left_alone() {
    let text = "Primary Carrier — Büro 東京 `+15551234567`";
    assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
}

const PIECES: [&str; 30] = [
    "::",
    ":",
    "#",
    "##",
    "[",
    "]",
    "vso[x]",
    "error",
    "::error::x",
    "::add-mask::",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{3000}",
    "\u{200b}",
    "\u{2028}",
    "\u{1b}[31m",
    "\u{1b}",
    "\u{fe0f}",
    "::1",
    "2001:db8::1",
    "section_start:",
    "travis_fold:",
    "--- ",
    "+++ ",
    "^^^ +++",
    "é",
];

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12);
    prop_oneof![pieces.prop_map(|pieces| pieces.concat()), any::<String>()]
}

/// What GitHub, Azure, TeamCity, GitLab or Travis would obey in a line.
fn obeyed(line: &str) -> bool {
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[');
    line.trim_start().starts_with("::")
        || line.split("##").skip(1).any(begins)
        || ["section_start:", "section_end:", "travis_fold:", "travis_time:"]
            .iter()
            .any(|fold| line.contains(fold))
}

/// Breaks a text at each blank behind which a word would be too long for a line.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let length = word.chars().count();
        if column > 0 && column + length > width {
            lines.push('\n');
            column = 0;
        }
        lines.push_str(word);
        column += length;
    }
    lines
}

proptest! {
    #[test]
    fn whatever_is_printed_in_lines_of_any_width_commands_nothing(text in hostile(), before in "[ #:a-]{0,3}", width in 20_usize..=120) {
        let shown = visible(&text);
        prop_assert!(!shown.contains(is_hidden), "{}", shown);
        for word in shown.split(char::is_whitespace) {
            let address = word.chars().all(|c| c.is_ascii_hexdigit() || ":.".contains(c));
            let begins = word.strip_prefix("::").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
            prop_assert!(!begins || address, "{}", shown);
        }
        for lines in [wrapped(&shown, width), wrapped(&format!("{before}{shown}"), width), format!("{before}{text}")] {
            let printed = harmless_words(&lines);
            prop_assert!(!printed.lines().any(|line| GROUPS.iter().any(|group| line.starts_with(group))), "{:?}", printed);
            prop_assert!(!printed.lines().any(obeyed), "{:?}", printed);
            let printed = harmless(&lines);
            prop_assert!(!printed.lines().any(obeyed), "{:?}", printed);
        }
        prop_assert_eq!(visible(&shown), shown.clone());
    }

    #[test]
    fn json_commands_nothing_and_reads_as_it_was(text in hostile()) {
        let json = visible_json(serde_json::json!({ &text: [&text] }).to_string());
        prop_assert!(!json.contains(is_hidden) && !obeyed(&json), "{}", json);
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), serde_json::json!({ &text: [&text] }));
    }
}
