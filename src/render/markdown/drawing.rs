//! The steps as a picture, where it stays readable.
//! In: a plan and its steps as they are grouped. Out: a Mermaid flowchart of the groups; nothing where they are many.
//! Draws what waits on what, never why.

use std::fmt::Write as _;

use crate::model::Plan;
use crate::render::fold::clipped;
use crate::render::graph::entities;
use crate::render::view::{StepView, arrows};

/// More groups are no picture any more.
const GROUPS: usize = 30;
/// More arrows neither.
const ARROWS: usize = 100;
/// A label has no more characters.
const LABEL: usize = 80;

/// The flowchart in its fence.
pub(super) fn fenced(plan: &Plan, steps: &[StepView]) -> Option<String> {
    if !(2..=GROUPS).contains(&steps.len()) {
        return None;
    }
    let arrows = arrows(plan, steps);
    if arrows.len() > ARROWS {
        return None;
    }
    let mut out = "```mermaid\nflowchart TD\n".to_owned();
    for (at, step) in steps.iter().enumerate() {
        let label = clipped(&format!("{}. {}", step.ids, step.what), LABEL);
        writeln!(out, "  g{at}[\"{}\"]", entities(&label)).expect("writing to a string does not fail");
    }
    for (from, to) in arrows {
        writeln!(out, "  g{from} --> g{to}").expect("writing to a string does not fail");
    }
    Some(out + "```\n")
}
