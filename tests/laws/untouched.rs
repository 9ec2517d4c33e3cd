//! What no plan may touch, whatever else the file says: ignored trunks under their live names, and numbers that are live twice.

use trunkform::model::{Code, REPLACEMENT_MARK, Severity, Unlisted, UnlistedNumbers};

use crate::accounts::{changes, world};
use crate::fake::{address, deleting_trunks, file, ignoring, live, number, trunk};

#[test]
fn an_ignored_trunk_is_never_taken_for_what_a_replacement_left() {
    let mark = format!("A{REPLACEMENT_MARK}");
    let observed = || {
        live([
            trunk("A").id(1).text("direction", "inbound"),
            trunk(&mark).id(2).text("direction", "outbound"),
            number("+1").id(3).on(&mark),
        ])
    };
    for direction in ["inbound", "outbound"] {
        let wanted = file([trunk("A").text("direction", direction)]);
        let config = ignoring(deleting_trunks(wanted), "trunk.A ?trunkform replacement?");
        let touched: Vec<_> = changes(&config, observed()).into_iter().map(|c| c.address).collect();
        let replaced = if direction == "inbound" { vec![] } else { vec![address("trunk.A")] };
        assert_eq!(touched, replaced, "{direction}");
        let world = world(&config, observed());
        let kept = world.desired.get(&address(&format!("trunk.{mark}"))).unwrap();
        assert!(kept.is_ignored());
        assert_eq!(world.observed.get(&address("trunk.A")).unwrap().id, Some(trunkform::model::Id::Int(1)));
    }
}

#[test]
fn an_ignored_trunk_is_not_renamed_by_a_pin_or_an_old_name() {
    let observed = || live([trunk("Old").id(7)]);
    let by_name = ignoring(file([trunk("New").was("Old")]), "trunk.Old");
    let touched: Vec<_> = changes(&by_name, observed()).into_iter().map(|c| c.before.is_some()).collect();
    assert_eq!(touched, [false], "a new one is made");
    let by_pin = ignoring(file([trunk("New").pin(7)]), "trunk.Old");
    let codes: Vec<_> = world(&by_pin, observed()).diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::LIV002]);
    // Under its own name it is the declared one still, and still left alone.
    let own = ignoring(file([trunk("Old").port(1), number("+1").on("Old")]), "trunk.Old");
    assert!(world(&own, observed()).diagnostics.is_empty());
    assert_eq!(changes(&own, observed()).len(), 1);
}

#[test]
fn a_declared_number_that_is_live_twice_is_an_error_with_both_ids() {
    let observed = || live([number("+1").id(3).text("status", "active"), number("+1").id(5).twin()]);
    for declared in [number("+1"), number("+1").pin(5)] {
        let world = world(&file([declared.text("status", "inactive")]), observed());
        let complaint = world.diagnostics.iter().find(|d| d.code == Code::LIV001).unwrap();
        assert_eq!(complaint.severity, Severity::Error);
        assert!(complaint.message.contains("`3`, `5`"), "{}", complaint.message);
    }
    let config = ignoring(file([number("+1").text("status", "inactive")]), "number.+1");
    assert!(world(&config, observed()).diagnostics.is_empty());
    assert!(changes(&config, observed()).is_empty());
}

#[test]
fn an_undeclared_number_that_is_live_twice_stays_whatever_unlisted_says() {
    for numbers in [UnlistedNumbers::Delete, UnlistedNumbers::Deactivate, UnlistedNumbers::Unassign] {
        let mut config = file([trunk("A")]);
        config.unlisted = Unlisted { delete_trunks: false, numbers };
        let row = || number("+1").on("A").text("status", "active");
        let observed = || live([trunk("A").id(1), row().id(3), row().id(5).twin()]);
        assert!(changes(&config, observed()).is_empty(), "{numbers:?}");
        assert_eq!(world(&config, observed()).unlisted, [address("number.+1"), address("number.+1#5")]);
        let one = live([trunk("A").id(1), row().id(3)]);
        assert_eq!(changes(&config, one).len(), 1, "one row alone follows `unlisted`");
    }
}
