//! Every format at 3, 1,000 and 50,000 changes or findings: a golden of the smallest and of what stays small, counts that add up, and bounds.

use serde_json::Value as Json;

use super::drift::RUN;
use super::findings::many;
use super::{bare, xml};
use crate::model::{Diagnostic, Drift, Plan, Severity, Sources};
use crate::render::document::{Document, one_line};
use crate::render::drift::{junit as drift_junit, prometheus};
use crate::render::{diagnostics, diff, fixture, graph, human, markdown};

const SIZES: [usize; 3] = [3, 1_000, 50_000];

/// How a format grows.
#[derive(Clone, Copy)]
enum Grows {
    /// It does not: it folds, or holds figures only. So many characters at most.
    Not(usize),
    /// By so many bytes a change at most.
    By(usize),
}

/// A format of `T`: how it is written, and what it says of how many of something there are.
struct Form<T> {
    name: &'static str,
    write: fn(&T) -> String,
    counts: fn(&str) -> Vec<usize>,
    /// What these must be.
    truth: fn(&T) -> Vec<usize>,
    grows: Grows,
}

impl<T> Form<T> {
    fn check(&self, size: usize, thing: &T) {
        let text = (self.write)(thing);
        let name = format!("{}_{size}", self.name);
        assert_eq!((self.counts)(&text), (self.truth)(thing), "{name}");
        let is_small = match self.grows {
            Grows::Not(most) => {
                assert!(text.chars().count() < most, "{name}: {}", text.chars().count());
                true
            }
            Grows::By(bytes) => {
                assert!(text.len() < bytes * size + 12_000, "{name}: {}", text.len());
                size == SIZES[0]
            }
        };
        if is_small {
            let is_json = text.starts_with('{');
            insta::assert_snapshot!(name, if is_json { format!("{:#}", json(&text)) } else { text });
        }
    }
}

/// The first number after each of some words.
fn after(text: &str, words: &[&str]) -> Vec<usize> {
    let number = |word: &&str| {
        let (_, rest) = text.split_once(*word).unwrap_or_else(|| panic!("no `{word}`"));
        rest.split(|c: char| !c.is_ascii_digit())
            .find(|part| !part.is_empty())
            .and_then(|n| n.parse().ok())
            .unwrap()
    };
    words.iter().map(number).collect()
}

/// How many changes the lines with these marks stand for: a folded one says it before its reason.
fn folded(text: &str, marks: &[&str]) -> usize {
    let stands_for = |line: &str| {
        let head = line.split(" numbers)  (").next().filter(|head| head.len() < line.len());
        head.and_then(|head| head.rsplit_once('(')?.1.parse().ok()).unwrap_or(1)
    };
    let lines = text.lines().filter(|line| marks.iter().any(|mark| line.starts_with(mark)));
    lines.map(stands_for).sum()
}

const SENTENCE: [&str; 3] = ["Plan: ", "to add, ", "to change, "];

fn sentence(plan: &Plan) -> Vec<usize> {
    let summary = &plan.summary;
    vec![summary.to_add(), summary.update, summary.to_destroy()]
}

