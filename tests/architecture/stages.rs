//! Where stages are put together by hand, past `engine`.
//! In: tests, benchmarks, fuzzing and commands. Out: files that call a stage and are not on today's list, and listed ones that do no more.
//! Never looks at the stages themselves.

use super::mentions::mentions;
use super::survey::Survey;
use super::tables::{CALLERS, STAGES, STILL_BY_HAND};

/// Files that call a stage themselves.
pub fn stages_by_hand(survey: &Survey) -> Vec<String> {
    unlisted_stages(survey, STILL_BY_HAND)
}

/// The calls of files that are not on a list, then the listed files that call no stage.
pub fn unlisted_stages(survey: &Survey, listed: &[&str]) -> Vec<String> {
    let callers = survey.house.files.iter();
    let callers = callers.filter(|(file, _)| CALLERS.iter().any(|folder| file.starts_with(folder)));
    let (mut wrong, mut found) = (Vec::new(), Vec::new());
    for (file, said) in callers {
        let mentions: Vec<_> = said.scopes.iter().flat_map(|scope| mentions(scope, STAGES)).collect();
        if !mentions.is_empty() {
            found.push(file.as_str());
        }
        if !listed.contains(&file.as_str()) {
            wrong.extend(mentions.iter().map(|m| format!("{file}:{}: mentions {}", m.line, m.word)));
        }
    }
    let done = listed.iter().filter(|file| !found.contains(file));
    wrong.extend(done.map(|file| format!("{file} calls no stage any more: take it out of STILL_BY_HAND")));
    wrong
}
