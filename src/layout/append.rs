//! Adds entries to a list of a file without touching a line of it.
//! In: a text, the name of a list at its top, entries in block style. Out: the text with the entries at the end of that list, indented as it is; or why not.
//! All that was there is there, in its order; both texts are read again to see to that.

use granit_parser::{Event, ScanError, StructureStyle};

use super::end_of_list::{self, Place};
use super::error::line;
use super::same::{self, Events};
use super::{Error, scalar, write};

/// Adds `entries` to the list `section`; where there is none, it is made at the end of the file.
///
/// Each entry begins with `- `, its further lines are indented by two, and there is neither an anchor nor an alias in it.
///
/// # Errors
/// Where the text is not YAML or more than one document, where it or the section is written in a way to which no lines can be added, and where
/// the entries are no list.
pub fn append(text: &str, section: &str, entries: &str) -> Result<String, Error> {
    if let Some(why) = same::wrong(text) {
        return Err(why);
    }
    let items = items(entries)?;
    let place = end_of_list::find(text, section)?;
    let (before, after) = text.split_at(place.at);
    let longer = format!("{before}{}{after}", added(before, section, entries, (place, write::eol(text))));
    check(text, &longer, section, &items)
        .map_err(|at| Error::Changed { line: line(text, at.min(place.at)) })?;
    Ok(longer)
}

/// The lines that are added after these.
fn added(before: &str, section: &str, entries: &str, (place, eol): (Place, &str)) -> String {
    let mut added = String::new();
    if !before.trim_start_matches('\u{feff}').is_empty() && !before.ends_with(['\n', '\r']) {
        added.push_str(eol);
    }
    if place.new {
        let something = before.contains(|c: char| !c.is_whitespace() && c != '\u{feff}');
        let apart = before.ends_with("\n\n") || before.ends_with("\n\r\n");
        if something && !apart && !place.keeps {
            added.push_str(eol);
        }
        let margin = place.column.saturating_sub(2);
        added.push_str(&format!("{:margin$}{section}:{eol}", ""));
    }
    for entry in scalar::lines(entries) {
        added.extend(std::iter::repeat_n(' ', if entry.is_empty() { 0 } else { place.column }));
        added.push_str(entry);
        added.push_str(eol);
    }
    added
}

/// What the entries say.
struct Items<'s> {
    events: Vec<Event<'s>>,
    comments: usize,
}

fn items(entries: &str) -> Result<Items<'_>, Error> {
    let mut all = Events::of(entries);
    let events: Result<Vec<_>, _> = all.by_ref().collect();
    let events = events.map_err(|scan| Error::Entries { line: scan.marker().line() })?;
    let [
        Event::StreamStart,
        Event::DocumentStart(false, None),
        Event::SequenceStart(StructureStyle::Block, 0, None),
        items @ ..,
        Event::SequenceEnd,
        Event::DocumentEnd,
        Event::StreamEnd,
    ] = &events[..]
    else {
        return Err(Error::Entries { line: 1 });
    };
    Ok(Items { events: items.to_vec(), comments: all.comments().len() })
}

/// Whether the longer text says what the shorter one does, and the items besides; if not, where in the shorter one that shows.
fn check(text: &str, longer: &str, section: &str, items: &Items<'_>) -> Result<(), usize> {
    let (mut old, mut new) = (Events::of(text), Events::of(longer));
    let (left, right) =
        different(&mut old, &mut new).map_err(|scan| scan.marker().byte_offset().unwrap_or(text.len()))?;
    let (left, mut right) = (&left[..], &right[..]);
    // The first event that is new says what was added.
    let (gone, opened) = match right {
        [Event::SequenceStart(..), ..] if !same::event(&right[0], &items.events[0]) || is_empty(left) => {
            (1, 1)
        }
        [Event::Scalar(name, ..), Event::SequenceStart(..), ..] if name == section => (0, 2),
        [Event::DocumentStart(..) | Event::MappingStart(..), ..]
            if !matches!(left, [Event::SequenceEnd, ..]) =>
        {
            return whole(right, section, items).then_some(()).ok_or(0);
        }
        _ => (0, 0),
    };
    right = right.get(opened..).unwrap_or_default();
    let count = items.events.len();
    let added =
        right.get(..count).is_some_and(|own| own.iter().zip(&items.events).all(|(a, b)| same::event(a, b)));
    let rest = right.get(count + usize::from(opened > 0)..).unwrap_or_default();
    let kept = left.get(gone..).unwrap_or_default();
    let untouched = kept.len() == rest.len() && kept.iter().zip(rest).all(|(a, b)| same::event(a, b));
    let mut comments = new.comments().iter();
    let said = old.comments().iter().all(|comment| comments.any(|other| other == comment));
    let all = said && new.comments().len() == old.comments().len() + items.comments;
    if added && untouched && all { Ok(()) } else { Err(text.len()) }
}

/// What two texts say from where they begin to differ; all before that may be much, and is not kept.
fn different<'s>(
    old: &mut Events<'s>,
    new: &mut Events<'s>,
) -> Result<(Vec<Event<'s>>, Vec<Event<'s>>), ScanError> {
    loop {
        match (old.next().transpose()?, new.next().transpose()?) {
            (Some(left), Some(right)) if same::event(&left, &right) => {}
            (left, right) => {
                let all = |first: Option<Event<'s>>, rest: &mut Events<'s>| {
                    first.into_iter().map(Ok).chain(rest).collect::<Result<Vec<_>, _>>()
                };
                return Ok((all(left, old)?, all(right, new)?));
            }
        }
    }
}

fn is_empty(left: &[Event<'_>]) -> bool {
    matches!(left, [Event::Scalar(text, ..), ..] if text == "~")
}

/// Whether a document that was empty holds the section and nothing else.
fn whole(right: &[Event<'_>], section: &str, items: &Items<'_>) -> bool {
    let right = right.strip_prefix(&[Event::DocumentStart(false, None)][..]).unwrap_or(right);
    let [
        Event::MappingStart(..),
        Event::Scalar(name, ..),
        Event::SequenceStart(..),
        own @ ..,
        Event::SequenceEnd,
        Event::MappingEnd,
        Event::DocumentEnd,
        Event::StreamEnd,
    ] = right
    else {
        return false;
    };
    name == section && own == &items.events[..]
}
