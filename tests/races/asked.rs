//! What happens while a person looks at the plan and types.

use std::process::Command;
use std::time::Duration;

use expectrl::Expect as _;
use expectrl::process::unix::WaitStatus;
use expectrl::session::{OsSession, Session};
use serde_json::{Value as Json, json};

use super::estate::{Edit, Planned, find, kalem, take};
use super::support::TOKEN;

/// An apply that waits for its answer.
fn asking(planned: &Planned) -> OsSession {
    let mut apply = Command::new(env!("CARGO_BIN_EXE_trunkform"));
    apply.arg("apply").current_dir(planned.work.path()).env_clear().env("TERM", "dumb");
    apply.env("TRUNKFORM_URL_KALEM", planned.live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    let mut session = Session::spawn(apply).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(20)));
    session.expect("Only \"yes\" continues:").unwrap();
    session
}

/// The answer is yes, after an edit: what is said next, and how it ends.
fn answered(edit: Edit<'_>, says: &[&str], code: i32) -> Planned {
    let planned = kalem().planned();
    let mut session = asking(&planned);
    planned.edit(edit);
    session.send_line("yes").unwrap();
    for line in says {
        session.expect(line).unwrap();
    }
    session.expect(expectrl::Eof).unwrap();
    let ended = session.get_process().wait();
    assert!(matches!(ended, Ok(WaitStatus::Exited(_, ended)) if ended == code), "{says:?}: {ended:?}");
    planned
}

#[test]
fn what_moved_while_somebody_was_asked_is_refused() {
    let gone = |s: &mut Json| drop(take(&mut s["kalem"]["trunks"], "Fax"));
    let changed =
        |s: &mut Json| find(&mut s["kalem"]["numbers"], "+14155552613")["voice_agent_id"] = json!(2);
    let empty = |s: &mut Json| s["kalem"] = json!({"trunks": [], "numbers": []});
    let told: [(Edit<'_>, &[&str]); 3] = [
        (&gone, &["PLN004", "`kalem.trunk.Fax` is gone", "then plan again\r\n"]),
        (&changed, &["PLN004", "+14155552613` has changed (`voice_agent`)", "then plan again\r\n"]),
        (&empty, &["PLN011", "`kalem` had 8 trunks and numbers when the plan was made, and now shows none"]),
    ];
    for (edit, says) in told {
        let planned = answered(edit, says, 3);
        assert_eq!(planned.live.writes(), "", "{says:?}");
    }
}

#[test]
fn what_the_plan_does_not_touch_may_change_meanwhile() {
    let foreign = |s: &mut Json| find(&mut s["kalem"]["trunks"], "Foreign")["port"] = json!(5090);
    answered(&foreign, &["Apply complete!"], 0);
}

#[test]
fn an_account_that_can_not_be_read_again_is_an_error() {
    let planned = kalem().planned();
    let mut session = asking(&planned);
    planned.live.fault(&["status=403"]);
    planned.live.forget_requests();
    session.send_line("yes").unwrap();
    session.expect("error: kalem: ").unwrap();
    session.expect(expectrl::Eof).unwrap();
    assert!(matches!(session.get_process().wait(), Ok(WaitStatus::Exited(_, 1))));
    assert_eq!(planned.live.writes(), "");
}

#[test]
fn of_two_who_are_asked_at_once_the_second_is_refused() {
    let planned = kalem().planned();
    let [mut first, mut second] = [asking(&planned), asking(&planned)];
    first.send_line("yes").unwrap();
    first.expect("Apply complete!").unwrap();
    first.expect(expectrl::Eof).unwrap();
    let writes = planned.live.writes();
    assert_eq!(writes.lines().count(), 7, "{writes}");
    second.send_line("yes").unwrap();
    second.expect("PLN004").unwrap();
    second.expect(expectrl::Eof).unwrap();
    assert!(matches!(second.get_process().wait(), Ok(WaitStatus::Exited(_, 3))));
    assert_eq!(planned.live.writes(), writes);
}
