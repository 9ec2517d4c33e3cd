//! Bolna: trunks with the numbers on them; who answers a number stands in a list of its own.
//! `types` says what a trunk and a number are, `observe` reads them in three requests (more where the lists do not fit together), `lower` writes the requests of a change.
//! Whatever is assumed of Bolna and not documented, or documented in two ways, stands here, in one place.
//!
//! # What Bolna's pages say
//! <https://www.bolna.ai/docs/api-reference/sip-trunks/get_all>, <https://www.bolna.ai/docs/api-reference/sip-trunks/update>: partial updates by PATCH, but lists
//! are replaced as a whole; the name of a trunk is unique; its password is never returned; a trunk that is deleted takes its numbers along, and they may still be
//! listed as `deleted`; a number can't be changed; the lists lag for a couple of seconds; a bad token is answered by 403.
//!
//! # What is assumed
//! | assumption | where it shows |
//! |---|---|
//! | `provider`, `auth_type`, `direct_media`, `rtp_symmetric` and `force_rport` of a trunk can't be changed in place (the pages disagree on the last three) | `types` (`x-immutable`) |
//! | the other fields of a trunk can be changed, `null` clears them, and `[]` empties a list | `lower`, `lists` |
//! | in a list that is sent, a gateway without `port` or `priority` gets 5060 and 1; one that is listed with `null` there has them | `lists`, `rows` |
//! | `false`, `null` and `"no"` of `media_encryption` are the same; a row without it tells nothing | `rows` |
//! | a number may not be on two active trunks, but on others beside; then the one on an active trunk has the plain address | `observe` |
//! | a trunk without `phone_numbers` in the list has them when it is asked for alone, or below `/numbers` | `observe` |
//! | `/phone-numbers/all` lists the numbers of trunks by the ids that the trunks list, or else by their digits and not as `rented` | `mapped` |
//! | a number there that is not `rented` and whose `telephony_provider` is `sip-trunk` or not told is a trunk's; where no trunk in the list shows it, `/numbers` of each trunk is read and both count | `unseen` |
//! | a number that neither that list nor its own row tells an agent of has none | `mapped` |
//! | an answer to a creation holds the id, bare or in `data` | `CREATED_ID` |
//! | lists come as one array, or as `data` with `total` and `has_more`, and then take `page_number` and `page_size` | `pages` |
//! | what was made is in its list within ten seconds, and a row in the list of numbers says `deleted: false` | `SHOWN_WITHIN`, `lower` |
//! | a number that its trunk lists can be given to an agent | `lower` |
//! | to give a number to an agent again is harmless, and leaves no gap where another agent had it | `lower` |
//! | ids are any text | `lower` |
//! | what is `rented` and on no trunk can't be put on one | `mapped` |

mod listed_trunks;
mod lists;
mod lower;
mod mapped;
mod names;
mod observe;
mod pages;
mod rows;
#[cfg(test)]
mod tests;
pub mod types;
mod unseen;

use async_trait::async_trait;

use self::lower::Known;
use self::names::Names;
use super::Provider;
use crate::api::{Api, ApiError};
use crate::model::{Account, Budget, Change, Draft, Drafted, Ids, Kinds, Reading, State};

/// The list of trunks, and what one is made with.
const TRUNKS: &str = "/sip-trunks/trunks";
/// All phone numbers of the account, each with the agent that answers it.
const PHONE_NUMBERS: &str = "/phone-numbers/all";
/// The list of agents.
const AGENTS: &str = "/v2/agent/all";
/// Where an answer to a creation holds the id.
const CREATED_ID: [&str; 2] = ["/id", "/data/id"];
/// Seconds until a list shows what was made.
const SHOWN_WITHIN: u32 = 10;

/// The numbers on a trunk, by its segment of a path, and what one is made with.
fn numbers_of(trunk: &str) -> String {
    format!("{TRUNKS}/{trunk}/numbers")
}

/// Bolna: trunks with the numbers on them.
pub struct Bolna;

#[async_trait]
impl Provider for Bolna {
    fn name(&self) -> &'static str {
        "bolna"
    }

    fn base_url(&self) -> &'static str {
        "https://api.bolna.ai"
    }

    /// <https://www.bolna.ai/docs/migrating-to-sip-trunks/overview.md>: `sip.bolna.ai` and `trunk.bolna.ai` are its SIP edges, the addresses are theirs.
    fn edges(&self) -> &'static [&'static str] {
        &["bolna.ai", "13.200.45.61", "15.252.21.46", "13.206.230.198"]
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

    /// 1000 requests a minute for everything that is asked for here (<https://www.bolna.ai/docs/api-reference/rate-limiting>).
    fn budget(&self) -> Option<Budget> {
        Some(Budget { requests: 1000, seconds: 60 })
    }

    /// Its lists are one array each.
    fn pages(&self) -> bool {
        false
    }

    /// Three requests whatever is wanted, and a trunk that is made anew takes along who answers its numbers: everything is always read.
    async fn observe(&self, api: &Api, account: &Account, _: Reading) -> Result<State, ApiError> {
        observe::observe(self.kinds(), api, account).await
    }

    /// As [`Provider::lower_all`], without knowing what is live: a number on a trunk that goes or is made anew can't be reached.
    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft> {
        let (live, kinds) = (State::default(), self.kinds());
        let names = Names::new(kinds, &live);
        Known { kinds, ids, live: &live, names: &names }.lower(change)
    }

    fn lower_all(&self, changes: Vec<Change>, live: &State, ids: &Ids) -> Vec<Drafted> {
        let kinds = self.kinds();
        let names = Names::new(kinds, live);
        let known = Known { kinds, ids, live, names: &names };
        changes.into_iter().map(|change| Drafted { drafts: known.lower(&change), change }).collect()
    }
}
