//! What a deletion would take along, in words.
//! In: entries of a platform's list. Out: how many they are and which, for the report; nothing that a terminal would obey.
//! Knows no platform: an entry is called by the first of the usual fields that it has.

use serde_json::Value as Json;

use crate::model::text::visible;

/// What entries are known by.
const FIELDS: [&str; 4] = ["phone_number", "number", "name", "id"];
/// So many are named.
const MOST: usize = 3;
/// Characters of a name; no number has more.
const LONGEST: usize = 60;

/// `2 entries that would be lost: +15551234567, +15551234568`. Whatever must not be seen is taken out by `hide`.
pub(super) fn named(entries: &[Json], hide: impl Fn(String) -> String) -> String {
    let text = |value: &Json| match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let name = |entry: &Json| FIELDS.iter().find_map(|&field| text(&entry[field])).or_else(|| text(entry));
    let shown = |name: String| visible(&hide(name)).chars().take(LONGEST).collect();
    let names: Vec<String> = entries.iter().filter_map(name).take(MOST).map(shown).collect();
    let what = if entries.len() == 1 { "entry" } else { "entries" };
    let mut said = format!("{} {what} that would be lost", entries.len());
    if !names.is_empty() {
        said += &format!(": {}", names.join(", "));
    }
    if !names.is_empty() && entries.len() > names.len() {
        said += &format!(" and {} more", entries.len() - names.len());
    }
    said
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_are_called_by_what_people_know() {
        for (entries, said) in [
            (json!([{"id": "a", "phone_number": "+1999"}]), "1 entry that would be lost: +1999"),
            (json!([{"id": 7}, {"name": "Desk", "id": 8}, "x"]), "3 entries that would be lost: 7, Desk, x"),
            (
                json!([{"number": "1"}, {"number": "2"}, {"number": "3"}, {"number": "4"}, {}]),
                "5 entries that would be lost: 1, 2, 3 and 2 more",
            ),
            (json!([{"phone_number": null}, null]), "2 entries that would be lost"),
            (json!([{"name": "evil\u{1b}[31m secret"}]), r"1 entry that would be lost: evil\u{1b}[31m ***"),
        ] {
            assert_eq!(named(entries.as_array().unwrap(), |text| text.replace("secret", "***")), said);
        }
        assert!(named(&[json!({"name": "x".repeat(1000)})], |text| text).len() < 100);
    }
}
