//! Diagnostics for a person: severity and code, the message, the lines with the place marked, what to write instead.
//! In: diagnostics and texts. Out: text, with colour or without; meaning never hangs on the colour.
//! Shows at most twenty, the worst of them, and counts the rest.

use std::fmt::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};

use super::excerpt::Excerpt;
use super::{Counts, Place};
use crate::model::{Diagnostic, Label, Severity, SourceFile, Sources, visible};

/// So many are shown.
const SHOWN: usize = 20;

/// All that `validate` has to say; the last line counts.
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let (shown, hidden) = worst(diagnostics);
    let mut out = String::new();
    for diagnostic in shown {
        one(&mut out, diagnostic, sources, colour);
        out.push('\n');
    }
    if !hidden.is_empty() {
        let line = format!("and {} more: {}\n", hidden.len(), Counts::of(hidden));
        out.push_str(&line);
    }
    out.push_str(&format!("{}\n", Counts::of(diagnostics)));
    out
}

/// Errors before warnings before the rest, each in its order; what is shown stays in the order of the files.
fn worst(diagnostics: &[Diagnostic]) -> (Vec<&Diagnostic>, Vec<&Diagnostic>) {
    let mut order: Vec<usize> = (0..diagnostics.len()).collect();
    order.sort_by_key(|&index| diagnostics[index].severity);
    let (shown, hidden) = order.split_at_mut(SHOWN.min(diagnostics.len()));
    shown.sort_unstable();
    let pick = |indices: &[usize]| indices.iter().map(|&index| &diagnostics[index]).collect();
    (pick(shown), pick(hidden))
}

fn one(out: &mut String, diagnostic: &Diagnostic, sources: &Sources, colour: bool) {
    let shown = Shown::new(diagnostic, sources);
    // Writing into a String can't fail, and the excerpt answers every question about its own labels.
    let _ = handler(diagnostic, colour).render_report(out, &shown);
    for (index, label) in diagnostic.labels.iter().enumerate().filter(|(_, label)| !shown.has(label, sources))
    {
        let word = if index == 0 { "in" } else { "also" };
        let place =
            Place::of(label, sources).map(|p| format!(":{}:{}", p.line, p.column)).unwrap_or_default();
        let text = if label.text.is_empty() { String::new() } else { format!(" {}", visible(&label.text)) };
        let _ = writeln!(out, "  {word}: {}{place}{text}", visible(&label.file));
    }
}

fn handler(diagnostic: &Diagnostic, colour: bool) -> GraphicalReportHandler {
    let mut characters = ThemeCharacters::unicode();
    let word = format!("{}[{}]:", diagnostic.severity.as_str(), diagnostic.code);
    match diagnostic.severity {
        Severity::Error => characters.error = word,
        Severity::Warning => characters.warning = word,
        Severity::Info => characters.advice = word,
    }
    let styles = if colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(100)
        .with_break_words(false)
        .without_cause_chain()
}

/// One diagnostic as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    diagnostic: &'a Diagnostic,
    message: String,
    excerpt: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
}

