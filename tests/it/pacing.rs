//! The rate limit holds across processes: four of them share a window, and a server counts what arrives.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use syncro::api::observe::Unobserved;
use syncro::api::{Get, Reader, Transport};
use tokio::task::JoinSet;

#[cfg(target_os = "linux")]
use crate::support::MachineClock;
use crate::support::until;
use crate::transport::connection;

const LIMIT: usize = 50;
const WINDOW: Duration = Duration::from_secs(1);

/// Where the child finds its server and its window file, how much it asks and how much of that side by side; without
/// them the child's test does nothing.
const BASE: &str = "SYNCRO_TEST_PACING_BASE";
const DIR: &str = "SYNCRO_TEST_PACING_DIR";
const REQUESTS: &str = "SYNCRO_TEST_PACING_REQUESTS";
const SIDE_BY_SIDE: &str = "SYNCRO_TEST_PACING_SIDE_BY_SIDE";

/// Run in processes of their own by the tests below.
#[tokio::test]
async fn child_process() {
    let (Ok(base), Ok(dir)) = (std::env::var(BASE), std::env::var(DIR)) else {
        return;
    };
    let number = |name| std::env::var(name).unwrap().parse::<usize>().unwrap();
    let (requests, side_by_side) = (number(REQUESTS), number(SIDE_BY_SIDE));
    let mut connection = connection(&base, dir.as_ref());
    connection.pace.requests = u32::try_from(LIMIT).unwrap();
    connection.pace.per = WINDOW;
    let reader = Reader::new(Arc::new(Transport::new(connection, Arc::new(Unobserved)).unwrap()));
    let mut tasks = JoinSet::new();
    for _ in 0..side_by_side {
        let reader = reader.clone();
        tasks.spawn(async move {
            for _ in 0..requests / side_by_side {
                reader.get(Get::<Value>::new("/me", None)).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

fn spawn(base: &str, dir: &Path, requests: usize, side_by_side: usize) -> Child {
    child(base, dir, requests, side_by_side).spawn().unwrap()
}

fn child(base: &str, dir: &Path, requests: usize, side_by_side: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "pacing::child_process", "--nocapture"])
        .env(BASE, base)
        .env(DIR, dir)
        .env(REQUESTS, requests.to_string())
        .env(SIDE_BY_SIDE, side_by_side.to_string())
        .stdout(Stdio::null());
    command
}

/// The time from the first arrival to the last, and the shortest in which more arrived than the limit allows.
fn measure(arrivals: &Mutex<Vec<Instant>>) -> (usize, Duration, Duration) {
    let mut arrivals = arrivals.lock().unwrap().clone();
    arrivals.sort();
    let tightest =
        arrivals.windows(LIMIT + 1).map(|window| window[LIMIT] - window[0]).min().unwrap();
    let total = *arrivals.last().unwrap() - arrivals[0];
    (arrivals.len(), total, tightest)
}

#[test]
fn four_processes_share_one_window() {
    for (each, side_by_side) in [(100, 1), (50, 5)] {
        // That the window holds is promised of every round. That it is used up can only be seen while the machine has time
        // for four processes: the best of a few rounds shows it.
        let mut late = Vec::new();
        while let Err(total) = four_processes(each, side_by_side) {
            late.push(total);
            assert!(late.len() < 3, "too slow, every time: {late:?}");
        }
    }
}

/// One round; `Err` with the time it took where that is more than a tenth above what the window allows.
fn four_processes(each: usize, side_by_side: usize) -> Result<(), Duration> {
    let (base, arrivals) = counting_server();
    let dir = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let children: Vec<_> = (0..4).map(|_| spawn(&base, dir.path(), each, side_by_side)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let wall = began.elapsed();
    let (count, total, tightest) = measure(&arrivals);
    assert_eq!(count, 4 * each);
    let floor = WINDOW * u32::try_from(4 * each / LIMIT - 1).unwrap();
    println!(
        "{count} requests from 4 processes, {side_by_side} at once in each, {LIMIT} per {WINDOW:?}: {total:?} from \
         first to last (floor {floor:?}, with process start {wall:?}); closest {} requests within {tightest:?}",
        LIMIT + 1,
    );
    assert!(tightest >= WINDOW, "{tightest:?}");
    if total <= floor * 11 / 10 { Ok(()) } else { Err(total) }
}

/// Eight processes, of which one has a clock of its own that is an hour ahead, and two whose clocks are set forward and
/// back while they run.
#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_is_set_anew_widens_no_window() {
    let (base, arrivals) = counting_server();
    let dir = tempfile::tempdir().unwrap();
    let clock = |name| MachineClock::new(dir.path(), name);
    let clocks = [clock("ahead"), clock("forward"), clock("back")];
    clocks[0].put_off(3600);
    let began = Instant::now();
    let mut children: Vec<Child> = (0..8)
        .map(|index| {
            let mut command = child(&base, dir.path(), 40, 4);
            if let Some(clock) = clocks.get(index) {
                command.envs(clock.variables());
            }
            command.spawn().unwrap()
        })
        .collect();
    let mut ahead = false;
    while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
        thread::sleep(Duration::from_millis(400));
        ahead = !ahead;
        clocks[1].put_off(if ahead { 3600 } else { 0 });
        clocks[2].put_off(if ahead { -3600 } else { 0 });
        assert!(began.elapsed() < Duration::from_secs(60), "somebody waits for ever");
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let (count, _, tightest) = measure(&arrivals);
    assert_eq!(count, 8 * 40);
    assert!(tightest >= WINDOW, "{tightest:?}");
}

#[test]
fn a_killed_process_holds_up_nobody_for_long() {
    let (base, arrivals) = counting_server();
    let dir = tempfile::tempdir().unwrap();
    let mut killed = spawn(&base, dir.path(), 1000, 10);
    let mut alive = spawn(&base, dir.path(), 100, 2);
    // Into the second window, where both wait their turn.
    until("the first window is used up", || arrivals.lock().unwrap().len() > LIMIT);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let began = Instant::now();
    assert!(alive.wait().unwrap().success());
    // Its places in the queue are free after a few seconds, its unanswered requests after time-out and window.
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    let (_, _, tightest) = measure(&arrivals);
    assert!(tightest >= WINDOW, "{tightest:?}");
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
