//! What is live already and looks like what a step makes.
//! In: the requests of an account, and what is live. Out: the same, with the ids that a look for what was made must not take for it.
//! Sends nothing and looks for nothing: it says only what was there when the plan was made.

use std::collections::HashMap;

use crate::model::{Drafted, Id, KindName, Request, World};

/// Writes the ids into the lookups: a trunk that is about to get another name still has the one that a new trunk is made with, and a list that lags
/// still shows what was deleted a moment ago.
pub(super) fn add(drafted: &mut [Drafted], world: &World) {
    let looks = |one: &Drafted| one.drafts.iter().any(|draft| draft.expect.lookup.is_some());
    if !drafted.iter().any(looks) {
        return;
    }
    let mut live: HashMap<(KindName, String), Vec<&Id>> = HashMap::new();
    for resource in world.observed.resources.values() {
        let Some(kind) = world.kinds.get(resource.address.kind) else { continue };
        let text = resource.attributes.get(kind.identity).and_then(|text| text.as_text());
        if let (Some(text), Some(id)) = (text, &resource.id) {
            live.entry((kind.name, text.to_owned())).or_default().push(id);
        }
    }
    for one in drafted {
        let Some(kind) = world.kinds.get(one.change.address.kind) else { continue };
        let Some(field) = kind.attribute(kind.identity).map(|attribute| attribute.field) else { continue };
        for lookup in one.drafts.iter_mut().filter_map(|draft| draft.expect.lookup.as_mut()) {
            let Some(text) = lookup.entry.fields.get(field).and_then(|text| text.as_str()) else { continue };
            let same = live.get(&(kind.name, Request::text_of(text).to_owned()));
            lookup.known = same.into_iter().flatten().map(|&id| id.clone()).collect();
        }
    }
}
