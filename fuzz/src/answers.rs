//! A platform that answers whatever an input says.
//! In: an input, cut into answers. Out: a loopback server that gives to each request the first answer for its path that was not given yet.
//! Keeps to HTTP: that the client copes with broken HTTP is the business of its library.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Between two answers of an input.
const CUT: &str = "\n~\n";
/// Requests that are answered for one input; the rest is turned away, so that a list without an end has one.
const MOST: usize = 100;

/// One answer: the first line of its part is `PART-OF-A-PATH STATUS HEADER: VALUE`, the rest is the body.
#[derive(Clone)]
struct Answer {
    on: String,
    status: u16,
    header: Option<String>,
    body: Vec<u8>,
    given: bool,
}

/// What is answered at present, and the connections that are open.
#[derive(Clone, Default)]
pub struct Answers {
    script: Rc<RefCell<(Vec<Answer>, usize)>>,
    connections: Rc<RefCell<Vec<JoinHandle<()>>>>,
}

impl Answers {
    /// Takes another input.
    pub fn set(&self, input: &str) {
        *self.script.borrow_mut() = (input.split(CUT).map(answer).collect(), 0);
    }

    /// Resets every connection. A client that closes a connection itself keeps a port of the machine for a minute, and each input has a new client.
    pub async fn reset_connections(&self) {
        for connection in self.connections.take() {
            connection.abort();
            let _ = connection.await;
        }
    }

    /// The bytes that answer a request for this path.
    fn to(&self, path: &str) -> Vec<u8> {
        let (answers, asked) = &mut *self.script.borrow_mut();
        *asked += 1;
        let fits: Vec<_> = (0..answers.len()).filter(|&i| path.contains(&answers[i].on)).collect();
        let next = fits.iter().find(|&&i| !answers[i].given).or(fits.last()).filter(|_| *asked <= MOST);
        let Some(&next) = next else {
            return b"HTTP/1.1 404 x\r\ncontent-length: 2\r\n\r\n{}".to_vec();
        };
        let Answer { on: _, status, header, body, given } = &mut answers[next];
        *given = true;
        let header = header.as_deref().unwrap_or("x: y");
        let bodiless = *status == 204 || *status == 304;
        let body: &[u8] = if bodiless { b"" } else { body };
        let head = format!("HTTP/1.1 {status} x\r\n{header}\r\ncontent-length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }
}

fn answer(part: &str) -> Answer {
    let (first, body) = part.split_once('\n').unwrap_or((part, ""));
    let mut words = first.splitn(3, ' ');
    let on = words.next().unwrap_or_default().to_owned();
    let status = words.next().and_then(|word| word.parse().ok()).filter(|s| (200..600).contains(s));
    let header = words.next().filter(|header| is_header(header)).map(Into::into);
    Answer { on, status: status.unwrap_or(200), header, body: body.into(), given: false }
}

/// Whether a text is a header that does not change where the answer ends.
fn is_header(text: &str) -> bool {
    let Some((name, value)) = text.split_once(": ") else { return false };
    let framing = ["content-length", "transfer-encoding", "connection", "upgrade"];
    let token = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !name.is_empty()
        && name.chars().all(token)
        && !framing.contains(&name.to_ascii_lowercase().as_str())
        && value.chars().all(|c| c == ' ' || c.is_ascii_graphic())
}

/// Answers for ever; each connection has a task of its own.
pub async fn serve(listener: TcpListener, answers: Answers) {
    while let Ok((stream, _)) = listener.accept().await {
        let task = tokio::task::spawn_local(connection(stream, answers.clone()));
        answers.connections.borrow_mut().push(task);
    }
}

/// Requests without a body, one after the other.
async fn connection(mut stream: TcpStream, answers: Answers) {
    let _ = stream.set_nodelay(true);
    // To drop the stream is to reset the connection.
    let _ = stream.set_zero_linger();
    let mut read = Vec::new();
    loop {
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
            let mut buffer = [0; 4096];
            match stream.read(&mut buffer).await {
                Ok(n) if n > 0 => read.extend_from_slice(&buffer[..n]),
                _ => return,
            }
            continue;
        };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        read.drain(..end + 4);
        let path = head.split(' ').nth(1).unwrap_or_default();
        if stream.write_all(&answers.to(path)).await.is_err() {
            return;
        }
    }
}
