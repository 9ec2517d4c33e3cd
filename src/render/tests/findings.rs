//! Findings for code scanning and CI: goldens, hostile texts, and many.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::xml;
use crate::model::{Account, Address, Code, Diagnostic, KindName, Severity, Sources, Span};
use crate::render::diagnostics::{github, json, junit, sarif};
use crate::render::document::one_line;

/// Names as nobody should give them, and how they are shown.
pub(super) const HOSTILE: [(&str, &str); 10] = [
    ("a\u{0}b\u{8}c", r"a\u{0}b\u{8}c"),
    ("\u{1b}[31mred\u{7f}\u{9b}", r"\u{1b}[31mred\u{7f}\u{9b}"),
    ("]]> <b> &amp;", "]]> <b> &amp;"),
    ("one\ntwo\r\n", r"one\u{a}two\u{d}\u{a}"),
    ("\"quoted' \\ back", "\"quoted' \\ back"),
    ("\u{202e}evil\u{2066}", r"\u{202e}evil\u{2066}"),
    ("\u{fffe}\u{ffff}", "\u{fffe}\u{ffff}"),
    ("\u{2028}\u{feff}\u{85}", r"\u{2028}\u{feff}\u{85}"),
    ("100%3A::set-env,x=1", "100%3A::set-env,x=1"),
    ("Büro 東京 🦀", "Büro 東京 🦀"),
];

/// As `visible` shows it, and as XML can hold it.
pub(super) fn in_xml(shown: &str) -> String {
    shown.replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}")
}

fn parsed(found: &[Diagnostic], sources: &Sources) -> Json {
    serde_json::from_str(&one_line(&sarif(found, sources))).unwrap()
}

/// `n` findings of three rules, one in each line of a file.
pub(super) fn many(n: usize) -> (Vec<Diagnostic>, Sources) {
    let (file, line): (Arc<str>, _) = ("./a b/é.yaml".into(), "  - name: \"Büro\"\n");
    let mut sources = Sources::default();
    sources.insert(&file, &line.repeat(n.max(1)));
    let found = (0..n).map(|at| {
        let start = (at * line.len()) as u32 + 4;
        let code = [Code::TRK009, Code::NUM009, Code::TRK020][at % 3];
        let about = Address::new(&Account::new("kalem"), KindName::Trunk, "Büro");
        let found = Diagnostic::new(code, format!("`{at}` is wrong")).about(&about).help("write `x`");
        let found = found.at(&file, Span::new(start, start + 4), "");
        if at == 1 { found.at(&file, Span::new(4, 8), "the first") } else { found }
    });
    (found.collect(), sources)
}

#[test]
fn many_findings_are_all_there() {
    for n in [1_000, 50_000] {
        let (found, sources) = many(n);
        let text = one_line(&sarif(&found, &sources));
        let log: Json = serde_json::from_str(&text).unwrap();
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let rules: Vec<_> =
            run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
        assert_eq!((results.len(), rules.len()), (n, 3));
        assert!(
            results.iter().all(|one| one["ruleId"] == *rules[one["ruleIndex"].as_u64().unwrap() as usize])
        );
        let prints: BTreeSet<_> = results
            .iter()
            .map(|one| {
                (one["ruleId"].to_string(), one["partialFingerprints"]["primaryLocationLineHash"].to_string())
            })
            .collect();
        assert_eq!(prints.len(), n, "of lines that are the same each has a fingerprint of its own");
        assert!(text.len() < 600 * n + 20_000, "{}", text.len());

        let document = junit(&found, &sources, Severity::Warning);
        let elements = xml::read(&document);
        let failures: Vec<_> = elements.iter().filter(|one| one.name == "failure").collect();
        let lines: usize = failures.iter().map(|one| one.text.matches(" is wrong\n").count()).sum();
        // Two of three rules are bad enough; the third is told of all the same.
        assert_eq!((failures.len(), lines), (2, n - n / 3));
        assert_eq!(document.matches(" is wrong\n").count(), n);
        assert!(document.len() < 100 * n + 10_000, "{}", document.len());
    }
}

