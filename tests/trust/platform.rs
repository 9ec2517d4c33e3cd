//! A platform, or somebody between, whose answers want to reach further than an answer may.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::attack::Attack;
use crate::support::{Live, Run, TOKEN};

const FILE: &str = "provider: kalem\nunlisted: delete\nlimits: {free: 99}\ntrunks: []\n";

/// A server that answers each request with what it is told for its path, and keeps the first lines.
struct Hostile {
    base: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Hostile {
    fn start(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
                let _ = stream.write_all(&answer(&line));
                seen.lock().unwrap().push(line);
            }
        });
        Self { base, lines }
    }

    fn requests(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

fn json_answer(body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

fn apply(base: &str) -> Run {
    let attack = Attack::new();
    attack.write("trunkform.yaml", FILE);
    let mut command = attack.command(&["apply", "--auto-approve"]);
    command.env("TRUNKFORM_URL_KALEM", base).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    attack.finish(command)
}

#[test]
fn an_id_reaches_no_other_path() {
    for id in ["..", ".", "../numbers/1", "1/../../x", "1?x=y", "1#x", "%2e%2e", "", "1\r\nX: y", "\u{202e}1"]
    {
        let trunk =
            json!({"id": id, "name": "A", "direction": "inbound", "auth_type": "ip", "host": "a.example"});
        let hostile = Hostile::start(move |line| {
            let (items, total) =
                if line.contains("/trunks") { (vec![trunk.clone()], 1) } else { (Vec::new(), 0) };
            json_answer(
                &json!({"success": true, "data": items, "current_page": 1, "last_page": 1, "total": total, "per_page": 100}),
            )
        });
        let run = apply(&hostile.base);
        assert_eq!(run.code, 1, "{id:?}: {run:?}");
        let writes: Vec<_> = hostile
            .requests()
            .into_iter()
            .filter(|line| !line.is_empty() && !line.starts_with("GET "))
            .collect();
        assert!(writes.is_empty(), "{id:?}: {writes:?}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let thief = Hostile::start(|_| json_answer(&json!({})));
    let target = format!("{}/stolen", thief.base);
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let target = target.clone();
        let hostile = Hostile::start(move |_| {
            format!(
                "HTTP/1.1 {status}\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .into_bytes()
        });
        let run = apply(&hostile.base);
        assert_eq!(run.code, 1, "{status}: {run:?}");
    }
    assert_eq!(thief.requests(), Vec::<String>::new());
}

#[test]
fn a_secret_that_is_repeated_is_not_printed() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    attack.write(
        "trunkform.yaml",
        "provider: kalem\ntrunks:\n  - {name: A, direction: outbound, auth_type: digest, username: u, password: {env: MAIN_TRUNK_PASSWORD}, outbound_server: sip.example.com}\n",
    );
    for shape in ["json", "percent", "html", "raw"] {
        live.fault(&[&format!("echo={shape},method=POST"), "echo=json,method=GET,nth=9"]);
        let journal = attack.scratch(shape);
        let mut command =
            attack.command(&["apply", "--auto-approve", "--journal", journal.to_str().unwrap()]);
        command
            .env("TRUNKFORM_URL_KALEM", live.base())
            .env("TRUNKFORM_TOKEN_KALEM", TOKEN)
            .env("TRUNKFORM_LOG", "trace");
        // `Run::of` searches what is printed for the token and the password.
        let run = attack.finish(command);
        assert_eq!(run.code, 4, "{shape}: {run:?}");
        let kept = std::fs::read_to_string(journal).unwrap();
        assert!(!kept.contains(TOKEN) && !kept.contains(crate::support::PASSWORD), "{kept}");
    }
}

#[test]
fn an_endless_answer_ends_in_an_error() {
    let hostile = Hostile::start(|_| {
        let mut answer =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n[".to_vec();
        answer.resize(40 << 20, b' ');
        answer
    });
    let run = apply(&hostile.base);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("larger than"), "{run:?}");
}
