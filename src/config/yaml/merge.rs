//! What YAML leaves to its reader about mappings: a key may stand only once, and `<<` takes over the pairs of other mappings.
//! In: the pairs as written. Out: the pairs that count, and a complaint about every other one.
//! Written pairs go before merged ones, and earlier merged mappings before later ones.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Content, Key, Node};
use crate::model::{Code, Diagnostic};

type Pair<'s> = (Key<'s>, Node<'s>);

/// Above so many keys a table is faster than looking.
const FEW: usize = 16;

/// Drops pairs whose key stood before, and says so with both places.
pub(super) fn unique<'s>(
    pairs: Vec<Pair<'s>>,
    file: &Arc<str>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Pair<'s>> {
    let stands_before =
        |(at, (key, _)): (usize, &Pair<'s>)| pairs[..at].iter().any(|(k, _)| k.text == key.text);
    if pairs.len() <= FEW && !pairs.iter().enumerate().any(stands_before) {
        return pairs;
    }
    let mut kept: Vec<Pair<'s>> = Vec::with_capacity(pairs.len());
    let mut seen: HashMap<Box<str>, usize> = HashMap::new();
    let many = pairs.len() > FEW;
    for (key, value) in pairs {
        let first = match many {
            true => seen.get(&*key.text).copied(),
            false => kept.iter().position(|(k, _)| k.text == key.text),
        };
        if let Some(first) = first {
            let message = format!("the key {} stands twice", crate::config::wording::shown(&key.text));
            let duplicate = Diagnostic::new(Code::CFG003, message)
                .at(file, key.span, "a second time here")
                .at(file, kept[first].0.span, "first here")
                .help("keep one of them; where both are meant, they are two entries of a list");
            found.push(duplicate);
            continue;
        }
        if many {
            seen.insert((&*key.text).into(), kept.len());
        }
        kept.push((key, value));
    }
    kept
}

/// Replaces a plain `<<` by the pairs of what it refers to.
pub(super) fn merged<'s>(
    mut pairs: Vec<Pair<'s>>,
    plain_merge: bool,
    file: &Arc<str>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Pair<'s>> {
    if !plain_merge {
        return pairs;
    }
    let Some(at) = pairs.iter().position(|(key, _)| key.text == "<<") else { return pairs };
    let (key, value) = pairs.remove(at);
    let sources = match value.content {
        Content::Map(_) => vec![value],
        Content::List(items) => items,
        _ => vec![value],
    };
    for source in sources {
        let Content::Map(others) = source.content else {
            found.push(
                Diagnostic::new(Code::CFG008, "`<<` takes over a mapping, and this is none")
                    .at(file, key.span, "")
                    .help(
                        "write `<<: *name` where `&name` stands before a mapping, or a list of such aliases",
                    ),
            );
            continue;
        };
        for (key, value) in others {
            if !pairs.iter().any(|(k, _)| k.text == key.text) {
                pairs.push((key, value));
            }
        }
    }
    pairs
}
