//! How far things are, on stderr.
//! In: what happens. Out: a bar on a terminal, plain lines elsewhere and where `CI` is set.
//! Never on stdout, never a word that a terminal would obey.

use std::io::{IsTerminal as _, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use trunkform::apply::Event;
use trunkform::model::text::brief;
use trunkform::model::{Outcome, StepReport, visible};

use super::output;
use super::reach::Reached;

/// Whether `CI` is set: no prompt, no bars.
pub(super) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false")
}

fn on_terminal() -> bool {
    stderr().is_terminal() && !in_ci()
}

/// Turns while accounts are read.
pub(super) fn reading(reached: &[Reached]) -> ProgressBar {
    if !on_terminal() {
        return ProgressBar::hidden();
    }
    let names: Vec<_> = reached.iter().map(|one| visible(one.account.as_str()).into_owned()).collect();
    let spinner = ProgressBar::new_spinner().with_message(format!("reading {}", names.join(", ")));
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Tells of an apply.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        let style = ProgressStyle::with_template("[{pos}/{len}] {bar:30} {msg}")
            .unwrap_or(ProgressStyle::default_bar());
        Self { bar: on_terminal().then(|| ProgressBar::new(total as u64).with_style(style)) }
    }

    pub(super) fn on(&self, event: Event<'_>) {
        match (&self.bar, event) {
            (Some(bar), Event::Started(step)) => {
                bar.set_message(words(&step.verb, &step.address.to_string()))
            }
            (None, Event::Started(_)) => {}
            (bar, Event::Ended { step, done, total }) => {
                let line = format!(
                    "[{done}/{total}] {}… {}",
                    words(&step.verb, &step.address.to_string()),
                    ended(step)
                );
                match bar {
                    None => output::note(&line),
                    Some(bar) => {
                        bar.inc(1);
                        if step.outcome != Outcome::Done {
                            bar.println(line);
                        }
                    }
                }
            }
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn words(verb: &str, address: &str) -> String {
    brief(&format!("{verb} {address}")).into_owned()
}

fn ended(step: &StepReport) -> String {
    let word = match step.outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Skipped => "skipped",
        Outcome::Uncertain => "uncertain",
    };
    match step.error.as_deref().or(step.because.as_deref()) {
        Some(why) => format!("{word}: {}", visible(why)),
        None => word.to_owned(),
    }
}
