//! How long a file and a function is, and how many parameters a function takes.
//! In: the files that are shipped, with their inline tests. Out: what is over a cap.
//! Never counts a file that is compiled for tests only.

use super::survey::Survey;
use super::tables::{MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS};
use super::token::{Token, after_brackets};

/// Files that are too long.
pub fn long_files(survey: &Survey) -> Vec<String> {
    let lengths = survey.modules.shipped_files().into_iter();
    let lengths = lengths.map(|file| (file, survey.house.files[file].text.lines().count()));
    lengths
        .filter(|(_, lines)| *lines > MAX_FILE_LINES)
        .map(|(file, lines)| format!("{file}: {lines} lines (cap {MAX_FILE_LINES}): which noun is missing?"))
        .collect()
}

/// Functions that are too long.
pub fn long_functions(survey: &Survey) -> Vec<String> {
    each_function(survey, |function| {
        let is_long = function.lines > MAX_FUNCTION_LINES;
        is_long.then(|| format!("{} has {} lines (cap {MAX_FUNCTION_LINES})", function.name, function.lines))
    })
}

/// Functions that take too much.
pub fn wide_functions(survey: &Survey) -> Vec<String> {
    each_function(survey, |function| {
        let is_wide = function.parameters > MAX_PARAMETERS;
        is_wide.then(|| format!("{} takes {} (cap {MAX_PARAMETERS})", function.name, function.parameters))
    })
}

struct Function {
    name: &'static str,
    line: usize,
    lines: usize,
    parameters: usize,
}

fn each_function(survey: &Survey, judge: impl Fn(&Function) -> Option<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in survey.modules.shipped_files() {
        let tokens = &survey.house.files[file].tokens;
        let functions = (0..tokens.len()).filter_map(|at| function(tokens, at));
        wrong.extend(functions.filter_map(|f| Some(format!("{file}:{}: {}", f.line, judge(&f)?))));
    }
    wrong
}

/// The function whose `fn` is at a place, whatever stands before it.
fn function(tokens: &[Token], at: usize) -> Option<Function> {
    let name = tokens.get(at + 1).filter(|name| tokens[at].is("fn") && name.is_word())?;
    let open = after_generics(tokens, at + 2);
    let close = after_brackets(tokens, open);
    let mut end = close;
    while !tokens.get(end)?.is(";") && !tokens[end].is("{") {
        let is_bracket = tokens[end].is("(") || tokens[end].is("[");
        end = if is_bracket { after_brackets(tokens, end) } else { end + 1 };
    }
    let last = if tokens[end].is("{") { after_brackets(tokens, end) - 1 } else { end };
    Some(Function {
        name: name.text,
        line: tokens[at].line,
        lines: tokens[last].line - tokens[at].line + 1,
        parameters: parameters(tokens.get(open + 1..close - 1)?),
    })
}

fn after_generics(tokens: &[Token], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while let Some(token) = tokens.get(at) {
        depth += i32::from(token.is("<")) - i32::from(token.is(">"));
        if depth == 0 {
            return if at == start { at } else { at + 1 };
        }
        at += 1;
    }
    at
}

/// How many parameters a list has, `self` with them.
fn parameters(list: &[Token]) -> usize {
    let (mut depth, mut at, mut commas) = (0, 0, 0);
    while let Some(token) = list.get(at) {
        depth += i32::from(token.is("<")) - i32::from(token.is(">"));
        commas += usize::from(token.is(",") && depth == 0);
        let is_bracket = token.is("(") || token.is("[") || token.is("{");
        at = if is_bracket { after_brackets(list, at) } else { at + 1 };
    }
    let ends_with_comma = list.last().is_some_and(|token| token.is(","));
    commas + usize::from(!list.is_empty() && !ends_with_comma)
}

#[test]
fn a_function_is_measured_whatever_stands_before_it() {
    let text = "pub(in crate::x) const unsafe extern \"C\" fn wide<F: Fn(u8) -> u8>(&self, a: (u8, u8), b: M<u8, F>,) -> [u8; 2]
        where F: X {\n \"}\"\n }\n fn short();";
    let tokens = super::token::tokens(text);
    let found: Vec<_> = (0..tokens.len()).filter_map(|at| function(&tokens, at)).collect();
    let found: Vec<_> = found.iter().map(|f| (f.name, f.lines, f.parameters)).collect();
    assert_eq!(found, [("wide", 4, 3), ("short", 1, 0)]);
}
