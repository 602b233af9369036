//! From what was typed to a complete request: flags are checked before any request is made; what is missing is asked
//! on a terminal, and named all at once in a script. Minutes and labor type are never guessed.

use std::collections::BTreeSet;

use super::BillArgs;
use super::request::{BillRequest, Prose, first_line};
use crate::billing::labor::{Amount, Work};
use crate::billing::quantity::{self, Minutes};
use crate::config::{LaborType, Settings, Unit};
use crate::error::{Error, Kind, Result};
use crate::ui::{Ui, with_instructions};

/// The headline of a comment when none is given.
const SUBJECT: &str = "Update";

/// What was typed, checked; the parts that may be missing are options.
#[derive(Debug, Clone)]
pub struct Wish {
    minutes: Option<Minutes>,
    labor: Option<String>,
    more: Vec<Work>,
    message: Option<String>,
    description: Option<String>,
    subject: String,
    hidden: bool,
    email: bool,
    comment: bool,
    invoice: bool,
    allowed: BTreeSet<super::guards::Guard>,
}

/// Checks the flags against each other and the configuration.
///
/// # Errors
/// Exit 2 for what cannot be meant, exit 10 when no labor types are configured.
pub fn check(args: &BillArgs, settings: &Settings) -> Result<Wish> {
    if !settings.labor.iter().any(|labor| labor.unit == Unit::Hour) {
        return Err(Error::configuration("no labor type by the hour is configured")
            .hint("add a [labor.NAME] with its product_id to the configuration; config.example.toml shows how"));
    }
    if let Some(labor) = &args.labor {
        let found = settings
            .labor(labor)
            .ok_or_else(|| unknown_labor(settings, labor))?;
        if found.unit == Unit::Each {
            return Err(Error::usage(format!(
                "labor type \"{labor}\" is counted by each, not by time"
            ))
            .hint(format!(
                "bill it beside the time: --add {labor}, or --add {labor}=2"
            )));
        }
    }
    let minutes = args
        .minutes
        .as_deref()
        .map(|typed| {
            typed
                .parse::<Minutes>()
                .map_err(|error| Error::usage(format!("--minutes: {error}")))
        })
        .transpose()?;
    let more = args
        .add
        .iter()
        .map(|typed| added(typed, settings))
        .collect::<Result<_>>()?;
    let message = args.message.clone().filter(|text| !text.trim().is_empty());
    if args.message.is_some() && message.is_none() {
        return Err(Error::usage("the comment given with -m is empty")
            .hint("leave the comment out with --no-comment"));
    }
    for (flag, text) in [
        ("--subject", &args.subject),
        ("--description", &args.description),
    ] {
        let text = text.as_deref().unwrap_or("-");
        if text.trim().is_empty() || text.contains(['\n', '\r']) {
            return Err(Error::usage(format!(
                "{flag} must be one line with something on it"
            )));
        }
    }
    Ok(Wish {
        minutes,
        labor: args.labor.clone(),
        more,
        message,
        description: args
            .description
            .clone()
            .filter(|text| !text.trim().is_empty()),
        subject: args.subject.clone().unwrap_or_else(|| SUBJECT.to_owned()),
        hidden: args.hidden,
        email: !args.no_email,
        comment: !args.no_comment,
        invoice: !args.no_invoice,
        allowed: args.overrides.allowed(),
    })
}

/// `--add travel`, `--add travel=2`, `--add onsite=45m`.
fn added(typed: &str, settings: &Settings) -> Result<Work> {
    let (key, amount) = match typed.split_once('=') {
        Some((key, amount)) => (key.trim(), Some(amount.trim())),
        None => (typed.trim(), None),
    };
    let labor = settings
        .labor(key)
        .ok_or_else(|| unknown_labor(settings, key))?;
    let wrong = |what: String| Error::usage(format!("--add {typed}: {what}"));
    let amount = match (labor.unit, amount) {
        (Unit::Each, None) => Amount::Units(rust_decimal::Decimal::ONE),
        (Unit::Each, Some(units)) => Amount::Units(quantity::units(units).map_err(wrong)?),
        (Unit::Hour, Some(time)) => Amount::Minutes(
            time.parse()
                .map_err(|error: quantity::NotMinutes| wrong(error.to_string()))?,
        ),
        (Unit::Hour, None) => {
            return Err(
                wrong("it is counted by time, which is never guessed".to_owned())
                    .hint(format!("give the time: --add {key}=45m")),
            );
        }
    };
    Ok(Work {
        labor: key.to_owned(),
        amount,
    })
}

