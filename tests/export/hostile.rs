//! Accounts as nobody would make them: names that look like something else, that two have, that hide; numbers that are none.

use serde_json::{Value as Json, json};

use crate::worlds::{Case, Platform};

pub const TEXTS: [&str; 34] = [
    "no", "on", "Y", "null", "~", "true", "1.10", "5060", "0x1F", "1_000", "12:30", "2027-01-31", "+15551234567",
    "a: b", "a #b", "#", "- a", "? a", "[a]", "{a: b}", "&a", "*a", "!a", "|", ">", "'a'", "\"a\"", "a\\nb", "Büro 東京", " edge ",
    "tab\there", "line\nbreak", "bidi\u{202e}x", "##[error] x",
];
const NUMBERS: [&str; 7] = ["1001", "112", "+112", "0044 20 7946 0958", "sip:desk", "+1415555267012345678", "+99"];

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
        Platform::Talkover => {
            (list(&mut case.live, "trunks").into_iter().flat_map(|trunk| list(trunk, "dids")).collect(), "number")
        }
    }
}

/// Texts of a kind are set, or taken from one another; none where the platform itself would not have it.
pub fn spiced(mut case: Case, spices: &[Spice]) -> Case {
    for &(kind, place, text) in spices {
        let hostile = json!(TEXTS[usize::from(text) % TEXTS.len()]);
        let set = |all: Vec<&mut Json>, field: &str, value: Json| {
            let count = all.len().max(1);
            if let Some(row) = all.into_iter().nth(usize::from(place) % count) {
                row[field] = value;
            }
        };
        let one_of = |all: Vec<&mut Json>, field: &str| {
            let count = all.len().max(1);
            all.into_iter().nth(usize::from(text) % count).map_or(hostile.clone(), |row| row[field].clone())
        };
        let agent = if case.platform == Platform::Bolna { "agent_name" } else { "name" };
        match kind % 7 {
            0 => set(list(&mut case.live, "trunks"), "name", hostile),
            1 if case.platform != Platform::Bolna => {
                let name = one_of(list(&mut case.live, "trunks"), "name");
                set(list(&mut case.live, "trunks"), "name", name);
            }
            2 => set(list(&mut case.live, "agents"), agent, hostile),
            3 => {
                let name = one_of(list(&mut case.live, "agents"), agent);
                set(list(&mut case.live, "agents"), agent, name);
            }
            4 => {
                let number = json!(NUMBERS[usize::from(text) % NUMBERS.len()]);
                let (all, field) = numbers(&mut case);
                if all.iter().all(|row| row[field] != number) {
                    set(all, field, number);
                }
            }
            // No list has a number twice, but one may have it in two spellings.
            5 => {
                let (all, field) = numbers(&mut case);
                let number = one_of(all, field);
                let other = json!(number.as_str().unwrap_or_default().trim_start_matches('+'));
                let (all, field) = numbers(&mut case);
                if all.iter().all(|row| row[field] != other) {
                    set(all, field, other);
                }
            }
            6 => {
                let name = one_of(list(&mut case.live, "trunks"), "name");
                let left = format!("{} [trunkform replacement]", name.as_str().unwrap_or_default());
                set(list(&mut case.live, "trunks"), "name", json!(left));
            }
            _ => {}
        }
    }
    case
}
