//! The rate limit holds across processes: four of them share a window, and a server counts what arrives.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use syncro::api::observe::Unobserved;
use syncro::api::{Get, Reader, Transport};

use crate::transport::connection;

const PROCESSES: usize = 4;
const REQUESTS_EACH: usize = 100;
const LIMIT: usize = 50;
const WINDOW: Duration = Duration::from_secs(1);

/// Where the child finds its server and its window file; without them the child's test does nothing.
const BASE: &str = "SYNCRO_TEST_PACING_BASE";
const DIR: &str = "SYNCRO_TEST_PACING_DIR";

/// Run by `four_processes_share_one_window` in processes of their own.
#[tokio::test]
async fn child_process() {
    let (Ok(base), Ok(dir)) = (std::env::var(BASE), std::env::var(DIR)) else {
        return;
    };
    let mut connection = connection(&base, dir.as_ref());
    connection.pace.requests = u32::try_from(LIMIT).unwrap();
    connection.pace.per = WINDOW;
    let reader = Reader::new(Arc::new(
        Transport::new(connection, Arc::new(Unobserved)).unwrap(),
    ));
    for _ in 0..REQUESTS_EACH {
        reader.get(Get::<Value>::new("/me", None)).await.unwrap();
    }
}

#[test]
fn four_processes_share_one_window() {
    let (base, arrivals) = counting_server();
    let dir = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "pacing::child_process", "--nocapture"])
                .env(BASE, &base)
                .env(DIR, dir.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let wall = began.elapsed();

    let mut arrivals = arrivals.lock().unwrap().clone();
    arrivals.sort();
    assert_eq!(arrivals.len(), PROCESSES * REQUESTS_EACH);
    let tightest = arrivals
        .windows(LIMIT + 1)
        .map(|window| window[LIMIT] - window[0])
        .min()
        .unwrap();
    let total = *arrivals.last().unwrap() - arrivals[0];
    let windows = PROCESSES * REQUESTS_EACH / LIMIT - 1;
    let floor = WINDOW * u32::try_from(windows).unwrap();
    println!(
        "{} requests from {PROCESSES} processes, {LIMIT} per {WINDOW:?}: {total:?} from first to last (floor {floor:?}, \
         with process start {wall:?}); closest {} requests within {tightest:?}",
        arrivals.len(),
        LIMIT + 1,
    );
    assert!(tightest >= WINDOW, "{tightest:?}");
    assert!(total <= floor * 11 / 10, "{total:?}");
}

/// A server that answers everything and remembers when each request arrived.
fn counting_server() -> (String, Arc<Mutex<Vec<Instant>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let counted = Arc::clone(&arrivals);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let counted = Arc::clone(&counted);
            thread::spawn(move || count(stream.unwrap(), &counted));
        }
    });
    (base, arrivals)
}

/// Answers the requests of one connection.
fn count(mut stream: TcpStream, arrivals: &Mutex<Vec<Instant>>) {
    stream.set_nodelay(true).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    while let Some(Ok(line)) = lines.next() {
        if line.is_empty() {
            arrivals.lock().unwrap().push(Instant::now());
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"id\":1}")
                .unwrap();
        }
    }
}