/// The error for a labor type that is not configured, with the nearest one that is.
#[must_use]
pub fn unknown_labor(settings: &Settings, typed: &str) -> Error {
    let near = settings
        .labor
        .iter()
        .map(|labor| (strsim::damerau_levenshtein(&labor.key, typed), &labor.key))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    let keys: Vec<&str> = settings
        .labor
        .iter()
        .map(|labor| labor.key.as_str())
        .collect();
    let error = Error::usage(format!("there is no labor type \"{typed}\""));
    match near {
        Some((_, key)) => error.hint(format!("did you mean {key}?")),
        None => error.hint(format!("configured are: {}", keys.join(", "))),
    }
}

impl Wish {
    /// The flags that a script would have to add.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.minutes.is_none() {
            missing.push("--minutes");
        }
        if self.labor.is_none() {
            missing.push("--labor");
        }
        if self.comment && self.message.is_none() {
            missing.push("-m (or --no-comment)");
        }
        if !self.comment && self.description.is_none() {
            missing.push("--description");
        }
        missing
    }

    /// Whether there is nothing that a person would be asked.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing().is_empty() && self.description.is_some()
    }

    /// The request, without asking anybody.
    ///
    /// # Errors
    /// Exit 2, naming all flags that are missing.
    pub fn complete(self) -> Result<BillRequest> {
        let missing = self.missing();
        let (Some(minutes), Some(labor)) = (self.minutes, self.labor.clone()) else {
            return Err(incomplete(&missing));
        };
        if !missing.is_empty() {
            return Err(incomplete(&missing));
        }
        let description = self
            .description
            .clone()
            .unwrap_or_else(|| first_line(self.message.as_deref().unwrap_or("")));
        Ok(self.request(minutes, labor, description))
    }

    /// Asks for what is missing, in the order in which a technician thinks: how long, what kind, what was done.
    ///
    /// # Errors
    /// Exit 9 when the editor is left without a text, 130 for Ctrl-C.
    pub fn ask(mut self, ui: &Ui, types: &[LaborType]) -> Result<BillRequest> {
        let minutes = match self.minutes {
            Some(minutes) => minutes,
            None => ui.input("Minutes (30, 1h30m, 1.5h)", None, |typed| {
                typed.parse::<Minutes>().map_err(|error| error.to_string())
            })?,
        };
        let labor = match self.labor.take() {
            Some(labor) => labor,
            None => ask_labor(ui, types)?,
        };
        if self.comment && self.message.is_none() {
            self.message = Some(ask_comment(ui)?);
        }
        let description = match self.description.take() {
            Some(description) => description,
            None => {
                let proposal = first_line(self.message.as_deref().unwrap_or(""));
                let proposal = Some(proposal.as_str()).filter(|text| !text.is_empty());
                ui.input("Line description", proposal, |typed| match typed.trim() {
                    "" => Err("a line item needs a description".to_owned()),
                    typed => Ok(typed.to_owned()),
                })?
            }
        };
        Ok(self.request(minutes, labor, description))
    }

    fn request(self, minutes: Minutes, labor: String, description: String) -> BillRequest {
        let main = Work {
            labor,
            amount: Amount::Minutes(minutes),
        };
        BillRequest {
            comment: self.message.filter(|_| self.comment).map(|text| Prose {
                subject: self.subject,
                text,
                hidden: self.hidden,
                email: self.email,
            }),
            work: std::iter::once(main).chain(self.more).collect(),
            description: description.trim().to_owned(),
            invoice: self.invoice,
            allowed: self.allowed,
        }
    }
}

fn incomplete(missing: &[&str]) -> Error {
    Error::usage(format!("missing: {}", missing.join(", ")))
        .hint("on a terminal, without --yes, syncro asks for what is missing")
}

fn ask_labor(ui: &Ui, types: &[LaborType]) -> Result<String> {
    let keys: Vec<&LaborType> = types
        .iter()
        .filter(|labor| labor.unit == Unit::Hour)
        .collect();
    let items: Vec<String> = keys
        .iter()
        .map(|labor| match &labor.name {
            Some(name) => format!("{} ({name})", labor.key),
            None => labor.key.clone(),
        })
        .collect();
    let chosen = ui.select("Labor type", &items)?;
    keys.get(chosen)
        .map(|labor| labor.key.clone())
        .ok_or_else(|| {
            Error::new(
                Kind::Cancelled,
                "no labor type was chosen; nothing was written",
            )
        })
}

/// A line at the prompt, or the editor for more than one.
fn ask_comment(ui: &Ui) -> Result<String> {
    let typed = ui.input("Comment (Enter opens the editor)", None, |typed| {
        Ok(typed.to_owned())
    })?;
    if !typed.trim().is_empty() {
        return Ok(typed);
    }
    let template = with_instructions(
        "",
        "Write above what was done, as the customer should read it. All from the line above on is left out.",
    );
    ui.editor(&template, ".txt")?
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| {
            Error::new(Kind::Cancelled, "no comment was written; nothing was sent")
                .hint("--no-comment bills without one")
        })
}
