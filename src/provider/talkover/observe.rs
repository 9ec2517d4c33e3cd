//! What is there: every trunk and its numbers, one request each, and the pages of agents, which alone know who uses a number.
//! In: a client. Out: a state in which references are addresses, complete as far as was asked.
//! Reads only; never takes half a list for a whole one, and never a number for free that an agent may have.

use std::collections::{BTreeSet, HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::api::{self, Api, ApiError, Extent, Node, Problem};
use crate::model::{Account, Address, Agent, Id, KindName, Kinds, Reading, State, Value};
use crate::provider::pages;
use crate::provider::read::{self, Directory, Reference, Row, Shared, distinct, fill};

use super::rows::{self, AgentRow};
use super::{AGENTS, DIDS, TRUNKS};

/// Trunks, or agents, that are asked for at the same time.
const AT_ONCE: usize = 8;
/// Times that everything is read again because something went while it was read.
const AGAIN: usize = 3;

/// Rows of a list, by id.
type Rows = Vec<(Id, Row)>;

/// Reads one account.
pub(super) async fn observe(
    kinds: &Kinds,
    api: &Api,
    account: &Account,
    reading: Reading,
) -> Result<State, ApiError> {
    let before = api.requests();
    let everything = reading == Reading::Everything;
    let agents = async { if everything { agents(api).await } else { Ok(Vec::new()) } };
    let ((trunks, mut numbers), agents) = tokio::try_join!(trunks(kinds, api, reading), agents)?;
    let elsewhere = elsewhere(account, &numbers, &agents);
    let agents = named(account, agents);
    used_by(&mut numbers, &agents);
    let mut directory = Directory::new();
    for agent in &agents {
        directory.insert((KindName::Agent, agent.id.clone()), agent.address.clone());
    }
    let mut state = State { agents, agents_listed: everything, elsewhere, ..State::default() };
    fill(&mut state, (account, KindName::Trunk, Shared::Nobody), trunks, &mut directory);
    fill(&mut state, (account, KindName::Number, Shared::First), numbers, &mut directory);
    state.requests = api.requests() - before;
    Ok(state)
}

/// The trunks and their numbers, read again until nothing went meanwhile.
async fn trunks(kinds: &Kinds, api: &Api, reading: Reading) -> Result<(Rows, Rows), ApiError> {
    let mut why = String::new();
    for _ in 0..=AGAIN {
        let ids = listed(api).await?;
        let (one, mut done) = (|id| trunk(kinds, api, id, reading), 0);
        let read = stream::iter(ids.clone()).map(one).buffered(AT_ONCE).inspect_ok(|_| {
            done += 1;
            api.has_read(TRUNKS, done, Some(ids.len()));
        });
        let read: Vec<_> = read.try_collect().await?;
        match fits(&ids, read) {
            Ok(rows) => return Ok(rows),
            Err(broken) => why = broken,
        }
        tracing::info!(why = api.hide_token(&why), "the trunks changed while they were read");
    }
    let why = format!("the trunks kept changing while they were read: {why}");
    Err(api.unusable(TRUNKS, &[], Problem::Incomplete { why }))
}

/// The ids of all trunks, in order. The list tells too little to be used for more: no port, user name, proxy or realm.
async fn listed(api: &Api) -> Result<Vec<Id>, ApiError> {
    let rows = list(api, TRUNKS, read::id).await?;
    let mut ids = rows;
    ids.sort();
    Ok(ids)
}

/// One trunk with its numbers; nothing where it is gone.
async fn trunk(
    kinds: &Kinds,
    api: &Api,
    id: Id,
    reading: Reading,
) -> Result<Option<((Id, Row), Rows)>, ApiError> {
    let path = format!("{TRUNKS}/{}", id.to_segment());
    let dids = format!("{path}{DIDS}");
    let numbers = async {
        match reading {
            Reading::Everything => gone(list(api, &dids, |row| rows::number(kinds, &id, row)).await),
            Reading::Trunks => Ok(Some(Vec::new())),
        }
    };
    let trunk = async { gone(object(api, &path, |json| this(kinds, &id, json)).await) };
    let (trunk, numbers) = tokio::try_join!(trunk, numbers)?;
    Ok(trunk.zip(numbers))
}

/// Reads a trunk, which must be the one that was asked for.
fn this(kinds: &Kinds, asked: &Id, json: Node<'_>) -> Result<(Id, Row), String> {
    let (id, row) = read::row(&kinds.trunk, json)?;
    if id != *asked {
        return Err(format!("is another trunk ({id})"));
    }
    Ok((id, Row { condition: rows::condition(json), ..row }))
}

/// Nothing, where the platform says that there is no such thing.
fn gone<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Err(error) if error.is_gone() => Ok(None),
        answer => answer.map(Some),
    }
}

/// All rows, if none is there twice and none was missing.
fn fits(ids: &[Id], read: Vec<Option<((Id, Row), Rows)>>) -> Result<(Rows, Rows), String> {
    let (mut trunks, mut numbers) = (Rows::new(), Rows::new());
    for (id, read) in ids.iter().zip(read) {
        let (trunk, mut on_it) = read.ok_or_else(|| format!("trunk {id} is listed, and is not there"))?;
        trunks.push(trunk);
        numbers.append(&mut on_it);
    }
    for rows in [&trunks, &numbers] {
        let mut seen = HashSet::with_capacity(rows.len());
        if let Some((twice, _)) = rows.iter().find(|(id, _)| !seen.insert(id)) {
            return Err(format!("id {twice} came twice"));
        }
    }
    numbers.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok((trunks, numbers))
}

