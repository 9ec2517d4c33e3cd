//! A page stays a page: its size, its markup, its numbers, whatever the names in the plan.

use std::collections::HashMap;

use super::text::digest;
use super::{LIMIT, SCRIPT, STYLE, plan};
use crate::model::{Account, Plan};
use crate::render::tests::crowd::{Crowd, HOSTILE};

/// What has no end tag.
const VOID: [&str; 4] = ["meta", "br", "input", "path"];

/// Without our script and style: they are files of their own.
fn bare(page: &str) -> String {
    page.replace(STYLE, "").replace(SCRIPT, "")
}

#[test]
fn a_page_on_three_changes() {
    let page = bare(&plan(&crate::render::fixture::plan(3)));
    insta::assert_snapshot!("html", page.replace(&digest(SCRIPT), "SCRIPT").replace(&digest(STYLE), "STYLE"));
}

/// The name of each tag of the page, an end tag with its `/`; and that each has its end where it must.
fn tags(page: &str) -> Vec<String> {
    let page = bare(page);
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for part in page.split('<').skip(2) {
        let (tag, text) = part.split_once('>').expect("each tag ends");
        assert!(!text.contains('>'), "only tags have brackets: {part}");
        let quotes = tag.matches('"').count();
        assert!(quotes % 2 == 0 && !tag.contains('\n'), "attributes are quoted: {tag}");
        let name = tag.split(|c: char| c == ' ' || c == '/' && !tag.starts_with('/')).next().unwrap();
        match name.strip_prefix('/') {
            Some(end) => assert_eq!(open.pop().as_deref(), Some(end), "{tag}"),
            None if VOID.contains(&name) || tag.ends_with('/') => {}
            None => open.push(name.to_owned()),
        }
        found.push(name.to_owned());
    }
    assert!(open.is_empty(), "{open:?} stay open");
    found
}

/// What a page that we wrote has, and nothing else.
fn check_markup(page: &str) {
    assert!(page.len() <= LIMIT, "{} bytes", page.len());
    let tags = tags(page);
    let times = |name: &str| tags.iter().filter(|tag| *tag == name).count();
    for (name, count) in [("script", 1), ("style", 1), ("h1", 1), ("main", 1), ("header", 1), ("meta", 4)] {
        assert_eq!(times(name), count, "{name}");
    }
    let known = "html head meta title style body header nav main section h1 h2 h3 p ul li a span strong b br code kbd dl dt dd \
        div label input fieldset legend button output details summary figure figcaption svg defs marker path rect text \
        table thead tbody tr th td script";
    let unknown =
        tags.iter().find(|tag| !known.split_whitespace().any(|name| name == tag.trim_start_matches('/')));
    assert_eq!(unknown, None);
    assert!(!page.contains(|c| crate::model::text::is_hidden(c) && c != '\n'), "what nobody can see");
}

