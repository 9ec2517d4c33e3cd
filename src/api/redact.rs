//! A secret taken out of a text, in whatever form the text repeats it.
//! In: a text from anywhere, and a secret. Out: the text with each occurrence replaced.
//! Never prints a secret, and never takes a short one out of the middle of a word.

use crate::model::Value;

/// A shorter secret is hidden only where it stands as a whole word: it would tear any text apart, and tell where it stood.
const SHORT: usize = 4;

/// One character of a secret, or a run of space, with the ways in which a text may write it.
enum Unit {
    /// Any of these.
    Forms(Vec<String>),
    /// One or more of these.
    Space,
}

/// How space is written: as it is, in a URL, in a form, in JSON. `tidy` may have made one of several.
const SPACE: &[&str] = &[
    " ", "\t", "\n", "\r", "+", "%20", "%09", "%0A", "%0a", "%0D", "%0d", "\\n", "\\r", "\\t", "\\u0020",
    "&#32;", "\u{a0}",
];

/// The text without the secret: plain, trimmed, escaped as in JSON, URLs, forms and HTML, each character in its own way. Where the text was `cut`, what
/// may be the head of the secret goes from its end.
pub(super) fn hide(text: &str, secret: &str, cut: bool) -> String {
    let units = units(secret);
    let short = secret.trim().chars().count() < SHORT;
    // Another secret may have taken the last characters: then what stands before them may be the head of this one.
    let cut_at = cut.then(|| text.trim_end_matches(Value::SENSITIVE).len());
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = match_at(text, at, &units, cut_at).filter(|&end| !short || is_word(text, at, end));
        match end {
            Some(end) => {
                shown.push_str(Value::SENSITIVE);
                at = end;
            }
            None => {
                shown.push(c);
                at += c.len_utf8();
            }
        }
    }
    shown
}

