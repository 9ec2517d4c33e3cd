//! What a file says once for many entries becomes part of each of them.
//! In: a tree. Out: the same tree whose entries have what `defaults` gives them, at the place where that is written.
//! Never touches what an entry states itself, an explicit `null` included; judges nothing.

use serde_json::Value as Json;

use super::files::File;
use super::yaml::{self, Content, Key, Node};
use crate::model::{Kind, Kinds, Span};
use crate::provider::file::sections::SECTIONS;

/// A key with its value.
pub(super) type Pair<'s> = (Key<'s>, Node<'s>);

/// The one setting that many may share.
const PROTECT: &str = "protect";

/// Gives the entries of a file its defaults, as a merge key would.
pub(super) fn inherit(root: &mut Node<'_>, kinds: &Kinds) {
    for (section, name) in SECTIONS {
        let Some(kind) = kinds.get(name) else { continue };
        let shared = of_file(root, section, kind);
        if shared.is_empty() {
            continue;
        }
        let Some(Content::List(entries)) = root.get_mut(section).map(|node| &mut node.content) else {
            continue;
        };
        for entry in entries.iter_mut().filter(|entry| !is_override(entry)) {
            if let Content::Map(own) = &mut entry.content {
                add(own, &shared);
            }
        }
    }
}

/// Adds the pairs whose keys are not there.
pub(super) fn add<'s>(own: &mut Vec<Pair<'s>>, shared: &[Pair<'s>]) {
    let stated = own.len();
    for (key, value) in shared {
        if !own[..stated].iter().any(|(k, _)| k.text == key.text) {
            own.push((key.clone(), value.clone()));
        }
    }
}

/// The defaults of a file for one of its sections; what can be no default is left out, the schema tells of it.
pub(super) fn of_file<'s>(root: &Node<'s>, section: &str, kind: &Kind) -> Vec<Pair<'s>> {
    root.get("defaults").and_then(|all| all.get(section)).map_or_else(Vec::new, |node| pairs(node, kind))
}

/// The defaults of the rows of an inventory: its own, then the file's. All of them stand at one place, for many a row has them.
pub(super) fn of_rows<'s>(root: &Node<'s>, entry: &Node<'s>, kind: &Kind, place: Span) -> Vec<Pair<'s>> {
    let mut all = entry.get("defaults").map_or_else(Vec::new, |node| pairs(node, kind));
    add(&mut all, &of_file(root, "numbers", kind));
    for (key, value) in &mut all {
        key.span = place;
        value.each_mut(&mut |node| node.span = place);
    }
    all
}

/// What a file gives the entries of a section, for those who want to add one of them; of a file that has no errors.
pub(crate) fn given(file: &File, section: &str, kind: &Kind) -> Vec<(Box<str>, Json)> {
    let Ok(text) = std::str::from_utf8(&file.bytes) else { return Vec::new() };
    let root = yaml::parse(&file.name, text, &mut Vec::new());
    let shared = root.map_or_else(Vec::new, |root| of_file(&root, section, kind));
    shared.iter().map(|(key, value)| ((&*key.text).into(), json(value))).collect()
}

fn json(node: &Node<'_>) -> Json {
    match &node.content {
        Content::Null | Content::Withheld => Json::Null,
        Content::Bool(b) => (*b).into(),
        Content::Int(n) => (*n).into(),
        Content::Float(f) => (*f).into(),
        Content::Text(text) => (&**text).into(),
        Content::List(items) => items.iter().map(json).collect(),
        Content::Map(pairs) => pairs.iter().map(|(key, value)| (key.text.to_string(), json(value))).collect(),
    }
}

fn pairs<'s>(node: &Node<'s>, kind: &Kind) -> Vec<Pair<'s>> {
    let may = |key: &str| key == PROTECT || (key != kind.identity && kind.attribute(key).is_some());
    node.pairs().iter().filter(|(key, _)| may(&key.text)).cloned().collect()
}

/// Whether an entry changes what another one says.
pub(super) fn is_override(entry: &Node<'_>) -> bool {
    entry.get("override").is_some_and(|node| matches!(node.content, Content::Bool(true)))
}
