//! Proves that the checks find what they are for, and nothing else.
//! In: the work tree, with breaches of every kind planted in a copy in memory. Out: a failure for each that its check passes over.
//! Never changes a file.

use super::directions::{dead_rows, dead_rows_of_the_table, forbidden, lost_files};
use super::outside::{impure_stages, named_platforms, programs, writers};
use super::sizes::{long_files, long_functions, wide_functions};
use super::survey::Survey;
use super::tables::MAY_IMPORT;
use super::{TODAY, circles, names, stages};

type Check = fn(&Survey) -> Vec<String>;

/// What is added to files (or a new file), the check that has to find it, and what the check has to say: all parts around `…` in one line.
struct Breach {
    check: Check,
    says: &'static str,
    planted: Vec<(&'static str, String)>,
}

fn breach<const N: usize>(check: Check, says: &'static str, planted: [(&'static str, &str); N]) -> Breach {
    Breach { check, says, planted: planted.map(|(file, text)| (file, text.to_owned())).into() }
}

fn planted<'a>(additions: impl IntoIterator<Item = (&'a str, &'a str)>) -> Survey {
    let house = TODAY.house.clone();
    Survey::of(additions.into_iter().fold(house, |house, (file, text)| house.with_more(file, text)))
}

#[test]
fn each_planted_breach_is_found() {
    let mut breaches = imports();
    breaches.extend(circles_of_files());
    breaches.extend(touches());
    breaches.extend(sizes());
    breaches.extend(dead_names());
    breaches.extend(pipelines());
    let all = breaches.iter().flat_map(|breach| &breach.planted);
    let survey = planted(all.map(|(file, text)| (*file, text.as_str())));
    for Breach { check, says, planted } in &breaches {
        let (before, found) = (check(&TODAY), check(&survey));
        let is_said = |line: &String| says.split('…').all(|part| line.contains(part));
        let is_new = found.iter().any(|line| is_said(line) && !before.contains(line));
        assert!(is_new, "`{says}` is not in {found:#?}, after {planted:?}");
    }
}

fn imports() -> Vec<Breach> {
    let order = "src/planner/order/mod.rs";
    assert!(TODAY.house.files[order].text.contains("#[cfg(test)]\nmod tests;\n"), "the hole of old");
    vec![
        breach(
            forbidden,
            "src/planner/order/mod.rs…planner may not import sandbox",
            [(order, "use trunkform::sandbox::Fault;")],
        ),
        breach(forbidden, "planner may not import apply", [(order, "fn x() { super::super::apply::x(); }")]),
        breach(
            forbidden,
            "diff may not import lease",
            [("src/diff/mod.rs", "use crate::{\n    model::{self, Plan},\n    lease::Lease,\n};")],
        ),
        breach(
            forbidden,
            "scope may not import render",
            [("src/scope/mod.rs", "struct X(Vec<crate::render::Y>);")],
        ),
        breach(
            forbidden,
            "model may not import api",
            [("src/model/plan.rs", "#[serde(with = \"crate::api::x\")] struct X;")],
        ),
        // Through a `pub use` of a module that it may import.
        breach(
            forbidden,
            "since may not import undo",
            [
                ("src/model/mod.rs", "pub use crate::undo::Lent;"),
                ("src/undo/mod.rs", "pub struct Lent;"),
                ("src/since.rs", "use crate::model::Lent;"),
            ],
        ),
        breach(
            forbidden,
            "command may not import fleet",
            [
                ("src/fleet.rs", "pub struct Fleet;"),
                ("src/lib.rs", "pub mod fleet;"),
                ("src/command/logging/mod.rs", "use trunkform::{apply, fleet::{self as f, Fleet}};"),
            ],
        ),
        breach(forbidden, "cli may not import command", [("src/cli/format.rs", "use crate::command::Exit;")]),
        breach(dead_rows_of_the_table, "no row of fleet", []),
        breach(lost_files, "src/diff/cellar.rs", [("src/diff/cellar.rs", "")]),
        breach(lost_files, "`mod loft;`", [("src/diff/mod.rs", "mod loft;")]),
    ]
}

