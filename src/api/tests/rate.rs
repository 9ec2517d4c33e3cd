//! A client against a server that limits the rate. What must not happen in time is counted; what must is waited for.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use tokio::sync::Semaphore;

use super::*;

/// Longer than any wait that a test asks for.
const LONG: Duration = Duration::from_secs(20);
const WAIT: Duration = Duration::from_millis(80);

fn too_many(headers: &str, body: &str) -> Reply {
    status("429 Too Many Requests", headers, body)
}

/// A client that waits for hours unless it is told how long, and at most for [`WAIT`] if it is.
fn patient(api: Api) -> Api {
    let hour = Duration::from_secs(3600);
    let bounds = Bounds { backoff: hour, longest_backoff: hour, longest_pause: WAIT, ..api.bounds };
    Api { bounds, ..api }
}

#[tokio::test]
async fn a_429_is_waited_for_as_it_says() {
    let body = r#"{"success":false,"error":{"message":"Slow.","details":{"retry_after":7}}}"#;
    for first in [
        too_many("retry-after: 7\r\n", "{}"),
        too_many("", r#"{"details":{"retry_after":"7"}}"#),
        too_many("", body),
        too_many("", r#"{"retry_after":7}"#),
        too_many(
            "date: Wed, 21 Oct 2015 12:00:00 GMT\r\nretry-after: Wed, 21 Oct 2015 12:00:07 GMT\r\n",
            "{}",
        ),
        too_many("x-ratelimit-reset: 7\r\n", "{}"),
        too_many("date: Wed, 21 Oct 2015 12:00:00 GMT\r\nx-ratelimit-reset: 1445428807\r\n", "{}"),
    ] {
        let (api, seen) = server(vec![first, ok()]).await;
        let (api, start) = (patient(api), Instant::now());
        let answer = tokio::time::timeout(LONG, api.get("/trunks", &[])).await.expect("it knew how long");
        assert!(answer.is_ok() && start.elapsed() >= WAIT, "{:?}", start.elapsed());
        assert_eq!(count(&seen), 2);
    }
}

#[tokio::test]
async fn no_try_begins_when_the_time_of_all_of_them_is_up() {
    let hour = Duration::from_secs(3600);
    let busy = || status("503 Busy", "", "{}");
    // A wait that is known to be too long is not begun.
    for (first, tries) in [(too_many("retry-after: 3600\r\n", "{}"), "1 try"), (busy(), "1 try")] {
        let (api, seen) = server(vec![first]).await;
        let bounds = Bounds { longest_pause: hour, total: Duration::ZERO, ..api.bounds };
        let api = Api { bounds, ..api };
        let error =
            tokio::time::timeout(LONG, api.get("/trunks", &[])).await.expect("it gives up").unwrap_err();
        assert!(error.to_string().ends_with(&format!("(given up after {tries} in 0 s)")), "{error}");
        assert_eq!(count(&seen), 1);
    }
    // A pause that somebody else was told to keep lasts too long.
    let (api, seen) = server(vec![busy()]).await;
    let api =
        Api { bounds: Bounds { total: Duration::from_millis(300), backoff: WAIT, ..api.bounds }, ..api };
    let api = Writer::over(api.into());
    let others = async {
        while count(&seen) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        api.gate.pause(hour);
    };
    let both = async { tokio::join!(api.send("PUT", "/trunks/1", None, false), others) };
    let (error, ()) = tokio::time::timeout(LONG, both).await.expect("it gives up");
    let error = error.unwrap_err();
    assert!(error.to_string().contains(" (given up after ") && error.is_uncertain(), "{error}");
    // A request that stands in the queue has tried nothing yet.
    let (api, seen) = server(vec![ok()]).await;
    let api = Api { bounds: Bounds { total: Duration::ZERO, ..api.bounds }, ..api };
    api.gate.pause(WAIT);
    assert!(api.get("/trunks", &[]).await.is_ok() && count(&seen) == 1);
}

#[tokio::test]
async fn a_failure_is_not_waited_for_until_the_window_ends() {
    let failed = status("503 Busy", "x-ratelimit-remaining: 9\r\nx-ratelimit-reset: 3600\r\n", "{}");
    let (api, _) = server(vec![failed, ok()]).await;
    let bounds = Bounds { longest_pause: Duration::from_secs(3600), ..api.bounds };
    let api = Api { bounds, ..api };
    assert!(tokio::time::timeout(LONG, api.get("/trunks", &[])).await.expect("a short backoff").is_ok());
}

#[tokio::test]
async fn where_nothing_is_left_nobody_asks_until_there_is() {
    let last = "x-ratelimit-limit: 100\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 60\r\n";
    let (api, seen) = server(vec![status("200 OK", last, "{}"), ok()]).await;
    let (api, start) = (Writer::over(patient(api).into()), Instant::now());
    assert!(api.get("/trunks", &[]).await.is_ok());
    let both = async { tokio::join!(api.get("/numbers", &[]), api.send("DELETE", "/trunks/1", None, false)) };
    let (read, write) = tokio::time::timeout(LONG, both).await.expect("the wait is bounded");
    assert!(read.is_ok() && write.is_ok() && start.elapsed() >= WAIT, "{:?}", start.elapsed());
    assert_eq!(count(&seen), 3);
}

#[tokio::test]
async fn without_a_reset_nothing_is_waited_for() {
    let last = "x-ratelimit-limit: 100\r\nx-ratelimit-remaining: 0\r\n";
    let (api, seen) = server(vec![status("200 OK", last, "{}")]).await;
    let api = Api { bounds: Bounds { longest_pause: LONG * 100, ..api.bounds }, ..api };
    let all = join_all((0..20).map(|_| api.get("/trunks", &[])));
    assert!(tokio::time::timeout(LONG, all).await.expect("it goes on").iter().all(Result::is_ok));
    assert_eq!(count(&seen), 20);
}

/// Requests that arrived and are not answered yet, the most that there ever were, and leave to answer one.
struct Held {
    now: AtomicUsize,
    most: AtomicUsize,
    leave: Semaphore,
    refused: AtomicUsize,
}

impl Held {
    /// Waits until so many are under way, and long enough after it for one more to come.
    async fn until(&self, n: usize) {
        let come = async {
            while self.now.load(Ordering::SeqCst) < n {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        };
        tokio::time::timeout(LONG, come).await.unwrap_or_else(|_| panic!("never {n} at once"));
        assert_eq!(self.now.load(Ordering::SeqCst), n);
    }

    async fn answer(&self, mut stream: TcpStream) {
        let mut request = Vec::new();
        while !complete(&request) && stream.read_buf(&mut request).await.is_ok_and(|n| n > 0) {}
        let refuses = self.refused.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        let reply = if refuses.is_ok() { too_many("retry-after: 0\r\n", "{}") } else { ok() };
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        // One whose client went away counts no more.
        tokio::select! {
            leave = self.leave.acquire() => leave.unwrap().forget(),
            _ = stream.read_u8() => {}
        }
        self.now.fetch_sub(1, Ordering::SeqCst);
        if let Reply::Raw(text) = reply {
            let _ = stream.write_all(text.as_bytes()).await;
        }
    }
}

/// A server that answers nothing without leave, and the first so many requests with 429.
async fn holding(refused: usize) -> (Api, Arc<Held>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let (now, most, refused) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(refused));
    let held = Arc::new(Held { now, most, leave: Semaphore::new(0), refused });
    let server = held.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let held = server.clone();
            tokio::spawn(async move { held.answer(stream).await });
        }
    });
    let api = client(&base);
    let connection =
        Connection { platform: api.platform, account: api.account, base: api.base, token: api.token };
    (Api::with_bounds(connection, Bounds { answer: LONG, ..api.bounds }).unwrap(), held)
}

