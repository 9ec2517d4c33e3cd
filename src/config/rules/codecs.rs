//! Rules about the codecs that a trunk allows.
//! In: lists with commas, as Asterisk reads them. Out: diagnostics.
//! Only what the file states is judged; a list that is absent is the platform's own.

use super::facts::{Facts, Trunk, point};
use super::findings::Findings;
use crate::model::{Code, Diagnostic, Severity};

const ALLOW: &str = "allow";
const DISALLOW: &str = "disallow";
/// The codec that the platforms' media layer speaks: <https://www.bolna.ai/docs/sip-trunking/byot-setup>, "always include ulaw".
const SPOKEN: &str = "ulaw";
/// Stands for every codec.
const EVERY: &str = "all";

/// The audio formats that are built in: <https://github.com/asterisk/asterisk/blob/master/main/codec_builtin.c>.
const KNOWN: &[&str] = &[
    "ulaw", "alaw", "gsm", "g722", "g726", "g726aal2", "g723", "g729", "g719", "ilbc", "lpc10", "adpcm",
    "slin", "slin12", "slin16", "slin24", "slin32", "slin44", "slin48", "slin96", "slin192", "speex",
    "speex16", "speex32", "siren7", "siren14", "codec2", "opus", "silk8", "silk12", "silk16", "silk24",
    "testlaw", "none",
];

/// What others call them, without hyphens, underscores and dots.
const ALIASES: &[(&str, &str)] = &[
    ("pcmu", "ulaw"),
    ("g711u", "ulaw"),
    ("g711mu", "ulaw"),
    ("g711ulaw", "ulaw"),
    ("mulaw", "ulaw"),
    ("g711", "ulaw"),
    ("pcma", "alaw"),
    ("g711a", "alaw"),
    ("g711alaw", "alaw"),
    ("g729a", "g729"),
    ("g729ab", "g729"),
    ("g7231", "g723"),
    ("g7221", "siren7"),
];

/// One entry of a list.
struct Item {
    /// As written, without `!` and the space around it.
    written: String,
    /// The codec that is meant; none where nobody can tell.
    meant: Option<&'static str>,
    /// `!codec` takes the codec out again.
    taken_out: bool,
}

impl Item {
    fn is_known(&self) -> bool {
        self.meant.is_some_and(|meant| meant.eq_ignore_ascii_case(&self.written))
    }
}

fn items(text: &str) -> Vec<Item> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let item = |entry: &str| {
        let bare = entry.strip_prefix('!').unwrap_or(entry).trim();
        Item { written: bare.to_owned(), meant: meant(bare), taken_out: entry.starts_with('!') }
    };
    entries.map(item).collect()
}

fn meant(written: &str) -> Option<&'static str> {
    let lower = written.to_ascii_lowercase();
    let exact = KNOWN.iter().chain([&EVERY]).find(|known| **known == lower);
    let squeezed = lower.replace(['-', '_', '.', ' '], "");
    let alias = || ALIASES.iter().find(|(other, _)| *other == squeezed).map(|(_, known)| known);
    let spaced = || KNOWN.iter().find(|known| **known == squeezed);
    exact.or_else(alias).or_else(spaced).copied()
}

fn stated<'a>(trunk: &Trunk<'a>, attribute: &str) -> Option<&'a str> {
    trunk.stated(attribute)?.as_text()
}

/// TRK021.
pub(super) fn unknown(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        for attribute in [ALLOW, DISALLOW] {
            let all = stated(trunk, attribute).map(items).unwrap_or_default();
            for item in all.iter().filter(|item| !item.is_known()) {
                let message = format!("there is no codec `{}`", item.written);
                let help = match item.meant.or_else(|| closest(&item.written)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "write names such as `ulaw`, `alaw`, `g722`, with commas between them".to_owned(),
                };
                let diagnostic = Diagnostic::new(Code::TRK021, message).help(help);
                findings.push(point(diagnostic, trunk.resource, attribute));
            }
        }
    }
}

fn closest(written: &str) -> Option<&'static str> {
    let lower = written.to_lowercase();
    let slips = |known: &&'static str| (strsim::damerau_levenshtein(&lower, known), *known);
    KNOWN.iter().map(slips).filter(|(slips, _)| *slips == 1).min().map(|(_, known)| known)
}

/// TRK022, TRK023 and TRK024: at most one of the last two for a trunk.
pub(super) fn lists(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let Some(allow) = stated(trunk, ALLOW) else { continue };
        let allowed = items(allow);
        let disallow = stated(trunk, DISALLOW);
        let refused = disallow.map(items).unwrap_or_default();
        let cleared = allowed.iter().any(|item| item.taken_out && item.meant == Some(EVERY));
        if let Some(text) = disallow.filter(|_| !cleared && !refused.iter().any(Item::is_every)) {
            let message = format!("`disallow: {text}` leaves codecs allowed that `allow` does not name");
            let diagnostic = Diagnostic::new(Code::TRK022, message)
                .help("write `disallow: all`: then `allow` is all there is");
            findings.push(point(diagnostic, trunk.resource, DISALLOW));
        }
        let found = contradiction(&allowed, &refused).or_else(|| no_media(&allowed));
        if let Some(diagnostic) = found {
            findings.push(point(diagnostic, trunk.resource, ALLOW));
        }
    }
}

