//! What is there: trunks with the numbers on them, all phone numbers of the account, and agents, read at the same time.
//! In: a client. Out: a complete state in which each number is a resource of its own and references are addresses.
//! Reads only; three requests, whatever the number of trunks, where the list of trunks tells their numbers and all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value as Json;

use crate::api::{Api, ApiError, Node, Problem};
use crate::model::{Account, Address, Agent, Id, KindName, Kinds, State, Value};
use crate::provider::read::{Directory, Reference, Row, Shared, distinct, fill};

use super::listed_trunks::{ListedTrunks, MAX_CONCURRENT_TRUNKS, trunk_id};
use super::mapped::Mapped;
use super::rows::{Answers, Phone, Trunk};
use super::{AGENTS, PHONE_NUMBERS, TRUNKS, numbers_of, pages, rows, unseen};

/// The attribute of a number that refers to its trunk.
const TRUNK: &str = "trunk";
/// The attribute of a number that refers to its agent.
const AGENT: &str = "agent";

/// What the lists told, sorted.
struct Sorted {
    /// By id.
    trunks: Vec<(Id, Row)>,
    /// By id, those that take calls first.
    numbers: Vec<Number>,
    /// The ids of all numbers that are or were on a trunk.
    known: HashSet<Id>,
}

/// A number as its trunk tells it.
struct Number {
    id: Id,
    trunk: Id,
    /// Whether its trunk takes calls.
    active: bool,
    /// What the row itself says of an agent.
    agent: Option<Answers>,
    row: Row,
}

/// Reads one account.
pub(super) async fn observe(kinds: &Kinds, api: &Api, account: &Account) -> Result<State, ApiError> {
    let before = api.requests();
    let (trunks, phones, agents) = tokio::try_join!(
        trunks(kinds, api),
        pages::all(api, PHONE_NUMBERS, Phone::of),
        pages::all(api, AGENTS, rows::agent)
    )?;
    let trunks = unseen::looked_for(kinds, api, trunks, &phones).await?;
    let Sorted { trunks, mut numbers, known } =
        taken_apart(kinds, trunks).map_err(|why| api.unusable(TRUNKS, &[], Problem::Unusable { why }))?;
    let mapped = Mapped::new(phones, |id| known.contains(id));
    map(&mut numbers, &mapped);
    let listed = agents.into_iter().collect::<Result<_, _>>();
    let listed = listed
        .map_err(|why| api.unusable(AGENTS, &[], Problem::Unusable { why: format!("an agent {why}") }))?;
    let mut state = State { agents: who(account, listed, &numbers), agents_listed: true, ..State::default() };
    let ids = state.agents.iter().map(|agent| ((KindName::Agent, agent.id.clone()), agent.address.clone()));
    let mut directory: Directory = ids.collect();
    let numbers = numbers.into_iter().map(|number| (number.id, number.row)).collect();
    fill(&mut state, (account, KindName::Trunk, Shared::Nobody), trunks, &mut directory);
    fill(&mut state, (account, KindName::Number, Shared::First), numbers, &mut directory);
    state.elsewhere =
        mapped.rented.iter().map(|text| Address::new(account, KindName::Number, text)).collect();
    state.requests = api.requests() - before;
    Ok(state)
}

/// Every trunk with its numbers; those whose numbers the list does not tell are asked for one by one.
async fn trunks(kinds: &Kinds, api: &Api) -> Result<ListedTrunks, ApiError> {
    let live = |row: Node<'_>| (!rows::is_deleted(row)).then(|| Trunk::of(kinds, row));
    let listed = pages::all(api, TRUNKS, live).await?;
    let whole = listed.into_iter().flatten().map(|Trunk { row, numbers }| async move {
        match numbers {
            Some(numbers) => Ok((row, numbers)),
            None => asked_for(kinds, api, row).await,
        }
    });
    stream::iter(whole).buffered(MAX_CONCURRENT_TRUNKS).try_collect().await
}

