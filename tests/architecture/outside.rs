//! Who touches what is outside, who names a platform, and who may write to one.
//! In: the modules. Out: each mention that breaks a rule, with its line.
//! Never reads test code.

use super::mentions::mentions;
use super::modules::top;
use super::survey::Survey;
use super::tables::{
    NAMES_PLATFORMS, OUTSIDE, PLATFORMS, PURE, SPEAKS_HTTP, STARTS_PROGRAMS, WRITERS_MADE_IN,
};
use super::token::Kind;

/// Pure stages that mention a file, a clock, the environment or the network.
pub fn impure_stages(survey: &Survey) -> Vec<String> {
    let mut wrong = Vec::new();
    for (_, module) in survey.modules.shipped().filter(|(name, _)| PURE.contains(&top(name))) {
        let found = mentions(survey.modules.scope(module), OUTSIDE);
        wrong.extend(found.iter().map(|m| format!("{}:{}: mentions {}", module.file, m.line, m.word)));
    }
    wrong
}

/// Code that names a platform, in a name or in a text, where only a provider may.
pub fn named_platforms(survey: &Survey) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, module) in survey.modules.shipped().filter(|(_, module)| module.scope == 0) {
        if NAMES_PLATFORMS.contains(&top(name)) {
            continue;
        }
        for token in survey.house.files[&module.file].shipped.iter().filter(|t| t.kind != Kind::Sign) {
            let text = token.text.to_lowercase();
            let named = PLATFORMS.iter().filter(|platform| text.contains(**platform));
            wrong.extend(named.map(|p| format!("{}:{}: names {p}", module.file, token.line)));
        }
    }
    wrong
}

/// Code that makes a writer, or speaks HTTP past the client, where it may not.
pub fn writers(survey: &Survey) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut is_made = false;
    for (name, module) in survey.modules.shipped() {
        for found in mentions(survey.modules.scope(module), &["Writer::over", "reqwest"]) {
            let is_writer = found.word == "Writer::over";
            let (file, line) = (&module.file, found.line);
            is_made |= is_writer && file == WRITERS_MADE_IN;
            if is_writer && file != WRITERS_MADE_IN {
                wrong.push(format!("{file}:{line}: makes a Writer, which is for {WRITERS_MADE_IN}"));
            } else if !is_writer && !SPEAKS_HTTP.contains(&top(name)) {
                wrong.push(format!("{file}:{line}: mentions reqwest"));
            }
        }
    }
    if !is_made {
        wrong.push(format!("{WRITERS_MADE_IN} makes no Writer: name the file that does"));
    }
    wrong
}

/// Code that starts a program where it may not, or with the environment that this process has.
pub fn programs(survey: &Survey) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut is_started, mut is_emptied) = (0, 0);
    for (_, module) in survey.modules.shipped() {
        let found = mentions(survey.modules.scope(module), &["process::Command", "tokio::process"]);
        if module.file != STARTS_PROGRAMS {
            wrong.extend(found.iter().map(|m| format!("{}:{}: starts a program", module.file, m.line)));
            continue;
        }
        let tokens = &survey.house.files[&module.file].shipped;
        let calls = |name: &str| tokens.windows(2).filter(|pair| pair[0].is(name) && pair[1].is("(")).count();
        let is_new =
            |at: &usize| tokens[*at].is("Command") && tokens.get(at + 2).is_some_and(|t| t.is("new"));
        is_started = (0..tokens.len()).filter(is_new).count();
        is_emptied = calls("env_clear");
    }
    if is_started != 1 || is_emptied != 1 {
        wrong.push(format!(
            "{STARTS_PROGRAMS} starts {is_started} programs and empties {is_emptied} environments: one of each is expected"
        ));
    }
    wrong
}
