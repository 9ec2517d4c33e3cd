//! Entries that are added to a list: nothing that was there moves.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::super::{Error, append, format};
use super::mess;

const TWO: &str = "- number: \"+15550000001\"\n  trunk: A\n- {number: \"+15550000002\"}\n";

fn numbers(text: &str) -> Result<String, Error> {
    append(text, "numbers", TWO)
}

/// Texts before and after.
const ADDED: &[(&str, &str)] = &[
    (
        "numbers:\n  - number: a\n    trunk: b  # c\n",
        "numbers:\n  - number: a\n    trunk: b  # c\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n",
    ),
    (
        "numbers:\r\n- a\r\n\r\n# of trunks\r\ntrunks:\r\n- b",
        "numbers:\r\n- a\r\n- number: \"+15550000001\"\r\n  trunk: A\r\n- {number: \"+15550000002\"}\r\n\r\n# of trunks\r\ntrunks:\r\n- b",
    ),
    (
        "numbers:\n    - a\n    # - was here\n\n# of trunks\ntrunks: []\n",
        "numbers:\n    - a\n    # - was here\n    - number: \"+15550000001\"\n      trunk: A\n    - {number: \"+15550000002\"}\n\n# of trunks\ntrunks: []\n",
    ),
    (
        "\"numbers\":\n  - a: |\n      text\n\n\ntrunks: []\n",
        "\"numbers\":\n  - a: |\n      text\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n\n\ntrunks: []\n",
    ),
    (
        "numbers:\n  - a: |+\n      text\n\n\ntrunks: []\n",
        "numbers:\n  - a: |+\n      text\n\n\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\ntrunks: []\n",
    ),
    (
        "numbers: # none yet\n  # soon\ntrunks: []",
        "numbers: # none yet\n  # soon\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\ntrunks: []",
    ),
    (
        "provider: x",
        "provider: x\n\nnumbers:\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n",
    ),
    ("", "numbers:\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n"),
    (
        "---\nprovider: x\n...\n",
        "---\nprovider: x\n\nnumbers:\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n...\n",
    ),
    (
        "numbers:\n  - a\n  -",
        "numbers:\n  - a\n  -\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n",
    ),
    (
        "numbers: &all\n  - a\nothers: *all\n",
        "numbers: &all\n  - a\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\nothers: *all\n",
    ),
    (
        "x:\n  numbers:\n    - a\n",
        "x:\n  numbers:\n    - a\n\nnumbers:\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n",
    ),
    (
        "numbers:\n  - a\nnumbers: b\n",
        "numbers:\n  - a\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\nnumbers: b\n",
    ),
    (
        "numbers:\n  - a\rb: 1",
        "numbers:\n  - a\r  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\nb: 1",
    ),
    (
        "numbers:\n-\n \u{2028}",
        "numbers:\n-\n \u{2028}\n- number: \"+15550000001\"\n  trunk: A\n- {number: \"+15550000002\"}\n",
    ),
    (
        "? numbers:\n",
        "? numbers:\n\nnumbers:\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n",
    ),
    (
        "  a: 1\n",
        "  a: 1\n\n  numbers:\n    - number: \"+15550000001\"\n      trunk: A\n    - {number: \"+15550000002\"}\n",
    ),
    (
        " numbers:\n # of b\n b: 1\n",
        " numbers:\n   - number: \"+15550000001\"\n     trunk: A\n   - {number: \"+15550000002\"}\n # of b\n b: 1\n",
    ),
    (
        "numbers:\n  - : x\n: c\n",
        "numbers:\n  - : x\n  - number: \"+15550000001\"\n    trunk: A\n  - {number: \"+15550000002\"}\n: c\n",
    ),
];

#[test]
fn entries_come_last_in_their_list_and_stand_as_the_others() {
    for (before, after) in ADDED {
        assert_eq!(numbers(before).as_deref(), Ok(*after), "{before}");
    }
}

#[test]
fn what_has_no_place_for_them_is_said() {
    let section = || "numbers".to_owned();
    for (text, why) in [
        ("a: 1\nnumbers: []\n", Error::Inline { section: section(), line: 2 }),
        ("numbers: null\n", Error::Inline { section: section(), line: 1 }),
        ("numbers:\n  [a]\n", Error::Inline { section: section(), line: 2 }),
        ("numbers: &a\nb: *a\n", Error::Inline { section: section(), line: 1 }),
        ("numbers:\n  a:\n  - b\n", Error::Inline { section: section(), line: 2 }),
        ("{numbers: [a]}\n", Error::NoBlock { line: 1 }),
        ("# c\n- a\n", Error::NoBlock { line: 1 }),
        ("a: 1\n---\nb: 1\n", Error::Documents { line: 2 }),
        ("a: 1\n...\nb: 1\n", Error::Documents { line: 3 }),
    ] {
        assert_eq!(numbers(text), Err(why), "{text}");
    }
    assert!(matches!(numbers("a: [\n"), Err(Error::Syntax { .. })));
    assert_eq!(append("a: 1\n", "numbers", "number: 1\n"), Err(Error::Entries { line: 1 }));
    let said = numbers("numbers: []\n").unwrap_err().to_string();
    assert_eq!(
        said,
        "line 1: `numbers` has a value on its own line: write `numbers:` and each entry on a line of its own that begins with `- `; where it is empty, take it out"
    );
}

const FILES: [&str; 4] = [
    "provider: x\n\ntrunks:\n  - name: a\n    # last of a\n\nnumbers:\n  - number: b\n    x: {y: z}\n  # last\n",
    "numbers:\n  - a\n  # - b\n\n# of trunks\ntrunks:\n  - c\n",
    "provider: x\nnumbers:\n\n# of trunks\ntrunks:\n  - c\n",
    "provider: x\ntrunks:\n  - c\n# end\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::default() })]

    #[test]
    fn no_line_that_is_there_is_touched(which in 0..FILES.len(), choices in proptest::collection::vec(any::<u8>(), 1..60)) {
        let messy = mess::of(FILES[which], &choices);
        let longer = numbers(&messy).map_err(|why| TestCaseError::fail(format!("{why}\n{messy:?}")))?;
        let mut lines = longer.lines();
        prop_assert!(messy.lines().all(|line| lines.any(|other| other == line)), "{messy:?}\n{longer:?}");
        prop_assert!(longer.len() > messy.len() + TWO.len());
        // It is the same to add and lay out as to lay out and add, but for what has no list yet.
        let laid = format(&longer).unwrap();
        prop_assert_eq!(format(&laid).unwrap(), laid.clone());
        if FILES[which].contains("- a") || FILES[which].contains("- number") {
            prop_assert_eq!(numbers(&format(&messy).unwrap()).unwrap().replace("\r\n", "\n"), laid.replace("\r\n", "\n"));
        }
    }
}
