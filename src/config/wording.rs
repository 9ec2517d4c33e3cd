//! The words for everything that a schema can say about a file.
//! In: what is wrong, as values. Out: a lower-case phrase with the offending value in backticks, and what to write instead.
//! Shows no character that could do anything to a terminal, and no value at length.

use serde_json::Value as Json;

use super::yaml::{Content, Node};
use crate::model::text::{escaped, is_hidden};

/// A message and its help.
pub(super) type Words = (String, Option<String>);

/// So many characters of a value are shown.
const LONGEST: usize = 60;

/// A text of the file in backticks, harmless and short.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", clean(&text[..cut])),
        None => format!("`{}`", clean(text)),
    }
}

/// A text with everything written out that nobody can see or that a CI job would obey.
pub(super) fn clean(text: &str) -> String {
    let escape = |c: char| match is_hidden(c) {
        true => c.escape_default().to_string(),
        false => c.escape_unicode().to_string(),
    };
    escaped(text, is_hidden, &escape).into_owned()
}

/// The known word that this one is probably meant to be.
pub(super) fn similar<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let limit = 1 + word.chars().count() / 4;
    let distance = |k: &&'k str| (strsim::damerau_levenshtein(&word.to_lowercase(), &k.to_lowercase()), *k);
    known.iter().map(distance).filter(|(d, _)| *d <= limit).min().map(|(_, k)| k)
}

/// "write `a`, `b` or `c`"; with a word that is close to one of them, that one alone.
fn suggest(word: &str, known: &[&str]) -> Option<String> {
    match similar(word, known) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None => Some(format!("write {}", either(known))).filter(|_| !known.is_empty()),
    }
}

/// `a`, `b` or `c`.
fn either(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// A key that is not among these.
pub(super) fn unknown_key(key: &str, known: &[&str]) -> Words {
    let help = match similar(key, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known here: {}", known.join(", ")),
    };
    (format!("the key {} is not known here", shown(key)), Some(help))
}

/// A key that is needed; `why` comes from the rule that asks for it.
pub(super) fn missing_key(key: &str, why: Option<&str>) -> Words {
    let message = match why {
        Some(why) => format!("`{key}` is missing: {why}"),
        None => format!("`{key}` is missing"),
    };
    (message, Some(format!("write `{key}: …`")))
}

/// A key that is needed and is null, or an empty list.
pub(super) fn empty_key(key: &str, node: &Node<'_>, why: Option<&str>) -> Words {
    let (message, help) = missing_key(key, why);
    let how = if matches!(node.content, Content::List(_)) { "is empty" } else { "is null" };
    (message.replacen("is missing", how, 1), help)
}

/// A platform that there is none of.
pub(super) fn unknown_provider(written: &str, known: &[&str]) -> Words {
    (format!("there is no platform {}", shown(written)), suggest(written, known))
}

/// A value of another type than these.
pub(super) fn wrong_type(node: &Node<'_>, expected: &[&str]) -> Words {
    let wanted: Vec<_> = expected.iter().map(|t| type_name(t)).collect();
    let wanted = wanted.join(" or ");
    let message = format!("expected {wanted}, found {}", found(node));
    let wants = |t| expected.contains(&t);
    let help = match &node.content {
        Content::Text(text) if wants("object") => word_and_colon(text),
        Content::Text(text) if wants("integer") && text.parse::<i64>().is_ok() => {
            Some(format!("write `{text}` without quotes"))
        }
        Content::Text(text) if wants("boolean") => {
            let yes = ["yes", "on", "y"].iter().any(|word| word.eq_ignore_ascii_case(text));
            Some(format!("write `{yes}`"))
        }
        Content::Int(_) | Content::Float(_) | Content::Bool(_) if wants("string") => {
            Some("put it in quotes".to_owned())
        }
        Content::Null => Some("write a value".to_owned()),
        Content::Map(_) if wants("array") => Some("begin each entry with `- `".to_owned()),
        Content::List(_) if wants("object") => Some("write `key: value` without `- `".to_owned()),
        _ => Some(format!("write {wanted}")),
    };
    (message, help)
}

/// `number:+1555` is text where a mapping is wanted, for want of a space.
fn word_and_colon(text: &str) -> Option<String> {
    let (word, _) = text.split_once(':')?;
    let is_key = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_key.then(|| format!("write a space after the colon: `{word}: …`"))
}

fn type_name(json: &str) -> &'static str {
    match json {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a mapping",
        _ => "null",
    }
}

