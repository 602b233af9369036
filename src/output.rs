//! In which form an answer is printed, as the global flags say: filtered JSON, chosen columns, cells for a spreadsheet.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::render::jq::{ENDLESS, Failed, Filter, Found};
use crate::render::list::Shape;
use crate::render::lists::{self, LISTS};
use crate::render::sanitise;
use crate::ui::{Ui, interrupt, json};

/// The flags, on every command. Those of lists are described where they mean something: see [`ListFlags`].
#[derive(Debug, Clone, Default, clap::Args)]
pub struct OutputFlags {
    /// Filter the JSON with a jq expression; implies --json
    #[arg(long, global = true, value_name = "EXPR")]
    jq: Option<String>,
    /// Columns to show, in this order: number,due,user.email; titles and any member of the JSON work
    #[arg(long, global = true, hide = true, value_name = "COLUMNS", help_heading = LISTED)]
    columns: Option<String>,
    /// Print comma-separated values with a header line; no cell is a formula
    #[arg(long, global = true, hide = true, help_heading = LISTED)]
    csv: bool,
    /// The same with a byte order mark, for Excel
    #[arg(long, global = true, hide = true, help_heading = LISTED)]
    csv_bom: bool,
    /// Print tab-separated values with a header line; no cell is a formula
    #[arg(long, global = true, hide = true, help_heading = LISTED)]
    tsv: bool,
}

/// The heading of the flags of lists, in help texts.
pub const LISTED: &str = "List output";

/// Where the flags of lists are described; a report names columns of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListFlags<const OF_REPORT: bool = false>;

/// The flag of commands that only show: it has them answer from the mirror. Nothing holds it: see [`OfflineFlag::is_given`].
#[derive(Debug, Clone, Copy, Default)]
pub struct OfflineFlag;

impl OfflineFlag {
    /// What it is called.
    const ID: &str = "offline";

    /// Whether a command was given it.
    #[must_use]
    pub fn is_given(matches: &ArgMatches) -> bool {
        matches.try_get_one(Self::ID).is_ok_and(|given| given == Some(&true))
    }
}

