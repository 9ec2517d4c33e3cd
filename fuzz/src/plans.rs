//! Any bytes as a saved plan, or as edits of one that Trunkform wrote.
//! In: what a file may hold. Out: nothing; a panic where a plan that was let through can't be shown, does not read back as itself, or would send what no plan may.

use serde_json::Value as Json;
use trunkform::model::{Plan, Sources};
use trunkform::render::document::Document;

use crate::shown;

/// What an input begins with that edits a plan.
const EDITS: &str = "edit ";
const WRITTEN: &[&str] = &[
    include_str!("../../examples/02-move-numbers-to-a-new-trunk/plan.json"),
    include_str!("../../examples/10-bolna-number-moves/plan.json"),
    include_str!("../../examples/11-talkover-rotate-password/plan.json"),
];

/// Reads a saved plan as `show` and `apply --plan` do.
pub fn saved(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let edited = text.strip_prefix(EDITS).and_then(edited);
    let text = edited.as_deref().unwrap_or(text);
    if let Ok(plan) = Document::parse(text).and_then(|document| document.plan(&shown::kinds_of)) {
        sends_nothing_else(&plan);
        shown::plan(&plan, &Sources::default());
    }
}

/// A written plan after edits: the first line says which plan, each further one is `PLACE VALUE`, a node counted from the root and the JSON that is put there.
fn edited(text: &str) -> Option<String> {
    let mut lines = text.lines();
    let which: usize = lines.next()?.parse().ok()?;
    let mut plan: Json = serde_json::from_str(WRITTEN[which % WRITTEN.len()]).expect("the examples are JSON");
    for (place, value) in lines.filter_map(|line| line.split_once(' ')) {
        let (Ok(mut place), Ok(value)) = (place.parse(), serde_json::from_str::<Json>(value)) else {
            continue;
        };
        if let Some(node) = node(&mut plan, &mut place) {
            *node = value;
        }
    }
    Some(plan.to_string())
}

/// The node with this number, in the order of the text.
fn node<'a>(json: &'a mut Json, place: &mut usize) -> Option<&'a mut Json> {
    if *place == 0 {
        return Some(json);
    }
    *place -= 1;
    match json {
        Json::Array(items) => items.iter_mut().find_map(|item| node(item, place)),
        Json::Object(parts) => parts.iter_mut().find_map(|(_, part)| node(part, place)),
        _ => None,
    }
}

/// What must hold of whatever was let through, said once more and in other words than the checks that let it through.
fn sends_nothing_else(plan: &Plan) {
    for step in &plan.steps {
        let request = &step.request;
        assert!(["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&&*request.method), "{}", request.method);
        let path = request.path.replace("%2e", ".").replace("%2E", ".");
        let climbs = path.split('/').skip(1).any(|part| matches!(part, "" | "." | ".."));
        assert!(path.starts_with('/') && !climbs && !path.contains(['\\', '?', '#', '\n']), "{path}");
        assert!(!path.contains("${env:") && !path.contains("${file:"), "{path}");
        assert!(step.waits_on.iter().all(|&id| id < step.id), "{:?}", step.waits_on);
    }
}
