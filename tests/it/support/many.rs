//! Many cases side by side, and a report of all that is wrong instead of the first.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

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

/// Takes each case through `check`, `workers` at a time, and fails with all that was found.
pub(crate) fn many<C: Display + Sync>(
    title: &str,
    workers: usize,
    cases: &[C],
    check: impl Fn(&C, &mut Problems) + Sync,
) {
    let began = Instant::now();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
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
}
