//! From what was typed to a complete request: flags are checked before any request is made; what is missing is asked
//! on a terminal, and named all at once in a script. Minutes and labor type are never guessed, nor asked of a model.

use super::BillArgs;
use super::facts::Facts;
use super::labor_name::{by_time, labor_type};
use super::labor_types::LaborTypes;
use super::logged;
use super::request::{BillRequest, Clocked, Logging, first_line, worked};
use crate::api::resources::comments::NewComment;
use crate::billing::labor::{Amount, Lacks, Work};
use crate::billing::quantity::{self, MINUTES, Minutes, how_long};
use crate::commands::resolve::{Heading, Waiting};
use crate::commands::text::{Drafting, Form, Prose, Source, Wanted, Written, fate, one_line, text};
use crate::config::{Settings, Unit};
use crate::context::Context;
use crate::draft::{Purpose, markup};
use crate::error::{Error, Result};
use crate::operations::{Allowed, Finding, Worked};
use crate::render::preview::Mailing;
use crate::texts::Place;
use crate::ui::{HELP, Ui};
use crate::workflow::Approval;
use jiff::Timestamp;

/// The headline of a comment when none is given.
const SUBJECT: &str = "Update";

/// What was typed, checked; the parts that may be missing are options.
#[derive(Debug, Clone)]
pub struct BillDraft {
    /// Whether the ticket's clocked time is billed, and not what was typed.
    from_timers: bool,
    minutes: Option<Minutes>,
    labor: Option<String>,
    more: Vec<Work>,
    source: Source,
    form: Form,
    written: Option<Written>,
    description: Option<String>,
    subject: Option<String>,
    hidden: bool,
    email: bool,
    comment: bool,
    invoice: bool,
    exact: bool,
    log: Option<Logging>,
    began: Option<Timestamp>,
    allowed: Allowed,
}

/// Checks the flags against each other and the configuration, and reads the comment's text where it was given.
///
/// # Errors
/// Exit 2 for what cannot be meant, exit 10 when no labor types are configured.
pub fn check(args: &BillArgs, ctx: &Context, approval: &Approval) -> Result<BillDraft> {
    let settings = ctx.settings();
    let by_hour = settings.labor.iter().any(|labor| labor.unit == Unit::Hour);
    if !by_hour && !args.from_timers {
        return Err(Error::configuration("no hourly labor type is configured")
            .hint("add a [labor.NAME] with its product_id to the configuration; config.example.toml shows how"));
    }
    // By its own name from here on, however it was spelled.
    let labor = args.labor.as_deref().map(|labor| by_time(settings, labor)).transpose()?;
    let minutes = args
        .minutes
        .as_deref()
        .map(|typed| {
            typed.parse::<Minutes>().map_err(|error| Error::usage(format!("--minutes: {error}")))
        })
        .transpose()?;
    let more = args.add.iter();
    let more: Vec<Work> =
        more.map(|typed| added(typed, args.exact, settings)).collect::<Result<_>>()?;
    let (log, began) = logged::of(args, ctx)?;
    let times = more.iter().filter_map(|work| work.amount.minutes()).chain(minutes);
    for minutes in times.filter(|_| log.is_some()) {
        logged::whole(minutes)?;
    }
    let source = args.prose.source(ctx, approval, None);
    let source =
        source.map_err(|error| error.hint("use --no-comment to bill without a comment"))?;
    args.kind.check()?;
    one_line("--description", args.description.as_deref())?;
    Ok(BillDraft {
        from_timers: args.from_timers,
        minutes,
        labor: labor.map(|labor| labor.key.clone()),
        more,
        source,
        form: args.prose.form.form(),
        written: None,
        description: args.description.clone().filter(|text| !text.trim().is_empty()),
        subject: args.kind.subject.clone(),
        hidden: args.kind.hidden,
        email: !args.kind.no_email,
        comment: !args.no_comment,
        invoice: !args.no_invoice,
        exact: args.exact,
        log,
        began,
        allowed: args.overrides.allowed.clone(),
    })
}

/// `--add travel`, `--add travel=2`, `--add onsite=45m`.
fn added(typed: &str, exact: bool, settings: &Settings) -> Result<Work> {
    let (key, amount) = match typed.split_once('=') {
        Some((key, amount)) => (key.trim(), Some(amount.trim())),
        None => (typed.trim(), None),
    };
    let labor = labor_type(settings, key)?;
    let wrong = |what: String| Error::usage(format!("--add {typed}: {what}"));
    let amount = match (labor.unit, amount) {
        (Unit::Each, None) => Amount::Units(rust_decimal::Decimal::ONE),
        (Unit::Each, Some(units)) => Amount::Units(quantity::units(units).map_err(wrong)?),
        (Unit::Hour, Some(time)) => Amount::Minutes(
            time.parse().map_err(|error: quantity::NotMinutes| wrong(error.to_string()))?,
        ),
        (Unit::Hour, None) => {
            return Err(wrong("it is billed by time, so the time is required".to_owned())
                .hint(format!("add the time: --add {key}=45m")));
        }
    };
    Ok(Work { labor: labor.key.clone(), amount, exact })
}

