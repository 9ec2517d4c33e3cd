//! Answers without an end, and answers that are small on the wire and large in memory.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use trunkform::api::{Api, Bounds, Connection, Problem};
use trunkform::model::Account;

use super::bounded;
use super::server::{self, for_ever, json, open_end};
use super::support::{Run, TOKEN};

/// Each platform with an example that reads trunks and numbers of it.
const PLATFORMS: [(&str, &str); 3] = [
    ("kalem", "02-move-numbers-to-a-new-trunk"),
    ("bolna", "10-bolna-number-moves"),
    ("talkover", "11-talkover-rotate-password"),
];

fn plan(platform: &str, example: &str, base: &str) -> Run {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
    let mut command = bounded(&folder, &["plan"]);
    let account = platform.to_uppercase();
    command.env(format!("TRUNKFORM_URL_{account}"), base).env(format!("TRUNKFORM_TOKEN_{account}"), TOKEN);
    Run::of(command)
}

/// On each platform a plan ends with 1 and these words.
fn refused(
    says: &str,
    answer: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + Clone + 'static,
) {
    PLATFORMS.iter().for_each(|&platform| refused_by(platform, says, answer.clone()));
}

fn refused_by(
    (platform, example): (&str, &str),
    says: &str,
    answer: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
) {
    let run = plan(platform, example, &server::start(answer));
    assert_eq!(run.code, 1, "{platform}: {run:?}");
    assert!(run.stderr.contains(says), "{platform}: no {says:?} in {}", run.stderr);
}

#[test]
fn a_body_without_an_end() {
    refused("larger than 33554432 bytes", |_, stream| {
        open_end(stream)?;
        for_ever(stream, b"{\"data\":[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    });
}

#[test]
fn an_error_without_an_end() {
    refused("422", |_, stream| {
        stream.write_all(b"HTTP/1.1 422 No\r\n\r\n")?;
        for_ever(stream, b"{\"message\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    });
}

#[test]
fn headers_without_an_end() {
    refused("the connection was lost", |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for_ever(stream, b"x-more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
    });
}

#[test]
fn a_small_body_that_is_large_in_memory() {
    for values in ["0,", "[", "{\"a\":", "{},"] {
        let body = format!("{{\"data\":[{}", values.repeat((31 << 20) / values.len()));
        refused("more than 2097152 values", move |_, stream| json(stream, &body));
    }
}

#[test]
fn a_body_that_is_deeper_than_any_answer() {
    let body = "[".repeat(100_000);
    refused("instead of JSON", move |_, stream| json(stream, &body));
}

#[test]
fn a_list_that_says_it_is_endless() {
    let body = r#"{"success":true,"data":[{"id":1,"name":"A","number":"+14155552600","phone_number":"+14155552600"}],
        "meta":{"total":9007199254740991,"per_page":100,"last_page":90071992547410}}"#;
    refused_by(PLATFORMS[0], "pages", move |_, stream| json(stream, body));
    // Two lists are read at the same time, one with pages and one without: either may be the first to be refused.
    let (platform, example) = PLATFORMS[2];
    let run = plan(platform, example, &server::start(move |_, stream| json(stream, body)));
    let says = ["pages", "1 of 9007199254740991 rows came"];
    assert!(run.code == 1 && says.iter().any(|says| run.stderr.contains(says)), "{run:?}");
}

#[test]
fn a_list_of_which_there_is_always_another_page() {
    let asked = Arc::new(AtomicUsize::new(1));
    let counted = Arc::clone(&asked);
    let base = server::start(move |_, stream| {
        let id = counted.fetch_add(1, Ordering::Relaxed);
        json(
            stream,
            &format!(
                r#"{{"data":[{{"id":{id},"name":"n{id}","number":"+1415555{id:05}"}}],"links":{{"next":"x"}}}}"#
            ),
        )
    });
    let run = plan("kalem", PLATFORMS[0].1, &base);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("the list has more than") && run.stderr.contains("pages"), "{run:?}");
    assert!(asked.load(Ordering::Relaxed) > 100, "it was read as long as it could be a list");
}

#[test]
fn pages_that_are_too_much_together() {
    let base = server::start(|head, stream| {
        let page = head.split("page=").last().unwrap().split(' ').next().unwrap();
        let body = format!(
            r#"{{"data":[{{"id":{page},"name":"{}","number":"+1415555{page}","type":"voice","direction":"inbound","auth_type":"ip"}}],"links":{{"next":"x"}}}}"#,
            "a".repeat(30 << 20)
        );
        json(stream, &body)
    });
    let run = plan("kalem", PLATFORMS[0].1, &base);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("the answers are larger than 268435456 bytes together"), "{run:?}");
}

#[tokio::test]
async fn an_answer_that_drips_ends_in_time() {
    let base = server::start(|_, stream| {
        open_end(stream)?;
        loop {
            stream.write_all(b" ")?;
            thread::sleep(Duration::from_millis(1));
        }
    });
    let (account, base) = (Account::new("kalem"), base.parse().unwrap());
    let bounds = Bounds { answer: Duration::from_millis(50), tries: 2, ..Bounds::default() };
    let connection = Connection { platform: "kalem", account, base, token: TOKEN.to_owned().into() };
    let error = Api::with_bounds(connection, bounds).unwrap().get("/trunks", &[]).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::Timeout { .. }), "{error}");
}

#[test]
fn a_small_answer_that_unfolds_into_a_large_one() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(br#"{"data":[""#).unwrap();
    encoder.write_all(&vec![b'a'; 34 << 20]).unwrap();
    let bomb: Arc<[u8]> = encoder.finish().unwrap().into();
    assert!(bomb.len() < 1 << 20);
    refused("larger than 33554432 bytes", move |_, stream| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            bomb.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&bomb)
    });
}
