//! What it takes to make a thing, as the platform's schema says.
//! In: what would be made. Out: for each thing the attributes without which it can't be.
//! Judges nothing else: what was live once was good enough for the platform.

use std::collections::BTreeMap;

use jsonschema::error::ValidationErrorKind as Missing;
use jsonschema::paths::LocationSegment;
use serde_json::{Map, Value as Json};

use crate::model::{Address, Resource};
use crate::provider::Provider;
use crate::provider::file::sections::SECTIONS;

/// What is missing of each of these, by address.
///
/// # Panics
/// Where our own schema is none: a mistake in the types, found by the first test that runs.
pub(super) fn missing<'a>(
    provider: &dyn Provider,
    made: impl Iterator<Item = &'a Resource>,
) -> BTreeMap<Address, Vec<String>> {
    let mut lists: [Vec<&Resource>; SECTIONS.len()] = Default::default();
    for resource in made {
        if let Some(at) = SECTIONS.iter().position(|(_, kind)| *kind == resource.address.kind) {
            lists[at].push(resource);
        }
    }
    let mut found = BTreeMap::new();
    if lists.iter().all(Vec::is_empty) {
        return found;
    }
    let file = file(provider, &lists);
    let validator = jsonschema::draft7::new(provider.schema()).expect("our schema is one");
    for error in validator.iter_errors(&file) {
        let mut path = error.instance_path().segments();
        let (Some(LocationSegment::Property(section)), Some(LocationSegment::Index(index))) =
            (path.next(), path.next())
        else {
            continue;
        };
        let name = match (error.kind(), path.next()) {
            (Missing::Required { property }, None) => property.as_str().map(str::to_owned),
            // An empty list where one entry is needed.
            (Missing::Not { .. }, Some(LocationSegment::Property(name))) => Some(name.into_owned()),
            _ => None,
        };
        let list = SECTIONS.iter().position(|(known, _)| *known == section).map(|at| &lists[at]);
        let resource = list.and_then(|list| list.get(index));
        if let Some((name, resource)) = name.zip(resource) {
            found.entry(resource.address.clone()).or_insert_with(Vec::new).push(name);
        }
    }
    found
}

fn file(provider: &dyn Provider, lists: &[Vec<&Resource>]) -> Json {
    let mut file = Map::from_iter([("provider".to_owned(), provider.name().into())]);
    for ((section, _), list) in SECTIONS.iter().zip(lists) {
        let said = |resource: &&Resource| {
            let mut said = resource.attributes.to_json();
            said.retain(|_, value| !value.is_null());
            Json::from(said)
        };
        file.insert((*section).to_owned(), list.iter().map(said).collect());
    }
    file.into()
}
