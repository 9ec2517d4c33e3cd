//! Tells files that are no configuration of Trunkform from those that are one with mistakes.
//! In: a text, and its tree if it has one. Out: one complaint that names the file, where it shows none of the keys of a configuration.
//! Never quotes the file: it may be a key, a list of tokens, or another program's.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::wording::clean;
use super::yaml::{Content, Node};
use crate::model::{Code, Diagnostic, Span};
use crate::provider;

/// The keys that a configuration has at its root, on any platform.
static KEYS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let schemas = provider::ALL.iter().filter_map(|provider| provider.schema()["properties"].as_object());
    schemas.flat_map(|properties| properties.keys().map(String::as_str)).collect()
});

/// The complaint about a tree that is no configuration, if it is none.
pub(super) fn tree(file: &Arc<str>, root: &Node<'_>) -> Option<Diagnostic> {
    match root.content {
        Content::Map(_) if root.pairs().iter().any(|(key, _)| KEYS.contains(&*key.text)) => None,
        Content::Map(_) => {
            let why = "it has none of the keys of one, such as `provider`, `trunks` and `numbers`";
            Some(complaint(Code::CFG006, file, why))
        }
        _ => Some(complaint(Code::CFG007, file, "expected a mapping, such as `provider: …`")),
    }
}

/// The complaint about a text that can't be read beyond its mistakes, if nothing before the first of them is of a configuration.
pub(super) fn text(file: &Arc<str>, text: &str, mistakes: &[Diagnostic]) -> Option<Diagnostic> {
    let first = mistakes.first()?;
    let at = first.labels.first().map_or(0, |label| label.span.start as usize);
    let at = text.floor_char_boundary(at);
    let end = text[at..].find('\n').map_or(text.len(), |more| at + more);
    let why = match first.code {
        Code::CFG002 => "it is no plain text in UTF-8",
        _ => "it is not YAML",
    };
    (!shows_key(&text[..end])).then(|| complaint(first.code, file, why))
}

/// Whether a line begins as a configuration's does: in the first column, or anywhere in a text that is one mapping in braces.
fn shows_key(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let braces = text.trim_start().starts_with('{');
    let parts = text.split(|c: char| c == '\n' || (braces && matches!(c, '{' | ',')));
    parts.into_iter().any(|part| {
        let part = if braces { part.trim_start() } else { part };
        let part = part.trim_start_matches(['"', '\'']);
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        let colon = part[end..].trim_start_matches(['"', '\'', ' ', '\t']).starts_with(':');
        colon && KEYS.contains(&part[..end])
    })
}

/// Whether a text says which platform it is about, be it misspelt: only of such a file any line is shown, since other programs use our other keys as well.
pub(super) fn names_platform(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let parts = text.split(|c: char| c == '\n' || (text.starts_with('{') && matches!(c, '{' | ',' | '}')));
    parts.into_iter().any(|part| {
        let part = if text.starts_with('{') { part.trim_start() } else { part };
        let key = part.trim_start_matches(['"', '\'']).strip_prefix("provider");
        let value = key.and_then(|rest| rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':'));
        let value = value.map(|value| value.split('#').next().unwrap_or_default().trim());
        value.is_some_and(|value| is_like_a_platform(value.trim_matches(['"', '\''])))
    })
}

/// Whether a word is the name of a platform, or at most two letters from one.
fn is_like_a_platform(word: &str) -> bool {
    let word = word.to_lowercase();
    provider::ALL.iter().any(|platform| strsim::osa_distance(platform.name(), &word) <= 2)
}

/// The complaint about a file that `fmt` leaves alone because it says of no platform.
pub(super) fn without_platform(file: &Arc<str>) -> Diagnostic {
    complaint(Code::CFG006, file, "its `provider` names no platform")
}

fn complaint(code: Code, file: &Arc<str>, why: &str) -> Diagnostic {
    Diagnostic::new(code, format!("`{}` is no configuration of Trunkform: {why}", clean(file)))
        .at(file, Span::default(), "")
        .help("name configuration files only, and keep other YAML out of their folder; nothing of this file is shown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_named_in_the_first_column() {
        for text in [
            "provider: kalem\n",
            "a: b\nprovider : \"bolna\" # x",
            "{\"provider\": \"talkover\"}",
            "provider: Kalm",
        ] {
            assert!(names_platform(text), "{text}");
        }
        for text in
            ["provider: aws\n", "  provider: kalem", "account: x\n", "provider:\n", "a: provider: kalem"]
        {
            assert!(!names_platform(text), "{text}");
        }
    }

    #[test]
    fn a_configuration_is_known_by_a_key_in_the_first_column() {
        for text in [
            "provider: kalem\n",
            "\u{feff}trunks:\n",
            "a: b\n\"numbers\" : []",
            "{\"provider\": \"kalem\"",
            "{\n  account: a,\n  limits : {}",
            "provider:kalem",
        ] {
            assert!(shows_key(text), "{text}");
        }
        for text in [
            "export TOKEN=x\n",
            "users:\n- provider: x\n",
            "  provider: x",
            "-----BEGIN PRIVATE KEY-----\nprovider\n",
            "[{provider: x}]",
            "TOKEN=x provider: y",
            "",
        ] {
            assert!(!shows_key(text), "{text}");
        }
    }
}
