//! Where stages are put together by hand, past `engine`.
//! In: tests, benchmarks, fuzzing and commands. Out: each call of a stage.
//! Never looks at the stages themselves.

use super::mentions::mentions;
use super::survey::Survey;
use super::tables::{CALLERS, STAGES};

/// Files that call a stage themselves.
pub fn stages_by_hand(survey: &Survey) -> Vec<String> {
    let callers = survey.house.files.iter();
    let callers = callers.filter(|(file, _)| CALLERS.iter().any(|folder| file.starts_with(folder)));
    let calls = callers.flat_map(|(file, code)| {
        let mentions = code.scopes.iter().flat_map(|scope| mentions(scope, STAGES));
        mentions.map(move |m| format!("{file}:{}: mentions {}", m.line, m.word))
    });
    calls.collect()
}
