//! Hostile text in Markdown.
//! In: text that is visible already. Out: the same so that it stays text: no markup, no mention, no link, no cell of a table.
//! What is cut says how much.

use crate::render::fold::clipped;

/// A text of any content as a code span, of no more than so many characters.
pub(super) fn code(text: &str, limit: usize) -> String {
    let text = clipped(&untagged(text), limit);
    let fence = "`".repeat(longest_run(&text) + 1);
    // A space on both sides is taken away again; where one is needed, or is the text's own, there must be one more.
    let pad = text.trim().is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if pad { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The same in a cell of a table, where no bar may stand.
pub(super) fn cell(text: &str, limit: usize) -> String {
    code(&text.replace('|', "\\u{7c}"), limit)
}

/// A sentence of ours with names between backticks; one that anything else has crept into becomes a code span.
pub(super) fn prose(text: &str, limit: usize) -> String {
    let text = clipped(text, limit);
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let sound = |(at, part): (usize, &&str)| match at % 2 {
        0 => is_plain(part) && (!part.is_empty() || at == 0 || at == last),
        _ => !part.is_empty(),
    };
    if last % 2 == 1 || !parts.iter().enumerate().all(sound) {
        return code(&text, usize::MAX);
    }
    let written = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        0 => (*part).to_owned(),
        _ => code(part, usize::MAX),
    });
    written.collect()
}

/// Whether a text means to Markdown, and to those who read it on GitHub, no more than itself.
fn is_plain(text: &str) -> bool {
    let harmless = |c: char| c.is_alphanumeric() || " ,;:.()'…→-/".contains(c);
    let links = ["://", "www."].iter().any(|start| text.to_ascii_lowercase().contains(start));
    // `:100:` is a picture.
    let pictures = text.split(':').skip(1).any(|after| after.starts_with(char::is_alphanumeric));
    text.chars().all(harmless) && !links && !pictures
}

/// A text in which nothing looks like a tag or a comment, also to those who look for one with a pattern.
fn untagged(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let opens = |next: &char| next.is_ascii_alphabetic() || "!/?".contains(*next);
        match c {
            '<' if rest.peek().is_some_and(opens) => shown.push_str("\\u{3c}"),
            '>' if shown.ends_with("--") || shown.ends_with("--!") => shown.push_str("\\u{3e}"),
            c => shown.push(c),
        }
    }
    shown
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_holds_whatever_it_is_given() {
        assert_eq!(code("Office PBX", 99), "`Office PBX`");
        assert_eq!(code("a`b``c", 99), "```a`b``c```");
        assert_eq!(code("`x", 99), "`` `x ``");
        assert_eq!(code("", 99), "`  `");
        assert_eq!(
            code("<!-- x --> </details><img>", 99),
            "`\\u{3c}!-- x --\\u{3e} \\u{3c}/details>\\u{3c}img>`"
        );
        assert_eq!(code("a < b > c", 99), "`a < b > c`");
        assert_eq!(code("abcdef", 4), "`abcd… (2 more characters)`");
        assert_eq!(cell("a|b", 99), "`a\\u{7c}b`");
    }

    #[test]
    fn prose_stays_prose_only_where_it_is_ours() {
        for ours in ["`trunk` and `voice_agent` differ", "in the file, not live", "3 removals, 1 request"] {
            assert_eq!(prose(ours, 99), ours);
        }
        for other in [
            "@team look",
            "see https://evil.example",
            "www.evil.example",
            "*bold*",
            "a|b",
            "#12",
            "<b>",
            "x.yaml:100:5",
        ] {
            assert_eq!(prose(other, 99), code(other, 99), "{other}");
        }
        for broken in ["`a", "`a``b`", "x `@team"] {
            assert!(prose(broken, 99).starts_with("``"), "{broken}: {}", prose(broken, 99));
        }
        assert_eq!(prose("its trunk `@team` is deleted", 99), "its trunk `@team` is deleted");
    }
}
