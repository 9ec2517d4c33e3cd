//! In: the fields of a request.
//! Out: their values, and what is wrong with them, in the order in which they were looked at.
//! Never stops at the first problem.

use serde_json::{Map, Value};

use super::envelope::Problem;
use super::field_errors::FieldErrors;

const LONGEST: usize = 255;

/// Looks at fields one after the other. What a method returns is a usable value; `None` is missing, null or wrong.
pub(super) struct Check<'a> {
    input: &'a Map<String, Value>,
    errors: FieldErrors,
}

impl<'a> Check<'a> {
    pub(super) fn new(input: &'a Map<String, Value>) -> Self {
        Self { input, errors: FieldErrors::default() }
    }

    pub(super) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::invalid(self.errors)) }
    }

    /// Whether the request names the field, be it as null.
    pub(super) fn names(&self, field: &str) -> bool {
        self.input.contains_key(field)
    }

    pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
        self.input.get(field).filter(|value| !value.is_null())
    }

    /// `rest` completes the sentence that begins with the name of the field.
    pub(super) fn wrong(&mut self, field: &str, rest: &str) {
        let message = format!("The {} field {rest}.", field.replace('_', " "));
        self.errors.push(field, message);
    }

    pub(super) fn selected_is_invalid(&mut self, field: &str) {
        let message = format!("The selected {} is invalid.", field.replace('_', " "));
        self.errors.push(field, message);
    }

    pub(super) fn required(&mut self, field: &str) {
        if self.value(field).is_none() {
            self.wrong(field, "is required");
        }
    }

    /// What an update may leave out but not clear.
    pub(super) fn required_when_named(&mut self, field: &str) {
        if self.names(field) {
            self.required(field);
        }
    }

    pub(super) fn text(&mut self, field: &str) -> Option<&'a str> {
        let Some(text) = self.value(field)?.as_str() else {
            self.wrong(field, "must be a string");
            return None;
        };
        if text.chars().count() > LONGEST {
            self.wrong(field, "must not be greater than 255 characters");
        }
        Some(text)
    }

    pub(super) fn one_of(&mut self, field: &str, allowed: &[&str]) -> Option<&'a str> {
        let text = self.value(field)?.as_str().filter(|text| allowed.contains(text));
        if text.is_none() {
            self.selected_is_invalid(field);
        }
        text
    }

    /// A whole number, also as text.
    pub(super) fn between(&mut self, field: &str, least: i64, most: i64) -> Option<i64> {
        let value = self.value(field)?;
        let Some(number) = value.as_str().map_or(value.as_i64(), |text| text.parse().ok()) else {
            self.wrong(field, "must be an integer");
            return None;
        };
        if !(least..=most).contains(&number) {
            self.wrong(field, &format!("must be between {least} and {most}"));
            return None;
        }
        Some(number)
    }

    pub(super) fn boolean(&mut self, field: &str) -> Option<bool> {
        let truth = match self.value(field)? {
            Value::Bool(truth) => Some(*truth),
            Value::Number(number) if number.as_u64() == Some(1) => Some(true),
            Value::Number(number) if number.as_u64() == Some(0) => Some(false),
            Value::String(text) if text == "1" || text == "true" => Some(true),
            Value::String(text) if text == "0" || text == "false" => Some(false),
            _ => None,
        };
        if truth.is_none() {
            self.wrong(field, "must be true or false");
        }
        truth
    }
}

/// A plus sign and 2 to 15 digits, the first of which is not 0.
pub(super) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}
