//! In: HTTP requests.
//! Out: what the platform of the path answers, after log, faults, and the platform's own check of the token.
//! Never keeps a header.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::{Notify, watch};

use super::answer;
use super::echo_reply;
use super::fault::{Trouble, Way};
use super::hold::{Moment, OnMoment};
use super::host;
use super::log::{Log, Ticket};
use super::platform::{Call, Reply};
use super::schedule::{Arrival, Effects, Quirks, Schedule};
use super::state::{Target, Worlds};
use super::wire::Link;

/// Larger bodies than any platform takes.
const BODY_LIMIT: usize = 4 << 20;

/// Says what is wrong with a request that calls the sandbox by a name.
const STRANGER: &str = "The sandbox answers only requests that call it by an address of this machine, such as 127.0.0.1 or localhost.\n";

/// What all requests share.
pub(super) struct Shared {
    pub(super) base: String,
    /// The address on which the sandbox listens.
    pub(super) listen: IpAddr,
    pub(super) worlds: Mutex<Worlds>,
    pub(super) schedule: Mutex<Schedule>,
    pub(super) log: Log,
    pub(super) on_moment: Option<OnMoment>,
    /// Told whenever a request may have changed a world.
    pub(super) changed: Arc<Notify>,
    /// Becomes true, or is dropped, when the sandbox ends.
    pub(super) closing: watch::Receiver<bool>,
}

impl Shared {
    async fn reached(&self, ticket: Ticket, moment: Moment) {
        if let Some(on_moment) = &self.on_moment {
            on_moment(ticket.0, moment).await;
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(receive).with_state(shared)
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    if !host::is_served(&parts, shared.listen) {
        return (StatusCode::FORBIDDEN, STRANGER).into_response();
    }
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    // A task of its own: a client that goes away does not undo what the platform has begun.
    let answered = tokio::spawn(respond(shared, link, parts, body)).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn respond(shared: Arc<Shared>, link: Link, parts: Parts, body: Bytes) -> Response {
    let whole = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let ticket = shared.log.arrive(parts.method.as_str(), whole, &body);
    let exchange = Exchange::new(&shared, &parts, &body);
    shared.reached(ticket, Moment::Before).await;
    let effects = exchange.meet();
    if !effects.latency.is_zero() {
        tokio::time::sleep(effects.latency).await;
    }
    let response = match effects.trouble {
        None => {
            let reply = exchange.carry_out(&effects.quirks);
            let effect = reply.status < 400;
            finish(&shared, ticket, answer::plain(reply), effect)
        }
        Some(trouble) => exchange.spoil(trouble, &effects, ticket, &link).await,
    };
    shared.reached(ticket, Moment::After).await;
    response
}

fn finish(shared: &Shared, ticket: Ticket, response: Response, effect: bool) -> Response {
    shared.log.end(ticket, Some(response.status().as_u16()), effect);
    response
}

/// One request and where it goes.
struct Exchange<'a> {
    shared: &'a Shared,
    parts: &'a Parts,
    body: &'a Bytes,
    target: Option<Target<'a>>,
    query: BTreeMap<String, String>,
}

impl<'a> Exchange<'a> {
    fn new(shared: &'a Shared, parts: &'a Parts, body: &'a Bytes) -> Self {
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Self {
            shared,
            parts,
            body,
            target: Target::of(parts.uri.path()),
            query: query.into_owned().collect(),
        }
    }

    fn meet(&self) -> Effects {
        let target = self.target.as_ref();
        lock(&self.shared.schedule).meet(&Arrival {
            platform: target.map(|target| target.stand.name),
            method: self.parts.method.as_str(),
            path: target.map_or(self.parts.uri.path(), |target| target.path),
            page: self.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        })
    }

    fn carry_out(&self, quirks: &Quirks) -> Reply {
        let Some(target) = &self.target else { return outside(self.parts.uri.path()) };
        let call = Call {
            method: self.parts.method.as_str(),
            path: target.path,
            url: format!("{}{}", self.shared.base, self.parts.uri.path()),
            base: &self.shared.base,
            query: self.query.clone(),
            headers: &self.parts.headers,
            body: self.body,
            quirks,
        };
        let reply = match lock(&self.shared.worlds).account(target) {
            Ok(account) => account.answer(&call),
            Err(problem) => Reply::json(500, json!({ "message": problem })),
        };
        if !self.parts.method.is_safe() || quirks.shift.is_some() {
            self.shared.changed.notify_one();
        }
        reply
    }

    async fn spoil(&self, trouble: Trouble, effects: &Effects, ticket: Ticket, link: &Link) -> Response {
        let reply = trouble.carried_out.then(|| self.carry_out(&effects.quirks));
        let effect = reply.as_ref().is_some_and(|reply| reply.status < 400);
        let response = match trouble.way {
            Way::Reset | Way::Hang => {
                self.shared.log.end(ticket, None, effect);
                if trouble.way == Way::Hang {
                    self.end_of_sandbox().await;
                }
                link.cut();
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            Way::Status(code, wait) => {
                answer::come_back(answer::plain(self.refusal(code, answer::seconds(wait))), wait)
            }
            Way::Echo(echo) => {
                let refusal = self.refusal(echo.status, None);
                let error = echo_reply::repeat(echo, refusal, &self.parts.headers, self.body);
                match echo.cut {
                    None => answer::plain(error),
                    cut => answer::truncated(error, cut),
                }
            }
            Way::Html => answer::plain(Reply::page(200, "Welcome")),
            Way::Redirect => answer::plain(Reply::redirect(format!("{}/elsewhere", self.shared.base))),
            Way::Truncate => answer::truncated(reply.unwrap_or_else(Reply::nothing), None),
            Way::Malformed => answer::malformed(reply.unwrap_or_else(Reply::nothing)),
        };
        finish(self.shared, ticket, response, effect)
    }

    /// The platform's own way to say that a request failed.
    fn refusal(&self, status: u16, wait: Option<u64>) -> Reply {
        let refuse = self.target.as_ref().map_or(refuse as fn(_, _) -> _, |target| target.stand.refuse);
        refuse(status, wait)
    }

    async fn end_of_sandbox(&self) {
        // An error means that the sender is gone, which is the end as well.
        let _ = self.shared.closing.clone().wait_for(|closing| *closing).await;
    }
}

/// Where no platform is mounted: the pages to which a redirect may lead, and nothing else.
fn outside(path: &str) -> Reply {
    match path {
        "/" => Reply::page(200, "Trunkform sandbox"),
        "/login" => Reply::page(200, "Login"),
        _ => refuse(404, None),
    }
}

fn refuse(status: u16, _wait: Option<u64>) -> Reply {
    Reply::json(status, json!({ "message": "No platform is mounted here." }))
}
