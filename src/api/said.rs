//! What a platform said, made fit for one line.
//! In: the body of an answer, or any text from outside. Out: the platform's own message; a short text that no terminal acts on.
//! Never decides anything by these words.

use serde_json::Value as Json;

use crate::model::text::visible;

/// So many characters of a text are shown.
const SHOWN: usize = 300;
/// So many are kept, so that a secret is taken out before the text is cut.
const KEPT: usize = 4096;
/// So many bytes of a body are looked at; an error page that is longer has said enough.
pub(super) const READ: usize = 64 << 10;

/// What a platform said.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Its words on one line.
    pub(super) text: Box<str>,
    /// Whether there were more, so that the end of the text may be the head of a secret.
    pub(super) cut: bool,
    /// Whether they came as JSON.
    pub(super) json: bool,
}

/// The platform's message where the body has one, else the beginning of the body. `whole` is false for a body that was not read to its end.
pub(super) fn in_body(body: &[u8], whole: bool) -> Said {
    let json: Option<Json> = serde_json::from_slice(body).ok();
    let message = json.as_ref().and_then(message);
    let cut = message.is_none() && (!whole || body.len() > READ);
    let raw = || String::from_utf8_lossy(&body[..body.len().min(READ)]).into_owned();
    let line = one_line(&message.unwrap_or_else(raw));
    let line = if cut { line.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &line };
    let (text, cut) = match line.char_indices().nth(KEPT) {
        Some((end, _)) => (&line[..end], true),
        None => (line, cut),
    };
    Said { text: text.into(), cut, json: json.is_some() }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text from anywhere on one line, with what a terminal would act on escaped, cut at [`SHOWN`] characters.
pub(super) fn excerpt(text: &str) -> String {
    let line = visible(&one_line(text)).into_owned();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The words of a status that came without any.
pub(super) fn reason(status: u16) -> Option<&'static str> {
    reqwest::StatusCode::from_u16(status).ok().filter(|s| s.as_u16() >= 400)?.canonical_reason()
}

/// The platform's own message: the shapes that are in use, in the order in which they are most telling.
fn message(body: &Json) -> Option<String> {
    let text = [&body["message"], &body["error"]["message"], &body["error"], &body["detail"]]
        .into_iter()
        .find_map(Json::as_str);
    let fields: Vec<_> = body["errors"].as_object().into_iter().flatten().map(field).collect();
    match (text, fields.is_empty()) {
        (Some(text), true) => Some(text.to_owned()),
        (Some(text), false) => Some(format!("{text} [{}]", fields.join("; "))),
        (None, false) => Some(fields.join("; ")),
        (None, true) => None,
    }
}

/// One entry of Laravel's `errors`: a field and what is wrong with it.
fn field((name, problems): (&String, &Json)) -> String {
    let problems: Vec<_> = problems.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    format!("{name}: {}", problems.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_own_words_are_found() {
        for (body, expected) in [
            (r#"{"message":"No."}"#, "No."),
            (r#"{"error":{"code":"x","message":"No."}}"#, "No."),
            (r#"{"error":"No."}"#, "No."),
            (r#"{"detail":"No."}"#, "No."),
            (r#"{"errors":{"port":["A","B"],"name":["C"]}}"#, "port: A B; name: C"),
            (
                r#"{"message":"A (and 1 more error)","errors":{"port":["A"]}}"#,
                "A (and 1 more error) [port: A]",
            ),
            ("gateway\n  down", "gateway down"),
            (" \n\t ", ""),
            (r#"{"message":" "}"#, ""),
            (r#"{"other":1}"#, r#"{"other":1}"#),
        ] {
            assert_eq!(&*in_body(body.as_bytes(), true).text, expected);
        }
        assert_eq!((reason(409), reason(200), reason(799)), (Some("Conflict"), None, None));
    }

    #[test]
    fn an_excerpt_is_one_short_harmless_line() {
        assert_eq!(excerpt("gateway\n \t down"), "gateway down");
        assert_eq!(excerpt("\u{1b}[2J\u{202e}é"), "\\u{1b}[2J\\u{202e}é");
        assert_eq!(excerpt(&"é".repeat(301)), format!("{}…", "é".repeat(300)));
        assert_eq!(excerpt(&"é".repeat(300)), "é".repeat(300));
    }
}
