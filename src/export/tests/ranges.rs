//! Numbers in a row.

use super::{exported, lines, live, number, text, to, trunk};
use crate::model::{KindName, Value};

#[test]
fn consecutive_numbers_that_agree_are_one_range() {
    let inactive = [("status", text("inactive"))];
    let at = |n: u64, more: &[(&'static str, Value)]| number(&format!("+{n}"), more);
    let all = [
        at(14155552600, &[]),
        at(14155552601, &[]),
        at(14155552602, &inactive),
        at(14155552603, &[]),
        at(14155552605, &[]),
        at(14155552606, &[("trunk", Value::Null)]),
        // Another country begins, and another length.
        at(19999999999, &[]),
        at(20000000000, &[]),
        at(9999999999, &[]),
        at(10000000000, &[]),
    ];
    assert_eq!(
        lines(&exported(all, Vec::new()), "number: "),
        [
            "- number: \"+9999999999\"",
            "- number: \"+10000000000\"",
            "- number: \"+14155552600..+14155552601\"",
            "- number: \"+14155552602\"",
            "- number: \"+14155552603\"",
            "- number: \"+14155552605..+14155552606\"",
            "- number: \"+19999999999\"",
            "- number: \"+20000000000\"",
        ]
    );
}

#[test]
fn a_range_stays_so_small_that_nobody_is_warned() {
    let all = (0..10_002).map(|n| number(&format!("+{}", 14155600000_u64 + n), &[]));
    assert_eq!(
        lines(&exported(all, Vec::new()), "number: "),
        ["- number: \"+14155600000..+14155609999\"", "- number: \"+14155610000..+14155610001\""]
    );
}

#[test]
fn what_is_wrong_with_one_number_of_a_range_takes_no_other_along() {
    // 555-0100 to 555-0199 is for films, which is a warning; +1 911 is no area code, which is none of ours to say.
    let bad = |n: u64| if n == 3 { to(KindName::Trunk, "Gone#9") } else { to(KindName::Trunk, "Gone") };
    let all = (0..6).map(|n| number(&format!("+{}", 14155600000_u64 + n), &[("trunk", bad(n))]));
    let exported = exported(all.chain([trunk(("Gone", "Gone"), 1)]), Vec::new());
    assert_eq!(exported.declared.len(), 7, "{}", exported.text);
    assert_eq!(
        lines(&exported, "- number: "),
        [
            "- number: \"+14155600000..+14155600002\"",
            "- number: \"+14155600003\"",
            "- number: \"+14155600004..+14155600005\""
        ]
    );
    assert_eq!(lines(&exported, "# trunk"), ["# trunk: Gone#9"], "{}", exported.text);
}

#[test]
fn a_number_that_is_none_is_left_out_of_its_range() {
    let odd = live(KindName::Number, ("1001", 7), &[("number", text("1001"))]);
    let exported = exported([odd, number("+14155552600", &[]), number("+14155552601", &[])], Vec::new());
    assert_eq!(lines(&exported, "- number: \"+1415"), ["- number: \"+14155552600..+14155552601\""]);
    let left: Vec<_> = exported.left_out.iter().map(|left| left.address.to_string()).collect();
    assert_eq!(left, ["kalem.number.1001"]);
    assert!(exported.left_out[0].why.starts_with("NUM0"), "{:?}", exported.left_out);
}