impl Args for OfflineFlag {
    fn augment_args(command: Command) -> Command {
        if !cfg!(feature = "offline") {
            return command;
        }
        command.arg(
            Arg::new(Self::ID)
                .long(Self::ID)
                .action(ArgAction::SetTrue)
                .help("Answer from the last `syncro sync`; send nothing"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for OfflineFlag {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}

/// What a report says of `--columns`.
const OF_REPORTS: &str =
    "Columns to show, in this order; titles and any member of the JSON's rows work";

impl<const OF_REPORT: bool> Args for ListFlags<OF_REPORT> {
    fn augment_args(command: Command) -> Command {
        // At once: what is added after the flags of all commands have been handed down is there twice.
        let described = OutputFlags::augment_args(Command::new(""));
        let hidden = described.get_arguments().filter(|arg| arg.is_hide_set());
        command.args(hidden.map(|arg| {
            let shown = arg.clone().hide(false).global(false);
            match OF_REPORT && arg.get_id() == "columns" {
                true => shown.help(OF_REPORTS),
                false => shown,
            }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const OF_REPORT: bool> FromArgMatches for ListFlags<OF_REPORT> {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}

/// How the rows of a list are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// As a table.
    #[default]
    Table,
    /// As comma-separated values, with a byte order mark or without.
    Csv {
        /// Whether the mark comes first.
        bom: bool,
    },
    /// As tab-separated values.
    Tsv,
}

/// In which form an answer is printed.
#[derive(Default)]
pub struct Output {
    /// How rows are printed.
    pub form: Form,
    /// The columns that were asked for.
    pub columns: Option<Vec<String>>,
    filter: Option<Filter>,
}

impl OutputFlags {
    /// Whether JSON is asked for without `--json`.
    #[must_use]
    pub const fn is_json(&self) -> bool {
        self.jq.is_some()
    }

    /// The flags of lists that were given.
    fn of_lists(&self) -> Vec<&'static str> {
        let given = [
            ("--columns", self.columns.is_some()),
            ("--csv", self.csv),
            ("--csv-bom", self.csv_bom),
            ("--tsv", self.tsv),
        ];
        given.into_iter().filter_map(|(flag, given)| given.then_some(flag)).collect()
    }

    /// What the flags mean for a command; `json`: whether `--json` was given too.
    ///
    /// # Errors
    /// Usage, before any request: flags that do not go together, a command without a list, a filter that is none.
    pub fn output(&self, json: bool, command: &str) -> Result<Output> {
        let asked = self.of_lists();
        if let Some(flag) = asked.first() {
            let other = match (json, &self.jq) {
                (_, Some(_)) => Some("--jq"),
                (true, None) => Some("--json"),
                (false, None) => {
                    (self.tsv && *flag != "--tsv" && *flag != "--columns").then_some("--tsv")
                }
            };
            if let Some(other) = other {
                return Err(Error::usage(format!("{flag} cannot be used with {other}")));
            }
            if lists::of_command(command).is_none() {
                return Err(no_list(command, flag));
            }
        }
        let columns = self.columns.as_deref().map(|typed| columns(typed, command)).transpose()?;
        let filter = self.jq.as_deref().map(Filter::new).transpose();
        let filter = filter.map_err(|why| Error::usage(format!("--jq: {why}")))?;
        let form = match (self.csv || self.csv_bom, self.tsv) {
            (true, _) => Form::Csv { bom: self.csv_bom },
            (_, true) => Form::Tsv,
            _ => Form::Table,
        };
        Ok(Output { form, columns, filter })
    }
}

fn no_list(command: &str, flag: &str) -> Error {
    let lists: Vec<&str> = LISTS.iter().map(|list| list.command).collect();
    Error::usage(format!("`syncro {command}` prints no list; {flag} works only with lists"))
        .hint(format!("lists: {}", lists.join(", ")))
}

/// The columns that were typed.
fn columns(typed: &str, command: &str) -> Result<Vec<String>> {
    let names = typed.split(',').map(str::trim).filter(|name| !name.is_empty());
    let names: Vec<String> = names.map(sanitise::one_line).collect();
    if !names.is_empty() {
        return Ok(names);
    }
    let error = Error::usage("--columns names no column");
    Err(match lists::of_command(command) {
        Some(list) => columns_of(list, error),
        None => error,
    })
}

/// The error, with the columns that a list has.
pub fn columns_of(list: &Shape, error: Error) -> Error {
    let names = list.names();
    let error = match names.is_empty() {
        true => error,
        false => error.hint(format!("columns of this list: {}", names.join(", "))),
    };
    error.hint("any other member of its --json works too, such as created_at")
}

impl Output {
    /// Whether rows are asked for that a spreadsheet or a script reads, or columns of one's own.
    #[must_use]
    pub fn is_of_lists(&self) -> bool {
        self.form != Form::Table || self.columns.is_some()
    }

    /// The text of a JSON answer, filtered where that was asked for, and why the filter stopped, if it did.
    fn json_text(&self, ui: &Ui, value: &Value) -> (String, Option<Error>) {
        let Some(filter) = &self.filter else {
            return (json::pretty(value, ui.is_ascii_only()), None);
        };
        let filtered = interrupt::watched(ui, |stop| filter.run(value, stop));
        let mut text = String::new();
        for found in filtered.results {
            match found {
                Found::Text(found) if ui.width().is_some() => {
                    text.push_str(&sanitise::text(&found));
                }
                Found::Text(found) => text.push_str(&found),
                Found::Json(found) => text.push_str(&json::escape(&found, ui.is_ascii_only())),
            }
            text.push('\n');
        }
        let failed = filtered.failed.map(|failed| match failed {
            Failed::Error(why) => Error::new(Kind::Failure, format!("--jq: {why}")),
            Failed::Endless => Error::usage(format!("--jq: {ENDLESS}")),
            Failed::Stopped => Error::interrupted(),
        });
        (text, failed)
    }

    /// Prints a read's JSON.
    ///
    /// # Errors
    /// When stdout cannot be written, or the filter stops with an error.
    pub fn json(&self, ui: &Ui, value: &Value) -> Result<()> {
        let (text, failed) = self.json_text(ui, value);
        ui.stdout(&text)?;
        failed.map_or(Ok(()), Err)
    }

    /// Prints what a write became. A filter that stops with an error says so, and the whole of it is printed: what was
    /// written must not be lost. The exit code is the write's own.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn outcome(&self, ui: &Ui, value: &Value) -> Result<()> {
        let (text, failed) = self.json_text(ui, value);
        let Some(error) = failed else {
            return ui.stdout(&text);
        };
        ui.error(&error);
        ui.stdout(&json::pretty(value, ui.is_ascii_only()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn flags_that_do_not_go_together_are_refused() {
        let csv = OutputFlags { csv: true, ..OutputFlags::default() };
        let both = OutputFlags { tsv: true, ..csv.clone() };
        let bom = OutputFlags { csv_bom: true, columns: Some("a, b.c".to_owned()), ..csv.clone() };
        let said = |flags: &OutputFlags, json, command| {
            flags.output(json, command).err().map(|error| error.to_string())
        };
        let with = |other: &str| Some(format!("--csv cannot be used with {other}"));
        assert_eq!(said(&csv, true, "tickets"), with("--json"));
        assert_eq!(said(&both, false, "tickets"), with("--tsv"));
        let jq = OutputFlags { jq: Some(".".to_owned()), ..csv.clone() };
        assert_eq!(said(&jq, false, "tickets"), with("--jq"));
        let none = "`syncro bill` prints no list; --csv works only with lists";
        assert_eq!(said(&csv, false, "bill").as_deref(), Some(none));
        let output = bom.output(false, "invoice list").unwrap();
        assert_eq!(output.form, Form::Csv { bom: true });
        assert_eq!(output.columns.unwrap(), ["a", "b.c"]);
    }
}
