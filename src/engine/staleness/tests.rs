//! Tests of the words about stale resources.

use super::*;

#[test]
fn the_first_few_are_named_one_by_one() {
    let deleted = |n: usize| StaleResource {
        address: format!("a.trunk.T{n}").parse().unwrap(),
        reason: StaleReason::Deleted,
    };
    let text = |count: usize| summary(&(1..=count).map(deleted).collect::<Vec<_>>());
    assert_eq!(text(1), "`a.trunk.T1` is gone");
    assert!(text(5).ends_with("`a.trunk.T5` is gone"), "{}", text(5));
    assert!(text(6).ends_with("`a.trunk.T5` is gone; one more is not as it was"), "{}", text(6));
    assert!(text(9).ends_with("; 4 more are not as they were"), "{}", text(9));
}
