//! One live thing as an item of its section.
//! In: a resource as it was read. Out: lines without indentation, each with the attribute that it is about.
//! Which attributes there are, and in which order, is the kind's to say; what is null or empty is not written, all else is.

use super::agents::Agents;
use super::leave::Leave;
use super::names::{id_text, live_name};
use super::scalar::{comment, scalar};
use super::secrets::Variables;
use super::{Beside, Inherited, Live};
use crate::model::{Address, Attribute, KindName, Resource, Value, normalise};

/// One line of an item.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) attribute: Option<&'static str>,
    pub(super) text: String,
}

/// One entry of a section.
pub(super) struct Item<'a> {
    pub(super) kind: KindName,
    /// The first one begins with `- `.
    pub(super) lines: Vec<Line>,
    /// What it declares: one thing, or the numbers of a range in order.
    pub(super) resources: Vec<&'a Resource>,
    /// The variables that it names.
    pub(super) variables: Vec<Box<str>>,
}

/// Knows what an item has to know of the rest of the account.
pub(super) struct Writer<'a> {
    pub(super) live: Live<'a>,
    pub(super) wanted: Vec<&'a Resource>,
    agents: Agents<'a>,
    variables: Variables,
    inherited: &'a Inherited,
}

impl<'a> Writer<'a> {
    pub(super) fn new(live: Live<'a>, mut wanted: Vec<&'a Resource>, beside: Beside<'a>) -> Self {
        wanted.sort_by(|a, b| a.address.cmp(&b.address));
        let variables = Variables::new(live, &wanted, beside.variables);
        let agents = Agents::new(&live.state.agents);
        Self { live, agents, variables, wanted, inherited: beside.inherited }
    }

    /// Whether an attribute has a value where an entry says nothing of it.
    pub(super) fn inherits(&self, kind: KindName, attribute: &str) -> bool {
        self.inherited.has(kind, attribute)
    }

    /// All that the entries inherit, as a line of a file.
    pub(super) fn defaults(&self) -> String {
        self.inherited.line()
    }

    /// The name under which a file declares a live thing: that of the platform, also where two have it.
    pub(super) fn name(&self, live: &Resource) -> String {
        let kind = self.live.provider.kinds().get(live.address.kind);
        kind.map_or_else(|| live.address.name.to_string(), |kind| live_name(kind.identity, live))
    }

    /// The first line of an item.
    pub(super) fn head(&self, kind: KindName, name: &str) -> Line {
        let identity = self.live.provider.kinds().get(kind).map_or("name", |kind| kind.identity);
        let text = match kind {
            // Always in quotes, as everywhere: a range among numbers looks like one of them.
            KindName::Number => format!("- {identity}: {}", super::scalar::quoted(name)),
            _ => format!("- {identity}: {}", scalar(name)),
        };
        Line { attribute: None, text }
    }

