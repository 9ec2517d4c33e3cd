//! Finds secrets that were written into a file and takes them out before anything else looks at it.
//! In: a tree, or a text that is no tree. Out: the places to be masked, and a complaint about each; the tree holds them no more.
//! Never copies a secret anywhere: of its value only the length is ever looked at.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::yaml::{Content, Node};
use crate::model::{Code, Compare, Diagnostic, Span};
use crate::provider::{self, Provider};

/// An attribute that is a secret, and how long it must be at least.
type Secret = (&'static str, usize);

/// The secret attributes of this platform first, then those of all others.
fn attributes(provider: Option<&'static dyn Provider>) -> Vec<Secret> {
    let own = provider.into_iter().map(|p| (p, true));
    let others = provider::ALL.iter().map(|&p| (p, false));
    let mut all: Vec<Secret> = Vec::new();
    for (provider, own) in own.chain(others) {
        let kinds = provider.kinds();
        for attribute in kinds.trunk.attributes.iter().chain(&kinds.number.attributes).filter(|a| a.secret) {
            if !all.iter().any(|(name, _)| *name == attribute.name) {
                all.push((attribute.name, if own { attribute.min_length } else { 0 }));
            }
        }
    }
    all
}

/// Whether a key looks like that of a secret: a misspelt one, or one of another tool.
fn looks_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    ["pass", "pwd", "secret", "token", "credential"].iter().any(|part| key.contains(part))
}

/// Withholds every literal that stands under a secret's name or one that looks like it, wherever in the file that is; gives back the places.
pub(super) fn withhold(
    file: &Arc<str>,
    root: &mut Node<'_>,
    provider: Option<&'static dyn Provider>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Span> {
    let names = attributes(provider);
    let mut places = HashSet::new();
    // A file has few keys, each many times.
    let mut suspects: HashMap<String, bool> = HashMap::new();
    root.each(&mut |node| {
        for (key, value) in node.pairs() {
            let known = names.iter().find(|(name, _)| *name == key.text);
            let suspect = match suspects.get(&*key.text) {
                Some(&suspect) => suspect,
                None => *suspects.entry(key.text.to_string()).or_insert(looks_secret(&key.text)),
            };
            if is_reference(value) || (known.is_none() && !suspect) {
                continue;
            }
            if let Some(&(name, least)) = known {
                found.push(literal(file, name, value.span));
                let short = short(value).filter(|&n| n < least);
                found.extend(short.map(|n| too_short(file, name, value.span, (n, least))));
            }
            value.each(&mut |part| _ = places.insert(part.span));
        }
    });
    if !places.is_empty() {
        // The same text may stand under another key too, where an alias brings it there.
        root.each_mut(&mut |node| {
            if places.contains(&node.span) {
                node.content = Content::Withheld;
            }
        });
    }
    places.into_iter().collect()
}

/// `{env: NAME}`, `{file: PATH}`, or nothing at all.
fn is_reference(value: &Node<'_>) -> bool {
    match value.pairs() {
        [(key, source)] => match &*key.text {
            "env" => source.text().is_some_and(is_variable),
            "file" => source.text().is_some(),
            _ => false,
        },
        _ => matches!(value.content, Content::Null),
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The length of a literal in characters, where it is one.
fn short(value: &Node<'_>) -> Option<usize> {
    value.text().map(|text| text.chars().count())
}

fn literal(file: &Arc<str>, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::SEC001, format!("`{name}` is written into the file"))
        .at(file, span, "everyone who can read the file can read it")
        .help(format!(
            "write `{name}: {{env: NAME}}` or `{name}: {{file: PATH}}`, and change the secret: it was seen"
        ))
}

fn too_short(file: &Arc<str>, name: &str, span: Span, (length, least): (usize, usize)) -> Diagnostic {
    Diagnostic::new(Code::SEC002, format!("`{name}` has {length} characters"))
        .at(file, span, "")
        .help(format!("the platform asks for at least {least} characters"))
}

/// The places of a text that may hold a secret, where there is no tree to ask.
pub(super) fn guess(text: &str) -> Vec<Span> {
    let (names, hosts) = (attributes(None), hosts());
    let mut places = Vec::new();
    // The column of the key whose value goes on while lines are indented deeper.
    let mut within: Option<usize> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        let content = line.trim();
        let goes_on = within.is_some_and(|column| blank > column);
        if !content.is_empty() && !goes_on {
            within = None;
        }
        let value = value_of(line, &names);
        let hide = match (value, goes_on) {
            (Some((key, value)), _) => {
                within = within.or(Some(key));
                Some(value)
            }
            (None, true) if !content.is_empty() => Some(blank),
            _ => None,
        };
        let host = after_key(line, |key| hosts.contains(key)).map(|(_, value)| value);
        if let Some((from, user)) = host.and_then(|from| Some((from, line[from..].rfind('@')?))) {
            places.push(Span::new((start + from) as u32, (start + from + user) as u32));
        }
        let end = line.trim_end().len();
        if let Some(from) = hide.filter(|&from| from < end && !leads_elsewhere(line[from..].trim_start())) {
            places.push(Span::new((start + from) as u32, (start + end) as u32));
        }
        start += line.len();
    }
    places
}

/// Where in a line the first key of a secret begins, and what follows its colon.
fn value_of(line: &str, names: &[Secret]) -> Option<(usize, usize)> {
    after_key(line, |key| names.iter().any(|(name, _)| *name == key) || looks_secret(key))
}