/// A trunk of the list with what it says when it is asked for alone, and its numbers.
async fn asked_for(kinds: &Kinds, api: &Api, mut row: Json) -> Result<(Json, Vec<rows::Number>), ApiError> {
    let id = trunk_id(api, &row)?;
    let body = api.read(&format!("{TRUNKS}/{}", id.to_segment()), &[]).await?;
    let alone = [body.root().at("data"), body.root()].into_iter().find(|json| json.is_map());
    let alone = Trunk::of(kinds, alone.unwrap_or(Node::Null));
    let numbers = match alone.numbers {
        Some(numbers) => numbers,
        None => {
            let number = |row: Node<'_>| rows::Number::of(kinds, row);
            pages::all(api, &numbers_of(&id.to_segment()), number).await?
        }
    };
    if let (Some(row), Json::Object(alone)) = (row.as_object_mut(), alone.row) {
        row.extend(alone);
    }
    Ok((row, numbers))
}

/// Trunks, and the numbers on them; the error says which row lacks what.
fn taken_apart(kinds: &Kinds, told: ListedTrunks) -> Result<Sorted, String> {
    let (mut trunks, mut numbers) = (Vec::with_capacity(told.len()), Vec::new());
    let mut known = HashSet::new();
    for (at, (row, on_it)) in told.into_iter().enumerate() {
        let active = row["is_active"] != false;
        let (id, row) = rows::trunk(&kinds.trunk, row).map_err(|why| format!("row {} {why}", at + 1))?;
        known.extend(on_it.iter().filter_map(|number| number.id.clone()));
        for rows::Number { agent, row, .. } in on_it.into_iter().filter(|number| !number.deleted) {
            let (number_id, mut row) = row.map_err(|why| format!("a number on trunk {id} {why}"))?;
            row.references.clear();
            row.references.push(refers(TRUNK, KindName::Trunk, id.clone()));
            numbers.push(Number { id: number_id, trunk: id.clone(), active, agent, row });
        }
        trunks.push((id, row));
    }
    trunks.sort_by(|(a, _), (b, _)| a.cmp(b));
    numbers.sort_by(|a, b| (!a.active, &a.id).cmp(&(!b.active, &b.id)));
    once(&numbers)?;
    Ok(Sorted { trunks, numbers, known })
}

/// Nothing may be done to a number that the platform shows on two trunks at once under one id.
fn once(numbers: &[Number]) -> Result<(), String> {
    let mut on: HashMap<&Id, &Id> = HashMap::with_capacity(numbers.len());
    for Number { id, trunk, .. } in numbers {
        if let Some(other) = on.insert(id, trunk) {
            return Err(format!("number {id} is on trunk {other} and on trunk {trunk}"));
        }
    }
    Ok(())
}

fn refers(attribute: &'static str, kind: KindName, id: Id) -> Reference {
    Reference { attribute, kind, id, name: None }
}

/// Adds to each number who answers it.
fn map(numbers: &mut [Number], mapped: &Mapped) {
    for Number { id, agent, row, .. } in numbers {
        row.attributes.remove(AGENT);
        match mapped.answers((id, &row.name), agent.as_ref()) {
            Answers::Agent(agent) => row.references.push(refers(AGENT, KindName::Agent, agent)),
            Answers::Nobody => row.attributes.set(AGENT, Value::Null),
            Answers::Unknown => {}
        }
    }
}

/// All agents that are listed or that answer a number, by address. One that only a number tells of is called by its id.
fn who(account: &Account, listed: Vec<(Id, Option<Box<str>>)>, numbers: &[Number]) -> Vec<Agent> {
    let mut names: BTreeMap<Id, Option<Box<str>>> = listed.into_iter().collect();
    let references = numbers.iter().flat_map(|number| &number.row.references);
    for reference in references.filter(|reference| reference.kind == KindName::Agent) {
        names.entry(reference.id.clone()).or_default();
    }
    let called: Vec<_> =
        names.iter().map(|(id, name)| (name.clone().unwrap_or_else(|| id.to_string().into()), id)).collect();
    let agent = |(name, (_, id)): (Box<str>, &(_, &Id))| {
        Agent::new(Address::new(account, KindName::Agent, &name), Id::clone(id))
    };
    let mut agents: Vec<_> = distinct(&called, Shared::Nobody).into_iter().zip(&called).map(agent).collect();
    agents.sort_by(|a, b| a.address.cmp(&b.address));
    agents
}
