//! One entry of a file becomes a resource.
//! In: a node and its kind. Out: the attributes that could be read, each with its place, the settings and the waivers.
//! Knows no attribute by name: the kind's table says what each one is. What the schema has refused is left out.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::defaults::is_override;
use super::files::INSIDE;
use super::waive::{Subject, Waiver};
use super::wording::shown;
use super::yaml::{Content, Node};
use crate::folder::{Folder, FolderPath, Refusal, stays_beneath};
use crate::model::normalise;
use crate::model::{
    Account, Address, Attribute, Attributes, Code, Diagnostic, Id, Kind, KindName, Origin, Resource,
    SecretNames, SecretSource, Settings, SourceFile, Value,
};

const LEADS_OUT: &str = "the path of a secret leads out of the file's folder";
const NO_FOLDER: &str = "the configuration comes through a pipe and has no folder, so it names no file";

/// Texts and trunks that many entries name, each kept once.
#[derive(Default)]
pub(super) struct Named {
    texts: RefCell<HashSet<Arc<str>>>,
    trunks: RefCell<HashMap<Box<str>, Address>>,
}

impl Named {
    fn text(&self, text: &str) -> Arc<str> {
        let mut texts = self.texts.borrow_mut();
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        texts.insert(new.clone());
        new
    }

    fn trunk(&self, account: &Account, name: &str) -> Address {
        let mut trunks = self.trunks.borrow_mut();
        if let Some(known) = trunks.get(name) {
            return known.clone();
        }
        let new = Address::new(account, KindName::Trunk, &normalise::name(name));
        trunks.insert(name.into(), new.clone());
        new
    }
}

/// Where an entry is read.
pub(super) struct Reader<'a> {
    /// The file's path, as messages name it.
    pub file: &'a Arc<str>,
    /// Where relative paths begin.
    pub folder: Option<&'a FolderPath>,
    /// The same, opened for the first secret in it.
    opened: OnceCell<Option<Folder>>,
    /// Knows the lines.
    pub source: &'a SourceFile,
    /// Whose resources they are.
    pub account: &'a Account,
    /// The variables that may be named.
    pub secret_names: &'a SecretNames,
    /// What was named before.
    pub named: Named,
}

/// What an entry says.
#[derive(Clone)]
pub(super) struct Decoded<'n> {
    /// What is written for the attribute that names it: one resource, or a range of them.
    pub name: &'n str,
    pub attributes: Attributes,
    pub settings: Option<Box<Settings>>,
    pub origin: Origin,
    /// What it changes beside attributes, where it changes what another entry says.
    pub over: Option<Over>,
}

/// The settings that are written in an entry with `override: true`.
#[derive(Clone)]
pub(super) struct Over {
    pub protect: Option<bool>,
    pub pin: Option<Id>,
}

