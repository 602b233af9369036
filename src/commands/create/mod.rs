//! `syncro create <customer> <subject>`: a ticket, its first comment and, if asked for, its appointment, gathered in
//! one pass, previewed together, and made in three calls of which none is ever made twice.

mod form;
mod kept;
mod new_ticket;
mod planning;

use std::time::Instant;

use kept::Asked;
pub use kept::hold_early;
use new_ticket::{Facts, Key, NewTicket, Typed};

use crate::account::{Lists, Which};
use crate::api::resources::customers::Customer;
use crate::api::resources::{assets, users};
use crate::api::{Reader, Record};
use crate::commands::resolve::{self, CustomerArg};
use crate::commands::text::{self, Drafted, FormArgs, ProseArgs, Source, Wanted, Written};
use crate::context::Context;
use crate::draft::{Form, Purpose};
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Known, Overrides, Writing, guards};
use crate::write::{Noun, Scope, Snapshot};

/// Create a ticket with a first comment and appointment
///
/// On a terminal, a form shows your values and the account's choices; in a script, use flags. Open tickets with a
/// similar subject are shown before anything is created.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro create \"Quillfeather Books\" \"Till prints blanks\"
  syncro create 31204551 \"Till beeps\" --description Loudly --priority high --yes
  syncro create quillfeather Switch --start \"tomorrow 2pm\" --dry-run
  syncro create quillfeather \"Till beeps\" --draft \"since monday, all day\"")]
pub struct CreateArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Ticket subject
    #[arg(value_name = "SUBJECT")]
    pub subject: String,
    /// First comment ("Initial Issue"), visible to the customer
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Have the configured local model write the description from these notes; opens the editor
    #[arg(long, value_name = "NOTES", conflicts_with = "description")]
    pub draft: Option<String>,
    /// Priority: "1 High", or high, medium, low [default: the configured priority]
    #[arg(long, value_name = "PRIORITY")]
    pub priority: Option<String>,
    /// Issue type (problem_type), from the account's list
    #[arg(long, value_name = "TYPE")]
    pub issue_type: Option<String>,
    /// Ticket type (ticket_type_id), by name or id
    #[arg(long = "type", value_name = "TYPE")]
    pub ticket_type: Option<String>,
    /// Form of the description
    #[command(flatten)]
    pub form: FormArgs,
    /// Status, from the account's list [default: the first one]
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Assignee: a name, an id, me, or none [default: me]
    #[arg(long = "assignee", value_name = "USER", aliases = ["assign", "user"])]
    pub assign: Option<String>,
    /// Contact of the customer [default: none]
    #[arg(long, value_name = "CONTACT")]
    pub contact: Option<String>,
    /// Address of the customer: a name, a street, a city or an id
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
    /// Asset of the customer, by name or id
    #[arg(long, value_name = "ASSET")]
    pub asset: Option<String>,
    /// Due date: 2026-05-23, fri, 7d
    #[arg(long, value_name = "DAY")]
    pub due: Option<String>,
    /// Do not email the first comment to the customer
    #[arg(long)]
    pub no_email: bool,
    /// Appointment start ("tomorrow 2pm", "2026-05-23 14:00")
    #[arg(long, value_name = "WHEN")]
    pub start: Option<String>,
    /// Appointment end ("15:30", "+45m") [default: 90 minutes later]
    #[arg(long, value_name = "WHEN", requires = "start")]
    pub end: Option<String>,
    /// Appointment type, from the account's list
    #[arg(long, value_name = "TYPE", requires = "start")]
    pub appointment_type: Option<String>,
    /// Appointment assignee [default: the ticket's assignee]
    #[arg(long, value_name = "USER", requires = "start")]
    pub owner: Option<String>,
    /// Appointment location
    #[arg(long, value_name = "TEXT", requires = "start")]
    pub location: Option<String>,
    /// Have Syncro email the appointment to the customer
    #[arg(long, requires = "start")]
    pub mail_appointment: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::SameSubject,
                Guard::Past,
                Guard::OptedOut,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

impl CreateArgs {
    /// What was typed, by field.
    fn typed(&self) -> Typed {
        let mut typed = Typed::unsaid();
        for (key, value) in [
            (Key::IssueType, &self.issue_type),
            (Key::TicketType, &self.ticket_type),
            (Key::Status, &self.status),
            (Key::Priority, &self.priority),
            (Key::Description, &self.description),
            (Key::Due, &self.due),
            (Key::Assign, &self.assign),
            (Key::Contact, &self.contact),
            (Key::Address, &self.address),
            (Key::Asset, &self.asset),
            (Key::Start, &self.start),
            (Key::End, &self.end),
            (Key::AppointmentType, &self.appointment_type),
            (Key::Owner, &self.owner),
            (Key::Location, &self.location),
        ] {
            typed.set(key, value.clone().unwrap_or_default());
        }
        if self.no_email {
            typed.set(Key::Email, "no");
        }
        if self.mail_appointment {
            typed.set(Key::MailAppointment, "yes");
        }
        typed
    }

    /// The notes that a description is to be made of, if there are any.
    fn source(&self, ctx: &Context, approval: &Approval) -> Result<Source> {
        let prose = ProseArgs { draft: self.draft.clone(), ..ProseArgs::default() };
        prose.source(ctx, approval, None)
    }
}