impl<'a> Shown<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &Sources) -> Self {
        let message = visible(&diagnostic.message).into_owned();
        let mut shown = Self { diagnostic, message, excerpt: None, labels: Vec::new() };
        let inside: Vec<&Label> =
            diagnostic.labels.iter().filter(|label| shown.has(label, sources)).collect();
        let Some(first) = inside.first() else { return shown };
        let Some(file) = sources.get(&first.file) else { return shown };
        let excerpt = Excerpt::new(&first.file, file, &inside);
        for (index, (label, spot)) in inside.iter().zip(&excerpt.spots).enumerate() {
            let text = (!label.text.is_empty()).then(|| visible(&label.text).into_owned());
            let span = (spot.range.start, spot.range.len());
            let new =
                if index == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            shown.labels.push(new(text, span));
        }
        shown.excerpt = Some(excerpt);
        shown
    }

    /// Whether a label stands in the excerpt: it is in the same file as the first, points at something, and the file may be shown.
    fn has(&self, label: &Label, sources: &Sources) -> bool {
        let same = self.diagnostic.labels.first().is_some_and(|first| first.file == label.file);
        let hidden = sources.get(&label.file).is_some_and(SourceFile::is_hidden);
        same && !hidden && Place::of(label, sources).is_some()
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'h>(&'h self) -> Option<Box<dyn fmt::Display + 'h>> {
        let help = self.diagnostic.help.as_deref()?;
        Some(Box::new(visible(help)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        write!(f, "{}, {}", of(self.errors, "error"), of(self.warnings, "warning"))?;
        if self.infos > 0 { write!(f, ", {} info", self.infos) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Span};
    use std::sync::Arc;

    const FILE: &str = "provider: kalem\ntrunks:\n  - name: Office PBX\n    host: sip:pbx.example.com:5080\n  - name: Evil \u{202e}PBX\n    host: 10.0.0.1\n";

    fn at(diagnostic: Diagnostic, file: &str, text: &str, label: &str) -> Diagnostic {
        let start = FILE.find(text).unwrap() as u32;
        diagnostic.at(&Arc::from(file), Span::new(start, start + text.len() as u32), label)
    }

    fn sources() -> Sources {
        let mut sources = Sources::default();
        for file in ["trunkform.yaml", "b.yaml"] {
            sources.insert(&Arc::from(file), FILE);
        }
        sources
    }

    #[test]
    fn a_person_sees_the_code_the_line_and_the_help() {
        let paste = at(
            Diagnostic::new(
                Code::TRK002,
                "`sip:pbx.example.com:5080` is more than a host: there is a scheme in it",
            ),
            "trunkform.yaml",
            "sip:pbx.example.com:5080",
            "",
        )
        .help("write `host: pbx.example.com` and `port: 5080`");
        let twice = at(
            Diagnostic::new(Code::SEC004, "evil \u{1b}[31m name"),
            "trunkform.yaml",
            "10.0.0.1",
            "\u{1b}here",
        );
        let twice =
            at(at(twice, "trunkform.yaml", "Office PBX", "first given here"), "b.yaml", "Office", "and here");
        let nowhere = Diagnostic::new(Code::CFG012, "`x.yaml` can't be read").at(
            &Arc::from("x.yaml"),
            Span::default(),
            "",
        );
        insta::assert_snapshot!(human(&[paste, twice, nowhere], &sources(), false), @r"
          error[TRK002]: `sip:pbx.example.com:5080` is more than a host: there is a scheme in it
           ╭─[trunkform.yaml:4:11]
         3 │   - name: Office PBX
         4 │     host: sip:pbx.example.com:5080
           ·           ────────────────────────
         5 │   - name: Evil \u{202e}PBX
           ╰────
          help: write `host: pbx.example.com` and `port: 5080`

          warning[SEC004]: evil \u{1b}[31m name
           ╭─[trunkform.yaml:6:11]
         2 │ trunks:
         3 │   - name: Office PBX
           ·           ─────┬────
           ·                ╰── first given here
         4 │     host: sip:pbx.example.com:5080
         5 │   - name: Evil \u{202e}PBX
         6 │     host: 10.0.0.1
           ·           ────┬───
           ·               ╰── \u{1b}here
           ╰────
          also: b.yaml:3:11 and here

          error[CFG012]: `x.yaml` can't be read
          in: x.yaml

        2 errors, 1 warning
        ");
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let all = [at(Diagnostic::new(Code::TRK014, "`10.0.0.1` is private"), "b.yaml", "10.0.0.1", "")];
        let colour = human(&all, &sources(), true);
        let plain = human(&all, &sources(), false);
        assert!(colour.contains('\u{1b}') && !plain.contains('\u{1b}'));
        let mut stripped = String::new();
        let mut inside = false;
        for c in colour.chars() {
            inside |= c == '\u{1b}';
            if !inside {
                stripped.push(c);
            }
            inside &= c != 'm';
        }
        assert_eq!(stripped, plain);
    }

    #[test]
    fn of_many_the_errors_are_shown_and_the_rest_is_counted() {
        let warning = at(Diagnostic::new(Code::TRK014, "private"), "b.yaml", "10.0.0.1", "");
        let mut all = vec![warning; 1000];
        all.push(Diagnostic::new(Code::TRK001, "the only error"));
        let text = human(&all, &sources(), false);
        assert!(text.contains("the only error"));
        assert!(text.ends_with("and 981 more: 0 errors, 981 warnings\n1 error, 1000 warnings\n"), "{text}");
        assert_eq!(human(&[], &sources(), false), "0 errors, 0 warnings\n");
    }
}