/// What is shown and what is said to be missing in a section, by word.
fn counted(page: &str, section: &str, line: &str, words: &[&'static str]) -> HashMap<&'static str, usize> {
    let page = bare(page);
    let (_, rest) = page.split_once(&format!("<section id=\"{section}\"")).unwrap();
    let (inside, _) = rest.split_once("</section>").unwrap();
    let mut counts = HashMap::new();
    for text in inside.lines() {
        for &word in words {
            if let Some((_, missing)) = text.split_once("left out here: ") {
                let missing = missing.trim_end_matches("</p>").split(", ");
                let said = missing.filter_map(|part| part.strip_suffix(word)?.trim().parse::<usize>().ok());
                *counts.entry(word).or_default() += said.sum::<usize>();
            } else if text.starts_with(&line.replace("WORD", word)) {
                let inside = text.split(" numbers)").next().and_then(|before| before.rsplit_once('('));
                *counts.entry(word).or_default() += inside
                    .filter(|_| text.contains(" numbers)"))
                    .and_then(|(_, n)| n.parse().ok())
                    .unwrap_or(1);
            }
        }
    }
    counts
}

fn check_numbers(plan: &Plan, page: &str) {
    let summary = &plan.summary;
    let words = ["create", "update", "replace", "delete"];
    let said = counted(page, "changes", "<li data-action=\"WORD\"", &words);
    let expected = [summary.create, summary.update, summary.replace, summary.delete];
    for (word, count) in words.iter().zip(expected) {
        assert_eq!(said.get(word).copied().unwrap_or_default(), count, "{word}");
    }
    let said = counted(page, "steps", "<tr><th scope=\"row\"", &["requests"]);
    assert_eq!(said["requests"], summary.steps);
}

#[test]
fn any_size_fits_and_its_numbers_add_up() {
    for changes in [2, 30, 1000, 50_000] {
        let crowd = Crowd::of(changes).plan();
        let page = plan(&crowd);
        check_markup(&page);
        check_numbers(&crowd, &page);
        assert_eq!(page.contains("left out here"), changes >= 1000, "{changes}: {} bytes", page.len());
        assert_eq!(page.contains("<svg role"), changes <= 30, "{changes}");
        assert_eq!(page.contains("There is no picture of the steps"), changes > 30, "{changes}");
        let sentence = format!("<strong>Plan: {} to add, ", crowd.summary.to_add());
        assert!(page.contains(&sentence), "the verbatim sentence is never left out");
    }
}

/// Deletions stay longest: here all of them, though others had to go.
#[test]
fn what_bears_a_risk_is_left_out_last() {
    let crowd = Crowd::of(50_000).plan();
    let page = plan(&crowd);
    let (_, changes) = page.split_once("<section id=\"changes\"").unwrap();
    let (_, missing) = changes.split_once("left out here: ").unwrap();
    let missing = missing.split('<').next().unwrap();
    assert!(missing.contains(" create") && !missing.contains("delete"), "{missing}");
}

/// Every list at its worst: many accounts, and names that grow when they are escaped.
#[test]
fn many_accounts_and_long_names_fit_too() {
    for name in ["'".repeat(900), "`".repeat(900), "\"\u{202e}".repeat(150)] {
        let crowd = Crowd { changes: 6000, names: vec![name], accounts: 1000 }.plan();
        let page = plan(&crowd);
        check_markup(&page);
        check_numbers(&crowd, &page);
    }
}

#[test]
fn any_name_is_text() {
    for hostile in HOSTILE {
        let crowd = Crowd { changes: 40, names: vec![hostile.into()], accounts: 2 }.plan();
        let page = plan(&crowd);
        check_markup(&page);
        check_numbers(&crowd, &page);
    }
    let unread = Plan {
        errors: vec!["</main><script src=//evil.example>\u{1b}".into()],
        unread: vec![Account::new("\"><img onerror=x>")],
        ..Plan::default()
    };
    let page = plan(&unread);
    check_markup(&page);
    assert!(page.contains("Trunkform plan</span> INCOMPLETE") && !page.contains("id=\"impact\""), "{page}");
    check_markup(&plan(&Plan::default()));
}

/// The browser runs our script and our style only if these are the digests of what stands between the tags.
#[test]
fn the_page_may_run_our_own_script_and_fetch_nothing() {
    let page = plan(&crate::render::fixture::plan(3));
    for (name, policy) in [("script", "script-src"), ("style", "style-src")] {
        let (_, rest) = page.split_once(&format!("<{name}>")).unwrap();
        let (inside, _) = rest.split_once(&format!("</{name}>")).unwrap();
        let allowed = format!("{policy} '{}';", digest(inside));
        assert!(page.contains(&allowed), "{allowed}");
    }
    assert!(page.contains("content=\"default-src 'none'; "));
    let page = page.to_lowercase();
    for outside in ["http:", "https:", "//", "src=", "url(", "@import", "style=", "onclick", "javascript:"] {
        // Comments of the script and the tip of an arrow are ours.
        let found = page
            .replace("url(#tip)", "")
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .any(|line| line.contains(outside));
        assert!(!found, "{outside}");
    }
}

/// A number in a folded line must be found by those who look for it, also where its line leaves ranges out.
#[test]
fn all_numbers_of_a_folded_line_are_on_the_page() {
    let mut odd = crate::render::fixture::plan(60);
    odd.changes.retain(|change| !change.address.name.ends_with(['3', '6']));
    let page = plan(&odd);
    let every = page.split("<p class=\"every\">").nth(1).expect("the line leaves ranges out");
    let every = every.split("</p>").next().unwrap();
    assert!(every.starts_with("all 48: "), "{every}");
    for run in ["+15550100000..+15550100002", "+15550100054..+15550100055", "+15550100057..+15550100059"] {
        assert!(every.contains(run), "{run}: {every}");
    }
}