#[test]
fn a_line_that_moves_keeps_its_fingerprint() {
    let file: Arc<str> = "f.yaml".into();
    let print = |text: &str| {
        let mut sources = Sources::default();
        sources.insert(&file, text);
        let start = text.find("host").unwrap() as u32;
        let found =
            Diagnostic::new(Code::TRK003, text.len().to_string()).at(&file, Span::new(start, start + 4), "");
        parsed(&[found], &sources)["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(print("a: 1\nhost: x\n"), print("# more\n\na: 1\n  host: x\n"));
    assert_ne!(print("host: x\n"), print("host: y\n"));
}

#[test]
fn hostile_texts_come_out_visible_and_whole() {
    for (hostile, shown) in HOSTILE {
        let file: Arc<str> = hostile.into();
        let mut sources = Sources::default();
        sources.insert(&file, &format!("k: {hostile}\n"));
        let about = Address::new(&Account::new("kalem"), KindName::Trunk, hostile);
        let found = Diagnostic::new(Code::TRK003, hostile)
            .at(&file, Span::new(3, 3 + hostile.len() as u32), hostile)
            .at(&file, Span::new(0, 1), hostile)
            .help(hostile)
            .about(&about);
        let found = [found, Diagnostic::new(Code::CFG012, hostile)];

        let text = one_line(&sarif(&found, &sources));
        assert!(!text.trim_end().contains(crate::model::text::is_hidden), "{text}");
        let run = &parsed(&found, &sources)["runs"][0];
        let result = &run["results"][0];
        assert_eq!(result["message"]["text"], format!("{shown}\nhelp: {shown}"));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], *shown);
        let place = &result["locations"][0];
        assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], format!("kalem.trunk.{shown}"));
        let uri = place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}#?:".contains(&b)), "{uri}");
        assert_eq!(run["results"][1]["locations"], Json::Array(vec![]), "no place is made up");

        let elements = xml::read(&junit(&found, &sources, Severity::Error));
        let failures: Vec<_> = elements.iter().filter(|one| one.name == "failure").collect();
        assert_eq!(failures.len(), 2);
        assert!(failures.iter().all(|one| one.get("message") == in_xml(shown)), "{failures:?}");
        assert!(failures[1].text.ends_with(&format!("\n  help: {}", in_xml(shown))), "{failures:?}");

        assert_eq!(github(&found, &sources).lines().count(), 2);
        assert_eq!(json(&found, &sources)["diagnostics"][0]["message"], *shown);
    }
}

#[test]
fn a_rule_that_may_not_have_seen_everything_has_not_passed() {
    let outcome = |found: &[Diagnostic], worst, code: &str| {
        let all = xml::read(&junit(found, &Sources::default(), worst));
        let at = all.iter().position(|one| one.get("name").starts_with(code)).unwrap();
        let next = all.get(at + 1).map_or("testcase", |next| &next.name);
        (if next == "testcase" { "passed" } else { next }).to_owned()
    };
    let form = [Diagnostic::new(Code::CFG005, "x"), Diagnostic::new(Code::TRK009, "y")];
    for (code, wanted) in
        [("CFG005", "failure"), ("TRK009", "failure"), ("CFG001", "passed"), ("TRK001", "skipped")]
    {
        assert_eq!(outcome(&form, Severity::Error, code), wanted, "{code}");
    }
    let warning = [Diagnostic::new(Code::NUM002, "x")];
    assert_eq!(outcome(&warning, Severity::Error, "NUM002"), "system-out");
    assert_eq!(outcome(&warning, Severity::Warning, "NUM002"), "failure");
    assert_eq!(outcome(&warning, Severity::Error, "TRK001"), "passed");
    let names = junit(&[], &Sources::default(), Severity::Error);
    assert!(!names.contains("PLN001") && !names.contains("LIV001"), "only a live account shows these");
}