    pub(super) fn item(&self, live: &'a Resource, leave: &Leave) -> Item<'a> {
        let name = self.name(live);
        let mut item = Item {
            kind: live.address.kind,
            lines: vec![self.head(live.address.kind, &name)],
            resources: vec![live],
            variables: Vec::new(),
        };
        self.id(live, &name, &mut item);
        let Some(kind) = self.live.provider.kinds().get(live.address.kind) else { return item };
        for attribute in kind.attributes.iter().filter(|attribute| attribute.name != kind.identity) {
            match leave.attribute(live, attribute.name) {
                Some("") => {}
                Some(why) => left_out(&self.says((live, attribute), leave), why, &mut item),
                None if attribute.secret => self.secret((live, attribute), &mut item),
                None => {
                    let says = self.says((live, attribute), leave);
                    item.lines.extend(says.iter().map(|text| line(Some(attribute.name), text)));
                }
            }
            self.nothing((live, attribute), &mut item);
        }
        item
    }

    /// The id: to say which one is meant where two have the name, else for the reader. A range has none, so no number has.
    fn id(&self, live: &Resource, name: &str, item: &mut Item<'_>) {
        let Some(id) = live.id.as_ref().filter(|_| live.address.kind == KindName::Trunk) else { return };
        let shared = name != &*live.address.name;
        let text = if shared {
            format!("id: {}", id_text(id))
        } else {
            format!("# id {}", comment(&id.to_string()))
        };
        item.lines.push(line(None, &text));
    }

    /// An entry that would inherit what its thing has not says so.
    fn nothing(&self, (live, attribute): (&Resource, &Attribute), item: &mut Item<'_>) {
        let said = item.lines.iter().any(|line| line.attribute == Some(attribute.name));
        if attribute.nullable && !said && self.inherits(live.address.kind, attribute.name) {
            item.lines.push(line(Some(attribute.name), &format!("{}: null", attribute.name)));
        }
    }

    fn secret(&self, (live, attribute): (&Resource, &Attribute), item: &mut Item<'_>) {
        let Some(variable) = self.variables.of(&live.address, attribute.name) else { return };
        let note = "# can't be read back: set this variable before something sends it";
        item.lines.push(line(None, note));
        item.lines.push(line(Some(attribute.name), &format!("{}: {{env: {variable}}}", attribute.name)));
        item.variables.push(variable.into());
    }

    /// The lines of an attribute; none where there is nothing to say.
    fn says(&self, (live, attribute): (&Resource, &Attribute), leave: &Leave) -> Vec<String> {
        let name = attribute.name;
        match live.attributes.get(name) {
            None => Vec::new(),
            Some(value) if normalise::is_empty(value) => Vec::new(),
            Some(Value::Ref(to)) if to.kind == KindName::Trunk => {
                vec![format!("{name}: {}", scalar(&self.trunk(to, leave)))]
            }
            Some(Value::Ref(to)) => self.agents.called(name, to),
            Some(Value::List(items)) => {
                let items = items.iter().flat_map(entry).map(|line| format!("  {line}"));
                std::iter::once(format!("{name}:")).chain(items).collect()
            }
            Some(value) => {
                fitted(attribute, value).map(|text| format!("{name}: {text}")).into_iter().collect()
            }
        }
    }

    /// What a file calls a live trunk: one of those that share a name has it alone where it is declared.
    fn trunk(&self, address: &Address, leave: &Leave) -> String {
        let found = self.wanted.binary_search_by(|live| live.address.cmp(address)).ok();
        let declared = found.map(|at| self.wanted[at]).filter(|live| !leave.leaves(live));
        declared.map_or_else(|| address.name.to_string(), |live| self.name(live))
    }
}

fn left_out(says: &[String], why: &str, item: &mut Item<'_>) {
    if !says.is_empty() {
        item.lines.push(line(None, &format!("# left out, {}", comment(why))));
    }
    item.lines.extend(says.iter().map(|text| line(None, &format!("# {text}"))));
}

fn line(attribute: Option<&'static str>, text: &str) -> Line {
    Line { attribute, text: format!("  {text}") }
}

/// A value of one line, of the type that the attribute has.
fn fitted(attribute: &Attribute, value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(b) if attribute.boolean => b.to_string(),
        Value::Int(n) if attribute.integer => n.to_string(),
        Value::Text(text) if attribute.boolean => {
            let told = text.trim().to_ascii_lowercase();
            told.parse::<bool>().map_or_else(|_| scalar(text), |b| b.to_string())
        }
        Value::Bool(b) => scalar(&b.to_string()),
        Value::Int(n) => scalar(&n.to_string()),
        Value::Text(text) => scalar(text),
        _ => return None,
    })
}

/// An item of a list that an attribute is.
fn entry(value: &Value) -> Vec<String> {
    let Value::Map(parts) = value else { return vec![format!("- {}", plain(value))] };
    let told = parts.iter().filter(|(_, value)| !normalise::is_empty(value));
    let mut lines: Vec<_> =
        told.map(|(part, value)| format!("  {}: {}", scalar(part), plain(value))).collect();
    match lines.first_mut() {
        Some(first) => first.replace_range(..1, "-"),
        None => lines.push("- {}".into()),
    }
    lines
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Text(text) => scalar(text),
        _ => "null".into(),
    }
}