fn found(node: &Node<'_>) -> String {
    match &node.content {
        Content::Null => "nothing".to_owned(),
        Content::Bool(b) => format!("`{b}`"),
        Content::Int(n) => format!("the number `{n}`"),
        Content::Float(f) => format!("the number `{f}`"),
        Content::Text(text) => format!("the text {}", shown(text)),
        Content::List(_) => "a list".to_owned(),
        Content::Map(_) => "a mapping".to_owned(),
        Content::Withheld => "a secret".to_owned(),
    }
}

/// A word that is not among these.
pub(super) fn not_one_of(node: &Node<'_>, words: &[&str]) -> Words {
    match node.text() {
        Some(text) => (format!("{} is not allowed here", shown(text)), suggest(text, words)),
        None => (format!("expected a word, found {}", found(node)), Some(format!("write {}", either(words)))),
    }
}

/// A number beyond a limit.
pub(super) fn beyond(node: &Node<'_>, least: Option<&Json>, most: Option<&Json>) -> Words {
    let help = match (least, most) {
        (Some(least), Some(most)) => format!("write a number from {least} to {most}"),
        (Some(least), None) => format!("write {least} or more"),
        (None, Some(most)) => format!("write {most} or less"),
        (None, None) => return (format!("{} is out of range", found(node)), None),
    };
    (format!("{} is out of range", found(node)), Some(help))
}

/// Text that does not have the form that is wanted.
pub(super) fn wrong_form(node: &Node<'_>, hint: Option<&str>) -> Words {
    (format!("{} does not have the right form", found(node)), hint.map(str::to_owned))
}

/// Text, a list or a mapping of the wrong size; `limit` says which.
pub(super) fn wrong_size(node: &Node<'_>, keyword: &str, limit: u64) -> Words {
    let message = match (&node.content, keyword) {
        (Content::Text(text), "minLength") if text.is_empty() => "the text is empty".to_owned(),
        (Content::Text(text), _) => format!("the text has {} characters", text.chars().count()),
        (Content::List(items), _) => format!("the list has {} entries", items.len()),
        (_, _) => format!("the mapping has {} keys", node.pairs().len()),
    };
    let unit = match &node.content {
        Content::Text(_) => "characters",
        Content::List(_) => "entries",
        _ => "keys",
    };
    let help = match (keyword.starts_with("min"), limit) {
        (true, 1) => "write a value".to_owned(),
        (true, _) => format!("at least {limit} {unit} are needed"),
        (false, _) => format!("no more than {limit} {unit} are possible"),
    };
    (message, Some(help))
}

/// What no other phrase fits.
pub(super) fn not_allowed(node: &Node<'_>) -> Words {
    (format!("{} is not allowed here", found(node)), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[test]
    fn what_is_shown_is_harmless_and_short() {
        assert_eq!(shown("a\u{1b}[31m\u{202e}"), r"`a\u{1b}[31m\u{202e}`");
        assert_eq!(shown("a\t##vso[b] ::x"), r"`a\t\u{23}#vso[b] \u{3a}:x`");
        assert_eq!(shown(&"x".repeat(99)).chars().count(), LONGEST + 3);
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(similar("frendly_name", &["name", "friendly_name"]), Some("friendly_name"));
        assert_eq!(similar("Inbound", &["inbound", "outbound"]), Some("inbound"));
        assert_eq!(similar("codec", &["host", "port"]), None);
        assert!(unknown_key("codec", &["host", "port"]).1.unwrap().contains("host, port"));
    }

    #[test]
    fn a_wrong_type_says_what_to_write() {
        let node = |content| Node { span: Span::default(), plain: true, content };
        let words = |content, expected: &[&str]| wrong_type(&node(content), expected);
        assert_eq!(
            words(Content::Text("number:+1555".into()), &["object"]).1.unwrap(),
            "write a space after the colon: `number: …`"
        );
        assert_eq!(words(Content::Text("yes".into()), &["boolean"]).1.unwrap(), "write `true`");
        assert_eq!(
            words(Content::Text("5060".into()), &["integer", "null"]).1.unwrap(),
            "write `5060` without quotes"
        );
        let (message, help) = words(Content::Int(7), &["string"]);
        assert_eq!((&*message, &*help.unwrap()), ("expected text, found the number `7`", "put it in quotes"));
    }
}
