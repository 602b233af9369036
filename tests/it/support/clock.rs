//! A machine's clock that a test sets: a small library, loaded before the system's own, puts what the program reads from the
//! clock so many seconds away. What no setting of a clock moves, the time since the machine's start, stays as it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Asked each time, so that it can be set while the program runs.
const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, id, now);
    const char *path = getenv("TEST_CLOCK");
    FILE *file = !failed && id == CLOCK_REALTIME && path ? fopen(path, "r") : NULL;
    long off = 0, stands = 0;
    int read = file ? fscanf(file, "%ld %ld", &off, &stands) : 0;
    if (read == 2) {
        now->tv_sec = stands;
        now->tv_nsec = 0;
    } else if (read == 1) {
        now->tv_sec += off;
    }
    if (file) {
        fclose(file);
    }
    return failed;
}
"#;

/// One such clock.
pub(crate) struct MachineClock {
    file: PathBuf,
}

impl MachineClock {
    /// One that is right, kept in that folder.
    pub(crate) fn new(dir: &Path, name: &str) -> Self {
        let clock = Self { file: dir.join(name) };
        clock.put_off(0);
        clock
    }

    /// One that is so many seconds ahead.
    pub(crate) fn ahead(dir: &Path, seconds: i64) -> Self {
        let clock = Self::new(dir, "clock");
        clock.put_off(seconds);
        clock
    }

    /// One that stands at that second of 1970's count.
    pub(crate) fn standing(dir: &Path, second: i64) -> Self {
        let clock = Self { file: dir.join("clock") };
        clock.show(&format!("0 {second}"));
        clock
    }

    /// Has it so many seconds ahead from now on.
    pub(crate) fn put_off(&self, seconds: i64) {
        self.show(&seconds.to_string());
    }

    fn show(&self, text: &str) {
        // Never half a file, and never none.
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, text).unwrap();
        std::fs::rename(fresh, &self.file).unwrap();
    }

    /// What a process that goes by it has in its environment.
    pub(crate) fn variables(&self) -> [(&'static str, &str); 2] {
        [("LD_PRELOAD", library().to_str().unwrap()), ("TEST_CLOCK", self.file.to_str().unwrap())]
    }
}

fn library() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = BUILT.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let (source, library) = (dir.path().join("clock.c"), dir.path().join("clock.so"));
        std::fs::write(&source, SOURCE).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source);
        assert!(compiler.status().unwrap().success(), "what links this test can compile it");
        (dir, library)
    });
    path
}
