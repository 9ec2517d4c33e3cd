//! Steps that can do without what was not made.

use super::*;

/// 1 and 2 make something, 3 writes a list of both, 4 waits for it.
fn steps(partial: bool) -> Vec<Step> {
    let mut steps = vec![step(1, &[]), step(2, &[]), step(3, &[1, 2]), step(4, &[3])];
    let ids = [&steps[0], &steps[1]].map(|made| Request::placeholder(&made.address));
    steps[2].request.body = Some(json!({"direction": "inbound", "ids": ids}));
    steps[2].expect.partial = partial;
    steps
}

async fn outcomes_when(partial: bool, lost: &'static [u32]) -> Vec<Outcome> {
    let (stop, _) = watch::channel(Stop::Not);
    let send = |step: Step| async move {
        if lost.contains(&step.id) { Sent::failed("no") } else { Sent::done(200) }
    };
    outcomes(&execute(&steps(partial), options(2, &stop), send, &mut |_| {}).await)
}

#[tokio::test]
async fn a_list_is_written_without_what_was_not_made() {
    use Outcome::{Done, Failed, Skipped};
    assert_eq!(outcomes_when(true, &[1]).await, [Failed, Done, Done, Done]);
    assert_eq!(outcomes_when(true, &[1, 2]).await, [Failed, Failed, Done, Done]);
    assert_eq!(outcomes_when(false, &[1]).await, [Failed, Done, Skipped, Skipped]);
    assert_eq!(outcomes_when(true, &[3]).await, [Done, Done, Failed, Skipped]);
}

#[tokio::test]
async fn what_was_skipped_was_not_made_either() {
    use Outcome::{Done, Failed, Skipped};
    let mut all = steps(true);
    let mut first = step(9, &[]);
    first.id = 0;
    all.insert(0, first);
    all[1].waits_on = vec![0];
    let (stop, _) = watch::channel(Stop::Not);
    let send = |step: Step| async move { if step.id == 0 { Sent::failed("no") } else { Sent::done(200) } };
    let report = execute(&all, options(1, &stop), send, &mut |_| {}).await;
    assert_eq!(outcomes(&report), [Failed, Skipped, Done, Done, Done]);
}

/// 1 to 3 take a number off the list, away, and back; 4 makes another one; 5 writes the list with both.
fn moving() -> Vec<Step> {
    let number = |id: u32, waits_on: &[u32]| Step {
        address: "x.number.+1".parse().unwrap(),
        gap: Gap::Brief,
        ..step(id, waits_on)
    };
    let mut steps =
        vec![step(9, &[]), number(2, &[9]), number(3, &[2]), step(4, &[]), step(5, &[3, 4]), step(6, &[5])];
    let ids = [&steps[1], &steps[3]].map(|made| Request::placeholder(&made.address));
    steps[4].request.body = Some(json!({"ids": ids}));
    steps[4].expect.partial = true;
    steps
}

#[tokio::test]
async fn a_list_is_not_written_without_what_is_still_there() {
    use Outcome::{Done, Failed, Skipped, Uncertain};
    let ended = async |bad: u32, outcome: Outcome| {
        let (stop, _) = watch::channel(Stop::Not);
        let send = |step: Step| async move {
            if step.id == bad { Sent { outcome, ..Sent::failed("no") } } else { Sent::done(200) }
        };
        outcomes(&execute(&moving(), options(1, &stop), send, &mut |_| {}).await)
    };
    // The number never began to move, or refused to: the list that would be written has it no more.
    assert_eq!(ended(9, Failed).await, [Failed, Skipped, Skipped, Done, Skipped, Skipped]);
    assert_eq!(ended(2, Failed).await, [Done, Failed, Skipped, Done, Skipped, Skipped]);
    // It has left the list.
    assert_eq!(ended(2, Uncertain).await, [Done, Uncertain, Skipped, Done, Done, Done]);
    assert_eq!(ended(3, Failed).await, [Done, Done, Failed, Done, Done, Done]);
}
