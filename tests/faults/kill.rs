//! The binary, killed for good (SIGKILL) while the sandbox holds one of its requests, before or after that took effect; then run again.
//! What it printed, logged at its most talkative and wrote into its journal is searched for secrets.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use proptest::prelude::*;
use trunkform::sandbox::{self, Moment};

use crate::check::Checked;
use crate::client::{Client, Manner};
use crate::ground::{Gate, Ground, Run};
use crate::scenario::{Scenario, example, folders, name_of};
use crate::search::{chosen, end, failure, is_in};
use crate::story::{Story, ends_well};
use crate::support::{self, TOKEN};
use crate::tally::{Tally, count};
use crate::{check, moments, picked};

const MOMENTS: [(&str, Moment); 2] = [("sigkill-before", Moment::Before), ("sigkill-after", Moment::After)];

/// How long a killed run may take to come to its request.
const PATIENCE: Duration = Duration::from_secs(60);

/// One example.
struct Play<'a> {
    folder: &'a Path,
    scenario: &'a Scenario,
    tally: &'a Tally,
}

pub fn search() {
    let tally = Tally::default();
    let mut failures = Vec::new();
    for (at, folder) in folders().iter().enumerate() {
        let scenario = example(folder);
        assert_eq!(scenario.name, name_of(folder));
        if !picked(&scenario) {
            continue;
        }
        count(&tally.scenarios, 1);
        let play = Play { folder, scenario: &scenario, tally: &tally };
        let (earlier, requests) = play.undisturbed();
        for (turn, (name, moment)) in MOMENTS.into_iter().enumerate() {
            for request in chosen(requests, at + turn).filter(|&request| is_in(name, request)) {
                if let Err(why) = play.killed(earlier + request, moment) {
                    failures.push(failure(&scenario, (name, request), why));
                }
            }
        }
    }
    end("the binary killed", tally, &failures);
}

impl Play<'_> {
    fn command(&self, ground: &Ground<'_>, args: &[&str]) -> Command {
        let mut command = support::command(self.folder, args);
        for (platform, mount) in sandbox::routes() {
            let account = platform.to_uppercase();
            command.env(format!("TRUNKFORM_URL_{account}"), format!("{}{mount}", ground.live.sandbox.base()));
            command.env(format!("TRUNKFORM_TOKEN_{account}"), TOKEN);
        }
        command.env("TRUNKFORM_LOG", "trace");
        command
    }

    /// What `apply` is run with: the files, or the plan that the example's README makes.
    fn apply(&self, ground: &Ground<'_>, room: &Path) -> Command {
        let (saved, journal) =
            (room.join("plan").display().to_string(), room.join("journal").display().to_string());
        let mut args = vec!["apply", "--parallelism", "1", "--journal", &journal];
        if self.scenario.rotate.is_empty() {
            args.push("--auto-approve");
        } else {
            let rotate = self.scenario.rotate.iter().flat_map(|pattern| ["--rotate", pattern.as_str()]);
            let plan: Vec<&str> = ["plan", "--out", &saved].into_iter().chain(rotate).collect();
            support::Run::of(self.command(ground, &plan)).stdout_of(0);
            args.extend(["--plan", &saved]);
        }
        self.command(ground, &args)
    }

    /// What the run that comes next will plan, for the look at what it sent.
    fn planned(&self, story: &Story<'_>) -> Run {
        let client = Client { rotates: true, ..story.ground.client(Manner::calm(self.scenario)) };
        Run { plan: story.ground.live.block_on(client.plan()).plan, report: None }
    }

    /// How many requests come before those of `apply`, and how many are those.
    fn undisturbed(&self) -> (usize, usize) {
        let room = tempfile::tempdir().unwrap();
        let story = Story::new(self.scenario, None, self.tally);
        let count = || story.ground.live.sandbox.requests().len();
        self.planned(&story);
        let apply = self.apply(&story.ground, room.path());
        let earlier = count();
        let run = support::Run::of(apply);
        run.stdout_of(0);
        assert!(run.stderr.contains("DEBUG"), "it does not log: {}", run.stderr);
        (earlier, count() - earlier)
    }

    fn killed(&self, request: usize, moment: Moment) -> Checked {
        let room = tempfile::tempdir().unwrap();
        let gate = Gate::at(request, moment);
        let mut story = Story::new(self.scenario, Some(&gate), self.tally);
        let first = self.planned(&story);
        let mut apply = self.apply(&story.ground, room.path());
        let file = |name: &str| std::fs::File::create(room.path().join(name)).unwrap();
        let mut child = apply.stdout(file("stdout")).stderr(file("stderr")).spawn().unwrap();
        let held = async { tokio::time::timeout(PATIENCE, gate.held()).await };
        let held = story.ground.live.block_on(held);
        child.kill().unwrap();
        child.wait().unwrap();
        prop_assert!(held.is_ok(), "request {request} never came");
        count(&self.tally.disturbed, 1);
        count(&self.tally.undone, 1);
        story.look_at(&[&first])?;
        self.is_silent(room.path())?;
        check::nothing_is_twice(&story.ground)?;
        let again = self.planned(&story);
        let run = support::Run::of(self.apply(&story.ground, room.path()));
        prop_assert_eq!(run.code, 0, "{:?}", run);
        count(&self.tally.further, 1);
        story.look_at(&[&again])?;
        self.is_silent(room.path())?;
        let plan = support::Run::of(self.command(&story.ground, &["plan", "--detailed-exitcode"]));
        prop_assert_eq!(plan.code, 0, "not in sync: {:?}", plan);
        ends_well(&story, &first.plan)
    }

    /// What the killed run printed, its log, the journal, the saved plan. What other runs print is searched as they end.
    fn is_silent(&self, room: &Path) -> Checked {
        let left = ["stdout", "stderr", "journal", "plan"].map(|name| room.join(name));
        let left = left.map(|path| std::fs::read_to_string(path).unwrap_or_default());
        count(&self.tally.texts, left.len());
        moments::is_silent(&left)
    }
}
