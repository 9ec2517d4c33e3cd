//! Reads a workflow or a pipeline.
//! In: YAML without anchors. Out: its values as JSON, scalars as text.
//! Knows no schema.

use granit_parser::{Event, Parser, StrInput};
use serde_json::{Map, Value as Json};

pub(crate) fn read(text: &str) -> Json {
    let mut parser = Parser::new_from_str(text);
    let mut next = move || loop {
        let (event, _) = next_event(&mut parser);
        if !matches!(event, Event::StreamStart | Event::DocumentStart(..) | Event::Comment(..)) {
            return event;
        }
    };
    let first = next();
    value(first, &mut next)
}

fn next_event<'t>(parser: &mut Parser<'t, StrInput<'t>>) -> (Event<'t>, granit_parser::Span) {
    parser.next_event().expect("an event").expect("good YAML")
}

fn value<'t>(event: Event<'t>, next: &mut impl FnMut() -> Event<'t>) -> Json {
    match event {
        Event::Scalar(text, ..) => Json::from(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next() {
                    Event::SequenceEnd => return Json::from(items),
                    event => items.push(value(event, next)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut pairs = Map::new();
            loop {
                match next() {
                    Event::MappingEnd => return Json::from(pairs),
                    Event::Scalar(key, ..) => {
                        let event = next();
                        pairs.insert(key.into_owned(), value(event, next));
                    }
                    event => panic!("{event:?} is no key"),
                }
            }
        }
        event => panic!("{event:?} is no value"),
    }
}
