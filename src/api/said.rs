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

/// The platform's own message: the shapes that are in use, in the order in which they are most telling, with what is wrong with each field and the code.
pub fn message(body: &Json) -> Option<String> {
    let error = &body["error"];
    let texts = [&body["message"], &error["message"], &body["detail"], error, &body["data"]["error"]];
    let texts: Vec<_> = texts.into_iter().filter_map(Json::as_str).collect();
    let text = texts.iter().find(|text| !text.trim().is_empty()).or(texts.first()).copied();
    let by_field =
        [&body["errors"], &error["details"], &body["details"]].into_iter().flat_map(Json::as_object);
    let mut fields: Vec<_> = by_field.flatten().filter_map(field).collect();
    fields.extend(body["detail"].as_array().into_iter().flatten().filter_map(place));
    let said = match (text, fields.is_empty()) {
        (Some(text), true) => text.to_owned(),
        (Some(text), false) => format!("{text} [{}]", fields.join("; ")),
        (None, false) => fields.join("; "),
        (None, true) => return None,
    };
    let mut codes = [&body["code"], &error["code"], error].into_iter().filter_map(Json::as_str);
    let code = codes.find(|code| is_code(code) && !plain(&said).contains(&plain(code)));
    Some(code.map_or(said.clone(), |code| format!("{said} ({code})")))
}

/// A field and what is wrong with it, as Laravel writes it: a list of texts, or one.
fn field((name, problems): (&String, &Json)) -> Option<String> {
    let several = problems.as_array().into_iter().flatten().filter_map(Json::as_str);
    let problems: Vec<_> = problems.as_str().into_iter().chain(several).collect();
    (!problems.is_empty()).then(|| format!("{name}: {}", problems.join(" ")))
}

/// A place and what is wrong there, as FastAPI writes it; what stood there is left out.
fn place(problem: &Json) -> Option<String> {
    let what = problem["msg"].as_str()?;
    let steps = problem["loc"].as_array().into_iter().flatten();
    let steps = steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
    let place = steps.filter(|step| step != "body").collect::<Vec<_>>().join(".");
    Some(if place.is_empty() { what.to_owned() } else { format!("{place}: {what}") })
}

/// Whether a text is a name for programs, such as `NAME_IN_USE`; in lower case it would only repeat the message.
fn is_code(text: &str) -> bool {
    let of_names = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (3..=64).contains(&text.len())
        && text.chars().all(of_names)
        && text.contains(|c: char| c.is_ascii_uppercase())
}

/// The letters and digits of a text, to see whether it says the same as another.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
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
    fn every_documented_envelope_has_its_words() {
        for (body, expected) in [
            (r#"{"error":1001,"message":"Trunk name is required"}"#, "Trunk name is required"),
            (r#"{"detail":"Unrecognized access token"}"#, "Unrecognized access token"),
            (r#"{"error":"No such trunk","detail":"Not found"}"#, "Not found"),
            (
                r#"{"detail":[{"loc":["body","gateways",0,"port"],"msg":"field required","type":"missing","input":"hunter2"},
                    {"loc":["body"],"msg":"bad","type":"x"},{"msg":"worse"},{"type":"y"},"z"]}"#,
                "gateways.0.port: field required; bad; worse",
            ),
            (
                r#"{"success":false,"message":"Trunk still has DIDs attached.","code":"TRUNK_HAS_DIDS"}"#,
                "Trunk still has DIDs attached. (TRUNK_HAS_DIDS)",
            ),
            (
                r#"{"success":false,"message":"The given data was invalid.","errors":{"port":["A","B"],"name":"C","x":{}}}"#,
                "The given data was invalid. [port: A B; name: C]",
            ),
            (
                r#"{"success":false,"error":{"code":"VALIDATION_ERROR","message":"No.","details":{"port":["A"]}}}"#,
                "No. [port: A] (VALIDATION_ERROR)",
            ),
            (
                r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Slow.","details":{"retry_after":30}}}"#,
                "Slow. (RATE_LIMIT_EXCEEDED)",
            ),
            (
                r#"{"error":"TOKEN_EXPIRED","message":"Log in again.","status_code":401}"#,
                "Log in again. (TOKEN_EXPIRED)",
            ),
            (r#"{"error":"UNAUTHORIZED","message":"Unauthorized","status_code":401}"#, "Unauthorized"),
            (r#"{"error":"MISSING_TOKEN","status_code":401}"#, "MISSING_TOKEN"),
            (r#"{"success":false,"message":"Unauthenticated."}"#, "Unauthenticated."),
            (
                r#"{"success":false,"data":{"is_verified":false,"error":"Authentication failed (401)"}}"#,
                "Authentication failed (401)",
            ),
            (r#"{"message":"","error":"No."}"#, "No."),
        ] {
            assert_eq!(&*in_body(body.as_bytes(), true).text, expected);
        }
    }

    #[test]
    fn an_excerpt_is_one_short_harmless_line() {
        assert_eq!(excerpt("gateway\n \t down"), "gateway down");
        assert_eq!(excerpt("\u{1b}[2J\u{202e}é"), "\\u{1b}[2J\\u{202e}é");
        assert_eq!(excerpt(&"é".repeat(301)), format!("{}…", "é".repeat(300)));
        assert_eq!(excerpt(&"é".repeat(300)), "é".repeat(300));
    }
}
