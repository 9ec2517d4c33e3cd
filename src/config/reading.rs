//! Files as texts, for who wants to know how they are written and not what they mean.
//! In: paths, or bytes that came from elsewhere. Out: texts that are YAML, or the complaint about the first thing that keeps one from being it.
//! What is shown of a text hides the secrets that were written into it.

use std::path::PathBuf;
use std::sync::Arc;

use super::files::{self, File};
use super::input::{self, Input};
use super::reader::InputReader;
use super::{foreign, secrets, text, yaml};
use crate::model::{Diagnostic, Sources, Span};
use crate::provider;

/// Why a file can't be taken for a text.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The text around it, secrets masked.
    pub sources: Sources,
}

/// The inputs of these paths, as every command takes them, and the complaints about paths that lead to none.
pub fn inputs(paths: &[PathBuf]) -> (Vec<Input>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    (input::find(paths, &mut found), found)
}

/// The text of a configuration; none where it was read before.
///
/// # Errors
/// Where it can't be read, is not YAML, or is no configuration.
pub fn read(reader: &mut InputReader, input: &Input) -> Option<Result<String, Unread>> {
    let read = reader.read(input)?;
    let file = read.map_err(|diagnostics| Unread { diagnostics, sources: Sources::default() });
    Some(file.and_then(|file| configuration(&file)))
}

fn configuration(file: &File) -> Result<String, Unread> {
    let named = |complaint| Unread { diagnostics: vec![complaint], sources: Sources::default() };
    match checked(&file.name, file.bytes.clone()) {
        Ok(text) => {
            let root = yaml::parse(&file.name, &text, &mut Vec::new());
            match root.and_then(|root| foreign::tree(&file.name, &root)) {
                Some(complaint) => Err(named(complaint)),
                None if !foreign::names_platform(&text) => Err(named(foreign::without_platform(&file.name))),
                None => Ok(text),
            }
        }
        Err(mut unread) => {
            let text = String::from_utf8_lossy(&file.bytes);
            if let Some(complaint) = foreign::text(&file.name, &text, &unread.diagnostics) {
                return Err(named(complaint));
            }
            if !text::is_text(&text) || !foreign::names_platform(&text) {
                unread.sources.hide(&file.name);
            }
            Err(unread)
        }
    }
}

/// The text of bytes that messages call by this name.
///
/// # Errors
/// Where they are not YAML.
pub fn checked(name: &Arc<str>, bytes: Vec<u8>) -> Result<String, Unread> {
    let too_large = files::too_large(name, bytes.len() as u64);
    let (text, unclean) = text::decode(name, &bytes);
    let Some(complaint) = too_large.or(unclean).or_else(|| yaml::syntax(name, &text)) else {
        return Ok(text.into_owned());
    };
    let mut sources = Sources::default();
    sources.insert(name, &text);
    sources.mask(name, &secrets::guess(&text));
    sources.mask(name, &secrets::commented(&text));
    Err(Unread { diagnostics: vec![complaint], sources })
}

/// A text as it may be shown: every character of a secret is another one.
pub fn shown(text: &str) -> String {
    let name: Arc<str> = "".into();
    let mut sources = Sources::default();
    sources.insert(&name, text);
    sources.mask(&name, &places(&name, text));
    sources.get(&name).map_or_else(String::new, |source| source.text().to_owned())
}

/// Where secrets stand, also in what the tree does not hold.
fn places(name: &Arc<str>, text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut places = secrets::commented(text);
    let root = yaml::parse(name, text, &mut found);
    if root.is_none() || !found.is_empty() {
        places.extend(secrets::guess(text));
    }
    if let Some(mut root) = root {
        let platform = root.get("provider").and_then(yaml::Node::text).and_then(provider::get);
        places.extend(secrets::withhold(name, &mut root, platform, &mut found));
        places.extend(secrets::users(&root, text));
    }
    places
}
