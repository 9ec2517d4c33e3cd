//! Two applies at once under one lease: the one that comes second is refused at whatever request the first is, and sends nothing.
//! Run after the first, it finds nothing to do; and what two creations can make twice without a lease is made once.

use proptest::prelude::*;
use trunkform::lease::{Asked, Error, Holder, Place, Terms};
use trunkform::sandbox::Moment;

use crate::check::Checked;
use crate::client::{Client, Manner};
use crate::ground::{Gate, Run};
use crate::scenario::Scenario;
use crate::search::{chosen, end, failure, is_in};
use crate::story::{Story, ends_well, run, undisturbed};
use crate::tally::{Tally, count};
use crate::{is_long, picked};

const NAME: &str = "leased";

pub fn search(scenarios: &[Scenario]) {
    let tally = Tally::default();
    let mut failures = Vec::new();
    for (at, scenario) in scenarios.iter().enumerate().filter(|(_, scenario)| picked(scenario)) {
        count(&tally.scenarios, 1);
        let requests = undisturbed(scenario, &tally).unwrap();
        // The short version asks at one request: a lease does not know what is under way.
        let most = if is_long() { usize::MAX } else { 1 };
        for request in chosen(requests, at).filter(|&request| is_in(NAME, request)).take(most) {
            if let Err(why) = refused(scenario, request, &tally) {
                failures.push(failure(scenario, (NAME, request), why));
            }
        }
    }
    end("two applies under a lease", tally, &failures);
}

/// The run that holds the lease; or nothing, where another holds it.
async fn under(place: &Place, who: &str, client: &Client<'_>) -> Option<Run> {
    let holder = Holder { who: who.into(), ..Holder::here(&|_| None) };
    let lease = match place.take(Terms::of(holder), Asked::Free).await {
        Err(Error::Held(_)) => return None,
        lease => lease.unwrap(),
    };
    let run = run(client).await;
    lease.release().await.unwrap();
    Some(run)
}

fn refused(scenario: &Scenario, request: usize, tally: &Tally) -> Checked {
    let gate = Gate::at(request, Moment::After);
    let mut story = Story::new(scenario, Some(&gate), tally);
    let folder = tempfile::tempdir().unwrap();
    let place = Place::open(folder.path().to_str().unwrap()).unwrap();
    let client = || Client { rotates: true, ..story.ground.client(Manner::calm(scenario)) };
    let (one, other) = (client(), client());
    let meanwhile = async {
        gate.held().await;
        let second = under(&place, "second", &other).await;
        gate.let_go();
        second
    };
    let (first, second) =
        story.ground.live.block_on(async { tokio::join!(under(&place, "first", &one), meanwhile) });
    count(&tally.disturbed, 1);
    let first = first.unwrap();
    prop_assert!(second.is_none(), "the second run began while the first held the lease");
    story.look_at(&[&first])?;
    prop_assert!(first.report.as_ref().is_some_and(|report| report.converged()), "{:?}", first.report);
    let again =
        story.ground.live.block_on(under(&place, "second", &story.ground.client(Manner::calm(scenario))));
    prop_assert!(again.is_some_and(|run| run.plan.is_empty()), "the second run found something left to do");
    count(&tally.further, 1);
    ends_well(&story, &first.plan)
}
