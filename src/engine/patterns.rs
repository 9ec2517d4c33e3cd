//! Patterns of the command line that name nothing.
//! In: the patterns of one option, and what is declared and live. Out: a sentence for each that matches none of it.
//! Decides nothing about what does match.

use std::collections::BTreeSet;

use crate::model::{Address, Pattern};

/// One sentence for each pattern of `option` that matches nothing.
pub(super) fn unmatched(option: &str, patterns: &[Pattern], known: &BTreeSet<Address>) -> Vec<String> {
    let nothing = patterns.iter().filter(|pattern| !known.iter().any(|address| pattern.matches(address)));
    nothing
        .map(|pattern| {
            let what = format!("`{option} {}` matches nothing that is declared or live", pattern.as_str());
            match similar(pattern.as_str(), known) {
                Some(meant) => format!("{what}; did you mean `{meant}`?"),
                None => what,
            }
        })
        .collect()
}

/// The address, with or without its account, that somebody who wrote this probably meant.
pub(super) fn similar(written: &str, known: &BTreeSet<Address>) -> Option<String> {
    let limit = 1 + written.chars().count() / 4;
    let spellings =
        known.iter().flat_map(|a| [a.to_string(), format!("{}.{}", a.kind, a.name), a.name.to_string()]);
    let written = written.to_lowercase();
    let distances = spellings.map(|s| (strsim::damerau_levenshtein(&written, &s.to_lowercase()), s));
    let (_, meant) = distances.filter(|(distance, _)| *distance <= limit).min()?;
    let whole = known.iter().find(|address| *address.name == *meant);
    Some(whole.map_or(meant.clone(), Address::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matches_nothing_is_told_with_what_is_near() {
        let known =
            ["kalem.trunk.Office PBX", "kalem.number.+14155550100"].map(|a| a.parse().unwrap()).into();
        let told = |text: &str| unmatched("--target", &[Pattern::new(text)], &known).join("");
        for good in ["trunk.*", "kalem.trunk.Office PBX", "number.+14155550100"] {
            assert_eq!(told(good), "", "{good}");
        }
        assert!(told("trunk.Ofice PBX").ends_with("did you mean `trunk.Office PBX`?"));
        assert!(told("kalem.trunk.office pbx").ends_with("did you mean `kalem.trunk.Office PBX`?"));
        assert!(told("Office PBX").ends_with("did you mean `kalem.trunk.Office PBX`?"));
        assert_eq!(told("agent.*"), "`--target agent.*` matches nothing that is declared or live");
    }
}
