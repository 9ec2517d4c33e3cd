//! One request with all its tries.
//! In: a method, a URL, a body, and whether twice is no more than once. Out: an answer, or what went wrong in the end.
//! Every try and every wait is told: to the log, in the names of OpenTelemetry's conventions, and to whoever shows progress.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::activity::Why;
use super::answer::Failure;
use super::gate::Pass;
use super::rate::Window;
use super::{Answer, Api, ApiError, Body, answer, body, rate, retry};

impl Api {
    pub(super) async fn run<B: DeserializeOwned + Default>(
        &self,
        method: &Method,
        url: &Url,
        body: Option<&Body>,
        repeats: bool,
    ) -> Result<Answer<B>, ApiError> {
        let mut uncertain = false;
        let mut tries = 0;
        let mut pass = self.gate.enter().await;
        // Whoever has to queue for the first try has tried nothing yet.
        let started = Instant::now();
        loop {
            tries += 1;
            let Failure { mut error, retry_after } = match self.once((method, url), body, tries).await {
                Ok(answer) => return Ok(Answer { after_uncertain: uncertain, ..answer }),
                Err(failure) => failure,
            };
            if uncertain && *method == Method::DELETE && error.is_gone() {
                return Ok(Answer { status: 404, body: B::default(), after_uncertain: true });
            }
            // Once an answer was lost the write may stand, whatever a later try says.
            uncertain |= error.is_uncertain();
            error.set_uncertain(uncertain);
            let wait = self.bounds.wait(tries, retry_after);
            let too_many = error.status() == Some(429);
            if too_many {
                // Before the pass goes back, so that nobody slips in; also where this request is given up.
                let pause = self.bounds.pause(wait);
                self.gate.pause(pause);
                self.record.waits(pause, if retry_after.is_some() { Why::Asked } else { Why::TooMany });
            }
            if tries >= self.bounds.tries || !retry::may_repeat(repeats, error.problem()) {
                return Err(error);
            }
            drop(pass);
            self.tell_of_retry((method, url), &error, (tries, wait));
            match self.bounds.in_time(started, wait, self.again(wait, too_many)).await {
                Some(entered) => pass = entered,
                None => return Err(error.given_up(tries, started.elapsed())),
            }
        }
    }

    /// Why there is another try, and when. The problem alone: what the platform said may repeat a secret that only the caller knows.
    fn tell_of_retry(
        &self,
        (method, url): (&Method, &Url),
        error: &ApiError,
        (tries, wait): (u32, Duration),
    ) {
        let problem = error.problem();
        let kind = problem.kind();
        tracing::info!(
            trunkform.account = %self.account, http.request.method = %method, url.path = url.path(),
            server.address = url.host_str(), server.port = url.port_or_known_default(), http.response.status_code = problem.status(),
            http.request.resend_count = tries, error.type = %kind, error.message = %problem,
            trunkform.wait_ms = wait.as_millis() as u64, "waiting to try again"
        );
        // Where all wait for the platform, that is what there is to tell.
        if error.status() != Some(429) {
            self.record.waits(wait, Why::Retry { number: tries + 1, of: self.bounds.tries, error: kind });
        }
    }

    /// A pass for another try, after a wait and after every pause; of all that were turned away one after the other comes in.
    async fn again(&self, wait: Duration, is_pause: bool) -> Pass<'_> {
        if !is_pause {
            tokio::time::sleep(wait).await;
        }
        self.gate.enter().await
    }

    async fn once<B: DeserializeOwned + Default>(
        &self,
        (method, url): (&Method, &Url),
        body: Option<&Body>,
        tries: u32,
    ) -> Result<Answer<B>, Failure> {
        self.record.sends(tries > 1);
        let mut request = self.client.request(method.clone(), url.clone());
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.shared());
        }
        if *method != Method::GET {
            // Short, and sometimes nothing at all, which is no gzip: a write must not count as lost for that.
            request = request.header(ACCEPT_ENCODING, "identity");
        }
        let line = self.line(method, url);
        // Not among the headers of the client, which would keep it as long as it lives.
        if let Some(bearer) = body::bearer(&self.token) {
            request = request.header(AUTHORIZATION, bearer);
        }
        let (window, answer) = match request.send().await {
            Ok(response) => {
                let window = rate::window(response.headers());
                (window, answer::read(line, response, (&self.bounds, &self.room), url).await)
            }
            Err(error) => (None, Err(Failure::of_transport(line, &error, self.bounds.answer))),
        };
        let (status, kind) = match &answer {
            Ok(answer) => (Some(answer.status), None),
            Err(failure) => (failure.error.status(), Some(failure.error.problem().kind())),
        };
        self.heed(status, window);
        tracing::debug!(
            trunkform.account = %self.account, http.request.method = %method, url.path = url.path(),
            server.address = url.host_str(), server.port = url.port_or_known_default(), http.response.status_code = status,
            http.request.resend_count = (tries > 1).then(|| tries - 1), error.type = kind.as_deref(), "request"
        );
        // A platform may well repeat what it was sent.
        answer.map_err(|failure| failure.without(self.token.expose_secret()))
    }

    /// Takes in what an answer says of the rate. Where nothing is left all requests wait for the next window, instead of being turned away.
    fn heed(&self, status: Option<u16>, window: Option<Window>) {
        self.gate.answered(status, window);
        // How long to wait after a 429 may stand elsewhere too, and there it counts for more.
        let Some(Window { remaining: 0, reset: Some(reset) }) = window.filter(|_| status != Some(429)) else {
            return;
        };
        let wait = reset.min(self.bounds.longest_pause);
        let wait_ms = wait.as_millis() as u64;
        tracing::info!(trunkform.account = %self.account, trunkform.wait_ms = wait_ms, "no request is left, waiting for the next window");
        self.gate.pause(wait);
        self.record.waits(wait, Why::Window);
    }
}