fn circles_of_files() -> Vec<Breach> {
    vec![
        breach(
            circles::circles,
            "src/model/text.rs -> src/model/step.rs: Step",
            [("src/model/text.rs", "use super::Step;"), ("src/model/step.rs", "use super::visible;")],
        ),
        // Through a module under another name, and a path in a type.
        breach(
            circles::circles,
            "src/lease/record.rs -> src/lease/keeper.rs: y",
            [
                ("src/lease/record.rs", "use super::keeper as k; fn x() { k::y() }"),
                ("src/lease/keeper.rs", "fn y() -> super::Holder { x }"),
            ],
        ),
        breach(
            circles::circles_with_parents,
            "src/scope/twins.rs -> src/scope/mod.rs: x",
            [
                ("src/scope/mod.rs", "fn x() { twins::y() }"),
                ("src/scope/twins.rs", "use super::x; fn y() {}"),
            ],
        ),
    ]
}

fn touches() -> Vec<Breach> {
    vec![
        breach(
            impure_stages,
            "src/undo/mod.rs…mentions std::fs",
            [("src/undo/mod.rs", "use std::{fmt, fs};")],
        ),
        breach(
            impure_stages,
            "src/render/html/mod.rs…mentions std::env",
            [("src/render/html/mod.rs", "fn x() { std::env::var(y); }")],
        ),
        breach(
            impure_stages,
            "src/export/mod.rs…mentions tokio",
            [("src/export/mod.rs", "#[tokio::main] fn x() {}")],
        ),
        breach(
            impure_stages,
            "src/since.rs…mentions Instant::now",
            [("src/since.rs", "use std::time::Instant as T; fn x() { T::now(); }")],
        ),
        breach(
            impure_stages,
            "src/layout/mod.rs…mentions std::process",
            [("src/layout/mod.rs", "use std::*;")],
        ),
        breach(
            named_platforms,
            "src/config/mod.rs…names kalem",
            [("src/config/mod.rs", "const X: &str = \"Kalem is special\";")],
        ),
        breach(
            named_platforms,
            "src/planner/order/mod.rs…names bolna",
            [("src/planner/order/mod.rs", "fn bolna_first() {}")],
        ),
        breach(
            programs,
            "src/command/lease.rs…starts a program",
            [("src/command/lease.rs", "use std::process as p; fn x() { p::Command::new(y); }")],
        ),
        breach(
            programs,
            "starts 2 programs and empties 1",
            [("src/config/git/program.rs", "fn x() { Command::new(y).spawn(); }")],
        ),
        breach(
            writers,
            "src/command/drift.rs",
            [("src/command/drift.rs", "use trunkform::api::Writer as W; fn x() { W::over(y); }")],
        ),
        breach(writers, "src/since.rs…mentions reqwest", [("src/since.rs", "fn x() { reqwest::get(y); }")]),
    ]
}

fn sizes() -> Vec<Breach> {
    let long = format!("pub(in crate::x) async fn long<T>(t: T) {{\n{}}}", "    x(\"}\");\n".repeat(59));
    let wide = "impl X { fn wide(&self, a: M<A, B>, (b, c): (u8, u8), d: u8, e: u8, f: u8) {} }";
    vec![
        breach(
            long_files,
            "src/sandbox/long.rs: 301 lines",
            [("src/sandbox/mod.rs", "mod long;"), ("src/sandbox/long.rs", &"//\n".repeat(301))],
        ),
        breach(long_functions, "long has 61 lines", [("src/since.rs", &long)]),
        breach(wide_functions, "wide takes 6", [("src/since.rs", wide)]),
    ]
}

