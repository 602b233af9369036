//! Pacing across processes. The limit counts per address, and a shell loop is many processes: the requests of the
//! last window live in a small locked file, one per API host. `window` decides, `store` keeps; here callers wait.

#[cfg(unix)]
mod clock;
mod store;
mod window;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

#[cfg(unix)]
use self::clock::now;
use self::store::{Store, Trouble};
use self::window::{Rules, Verdict, Window};
use super::observe::{Observer, Wait};

/// The window's file and size.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The folder of the window files.
    pub dir: PathBuf,
    /// Requests that fit in the window.
    pub requests: u32,
    /// The window's length.
    pub per: Duration,
}

/// How full a window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Requests of this machine that count.
    pub used: usize,
    /// Callers that wait for room.
    pub waiting: usize,
    /// How long the server wants no request at all, after a 429.
    pub blocked: Option<Duration>,
}

impl Pace {
    /// How full the window for the host of `base` is, for requests that end after `timeout` at the latest. Changes
    /// nothing.
    ///
    /// # Errors
    /// When the window's file is there and cannot be read.
    pub fn usage(&self, base: &Url, timeout: Duration) -> io::Result<Usage> {
        let now = now();
        let rules = Rules::new(self, timeout);
        let window = Store::new(&self.dir, base).peek()?;
        let (used, waiting, until) = window.counts(now, &rules);
        let blocked = until.checked_sub(now).filter(|&left| left > 0);
        Ok(Usage { used, waiting, blocked: blocked.map(Duration::from_micros) })
    }
}

impl Rules {
    fn new(pace: &Pace, timeout: Duration) -> Self {
        Self {
            requests: usize::try_from(pace.requests.max(1)).unwrap_or(usize::MAX),
            per: micros(pace.per),
            timeout: micros(timeout),
        }
    }
}

/// A waiter says that it is alive this often; well within what makes it stale.
const BEAT: Duration = Duration::from_secs(1);

/// How long the lock is waited for without letting other work run.
const SHORT_PATIENCE: Duration = Duration::from_millis(20);

/// How long a release waits for the lock. A release that is not written costs a slot its early end, no more.
const RELEASE_PATIENCE: Duration = Duration::from_millis(100);

/// After this long somebody sits on the lock, and this process paces itself alone.
const LONG_PATIENCE: Duration = Duration::from_secs(2);

/// A wait whose end moves by less is the same wait to whoever watches.
const SAME_WAIT: u64 = 250_000;

/// Hands out places in the window.
pub(super) struct Pacer {
    store: Store,
    rules: Rules,
    local: Mutex<Local>,
    observer: Arc<dyn Observer>,
}

/// What this process knows by itself.
#[derive(Default)]
struct Local {
    /// The window as last seen; the only one once the file has failed.
    window: Window,
    /// Whether the file has failed.
    alone: bool,
    /// Who asks for a place, and will be answered with all others that ask at the same moment.
    asking: Vec<u64>,
    /// What they were answered.
    answers: BTreeMap<u64, Verdict>,
    /// How many requests are on their way.
    under_way: usize,
    /// Those that have their answers, and when, but are not in the file as such.
    answered: Vec<(u64, u64)>,
}

impl Pacer {
    /// A pacer for the host of `base`, whose requests end after `timeout` at the latest. No file is touched yet.
    pub(super) fn new(
        pace: &Pace,
        base: &Url,
        timeout: Duration,
        observer: Arc<dyn Observer>,
    ) -> Self {
        Self {
            store: Store::new(&pace.dir, base),
            rules: Rules::new(pace, timeout),
            local: Mutex::default(),
            observer,
        }
    }

    /// Waits for a place in the window. Dropping the future gives the place in the queue up.
    pub(super) async fn turn(self: &Arc<Self>) -> Slot {
        let mut waiter =
            Waiter { pacer: Arc::clone(self), id: fastrand::u64(..), told: None, settled: false };
        loop {
            match self.ask(waiter.id).await {
                Verdict::Go => return waiter.go(),
                Verdict::Wait { until, blocked } => {
                    waiter.tell(until, blocked);
                    let wait = Duration::from_micros(until.saturating_sub(now()));
                    tokio::time::sleep(wait.min(BEAT)).await;
                }
            }
        }
    }

    /// Lets nobody on this machine start a request for `wait`: the server has said so.
    pub(super) fn block(&self, wait: Duration) {
        let until = now().saturating_add(micros(wait));
        self.settle(|window| window.block(until));
    }

