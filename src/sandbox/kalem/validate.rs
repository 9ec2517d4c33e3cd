//! In: the fields of a request.
//! Out: their values, and Laravel's messages for what is wrong, in the order in which they were looked at.
//! Never stops at the first problem.

use serde_json::{Map, Value, json};

/// Laravel's messages by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Errors(Vec<(&'static str, Vec<String>)>);

impl Errors {
    fn add(&mut self, field: &'static str, message: String) {
        match self.0.iter_mut().find(|(known, _)| *known == field) {
            Some((_, messages)) => messages.push(message),
            None => self.0.push((field, vec![message])),
        }
    }

    fn has(&self, field: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == field)
    }

    /// The first message, how many more there are, and all of them by field.
    pub(super) fn body(&self) -> Value {
        let first = self.0.first().and_then(|(_, messages)| messages.first()).map_or("", String::as_str);
        let more = self.0.iter().map(|(_, messages)| messages.len()).sum::<usize>().saturating_sub(1);
        let message = match more {
            0 => first.to_owned(),
            1 => format!("{first} (and 1 more error)"),
            _ => format!("{first} (and {more} more errors)"),
        };
        let errors: Map<String, Value> =
            self.0.iter().map(|(field, messages)| ((*field).to_owned(), json!(messages))).collect();
        json!({ "message": message, "errors": errors })
    }
}

/// Looks at fields one after the other. What a method returns is a usable value; `None` is missing, null or wrong.
pub(super) struct Check<'a> {
    input: &'a Map<String, Value>,
    errors: Errors,
}

impl<'a> Check<'a> {
    pub(super) fn new(input: &'a Map<String, Value>) -> Self {
        Self { input, errors: Errors::default() }
    }

    pub(super) fn finish(self) -> Result<(), Errors> {
        if self.errors.0.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// Whether the request names the field, be it as null.
    pub(super) fn names(&self, field: &str) -> bool {
        self.input.contains_key(field)
    }

    fn value(&self, field: &str) -> Option<&'a Value> {
        self.input.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn required(&mut self, field: &'static str) {
        if self.value(field).is_none() {
            self.errors.add(field, format!("The {} field is required.", attribute(field)));
        }
    }

    /// The caller has found that `other` has this value.
    pub(super) fn required_when(&mut self, field: &'static str, other: &str, value: &str) {
        if self.value(field).is_none() {
            let (field_name, other) = (attribute(field), attribute(other));
            self.errors.add(field, format!("The {field_name} field is required when {other} is {value}."));
        }
    }

    pub(super) fn prohibited(&mut self, field: &'static str) {
        if self.value(field).is_some() {
            self.errors.add(field, format!("The {} field is prohibited.", attribute(field)));
        }
    }

    /// Text of `least` to 255 characters.
    pub(super) fn text(&mut self, field: &'static str, least: usize) -> Option<&'a str> {
        let name = attribute(field);
        let Some(text) = self.value(field)?.as_str() else {
            self.errors.add(field, format!("The {name} field must be a string."));
            return None;
        };
        let length = text.chars().count();
        if length < least {
            self.errors.add(field, format!("The {name} field must be at least {least} characters."));
        }
        if length > 255 {
            self.errors.add(field, format!("The {name} field must not be greater than 255 characters."));
        }
        Some(text)
    }

    pub(super) fn one_of(&mut self, field: &'static str, allowed: &[&str]) -> Option<&'a str> {
        let value = self.value(field)?;
        let text = value.as_str().filter(|text| allowed.contains(text));
        if text.is_none() {
            self.selected_is_invalid(field);
        }
        text
    }

    pub(super) fn integer(&mut self, field: &'static str) -> Option<i64> {
        let number = integer(self.value(field)?);
        if number.is_none() {
            self.errors.add(field, format!("The {} field must be an integer.", attribute(field)));
        }
        number
    }

    pub(super) fn port(&mut self, field: &'static str) -> Option<u16> {
        let number = self.integer(field)?;
        let port = u16::try_from(number).ok().filter(|port| *port > 0);
        if port.is_none() {
            self.errors.add(field, format!("The {} field must be between 1 and 65535.", attribute(field)));
        }
        port
    }

    pub(super) fn at_most(&mut self, field: &'static str, most: i64) -> Option<i64> {
        let number = self.integer(field)?;
        if number > most {
            let name = attribute(field);
            self.errors.add(field, format!("The {name} field must not be greater than {most}."));
        }
        Some(number)
    }

    /// The id of something that is there.
    pub(super) fn existing(&mut self, field: &'static str, is_there: impl Fn(u64) -> bool) -> Option<u64> {
        let number = self.integer(field)?;
        let id = u64::try_from(number).ok().filter(|id| is_there(*id));
        if id.is_none() {
            self.selected_is_invalid(field);
        }
        id
    }

    pub(super) fn e164(&mut self, field: &'static str) -> Option<&'a str> {
        let text = self.text(field, 0);
        let good = text.filter(|text| is_e164(text));
        if good.is_none() && self.value(field).is_some() {
            self.errors.add(field, format!("The {} field format is invalid.", attribute(field)));
        }
        good
    }

    /// Looked at only when the field is right so far, as Laravel does.
    pub(super) fn unique(&mut self, field: &'static str, is_taken: bool) {
        if is_taken && !self.errors.has(field) {
            self.errors.add(field, format!("The {} has already been taken.", attribute(field)));
        }
    }

    fn selected_is_invalid(&mut self, field: &'static str) {
        self.errors.add(field, format!("The selected {} is invalid.", attribute(field)));
    }
}

fn attribute(field: &str) -> String {
    field.replace('_', " ")
}

/// Laravel takes whole numbers also as text.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        _ => value.as_i64(),
    }
}

/// A plus sign and up to 15 digits, the first of which is not 0.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn the_message_counts_what_else_is_wrong() {
        let input = fields(json!({}));
        let message = |names: &[&'static str]| {
            let mut check = Check::new(&input);
            names.iter().for_each(|name| check.required(name));
            check.finish().unwrap_err().body()["message"].clone()
        };
        assert_eq!(message(&["name"]), "The name field is required.");
        assert_eq!(message(&["name", "auth_type"]), "The name field is required. (and 1 more error)");
        assert_eq!(message(&["auth_type", "a", "b"]), "The auth type field is required. (and 2 more errors)");
    }

    #[test]
    fn several_messages_of_one_field_stand_together() {
        let input = fields(json!({"number": 15551234567_i64}));
        let mut check = Check::new(&input);
        assert_eq!(check.e164("number"), None);
        check.unique("number", true);
        let body = check.finish().unwrap_err().body();
        let expected = json!(["The number field must be a string.", "The number field format is invalid."]);
        assert_eq!(body["errors"]["number"], expected);
    }

    #[test]
    fn integers_come_as_numbers_or_text() {
        for (value, expected) in [
            (json!(5), Some(5)),
            (json!("5"), Some(5)),
            (json!("5a"), None),
            (json!(5.5), None),
            (json!(true), None),
        ] {
            assert_eq!(integer(&value), expected, "{value}");
        }
    }

    #[test]
    fn e164() {
        assert!(is_e164("+15551234567"));
        for text in ["15551234567", "+0155512345", "+1 555", "+1", "+1234567890123456", "+1555123456x"] {
            assert!(!is_e164(text), "{text}");
        }
    }
}
