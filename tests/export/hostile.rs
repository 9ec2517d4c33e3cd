//! Accounts as nobody would make them: names that look like something else, that two have, that hide; numbers that are none.

use serde_json::{Value as Json, json};

use crate::worlds::{Case, Platform};

/// Each goes wrong in a way of its own; which scalars need quotes is the table in `src/export/scalar.rs`.
pub const TEXTS: [&str; 16] = [
    "no",
    "~",
    "5060",
    "+15551234567",
    "a: b",
    "#",
    "- a",
    "{a: b}",
    "\"a\"",
    "a\\nb",
    "Büro 東京",
    " edge ",
    "tab\there",
    "line\nbreak",
    "bidi\u{202e}x",
    "##[error] x",
];
const NUMBERS: [&str; 7] =
    ["1001", "112", "+112", "0044 20 7946 0958", "sip:desk", "+1415555267012345678", "+99"];

/// One thing that somebody did to an account: which place, and with what.
pub type Spice = (u8, u8, u8);

fn list<'j>(json: &'j mut Json, key: &str) -> Vec<&'j mut Json> {
    json.get_mut(key).and_then(Json::as_array_mut).into_iter().flatten().collect()
}

fn numbers(case: &mut Case) -> (Vec<&mut Json>, &'static str) {
    match case.platform {
        Platform::Kalem => (list(&mut case.live, "numbers"), "number"),
        Platform::Bolna => {
            let trunks = list(&mut case.live, "trunks").into_iter();
            let rows = trunks.flat_map(|trunk| list(trunk, "phone_numbers"));
            (rows.filter(|row| row["deleted"] != true).collect(), "phone_number")
        }
        Platform::Talkover => (
            list(&mut case.live, "trunks").into_iter().flat_map(|trunk| list(trunk, "dids")).collect(),
            "number",
        ),
    }
}

/// Texts are set, or taken from one another; not where the platform itself would not have it.
pub fn spiced(mut case: Case, spices: &[Spice]) -> Case {
    let agent = if case.platform == Platform::Bolna { "agent_name" } else { "name" };
    for &(kind, place, text) in spices {
        let (place, text) = (usize::from(place), usize::from(text));
        let hostile = json!(TEXTS[text % TEXTS.len()]);
        match kind % 9 {
            0 => trunk_name(&mut case, place, hostile),
            1 => {
                let name = one_of(list(&mut case.live, "trunks"), "name", text);
                trunk_name(&mut case, place, name);
            }
            2 => set(list(&mut case.live, "agents"), agent, place, hostile),
            3 => {
                let name = one_of(list(&mut case.live, "agents"), agent, text);
                set(list(&mut case.live, "agents"), agent, place, name);
            }
            4 => number(&mut case, place, json!(NUMBERS[text % NUMBERS.len()])),
            // No list has a number twice, but one may have it in two spellings.
            5 => {
                let (all, field) = numbers(&mut case);
                let other = one_of(all, field, text);
                number(&mut case, place, json!(other.as_str().unwrap_or_default().trim_start_matches('+')));
            }
            6 => {
                let name = one_of(list(&mut case.live, "trunks"), "name", text);
                let left = format!("{} [trunkform replacement]", name.as_str().unwrap_or_default());
                trunk_name(&mut case, place, json!(left));
            }
            7 => {
                let field = match case.platform {
                    Platform::Kalem => ["host", "outbound_server", "username"][text % 3],
                    Platform::Bolna => ["description", "provider", "allow"][text % 3],
                    Platform::Talkover => ["provider_name", "auth_realm", "domain"][text % 3],
                };
                set(list(&mut case.live, "trunks"), field, place, hostile);
            }
            _ if case.platform == Platform::Bolna => {
                set(list(&mut case.live, "trunks"), "media_encryption", place, json!("sdes"));
            }
            _ => set(list(&mut case.live, "trunks"), "port", place, json!(0)),
        }
    }
    case
}

fn set(all: Vec<&mut Json>, field: &str, place: usize, value: Json) {
    let count = all.len().max(1);
    if let Some(row) = all.into_iter().nth(place % count) {
        row[field] = value;
    }
}

fn one_of(all: Vec<&mut Json>, field: &str, place: usize) -> Json {
    let count = all.len().max(1);
    all.into_iter().nth(place % count).map_or_else(|| json!("x"), |row| row[field].clone())
}

/// One platform lets no two trunks have one name.
fn trunk_name(case: &mut Case, place: usize, name: Json) {
    let key = |name: &Json| name.as_str().unwrap_or_default().trim().to_lowercase();
    let taken = list(&mut case.live, "trunks").iter().any(|row| key(&row["name"]) == key(&name));
    if !taken || case.platform != Platform::Bolna {
        set(list(&mut case.live, "trunks"), "name", place, name);
    }
}

fn number(case: &mut Case, place: usize, number: Json) {
    let (all, field) = numbers(case);
    if all.iter().all(|row| row[field] != number) {
        set(all, field, place, number);
    }
}
