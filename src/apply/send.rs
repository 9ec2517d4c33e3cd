//! One step over the wire.
//! In: a step, the ids that earlier steps made, the secrets. Out: what became of it, in the words of the report.
//! Secrets are in memory as plain text only while the request is under way, and in no word that comes out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::fill::{self, Filled, Made};
use super::secrets::Secrets;
use crate::api::{Answer, Api, ApiError};
use crate::model::{Account, Id, Outcome, Step};

/// What became of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Done, failed or uncertain.
    pub outcome: Outcome,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// What there is to say of a step that was done in an unusual way.
    pub because: Option<String>,
    /// The id of what it made.
    pub id: Option<Id>,
}

/// Sends steps to their accounts and remembers the ids that they make.
pub struct Sender {
    apis: BTreeMap<Account, Arc<Api>>,
    secrets: Secrets,
    made: Mutex<Made>,
}

impl Sent {
    /// A step that was done as expected.
    pub fn done(status: u16) -> Self {
        Self { outcome: Outcome::Done, status: Some(status), error: None, because: None, id: None }
    }

    /// A step that was not done.
    pub fn failed(error: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, status: None, error: Some(error.into()), because: None, id: None }
    }
}

impl Sender {
    /// A sender for the accounts of a plan.
    pub fn new(apis: BTreeMap<Account, Arc<Api>>, secrets: Secrets) -> Self {
        Self { apis, secrets, made: Mutex::default() }
    }

    /// Fills a step's placeholders and sends it.
    pub async fn send(self: Arc<Self>, step: Step) -> Sent {
        let Some(api) = self.apis.get(&step.address.account) else {
            return Sent::failed(format!("there is no connection to `{}`", step.address.account));
        };
        let filled = {
            let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            fill::fill(&step.request, &made, &self.secrets)
        };
        let Filled { path, body } = match filled {
            Ok(filled) => filled,
            Err(why) => return Sent::failed(why),
        };
        let answered = api.send(&step.request.method, &path, body.as_ref()).await;
        drop(body);
        match answered {
            Ok(answer) => {
                let sent = self.answered(&step, &answer);
                Sent { id: sent.id.map(|id| self.shown(api, id)), ..sent }
            }
            Err(error) => self.refused(&step, self.secrets.hidden(error)),
        }
    }

    fn answered(&self, step: &Step, answer: &Answer) -> Sent {
        let done = Sent::done(answer.status);
        if !step.expect.makes() {
            return done;
        }
        let id = step.expect.id.iter().find_map(|pointer| Id::from_json(answer.body.pointer(pointer)?));
        match id {
            Some(id) => {
                let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
                made.insert(step.address.clone(), id.clone());
                Sent { id: Some(id), ..done }
            }
            None => Sent {
                outcome: Outcome::Uncertain,
                error: Some(format!("the answer has no id at {}", step.expect.id.join(" or "))),
                ..done
            },
        }
    }

    /// An id as it may be written down: a platform may well make one of what it was sent.
    fn shown(&self, api: &Api, id: Id) -> Id {
        match id {
            Id::Int(_) => id,
            Id::Text(text) => Id::Text(api.hide_token(&self.secrets.hidden_in(text.into())).into()),
        }
    }

    fn refused(&self, step: &Step, error: ApiError) -> Sent {
        if step.request.method == "DELETE" && error.is_gone() {
            return Sent { because: Some("it was gone already".into()), ..Sent::done(404) };
        }
        let outcome = if error.is_uncertain() { Outcome::Uncertain } else { Outcome::Failed };
        Sent { outcome, status: error.status(), error: Some(error.to_string()), because: None, id: None }
    }
}
