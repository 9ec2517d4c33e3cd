//! A reader of XML that takes nothing that XML 1.0 forbids, and only the little of the rest that the reports use.
//! In: a document. Out: its elements. Stops at whatever is not well-formed.

/// One element, with its own text.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
}

impl Element {
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }
}

/// All elements in the order in which they begin.
pub(super) fn read(document: &str) -> Vec<Element> {
    let allowed =
        |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(document.chars().all(allowed), "a character that XML forbids");
    let mut rest = document.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let (mut all, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        match open.last() {
            Some(&inside) => all[inside].text.push_str(&plain(text)),
            None => assert_eq!(text.trim(), "", "text outside of the root"),
        }
        // No attribute holds a `>`: `plain` would have refused it.
        let (tag, after) = tag[1..].split_once('>').unwrap();
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(all[open.pop().unwrap()].name, name);
            continue;
        }
        assert!(!(all.is_empty() ^ open.is_empty()), "one root");
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        if !empty {
            open.push(all.len());
        }
        all.push(element(tag));
    }
    assert_eq!((open.len(), rest), (0, "\n"));
    all
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let (key, value) = rest.trim_start().split_once("=\"").unwrap();
        let (value, after) = value.split_once('"').unwrap();
        assert!(key.bytes().all(|b| b.is_ascii_lowercase()) && !value.contains(['\n', '\t']), "{tag}");
        assert!(!attributes.iter().any(|(other, _)| other == key), "{key} stands twice");
        attributes.push((key.into(), plain(value)));
        rest = after;
    }
    assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
    Element { name: name.into(), attributes, text: String::new() }
}

/// The text without its escapes.
fn plain(text: &str) -> String {
    assert!(!text.contains(['<', '>']), "{text}");
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, after) = part.split_once(';').unwrap();
        let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"')];
        out.push(known.iter().find(|(name, _)| *name == entity).unwrap().1);
        out.push_str(after);
    }
    out
}
