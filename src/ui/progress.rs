//! What happens while one waits: a line a request with `--verbose`, and one self-erasing line for waits and progress on
//! a terminal.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::reads::Reads;
use super::terminal::{Modal, Ui};
use crate::api::{Observer, Progress, RequestLine, Wait};
use crate::render::{counted, sanitise, wrap};

/// Shorter waits are not worth a line.
const WORTH_SAYING: Duration = Duration::from_secs(1);

/// So long one waits without a word.
const PATIENCE: Duration = Duration::from_millis(500);

/// Reads that follow one another sooner are one wait.
const AT_ONCE: Duration = Duration::from_millis(200);

impl Ui {
    fn reads(&self) -> std::sync::MutexGuard<'_, Reads> {
        self.0.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what is being read, unless another progress line says something better.
    fn show_reads(&self) {
        let (text, is_idle) = {
            let reads = self.reads();
            (reads.text(), reads.under_way.is_empty())
        };
        let is_free = {
            let screen = self.screen();
            screen.status == 0 || screen.reads
        };
        if is_free && !is_idle {
            self.status(&text);
            let mut screen = self.screen();
            screen.reads = screen.status > 0;
        }
    }

    /// Shows `text` as the progress line, in place of the one before. Only on a terminal, not with `--quiet`, and never
    /// in the way of a prompt.
    pub fn status(&self, text: &str) {
        let on_terminal = self.0.terminal.stderr && self.modal() == Modal::Nothing;
        if on_terminal && !self.flags().quiet {
            // One column is left free: a full last line would scroll.
            let room = self.0.terminal.columns.saturating_sub(1);
            let text = wrap::cut(&sanitise::one_line(text), room);
            self.screen().draw_status(&text);
        }
    }

    /// Takes the progress line away.
    pub fn clear_status(&self) {
        self.screen().erase_status();
    }
}

impl Observer for Ui {
    fn request(&self, line: &RequestLine) {
        if self.flags().verbose {
            self.preview(&request_text(line));
        }
    }

    fn waiting(&self, wait: &Wait) {
        let worth_saying = wait.duration() > WORTH_SAYING;
        if self.flags().verbose {
            // Told once a wait, not at each change of its length.
            let told = std::mem::replace(&mut self.screen().told, true);
            if !told && (worth_saying || matches!(wait, Wait::Retry { .. })) {
                self.preview(&wait_text(wait));
            }
        }
        if worth_saying {
            self.status(&wait_text(wait));
        }
    }

    fn asking(&self, what: &str) -> Option<Duration> {
        if !self.0.terminal.stderr || self.flags().quiet {
            return None;
        }
        let mut reads = self.reads();
        let is_next = reads.ended.is_some_and(|at| at.elapsed() < AT_ONCE);
        if reads.under_way.is_empty() && !is_next {
            reads.since = None;
        }
        let since = *reads.since.get_or_insert_with(Instant::now);
        reads.under_way.push(what.to_owned());
        Some(PATIENCE.saturating_sub(since.elapsed()))
    }

    fn slow(&self) {
        self.show_reads();
    }

    fn answered(&self, what: &str) {
        let mut reads = self.reads();
        if let Some(at) = reads.under_way.iter().position(|path| path == what) {
            reads.under_way.remove(at);
        }
        reads.ended = Some(Instant::now());
        if reads.under_way.is_empty() {
            reads.pages = None;
            drop(reads);
            let mut screen = self.screen();
            if screen.reads {
                screen.erase_status();
            }
        }
    }

    fn reading(&self, progress: &Progress) {
        self.reads().pages = Some(progress.clone());
        self.show_reads();
    }

    fn warning(&self, text: &str) {
        self.warn(text);
    }

    fn resumed(&self) {
        let mut screen = self.screen();
        screen.told = false;
        screen.erase_status();
    }
}

/// `GET /tickets?api_key=***&number=32181 200 81 ms`.
fn request_text(line: &RequestLine) -> String {
    let outcome = match &line.outcome {
        Ok(status) => status.to_string(),
        Err(cause) => format!("failed ({cause})"),
    };
    let text = format!("{} {} {outcome} {}", line.method, line.target, length(line.took));
    sanitise::one_line(&text)
}

fn wait_text(wait: &Wait) -> String {
    let time = length(wait.duration());
    match wait {
        Wait::Pace { limit, per, .. } => format!(
            "waiting {time}: this machine has used {} in {} (shared limit)",
            counted(usize::try_from(*limit).unwrap_or(usize::MAX), "request", "requests"),
            length(*per)
        ),
        Wait::RateLimited { .. } => {
            format!("waiting {time}: Syncro's rate limit is used up (429)")
        }
        Wait::Retry { next, of, cause, .. } => {
            sanitise::one_line(&format!("{cause}; try {next} of {of} in {time}"))
        }
    }
}

