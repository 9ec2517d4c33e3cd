//! A comment stays a comment: its size, its markup, its numbers, whatever the names in the plan.

use std::collections::HashMap;

use proptest::prelude::*;

use super::{LIMIT, plan};
use crate::model::{Account, Plan};
use crate::render::tests::crowd::{Crowd, HOSTILE};

#[test]
fn a_comment_on_three_changes() {
    insta::assert_snapshot!("markdown", plan(&crate::render::fixture::plan(3)));
}

/// The text without its code spans, as CommonMark finds them: what is left is markup or ours.
fn without_code(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        out.push_str(&rest[..start]);
        let fence = rest[start..].chars().take_while(|c| *c == '`').count();
        let inner = &rest[start + fence..];
        let runs = inner.match_indices('`').map(|(at, _)| at);
        let run = |at: &usize| inner[*at..].chars().take_while(|c| *c == '`').count();
        let first = |at: &usize| *at == 0 || !inner[..*at].ends_with('`');
        let end = runs.filter(first).find(|at| run(at) == fence).expect("each code span ends on its line");
        rest = &inner[end + fence..];
        out.push('\u{b7}');
    }
    out + rest
}

/// Fences, folds and tables that begin and end; nothing between them that is neither ours nor code.
fn check_markup(text: &str) {
    let size: usize = text.chars().map(char::len_utf16).sum();
    assert!(size <= LIMIT, "{size} characters");
    let (mut fenced, mut folds, mut columns) = (false, 0, None);
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            fenced = !fenced;
            assert!(["```mermaid", "```"].contains(&line), "{line}");
            continue;
        }
        if fenced || at == 0 {
            continue;
        }
        let bare = without_code(line);
        let bars = bare.starts_with('|').then(|| line.matches('|').count());
        assert!(columns.is_none() || bars.is_none() || bars == columns, "a row of another size: {line}");
        columns = bars;
        folds += i32::from(line == "<details>") - i32::from(line == "</details>");
        assert!((0..=1).contains(&folds), "{line}");
        let tags = ["<details>", "</details>", "<summary>", "</summary>", "<br>"];
        let bare = tags.iter().fold(bare, |bare, tag| bare.replace(tag, ""));
        assert!(!bare.contains(['<', '>', '@', '[', '\\']), "{bare}");
        assert!(!bare.contains("evil") && !bare.contains("heading"), "{bare}");
    }
    assert!(!fenced && folds == 0, "something stays open");
    let text = &without_arrows(text);
    for (open, close) in [("<details>", "</details>"), ("<summary>", "</summary>"), ("<!--", "-->")] {
        assert_eq!(text.matches(open).count(), text.matches(close).count(), "{open}");
    }
    assert_eq!(text.matches("<!--").count(), 1, "only the marker");
    assert!(!text.contains(['\u{202e}', '\u{1b}', '\u{200b}', '\r']), "what nobody can see");
}

/// The text without the arrows of the picture.
fn without_arrows(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("  g")).collect::<Vec<_>>().join("\n")
}

/// How many a line stands for: `(412 numbers)`, else one.
fn stands_for(line: &str) -> usize {
    let inside = line.rsplit_once(" numbers)").and_then(|(before, _)| before.rsplit_once('('));
    inside.and_then(|(_, count)| count.parse().ok()).unwrap_or(1)
}

/// What is shown and what is said to be missing below a title, by word.
fn counted(text: &str, title: &str, words: &[&'static str]) -> HashMap<&'static str, usize> {
    let mut counts = HashMap::new();
    let titles = [format!("### {title}"), format!("<summary>{title}</summary>")];
    let section = text.lines().skip_while(|line| !titles.iter().any(|title| title == line)).skip(1);
    let lines = section.take_while(|line| *line != "</details>" && !line.starts_with("###"));
    for line in lines {
        for &word in words {
            if let Some((_, missing)) = line.split_once("left out here: ") {
                let said = missing
                    .split(", ")
                    .filter_map(|part| part.strip_suffix(word)?.trim().parse::<usize>().ok());
                *counts.entry(word).or_default() += said.sum::<usize>();
            } else if line.starts_with("- ")
                && (words.len() == 1 || line[2..].split(' ').nth(1) == Some(word))
            {
                *counts.entry(word).or_default() += stands_for(line);
            }
        }
    }
    counts
}

fn check_numbers(plan: &Plan, text: &str) {
    let summary = &plan.summary;
    let said =
        counted(text, &format!("{} changes", plan.changes.len()), &["create", "update", "replace", "delete"]);
    let expected = [
        ("create", summary.create),
        ("update", summary.update),
        ("replace", summary.replace),
        ("delete", summary.delete),
    ];
    for (word, count) in expected {
        assert_eq!(said.get(word).copied().unwrap_or_default(), count, "{word}");
    }
    let said = counted(text, &format!("{} requests, in order", plan.steps.len()), &["requests"]);
    assert_eq!(said["requests"], summary.steps);
}

#[test]
fn any_size_fits_and_its_numbers_add_up() {
    for changes in [2, 30, 1000, 50_000] {
        let crowd = Crowd::of(changes).plan();
        let text = plan(&crowd);
        check_markup(&text);
        check_numbers(&crowd, &text);
        assert_eq!(text.contains("leaves out what would not fit"), changes >= 1000);
        let sentence = format!("**Plan: {} to add, ", crowd.summary.to_add());
        assert!(text.contains(&sentence), "the verbatim sentence is never left out");
    }
}

#[test]
fn the_marker_is_that_of_the_accounts_whatever_becomes_of_them() {
    let marker = |plan: &Plan| super::plan(plan).lines().next().unwrap().to_owned();
    let mut read = Crowd { accounts: 2, ..Crowd::of(4) }.plan();
    assert_eq!(marker(&read), "<!-- trunkform:plan:account-0,account-1 -->");
    let unread = Plan {
        accounts: vec![],
        unread: vec![Account::new("account-1"), Account::new("account-0")],
        ..Plan::default()
    };
    assert_eq!(marker(&unread), marker(&read));
    read.unread = vec![Account::new("--> @x")];
    assert_eq!(marker(&read), "<!-- trunkform:plan:--%3E%20%40x,account-0,account-1 -->");
    let many = Crowd { accounts: 1000, ..Crowd::of(2000) }.plan();
    assert!(marker(&many).len() < 120 && marker(&many).contains("plan:sha256-"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Over any names: never too long, always balanced.
    #[test]
    fn any_plan_is_a_comment(
        changes in 0usize..200,
        accounts in 1usize..60,
        odd in prop::collection::vec("[ -~\\n\u{202e}\u{e9}\u{1f600}`|<>@!/-]{0,40}", 1..4),
        length in 1usize..80,
        hostile in 0usize..HOSTILE.len(),
    ) {
        let mut names: Vec<String> = odd.iter().map(|name| name.repeat(length)).collect();
        names.push(HOSTILE[hostile].repeat(length));
        let text = plan(&Crowd { changes, names, accounts }.plan());
        let size: usize = text.chars().map(char::len_utf16).sum();
        prop_assert!(size <= LIMIT);
        let lines = text.lines().skip(1).filter(|line| !line.starts_with(' ') && !line.starts_with("```"));
        lines.for_each(|line| _ = without_code(line));
        let text = without_arrows(&text);
        for (open, close) in [("<details>", "</details>"), ("<!--", "-->")] {
            prop_assert_eq!(text.matches(open).count(), text.matches(close).count());
        }
        prop_assert_eq!(text.lines().filter(|line| line.starts_with("```")).count() % 2, 0);
    }
}
