//! The steps as a picture, where it stays readable.
//! In: a plan and its steps as they are grouped. Out: an SVG with a box for each group, or a sentence that says why there is none.
//! Draws what waits on what, never why; what it says the table says too.

use super::layout::{BOX, Layout, layout};
use super::text::escaped;
use crate::model::Plan;
use crate::render::fold::clipped;
use crate::render::view::{StepView, arrows};

/// More groups are no picture any more.
const GROUPS: usize = 60;
/// More arrows neither.
const ARROWS: usize = 150;
/// A line in a box is so wide, in letters.
const LINE: usize = 32;
/// What a box says to those who point at it is no longer.
const TITLE: usize = 400;
/// What lies around the picture, for the ends of arrows and edges.
const EDGE: usize = 4;

/// The picture with its caption.
pub(super) fn figure(plan: &Plan, steps: &[StepView]) -> String {
    let arrows = if steps.len() <= GROUPS { arrows(plan, steps) } else { Default::default() };
    if steps.len() > GROUPS || arrows.len() > ARROWS {
        return format!(
            "<p>There is no picture of the steps: it is drawn for at most {GROUPS} groups and {ARROWS} arrows.</p>\n"
        );
    }
    let Layout { boxes, arrows, size: (width, height) } = layout(steps.len(), &arrows);
    let (width, height) = (width + 2 * EDGE, height + 2 * EDGE);
    let lines: String = arrows.iter().map(|points| arrow(points)).collect();
    let boxes: String = steps.iter().zip(boxes).map(|(step, at)| step_box(step, at)).collect();
    format!(
        "<figure>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Picture of the steps\">\n\
         <svg role=\"img\" aria-label=\"{}\" width=\"{width}\" height=\"{height}\" viewBox=\"-{EDGE} -{EDGE} {width} {height}\">\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n\
         {lines}{boxes}</svg>\n</div>\n<figcaption>{CAPTION}</figcaption>\n</figure>\n",
        label(steps.len(), arrows.len())
    )
}

/// Under the picture.
const CAPTION: &str = "Each box waits for those that point to it. A dashed edge: nothing can undo it.";

fn label(boxes: usize, arrows: usize) -> String {
    format!("{boxes} groups of steps and {arrows} arrows between them; the table below says the same")
}

fn arrow(points: &[(usize, usize)]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        // From column to column in a bow, through a column straight.
        let (fromx, fromy) = points[at.saturating_sub(1)];
        path += &match at {
            0 => format!("M{x} {y}"),
            _ if at % 2 == 0 => format!("L{x} {y}"),
            _ => {
                let middle = usize::midpoint(fromx, *x);
                format!("C{middle} {fromy} {middle} {y} {x} {y}")
            }
        };
    }
    format!("<path class=\"arrow\" marker-end=\"url(#tip)\" d=\"{path}\"/>\n")
}

fn step_box(step: &StepView, (x, y): (usize, usize)) -> String {
    let class = if step.irreversible { "step irreversible" } else { "step" };
    let (verb, address) = step.what.split_once(' ').unwrap_or(("", &step.what));
    let [first, second] = two_lines(address);
    // What is too long is cut at the edge of the inner picture.
    format!(
        "<svg class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"><title>{}</title>\
         <rect x=\"1\" y=\"1\" width=\"{}\" height=\"{}\" rx=\"6\"/>\
         <text class=\"verb\" x=\"12\" y=\"20\">{}</text><text x=\"12\" y=\"38\">{}</text><text x=\"12\" y=\"54\">{}</text></svg>\n",
        BOX.0,
        BOX.1,
        escaped(&clipped(&format!("{}. {}", step.ids, step.what), TITLE)),
        BOX.0 - 2,
        BOX.1 - 2,
        escaped(&first_of(&format!("{}. {verb}", step.ids), LINE).0),
        escaped(&first),
        escaped(&second)
    )
}

/// A text on two lines; what does not fit ends in an ellipsis.
fn two_lines(text: &str) -> [String; 2] {
    let (first, rest) = first_of(text, LINE);
    let (second, more) = first_of(rest, LINE - 1);
    let end = if more.is_empty() { "" } else { "…" };
    [first, second + end]
}

/// So much of a text as is no wider than so many letters, and the rest; broken after `..` or a space where one is near the end.
fn first_of(text: &str, width: usize) -> (String, &str) {
    let mut used = 0;
    let over = text.char_indices().find(|(_, c)| {
        used += if *c < '\u{1100}' { 1 } else { 2 };
        used > width
    });
    let Some((end, _)) = over else { return (text.to_owned(), "") };
    let near = &text[..end];
    let breaks = ["..", " ", ","].iter().filter_map(|at| near.rfind(at).map(|start| start + at.len()));
    let end = breaks.max().filter(|at| *at * 2 > end).unwrap_or(end);
    (text[..end].trim_end().to_owned(), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_broken_where_it_reads_well() {
        let text = "kalem.number.+14155552600..+14155552601 (2 numbers)";
        assert_eq!(two_lines(text), ["kalem.number.+14155552600..", "+14155552601 (2 numbers)"]);
        assert_eq!(two_lines("kalem.trunk.A"), ["kalem.trunk.A", ""]);
        let [first, second] = two_lines(&"電".repeat(40));
        assert_eq!((first.chars().count(), second.chars().count()), (16, 16));
        assert!(second.ends_with('…'));
    }
}
