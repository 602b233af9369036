//! What stdout and stderr are, and how text gets onto them beside the progress line.

use std::env::VarError;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::error::{Error, Kind, Result};
use crate::render::wrap;

/// What is known of the three streams.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    /// Whether stdin is a terminal.
    pub(super) stdin: bool,
    /// stdout's columns, if it is a terminal.
    pub(super) stdout: Option<usize>,
    /// Whether stderr is a terminal.
    pub(super) stderr: bool,
    /// The terminal's columns, whichever stream it is on.
    pub(super) columns: usize,
    /// stdout's rows, if it is a terminal.
    pub(super) rows: Option<usize>,
}

impl Terminal {
    pub(super) fn of_process() -> Self {
        let stderr = io::stderr().is_terminal();
        let stdout = io::stdout().is_terminal();
        let size = terminal_size::terminal_size_of(io::stdout())
            .or_else(|| terminal_size::terminal_size_of(io::stderr()));
        // A wish for another width counts on terminals only: a pipe is never cut.
        let wished = |typed: Result<String, VarError>, least: usize| {
            let wished = typed.ok().and_then(|text| text.parse().ok());
            wished.filter(|count| (least..=1000).contains(count))
        };
        let columns = wished(std::env::var("COLUMNS"), 20)
            .or_else(|| size.map(|(width, _)| usize::from(width.0)))
            .filter(|&columns| columns > 0)
            .unwrap_or(80);
        let rows = wished(std::env::var("LINES"), 2)
            .or_else(|| size.map(|(_, height)| usize::from(height.0)))
            .filter(|&rows| rows > 0);
        Self {
            stdin: io::stdin().is_terminal(),
            stdout: stdout.then_some(columns),
            stderr,
            columns,
            rows: rows.filter(|_| stdout),
        }
    }
}

/// The two streams, and the progress line that may stand on the lower one.
pub(super) struct Screen {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    pub(super) out_colour: bool,
    pub(super) err_colour: bool,
    /// stdout's reader has gone.
    closed: bool,
    /// The columns of the progress line that is showing.
    pub(super) status: usize,
    /// Whether the present wait has been told in a plain line.
    pub(super) told: bool,
    /// Whether the progress line is about what is being read.
    pub(super) reads: bool,
}

impl Screen {
    pub(super) fn of_process(no_color: bool) -> Self {
        // As everywhere, 0 forces nothing; the crate takes any value for a wish.
        let unforced = std::env::var("CLICOLOR_FORCE").is_ok_and(|value| value.trim() == "0");
        let choose = |choice, terminal: bool| match choice {
            _ if no_color || unforced && !terminal => ColorChoice::Never,
            choice => choice,
        };
        let out = choose(AutoStream::choice(&io::stdout()), io::stdout().is_terminal());
        let err = choose(AutoStream::choice(&io::stderr()), io::stderr().is_terminal());
        Self::new(
            Box::new(AutoStream::new(io::stdout(), out)),
            Box::new(AutoStream::new(io::stderr(), err)),
            out != ColorChoice::Never,
            err != ColorChoice::Never,
        )
    }

    pub(super) fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        out_colour: bool,
        err_colour: bool,
    ) -> Self {
        Self {
            out,
            err,
            out_colour,
            err_colour,
            closed: false,
            status: 0,
            told: false,
            reads: false,
        }
    }

    pub(super) fn write_out(&mut self, text: &str) -> Result<()> {
        self.erase_status();
        if self.closed {
            return Ok(());
        }
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => {
                let message = format!("cannot write to standard output: {}", error.kind());
                Err(Error::new(Kind::Failure, message))
            }
        }
    }

    /// Failures are dropped: there is nowhere left to tell them.
    pub(super) fn write_err(&mut self, text: &str) {
        self.erase_status();
        drop(self.err.write_all(text.as_bytes()));
        drop(self.err.flush());
    }

    pub(super) fn draw_status(&mut self, text: &str) {
        self.write_err(text);
        self.status = wrap::columns(text);
        self.reads = false;
    }

    /// Overwrites the progress line with spaces, which every console understands.
    pub(super) fn erase_status(&mut self) {
        let columns = std::mem::take(&mut self.status);
        if columns > 0 {
            let blank = format!("\r{}\r", " ".repeat(columns));
            drop(self.err.write_all(blank.as_bytes()));
            drop(self.err.flush());
        }
    }
}
