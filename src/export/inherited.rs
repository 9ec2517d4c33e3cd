//! What the entries of an addition have without saying so: the `defaults` of the files that they go to.
//! In: those files. Out: which attributes those are, and the same `defaults` for a draft, so that it is judged as it will be read.
//! Never decides which files those are.

use serde_json::Value as Json;

use super::scalar::quoted;
use crate::config::{self, File};
use crate::folder::FolderPath;
use crate::model::KindName;
use crate::provider::Provider;
use crate::provider::file::sections::SECTIONS;

/// What a section gives its entries.
type Given = Vec<(Box<str>, Json)>;

/// The `defaults` that an addition comes under.
#[derive(Clone, Debug, Default)]
pub struct Inherited {
    /// Where the paths in them begin.
    folder: Option<FolderPath>,
    sections: Vec<(&'static str, KindName, Given)>,
}

impl Inherited {
    /// Those of the file that the entries of a kind go to; none where there is no such file.
    pub fn of<'f>(provider: &dyn Provider, file: impl Fn(KindName) -> Option<&'f File>) -> Self {
        let given = |(section, name): (&'static str, KindName)| {
            let given = config::given(file(name)?, section, provider.kinds().get(name)?);
            (!given.is_empty()).then_some((section, name, given))
        };
        // Only what is said of trunks names files: the secrets.
        let folder =
            file(KindName::Trunk).map_or_else(|| Some(FolderPath::default()), |file| file.folder.clone());
        Self { folder, sections: SECTIONS.into_iter().filter_map(given).collect() }
    }

    /// Whether there are any.
    pub fn any(&self) -> bool {
        !self.sections.is_empty()
    }

    /// Where the paths in them begin.
    pub fn folder(&self) -> Option<&FolderPath> {
        self.folder.as_ref()
    }

    /// Whether they protect what is added.
    pub fn protects(&self, kind: KindName) -> bool {
        self.given(kind).any(|(name, value)| &**name == "protect" && *value == Json::Bool(true))
    }

    /// Whether an attribute has a value where an entry does not state it.
    pub(super) fn has(&self, kind: KindName, attribute: &str) -> bool {
        self.given(kind).any(|(name, _)| &**name == attribute)
    }

    fn given(&self, kind: KindName) -> impl Iterator<Item = &(Box<str>, Json)> {
        self.sections.iter().filter(move |(_, of, _)| *of == kind).flat_map(|(_, _, given)| given)
    }

    /// The same as a line of a file; empty where there are none.
    pub(super) fn line(&self) -> String {
        let pair = |(name, value): &(Box<str>, Json)| format!("{}: {}", quoted(name), flow(value));
        let section = |(section, _, given): &(&str, KindName, Given)| {
            format!("{section}: {{{}}}", given.iter().map(pair).collect::<Vec<_>>().join(", "))
        };
        let sections: Vec<_> = self.sections.iter().map(section).collect();
        if sections.is_empty() { String::new() } else { format!("defaults: {{{}}}\n", sections.join(", ")) }
    }
}

/// A value on one line.
fn flow(json: &Json) -> String {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => json.to_string(),
        Json::String(text) => quoted(text),
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(parts) => {
            let parts: Vec<_> =
                parts.iter().map(|(name, value)| format!("{}: {}", quoted(name), flow(value))).collect();
            format!("{{{}}}", parts.join(", "))
        }
    }
}