fn dead_names() -> Vec<Breach> {
    let check = names::dead_names;
    vec![
        breach(check, "`planner/attic.rs`", [("src/lib.rs", "//! `planner/attic.rs`")]),
        breach(check, "`model::Attic`", [("src/lib.rs", "//! [`model::Attic`]")]),
        breach(check, "`provider::kalem::attic`", [("src/lib.rs", "//! `provider::kalem::attic`")]),
        breach(check, "`provider::Provider::attic`", [("src/lib.rs", "//! [`provider::Provider::attic`]")]),
        breach(
            check,
            "`src/provider/PLATFORM/attic.rs`",
            [("README.md", "`src/provider/PLATFORM/attic.rs`")],
        ),
        breach(check, "`attic.rs`", [("README.md", "or `attic.rs`")]),
        breach(check, "`examples/97-attic`", [("README.md", "this is `examples/97-attic`")]),
        breach(check, "`examples/98-attic`", [("README.md", "and [that](examples/98-attic)")]),
        breach(check, "`examples/99-attic/`", [("README.md", "```sh\nplan examples/99-attic/\n```")]),
        breach(check, "`--test attic`", [("README.md", "`cargo test --test attic`")]),
    ]
}

fn pipelines() -> Vec<Breach> {
    let plans =
        "use trunkform::{diff, planner::{self, Choices}};\nfn x() { planner::plan(diff::diff(y), z); }";
    vec![
        breach(stages::stages_by_hand, "tests/new.rs:2: mentions planner::plan", [("tests/new.rs", plans)]),
        breach(
            stages::stages_by_hand,
            "benches/new.rs:1: mentions Sender::new",
            [("benches/new.rs", "use trunkform::apply as a; fn x() { a::Sender::new(y); }")],
        ),
    ]
}

#[test]
fn a_row_that_is_doubled_or_dead_is_found() {
    let with = |row| dead_rows(&TODAY, &[MAY_IMPORT, &[row]].concat());
    assert!(with(("layout", &[])).contains(&"the table has two rows of layout".to_owned()));
    assert!(with(("attic", &[]))[0].contains("no such module"));
    assert!(with(("since", &["apply"])).iter().any(|line| line.contains("since import apply")));
    assert!(dead_rows(&TODAY, &MAY_IMPORT[1..])[0].contains("no row of"));
}

#[test]
fn a_listed_exception_that_is_no_more_is_found() {
    let parents = circles::unlisted_parents(&TODAY, &["src/diff/mod.rs"]);
    assert!(parents.last().unwrap().contains("take it out of KNOWN_PARENTS"));
}

#[test]
fn what_is_allowed_is_not_found() {
    let hidden = "/* crate::apply::x bolna */ const X: &str = r#\"crate::apply::x\"#; // std::fs kalem
        #[cfg(test)] mod more { use crate::apply::x; } #[cfg(test)] use std::fs; #[cfg(test)] fn bolna() {}";
    let narrow = "fn narrow(a: M<A, B>, f: impl Fn(u8, u8) -> u8, d: u8, e: [u8; 2], g: u8,) {}";
    let sixty = format!("fn sixty() {{\n{}}}", "    x();\n".repeat(58));
    let allowed = [
        ("src/diff/mod.rs", hidden),
        ("src/since.rs", narrow),
        ("src/since.rs", &sixty),
        ("src/sandbox/mod.rs", "mod x;"),
        ("src/sandbox/x.rs", &"//\n".repeat(300)),
        // Two children that meet through what their parent only passes on.
        ("src/scope/mod.rs", "pub(crate) use twins::y; pub(crate) use holders::z;"),
        ("src/scope/twins.rs", "pub(crate) fn y() { super::z() }"),
        ("src/scope/holders.rs", "pub(crate) fn z() {}"),
        ("README.md", "`s3://bucket/prefix`, `/trunk`, `a/b c`, `src/planner/order/`"),
        ("tests/new.rs", "// planner::plan\nconst X: &str = \"scope::scope\";"),
    ];
    let survey = planted(allowed);
    let checks: [Check; 13] = [
        forbidden,
        dead_rows_of_the_table,
        lost_files,
        circles::circles,
        circles::circles_with_parents,
        impure_stages,
        named_platforms,
        writers,
        long_files,
        long_functions,
        wide_functions,
        names::dead_names,
        stages::stages_by_hand,
    ];
    for check in checks {
        assert_eq!(check(&survey), check(&TODAY));
    }
}
