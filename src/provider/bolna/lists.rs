//! A list that is replaced as a whole, with what the file leaves open as it is live.
//! In: the items that the file names and the items that are live. Out: the list to send, in the file's order.
//! Pure; never sends an item that the file does not name, and never makes up what neither side tells.

use crate::model::{Attribute, Value, normalise};

/// The part by which two items with the same first part are told apart.
const SECOND: usize = 2;

/// The items of one side, each with its named parts.
type Item = Vec<(Box<str>, Value)>;

/// The list that a file wants, each item with the parts of the live one that it is: by its first part (the address), and where the file names it by the second
/// (the port). What no live item tells is left to the platform.
pub(super) fn complete(attribute: &Attribute, wanted: &Value, live: Option<&Value>) -> Value {
    let Value::List(items) = wanted else {
        // A list is emptied by an empty one: a platform may take `null` for "not given".
        return Value::List(Vec::new());
    };
    let (wanted, live) = (maps(items), live.map_or_else(Vec::new, |live| maps(listed(live))));
    if wanted.len() != items.len() {
        return Value::List(items.clone());
    }
    let found = Pairs { attribute, wanted: &wanted, live: &live }.found();
    let whole = wanted.iter().zip(found).map(|(item, live)| {
        let unnamed = live.into_iter().flatten().filter(|(part, _)| value(item, part).is_none());
        Value::Map(item.iter().chain(unnamed).cloned().collect())
    });
    Value::List(whole.collect())
}

fn listed(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn maps(items: &[Value]) -> Vec<&Item> {
    items.iter().filter_map(|item| if let Value::Map(parts) = item { Some(parts) } else { None }).collect()
}

fn value<'a>(item: &'a Item, part: &str) -> Option<&'a Value> {
    item.iter().find(|(name, _)| &**name == part).map(|(_, value)| value)
}

/// Which live item each wanted one is.
struct Pairs<'a> {
    attribute: &'a Attribute,
    wanted: &'a [&'a Item],
    live: &'a [&'a Item],
}

impl<'a> Pairs<'a> {
    /// For each wanted item its live one. Those that name both parts choose first, so that one that leaves the port open does not take theirs; last come those
    /// that name a port that is not live: they are the gateway at that address whose port changes.
    fn found(&self) -> Vec<Option<&'a Item>> {
        let mut found = vec![None; self.wanted.len()];
        let mut taken = vec![false; self.live.len()];
        let both = self.attribute.parts.len().min(SECOND);
        let mut order: Vec<usize> = (0..self.wanted.len()).collect();
        // Of those that are alike, one of which more is known chooses first.
        order.sort_by_key(|&at| std::cmp::Reverse(self.wanted[at].len()));
        let whole = self.attribute.parts.len();
        for (named, agree) in [(both, whole), (both, both), (0, whole), (0, both), (0, 1)] {
            for &at in &order {
                let item = self.wanted[at];
                if found[at].is_some() || self.parts(named).any(|part| value(item, part).is_none()) {
                    continue;
                }
                let fits = |place: &usize| !taken[*place] && self.agree(item, self.live[*place], agree);
                if let Some(place) = (0..self.live.len()).find(fits) {
                    taken[place] = true;
                    found[at] = Some(self.live[place]);
                }
            }
        }
        found
    }

    fn parts(&self, first: usize) -> impl Iterator<Item = &'static str> {
        self.attribute.parts.iter().copied().take(first)
    }

    /// Whether two items agree in so many of their first parts; a part that one does not name can't differ.
    fn agree(&self, a: &Item, b: &Item, first: usize) -> bool {
        self.parts(first).all(|part| match (value(a, part), value(b, part)) {
            (Some(a), Some(b)) => normalise::equal(self.attribute, a, b),
            _ => true,
        })
    }
}
