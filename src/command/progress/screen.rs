//! Lines on a terminal that are written over.
//! In: lines, as often as they change. Out: the same at the bottom of the terminal, each cut to its width; none once this is dropped.
//! Never hides the cursor, so that there is nothing to bring back after Ctrl-C.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// What stands at the bottom of the terminal.
#[derive(Debug, Default)]
pub(super) struct Screen {
    all: MultiProgress,
    lines: Vec<ProgressBar>,
}

impl Screen {
    pub(super) fn show(&mut self, lines: impl IntoIterator<Item = String>) {
        for (at, text) in lines.into_iter().enumerate() {
            if at == self.lines.len() {
                let style =
                    ProgressStyle::with_template("{wide_msg}").unwrap_or(ProgressStyle::default_bar());
                self.lines.push(self.all.add(ProgressBar::no_length().with_style(style)));
            }
            self.lines[at].set_message(text);
        }
    }

    /// A line that stays, above the others.
    pub(super) fn print(&self, line: &str) {
        // A terminal that is gone is no reason to stop.
        let _ = self.all.println(line);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.lines.iter().for_each(ProgressBar::finish_and_clear);
        let _ = self.all.clear();
    }
}