/// All agents with their numbers; one that its list does not say the numbers of is asked for by itself.
async fn agents(api: &Api) -> Result<Vec<(Id, AgentRow)>, ApiError> {
    for _ in 0..=AGAIN {
        let listed = pages::all(api, AGENTS, rows::agent).await?;
        let whole = stream::iter(listed).map(|row| with_numbers(api, row)).buffered(AT_ONCE);
        let whole: Vec<_> = whole.try_collect().await?;
        if let Some(whole) = whole.into_iter().collect() {
            return Ok(whole);
        }
        tracing::info!("an agent went while it was read");
    }
    let why = "the list of agents has one that is not there".into();
    Err(api.unusable(AGENTS, &[], Problem::Incomplete { why }))
}

async fn with_numbers(api: &Api, (id, row): (Id, AgentRow)) -> Result<Option<(Id, AgentRow)>, ApiError> {
    if row.numbers.is_some() {
        return Ok(Some((id, row)));
    }
    let path = format!("{AGENTS}/{}", id.to_segment());
    let told = |json: Node<'_>| match rows::agent(json)? {
        (_, AgentRow { numbers: None, .. }) => Err("does not say its `phone_numbers`".into()),
        (_, whole) => Ok((id.clone(), AgentRow { name: whole.name.or_else(|| row.name.clone()), ..whole })),
    };
    gone(object(api, &path, told).await)
}

/// The numbers that agents have and no trunk: Talkover rents them out itself.
fn elsewhere(account: &Account, numbers: &Rows, agents: &[(Id, AgentRow)]) -> BTreeSet<Address> {
    let on_trunks: HashSet<&Id> = numbers.iter().map(|(id, _)| id).collect();
    let held = agents.iter().flat_map(|(_, row)| &row.texts).filter(|(id, _)| !on_trunks.contains(id));
    held.map(|(_, text)| Address::new(account, KindName::Number, text)).collect()
}

/// The agents by address. Without a name an agent is called by its id.
fn named(account: &Account, rows: Vec<(Id, AgentRow)>) -> Vec<Agent> {
    let name = |(id, row): &(Id, AgentRow)| row.name.clone().unwrap_or_else(|| id.to_string().into());
    let called: Vec<_> = rows.iter().map(|row| (name(row), &row.0)).collect();
    let names = distinct(&called, Shared::Nobody);
    let agent = |(name, (id, row)): (Box<str>, (Id, AgentRow))| Agent {
        label: row.label,
        numbers: row.numbers,
        direction: row.direction,
        ..Agent::new(Address::new(account, KindName::Agent, &name), id)
    };
    let mut agents: Vec<_> = names.into_iter().zip(rows).map(agent).collect();
    agents.sort_by(|a, b| a.address.cmp(&b.address));
    agents
}

/// Tells each number its agent. Of several nobody knows here which one is meant: its agent stays unknown.
fn used_by(numbers: &mut Rows, agents: &[Agent]) {
    let mut users: HashMap<&Id, Vec<&Agent>> = HashMap::new();
    for agent in agents {
        for number in agent.numbers.iter().flatten() {
            let users = users.entry(number).or_default();
            // A set that names a number twice is still one agent's; the last one is this one, or none is.
            if users.last().is_none_or(|last| last.address != agent.address) {
                users.push(agent);
            }
        }
    }
    for (id, row) in numbers {
        match users.get(id).map_or(&[][..], Vec::as_slice) {
            [] => row.attributes.set("agent", Value::Null),
            [agent] => row.references.push(Reference {
                attribute: "agent",
                kind: KindName::Agent,
                id: agent.id.clone(),
                name: None,
            }),
            several => tracing::warn!(
                number = &*row.name,
                agents = several.len(),
                "a number is used by several agents: which one it should have is left alone"
            ),
        }
    }
}

/// Every row of a list that has no pages.
async fn list<T>(
    api: &Api,
    path: &str,
    take: impl Fn(Node<'_>) -> Result<T, String>,
) -> Result<Vec<T>, ApiError> {
    let body = api.read(path, &[]).await?;
    let unusable = |why| api.unusable(path, &[], Problem::Unusable { why });
    let rows = api::rows(body.root()).map_err(unusable)?;
    // The pages show none; an answer that speaks of more than it holds is not all there is.
    Extent::of(body.root(), rows.len())
        .and_then(|extent| extent.is_all(rows.len()))
        .map_err(|why| api.unusable(path, &[], Problem::Incomplete { why }))?;
    rows.into_iter()
        .enumerate()
        .map(|(at, row)| take(row).map_err(|why| unusable(format!("row {} {why}", at + 1))))
        .collect()
}

/// One thing.
async fn object<T>(
    api: &Api,
    path: &str,
    take: impl Fn(Node<'_>) -> Result<T, String>,
) -> Result<T, ApiError> {
    let body = api.read(path, &[]).await?;
    let unusable = |why| api.unusable(path, &[], Problem::Unusable { why });
    take(api::object(body.root()).map_err(unusable)?).map_err(|why| unusable(format!("what is there {why}")))
}
