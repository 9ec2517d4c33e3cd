//! Talkover: numbers live under their trunk, agents hold numbers as a whole set, and a trunk takes calls only once its connection was verified.
//! `types` says what a trunk and a number are, `observe` reads them one trunk at a time, `lower` writes the requests of a change, `calling`,
//! `handover` and `agent_sets` those of the agents' sets.
//! Whatever is assumed of Talkover and not documented stands here, in one place.
//!
//! # What Talkover's pages say
//! <https://docs.talkover.ai/en/api-reference/endpoints/create-sip-trunk> and the pages beside it: partial updates by PUT; lists of trunks are summaries; a new
//! domain, transport or credential un-verifies a trunk; a trunk with numbers can't be deleted (409), nor can a number that an agent has (409); a number can't be
//! changed or moved; `PUT /agents/{id}/calling` takes the direction, which must be there, and all numbers of the agent; the password is never returned.
//!
//! # What is assumed
//! | assumption | where it shows |
//! |---|---|
//! | a new port, proxy or realm un-verifies a trunk like a new domain does | `lower`, `CONNECTIVITY` |
//! | a trunk whose connection changes may stay on or not: it is switched off with the change, verified, switched on | `lower` |
//! | an unverified trunk can't be switched on | `lower` |
//! | `null` clears the proxy and the realm | `lower` |
//! | whether a port follows its transport is open: both are always sent together | `lower` |
//! | a verification that fails may come with any status: its body decides | `lower`, `expect.agrees` |
//! | an answer to a creation holds the id, in `data` or bare | `CREATED_ID` |
//! | lists and things come under `data`, or bare; `success: false` or an `error` is a refusal whatever the status | `provider::read` |
//! | the list of agents has pages and says how many; where it does not it is read until a page adds nothing | `provider::pages` |
//! | `phone_number_ids` is the whole set, `direction` is kept only by sending it again | `agent_sets` |
//! | what is in an agent's set and on no trunk is rented from Talkover, stays there and can't be made on a trunk | `calling`, `observe` |
//! | one number may be on two agents for a moment, while it goes from one to the other; where their calls go different ways it leaves the one first | `handover` |
//! | a number may be on an agent for calls in and on one for calls out: of several agents the one that a file names takes the place only of those whose calls go its way | `observe`, `agent_sets`, `scope::holders` |
//! | an agent without a direction refuses new numbers (422): it can't be guessed, so `null` is sent | `agent_sets` |
//! | a number's country may come in small letters; one without country is unknown | `rows` |
//! | an agent is known by its `name`, else by its `label` | `rows`, `scope::agents` |

mod agent_sets;
mod calling;
mod handover;
mod lower;
mod observe;
mod rows;
#[cfg(test)]
mod tests;
pub mod types;

use async_trait::async_trait;

use super::{Provider, countries};
use crate::api::{Api, ApiError};
use crate::model::{Account, Budget, Change, Draft, Drafted, Ids, Kinds, Reading, State};

/// The list of trunks, and what one is made with.
const TRUNKS: &str = "/sip-trunks";
/// The numbers of a trunk, below it.
const DIDS: &str = "/dids";
/// The list of agents.
const AGENTS: &str = "/agents";
/// The numbers of an agent, below it.
const CALLING: &str = "/calling";
/// Where an answer to a creation holds the id.
const CREATED_ID: [&str; 2] = ["/data/id", "/id"];

/// Talkover: numbers live under their trunk, agents hold them as a set.
pub struct Talkover;

#[async_trait]
impl Provider for Talkover {
    fn name(&self) -> &'static str {
        "talkover"
    }

    fn base_url(&self) -> &'static str {
        "https://app.talkover.ai/api/v1"
    }

    fn country(&self, number: &str) -> Option<&'static str> {
        countries::country(number)
    }

    /// <https://docs.talkover.ai>.
    fn edges(&self) -> &'static [&'static str] {
        &["talkover.ai"]
    }

    fn kinds(&self) -> &'static Kinds {
        types::kinds()
    }

    fn schema(&self) -> &'static serde_json::Value {
        types::schema()
    }

    fn starter(&self) -> &'static str {
        include_str!("starter.yaml")
    }

    /// 100 requests a minute with the standard plan (<https://docs.talkover.ai/en/api-reference/introduction>).
    fn budget(&self) -> Option<Budget> {
        Some(Budget { requests: 100, seconds: 60 })
    }

    /// Only its agents do.
    fn pages(&self) -> bool {
        false
    }

    async fn observe(&self, api: &Api, account: &Account, reading: Reading) -> Result<State, ApiError> {
        observe::observe(self.kinds(), api, account, reading).await
    }

    /// The requests of one change as far as they are its own: the agents' sets are those of [`Provider::lower_all`].
    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft> {
        lower::lower(self.kinds(), change, &State::default(), ids)
    }

    fn lower_all(&self, changes: Vec<Change>, live: &State, ids: &Ids) -> Vec<Drafted> {
        calling::lower_all(self.kinds(), changes, live, ids)
    }
}
