//! A server that means ill.
//! In: what it does with each request. Out: its base URL; it goes on until the test is over.
//! Never fails itself: a client that goes away is what is hoped for.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// What is done with a request: its head, and the connection to answer on.
pub(super) type Answer = dyn Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync;

/// Starts to listen.
pub(super) fn start(
    answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer: Arc<Answer> = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || connection(stream, &*answer));
        }
    });
    base
}

/// Requests on one connection until it ends; none of them has a body.
fn connection(mut stream: TcpStream, answer: &Answer) {
    let _ = stream.set_nodelay(true);
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
            match stream.read(&mut buffer) {
                Ok(n) if n > 0 => read.extend_from_slice(&buffer[..n]),
                _ => return,
            }
            continue;
        };
        let head: Vec<u8> = read.drain(..end + 4).collect();
        if answer(&String::from_utf8_lossy(&head), &mut stream).is_err() {
            return;
        }
    }
}

/// A whole answer.
pub(super) fn json(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

/// The head of an answer whose body ends with the connection.
pub(super) fn open_end(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
}

/// The same bytes for ever.
pub(super) fn for_ever(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    let many = bytes.repeat((64 << 10) / bytes.len());
    loop {
        stream.write_all(&many)?;
    }
}
