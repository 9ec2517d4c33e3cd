//! One step over the wire.
//! In: a step, the ids that earlier steps made, the secrets. Out: what became of it, in the words of the report.
//! Secrets are in memory as plain text only while the request is under way, and in no word that comes out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::time::Instant;

use super::fill::{self, Filled, Made};
use super::found;
use super::look::Look;
use super::lost;
use super::secrets::Secrets;
use crate::api::{Answer, Api, ApiError, Body, Bounds, Writer};
use crate::model::{Account, Address, Expect, Id, Outcome, Step};

/// How long to look for what a 422 may mean: mostly that the request is wrong, and then nobody wants to wait; at times that the thing is there, and lists lag by a
/// second or two.
const SHORT: Duration = Duration::from_secs(3);

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

/// What a look at the platform's list led to.
enum Looked {
    /// What became of the step is as clear as it can be.
    Settled,
    /// The thing was not made.
    Absent,
}

/// Sends steps to their accounts and remembers the ids that they make.
pub struct Sender {
    apis: BTreeMap<Account, Writer>,
    secrets: Secrets,
    made: Mutex<Made>,
    /// A request that makes something is not begun a second time so late after the first.
    pub(super) latest: Duration,
    /// The longest time for which a list is read again.
    longest_poll: Duration,
}

impl Sent {
    /// A step that was done as expected.
    pub fn done(status: u16) -> Self {
        Self { outcome: Outcome::Done, status: Some(status), error: None, because: None, id: None }
    }

    /// A step that had nothing left to do.
    fn gone() -> Self {
        Self { because: Some("it was gone already".into()), ..Self::done(404) }
    }

    /// The same step, as one that was done all the same.
    fn as_done(&self) -> Self {
        Self { outcome: Outcome::Done, status: self.status, error: None, because: None, id: None }
    }

    /// Adds to what went wrong.
    fn adds(&mut self, what: &str) {
        let error = self.error.take().unwrap_or_default();
        self.error = Some(format!("{error}; {what}"));
    }

    /// A step that was not done.
    pub fn failed(error: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, status: None, error: Some(error.into()), because: None, id: None }
    }
}

impl Sender {
    /// A sender for the accounts of a plan.
    pub fn new(apis: BTreeMap<Account, Writer>, secrets: Secrets) -> Self {
        let (made, latest) = (Mutex::default(), Bounds::default().total);
        Self { apis, secrets, made, latest, longest_poll: Duration::MAX }
    }

    /// The same, which reads no list again for longer than this, whatever a step allows.
    #[must_use]
    pub fn polling_at_most(self, longest_poll: Duration) -> Self {
        Self { longest_poll, ..self }
    }

    /// Fills a step's placeholders and sends it; one that waits for a list to show something, or nothing, reads that list.
    pub async fn send(self: Arc<Self>, step: Step) -> Sent {
        let Some(api) = self.apis.get(&step.address.account) else {
            return Sent::failed(format!("there is no connection to `{}`", step.address.account));
        };
        if step.request.method == "GET" {
            return self.read(api, &step).await;
        }
        let filled = fill::fill(&step, &self.made(), &self.secrets);
        let Filled { path, body, without } = match filled {
            Ok(filled) => filled,
            Err(why) => return Sent::failed(why),
        };
        let started = Instant::now();
        let mut sent = self.once(api, &step, (&path, body.as_ref())).await;
        let looked = self.look_up(api, &step, &mut sent).await;
        if matches!(looked, Looked::Absent) && started.elapsed() < self.latest {
            // It is not there, and the platform would refuse a second one: what is down is not left so for a lost connection.
            sent = self.once(api, &step, (&path, body.as_ref())).await;
            self.look_up(api, &step, &mut sent).await;
        }
        let id = sent.id.map(|id| self.shown(api, id));
        Sent { id, because: sent.because.or_else(|| left_out(&without)), ..sent }
    }

