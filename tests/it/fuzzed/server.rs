//! The server that alters what the practice account answers. It is told before each run which one it is, so that the
//! answers follow from the run's number alone.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::mutation::{Dice, mutated};
use crate::support::Account;

/// Such a server.
pub(super) struct Altering {
    address: String,
    shared: Arc<Shared>,
}

struct Shared {
    account: Account,
    /// What the account answers, asked for once.
    known: Mutex<HashMap<String, (u16, Value)>>,
    /// Which run it is, and how often each path was asked for in it.
    run: Mutex<(usize, HashMap<String, usize>)>,
    served: AtomicUsize,
}

impl Altering {
    pub(super) fn of(account: Account) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            account,
            known: Mutex::default(),
            run: Mutex::default(),
            served: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&serving);
                thread::spawn(move || shared.serve(&stream.unwrap()));
            }
        });
        Self { address, shared }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }

    /// How many altered answers it has given.
    pub(super) fn served(&self) -> usize {
        self.shared.served.load(Ordering::Relaxed)
    }
}

/// Tells the server which run begins; the id of a payment, which is another one in each account.
pub(super) fn begin(address: &str, run: usize) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("BEGIN {run} x\r\n\r\n").as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

impl Shared {
    fn serve(&self, stream: &TcpStream) {
        stream.set_nodelay(true).unwrap();
        let mut lines = BufReader::new(stream);
        let mut stream = stream;
        loop {
            let mut first = String::new();
            if lines.read_line(&mut first).unwrap_or(0) == 0 {
                return;
            }
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            let mut words = first.split(' ');
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            if method == "BEGIN" {
                *self.run.lock().unwrap() = (target.parse().unwrap(), HashMap::new());
                let (_, payments) = self.plain("/payments");
                let _gone = write!(stream, "{}", payments["payments"][0]["id"]);
                return;
            }
            assert_eq!(method, "GET", "{first}");
            let (status, body) = self.answer(&without_key(target));
            let length = body.len();
            let mut bytes = format!(
                "HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            )
            .into_bytes();
            if status != 204 {
                bytes.extend(body);
            }
            if stream.write_all(&bytes).is_err() {
                return;
            }
        }
    }

    fn plain(&self, path: &str) -> (u16, Value) {
        let known = self.known.lock().unwrap().get(path).cloned();
        known.unwrap_or_else(|| {
            let found = self.account.call("GET", path, None);
            self.known.lock().unwrap().insert(path.to_owned(), found.clone());
            found
        })
    }

    fn answer(&self, path: &str) -> (u16, Vec<u8>) {
        let (status, body) = self.plain(path);
        let (run, count) = {
            let mut run = self.run.lock().unwrap();
            let count = run.1.entry(path.to_owned()).or_default();
            *count += 1;
            let count = *count;
            (run.0, count)
        };
        let plain = body.to_string();
        // In some runs only a few answers are altered, so that a command comes to its end.
        let share = [1, 1, 1, 1, 1, 4][Dice::new(run).below(6)];
        if Dice::new((path, run)).below(share) > 0 {
            return (status, plain.into_bytes());
        }
        let (altered, bytes) = mutated(&mut Dice::new((run, path, count)), status, body);
        // One that has come through unaltered is no case.
        let is_altered = altered != status || bytes != plain.as_bytes();
        self.served.fetch_add(usize::from(is_altered), Ordering::Relaxed);
        (altered, bytes)
    }
}

/// The path below the base with its query, which holds the key.
fn without_key(target: &str) -> String {
    let path = target.trim_start_matches("/api/v1");
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let kept: Vec<&str> = query.split('&').filter(|part| !part.starts_with("api_key=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}
