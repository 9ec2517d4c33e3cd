//! Holds the shape of the code: who may import whom, what a stage may touch, how large a thing may get, and what the documentation names.
//! In: the sources, read as text. Out: each breach with its file and line; `tables.rs` has the rules and today's exceptions.
//! Never trusts itself: `breaches.rs` plants a breach of each kind in a copy in memory, and each has to be found.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
#![allow(unreachable_pub, reason = "the modules of one test")]

mod breaches;
mod circles;
mod directions;
mod house;
mod imports;
mod items;
mod mentions;
mod modules;
mod names;
mod outside;
mod sizes;
mod stages;
mod survey;
mod tables;
mod test_items;
mod token;

use std::sync::LazyLock;

use house::House;
use survey::Survey;

/// The work tree, read once.
static TODAY: LazyLock<Survey> = LazyLock::new(|| Survey::of(House::read()));

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn modules_import_only_what_the_table_allows() {
    assert_none(&directions::forbidden(&TODAY));
}

#[test]
fn each_row_of_the_table_is_needed() {
    assert_none(&directions::dead_rows_of_the_table(&TODAY));
}

#[test]
fn each_file_is_reached_by_a_mod() {
    assert_none(&directions::lost_files(&TODAY));
}

#[test]
fn files_import_each_other_in_no_circle() {
    assert_none(&circles::circles(&TODAY));
}

#[test]
fn no_parent_needs_a_child_that_needs_it() {
    assert_none(&circles::circles_with_parents(&TODAY));
}

#[test]
fn pure_stages_touch_nothing_outside() {
    assert_none(&outside::impure_stages(&TODAY));
}

#[test]
fn only_providers_and_the_sandbox_name_a_platform() {
    assert_none(&outside::named_platforms(&TODAY));
}

#[test]
fn one_file_can_write_to_a_platform() {
    assert_none(&outside::writers(&TODAY));
}

#[test]
fn one_file_starts_a_program_and_empties_its_environment() {
    assert_none(&outside::programs(&TODAY));
}

#[test]
fn files_stay_small() {
    assert_none(&sizes::long_files(&TODAY));
}

#[test]
fn functions_stay_short() {
    assert_none(&sizes::long_functions(&TODAY));
}

#[test]
fn functions_take_few_parameters() {
    assert_none(&sizes::wide_functions(&TODAY));
}

#[test]
fn the_documentation_names_only_what_is_there() {
    assert_none(&names::dead_names(&TODAY));
}

#[test]
fn nobody_but_engine_puts_stages_together() {
    assert_none(&stages::stages_by_hand(&TODAY));
}