#[tokio::test]
async fn no_more_than_eight_are_under_way() {
    let (api, held) = holding(0).await;
    let watch = async {
        held.until(8).await;
        held.leave.add_permits(40);
    };
    let (answers, ()) = tokio::join!(join_all((0..40).map(|_| api.get("/trunks", &[]))), watch);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((held.most.load(Ordering::SeqCst), api.requests()), (8, 40));
}

#[tokio::test]
async fn a_429_halves_them_and_good_answers_bring_them_back() {
    let (api, held) = holding(1).await;
    held.leave.add_permits(2);
    assert!(api.get("/trunks", &[]).await.is_ok());
    let watch = async {
        held.until(4).await;
        held.leave.add_permits(4 + 5 + 6 + 7);
        held.until(8).await;
        held.leave.add_permits(100);
    };
    let (answers, ()) = tokio::join!(join_all((0..40).map(|_| api.get("/trunks", &[]))), watch);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((held.most.load(Ordering::SeqCst), api.requests()), (8, 42));
}

#[tokio::test]
async fn requests_that_are_given_up_free_their_lanes() {
    let (api, held) = holding(0).await;
    for _ in 0..3 {
        let given_up = join_all((0..20).map(|_| api.get("/trunks", &[])));
        tokio::select! {
            _ = given_up => panic!("nothing is answered"),
            () = held.until(8) => {}
        }
        // The server sees them go.
        while held.now.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    held.leave.add_permits(100);
    let all = join_all((0..20).map(|_| api.get("/trunks", &[])));
    assert!(tokio::time::timeout(LONG, all).await.expect("a lane was lost").iter().all(Result::is_ok));
}
