//! In: messages about the fields of a request.
//! Out: the same by field, in the order in which they came.
//! Never checks a field.

use serde_json::{Map, Value};

/// Messages by field.
#[derive(Default)]
pub(super) struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, field: &str, message: String) {
        self.0.push((field.to_owned(), message));
    }

    pub(super) fn first(&self) -> Option<&str> {
        self.0.first().map(|(_, message)| message.as_str())
    }

    pub(super) fn show(&self) -> Value {
        let mut fields = Map::new();
        for (field, message) in &self.0 {
            let messages = fields.entry(field.clone()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(messages) = messages {
                messages.push(message.as_str().into());
            }
        }
        Value::Object(fields)
    }
}
