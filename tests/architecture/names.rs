//! The paths that README.md and the page of the library name.
//! In: both texts. Out: files, folders, modules, items and test targets that they name and that are not there.
//! Never follows an address of the web, and takes no word for a path that `NOT_OURS` lists.

use super::modules::What;
use super::survey::Survey;
use super::tables::{NOT_OURS, OUR_FOLDERS, PLATFORMS};

/// Names that lead nowhere.
pub fn dead_names(survey: &Survey) -> Vec<String> {
    let mut wrong = Vec::new();
    for page in ["README.md", "src/lib.rs"] {
        let mut is_code = false;
        for (at, line) in survey.house.files[page].text.lines().enumerate() {
            let Some(line) = prose(page, line) else { continue };
            let is_fence = line.trim_start().starts_with("```");
            is_code ^= is_fence;
            let dead = if is_code { dead_words(survey, line) } else { dead_in_prose(survey, line) };
            wrong.extend(dead.into_iter().map(|name| format!("{page}:{}: `{name}` is not there", at + 1)));
        }
    }
    wrong
}

/// The line of a page without the sign of a doc comment; of code nothing.
fn prose<'a>(page: &str, line: &'a str) -> Option<&'a str> {
    if page.ends_with(".rs") { line.strip_prefix("//!") } else { Some(line) }
}

/// What a line of prose names between backticks and in links.
fn dead_in_prose(survey: &Survey, line: &str) -> Vec<String> {
    let mut dead = dead_links(survey, line);
    let parts: Vec<&str> = line.split('`').collect();
    for (at, span) in parts.iter().enumerate().filter(|(at, _)| at % 2 == 1 && at + 1 < parts.len()) {
        let is_link = parts[at - 1].ends_with('[') && parts[at + 1].starts_with(']');
        if span.contains(' ') {
            dead.extend(dead_words(survey, span));
        } else if is_item_path(survey, span) || is_link {
            dead.extend((!has_item(survey, span)).then(|| (*span).to_owned()));
        } else if is_place(span) {
            dead.extend((!has_place(survey, span)).then(|| (*span).to_owned()));
        }
    }
    dead
}

/// What a command or a drawing names: words that begin with one of our folders, and the target of `--test`.
fn dead_words(survey: &Survey, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(|c: char| c.is_whitespace() || "\"'(),:;".contains(c)).collect();
    let ours = words.iter().filter(|word| OUR_FOLDERS.iter().any(|folder| word.starts_with(folder)));
    let mut dead: Vec<String> = ours
        .filter(|word| is_place(word) && !has_place(survey, word))
        .map(|word| (*word).to_owned())
        .collect();
    for target in words.windows(2).filter(|pair| pair[0] == "--test").map(|pair| pair[1]) {
        let files = [format!("tests/{target}.rs"), format!("tests/{target}/main.rs")];
        if !files.iter().any(|file| survey.house.places.contains(file)) {
            dead.push(format!("--test {target}"));
        }
    }
    dead
}

/// Targets of `[text](target)` and `src="target"` that are places of the repository.
fn dead_links(survey: &Survey, line: &str) -> Vec<String> {
    let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let pictures = line.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let ours = links.chain(pictures).filter(|target| !target.contains("://") && !target.starts_with('#'));
    let ours = ours.map(|target| target.split('#').next().unwrap_or(target));
    ours.filter(|target| !has_place(survey, target)).map(str::to_owned).collect()
}

/// Whether a word has the form of a path of this repository: `src/render/`, `schema/plan.schema.json`, `calling.rs`.
fn is_place(word: &str) -> bool {
    let is_path = word.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let is_named = word.ends_with(".rs") || (word.contains('/') && !word.starts_with('/'));
    is_path && is_named && !NOT_OURS.iter().any(|other| word.starts_with(other))
}

/// Whether a place is there, from the root or from `src`; a bare `name.rs` may be in any folder.
fn has_place(survey: &Survey, word: &str) -> bool {
    if word.contains("PLATFORM") {
        return PLATFORMS.iter().all(|platform| has_place(survey, &word.replace("PLATFORM", platform)));
    }
    let places = &survey.house.places;
    let word = word.trim_end_matches('/');
    let named = [word.to_owned(), format!("{word}/"), format!("src/{word}"), format!("src/{word}/")];
    let is_bare = !word.contains('/');
    named.iter().any(|place| places.contains(place))
        || (is_bare && places.iter().any(|place| place.ends_with(&format!("/{word}"))))
}

/// Whether a word has the form of a path of the library: `provider::kalem::types`.
fn is_item_path(survey: &Survey, word: &str) -> bool {
    let mut segments = word.split("::");
    let head = segments.next().unwrap_or(word);
    let is_ours =
        ["crate", "trunkform"].contains(&head) || survey.modules.all.contains_key(&format!("lib::{head}"));
    is_ours && segments.next().is_some()
}

fn has_item(survey: &Survey, word: &str) -> bool {
    let segments: Vec<&str> = word.trim_end_matches("()").trim_end_matches('!').split("::").collect();
    let found = survey.modules.resolve("lib", &segments);
    found.iter().any(|target| match &target.what {
        What::Module => true,
        What::Unseen(_) => false,
        // A method or a variant is looked for in the file of its type.
        What::Item(item) => {
            let last = segments[segments.len() - 1];
            let file = &survey.house.files[&survey.modules.all[&target.module].file];
            last == item || file.shipped.iter().any(|token| token.is(last))
        }
    })
}
