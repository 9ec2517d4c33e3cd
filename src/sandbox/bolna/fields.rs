//! In: the body of a request.
//! Out: its fields, put where they belong, and FastAPI's list of those that have the wrong shape.
//! Never says what a wrong value was: it may be a password.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::platform::Call;
use super::problem::Problem;

/// One object of a body. A field that is missing or null changes nothing.
pub(super) struct Fields<'a> {
    input: &'a Map<String, Value>,
    /// Where the object is: `["body", "gateways", 0]`.
    place: Vec<Value>,
    problems: Vec<Value>,
}

/// The body as an object.
pub(super) fn body(call: &Call<'_>) -> Result<Map<String, Value>, Problem> {
    let wrong = |message, kind| Problem::Shape(vec![problem(&[json!("body")], message, kind)]);
    if call.body.is_empty() {
        return Err(wrong("Field required", "missing"));
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(fields)) if call.header("content-type").contains("json") => Ok(fields),
        Ok(_) => {
            Err(wrong("Input should be a valid dictionary or object to extract fields from", "dict_type"))
        }
        Err(_) => Err(wrong("JSON decode error", "json_invalid")),
    }
}

fn problem(place: &[Value], message: &str, kind: &str) -> Value {
    json!({ "loc": place, "msg": message, "type": kind })
}

impl<'a> Fields<'a> {
    pub(super) fn new(input: &'a Map<String, Value>) -> Self {
        Self { input, place: vec![json!("body")], problems: Vec::new() }
    }

    pub(super) fn finish(self) -> Result<(), Problem> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problem::Shape(self.problems)) }
    }

    pub(super) fn names(&self, field: &str) -> bool {
        self.input.contains_key(field)
    }

    fn value(&self, field: &str) -> Option<&'a Value> {
        self.input.get(field).filter(|value| !value.is_null())
    }

    fn wrong(&mut self, field: &str, message: &str, kind: &str) {
        let mut place = self.place.clone();
        place.push(json!(field));
        self.problems.push(problem(&place, message, kind));
    }

    pub(super) fn required(&mut self, field: &str) {
        if self.value(field).is_none() {
            self.wrong(field, "Field required", "missing");
        }
    }

    pub(super) fn given(&mut self, field: &str) -> Option<&'a str> {
        let text = self.value(field)?.as_str();
        if text.is_none() {
            self.wrong(field, "Input should be a valid string", "string_type");
        }
        text
    }

    pub(super) fn text(&mut self, field: &str, into: &mut String) {
        if let Some(text) = self.given(field) {
            text.clone_into(into);
        }
    }

    pub(super) fn flag(&mut self, field: &str, into: &mut bool) {
        let Some(value) = self.value(field) else { return };
        match value.as_bool() {
            Some(flag) => *into = flag,
            None => self.wrong(field, "Input should be a valid boolean", "bool_type"),
        }
    }

    pub(super) fn integer<T: TryFrom<u64>>(&mut self, field: &str, into: &mut T) {
        let Some(value) = self.value(field) else { return };
        match value.as_u64().and_then(|number| T::try_from(number).ok()) {
            Some(number) => *into = number,
            None => self.wrong(field, "Input should be a valid integer", "int_parsing"),
        }
    }

    /// One of the texts that name a value of `T`; `expected` lists them.
    pub(super) fn choice<T: DeserializeOwned>(&mut self, field: &str, into: &mut T, expected: &str) {
        let Some(value) = self.value(field) else { return };
        match T::deserialize(value) {
            Ok(choice) => *into = choice,
            Err(_) => self.wrong(field, &format!("Input should be {expected}"), "enum"),
        }
    }

    pub(super) fn address(&mut self, field: &str, into: &mut String) {
        self.required(field);
        let Some(text) = self.given(field) else { return };
        if is_address(text) {
            text.clone_into(into);
        } else {
            self.wrong(field, "Input should be an IPv4 address or CIDR range", "value_error");
        }
    }

    /// A whole list of objects, each made by `item`; `None` where there is none or it is wrong.
    pub(super) fn list<T>(&mut self, field: &str, item: impl Fn(&mut Fields<'_>) -> T) -> Option<Vec<T>> {
        let Some(rows) = self.value(field)?.as_array() else {
            self.wrong(field, "Input should be a valid list", "list_type");
            return None;
        };
        let empty = Map::new();
        let mut items = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let mut place = self.place.clone();
            place.extend([json!(field), json!(at)]);
            if !row.is_object() {
                self.problems.push(problem(&place, "Input should be a valid dictionary", "dict_type"));
                continue;
            }
            let input = row.as_object().unwrap_or(&empty);
            let mut fields = Fields { input, place, problems: Vec::new() };
            items.push(item(&mut fields));
            self.problems.append(&mut fields.problems);
        }
        Some(items)
    }
}

/// An IPv4 address, alone or with the length of a prefix.
fn is_address(text: &str) -> bool {
    let (address, length) = text.split_once('/').unwrap_or((text, "32"));
    let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    digits && address.parse::<std::net::Ipv4Addr>().is_ok() && length.parse().is_ok_and(|bits: u8| bits <= 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_listed_with_its_place() {
        let input = json!({"name": 5, "gateways": [{"port": "x"}, 7], "on": "yes", "count": -1});
        let mut fields = Fields::new(input.as_object().unwrap());
        let (mut name, mut on, mut count) = (String::new(), false, 0_u32);
        fields.text("name", &mut name);
        fields.list("gateways", |gateway| gateway.integer("port", &mut 0_u16));
        fields.flag("on", &mut on);
        fields.integer("count", &mut count);
        let places: Vec<String> = fields.problems.iter().map(|problem| problem["loc"].to_string()).collect();
        let expected = [
            r#"["body","name"]"#,
            r#"["body","gateways",0,"port"]"#,
            r#"["body","gateways",1]"#,
            r#"["body","on"]"#,
            r#"["body","count"]"#,
        ];
        assert_eq!(places, expected);
        assert_eq!(fields.problems[0]["type"], "string_type");
    }

    #[test]
    fn addresses() {
        for good in ["192.0.2.1", "15.207.90.192/31", "0.0.0.0/0"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "sip.example.com", "192.0.2.1/33", "192.0.2.1/", "192.0.2.1/+8", "2001:db8::1"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