/// Runs `syncro create`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let subject = args.subject.trim();
    if subject.is_empty() || subject.contains(['\n', '\r']) {
        return Err(Error::usage("the subject must be one line and not empty"));
    }
    let source = args.source(ctx, &approval)?;
    let now = ctx.present();
    new_ticket::readable(&args.typed(), &now)?;
    let reader = ctx.reader()?;
    let customer = resolve::customer(ctx, &reader, &args.customer).await?;
    let facts = facts(ctx, &reader, customer, args, approval.may_ask()).await?;
    let with_priority = |mut typed: Typed| {
        if typed.get(Key::Priority).is_empty() {
            typed.set(Key::Priority, ctx.settings().tickets.priority.clone().unwrap_or_default());
        }
        facts.checked(typed)
    };
    let mut typed = with_priority(args.typed())?;
    let is_html = args.form.form() == Form::Html;
    let place = kept::place(ctx, is_html)?;
    let unsaid = with_priority(Typed::unsaid())?;
    let mut asked = Asked::new(&facts, subject, &place, &typed, unsaid);
    asked.at_once = approval.may_ask();
    asked.is_held = !approval.is_dry_run();
    let wanted = Wanted {
        subject: Some(subject.to_owned()),
        customer: Some(facts.customer.name().to_owned()),
        fate: text::fate(false, !args.no_email),
        ..Wanted::new("Description", Purpose::Request, place.clone())
    };
    let written = drafted(ctx, &approval, source, &wanted).await?;
    if let Some(written) = &written {
        typed.set(Key::Description, written.text.as_str());
    } else if approval.may_ask()
        && !approval.is_dry_run()
        && let Some(kept) = asked.waiting(ctx, &typed).await?
    {
        facts.answered(ctx, &mut typed, &args.typed(), kept);
    }
    asked.hold(ctx, &typed);
    if approval.may_ask() {
        typed = form::fill(ctx, &facts, &wanted, typed, &asked).await?;
    }
    let mut wish = facts.wish(subject, &typed)?;
    wish.form = args.form.form();
    wish.drafted = written.and_then(|written| of_draft(written, typed.get(Key::Description)));
    let writing = Writing {
        title: Some(format!("Create a ticket for {}", facts.customer.name())),
        next: Some("ticket {number}".to_owned()),
        known: facts.known(&wish),
        allowed: args.overrides.allowed.clone(),
        remarks: planning::remarks(&wish),
        wording: planning::wording(&wish),
        ..Writing::all("create", Scope::of_customer(wish.customer), planning::requests(&wish))?
    };
    workflow::write(ctx, &approval, &writing).await
}

/// The description that a model makes of the notes, once a person has seen it.
async fn drafted(
    ctx: &Context,
    approval: &Approval,
    source: Source,
    wanted: &Wanted,
) -> Result<Option<Written>> {
    if source == Source::Missing {
        return Ok(None);
    }
    let written = text::text(ctx, approval, source, None, wanted).await?;
    Ok(Some(written))
}

/// Who drafted the description as the form left it; nobody, where the form took it out.
fn of_draft(written: Written, description: &str) -> Option<Drafted> {
    let mut drafted = written.drafted?;
    drafted.edited |= written.text.trim() != description.trim();
    Some(drafted).filter(|_| !description.trim().is_empty())
}

/// Everything that the fields are checked against, read at once.
async fn facts(
    ctx: &Context,
    reader: &Reader,
    customer: Record<Customer>,
    args: &CreateArgs,
    form: bool,
) -> Result<Facts> {
    let (id, at) = (customer.id, Instant::now());
    let assets = async {
        if !form && args.asset.is_none() {
            return Ok(Vec::new());
        }
        Ok::<_, Error>(reader.all(assets::search(Some(id), None)).await?.items)
    };
    let whole = async {
        // The fast look-up may leave contacts and addresses out.
        let no_contacts = customer.contacts.is_empty() && (form || args.contact.is_some());
        let no_addresses = customer.raw.get("addresses").is_none() && args.address.is_some();
        if no_contacts || no_addresses {
            return Ok(reader.get(crate::api::resources::customers::get(id)).await?);
        }
        Ok::<_, Error>(customer)
    };
    let (me, mut lists, assets, customer) = tokio::try_join!(
        async { Ok(reader.get(users::me()).await?) },
        Lists::read(ctx, reader),
        assets,
        whole,
    )?;
    // A word that the kept lists do not have makes them be read again.
    for (typed, which) in [
        (&args.status, Which::Status),
        (&args.priority, Which::Priority),
        (&args.issue_type, Which::IssueType),
    ] {
        if let Some(typed) = typed {
            lists.choose(ctx, reader, which, typed).await?;
        }
    }
    if let Some(typed) = &args.ticket_type {
        lists.ticket_type(ctx, reader, typed).await?;
    }
    if let Some(typed) = &args.appointment_type {
        lists.appointment_type(ctx, reader, typed).await?;
    }
    Ok(Facts { customer, me, at, lists, assets, now: ctx.present() })
}

impl Facts {
    /// What was read to check the fields, and the preview needs as well.
    fn known(&self, wish: &NewTicket) -> Known {
        let asset = self.assets.iter().find(|asset| Some(asset.id) == wish.asset);
        let view = asset.into_iter().fold(Snapshot::default(), |view, asset| {
            view.with_record(Noun::Asset.record(asset.id), Some(asset.raw.clone()))
        });
        let names = Some(self.lists.as_names());
        Known { view, me: Some(self.me.clone()), names, at: self.at }
    }
}
