//! The steps of a plan and what waits on what, for those who draw.
//! In: a plan. Out: Mermaid or DOT, one node a step.
//! Names are quoted so that none can become markup.

use std::fmt::Write as _;

use crate::model::text::brief;
use crate::model::{Plan, Step};

/// A Mermaid flowchart.
pub fn mermaid(plan: &Plan) -> String {
    drawn(plan, "flowchart TD\n", "", |step| format!("  s{}[\"{}\"]\n", step.id, entities(&label(step))))
}

/// A text as it may stand between quotes in Mermaid.
pub(super) fn entities(text: &str) -> String {
    let entities = text.chars().map(|c| match c {
        '"' | '<' | '>' | '&' | '#' | '`' | '\\' | '%' => format!("#{};", u32::from(c)),
        c => c.to_string(),
    });
    entities.collect()
}

/// A DOT digraph.
pub fn dot(plan: &Plan) -> String {
    drawn(plan, "digraph plan {\n  node [shape=box];\n", "}\n", |step| {
        format!("  s{} [label=\"{}\"];\n", step.id, label(step).replace('\\', "\\\\").replace('"', "\\\""))
    })
}

fn drawn(plan: &Plan, head: &str, tail: &str, node: impl Fn(&Step) -> String) -> String {
    let arrow = if tail.is_empty() { "-->" } else { "->" };
    let mut out = head.to_owned();
    plan.steps.iter().for_each(|step| out.push_str(&node(step)));
    for step in &plan.steps {
        for earlier in &step.waits_on {
            writeln!(out, "  s{earlier} {arrow} s{}", step.id).expect("writing to a string does not fail");
        }
    }
    out + tail
}

fn label(step: &Step) -> String {
    brief(&format!("{}. {} {}", step.id, step.verb, step.address)).into_owned()
}
