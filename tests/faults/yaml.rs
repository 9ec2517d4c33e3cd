//! The files of an example, as plain values.
//! In: the text of a file. Out: the same as JSON, for the oracle, which reads nothing with the code under test.

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value as Json};

/// Reads a file without anchors and tags.
pub fn json(text: &str) -> Json {
    let parser = Parser::new_from_str_with_options(text, granit_parser::options! { emit_comments: false });
    let mut events = parser.map(|event| event.expect("an example is YAML").0);
    let begun = events.find(|event| !matches!(event, Event::StreamStart | Event::DocumentStart(..)));
    value(begun.expect("an example is not empty"), &mut events)
}

fn value<'s>(event: Event<'s>, events: &mut dyn Iterator<Item = Event<'s>>) -> Json {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => plain(&text),
        Event::Scalar(text, ..) => text.into_owned().into(),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            while let Some(item) = next(events) {
                items.push(value(item, events));
            }
            items.into()
        }
        Event::MappingStart(..) => {
            let mut pairs = Map::new();
            while let Some(key) = next(events) {
                let Json::String(key) = value(key, events) else { panic!("a key of an example is a text") };
                let held = next(events).expect("a key has a value");
                pairs.insert(key, value(held, events));
            }
            pairs.into()
        }
        other => panic!("not in an example: {other:?}"),
    }
}

/// The next value; none at the end of a list or mapping.
fn next<'s>(events: &mut dyn Iterator<Item = Event<'s>>) -> Option<Event<'s>> {
    events.next().filter(|event| !matches!(event, Event::SequenceEnd | Event::MappingEnd))
}

fn plain(text: &str) -> Json {
    match text {
        "" | "null" | "~" => Json::Null,
        "true" => true.into(),
        "false" => false.into(),
        _ => text.parse::<i64>().map_or_else(|_| text.into(), Json::from),
    }
}
