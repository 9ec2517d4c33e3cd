//! What is there: trunks, numbers and agents, read at the same time.
//! In: a client. Out: a complete state in which references are addresses, whatever order the platform listed things in.
//! Reads only; never takes half a list for a whole one.

use std::collections::{BTreeMap, HashSet};

use crate::api::{Api, ApiError, Problem};
use crate::model::{Account, Address, Agent, Id, KindName, Kinds, State};
use crate::provider::pages;
use crate::provider::read::{self, Directory, Row, Shared, distinct, fill};

use super::rows::{self, AgentRow};
use super::{AGENTS, NUMBERS, TRUNKS};

/// Times that both lists are read again because a number refers to a trunk that is not listed.
const AGAIN: usize = 3;

/// Rows of a list, by id.
type Rows = Vec<(Id, Row)>;

/// Reads one account.
pub(super) async fn observe(kinds: &Kinds, api: &Api, account: &Account) -> Result<State, ApiError> {
    let before = api.requests();
    let ((trunks, numbers), agents) = tokio::try_join!(managed(kinds, api), agents(api))?;
    let mut directory = Directory::new();
    let agents_listed = agents.is_some();
    let agents = who(account, agents.unwrap_or_default(), &numbers);
    let mut state = State { agents, agents_listed, ..State::default() };
    for agent in &state.agents {
        directory.insert((agent.address.kind, agent.id.clone()), agent.address.clone());
    }
    fill(&mut state, (account, KindName::Trunk, Shared::Nobody), trunks, &mut directory);
    fill(&mut state, (account, KindName::Number, Shared::First), numbers, &mut directory);
    state.requests = api.requests() - before;
    Ok(state)
}

/// The trunks and the numbers, read again until they fit together: a number that can't be followed to its trunk is no reason to act.
async fn managed(kinds: &Kinds, api: &Api) -> Result<(Rows, Rows), ApiError> {
    let mut readings = 0;
    loop {
        let (trunks, numbers) = tokio::try_join!(
            pages::all(api, TRUNKS, |json| read::row(&kinds.trunk, json)),
            pages::all(api, NUMBERS, |json| read::row(&kinds.number, json)),
        )?;
        let Some(why) = dangling(&trunks, &numbers) else { return Ok((trunks, numbers)) };
        if readings == AGAIN {
            let why = format!("the lists of trunks and numbers do not fit together: {why}");
            return Err(api.unusable(NUMBERS, &[], Problem::Incomplete { why }));
        }
        readings += 1;
        tracing::info!(readings, "a number refers to a trunk that is not listed");
    }
}

/// The first number whose trunk is not in the list of trunks, in words.
fn dangling(trunks: &Rows, numbers: &Rows) -> Option<String> {
    let known: HashSet<&Id> = trunks.iter().map(|(id, _)| id).collect();
    let of_trunks = |row: &'_ Row| {
        row.references
            .iter()
            .find(|r| r.kind == KindName::Trunk && !known.contains(&r.id))
            .map(|r| r.id.clone())
    };
    numbers.iter().find_map(|(_, row)| {
        Some(format!("`{}` refers to trunk {}, which is not listed", row.name, of_trunks(row)?))
    })
}

/// The agents that their list tells of. The list is on no page of the documentation: where there is none, names come from the numbers.
async fn agents(api: &Api) -> Result<Option<Vec<(Id, AgentRow)>>, ApiError> {
    match pages::all(api, AGENTS, rows::agent).await {
        Err(error) if is_missing(&error) => {
            tracing::debug!(problem = %error.problem(), "no list of agents");
            Ok(None)
        }
        agents => agents.map(Some),
    }
}

/// Whether an answer says that there is no such list, rather than that it could not be read now.
fn is_missing(error: &ApiError) -> bool {
    match error.problem() {
        Problem::Unauthorized { status } | Problem::Refused { status } => matches!(status, 403..=405),
        // An answer with such an id is an attack, or broken, and nothing of the account is to be trusted.
        Problem::Unusable { why } => !why.contains(read::UNSAFE_ID),
        Problem::Redirect { .. } | Problem::NotJson { .. } => true,
        _ => false,
    }
}

/// All agents that are listed or that a number refers to, by address. Without a name an agent is called by its id.
fn who(account: &Account, listed: Vec<(Id, AgentRow)>, numbers: &[(Id, Row)]) -> Vec<Agent> {
    let mut names: BTreeMap<(KindName, Id), Option<Box<str>>> = BTreeMap::new();
    for (id, AgentRow { kinds, name }) in listed {
        for &kind in kinds {
            names.insert((kind, id.clone()), name.clone());
        }
    }
    let references = numbers.iter().flat_map(|(_, row)| &row.references);
    for reference in references.filter(|reference| reference.kind != KindName::Trunk) {
        let name = names.entry((reference.kind, reference.id.clone())).or_default();
        if name.is_none() {
            name.clone_from(&reference.name);
        }
    }
    let mut agents = Vec::with_capacity(names.len());
    for kind in [KindName::VoiceAgent, KindName::TextAgent] {
        let called: Vec<_> = names
            .iter()
            .filter(|((of, _), _)| *of == kind)
            .map(|((_, id), name)| (name.clone().unwrap_or_else(|| id.to_string().into()), id))
            .collect();
        for (name, (_, id)) in distinct(&called, Shared::Nobody).into_iter().zip(&called) {
            agents.push(Agent::new(Address::new(account, kind, &name), Id::clone(id)));
        }
    }
    agents.sort_by(|a, b| a.address.cmp(&b.address));
    agents
}