/// Where the secret that begins here ends. `cut_at` is where a text that was cut ends, without the marks at its end.
fn match_at(text: &str, start: usize, units: &[Unit], cut_at: Option<usize>) -> Option<usize> {
    let is_cut_in = |form: &str, from: usize| {
        cut_at.is_some_and(|cut_at| {
            form.starts_with(&text[from..])
                || text.get(from..cut_at).is_some_and(|head| form.starts_with(head))
        })
    };
    let mut ends = vec![start];
    for unit in units {
        let mut next = Vec::new();
        for end in ends {
            match unit {
                Unit::Forms(forms) => {
                    next.extend(
                        forms
                            .iter()
                            .filter(|form| text[end..].starts_with(&***form))
                            .map(|form| end + form.len()),
                    );
                    if forms.iter().any(|form| is_cut_in(form, end)) {
                        next.push(text.len());
                    }
                }
                Unit::Space => {
                    spaces(text, end, &mut next);
                    if SPACE.iter().any(|form| is_cut_in(form, end)) {
                        next.push(text.len());
                    }
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            return None;
        }
        ends = next;
    }
    ends.into_iter().max().filter(|&end| end > start)
}

/// Every place to which one or more spaces lead from here.
fn spaces(text: &str, from: usize, to: &mut Vec<usize>) {
    let mut end = from;
    while let Some(space) = SPACE.iter().find(|space| text[end..].starts_with(**space)) {
        end += space.len();
        to.push(end);
    }
}

/// Whether what stands here has no letter or digit beside it.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let beside = [text[..start].chars().next_back(), text[end..].chars().next()];
    !beside.into_iter().flatten().any(char::is_alphanumeric)
}

fn units(secret: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for c in secret.trim().chars() {
        if !c.is_whitespace() {
            units.push(Unit::Forms(forms(c)));
        } else if !matches!(units.last(), Some(Unit::Space)) {
            units.push(Unit::Space);
        }
    }
    units
}

/// How a text may write a character: in one of the ways, or escaped and the backslash written in one of the ways. So a body is written that was JSON
/// before it became a part of another text.
fn forms(c: char) -> Vec<String> {
    let once = forms_once(c);
    let backslashes = forms_once('\\');
    let escapes: Vec<&str> = once.iter().filter_map(|form| form.strip_prefix('\\')).collect();
    let is_escaped_as_itself = escapes.iter().any(|rest| rest.chars().eq([c]));
    let further = if is_escaped_as_itself { &once[..] } else { &[] };
    let rests: Vec<&str> = escapes.iter().copied().chain(further.iter().map(String::as_str)).collect();
    let twice =
        backslashes.iter().flat_map(|backslash| rests.iter().map(move |rest| format!("{backslash}{rest}")));
    let twice: Vec<String> = twice.collect();
    once.into_iter().chain(twice).collect()
}

/// How a text may write a character in one way.
fn forms_once(c: char) -> Vec<String> {
    let mut bytes = [0; 4];
    let bytes = c.encode_utf8(&mut bytes).bytes();
    let percent: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
    let mut units = [0; 2];
    let json: String = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    let json_upper = json.to_uppercase().replace("\\U", "\\u");
    let code = u32::from(c);
    let mut forms = vec![c.to_string(), percent.to_lowercase(), percent, json, json_upper];
    forms.push(c.escape_unicode().to_string());
    forms.extend([
        format!("&#{code};"),
        format!("&#{code:03};"),
        format!("&#x{code:x};"),
        format!("&#x{code:X};"),
    ]);
    forms.extend(if matches!(c, '"' | '\\' | '/' | '\'') { Some(format!("\\{c}")) } else { None });
    let name = match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&apos;",
        _ => return forms,
    };
    forms.push(name.into());
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = " p/a \"ss+é ";
        for form in [
            "p/a \"ss+é",
            "p/a   \"ss+é",
            r#"p/a \"ss+é"#,
            r#"p\/a \"ss+\u00e9"#,
            r#"p\/a \"ss+\u00E9"#,
            "p%2Fa%20%22ss%2B%C3%A9",
            "p%2fa%20%22ss%2b%c3%a9",
            "p%2Fa+%22ss%2B%C3%A9",
            "p/a%20%22ss+%C3%A9",
            "p/a &quot;ss+&#233;",
            r#"p\/a \\\"ss+\\u00e9"#,
            "p%2Fa%20%5C%22ss%2B%5Cu00e9",
            "p&#47;a&#32;&#92;&#34;ss&#43;&#xe9;",
        ] {
            assert_eq!(
                hide(&format!("x{form}y {form}"), secret, false),
                "x(sensitive value)y (sensitive value)"
            );
        }
        assert_eq!(hide("p/a", secret, false), "p/a");
        assert_eq!(hide("anything", " ", true), "anything");
        assert_eq!(hide("%x %25x %%25x", "%%25", false), "%x %25x (sensitive value)x");
    }

    #[test]
    fn a_short_secret_tears_no_word_apart() {
        assert_eq!(
            hide("a cat, at: 'at' %61t", "at", false),
            "a cat, (sensitive value): '(sensitive value)' (sensitive value)"
        );
    }

    #[test]
    fn the_head_of_one_secret_does_not_save_that_of_another_from_being_hidden() {
        let once = hide("it is hunter 2", "22222", true);
        assert_eq!(once, "it is hunter (sensitive value)");
        assert_eq!(hide(&once, "hunter 22222", true), "it is (sensitive value)");
        assert_eq!(hide(&once, "hunter 22222", false), once);
        assert_eq!(hide("(sensitive value)", "hunter 22222", true), "(sensitive value)");
    }

    #[test]
    fn no_head_of_a_secret_stands_at_a_cut() {
        for head in ["hunt", "h", "hunter%", "hunter%2"] {
            assert_eq!(
                hide(&format!("it is {head}"), "hunter 22222", true),
                "it is (sensitive value)",
                "{head}"
            );
            assert_eq!(hide(&format!("it is {head}"), "hunter 22222", false), format!("it is {head}"));
        }
    }
}