fn after_key(line: &str, is_meant: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    line.match_indices(':').find_map(|(colon, _)| {
        let key = line[..colon].trim_end().trim_end_matches(['"', '\'']);
        let word = key.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-').len();
        is_meant(&key[word..]).then_some((word, colon + 1))
    })
}

/// The secrets that stand in comments: what was commented out is shown beside what is complained about.
pub(super) fn commented(text: &str) -> Vec<Span> {
    let names = attributes(None);
    let mut places = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let comment = line.match_indices('#').map(|(at, _)| at);
        let comment = comment.filter(|&at| line[..at].chars().next_back().is_none_or(char::is_whitespace));
        let value = comment.min().and_then(|at| Some(at + value_of(&line[at..], &names)?.1));
        let end = line.trim_end().len();
        if let Some(from) = value.filter(|&from| from < end && !leads_elsewhere(line[from..].trim_start())) {
            places.push(Span::new((start + from) as u32, (start + end) as u32));
        }
        start += line.len();
    }
    places
}

/// The attributes that are hosts.
fn hosts() -> HashSet<&'static str> {
    let kinds = provider::ALL.iter().flat_map(|p| [&p.kinds().trunk, &p.kinds().number]);
    let hosts = kinds.flat_map(|kind| &kind.attributes).filter(|a| a.compare == Compare::Host);
    hosts.map(|attribute| attribute.name).collect()
}

/// The users and passwords that stand before the `@` of a host.
pub(super) fn users(root: &Node<'_>, source: &str) -> Vec<Span> {
    let (hosts, mut places) = (hosts(), Vec::new());
    root.each(&mut |node| {
        for (_, value) in node.pairs().iter().filter(|(key, _)| hosts.contains(&*key.text)) {
            if !value.text().is_some_and(|text| text.contains('@')) {
                continue;
            }
            let Span { start, end } = value.span;
            let raw = source.get(start as usize..end as usize).unwrap_or_default();
            // Where an escape makes the `@`, it can't be told where the user ends.
            places.push(Span::new(start, raw.rfind('@').map_or(end, |at| start + at as u32)));
        }
    });
    places
}

/// `{env: …`, `env: …`: what names a place instead of being a secret.
fn leads_elsewhere(value: &str) -> bool {
    let inner = value.trim_start_matches('{').trim_start();
    ["env:", "file:"].iter().any(|word| inner.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::yaml;
    use crate::model::Sources;

    const SECRET: &str = "hunter2";

    /// What is left to be seen of a text.
    fn guessed(text: &str) -> String {
        let (path, mut sources) = ("f".into(), Sources::default());
        sources.insert(&path, text);
        sources.mask("f", &guess(text));
        sources.get("f").unwrap().text().to_owned()
    }

    #[test]
    fn a_text_that_is_no_tree_shows_no_secret() {
        for text in [
            "password: hunter2: x",
            "- password:hunter2",
            "  \"password\" : hunter2\n  x",
            "{name: a, password: hunter2, port: 1",
            "  password: |\n    hunter2\n  port: 1",
            "  password:\n\n    - hunter2\n",
            "- password: 'a\n    hunter2'\n",
            "{host: sip:u:hunter2@pbx.example.com",
        ] {
            let left = guessed(text);
            assert!(!left.contains(SECRET), "{left}");
            assert_eq!(left.len(), text.len());
        }
        for text in
            ["password: {env: HUNTER2", "  password:\n    env: HUNTER2\n", "  password: \n  port: 1\n"]
        {
            assert_eq!(guessed(text), text);
        }
    }

    #[test]
    fn a_secret_in_a_comment_is_masked_and_prose_is_not() {
        let left = |text: &str| {
            let (path, mut sources) = ("f".into(), Sources::default());
            sources.insert(&path, text);
            sources.mask("f", &commented(text));
            sources.get("f").unwrap().text().to_owned()
        };
        for text in
            ["# password: hunter2\n", "a: b  #Api-Token : 'hunter2'\n", "    # - {sip_pwd: hunter2}\n"]
        {
            assert!(!left(text).contains(SECRET), "{text}");
        }
        for text in
            ["# the password is elsewhere\n", "# password: {env: HUNTER2}\n", "a: b#c\n", "# port: 5060\n"]
        {
            assert_eq!(left(text), text);
        }
    }

    #[test]
    fn every_literal_is_taken_out_of_the_tree() {
        for value in
            ["hunter2", "'hunter2'", "[hunter2]", "{value: hunter2}", "{env: 'hunter2!'}", "{hunter2: x}"]
        {
            let text = format!("a: [{{password: {value}}}]\n");
            let (path, mut found) = ("f".into(), Vec::new());
            let mut root = yaml::parse(&path, &text, &mut found).unwrap();
            let places = withhold(&path, &mut root, provider::get("kalem"), &mut found);
            assert!(found.iter().any(|d| d.code == Code::SEC001), "{value}");
            assert!(!format!("{found:?}").contains(SECRET));
            root.each(&mut |node| {
                assert!(!node.text().unwrap_or_default().contains(SECRET));
                assert!(node.pairs().iter().all(|(key, _)| key.text != SECRET));
            });
            let mut sources = Sources::default();
            sources.insert(&path, &text);
            sources.mask("f", &places);
            assert!(!format!("{sources:?}").contains(SECRET), "{value}");
        }
    }
}
