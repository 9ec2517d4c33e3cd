//! Makes a mess of a text that is laid out, and a text out of nothing.
//! In: choices. Out: what somebody in a hurry, or another tool, might have written; it means the same as what it was made of.

/// Choices that never end.
pub(super) struct Choices<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Choices<'c> {
    pub(super) fn new(bytes: &'c [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// A number below `n`. After the last choice it is mostly 0, so that every text ends.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let chosen = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(chosen) % n
    }

    pub(super) fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// Once in `n` times.
    pub(super) fn rarely(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }
}

/// Other blanks in a text that is laid out and has no value on several lines.
pub(super) fn of(text: &str, choices: &[u8]) -> String {
    // Choices go round: a text has more lines than there are choices.
    let round: Vec<u8> = choices.iter().copied().cycle().take(text.len() * 4).collect();
    let mut choices = Choices::new(&round);
    let step = 1 + choices.below(5);
    let eol = choices.one(&["\n", "\r\n"]);
    let mut out = eol.repeat(choices.below(3));
    for line in text.lines() {
        let bare = line.trim_start_matches(' ');
        out.push_str(&" ".repeat((line.len() - bare.len()) / 2 * (step + 1)));
        out.push_str(&entry(bare, step, &mut choices));
        out.push_str(choices.one(&["", "", "", " ", "\t ", "   "]));
        out.push_str(eol);
        if line.is_empty() {
            out.push_str(&eol.repeat(choices.below(3)));
        }
    }
    let keep = out.trim_end_matches(['\r', '\n']).len();
    if choices.rarely(4) {
        out.truncate(keep);
    }
    out
}

fn entry(line: &str, step: usize, choices: &mut Choices<'_>) -> String {
    if let Some(rest) = line.strip_prefix("- ") {
        return format!("-{}{}", " ".repeat(step), entry(rest, step, choices));
    }
    let blanks = |choices: &mut Choices<'_>| choices.one(&[" ", " ", "  ", "\t", "    "]).to_owned();
    let word = line.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
    match line[word..].strip_prefix(": ") {
        Some(value) if word > 0 => {
            let value =
                if value.contains(['"', '\'', '#']) { value.to_owned() } else { flow(value, choices) };
            let before = choices.one(&["", "", "", " ", "  "]);
            format!("{}{before}:{}{value}", &line[..word], blanks(choices))
        }
        _ => line.to_owned(),
    }
}

fn flow(value: &str, choices: &mut Choices<'_>) -> String {
    if !value.starts_with(['{', '[']) {
        return value.to_owned();
    }
    let mut out = String::new();
    for c in value.chars() {
        match c {
            '{' | '[' | ',' => {
                out.push(c);
                out.push_str(choices.one(&["", " ", "  "]));
            }
            '}' | ']' => {
                out.push_str(choices.one(&["", " ", "  "]));
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out
}