/// `81 ms`, `1.2 s`, `12 s`.
fn length(time: Duration) -> String {
    let millis = time.as_millis();
    match millis {
        0..1000 => format!("{millis} ms"),
        1000..10_000 if !millis.is_multiple_of(1000) => {
            format!("{}.{} s", millis / 1000, millis % 1000 / 100)
        }
        _ => format!("{} s", millis / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UiFlags, testing};
    use super::*;

    const VERBOSE: UiFlags = UiFlags {
        json: false,
        quiet: false,
        verbose: true,
        no_color: false,
        yes: false,
        no_pager: false,
    };

    fn pace(millis: u64) -> Wait {
        Wait::Pace { wait: Duration::from_millis(millis), limit: 180, per: Duration::from_secs(60) }
    }

    fn line() -> RequestLine {
        RequestLine {
            method: "GET",
            target: "/tickets?number=32181&api_key=***".to_owned(),
            outcome: Ok(200),
            took: Duration::from_millis(81),
        }
    }

    #[test]
    fn a_line_a_request_with_verbose() {
        let (ui, out, err) = testing::ui(VERBOSE, false, &[]);
        ui.request(&line());
        ui.request(&RequestLine {
            outcome: Err("timed out".to_owned()),
            took: Duration::from_millis(1290),
            ..line()
        });
        assert_eq!(
            err.text(),
            "GET /tickets?number=32181&api_key=*** 200 81 ms\n\
             GET /tickets?number=32181&api_key=*** failed (timed out) 1.2 s\n"
        );
        assert_eq!(out.text(), "");
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        ui.request(&line());
        assert_eq!(err.text(), "");
    }

    #[test]
    fn waits_are_a_line_that_erases_itself() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        ui.waiting(&pace(900));
        assert_eq!(err.text(), "");
        ui.waiting(&pace(12_000));
        let text = "waiting 12 s: this machine has used 180 requests in 60 s (shared limit)";
        assert_eq!(err.text(), text);
        ui.resumed();
        let blank = " ".repeat(text.len());
        assert_eq!(err.text(), format!("{text}\r{blank}\r"));
        let wait = Duration::from_secs(1);
        let one = wait_text(&Wait::Pace { wait, limit: 1, per: wait });
        assert!(one.contains("has used 1 request in"), "{one}");
    }

    #[test]
    fn whatever_is_written_next_erases_it_too() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        ui.status("looking");
        ui.warn("careful");
        assert_eq!(err.text(), "looking\r       \rwarning: careful\n");
    }

    #[test]
    fn what_is_read_is_said_once_it_takes_long() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        assert!(ui.asking("/tickets/7").is_some_and(|wait| wait > PATIENCE / 2));
        ui.asking("/tickets/7/comments");
        assert_eq!(err.text(), "");
        ui.slow();
        assert!(err.text().ends_with("reading tickets, comments ..."), "{:?}", err.text());
        ui.answered("/tickets/7");
        ui.answered("/tickets/7/comments");
        assert!(err.text().ends_with(" \r"), "{:?}", err.text());
        // The rest of one wait: it has been long already.
        assert!(ui.asking("/customer_assets").is_some_and(|wait| wait < PATIENCE));
        let page = Progress { what: "/customer_assets".to_owned(), read: 3, of: 12 };
        ui.reading(&page);
        assert!(err.text().ends_with("reading customer assets: page 3 of 12 ..."));
        // What else is under way says something better.
        ui.status("looking");
        ui.slow();
        assert!(err.text().ends_with("looking"), "{:?}", err.text());
    }

    #[test]
    fn pipes_and_quiet_see_no_progress() {
        let quiet = UiFlags { quiet: true, ..UiFlags::default() };
        for (flags, on_terminal) in [(quiet, true), (UiFlags::default(), false)] {
            let (ui, _, err) = testing::ui(flags, on_terminal, &[]);
            ui.waiting(&pace(12_000));
            ui.status("looking");
            assert_eq!(ui.asking("/me"), None);
            assert_eq!(err.text(), "");
        }
    }

    #[test]
    fn verbose_in_a_pipe_tells_each_wait_once() {
        let (ui, _, err) = testing::ui(VERBOSE, false, &[]);
        let retry = Wait::Retry {
            wait: Duration::from_millis(1200),
            next: 2,
            of: 4,
            cause: "GET /me: 503".to_owned(),
        };
        ui.waiting(&retry);
        ui.waiting(&retry);
        ui.resumed();
        ui.waiting(&pace(3000));
        assert_eq!(
            err.text(),
            "GET /me: 503; try 2 of 4 in 1.2 s\n\
             waiting 3 s: this machine has used 180 requests in 60 s (shared limit)\n"
        );
    }
}
