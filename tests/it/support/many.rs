//! Many cases side by side, and a report of all that is wrong instead of the first.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::counts;

/// So many cases at once, those of all tests together: most of a case's time is waiting, and with more of them at once
/// a machine is so busy that what is to come late comes too late.
const AT_ONCE: usize = 10;

/// The places that are free.
static FREE: Mutex<usize> = Mutex::new(AT_ONCE);
static FREED: Condvar = Condvar::new();

/// A place among the cases that run at once.
struct Place;

impl Place {
    fn taken() -> Self {
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = FREED.wait_while(free, |free| *free == 0).unwrap();
        *free -= 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *FREE.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        FREED.notify_one();
    }
}

/// What is wrong with one case.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    /// Notes `what` unless it is so.
    pub(crate) fn unless(&mut self, so: bool, what: impl FnOnce() -> String) {
        if !so {
            self.0.push(what());
        }
    }

    /// Notes a difference.
    pub(crate) fn same<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, is: T, wanted: T) {
        self.unless(is == wanted, || format!("{name}: {is:?}, wanted {wanted:?}"));
    }

    /// Whether there are any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Takes each case through `check`, and fails with all that was found, or when there are fewer cases than there were.
pub(crate) fn many<C: Display + Sync>(
    title: &str,
    cases: &[C],
    check: impl Fn(&C, &mut Problems) + Sync,
) {
    let began = Instant::now();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..cases.len().min(AT_ONCE) {
            scope.spawn(|| {
                loop {
                    let _place = Place::taken();
                    let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) else {
                        break;
                    };
                    let mut problems = Problems::default();
                    let ended = catch_unwind(AssertUnwindSafe(|| check(case, &mut problems)));
                    problems.unless(ended.is_ok(), || "it panicked".to_owned());
                    if !problems.is_empty() {
                        let text = problems.0.join("\n    ");
                        wrong.lock().unwrap().push(format!("  {case}\n    {text}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    let (cases, took) = (cases.len(), began.elapsed());
    println!("{title}: {cases} cases, {} wrong, {took:.0?}", wrong.len());
    assert!(
        wrong.is_empty(),
        "{title}: {} of {cases} cases are wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    counts::none_lost(title, cases);
}
