//! One row of a list as attributes, whatever the platform.
//! In: a JSON object and the table of its kind. Out: what is known of the thing, references still as ids; and names that tell things of one name apart.
//! Never fails for a field that is missing, new or of another type; only for a row that has no id or no name.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::api::Node;
use crate::model::{
    Account, Address, Attribute, Attributes, Id, Kind, KindName, Resource, State, Value, normalise,
};

/// Who has which id.
pub(super) type Directory = BTreeMap<(KindName, Id), Address>;

/// What a row told of one thing.
pub(super) struct Row {
    /// Its name, as the last part of an address.
    pub(super) name: Box<str>,
    /// What is known of it, without its references.
    pub(super) attributes: Attributes,
    /// What it refers to.
    pub(super) references: Vec<Reference>,
    /// What the platform says of its health, where that is bad.
    pub(super) condition: Option<Box<str>>,
}

/// A reference of a row.
pub(super) struct Reference {
    /// The attribute that holds it.
    pub(super) attribute: &'static str,
    /// What it points to.
    pub(super) kind: KindName,
    /// To which one.
    pub(super) id: Id,
    /// The name beside the id, if the row tells it: `voice_agent_name` beside `voice_agent_id`.
    pub(super) name: Option<Box<str>>,
}

/// Who keeps a name that several things have.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shared {
    /// Nobody: all become `NAME#ID`.
    Nobody,
    /// The one with the lowest id.
    First,
}

/// What is wrong with an id that no path may hold.
pub(super) const UNSAFE_ID: &str = "that no path may hold";

/// The id of a row; the error says what the row lacks.
pub(super) fn id(json: Node<'_>) -> Result<Id, String> {
    let id = json.at("id");
    if id.is_unsafe_id() {
        return Err(format!("has an `id` {UNSAFE_ID}"));
    }
    id.as_id().ok_or_else(|| "has no `id`".to_owned())
}

/// Reads a trunk or a number; the error says what the row lacks.
pub(super) fn row(kind: &Kind, json: Node<'_>) -> Result<(Id, Row), String> {
    let id = id(json)?;
    let (attributes, references) = Default::default();
    let mut row = Row { name: "".into(), attributes, references, condition: None };
    for attribute in kind.attributes.iter().filter(|attribute| !attribute.secret) {
        let Some(field) = json.get(attribute.field) else { continue };
        match attribute.reference {
            Some(_) if field.is_unsafe_id() => {
                return Err(format!("(id {id}) has a `{}` {UNSAFE_ID}", attribute.field));
            }
            Some(to) => refer(&mut row, attribute, to, (field, json)),
            None => {
                if let Some(value) = value(attribute, field) {
                    row.attributes.set(attribute.name, value);
                }
            }
        }
    }
    let identity = row.attributes.get(kind.identity).and_then(Value::as_text).map(str::to_owned);
    let identity = identity.filter(|text| !text.trim().is_empty());
    let identity = identity.ok_or_else(|| format!("(id {id}) has no `{}`", kind.identity))?;
    // `1555…` and `+1555…` are one number and have one address; the attribute keeps the platform's own spelling, which is what it knows the number by.
    row.name = match kind.name {
        KindName::Number => normalise::number(&identity).into(),
        _ => normalise::name(&identity).into(),
    };
    Ok((id, row))
}

fn refer(row: &mut Row, attribute: &Attribute, kind: KindName, (field, json): (Node<'_>, Node<'_>)) {
    let Some(id) = field.as_id() else {
        // What is neither an id nor nothing is unknown.
        if field.is_null() || field.as_str().is_some_and(|text| text.trim().is_empty()) {
            row.attributes.set(attribute.name, Value::Null);
        }
        return;
    };
    // A trunk has its name from its own list.
    let stem = attribute.field.strip_suffix("_id").filter(|_| kind != KindName::Trunk);
    let beside = stem.and_then(|stem| json.named(stem, "_name"));
    row.references.push(Reference { attribute: attribute.name, kind, id, name: beside.and_then(told) });
}

/// A field's value by the type of its attribute; none for what the attribute can't be, since nothing may be made anew for a garbled word.
fn value(attribute: &Attribute, json: Node<'_>) -> Option<Value> {
    if !attribute.allowed.is_empty() {
        return one_of(attribute, json);
    }
    match json {
        Node::Text(text) => Some(match (attribute.integer, text.trim().parse()) {
            (true, Ok(n)) => Value::Int(n),
            _ => Value::Text(text.into()),
        }),
        Node::List(items) if !attribute.parts.is_empty() => {
            let items = items.into_iter().map(|item| parts(attribute, item));
            Some(Value::List(items.collect::<Option<_>>()?))
        }
        Node::Int(_) | Node::Count(_) | Node::Float(_) if !attribute.integer => {
            Some(Value::Text(json.to_json().to_string().into()))
        }
        _ => plain(json),
    }
}

