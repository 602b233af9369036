//! What can go wrong, seen from outside: a kind (which decides the exit code), one message, hints on what to
//! type next. Rooms have typed errors of their own where their callers must tell cases apart; here they meet.

mod invalid;

use std::fmt;
use std::path::Path;

pub use self::invalid::{InvalidValue, naming_value};

/// How every command that a person has cancelled says so.
const CANCELLED: &str = "cancelled";

/// Why a command ended without doing all it was asked; each kind has one exit code, promised in `syncro help exit-codes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything that has no kind of its own.
    Failure,
    /// Bad or missing arguments, or a write without a confirmation.
    Usage,
    /// The record does not exist.
    NotFound,
    /// 401 or 403.
    NotAuthorised,
    /// The API said no, or a check of ours did before anything was sent, or a plan is pending.
    Refused,
    /// A write may or may not have landed.
    Unconfirmed,
    /// 429 until patience ended.
    RateLimited,
    /// Network or server failure; the failing step wrote nothing.
    Unavailable,
    /// The person said no.
    Cancelled,
    /// Configuration is wrong, or the journal cannot be written.
    Configuration,
    /// A report that was to be checked has found something.
    Found,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The process's exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failure => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::NotAuthorised => 4,
            Self::Refused => 5,
            Self::Unconfirmed => 6,
            Self::RateLimited => 7,
            Self::Unavailable => 8,
            Self::Cancelled => 9,
            Self::Configuration => 10,
            Self::Found => 11,
            Self::Interrupted => 130,
        }
    }

    /// The name that `--json` prints as `error.kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::NotAuthorised => "not_authorised",
            Self::Refused => "refused",
            Self::Unconfirmed => "unconfirmed",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Cancelled => "cancelled",
            Self::Configuration => "configuration",
            Self::Found => "found",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One line on what to do next: words, and between them commands of this program, which are shown as it was called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// It may name flags and settings, but no command of this program.
    Text(String),
    /// What follows the program's name: `resume --discard 7`.
    Command(String),
    /// The command that was typed, and these flags.
    Again(String),
    /// The same, as it is typed.
    Typed(String),
}

impl Hint {
    /// A command and what it is for: "run `syncro init` to create it"; `to` is empty where that is clear.
    #[must_use]
    pub fn run(line: impl Into<String>, to: &str) -> Self {
        let hint = Self::from("run ").command(line);
        if to.is_empty() { hint } else { hint.text(format!(" to {to}")) }
    }

    /// And these words.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// And a command, in backticks.
    #[must_use]
    pub fn command(self, line: impl Into<String>) -> Self {
        self.text("`").line(line).text("`")
    }

    /// And a command as it is, to be copied.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.0.push(Part::Command(line.into()));
        self
    }

    /// And the command that was typed, with these flags besides.
    #[must_use]
    pub fn again(mut self, flags: impl Into<String>) -> Self {
        self.0.push(Part::Again(flags.into()));
        self
    }

    /// The line as people read it, for a program that is called `program`; `space` stands between the words of a command.
    #[must_use]
    pub fn shown(&self, program: &str, space: &str) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Again(line) | Part::Typed(line) => line.replace(' ', space),
            Part::Command(line) => format!("{program} {line}").replace(' ', space),
        });
        parts.collect()
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self::default().text(text)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        Self::default().text(text)
    }
}

/// What had been written when the command ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Written {
    /// The message says it, or nothing could be: a command that reads.
    #[default]
    Unsaid,
    /// Nothing.
    Nothing,
    /// Nothing, and no request was made that could.
    NothingSent,
    /// Nothing after what has been said before.
    NothingMore,
    /// The same, and no request was made that could.
    NothingMoreSent,
}

impl Written {
    /// The clause that follows what happened.
    const fn clause(self) -> Option<&'static str> {
        match self {
            Self::Unsaid => None,
            Self::Nothing => Some("nothing was written"),
            Self::NothingSent => Some("nothing was sent"),
            Self::NothingMore => Some("nothing more was written"),
            Self::NothingMoreSent => Some("nothing more was sent"),
        }
    }
}

