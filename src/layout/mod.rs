//! Text of a file, changed without touching what is there. A stand-in: it knows the simplest block style only.
//! In: a file's text and list items. Out: the text with the items at the end of a section.
//! Never changes a line that was there.

/// Why a text can't be added to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

/// Puts list items (no indentation, each beginning with `- `, lines joined by `\n`) at the end of a section, which is made where there is none.
pub fn append(text: &str, section: &str, entries: &str) -> Result<String, Error> {
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let key = format!("{section}:");
    let Some(head) = lines.iter().position(|line| line.starts_with(&key)) else {
        let before = if text.is_empty() || text.ends_with('\n') { "" } else { eol };
        return Ok(format!("{text}{before}{eol}{key}{eol}{}", indented(entries, 2, eol)));
    };
    if lines[head].trim_end() != key {
        return Err(Error(format!("the value of `{section}` does not stand below its key in block style")));
    }
    let is_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let below = lines[head + 1..].iter().take_while(|line| line.starts_with([' ', '-', '#', '\r', '\n']));
    let last = below.clone().enumerate().filter(|(_, line)| is_content(line)).last();
    let at = head + 1 + last.map_or(0, |(at, _)| at + 1);
    let first = below.clone().find(|line| is_content(line));
    let indent = first.map_or(2, |line| line.len() - line.trim_start().len());
    let (before, after) = (lines[..at].concat(), lines[at..].concat());
    let open = if before.ends_with('\n') { "" } else { eol };
    Ok(format!("{before}{open}{}{after}", indented(entries, indent, eol)))
}

fn indented(entries: &str, indent: usize, eol: &str) -> String {
    entries.lines().map(|line| format!("{:indent$}{line}{eol}", "")).collect()
}
