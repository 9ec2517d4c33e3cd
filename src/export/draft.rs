//! A file that may be right.
//! In: what is to be written and what is left out. Out: its text, and which thing each byte of it is about.
//! Two-space indentation, lists indented below their key, one blank line between sections: as `fmt` leaves it.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::fold;
use super::item::{Item, Writer};
use super::leave::Leave;
use super::rejection::ItemRef;
use super::scalar::{comment, scalar};
use crate::model::{Address, KindName, Resource};
use crate::provider::file::sections::SECTIONS;

/// The name under which `init` puts the schema.
const SCHEMA: &str = "# yaml-language-server: $schema=trunkform.schema.json\n";
const ORIGIN: &str =
    "# Written by `trunkform export` from what was live. From here on it says what should be.\n";
const LEFT: &str = "# Live, and left as it is: it can't be declared here. The reason stands above each.\n";

/// Lines of the file that one item or one of its attributes has.
struct Lines {
    end: u32,
    place: ItemRef,
}

/// A file, and what it is about.
pub(super) struct Draft<'a> {
    pub(super) text: String,
    pub(super) items: Vec<Item<'a>>,
    writer: &'a Writer<'a>,
    /// In the order of the text.
    lines: Vec<Lines>,
    /// Where the first of them begins.
    start: u32,
    /// Which item declares what, once somebody asks.
    places: OnceCell<HashMap<Address, usize>>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(writer: &'a Writer<'a>, leave: &Leave) -> Self {
        let (left, kept): (Vec<&'a Resource>, Vec<&'a Resource>) =
            writer.wanted.iter().copied().partition(|live| leave.leaves(live));
        let mut items = Vec::new();
        let trunks = kept.iter().filter(|live| live.address.kind == KindName::Trunk);
        items.extend(trunks.map(|trunk| writer.item(trunk, leave)));
        items.extend(fold::numbers(writer, kept, leave));
        let (text, lines, places) = (String::from(SCHEMA), Vec::new(), OnceCell::new());
        let mut draft = Self { text, items, writer, lines, start: u32::MAX, places };
        draft.head();
        draft.sections();
        if !left.is_empty() {
            draft.text.push('\n');
            draft.text.push_str(LEFT);
            left.iter().for_each(|live| draft.left_out(writer.item(live, &Leave::default()), leave));
        }
        draft
    }

    fn head(&mut self) {
        let (account, provider) = (self.writer.live.account.as_str(), self.writer.live.provider.name());
        self.text.push_str(ORIGIN);
        self.text.push_str(&format!("provider: {provider}\n"));
        if account != provider {
            self.text.push_str(&format!("account: {}\n", scalar(account)));
        }
        self.text.push_str(&self.writer.defaults());
    }

    fn sections(&mut self) {
        for (section, kind) in SECTIONS {
            let mut any = false;
            for (at, item) in self.items.iter().enumerate().filter(|(_, item)| item.kind == kind) {
                if !any {
                    self.text.push_str(&format!("\n{section}:\n"));
                    self.start = self.start.min(self.text.len() as u32);
                }
                any = true;
                for line in &item.lines {
                    self.text.extend(["  ", &line.text, "\n"]);
                    let place = ItemRef { item: at, attribute: line.attribute };
                    self.lines.push(Lines { end: self.text.len() as u32, place });
                }
            }
        }
    }

    fn left_out(&mut self, item: Item<'_>, leave: &Leave) {
        let why = item.resources.first().and_then(|live| leave.why(live)).unwrap_or_default();
        self.text.push_str("#\n");
        self.text.push_str(&format!("# {}\n", comment(why)));
        for line in item.lines {
            self.text.push_str(&format!("# {}\n", line.text));
        }
    }

    /// What a byte is about.
    pub(super) fn at(&self, byte: u32) -> Option<ItemRef> {
        if byte < self.start {
            return None;
        }
        let at = self.lines.partition_point(|lines| lines.end <= byte);
        self.lines.get(at).map(|lines| lines.place)
    }

    /// The item that declares an address; the first of them where two could be meant.
    pub(super) fn item_of(&self, address: &Address) -> Option<usize> {
        self.places.get_or_init(|| self.by_address()).get(address).copied()
    }

    /// Each item under the addresses of its things, and under those that a file gives them.
    fn by_address(&self) -> HashMap<Address, usize> {
        let mut all = HashMap::new();
        for (at, item) in self.items.iter().enumerate() {
            for live in &item.resources {
                let (account, kind) = (&live.address.account, live.address.kind);
                all.entry(live.address.clone()).or_insert(at);
                all.entry(Address::new(account, kind, &self.name(live))).or_insert(at);
            }
        }
        all
    }

    /// What the platform calls a live thing.
    pub(super) fn name(&self, live: &Resource) -> String {
        self.writer.name(live)
    }

    /// Whether an attribute may be left out without the rest losing its sense.
    pub(super) fn stands_alone(&self, item: usize, name: &str) -> bool {
        let kinds = self.writer.live.provider.kinds();
        let Some(kind) = kinds.get(self.items[item].kind).filter(|_| !self.inherits(item, name)) else {
            return false;
        };
        let Some(attribute) = kind.attribute(name).filter(|attribute| attribute.name != kind.identity) else {
            return false;
        };
        kind.name == KindName::Number || attribute.reference.is_some()
    }

    /// Whether an attribute has a value of its own accord where an item leaves it out.
    pub(super) fn inherits(&self, item: usize, name: &str) -> bool {
        self.writer.inherits(self.items[item].kind, name)
    }

    /// Whether something else would stand in the place of what was left out.
    pub(super) fn gives(&self, ItemRef { item, attribute }: ItemRef) -> bool {
        attribute.is_some_and(|name| self.inherits(item, name))
    }

    /// Whether an item says something of an attribute.
    pub(super) fn states(&self, item: usize, name: &str) -> bool {
        self.items[item].lines.iter().any(|line| line.attribute == Some(name))
    }

    /// The items of a section, without indentation.
    pub(super) fn list(&self, kind: KindName) -> String {
        let items = self.items.iter().filter(|item| item.kind == kind);
        let lines: Vec<_> = items.flat_map(|item| &item.lines).map(|line| &*line.text).collect();
        lines.join("\n")
    }

    /// The addresses that it declares.
    pub(super) fn declared(&self) -> impl Iterator<Item = Address> {
        self.items.iter().flat_map(|item| &item.resources).map(|live| live.address.clone())
    }

    /// The variables that it names.
    pub(super) fn variables(&self) -> Vec<Box<str>> {
        self.items.iter().flat_map(|item| &item.variables).cloned().collect()
    }
}
