//! Numbers become entries: one for each run of consecutive ones that agree in all that is written of them.
//! In: the numbers to be declared. Out: their items, by length and digits.
//! Never makes a range that the reader would warn of.

use super::item::{Item, Line, Writer};
use super::leave::Leave;
use crate::config::range_of;
use crate::model::{KindName, Resource};

/// The items of all numbers among these.
pub(super) fn numbers<'a>(writer: &Writer<'a>, live: Vec<&'a Resource>, leave: &Leave) -> Vec<Item<'a>> {
    let mut numbers: Vec<_> = live.into_iter().filter(|live| live.address.kind == KindName::Number).collect();
    numbers.sort_by(|a, b| {
        let (a, b) = (&*a.address.name, &*b.address.name);
        a.len().cmp(&b.len()).then_with(|| a.cmp(b))
    });
    let mut items: Vec<Item<'a>> = Vec::new();
    for number in numbers {
        let next = writer.item(number, leave);
        let apart =
            |item: &Item<'_>| item.resources.last().is_some_and(|live| leave.apart.contains(&live.address));
        let last = items.last().filter(|last| !apart(last) && !apart(&next));
        let range = last.and_then(|last| range(last, &next));
        match (range, items.last_mut()) {
            (Some(range), Some(last)) => {
                last.lines[0] = writer.head(KindName::Number, &range);
                last.resources.push(number);
            }
            _ => items.push(next),
        }
    }
    items
}

/// The range of an item and the number after it, if they can be one.
fn range(last: &Item<'_>, next: &Item<'_>) -> Option<String> {
    let (first, before) = (last.resources.first()?, last.resources.last()?);
    let number = next.resources.first()?;
    let value = |live: &Resource| live.address.name.strip_prefix('+')?.parse::<u64>().ok();
    let follows = value(before)?.checked_add(1) == value(number);
    let agree = |a: &[Line], b: &[Line]| a[1..] == b[1..];
    let same = follows && agree(&last.lines, &next.lines);
    same.then(|| range_of(&first.address.name, &number.address.name)).flatten()
}
