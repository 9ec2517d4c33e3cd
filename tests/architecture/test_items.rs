//! Takes out of a file what is compiled for its tests only.
//! In: tokens. Out: the same without the items under `#[cfg(test)]`, and with everything before and after them.
//! Never takes a `mod tests;` for the end of the code.

use super::token::{Kind, Token, after_brackets};

/// The tokens of a file without its items under `#[cfg(test)]`; only `mod name;` stays, with its attribute.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let start = at;
        at = match is_test_attribute(tokens, at).then(|| after_attributes(tokens, at)) {
            Some(item) if !is_file_module(tokens, item) => item_end(tokens, item),
            _ => {
                kept.push(tokens[start]);
                at + 1
            }
        };
    }
    kept
}

/// `#[cfg(test)]`
pub fn is_test_attribute(tokens: &[Token], at: usize) -> bool {
    ["#", "[", "cfg", "(", "test", ")", "]"]
        .iter()
        .enumerate()
        .all(|(n, text)| tokens.get(at + n).is_some_and(|t| t.is(text)))
}

/// `mod name;`
fn is_file_module(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.is("mod")) && tokens.get(at + 2).is_some_and(|t| t.is(";"))
}

/// The place after the attributes that begin at a place, and after the `pub(…)` behind them.
pub fn after_attributes(tokens: &[Token], mut at: usize) -> usize {
    while tokens.get(at).is_some_and(|t| t.is("#")) {
        at = after_brackets(tokens, at + 1);
    }
    if tokens.get(at).is_some_and(|t| t.is("pub")) {
        at += 1;
        if tokens.get(at).is_some_and(|t| t.is("(")) {
            at = after_brackets(tokens, at);
        }
    }
    at
}

/// The place after an item, a field, an arm or a statement that begins at `start`.
fn item_end(tokens: &[Token], start: usize) -> usize {
    let keyword = keyword(tokens, start);
    let has_body =
        ["fn", "struct", "enum", "trait", "impl", "mod", "macro_rules", "union"].contains(&keyword);
    let has_semicolon = ["use", "const", "static", "type", "let"].contains(&keyword);
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        match token.text {
            ";" => return at + 1,
            "," if !has_body && !has_semicolon => return at + 1,
            ")" | "]" | "}" => return at,
            "{" if !has_semicolon => return after_brackets(tokens, at),
            "(" | "[" | "{" => at = after_brackets(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// The word that says what an item is, after `pub(…)`, `async`, `unsafe`, `extern "C"` and the `const` of a function.
fn keyword(tokens: &[Token], start: usize) -> &'static str {
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        let is_function = tokens.get(at + 1).is_some_and(|t| ["fn", "async", "unsafe"].contains(&t.text));
        match token.text {
            "pub" | "unsafe" | "async" | "extern" => at += 1,
            "const" if is_function => at += 1,
            "(" => at = after_brackets(tokens, at),
            _ if token.kind == Kind::Literal => at += 1,
            _ => return token.text,
        }
    }
    ""
}
