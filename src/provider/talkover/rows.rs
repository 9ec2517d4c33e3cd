//! What a row of Talkover says beside its attributes.
//! In: JSON objects. Out: an agent with the set of its numbers; a number on the trunk whose list it came from; bad health in words.
//! Trunks and numbers are read as on every platform, by `provider::read`.

use crate::api::Node;
use crate::model::{Id, KindName, Kinds, Value, normalise};
use crate::provider::read::{self, Reference, Row, told};

/// An agent that a list told of.
pub(super) struct AgentRow {
    /// Its name.
    pub(super) name: Option<Box<str>>,
    /// Another name of it.
    pub(super) label: Option<Box<str>>,
    /// The ids of all its numbers; none where the row does not say.
    pub(super) numbers: Option<Vec<Id>>,
    /// Those of them that the row tells more of than the id, as the last part of an address.
    pub(super) texts: Vec<(Id, Box<str>)>,
    /// `inbound` or `outbound`, or what Talkover may call it one day.
    pub(super) direction: Option<Box<str>>,
}

/// Reads an agent.
pub(super) fn agent(json: Node<'_>) -> Result<(Id, AgentRow), String> {
    let id = read::id(json)?;
    let listed = json.at("phone_numbers");
    let number = |number: Node<'_>| number.as_id().or_else(|| number.at("id").as_id());
    let numbers = listed.as_list().map(|list| list.into_iter().map(number).collect::<Option<Vec<_>>>());
    // A set that is known in part would lose the rest when it is written.
    let numbers = match numbers {
        Some(None) => return Err(format!("(id {id}) has a phone number without `id`")),
        known => known.flatten(),
    };
    let told_of = |number: Node<'_>| {
        let text = told(number.at("number"))?;
        Some((number.at("id").as_id()?, normalise::number(&text).into()))
    };
    let texts = listed.items().filter_map(told_of).collect();
    let [name, label, direction] = ["name", "label", "direction"].map(|field| told(json.at(field)));
    Ok((id, AgentRow { name, label, numbers, texts, direction }))
}

/// Reads a number from the list of a trunk.
pub(super) fn number(kinds: &Kinds, trunk: &Id, json: Node<'_>) -> Result<(Id, Row), String> {
    let (id, mut row) = read::row(&kinds.number, json)?;
    // Which trunk it is on says the list that it stands in, which agent uses it only the agents.
    row.attributes.remove("trunk");
    row.attributes.remove("agent");
    row.references =
        vec![Reference { attribute: "trunk", kind: KindName::Trunk, id: trunk.clone(), name: None }];
    match row.attributes.remove("country_code") {
        Some(Value::Text(code)) if !code.trim().is_empty() => {
            row.attributes.set("country_code", Value::Text(code.trim().to_ascii_uppercase().into()));
        }
        // A number is made anew where its country differs: never for one that the platform does not know.
        _ => {}
    }
    Ok((id, row))
}

/// What is bad about a trunk that is on.
pub(super) fn condition(trunk: Node<'_>) -> Option<Box<str>> {
    if trunk.at("is_active").as_bool() != Some(true) {
        return None;
    }
    let unverified = (trunk.at("is_verified").as_bool() == Some(false)).then(|| "not verified".to_owned());
    let health = told(trunk.at("health_status")).filter(|health| !health.eq_ignore_ascii_case("healthy"));
    let words: Vec<_> = unverified.into_iter().chain(health.map(String::from)).collect();
    if words.is_empty() {
        return None;
    }
    let checked = told(trunk.at("last_health_check_at")).map(|at| format!(", last checked {at}"));
    Some(format!("{}{}", words.join(", "), checked.unwrap_or_default()).into())
}