fn with(mut counts: Vec<usize>, more: usize) -> Vec<usize> {
    counts.push(more);
    counts
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn len(list: &Json) -> usize {
    list.as_array().unwrap().len()
}

fn plans() -> Vec<Form<Plan>> {
    vec![
        Form {
            name: "human",
            write: |plan| bare(&human::plan(plan)),
            counts: |text| with(after(text, &SENTENCE), folded(text, &["  + ", "  ~ ", "  - "])),
            truth: |plan| with(sentence(plan), plan.changes.len()),
            grows: Grows::Not(4_000),
        },
        Form {
            name: "markdown",
            write: markdown::plan,
            counts: |text| after(text, &SENTENCE),
            truth: sentence,
            grows: Grows::Not(60_000),
        },
        Form {
            name: "json",
            write: |plan| Document::from(plan).to_line(),
            counts: |text| {
                let document = json(text);
                vec![len(&document["resource_changes"]), len(&document["trunkform"]["steps"])]
            },
            truth: |plan| vec![plan.changes.len(), plan.summary.steps],
            grows: Grows::By(1_500),
        },
        Form {
            name: "diff",
            write: diff::plan,
            counts: |text| vec![text.lines().filter(|line| line.starts_with("+++ ")).count()],
            truth: |plan| vec![plan.changes.len()],
            grows: Grows::By(400),
        },
        Form {
            name: "mermaid",
            write: graph::mermaid,
            counts: |text| vec![text.matches("[\"").count(), text.matches(" --> ").count()],
            truth: nodes_and_arrows,
            grows: Grows::By(150),
        },
        Form {
            name: "dot",
            write: graph::dot,
            counts: |text| vec![text.matches("[label=\"").count(), text.matches(" -> ").count()],
            truth: nodes_and_arrows,
            grows: Grows::By(150),
        },
    ]
}

fn drifts() -> Vec<Form<Plan>> {
    vec![
        Form {
            name: "drift",
            write: |plan| bare(&human::drift(&Drift::of(plan, &[], true))),
            counts: |text| with(after(text, &SENTENCE), after(text, &["not as declared: "])[0]),
            truth: |plan| with(sentence(plan), plan.changes.len()),
            grows: Grows::Not(3_000),
        },
        Form {
            name: "drift_junit",
            write: |plan| drift_junit(&Drift::of(plan, &[], true)),
            counts: |text| vec![xml::read(text).iter().filter(|one| one.name == "failure").count()],
            truth: |plan| vec![plan.changes.len() + plan.unlisted.len()],
            grows: Grows::By(600),
        },
        Form {
            name: "drift_prometheus",
            write: |plan| prometheus(&Drift::of(plan, &[], true), RUN),
            counts: |text| {
                let of = |line: &str| {
                    line.starts_with("trunkform_drift_resources{")
                        .then(|| line.rsplit_once(' ')?.1.parse::<usize>().ok())
                        .flatten()
                };
                vec![text.lines().filter_map(of).sum()]
            },
            truth: |plan| vec![plan.changes.len()],
            grows: Grows::Not(4_000),
        },
    ]
}

fn nodes_and_arrows(plan: &Plan) -> Vec<usize> {
    vec![plan.summary.steps, plan.steps.iter().map(|step| step.waits_on.len()).sum()]
}

type Found = (Vec<Diagnostic>, Sources);

fn number_of((found, _): &Found) -> Vec<usize> {
    vec![found.len()]
}

fn findings() -> Vec<Form<Found>> {
    vec![
        Form {
            name: "findings_human",
            write: |(found, sources)| diagnostics::human(found, sources, false),
            counts: |text| {
                // Only the first few are shown; the last line counts all.
                let last = text.trim_end().rsplit_once('\n').map_or("", |(_, last)| last);
                vec![last.split(", ").filter_map(|part| part.split(' ').next()?.parse::<usize>().ok()).sum()]
            },
            truth: number_of,
            grows: Grows::Not(6_000),
        },
        Form {
            name: "findings_json",
            write: |(found, sources)| one_line(&diagnostics::json(found, sources)),
            counts: |text| vec![len(&json(text)["diagnostics"])],
            truth: number_of,
            grows: Grows::By(600),
        },
        Form {
            name: "findings_github",
            write: |(found, sources)| diagnostics::github(found, sources),
            counts: |text| vec![text.lines().filter(|line| line.starts_with("::")).count()],
            truth: number_of,
            grows: Grows::By(300),
        },
        Form {
            name: "findings_sarif",
            write: |(found, sources)| one_line(&diagnostics::sarif(found, sources)),
            counts: |text| vec![len(&json(text)["runs"][0]["results"])],
            truth: number_of,
            grows: Grows::By(1_500),
        },
        Form {
            name: "findings_junit",
            write: |(found, sources)| diagnostics::junit(found, sources, Severity::Error),
            counts: |text| vec![text.matches(" is wrong\n").count()],
            truth: number_of,
            grows: Grows::By(150),
        },
    ]
}

#[test]
fn every_format_of_a_plan_at_every_size() {
    for size in SIZES {
        // The fixture has three trunks beside its numbers.
        let plan = fixture::plan(size as u64 - 3);
        assert_eq!(plan.changes.len(), size);
        plans().iter().chain(&drifts()).for_each(|form| form.check(size, &plan));
    }
}

#[test]
fn every_format_of_findings_at_every_size() {
    for size in SIZES {
        let found = many(size);
        findings().iter().for_each(|form| form.check(size, &found));
    }
}