/// The refusal of labor that lacks what a line item needs.
pub fn unsold(lacks: &Lacks) -> Error {
    Error::refused(lacks.to_string()).nothing_written().hint(lacks.fix())
}

impl BillDraft {
    /// The flags that a script would have to add.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.minutes.is_none() && !self.from_timers {
            missing.push("--minutes");
        }
        if self.labor.is_none() && !self.from_timers {
            missing.push("--labor");
        }
        if self.comment && self.written.is_none() && self.source == Source::Missing {
            missing.push("-m (or --no-comment)");
        }
        if self.lacks_description() {
            missing.push("--description");
        }
        missing
    }

    /// Whether nothing says what the labor line is to say was done: a draft does, and the comment, unless it is nothing but
    /// a greeting, or private, since the customer reads the line on the invoice.
    #[must_use]
    pub fn lacks_description(&self) -> bool {
        let line = self.written.as_ref().and_then(|written| written.line_description.as_ref());
        let is_drafted = self.is_drafted() || line.is_some();
        let text = match (&self.written, &self.source) {
            (Some(written), _) => Some(&written.text),
            (None, Source::Given(text)) => Some(text),
            // It is yet to be written.
            (None, _) => None,
        };
        let says = text.is_none_or(|text| first_line(&markup::lines(text)).is_some());
        let is_told = self.comment && !self.hidden && says;
        let is_said = self.description.is_some() || is_drafted || is_told;
        !is_said && !self.from_timers
    }

    /// Whether there is a comment, whose text is the one that is kept of this run.
    #[must_use]
    pub const fn has_comment(&self) -> bool {
        self.comment
    }

    /// The same with what the labor line says was done.
    #[must_use]
    pub fn described(self, description: String) -> Self {
        Self { description: Some(description), ..self }
    }

    /// Whether there is nothing that a person would be asked.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing().is_empty() && !self.is_drafted()
    }

    /// Whether nothing says which labor it is: neither a flag, nor the time that waits where that is billed.
    #[must_use]
    pub fn needs_labor(&self, waiting: Option<&Waiting>) -> bool {
        let is_sold = self.from_timers && waiting.is_none_or(|waiting| waiting.is_sold);
        self.labor.is_none() && !is_sold
    }

    /// Whether an invoice is made.
    #[must_use]
    pub const fn has_invoice(&self) -> bool {
        self.invoice
    }

    /// The guards that are overridden or answered.
    pub const fn allowed(&mut self) -> &mut Allowed {
        &mut self.allowed
    }

    /// Whom the comment goes to, where there is one.
    #[must_use]
    pub fn mailing(&self, facts: &Facts) -> Option<Mailing> {
        let comment = NewComment {
            subject: String::new(),
            body: String::new(),
            hidden: self.hidden,
            do_not_email: self.hidden || !self.email,
            tech: None,
        };
        let contact = facts.ticket.contact.as_ref();
        self.comment.then(|| Mailing::of(&comment, contact, &facts.customer))
    }

    /// Whether the ticket's clocked time is billed.
    #[must_use]
    pub const fn is_clocked(&self) -> bool {
        self.from_timers
    }

    /// What is said of when the work was done; none where the minutes that tell are yet to be typed.
    #[must_use]
    pub fn worked(&self) -> Option<Worked> {
        let more = self.more.iter().filter_map(|work| work.amount.minutes());
        let worked = worked(self.log.as_ref(), self.began, self.minutes.into_iter().chain(more));
        let is_told = self.minutes.is_some() || !matches!(worked, Worked::Between(..));
        is_told.then_some(worked)
    }

    /// Whether time is typed that no entry of the bill's own logs.
    #[must_use]
    pub const fn types_time(&self) -> bool {
        !self.from_timers
    }

    /// Whether a model is to draft the comment.
    #[must_use]
    pub fn is_drafted(&self) -> bool {
        matches!(self.source, Source::Draft(_))
    }

    /// What the comment is to be, and where it waits until it is sent.
    #[must_use]
    pub fn wanted(&self, about: Option<Heading>, place: Place) -> Wanted {
        let (ticket, subject, customer) = match about {
            Some(about) => (Some(about.number), Some(about.subject), Some(about.customer)),
            None => (None, None, None),
        };
        Wanted {
            what: "Comment",
            purpose: if self.hidden { Purpose::Note } else { Purpose::Reply },
            ticket,
            subject,
            customer,
            last: None,
            fate: fate(self.hidden, self.email),
            headline: self.subject.is_none(),
            place: place.meant(self.hidden, self.form == Form::Html),
            without: Some("--no-comment bills without one"),
        }
    }

    /// Begins the draft, if one is wanted.
    #[must_use]
    pub fn draft(&self, ctx: &Context, wanted: &Wanted) -> Option<Drafting> {
        Drafting::begin(ctx, &self.source, wanted)
    }

    /// Offers the time that waits before anything else is asked: typed beside it, it would be billed twice.
    ///
    /// # Errors
    /// Exit 9 where nothing is chosen, 130 for Ctrl-C.
    pub fn offer_time(mut self, ui: &Ui, waiting: Option<&Waiting>) -> Result<Self> {
        let is_left = |left: &Finding| self.from_timers || self.allowed.lets(left);
        let Some(waiting) = waiting.filter(|waiting| !is_left(&waiting.left)) else {
            return Ok(self);
        };
        if !ui.ask_question(&instead(waiting, self.minutes))? {
            self.allowed.answer(waiting.left.clone());
            return Ok(self);
        }
        (self.from_timers, self.minutes) = (true, None);
        Ok(self)
    }

    /// Asks how long and what kind, where that is missing.
    ///
    /// # Errors
    /// Exit 9 where nothing is chosen, 130 for Ctrl-C.
    pub fn ask_work(
        mut self,
        ui: &Ui,
        waiting: Option<&Waiting>,
        types: &LaborTypes,
    ) -> Result<Self> {
        if self.minutes.is_none() && !self.from_timers {
            let is_logged = self.log.is_some();
            let minutes = ui.recalled("minutes", MINUTES, None, |typed| {
                if typed == HELP {
                    return Err(how_long());
                }
                let minutes = typed.parse::<Minutes>().map_err(|error| error.to_string())?;
                match is_logged {
                    true => logged::whole(minutes).map_err(|error| error.message)?,
                    false => 0,
                };
                Ok(minutes)
            })?;
            self.minutes = Some(minutes);
        }
        if self.needs_labor(waiting) {
            self.labor = types.ask(ui)?;
        }
        Ok(self)
    }

    /// Gets the comment's text: as given, from a model and an editor, or from a person.
    ///
    /// # Errors
    /// Exit 9 when no text is written, 130 for Ctrl-C.
    pub async fn write(
        mut self,
        ctx: &Context,
        approval: &Approval,
        begun: Option<Drafting>,
        wanted: &Wanted,
    ) -> Result<Self> {
        if self.comment {
            let source = std::mem::replace(&mut self.source, Source::Missing);
            self.written = Some(text(ctx, approval, source, begun, wanted).await?);
        }
        Ok(self)
    }

    fn proposal(&self) -> String {
        let written = self.written.as_ref();
        let drafted = written.and_then(|written| written.line_description.clone());
        let text = written.map_or("", |written| &written.text);
        drafted.or_else(|| first_line(&markup::lines(text))).unwrap_or_default()
    }

    /// The request, once nothing is missing.
    ///
    /// # Errors
    /// Exit 2, naming all flags that are missing.
    pub fn complete(self) -> Result<BillRequest> {
        let missing = self.missing();
        let main = match (self.minutes, self.labor.clone()) {
            _ if !missing.is_empty() => return Err(incomplete(&missing)),
            (Some(minutes), Some(labor)) => {
                let amount = Amount::Minutes(minutes);
                Some(Work { labor, amount, exact: self.exact })
            }
            _ => None,
        };
        let description = self.description.clone();
        let description = description.unwrap_or_else(|| self.proposal());
        Ok(self.request(main, &description))
    }

    fn request(self, main: Option<Work>, description: &str) -> BillRequest {
        BillRequest {
            comment: self.written.map(|written| Prose {
                subject: self.subject.or(written.subject).unwrap_or_else(|| SUBJECT.to_owned()),
                text: written.text,
                form: self.form,
                hidden: self.hidden,
                email: self.email,
                drafted: written.drafted,
            }),
            work: main.into_iter().chain(self.more).collect(),
            description: description.trim().to_owned(),
            invoice: self.invoice,
            exact: self.exact,
            log: self.log,
            began: self.began,
            allowed: self.allowed,
            from_timers: self.from_timers.then_some(Clocked {
                which: None,
                labor: self.labor,
                product_id: None,
            }),
        }
    }
}

/// The question whether the time that waits is billed, and not the time that was typed.
pub(super) fn instead(waiting: &Waiting, typed: Option<Minutes>) -> String {
    let typed = typed.map_or_else(String::new, |minutes| format!(" instead of {minutes}"));
    format!("{} waits. Bill it{typed}?", waiting.time)
}

fn incomplete(missing: &[&str]) -> Error {
    Error::usage(format!("missing: {}", missing.join(", ")))
        .hint("on a terminal without --yes, you are asked for missing values")
}