/// One item of a list, only the parts that a file can name; the whole list is unknown where one item is of another shape.
fn parts(attribute: &Attribute, item: Node<'_>) -> Option<Value> {
    let known = attribute.parts.iter().filter_map(|&part| Some((part.into(), plain(item.get(part)?)?)));
    item.is_map().then(|| Value::Map(known.collect()))
}

fn plain(json: Node<'_>) -> Option<Value> {
    match json {
        Node::Null => Some(Value::Null),
        Node::Bool(b) => Some(Value::Bool(b)),
        Node::Int(n) => Some(Value::Int(n)),
        Node::Text(text) => Some(Value::Text(text.into())),
        Node::Count(_) | Node::Float(_) | Node::List(_) | Node::Map(_) => None,
    }
}

/// One of the texts that an attribute can be, in the spelling of the table.
fn one_of(attribute: &Attribute, json: Node<'_>) -> Option<Value> {
    match json {
        Node::Null => attribute.nullable.then_some(Value::Null),
        Node::Text(text) => {
            let word = attribute.allowed.iter().find(|word| word.eq_ignore_ascii_case(text.trim()))?;
            Some(Value::Text((*word).into()))
        }
        _ => None,
    }
}

/// A name that is not empty.
pub(super) fn told(json: Node<'_>) -> Option<Box<str>> {
    json.as_str().map(normalise::name).filter(|name| !name.is_empty()).map(Into::into)
}

/// Puts the things of one kind into the state and into the directory; what they refer to must be in the directory already.
pub(super) fn fill(
    state: &mut State,
    (account, kind, shared): (&Account, KindName, Shared),
    rows: Vec<(Id, Row)>,
    directory: &mut Directory,
) {
    let called: Vec<_> = rows.iter().map(|(id, row)| (&*row.name, id)).collect();
    let longer = longer(&called, shared);
    let known = std::mem::take(&mut state.resources);
    let made = rows.into_iter().enumerate().map(|(at, (id, row))| {
        let Row { name, mut attributes, references, condition } = row;
        for reference in references {
            // What is not there is unknown; a provider refuses a list that does not fit another before it comes here.
            if let Some(target) = directory.get(&(reference.kind, reference.id)) {
                attributes.set(reference.attribute, Value::Ref(target.clone()));
            }
        }
        let address = Address::new(account, kind, longer.get(&at).unwrap_or(&name));
        attributes.share(&address.name);
        // Nothing refers to a number.
        if kind != KindName::Number {
            directory.insert((kind, id.clone()), address.clone());
        }
        let mut resource = Resource { id: Some(id), ..Resource::new(address.clone(), attributes) };
        if condition.is_some() {
            resource.settings.get_or_insert_default().condition = condition;
        }
        (address, resource)
    });
    // All at once: a tree that grows one by one has to look for the place of each, and ends up half empty.
    state.resources = known.into_iter().chain(made).collect();
}

/// One name for each of these things, given by id: its own, or `NAME#ID` where others have it too.
pub(super) fn distinct(called: &[(Box<str>, &Id)], shared: Shared) -> Vec<Box<str>> {
    let borrowed: Vec<_> = called.iter().map(|(name, id)| (&**name, *id)).collect();
    let mut longer = longer(&borrowed, shared);
    called
        .iter()
        .enumerate()
        .map(|(at, (name, _))| longer.remove(&at).unwrap_or_else(|| name.clone()))
        .collect()
}

/// Those of these things, by their place, that can't have their own name because others have it too, with the name that they get.
fn longer(called: &[(&str, &Id)], shared: Shared) -> HashMap<usize, Box<str>> {
    let mut sorted: Vec<_> = called.iter().map(|(name, _)| *name).collect();
    sorted.sort_unstable();
    let twice: HashSet<&str> = sorted.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    let mut kept: HashSet<&str> = HashSet::new();
    let mut made: HashMap<Box<str>, usize> = HashMap::new();
    for (at, (name, id)) in called.iter().enumerate().filter(|(_, (name, _))| twice.contains(name)) {
        if shared == Shared::First && kept.insert(name) {
            continue;
        }
        let mut longer = format!("{name}#{id}");
        while sorted.binary_search(&&*longer).is_ok() || made.contains_key(&*longer) {
            longer = format!("{longer}#{id}");
        }
        made.insert(longer.into(), at);
    }
    made.into_iter().map(|(name, at)| (at, name)).collect()
}
