//! What fits into a comment.
//! In: sections of lines, most important first. Out: those lines that fit, and for the others how many they are and of what they speak.
//! Never cuts a line: whatever a section opens it closes.

use std::collections::BTreeMap;

/// One line, or lines that stand or fall together.
pub(super) struct Item {
    /// With its line breaks.
    pub(super) text: String,
    /// What it speaks of, and how many of these.
    pub(super) speaks_of: (&'static str, usize),
    /// Which of the section's titles it stands under.
    pub(super) under: usize,
}

impl Item {
    /// Under no title, or the first.
    pub(super) fn new(text: String, speaks_of: (&'static str, usize)) -> Self {
        Self { text, speaks_of, under: 0 }
    }
}

/// Lines with what stands around them.
#[derive(Default)]
pub(super) struct Section {
    /// Where it stands in the comment.
    pub(super) place: usize,
    pub(super) head: String,
    pub(super) items: Vec<Item>,
    /// What stands above the first of the lines that are under it; none where no line has a title.
    pub(super) titles: Vec<String>,
    pub(super) tail: String,
    /// How a line begins that says what is missing; empty where a section is all or nothing.
    pub(super) bullet: &'static str,
    /// So much is kept free for it, whatever is more important.
    pub(super) reserve: usize,
    /// It takes no more.
    pub(super) most: usize,
}

/// What a line takes that says what is missing.
const REST: usize = 200;

/// The sections that have anything, in the order of their places, within the budget; and whether anything is missing.
pub(super) fn fitted(sections: Vec<Section>, budget: usize) -> (String, bool) {
    let mut left = budget;
    let mut later: usize = sections.iter().map(|section| section.reserve).sum();
    let mut texts = BTreeMap::new();
    let mut cut = false;
    for section in sections {
        later -= section.reserve;
        let (text, whole) = fit(&section, left.saturating_sub(later).min(section.most));
        left -= size(&text);
        cut |= !whole;
        texts.insert(section.place, text);
    }
    (texts.into_values().collect(), cut)
}

/// A section within its budget; whether all of it is there.
fn fit(section: &Section, budget: usize) -> (String, bool) {
    let around = size(&section.head) + size(&section.tail) + REST;
    if section.items.is_empty() || around > budget {
        return (String::new(), section.items.is_empty());
    }
    let (mut text, mut used) = (section.head.clone(), around);
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut lines, mut above) = (0, None);
    for Item { text: line, speaks_of: (what, count), under } in &section.items {
        let title = section.titles.get(*under).filter(|_| above != Some(*under)).map_or("", String::as_str);
        let takes = size(title) + size(line);
        if used + takes > budget {
            *missing.entry(what).or_default() += count;
            lines += 1;
        } else {
            used += takes;
            above = Some(*under);
            text.push_str(title);
            text.push_str(line);
        }
    }
    if lines > 0 && section.bullet.is_empty() {
        return (String::new(), true);
    }
    if lines > 0 {
        let of: Vec<_> = missing.iter().map(|(what, count)| format!("{count} {what}")).collect();
        let plural = if lines == 1 { "" } else { "s" };
        text.push_str(&format!(
            "{}… left out here: {lines} line{plural}, {}\n",
            section.bullet,
            of.join(", ")
        ));
    }
    text.push_str(&section.tail);
    (text, lines == 0)
}

/// Characters as the most careful reader counts them: UTF-16 units, never fewer than there are characters.
pub(super) fn size(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(place: usize, lines: usize, reserve: usize) -> Section {
        let line = || Item::new("x".repeat(99) + "\n", ("thing", 2));
        let items = (0..lines).map(|_| line()).collect();
        Section {
            place,
            head: "[\n".into(),
            items,
            tail: "]\n".into(),
            bullet: "- ",
            reserve,
            most: 10_000,
            titles: vec![],
        }
    }

    #[test]
    fn what_is_missing_is_counted_and_what_is_open_closed() {
        let (text, cut) = fitted(vec![section(2, 100, 0), section(1, 3, 600)], 800);
        assert!(cut && size(&text) <= 800, "{text}");
        assert_eq!(
            (text.matches('[').count(), text.matches(']').count()),
            (1, 1),
            "no room for the other: {text}"
        );
        let (text, cut) = fitted(vec![section(2, 100, 0), section(1, 3, 600)], 2000);
        assert!(cut && size(&text) <= 2000, "{text}");
        assert_eq!((text.matches('[').count(), text.matches(']').count()), (2, 2));
        let shown = text.matches('x').count() / 99 - 3;
        assert!(text.contains(&format!(
            "- … left out here: {} lines, {} thing\n",
            100 - shown,
            2 * (100 - shown)
        )));
        let (text, cut) = fitted(vec![section(1, 0, 0), section(0, 2, 0)], 1000);
        assert!(!cut && !text.contains("left out"), "{text}");
    }
}
