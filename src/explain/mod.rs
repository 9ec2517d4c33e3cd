//! The long text of every code, with a wrong and a right example.
//! In: a code. Out: what it means, why it matters, what to do, and two files that a test runs.
//! Each code is a folder beside this file and a line in the table; nothing is read when the program runs.

use crate::model::{Code, Severity};

/// What is told of one code.
struct Text {
    code: Code,
    meaning: &'static str,
    wrong: &'static str,
    right: &'static str,
    /// What is live, where the file alone does not show the problem.
    live: Option<&'static str>,
}

macro_rules! file {
    ($code:ident, $($name:literal)+) => {
        concat!($(include_str!(concat!(stringify!($code), "/", $name))),+)
    };
}

macro_rules! text {
    ($code:ident) => {
        text!($code, file!($code, "wrong.yaml"), file!($code, "right.yaml"), None)
    };
    ($code:ident, live) => {
        text!($code, file!($code, "wrong.yaml"), file!($code, "right.yaml"), Some(file!($code, "live.json")))
    };
    ($code:ident, $wrong:expr, $right:expr, $live:expr) => {
        Text {
            code: Code::$code,
            meaning: file!($code, "text.md"),
            wrong: $wrong,
            right: $right,
            live: $live,
        }
    };
}

/// Every code, in the order of the codes.
const TEXTS: &[Text] = &[
    text!(CFG001),
    text!(CFG002),
    text!(CFG003),
    text!(CFG004),
    text!(CFG005),
    text!(CFG006),
    text!(CFG007),
    text!(CFG008),
    text!(CFG009),
    text!(CFG010),
    text!(CFG011),
    text!(CFG012, file!(CFG012, "wrong/notes.txt"), file!(CFG012, "right.yaml"), None),
    text!(
        CFG013,
        file!(CFG013, "wrong/a.yaml" "wrong/b.yaml"),
        file!(CFG013, "right/a.yaml" "right/b.yaml"),
        None
    ),
    text!(CFG014),
    text!(
        CFG015,
        concat!(
            file!(CFG015, "wrong/trunkform.yaml"),
            "\n# numbers.csv:\n",
            file!(CFG015, "wrong/numbers.csv")
        ),
        concat!(
            file!(CFG015, "right/trunkform.yaml"),
            "\n# numbers.csv:\n",
            file!(CFG015, "right/numbers.csv")
        ),
        None
    ),
    text!(TRK001),
    text!(TRK002),
    text!(TRK003),
    text!(TRK004),
    text!(TRK005),
    text!(TRK006),
    text!(TRK007),
    text!(TRK008),
    text!(TRK009),
    text!(TRK010),
    text!(TRK011),
    text!(TRK012),
    text!(TRK013),
    text!(TRK014),
    text!(TRK015),
    text!(TRK016),
    text!(TRK017),
    text!(TRK018),
    text!(TRK019),
    text!(TRK020),
    text!(TRK021),
    text!(TRK022),
    text!(TRK023),
    text!(TRK024),
    text!(TRK025),
    text!(TRK026),
    text!(TRK027),
    text!(TRK028),
    text!(TRK030),
    text!(SEC001),
    text!(SEC002),
    text!(SEC004),
    text!(SEC005),
    text!(SEC006),
    text!(SEC007),
    text!(SEC008),
    text!(SEC009),
    text!(NUM001),
    text!(NUM002),
    text!(NUM003),
    text!(NUM005),
    text!(NUM006),
    text!(NUM007),
    text!(NUM009),
    text!(NUM010),
    text!(NUM011),
    text!(NUM012, live),
    text!(NUM013),
    text!(NUM014),
    text!(NUM015),
    text!(NUM016),
    text!(LIV001, live),
    text!(LIV002, live),
    text!(LIV003, live),
    text!(LIV004, live),
    text!(LIV005, live),
    text!(LIV006, live),
    text!(LIV007, live),
    text!(LIV008, live),
    text!(PLN001, live),
    text!(PLN004, live),
    text!(PLN007, live),
    text!(PLN008, live),
    text!(PLN009, live),
    text!(PLN010, live),
    text!(PLN011, live),
    text!(PLN012, live),
    text!(PLN013, live),
    text!(
        PLN014,
        file!(PLN014, "wrong/kalem.yaml" "wrong/bolna.yaml"),
        file!(PLN014, "right/kalem.yaml" "right/bolna.yaml"),
        Some(file!(PLN014, "live.json"))
    ),
];

