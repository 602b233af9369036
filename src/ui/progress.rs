//! What happens while one waits: a line a request with `--verbose`, and one self-erasing line for waits and progress on
//! a terminal.

use std::time::Duration;

use super::terminal::{Modal, Ui};
use crate::api::{Observer, Progress, RequestLine, Wait};
use crate::render::{sanitise, wrap};

/// Shorter waits are not worth a line.
const WORTH_SAYING: Duration = Duration::from_secs(1);

impl Ui {
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

    fn reading(&self, progress: &Progress) {
        let Progress { what, read, of } = progress;
        self.status(&format!("{what}: page {read} of {of}"));
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
            "waiting {time}: this machine has used {limit} requests in {} (shared limit)",
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

    const VERBOSE: UiFlags =
        UiFlags { json: false, quiet: false, verbose: true, no_color: false, yes: false };

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
    }

    #[test]
    fn whatever_is_written_next_erases_it_too() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        ui.status("looking");
        ui.warn("careful");
        assert_eq!(err.text(), "looking\r       \rwarning: careful\n");
    }

    #[test]
    fn pipes_and_quiet_see_no_progress() {
        let quiet = UiFlags { quiet: true, ..UiFlags::default() };
        for (flags, on_terminal) in [(quiet, true), (UiFlags::default(), false)] {
            let (ui, _, err) = testing::ui(flags, on_terminal, &[]);
            ui.waiting(&pace(12_000));
            ui.status("looking");
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
