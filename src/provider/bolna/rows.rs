//! What single rows of Bolna mean, where they say it in several ways.
//! In: JSON as it came. Out: the same in the spelling that `provider::read` takes, or the few fields that are needed.
//! Never guesses what a row does not tell.

use serde_json::Value as Json;

use crate::api::{Node, Tree};
use crate::model::{Id, Kind, Kinds, normalise};
use crate::provider::read::{self, Row, told};

/// Where a trunk holds its numbers.
const NUMBERS: &str = "phone_numbers";
/// What a number of a trunk has for its provider.
const ON_A_TRUNK: &str = "sip-trunk";
/// How audio is encrypted.
const ENCRYPTION: &str = "media_encryption";
/// Where a trunk holds its gateways.
const GATEWAYS: &str = "gateways";
/// What a gateway has where it was made without; <https://www.bolna.ai/docs/api-reference/sip-trunks/create>.
const DEFAULTS: [(&str, i64); 2] = [("port", 5060), ("priority", 1)];

/// A trunk as a list told it.
pub(super) struct Trunk {
    /// Its row, without its numbers.
    pub(super) row: Json,
    /// The numbers that the row holds; none where it tells only how many there are, or nothing.
    pub(super) numbers: Option<Vec<Number>>,
}

/// A number as its trunk told it.
pub(super) struct Number {
    /// Its id, where the row has one.
    pub(super) id: Option<Id>,
    /// It without what is no part of a number, where the row tells it.
    pub(super) digits: Option<Box<str>>,
    /// Whether the row is only there to say that it was deleted.
    pub(super) deleted: bool,
    /// What the row itself says of an agent.
    pub(super) agent: Option<Answers>,
    /// What is known of it, or what the row lacks.
    pub(super) row: Result<(Id, Row), String>,
}

/// A phone number of the account.
pub(super) struct Phone {
    /// Its id, where the row has one.
    pub(super) id: Option<Id>,
    /// It without what is no part of a number, where the row tells it.
    pub(super) digits: Option<Box<str>>,
    /// Whether the row is only there to say that it was deleted.
    pub(super) deleted: bool,
    /// Whether it is rented from Bolna itself.
    pub(super) rented: bool,
    /// Whether it is one of a trunk, as far as its row tells: not rented, and of no provider that is connected in another way.
    pub(super) of_a_trunk: bool,
    /// Who answers it, where the row says something of that.
    pub(super) agent: Option<Answers>,
}

/// Who answers a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answers {
    /// This agent.
    Agent(Id),
    /// Nobody.
    Nobody,
    /// What the platform says is neither an id nor nothing.
    Unknown,
}

/// Whether a row is only there to say that it was deleted: the numbers of a deleted trunk, for one.
pub(super) fn is_deleted(row: Node<'_>) -> bool {
    row.at("deleted").as_bool() == Some(true)
}

impl Trunk {
    /// Takes a row apart.
    pub(super) fn of(kinds: &Kinds, row: Node<'_>) -> Self {
        let listed = row.at(NUMBERS).as_list().filter(|list| list.into_iter().all(Node::is_map));
        let numbers = listed.map(|list| list.into_iter().map(|row| Number::of(kinds, row)).collect());
        let row = if let Node::Map(row) = row { row.without(NUMBERS) } else { row.to_json() };
        Self { row, numbers }
    }
}

impl Number {
    /// Reads a row.
    pub(super) fn of(kinds: &Kinds, row: Node<'_>) -> Self {
        Self {
            id: row.at("id").as_id(),
            digits: digits(row),
            deleted: is_deleted(row),
            agent: answers(row),
            row: read::row(&kinds.number, row),
        }
    }
}

impl Phone {
    /// Reads a row.
    pub(super) fn of(row: Node<'_>) -> Self {
        let provider = row.at("telephony_provider").as_str().map(str::trim).filter(|name| !name.is_empty());
        let (deleted, rented) = (is_deleted(row), row.at("rented").as_bool() == Some(true));
        Self {
            id: row.at("id").as_id(),
            digits: digits(row),
            deleted,
            rented,
            of_a_trunk: !rented && !deleted && provider.is_none_or(|name| name == ON_A_TRUNK),
            agent: answers(row),
        }
    }
}

fn digits(row: Node<'_>) -> Option<Box<str>> {
    Some(normalise::number(row.at("phone_number").as_str()?).into())
}

fn answers(row: Node<'_>) -> Option<Answers> {
    Some(match row.get("agent_id")? {
        Node::Null => Answers::Nobody,
        Node::Text(text) if text.trim().is_empty() => Answers::Nobody,
        told => told.as_id().map_or(Answers::Unknown, Answers::Agent),
    })
}

/// Reads a trunk; the error says what the row lacks.
pub(super) fn trunk(kind: &Kind, mut json: Json) -> Result<(Id, Row), String> {
    // A bare `no` in Bolna's own description is `false` to YAML, so some answers say `false`, or nothing at all where there is no encryption.
    if let Some(encryption @ (Json::Null | Json::Bool(false))) = json.get_mut(ENCRYPTION) {
        *encryption = "no".into();
    }
    for gateway in json.get_mut(GATEWAYS).and_then(Json::as_array_mut).into_iter().flatten() {
        for (part, default) in DEFAULTS {
            let Some(told) = gateway.get_mut(part) else { continue };
            match told.as_str().map(|text| text.trim().parse::<i64>()) {
                Some(Ok(number)) => *told = number.into(),
                None if told.is_null() => *told = default.into(),
                _ => {}
            }
        }
    }
    read::row(kind, Tree::from(json).root())
}

/// Reads an agent: its id and its name, where it has one.
pub(super) fn agent(json: Node<'_>) -> Result<(Id, Option<Box<str>>), String> {
    let id = read::id(json)?;
    Ok((id, told(json.at("agent_name"))))
}
