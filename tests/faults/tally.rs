//! How much was tried: what README tells stands in what this prints.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Of one part of the search.
#[derive(Default)]
pub struct Tally {
    pub scenarios: AtomicUsize,
    /// Disturbed runs, each on an account of its own.
    pub disturbed: AtomicUsize,
    /// Of these: left something undone.
    pub undone: AtomicUsize,
    /// Runs after them.
    pub further: AtomicUsize,
    /// Of all: ended with a plan that was rightly refused.
    pub refused: AtomicUsize,
    /// Texts in which secrets were searched for.
    pub texts: AtomicUsize,
}

/// Of all parts that have ended in this process.
static ALL: Tally = Tally {
    scenarios: AtomicUsize::new(0),
    disturbed: AtomicUsize::new(0),
    undone: AtomicUsize::new(0),
    further: AtomicUsize::new(0),
    refused: AtomicUsize::new(0),
    texts: AtomicUsize::new(0),
};

pub fn count(counter: &AtomicUsize, more: usize) {
    counter.fetch_add(more, Ordering::Relaxed);
}

impl Tally {
    fn line(&self) -> String {
        let [scenarios, disturbed, undone, further, refused, texts] =
            [&self.scenarios, &self.disturbed, &self.undone, &self.further, &self.refused, &self.texts]
                .map(|counter| counter.load(Ordering::Relaxed));
        format!(
            "{scenarios} scenarios, {disturbed} disturbed runs ({undone} left something undone), {further} runs after them, {refused} refusals in the end, secrets searched for in {texts} texts"
        )
    }

    /// Tells of this part, and of all so far.
    pub fn tell(self, part: &str) {
        for (all, own) in [
            (&ALL.scenarios, &self.scenarios),
            (&ALL.disturbed, &self.disturbed),
            (&ALL.undone, &self.undone),
            (&ALL.further, &self.further),
            (&ALL.refused, &self.refused),
            (&ALL.texts, &self.texts),
        ] {
            count(all, own.load(Ordering::Relaxed));
        }
        // Past the harness, which shows nothing of a test that passes.
        let told = format!("faults: {part}: {}\nfaults: all so far: {}\n", self.line(), ALL.line());
        std::io::stderr().write_all(told.as_bytes()).unwrap();
    }
}
