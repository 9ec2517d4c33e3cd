//! Files that import each other in a circle.
//! In: the imports. Out: circles between files, and parents in a circle with a child that are not on today's list.
//! Never a circle through a name that is only passed on, or through `use` of a module as such.

use std::collections::{BTreeMap, BTreeSet};

use super::survey::Survey;
use super::tables::KNOWN_PARENTS;

/// For each file the files that it imports, with the names.
type Arrows<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<&'a str>>>;

/// Circles between files, without what a child takes from the parents above it.
pub fn circles(survey: &Survey) -> Vec<String> {
    let parents = parents(survey);
    let arrows = arrows(survey, |from, to| !parents[from].contains(to));
    let found = rings(&arrows);
    let message =
        |files: &BTreeSet<&str>| format!("a circle of {} files:\n{}", files.len(), ties(&arrows, files));
    found.iter().map(message).collect()
}

/// Parents that take names from a child which takes what the parent itself defines.
pub fn circles_with_parents(survey: &Survey) -> Vec<String> {
    unlisted_parents(survey, KNOWN_PARENTS)
}

/// Parents in a circle with a child that are not on a list, then those on the list that are no more.
pub fn unlisted_parents(survey: &Survey, listed: &[&str]) -> Vec<String> {
    let parents = parents(survey);
    let arrows = arrows(survey, |_, _| true);
    let mut found = BTreeMap::new();
    for ring in rings(&arrows) {
        for child in &ring {
            for parent in
                parents[child].iter().filter(|p| ring.contains(*p) && arrows[child].contains_key(*p))
            {
                found.entry(*parent).or_insert_with(|| BTreeSet::from([*parent])).insert(*child);
            }
        }
    }
    let new = found.iter().filter(|(parent, _)| !listed.contains(parent));
    let new = new.map(|(parent, files)| format!("{parent} and its children:\n{}", ties(&arrows, files)));
    let gone = listed.iter().filter(|parent| !found.contains_key(*parent));
    let gone = gone.map(|parent| format!("no circle any more, take it out of KNOWN_PARENTS: {parent}"));
    new.chain(gone).collect()
}

/// For each file the files of the modules above it.
fn parents(survey: &Survey) -> BTreeMap<&str, BTreeSet<&str>> {
    let modules = &survey.modules.all;
    let mut found = BTreeMap::new();
    for (name, module) in modules {
        let above = name.match_indices("::").map(|(end, _)| modules[&name[..end]].file.as_str());
        let above: BTreeSet<_> = above.filter(|file| *file != module.file).collect();
        found.insert(module.file.as_str(), above);
    }
    found
}

fn arrows<'a>(survey: &'a Survey, counts: impl Fn(&str, &str) -> bool) -> Arrows<'a> {
    let mut arrows = Arrows::new();
    let taken = survey.imports.iter().filter(|i| i.from != i.to && !i.module && !i.passed_on);
    for import in taken.filter(|import| counts(&import.from, &import.to)) {
        arrows.entry(&import.from).or_default().entry(&import.to).or_default().insert(&import.name);
    }
    arrows
}

/// The largest sets of files each of which reaches each other one.
fn rings<'a>(arrows: &Arrows<'a>) -> Vec<BTreeSet<&'a str>> {
    let reach: BTreeMap<_, _> = arrows.keys().map(|file| (*file, reached(arrows, file))).collect();
    let mut found: Vec<BTreeSet<&str>> = Vec::new();
    for file in arrows.keys().filter(|file| reach[*file].contains(*file)) {
        let returns = |other: &&&str| reach.get(**other).is_some_and(|back| back.contains(file));
        let ring = reach[file].iter().filter(returns).copied().collect();
        if !found.contains(&ring) {
            found.push(ring);
        }
    }
    found
}

/// The files that a file reaches by one arrow or more.
fn reached<'a>(arrows: &Arrows<'a>, file: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&str> = arrows.get(file).into_iter().flat_map(BTreeMap::keys).copied().collect();
    while let Some(next) = pending.pop() {
        if found.insert(next) {
            pending.extend(arrows.get(next).into_iter().flat_map(BTreeMap::keys));
        }
    }
    found
}

/// What ties a set of files: one line for each arrow between two of them.
fn ties(arrows: &Arrows, files: &BTreeSet<&str>) -> String {
    let mut lines = Vec::new();
    for from in files {
        for (to, names) in arrows.get(from).into_iter().flatten().filter(|(to, _)| files.contains(*to)) {
            let names: Vec<_> = names.iter().copied().collect();
            lines.push(format!("  {from} -> {to}: {}", names.join(", ")));
        }
    }
    lines.join("\n")
}
