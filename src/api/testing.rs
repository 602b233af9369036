//! For the room's own tests: a connection with a fake key, an observer that remembers, and a server that can do what
//! polite servers cannot, such as hang up halfway.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

use super::key::ApiKey;
use super::observe::{Observer, RequestLine, Wait};
use super::pace::Pace;
use super::transport::{Auth, Connection, Transport};

/// The key that must appear nowhere.
pub(super) const KEY: &str = "fake-key-do-not-use";

pub(super) fn connection(base: &str, dir: &Path) -> Connection {
    Connection {
        base: Url::parse(base).unwrap(),
        key: ApiKey::new(KEY),
        auth: Auth::Query,
        ca_file: None,
        extra_ca: None,
        timeout: Duration::from_millis(600),
        pace: Pace { dir: dir.to_owned(), requests: 1000, per: Duration::from_secs(60) },
    }
}

pub(super) fn transport(base: &str, dir: &Path) -> (Arc<Transport>, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let observer = Arc::clone(&seen) as Arc<dyn Observer>;
    let transport = Transport::new(connection(base, dir), observer).unwrap();
    (Arc::new(transport), seen)
}

/// Remembers everything it is told, as text.
#[derive(Default)]
pub(super) struct Seen(Mutex<Vec<String>>);

impl Seen {
    pub(super) fn all(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }

    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

impl Observer for Seen {
    fn request(&self, line: &RequestLine) {
        self.note(format!("{line:?}"));
    }
    fn waiting(&self, wait: &Wait) {
        self.note(format!("{wait:?}"));
    }
    fn resumed(&self) {
        self.note("resumed".to_owned());
    }
    fn warning(&self, text: &str) {
        self.note(text.to_owned());
    }
}

/// What the server does once it has read a request.
#[derive(Debug, Clone)]
pub(super) enum Then {
    /// Closes without a word.
    HangUp,
    /// Sends these bytes and closes.
    Say(String),
    /// Says nothing for longer than any time-out of these tests.
    Sleep,
    /// Sends the request back as an error message.
    Echo,
    /// Answers one request, keeps the connection, and hangs up on the next one that comes through it.
    AnswerOne,
}

/// A server that misbehaves.
pub(super) struct Raw {
    pub(super) base: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Raw {
    pub(super) fn start(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (then, requests) = (then.clone(), Arc::clone(&requests));
                thread::spawn(move || serve(stream.unwrap(), &then, &requests));
            }
        });
        Self { base, seen }
    }

    /// The requests so far, whole.
    pub(super) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, then: &Then, requests: &Mutex<Vec<String>>) {
    let request = read(&mut stream);
    requests.lock().unwrap().push(request.clone());
    match then {
        Then::HangUp => {}
        Then::Say(bytes) => stream.write_all(bytes.as_bytes()).unwrap(),
        Then::Sleep => thread::sleep(Duration::from_secs(3)),
        Then::AnswerOne => {
            let body = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"id\":1}";
            stream.write_all(body.as_bytes()).unwrap();
            let next = read(&mut stream);
            requests.lock().unwrap().push(next);
        }
        Then::Echo => {
            let body = serde_json::json!({ "error": request }).to_string();
            stream
                .write_all(answer("422 Unprocessable", "application/json", &body).as_bytes())
                .unwrap();
        }
    }
}

/// A whole answer.
pub(super) fn answer(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Reads a request with its body.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer).unwrap() {
            0 => return text,
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
