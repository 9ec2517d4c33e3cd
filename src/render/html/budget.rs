//! What a page has room for.
//! In: lines with what they speak of. Out: those that fit, in their order, and a sentence that counts the others.
//! Never cuts a line: whatever it opens it closes.

use std::collections::BTreeMap;

use super::text::escaped;
use crate::render::fold::count;

/// What stands on a page or is left out as a whole.
pub(super) struct Line {
    pub(super) html: String,
    /// What it speaks of, and how many of these.
    pub(super) speaks_of: (&'static str, usize),
    /// Which of the titles it stands under.
    pub(super) under: usize,
    /// What has a lower rank is left out last.
    pub(super) rank: u8,
}

impl Line {
    /// As important as any other, under the first title or none.
    pub(super) fn new(html: String, speaks_of: (&'static str, usize)) -> Self {
        Self { html, speaks_of, under: 0, rank: 0 }
    }
}

/// What there was room for.
pub(super) struct Fitted {
    /// The lines below each title; a title without any is gone.
    pub(super) below: BTreeMap<usize, String>,
    /// A sentence about what is missing; empty where nothing is.
    pub(super) left_out: String,
}

impl Fitted {
    /// All that there was room for.
    pub(super) fn html(&self) -> String {
        self.below.values().map(String::as_str).collect()
    }
}

/// The lines within the budget; `title` says how much the title of the nth group takes.
pub(super) fn fitted(lines: &[Line], budget: usize, title: impl Fn(usize) -> usize) -> Fitted {
    let mut important: Vec<usize> = (0..lines.len()).collect();
    important.sort_by_key(|&at| lines[at].rank);
    let (mut left, mut kept) = (budget, vec![false; lines.len()]);
    let mut below = BTreeMap::new();
    for at in important {
        let line = &lines[at];
        let above = if below.contains_key(&line.under) { 0 } else { title(line.under) };
        if let Some(rest) = left.checked_sub(line.html.len() + above) {
            (left, kept[at]) = (rest, true);
            below.entry(line.under).or_insert_with(String::new);
        }
    }
    let mut missing = Vec::new();
    for (line, kept) in lines.iter().zip(kept) {
        match below.get_mut(&line.under).filter(|_| kept) {
            Some(text) => text.push_str(&line.html),
            None => missing.push(line.speaks_of),
        }
    }
    Fitted { below, left_out: left_out(&missing) }
}

fn left_out(missing: &[(&'static str, usize)]) -> String {
    let mut of: BTreeMap<&str, usize> = BTreeMap::new();
    for (what, count) in missing {
        *of.entry(what).or_default() += count;
    }
    if of.is_empty() {
        return String::new();
    }
    let of: Vec<_> = of.iter().map(|(what, count)| format!("{count} {what}")).collect();
    let text = format!("left out here: {}, {}", count(missing.len(), "line"), of.join(", "));
    format!("<p class=\"left-out\">… {}</p>\n", escaped(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(html: &str, under: usize, rank: u8) -> Line {
        Line { html: html.into(), speaks_of: ("thing", 2), under, rank }
    }

    #[test]
    fn what_is_important_stays_and_the_rest_is_counted() {
        let lines = [line("aaaa", 0, 1), line("bbbb", 1, 0), line("cccc", 1, 1), line("dddd", 2, 1)];
        let all = fitted(&lines, 22, |_| 2);
        assert_eq!((all.html().as_str(), all.left_out.as_str()), ("aaaabbbbccccdddd", ""));
        let most = fitted(&lines, 15, |_| 2);
        assert_eq!(most.html(), "aaaabbbb", "a title takes room too");
        assert_eq!(most.left_out, "<p class=\"left-out\">… left out here: 2 lines, 4 thing</p>\n");
        let little = fitted(&lines, 6, |_| 2);
        assert_eq!(
            (little.html().as_str(), little.below.len()),
            ("bbbb", 1),
            "the title of the others is gone"
        );
    }
}
