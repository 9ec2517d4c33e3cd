//! Another look at what a plan touches, before its first request: minutes or days lie between a plan and the word to send it.
//! In: a plan and a way to read its accounts. Out: why it is refused, or which of its steps are held.
//! Only reads.

use trunkform::model::{Action, Address, Code, Plan, Refusal, State};
use trunkform::planner::{self, Held, Moved};

use crate::command::reach::Reached;
use crate::command::{pipeline, saved, settled};

/// So many things are told of one by one.
const TOLD: usize = 5;

/// What another look has shown.
#[derive(Default)]
pub(super) struct Recheck {
    /// Why nothing is sent.
    pub(super) refusals: Vec<Refusal>,
    /// The steps that are not sent, where others may be.
    pub(super) held: Held,
    /// What to say of those, in one line.
    pub(super) note: Option<String>,
}

/// Whether the rest of a plan may be sent where a part of it is stale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// It is sent.
    Sent,
    /// It could be, had it been asked for.
    Possible,
    /// It can't: the plan is not a saved one.
    Never,
}

/// Reads the accounts again.
pub(super) async fn look(plan: &Plan, reached: &[Reached], rest: Rest) -> Result<Recheck, String> {
    let states = states(reached).await?;
    let shrunk: Vec<_> = reached.iter().map(|one| &one.account).zip(&states).collect();
    let refusals = planner::shrunk(plan, &shrunk);
    if !refusals.is_empty() {
        return Ok(Recheck { refusals, ..Recheck::default() });
    }
    let moved = planner::moved(plan, &states);
    if may_miss_something(plan, reached, &states) {
        let again = self::states(reached).await?;
        return Ok(judged(plan, both(moved, planner::moved(plan, &again)), &again, rest));
    }
    Ok(judged(plan, moved, &states, rest))
}

async fn states(reached: &[Reached]) -> Result<Vec<State>, String> {
    pipeline::observe(reached).await.into_iter().collect()
}

/// Whether one look could miss something that the plan creates.
fn may_miss_something(plan: &Plan, reached: &[Reached], states: &[State]) -> bool {
    let hidden = |address: &Address, (one, state): (&Reached, &State)| {
        one.account == address.account && one.provider.pages() && settled::may_be_hidden(address, state)
    };
    let mut created = plan.changes.iter().filter(|change| change.action == Action::Create);
    created.any(|change| reached.iter().zip(states).any(|one| hidden(&change.address, one)))
}

fn both(mut moved: Vec<Moved>, again: Vec<Moved>) -> Vec<Moved> {
    moved.extend(again);
    moved.sort_by(|a, b| a.address.cmp(&b.address));
    moved.dedup_by(|a, b| a.address == b.address);
    moved
}

fn judged(plan: &Plan, moved: Vec<Moved>, states: &[State], rest: Rest) -> Recheck {
    if moved.is_empty() {
        return Recheck::default();
    }
    let held = planner::held(plan, &moved, states, &saved::kinds_of);
    let (all, left) = (plan.steps.len(), plan.steps.len() - held.len());
    if rest == Rest::Sent && left > 0 {
        let note = format!("{} of {all} requests are held: {}", held.len(), told(&moved));
        return Recheck { refusals: Vec::new(), held, note: Some(note) };
    }
    let mut help = "look at what happened there, then plan again".to_owned();
    if rest == Rest::Possible && left > 0 {
        help += &format!(
            "; or add `--partial` to send what has nothing to do with it ({left} of {all} requests)"
        );
    }
    let refusal = Refusal {
        code: Code::PLN004,
        message: format!("the plan is stale: since it was made, {}", told(&moved)),
        help,
        addresses: moved.into_iter().map(|one| one.address).collect(),
        no_safe_plan: false,
    };
    Recheck { refusals: vec![refusal], ..Recheck::default() }
}

/// What has become of things, the first few by name.
fn told(moved: &[Moved]) -> String {
    let mut parts: Vec<_> = moved.iter().take(TOLD).map(ToString::to_string).collect();
    match moved.len().saturating_sub(TOLD) {
        0 => {}
        1 => parts.push("one more is not as it was".into()),
        more => parts.push(format!("{more} more are not as they were")),
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use trunkform::planner::How;

    #[test]
    fn the_first_few_are_told_of_one_by_one() {
        let gone = |n: usize| Moved { address: format!("a.trunk.T{n}").parse().unwrap(), how: How::Gone };
        let text = |count: usize| told(&(1..=count).map(gone).collect::<Vec<_>>());
        assert_eq!(text(1), "`a.trunk.T1` is gone");
        assert!(text(5).ends_with("`a.trunk.T5` is gone"), "{}", text(5));
        assert!(text(6).ends_with("`a.trunk.T5` is gone; one more is not as it was"), "{}", text(6));
        assert!(text(9).ends_with("; 4 more are not as they were"), "{}", text(9));
    }
}