/// The text that `explain CODE` prints.
pub fn explain(code: Code) -> String {
    let Some(text) = find(code) else { return headline(code) };
    let mut out = format!("{}\n\n{}", headline(code), text.meaning);
    let live = text.live.map(|live| ("Live at the platform, for both", live));
    for (title, example) in [("Wrong", text.wrong), ("Right", text.right)].into_iter().chain(live) {
        out.push_str(&format!("\n{title}:\n\n"));
        for line in example.lines() {
            let line = format!("    {}", crate::model::visible(line));
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out
}

/// The wrong and the right example of a code.
pub fn examples(code: Code) -> (&'static str, &'static str) {
    find(code).map_or(("", ""), |text| (text.wrong, text.right))
}

/// The text of a code alone: what it means, why it matters, what to do.
pub fn meaning(code: Code) -> &'static str {
    find(code).map_or("", |text| text.meaning)
}

/// Whether only a live account shows it: the files alone never do.
pub fn needs_live(code: Code) -> bool {
    find(code).is_some_and(|text| text.live.is_some())
}

/// All codes with their headlines, one a line.
pub fn list() -> String {
    Code::ALL.iter().map(|&code| headline(code) + "\n").collect()
}

fn find(code: Code) -> Option<&'static Text> {
    TEXTS.iter().find(|text| text.code == code)
}

fn headline(code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let waivable = if code.waivable() { ", can be waived" } else { "" };
    format!("{code} ({severity}{waivable}): {}", code.summary())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secret_names::REFUSED;

    #[test]
    fn the_variables_that_may_not_be_named_are_those_of_the_table() {
        let text = TEXTS.iter().find(|text| text.code == Code::SEC009).unwrap().meaning;
        let (list, _) = text.split_once("shell: ").unwrap().1.split_once(".\n\n").unwrap();
        let names: Vec<_> = list.split_whitespace().map(|name| name.trim_matches('`')).collect();
        assert_eq!(names, REFUSED);
    }

    #[test]
    fn every_code_has_its_text_and_its_examples() {
        assert_eq!(TEXTS.iter().map(|text| text.code).collect::<Vec<_>>(), Code::ALL);
        for text in TEXTS {
            let lines = text.meaning.lines().count();
            assert!((6..=15).contains(&lines), "{}: {lines} lines", text.code);
            for part in ["What it means: ", "\n\nWhy it matters: ", "\n\nWhat to do: "] {
                assert!(text.meaning.contains(part), "{}: {part}", text.code);
            }
            assert!(text.code == Code::CFG012 || text.wrong.starts_with("# "), "{}", text.code);
            assert!(text.right.starts_with("# ") && text.wrong != text.right, "{}", text.code);
        }
    }

    #[test]
    fn a_person_reads_headline_text_and_both_examples() {
        let text = explain(Code::TRK001);
        assert!(
            text.starts_with("TRK001 (error, can be waived): a port outside 1 to 65535\n\nWhat it means: ")
        );
        assert!(text.contains("\nWrong:\n\n    # One digit too many.\n    provider: kalem\n"));
        assert!(text.contains("\nRight:\n\n    # A port from 1 to 65535.\n"));
        assert!(explain(Code::CFG002).contains("Office \\u{200b}PBX"));
        assert_eq!(list().lines().count(), Code::ALL.len());
    }
}