    async fn once(&self, api: &Writer, step: &Step, (path, body): (&str, Option<&Body>)) -> Sent {
        match api.send(&step.request.method, path, body, step.expect.repeats).await {
            Ok(answer) => self.answered(api, step, (path, &answer)),
            Err(error) => self.refused(step, self.secrets.hidden(error)),
        }
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        // A poisoned lock still holds a sound value: ids are only ever added.
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answered(&self, api: &Api, step: &Step, (path, answer): (&str, &Answer)) -> Sent {
        let done = Sent::done(answer.status);
        if let Some(why) = contradiction(&step.expect, &answer.body) {
            let error = self.secrets.hidden(api.contradicted(&step.request.method, path, answer, why));
            return Sent { status: done.status, ..Sent::failed(error.to_string()) };
        }
        if !step.expect.makes() {
            return done;
        }
        let id = step.expect.id.iter().find_map(|pointer| Id::from_json(answer.body.pointer(pointer)?));
        match id {
            Some(id) => {
                self.made().insert(step.address.clone(), id.clone());
                Sent { id: Some(id), ..done }
            }
            None => Sent {
                outcome: Outcome::Uncertain,
                error: Some(format!("the answer has no id at {}", step.expect.id.join(" or "))),
                ..done
            },
        }
    }

    /// Waits until the list that a step reads shows what it waits for, or no more what would be lost.
    async fn read(&self, api: &Api, step: &Step) -> Sent {
        let Expect { shows, lacks, .. } = &step.expect;
        let Some(entry) = shows.as_ref().or(lacks.as_ref()) else {
            return Sent::failed("it reads a list and looks for nothing in it");
        };
        let look = Look::new(&step.request.path, entry, &self.made());
        let look = match look {
            Ok(look) => look.at_most(self.longest_poll),
            Err(why) => return Sent::failed(why),
        };
        let read = match shows {
            Some(shows) => self.comes(api, step, (&look, shows.within)).await,
            None => self.is_gone(api, step, &look).await,
        };
        read.unwrap_or_else(|error| {
            let error = self.secrets.hidden(error);
            Sent { status: error.status(), ..Sent::failed(error.to_string()) }
        })
    }

    async fn comes(&self, api: &Api, step: &Step, (look, within): (&Look, u32)) -> Result<Sent, ApiError> {
        let path = &step.request.path;
        let shown = look.until_shown(api).await?;
        let failed = || Sent::failed(format!("`{path}` does not show it after {within} s"));
        Ok(shown.map_or_else(failed, |shown| Sent::done(shown.status)))
    }

    async fn is_gone(&self, api: &Api, step: &Step, look: &Look) -> Result<Sent, ApiError> {
        let shown = match look.until_gone(api).await {
            // With the list everything in it.
            Err(error) if error.is_gone() => return Ok(Sent::gone()),
            shown => shown?,
        };
        if shown.entries.is_empty() {
            return Ok(Sent::done(shown.status));
        }
        let lost = lost::named(&shown.entries, |text| api.hide_token(&self.secrets.hidden_in(text)));
        Ok(Sent::failed(format!("`{}` still shows {lost}", step.request.path)))
    }

    /// What became of a step that makes something once the platform's list was asked, where the answer left it open, or said that it is there already and the
    /// platform lets no second one be made. A list that shows it, and only once, has the last word; else all stays as it was, and is told.
    async fn look_up(&self, api: &Api, step: &Step, sent: &mut Sent) -> Looked {
        let Some(lookup) = step.expect.lookup.as_ref().filter(|_| step.request.method == "POST") else {
            return Looked::Settled;
        };
        let (longest, because) = match (sent.outcome, sent.status) {
            (Outcome::Uncertain, _) => (Duration::MAX, "the answer was lost; it was found"),
            (Outcome::Failed, Some(409)) if lookup.unique => (Duration::MAX, "it was there already"),
            (Outcome::Failed, Some(422)) if lookup.unique => (SHORT, "it was there already"),
            _ => return Looked::Settled,
        };
        let look = Look::up(lookup, &self.made());
        let Ok(look) = look.map(|look| look.at_most(longest.min(self.longest_poll))) else {
            return Looked::Settled;
        };
        let uncertain = sent.outcome == Outcome::Uncertain;
        let found = match look.until_shown(api).await {
            Ok(shown) => shown.map_or_else(Vec::new, |shown| shown.entries),
            Err(error) => {
                sent.adds(&found::unreadable(&self.secrets.hidden(error)));
                return Looked::Settled;
            }
        };
        match &found[..] {
            [] if uncertain => {
                sent.adds(&found::nothing(look.within()));
                return if lookup.unique { Looked::Absent } else { Looked::Settled };
            }
            [] => {}
            [only] => match Id::from_json(&only["id"]) {
                Some(id) => {
                    self.made().insert(step.address.clone(), id.clone());
                    *sent = Sent { because: Some(because.into()), id: Some(id), ..sent.as_done() };
                }
                None => sent.adds(found::WITHOUT_ID),
            },
            several => {
                let hide = |text: String| api.hide_token(&self.secrets.hidden_in(text));
                sent.adds(&found::several(several, hide));
            }
        }
        Looked::Settled
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
            return Sent::gone();
        }
        let outcome = if error.is_uncertain() { Outcome::Uncertain } else { Outcome::Failed };
        Sent { outcome, status: error.status(), error: Some(error.to_string()), because: None, id: None }
    }
}

/// What is to be said of a list that lacks something.
fn left_out(without: &[Address]) -> Option<String> {
    let (first, more) = without.split_first()?;
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    Some(format!("without `{first}`{more}, which no step has made"))
}

/// The first place at which an answer says something else than expected; none where it is silent.
fn contradiction(expect: &Expect, body: &Json) -> Option<String> {
    let said = |(pointer, wanted): (&String, &Json)| {
        let is = body.pointer(pointer).filter(|is| *is != wanted)?;
        let name = pointer.rsplit('/').next().unwrap_or(pointer);
        Some(format!("`{name}` is {is}"))
    };
    expect.agrees.iter().find_map(said)
}
