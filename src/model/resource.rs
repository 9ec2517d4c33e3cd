//! A resource: one trunk or number, as a file declares it or as it is live.
//! Desired and observed are the same type: what differs between them is only who filled it in.
//! Nothing here knows where it came from.

use std::fmt;
use std::sync::Arc;

use super::address::Address;
use super::source::Span;
use super::text::is_hidden;
use super::value::Attributes;

/// Longer than the id of any platform.
const MAX_ID_CHARS: usize = 128;

/// What a platform calls a thing: opaque, whatever it looks like.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Id {
    /// A number.
    Int(i64),
    /// A UUID, a ULID, anything else.
    Text(Box<str>),
}

impl Id {
    /// The id that a platform's answer holds, in one spelling: a whole number also where it came as text. A blank or unsafe text is none, and nothing is numbered 0 or less.
    pub fn from_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::Number(n) => n.as_i64().filter(|n| *n > 0).map(Self::Int),
            serde_json::Value::String(text) => match text.trim().parse::<i64>() {
                Ok(n) => (n > 0).then_some(Self::Int(n)),
                Err(_) => (!Self::is_unsafe(text)).then(|| Self::Text(text.as_str().into())),
            },
            _ => None,
        }
    }

    /// Whether a text can't be an id: as a part of a path it would lead a request elsewhere, or somebody on the way may read it so.
    pub fn is_unsafe(text: &str) -> bool {
        matches!(text.trim(), "" | "." | "..")
            || text.contains(['/', '\\', '?', '#', '%'])
            || text.contains(is_hidden)
            || text.chars().nth(MAX_ID_CHARS).is_some()
    }

    /// The same of a segment of a path, which is percent-encoded.
    pub fn is_unsafe_segment(segment: &str) -> bool {
        let mut bytes = Vec::with_capacity(segment.len());
        let mut rest = segment.as_bytes();
        while let Some((&first, after)) = rest.split_first() {
            let digits = (first == b'%').then(|| after.get(..2)).flatten();
            let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            let code = digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
            bytes.push(code.unwrap_or(first));
            rest = if code.is_some() { &after[2..] } else { after };
        }
        str::from_utf8(&bytes).map_or(true, Self::is_unsafe)
    }

    /// The id as one segment of a path: it comes from the platform, may hold anything, and must not look like a placeholder or lead elsewhere.
    pub fn to_segment(&self) -> String {
        let byte = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        self.to_string().bytes().map(byte).collect()
    }

    /// The id as a value in a request body.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Int(n) => (*n).into(),
            Self::Text(text) => (&**text).into(),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(n) => n.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The place of a resource in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file's path, as in [`super::Sources`].
    pub file: Arc<str>,
    /// The identity's value (`name`, `number`): what a message about the whole resource points at.
    pub span: Span,
    /// The line of the resource's first key, from 1.
    pub line: u32,
    /// The column of the resource's first key, from 1.
    pub column: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What the file says of a resource beside its attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// No apply may delete it or take anything from it.
    pub protect: bool,
    /// `id:`, the live object that is meant where names are ambiguous.
    pub pin: Option<Id>,
    /// `renamed_from:`, the name under which it may still be live; on the observed side the name under which it was read.
    pub renamed_from: Option<Box<str>>,
    /// Leave the thing as it is, whatever differs (`ignore`); set by the scope stage.
    pub ignored: bool,
    /// It was left from an interrupted replacement and goes, whatever `unlisted` says; set by the scope stage.
    pub leftover: bool,
    /// It was declared once and goes, whatever `unlisted` says; set by the scope stage.
    pub removed: bool,
    /// Another account of the run declares it, and this one gives it up; set by the planner.
    pub crosses: bool,
    /// On the observed side: what the platform says of its health, where that is bad; shown, never planned.
    pub condition: Option<Box<str>>,
}

/// One trunk or number.
#[derive(Clone, Debug)]
pub struct Resource {
    /// What it is called here.
    pub address: Address,
    /// What the platform calls it; none for what is only desired.
    pub id: Option<Id>,
    /// What is known (observed) or managed (desired) of it.
    pub attributes: Attributes,
    /// Where the file declares it; none for what was only observed.
    pub origin: Option<Origin>,
    /// Most resources have no settings of their own.
    pub settings: Option<Box<Settings>>,
}

impl Resource {
    /// A resource that is known by its address and attributes alone.
    pub fn new(address: Address, attributes: Attributes) -> Self {
        Self { address, id: None, attributes, origin: None, settings: None }
    }

    /// Whether no apply may delete it or take anything from it.
    pub fn is_protected(&self) -> bool {
        self.settings.as_ref().is_some_and(|s| s.protect)
    }

    /// Whether it is left alone whatever differs.
    pub fn is_ignored(&self) -> bool {
        self.settings.as_ref().is_some_and(|s| s.ignored)
    }

    /// Whether it was left from an interrupted replacement.
    pub fn is_leftover(&self) -> bool {
        self.settings.as_ref().is_some_and(|s| s.leftover)
    }

    /// Whether it goes because it was declared once.
    pub fn is_removed(&self) -> bool {
        self.settings.as_ref().is_some_and(|s| s.removed)
    }

    /// Whether it was read, or may still be live, under another name.
    pub fn is_renamed(&self) -> bool {
        self.settings.as_ref().is_some_and(|s| s.renamed_from.is_some())
    }

    /// The address under which it was read, before the scope stage gave it the name that the file uses.
    pub fn read_as(&self) -> Address {
        match self.settings.as_ref().and_then(|s| s.renamed_from.as_deref()) {
            Some(name) => Address::new(&self.address.account, self.address.kind, name),
            None => self.address.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_has_one_spelling_and_blank_or_not_positive_is_none() {
        for (json, id) in
            [(json!(7), Id::Int(7)), (json!("7"), Id::Int(7)), (json!("a:b"), Id::Text("a:b".into()))]
        {
            assert_eq!(Id::from_json(&json), Some(id));
        }
        for none in [
            json!(""),
            json!(" "),
            json!(0),
            json!(-1),
            json!("0"),
            json!("-7"),
            json!(1.5),
            json!(null),
            json!([7]),
        ] {
            assert_eq!(Id::from_json(&none), None, "{none}");
        }
    }

    #[test]
    fn what_would_lead_a_path_elsewhere_is_no_id() {
        let long = "x".repeat(129);
        let hostile = [
            ".",
            "..",
            " .. ",
            "a/b",
            "../b",
            "/",
            "a\\b",
            "a?b",
            "a#b",
            "a%2Fb",
            "%",
            "a\nb",
            "\0",
            "\u{7f}",
            "\u{202e}a",
            &long,
        ];
        for text in hostile {
            let id = Id::Text(text.into());
            assert_eq!(Id::from_json(&json!(text)), None, "{text:?}");
            assert!(Id::is_unsafe_segment(&id.to_segment()) && Id::is_unsafe_segment(text), "{text:?}");
        }
        for segment in [
            "",
            "%2e%2E",
            ".%2e",
            "a%2fb",
            "a%5Cb",
            "a%3Fb",
            "%23",
            "%252F",
            "%0a",
            "%E2%80%AE",
            "%ff",
            "%zz",
            "%2",
        ] {
            assert!(Id::is_unsafe_segment(segment), "{segment}");
        }
        for text in [
            "...",
            "a.b",
            "a b",
            "Ünï",
            "+15551234567",
            "${env:HOME}",
            "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01",
        ] {
            let id = Id::from_json(&json!(text)).unwrap();
            assert!(!Id::is_unsafe_segment(&id.to_segment()), "{text}");
        }
    }
}