/// The crate's error: what happened, in a sentence, and what to type next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// What happened, without a full stop at the end of a single sentence; further lines are a list that belongs to it.
    pub message: String,
    /// What was written, which is said behind the message's first line.
    pub written: Written,
    /// What to do or type next, one hint a line.
    pub hints: Vec<Hint>,
    /// The HTTP status behind it, if one was.
    pub status: Option<u16>,
    /// This program as it was called, for hints: `syncro --sandbox`.
    pub program: Option<String>,
    /// What there is none of, where it says that.
    pub none: Option<String>,
}

/// The result of nearly everything outside `api`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without hints.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            written: Written::Unsaid,
            hints: Vec::new(),
            status: None,
            program: None,
            none: None,
        }
    }

    /// A usage error (exit 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A configuration error (exit 10).
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// There is no such record (exit 3); `what` names it.
    pub fn none(what: impl Into<String>) -> Self {
        let what = what.into();
        Self {
            none: Some(what.clone()),
            ..Self::new(Kind::NotFound, format!("there is no {what}"))
        }
    }

    /// The same from the mirror, which may lack it.
    #[must_use]
    pub fn of_mirror(self) -> Self {
        let message = self.none.as_ref().map(|what| format!("{what} is not in the mirror"));
        Self { message: message.unwrap_or(self.message), ..self }
    }

    /// A refusal by a check of ours (exit 5).
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// Nobody can be asked (exit 2).
    #[must_use]
    pub fn unconfirmed() -> Self {
        Self::usage("cannot ask for confirmation without a terminal")
            .hint("use --yes to confirm, or --dry-run to preview")
    }

    /// A person said No, or left a prompt (exit 9).
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled, CANCELLED).nothing_written()
    }

    /// The same, and what came of it.
    #[must_use]
    pub fn cancelled_as(why: impl fmt::Display) -> Self {
        Self::new(Kind::Cancelled, format!("{CANCELLED}: {why}")).nothing_written()
    }

    /// Somebody asked for an end (exit 130).
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted")
    }

    /// Says that nothing was written.
    #[must_use]
    pub const fn nothing_written(self) -> Self {
        self.written(Written::Nothing)
    }

    /// Says that nothing was sent.
    #[must_use]
    pub const fn nothing_sent(self) -> Self {
        self.written(Written::NothingSent)
    }

    /// Says what was written.
    #[must_use]
    pub const fn written(mut self, written: Written) -> Self {
        self.written = written;
        self
    }

    /// The same behind writes: who cancels then cancels what is left.
    #[must_use]
    pub const fn after_writes(self) -> Self {
        match (self.kind, self.written) {
            (Kind::Cancelled | Kind::Interrupted, Written::Nothing) => {
                self.written(Written::NothingMore)
            }
            (Kind::Cancelled | Kind::Interrupted, Written::NothingSent) => {
                self.written(Written::NothingMoreSent)
            }
            _ => self,
        }
    }

    /// Adds a line on what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a command of this program, without its name, and what it is for: `next("init", "create it")` is shown as
    /// "run `syncro init` to create it".
    #[must_use]
    pub fn next(self, line: impl Into<String>, to: &str) -> Self {
        self.hint(Hint::run(line, to))
    }

    /// The same, its hints naming this program as it was called: `syncro --sandbox` is what to type next in practice.
    #[must_use]
    pub fn called(mut self, program: &str) -> Self {
        self.program = Some(program.to_owned());
        self
    }

    /// The same, with the words of the command line where a hint repeats them: the flags alone where a word is not to be seen.
    #[must_use]
    pub fn typed(mut self, words: &[String], is_unseen: fn(&str) -> bool) -> Self {
        for part in self.hints.iter_mut().flat_map(|hint| &mut hint.0) {
            if let Part::Again(flags) = part {
                *part = Part::Typed(with_flags(words, flags, is_unseen));
            }
        }
        self
    }

    /// The hints as people read them.
    pub fn hint_lines(&self) -> impl Iterator<Item = String> {
        self.hints_with(" ")
    }

    /// The same, `space` between the words of a command: one that does not break keeps it on one line.
    pub fn hints_with<'s>(&'s self, space: &'s str) -> impl Iterator<Item = String> {
        let program = self.program.as_deref().unwrap_or("syncro");
        self.hints.iter().map(move |hint| hint.shown(program, space))
    }

    /// Adds the HTTP status behind it.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