impl Item {
    fn is_every(&self) -> bool {
        self.meant == Some(EVERY)
    }
}

/// One codec in both lists.
fn contradiction(allowed: &[Item], refused: &[Item]) -> Option<Diagnostic> {
    let both = allowed.iter().find(|item| {
        let same = |other: &Item| other.meant == item.meant && !other.taken_out;
        !item.taken_out && item.meant.is_some() && !item.is_every() && refused.iter().any(same)
    })?;
    let message = format!("`{}` is in `allow` and in `disallow`", both.written);
    Some(Diagnostic::new(Code::TRK024, message).help("take it out of one of the two lists"))
}

/// What is left when a list was read from left to right, and what is wrong with that.
fn no_media(allowed: &[Item]) -> Option<Diagnostic> {
    if allowed.iter().any(|item| item.meant.is_none()) {
        return None;
    }
    let mut left: Vec<&str> = Vec::new();
    for item in allowed {
        let Some(meant) = item.meant else { continue };
        match (item.taken_out, meant == EVERY) {
            (false, true) => left.extend(KNOWN),
            (true, true) => left.clear(),
            (false, false) => left.push(meant),
            (true, false) => left.retain(|codec| *codec != meant),
        }
    }
    let has = |codec: &str| left.contains(&codec);
    let only = |codec: &str| left.iter().all(|one| *one == codec);
    let (code, message) = if only("none") {
        (Code::TRK024, "`allow` names no codec: there would be calls without audio")
    } else if only("g729") {
        (Code::TRK024, "`allow` names `g729` alone, which the platform does not speak")
    } else if has(SPOKEN) {
        return None;
    } else {
        (Code::TRK023, "`allow` lacks `ulaw`, the codec that the platform speaks")
    };
    let severity = match code {
        Code::TRK023 if has("alaw") => Severity::Warning,
        _ => Severity::Error,
    };
    Some(Diagnostic::new(code, message).severity(severity).help("write `allow: ulaw,alaw`"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{carrier, codes, run, text};
    use super::*;

    fn said(allow: &str) -> Vec<&'static str> {
        codes(&run(&[carrier("C").with("allow", text(allow))]))
    }

    #[test]
    fn other_names_and_slips_are_told_what_is_meant() {
        for (allow, meant) in
            [("ulaw,pcma", "alaw"), ("G.711-u,alaw", "ulaw"), ("ulaw,g.729", "g729"), ("ulaw,allaw", "alaw")]
        {
            let all = run(&[carrier("C").with("allow", text(allow))]);
            assert_eq!(codes(&all), ["TRK021"], "{allow}");
            assert_eq!(all[0].help.as_deref(), Some(&*format!("did you mean `{meant}`?")), "{allow}");
        }
        assert!(
            run(&[carrier("C").with("allow", text("ulaw,mp3"))])[0].help.as_deref().unwrap().contains("g722")
        );
    }

    #[test]
    fn a_list_without_the_codec_that_is_spoken_is_told_once() {
        for (allow, expected) in [
            ("ulaw", vec![]),
            (" ULAW , alaw,", vec![]),
            ("all", vec![]),
            ("!all,ulaw,alaw", vec![]),
            ("alaw", vec!["TRK023"]),
            ("opus", vec!["TRK023"]),
            ("all,!ulaw", vec!["TRK023"]),
            ("g729", vec!["TRK024"]),
            (",", vec!["TRK024"]),
            ("!all", vec!["TRK024"]),
        ] {
            assert_eq!(said(allow), expected, "{allow}");
        }
        let severity = |allow| run(&[carrier("C").with("allow", text(allow))])[0].severity;
        assert_eq!((severity("alaw"), severity("opus")), (Severity::Warning, Severity::Error));
    }

    #[test]
    fn everything_else_is_refused_unless_the_file_says_otherwise() {
        let with = |allow: &str, disallow: &str| {
            codes(&run(&[carrier("C").with("allow", text(allow)).with("disallow", text(disallow))]))
        };
        assert!(with("ulaw,alaw", "all").is_empty() && with("ulaw", "all,g729").is_empty());
        assert_eq!(with("ulaw", "g729"), ["TRK022"]);
        assert!(with("!all,ulaw", "g729").is_empty());
        assert_eq!(with("ulaw,g729", "all,g729"), ["TRK024"]);
        assert_eq!(with("ulaw,alaw", "PCMA,all"), ["TRK021", "TRK024"]);
        assert!(codes(&run(&[carrier("C").with("disallow", text("g729"))])).is_empty());
    }
}