impl Decoded<'_> {
    /// The resource of an address that says this.
    pub(super) fn resource(self, address: Address) -> Resource {
        let Self { attributes, settings, origin, name: _, over: _ } = self;
        Resource { origin: Some(origin), settings, ..Resource::new(address, attributes) }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        (file, folder): (&'a Arc<str>, Option<&'a FolderPath>),
        source: &'a SourceFile,
        account: &'a Account,
        secret_names: &'a SecretNames,
    ) -> Self {
        Self { file, folder, opened: OnceCell::new(), source, account, secret_names, named: Named::default() }
    }

    /// Reads an entry; none where nothing names it.
    pub(super) fn entry<'n>(
        &self,
        entry: &'n Node<'_>,
        kind: &'static Kind,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Decoded<'n>> {
        let identity = entry.get(kind.identity)?;
        let name = identity.text().filter(|name| !name.is_empty())?;
        let mut attributes = Attributes::default();
        for (key, node) in entry.pairs() {
            if let Some(attribute) = kind.attribute(&key.text)
                && let Some(value) = self.value(attribute, node, found)
            {
                attributes.set_at(attribute.name, value, node.span);
            }
        }
        let (line, column) = self.source.line_column(entry.head().start);
        let origin = Origin { file: self.file.clone(), span: identity.span, line, column };
        let over = is_override(entry).then(|| Over { protect: protect(entry), pin: pin(entry) });
        Some(Decoded { name, attributes, settings: settings(entry), origin, over })
    }

    fn value(&self, attribute: &Attribute, node: &Node<'_>, found: &mut Vec<Diagnostic>) -> Option<Value> {
        match (&node.content, attribute.reference) {
            (Content::Null, _) => Some(Value::Null),
            _ if attribute.secret => self.secret(node, found).map(Value::Secret),
            (Content::Text(name), Some(KindName::Trunk)) => {
                Some(Value::Ref(self.named.trunk(self.account, name)))
            }
            (Content::Int(id), Some(_)) => Some(Value::Text(id.to_string().into())),
            _ if attribute.integer => whole(node).map(Value::Int),
            (Content::Bool(b), _) => attribute.boolean.then_some(Value::Bool(*b)),
            (Content::Int(_) | Content::Float(_), _) => None,
            (Content::Text(text), _) if !attribute.boolean => Some(Value::Text(self.named.text(text))),
            _ => (!attribute.boolean).then(|| plain(node)).flatten(),
        }
    }

    fn secret(&self, node: &Node<'_>, found: &mut Vec<Diagnostic>) -> Option<SecretSource> {
        let mut refuse = |code: Code, place: &Node<'_>, (why, help): (&str, &str)| {
            found.push(Diagnostic::new(code, why).at(self.file, place.span, "").help(help));
            None
        };
        if let Some((place, name)) = node.get("env").and_then(|place| Some((place, place.text()?))) {
            return match self.secret_names.check(name) {
                Ok(()) => Some(SecretSource::Env(name.into())),
                Err(why) => refuse(Code::SEC009, place, (&format!("{} {why}", shown(name)), &why.help())),
            };
        }
        let place = node.get("file")?;
        let path = Path::new(place.text()?);
        let Some(folder) = self.folder else {
            let help = "write {env: NAME}, or give the configuration as a file";
            return refuse(Code::CFG008, place, (NO_FOLDER, help));
        };
        if !stays_beneath(path) {
            return refuse(Code::CFG008, place, (LEADS_OUT, INSIDE));
        }
        // What can't be opened is no mistake yet: the file may appear before the apply, which opens it again.
        let opened = self.opened.get_or_init(|| folder.open().ok());
        match opened.as_ref().map_or(Ok(()), |opened| opened.check(path)) {
            Err(why) if why.leads_out() => refuse(Code::CFG008, place, (LEADS_OUT, INSIDE)),
            Err(Refusal::Git) => {
                refuse(Code::CFG008, place, ("the path of a secret leads to what Git keeps", INSIDE))
            }
            _ => Some(SecretSource::File(folder.path().join(path).to_string_lossy().into())),
        }
    }

    /// The waivers of an entry.
    pub(super) fn waivers(
        &self,
        entry: &Node<'_>,
        subject: &Subject,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Waiver> {
        let items = entry.get("waive").map(Node::items).unwrap_or_default();
        let mut waivers = Vec::new();
        for item in items {
            let (Some(code), Some(until)) = (item.get("code"), item.get("until")) else { continue };
            let (Some(word), Some(day)) = (code.text(), until.text()) else { continue };
            let Ok(last) = day.parse() else {
                if !looks_like_a_day(day) {
                    continue;
                }
                let complaint = Diagnostic::new(Code::CFG008, "there is no such day")
                    .at(self.file, until.span, "")
                    .help("write a date such as `2027-01-31`");
                found.push(complaint);
                continue;
            };
            waivers.push(Waiver {
                code: word.into(),
                until: last,
                subject: subject.clone(),
                file: self.file.clone(),
                span: code.span,
            });
        }
        waivers
    }
}

/// The schema has told already of what does not.
fn looks_like_a_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().enumerate().all(|(at, b)| b.is_ascii_digit() != matches!(at, 4 | 7))
}

/// A whole number, also where it is written `5060.0`.
fn whole(node: &Node<'_>) -> Option<i64> {
    match node.content {
        Content::Int(n) => Some(n),
        Content::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => Some(f as i64),
        _ => None,
    }
}

/// A value as it is written.
fn plain(node: &Node<'_>) -> Option<Value> {
    Some(match &node.content {
        Content::Null => Value::Null,
        Content::Bool(b) => Value::Bool(*b),
        Content::Int(_) | Content::Float(_) => Value::Int(whole(node)?),
        Content::Text(text) => Value::Text((&**text).into()),
        Content::List(items) => Value::List(items.iter().filter_map(plain).collect()),
        Content::Map(pairs) => {
            Value::Map(pairs.iter().filter_map(|(key, v)| Some(((&*key.text).into(), plain(v)?))).collect())
        }
        Content::Withheld => return None,
    })
}

fn settings(entry: &Node<'_>) -> Option<Box<Settings>> {
    let renamed_from = entry.get("renamed_from").and_then(Node::text).map(Into::into);
    let protect = protect(entry).unwrap_or_default();
    let settings = Settings { protect, pin: pin(entry), renamed_from, ..Settings::default() };
    (settings != Settings::default()).then(|| Box::new(settings))
}

fn protect(entry: &Node<'_>) -> Option<bool> {
    match entry.get("protect")?.content {
        Content::Bool(protect) => Some(protect),
        _ => None,
    }
}

fn pin(entry: &Node<'_>) -> Option<Id> {
    match &entry.get("id")?.content {
        Content::Int(n) => Some(Id::Int(*n)),
        Content::Text(text) => Some(Id::Text((&**text).into())),
        _ => None,
    }
}