/// This program as it is called for an account: practice must not lead to the real one, nor one account to another.
#[must_use]
pub fn program(sandbox: bool, profile: Option<&str>, config: Option<&Path>) -> String {
    let sandbox = if sandbox { " --sandbox" } else { "" };
    let profile = profile.map_or_else(String::new, |name| format!(" --profile {name}"));
    // Practice has a configuration of its own.
    let config = config.filter(|_| sandbox.is_empty()).map_or_else(String::new, |path| {
        // It may be pasted in another folder.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        format!(" --config {}", quoted(&path.display().to_string()))
    });
    format!("syncro{sandbox}{profile}{config}")
}

/// A command line with more flags, as it is typed; the flags alone where a word of it cannot be shown in one line.
fn with_flags(words: &[String], flags: &str, is_unseen: fn(&str) -> bool) -> String {
    if words.iter().any(|word| is_unseen(word) || word.chars().any(char::is_control)) {
        return flags.to_owned();
    }
    // Behind `--` a flag would be a text.
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let (before, after) = words.split_at(end);
    let mut line = vec!["syncro".to_owned()];
    line.extend(before.iter().map(|word| quoted(word)));
    line.push(flags.to_owned());
    line.extend(after.iter().map(|word| quoted(word)));
    line.join(" ")
}

/// A word as a shell takes it for one.
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=:./,@+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    match word.contains(['"', '$', '`', '\\', '!']) {
        true => format!("'{}'", word.replace('\'', "'\\''")),
        false => format!("\"{word}\""),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was written belongs to the sentence; a list below it stays below it.
        let mut lines = self.message.lines();
        f.write_str(lines.next().unwrap_or_default())?;
        if let Some(clause) = self.written.clause() {
            write!(f, "; {clause}")?;
        }
        lines.try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl std::error::Error for Error {}

/// A failure without a kind of its own, told with all that led to it.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Kind::Failure, format!("{error:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_follows_the_first_line() {
        let error = Error::usage("several match:\n  a\n  b");
        assert_eq!(error.to_string(), "several match:\n  a\n  b");
        let error = Error::usage("several match\n  a\n  b").nothing_written();
        assert_eq!(error.to_string(), "several match; nothing was written\n  a\n  b");
        // Said twice it stands once.
        let error = Error::refused("no").nothing_written().nothing_sent();
        assert_eq!(error.to_string(), "no; nothing was sent");
        let error = error.written(Written::NothingMoreSent);
        assert_eq!(error.to_string(), "no; nothing more was sent");
    }

    #[test]
    fn a_command_is_repeated_as_it_is_typed() {
        for (words, shown) in [
            (&["bill", "7", "-m", "Till is back"][..], "syncro bill 7 -m \"Till is back\" --zero"),
            (&["comment", "7", "--", "-x"], "syncro comment 7 --zero -- -x"),
            (&["comment", "7", "It's $5", ""], "syncro comment 7 'It'\\''s $5' \"\" --zero"),
            (&["comment", "7", "One\nTwo"], "--zero"),
            (&["api", "POST", "x", "-f", "pw=s"], "--zero"),
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let error = Error::refused("no").hint(Hint::from("or: ").again("--zero"));
            let is_unseen = |word: &str| word.starts_with("pw=");
            let lines: Vec<String> = error.typed(&words, is_unseen).hint_lines().collect();
            assert_eq!(lines, [format!("or: {shown}")]);
        }
    }

    #[test]
    fn a_command_is_shown_as_the_program_was_called() {
        let error = Error::refused("no")
            .next("resume 7", "finish what is left")
            .next("doctor", "")
            .hint(Hint::from("use ").command("bill").text(", or: ").line("line add"))
            .hint("or `syncro` with --again");
        let lines: Vec<String> = error.hint_lines().collect();
        assert_eq!(
            lines,
            [
                "run `syncro resume 7` to finish what is left",
                "run `syncro doctor`",
                "use `syncro bill`, or: syncro line add",
                "or `syncro` with --again"
            ]
        );
        let error = error.called("syncro --sandbox");
        let lines: Vec<String> = error.hint_lines().collect();
        assert_eq!(
            lines,
            [
                "run `syncro --sandbox resume 7` to finish what is left",
                "run `syncro --sandbox doctor`",
                "use `syncro --sandbox bill`, or: syncro --sandbox line add",
                "or `syncro` with --again"
            ]
        );
    }
}