    /// Asks the window once. Requests that begin side by side cost one visit to the file.
    async fn ask(&self, id: u64) -> Verdict {
        let began = Instant::now();
        self.local().asking.push(id);
        tokio::task::yield_now().await;
        loop {
            if let Some(verdict) = self.local().answers.remove(&id) {
                return verdict;
            }
            let asking = std::mem::take(&mut self.local().asking);
            // The clock is read under the lock: one read before could be older than another's stamp.
            let asked = self.transact(SHORT_PATIENCE, |window| {
                let ask = |id: &u64| (*id, window.ask(*id, now(), &self.rules));
                asking.iter().map(ask).collect::<Vec<_>>()
            });
            if let Some(answers) = asked {
                self.local().answers.extend(answers);
                continue;
            }
            self.local().asking.extend(asking);
            if began.elapsed() >= LONG_PATIENCE {
                self.alone("another process is holding it");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Changes the window as well as can be done at once.
    fn settle(&self, change: impl Fn(&mut Window)) {
        if self.transact(RELEASE_PATIENCE, &change).is_none() {
            change(&mut self.local().window);
        }
    }

    /// Changes the shared window, or the process's own once the file has failed; `None` while another has the lock. What
    /// has been answered since the last change is written with it.
    fn transact<R>(&self, patience: Duration, change: impl Fn(&mut Window) -> R) -> Option<R> {
        let answered = std::mem::take(&mut self.local().answered);
        let change = |window: &mut Window| {
            answered.iter().for_each(|(id, at)| window.answered(*id, *at));
            change(window)
        };
        if !self.local().alone {
            match self.store.transact(patience, change) {
                Ok((result, window)) => {
                    self.local().window = window;
                    return Some(result);
                }
                Err(Trouble::Busy) => {
                    self.local().answered.extend(answered);
                    return None;
                }
                Err(Trouble::Broken(error)) => self.alone(&error.to_string()),
            }
        }
        Some(change(&mut self.local().window))
    }

    /// Goes on without the file: a folder that cannot be written must not stop the work.
    fn alone(&self, why: &str) {
        let first = !std::mem::replace(&mut self.local().alone, true);
        if first {
            self.observer.warning(&format!(
                "requests are paced within this process only: {}: {why}",
                self.store.path().display()
            ));
        }
    }

    fn local(&self) -> MutexGuard<'_, Local> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody in the queue; leaves it when dropped.
struct Waiter {
    pacer: Arc<Pacer>,
    id: u64,
    /// The end of the wait that the observer was told.
    told: Option<u64>,
    settled: bool,
}

impl Waiter {
    /// Tells the observer of a wait, again when its end has moved.
    fn tell(&mut self, until: u64, blocked: bool) {
        if self.told.is_some_and(|told| told.abs_diff(until) < SAME_WAIT) {
            return;
        }
        self.told = Some(until);
        let wait = Duration::from_micros(until.saturating_sub(now()));
        let rules = &self.pacer.rules;
        self.pacer.observer.waiting(&if blocked {
            Wait::RateLimited { wait }
        } else {
            Wait::Pace {
                wait,
                limit: u32::try_from(rules.requests).unwrap_or(u32::MAX),
                per: Duration::from_micros(rules.per),
            }
        });
    }

    /// The place is taken.
    fn go(mut self) -> Slot {
        self.settled = true;
        self.pacer.local().under_way += 1;
        Slot { pacer: Arc::clone(&self.pacer), id: self.id, sent: false }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        if self.told.is_some() {
            self.pacer.observer.resumed();
        }
        if !self.settled {
            self.pacer.local().asking.retain(|id| *id != self.id);
            self.pacer.local().answers.remove(&self.id);
            self.pacer.settle(|window| window.forget(self.id));
        }
    }
}

/// A place in the window. Dropped, it counts for one more window if a request was sent with it, and not at all
/// otherwise.
pub(super) struct Slot {
    pacer: Arc<Pacer>,
    id: u64,
    sent: bool,
}

impl Slot {
    /// From now on a request may be on its way.
    pub(super) const fn sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let is_last = {
            let mut local = self.pacer.local();
            local.under_way = local.under_way.saturating_sub(1);
            if self.sent {
                local.answered.push((self.id, now()));
            }
            local.under_way == 0
        };
        if !self.sent {
            self.pacer.settle(|window| window.forget(self.id));
        } else if is_last {
            // Until then the others' places are taken in any case, and the next visit to the file notes all of them.
            self.pacer.settle(|_| ());
        }
    }
}

/// Microseconds since 1970: elsewhere no clock that all processes share counts from the machine's start.
#[cfg(not(unix))]
fn now() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    micros(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::fs;

    use super::*;
    use crate::api::observe::RequestLine;

    #[derive(Default)]
    struct Seen(Mutex<Vec<String>>);

    impl Seen {
        fn take(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    impl Observer for Seen {
        fn request(&self, _: &RequestLine) {}
        fn waiting(&self, wait: &Wait) {
            let kind = match wait {
                Wait::Pace { .. } => "pace",
                Wait::RateLimited { .. } => "limited",
                Wait::Retry { .. } => "retry",
            };
            self.0.lock().unwrap().push(kind.to_owned());
        }
        fn resumed(&self) {
            self.0.lock().unwrap().push("resumed".to_owned());
        }
        fn warning(&self, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }
    }

    fn pacer(dir: PathBuf, requests: u32, per_ms: u64) -> (Arc<Pacer>, Arc<Seen>) {
        let seen = Arc::new(Seen::default());
        let pace = Pace { dir, requests, per: Duration::from_millis(per_ms) };
        let base = Url::parse("http://127.0.0.1:9/api/v1").unwrap();
        let timeout = Duration::from_secs(5);
        let observer = Arc::clone(&seen) as Arc<dyn Observer>;
        (Arc::new(Pacer::new(&pace, &base, timeout, observer)), seen)
    }

    async fn sent(pacer: &Arc<Pacer>) {
        pacer.turn().await.sent();
    }

    #[tokio::test]
    async fn a_full_window_is_waited_for_and_said() {
        let dir = tempfile::tempdir().unwrap();
        let (pacer, seen) = pacer(dir.path().to_owned(), 2, 200);
        let began = Instant::now();
        for _ in 0..3 {
            sent(&pacer).await;
        }
        assert!(began.elapsed() >= Duration::from_millis(200));
        assert_eq!(seen.take(), ["pace", "resumed"]);
    }

    #[tokio::test]
    async fn a_place_that_was_not_used_costs_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (pacer, seen) = pacer(dir.path().to_owned(), 1, 60_000);
        for _ in 0..5 {
            drop(pacer.turn().await);
        }
        assert!(seen.take().is_empty());
    }

    #[tokio::test]
    async fn requests_side_by_side_visit_the_file_together() {
        let dir = tempfile::tempdir().unwrap();
        let (pacer, _) = pacer(dir.path().to_owned(), 3, 60_000);
        let file = || fs::read_to_string(pacer.store.path()).unwrap();
        let places = || file().lines().filter(|line| line.starts_with("slot")).count();
        let on_their_way = || file().lines().filter(|line| line.ends_with('-')).count();
        let (mut one, mut two, mut three) = tokio::join!(pacer.turn(), pacer.turn(), pacer.turn());
        assert_eq!((places(), on_their_way()), (3, 3));
        for slot in [&mut one, &mut two, &mut three] {
            slot.sent();
        }
        drop(one);
        drop(two);
        assert_eq!(on_their_way(), 3);
        drop(three);
        assert_eq!((places(), on_their_way()), (3, 0));
    }

    #[tokio::test]
    async fn giving_up_while_waiting_leaves_the_queue() {
        let dir = tempfile::tempdir().unwrap();
        let (pacer, seen) = pacer(dir.path().to_owned(), 1, 60_000);
        sent(&pacer).await;
        let wait = tokio::time::timeout(Duration::from_millis(30), pacer.turn()).await;
        assert!(wait.is_err());
        assert_eq!(seen.take(), ["pace", "resumed"]);
        let file = fs::read_to_string(pacer.store.path()).unwrap();
        assert!(!file.contains("waits"), "{file}");
    }

    #[tokio::test]
    async fn the_servers_word_reaches_other_processes() {
        let dir = tempfile::tempdir().unwrap();
        let (here, _) = pacer(dir.path().to_owned(), 10, 1_000);
        let (there, seen) = pacer(dir.path().to_owned(), 10, 1_000);
        let began = Instant::now();
        here.block(Duration::from_millis(150));
        drop(there.turn().await);
        assert!(began.elapsed() >= Duration::from_millis(149));
        assert_eq!(seen.take(), ["limited", "resumed"]);
    }

    #[tokio::test]
    async fn how_full_it_is_can_be_seen_from_outside() {
        let dir = tempfile::tempdir().unwrap();
        let (pacer, _) = pacer(dir.path().to_owned(), 2, 60_000);
        let pace = Pace { dir: dir.path().to_owned(), requests: 2, per: Duration::from_secs(60) };
        let base = Url::parse("http://127.0.0.1:9/api/v1").unwrap();
        let usage = || pace.usage(&base, Duration::from_secs(5)).unwrap();
        assert_eq!((usage().used, usage().blocked), (0, None));
        sent(&pacer).await;
        pacer.block(Duration::from_secs(50));
        let usage = usage();
        assert_eq!((usage.used, usage.waiting), (1, 0));
        assert!(usage.blocked.is_some_and(|left| left.as_secs() >= 40));
    }

    #[tokio::test]
    async fn without_a_folder_the_process_paces_itself() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "in the way").unwrap();
        let (pacer, seen) = pacer(file.join("below"), 1, 100);
        let began = Instant::now();
        sent(&pacer).await;
        sent(&pacer).await;
        assert!(began.elapsed() >= Duration::from_millis(100));
        let said = seen.take();
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].starts_with("requests are paced within this process only"));
    }

    #[tokio::test]
    async fn a_lock_that_nobody_lets_go_of_is_not_waited_for_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let (pacer, seen) = pacer(dir.path().to_owned(), 5, 60_000);
        sent(&pacer).await;
        let holder = fs::File::open(pacer.store.path()).unwrap();
        holder.lock().unwrap();
        let began = Instant::now();
        drop(pacer.turn().await);
        assert!(began.elapsed() < LONG_PATIENCE * 2);
        assert_eq!(seen.take().len(), 1);
        // What was sent before the file failed still counts.
        assert!(pacer.local().window.encode().contains("slot"));
    }
}
