//! `syncro update <number> [status]`: changes fields of a ticket, each checked against the account's own lists, shown
//! old and new, and read back.

mod change;

pub(crate) use change::{TicketChange, proposal};
use serde_json::Value;

use crate::api::Record;
use crate::api::resources::customers::{self, Customer};
use crate::commands::on_ticket::{OnTicket, Seen, customer_of};
use crate::commands::resolve::{
    self, CustomerArg, Lists, TicketArg, UserArg, Which, contact::contact,
};
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::ReadSet;

/// Change a ticket's status, priority or other fields
///
/// Values are checked against the account's lists, and near misses are suggested. Shows old and new values, and verifies
/// the change afterwards.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro update 32181 \"Waiting on Customer\"
  syncro update 32181 --priority high --assign me --due fri
  syncro update 32181 resolved --yes --json")]
pub struct UpdateArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// New status, from the account's list
    #[arg(value_name = "STATUS")]
    pub status: Option<String>,
    /// Priority: "1 High", or high, medium, low
    #[arg(long, value_name = "PRIORITY")]
    pub priority: Option<String>,
    /// Assignee: a name, an id, me, or none
    #[arg(long, value_name = "USER")]
    pub assign: Option<String>,
    /// Due date: 2026-05-23, fri, 7d, or none
    #[arg(long, value_name = "DAY")]
    pub due: Option<String>,
    /// Issue type (problem_type), from the account's list
    #[arg(long, value_name = "TYPE")]
    pub issue_type: Option<String>,
    /// Ticket type (ticket_type_id), by name or id
    #[arg(long = "type", value_name = "TYPE")]
    pub ticket_type: Option<String>,
    /// Subject
    #[arg(long, value_name = "TEXT")]
    pub subject: Option<String>,
    /// Contact of the customer: a name, an email address, an id, or none
    #[arg(long, value_name = "CONTACT")]
    pub contact: Option<String>,
    /// Customer to move the ticket to
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::AllowSecrets]) }>,
}

impl UpdateArgs {
    /// Of a ticket, of which nothing is to change yet.
    pub(crate) fn of(ticket: TicketArg) -> Self {
        Self {
            ticket,
            status: None,
            priority: None,
            assign: None,
            due: None,
            issue_type: None,
            ticket_type: None,
            subject: None,
            contact: None,
            customer: None,
            overrides: Overrides::default(),
        }
    }
}

/// Runs `syncro update`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    check(args)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let gather = || gather(ctx, &on, args);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, args.overrides.allowed.clone(), gather).await
}

fn check(args: &UpdateArgs) -> Result<()> {
    let given = [
        &args.status,
        &args.priority,
        &args.assign,
        &args.due,
        &args.issue_type,
        &args.ticket_type,
        &args.subject,
        &args.contact,
    ];
    if given.iter().all(|one| one.is_none()) && args.customer.is_none() {
        return Err(Error::usage("no changes were given")
            .hint("use a status, or a flag like --priority; --help lists them"));
    }
    let subject = args.subject.as_deref().unwrap_or("-");
    if subject.trim().is_empty() || subject.contains(['\n', '\r']) {
        return Err(Error::usage("--subject must be one line and not empty"));
    }
    Ok(())
}

async fn gather(ctx: &Context, on: &OnTicket<'_>, args: &UpdateArgs) -> Result<Proposal> {
    let (seen, wishes) = wished(ctx, on, args).await?;
    if !wishes.iter().any(|wish| wish.change(&seen).is_one()) {
        return Err(Error::refused(format!(
            "ticket #{} already has these values; nothing was written",
            seen.ticket.number
        )));
    }
    Ok(proposal(seen, &wishes))
}

/// The ticket, and what `args` wish of it, each checked against what the account has.
///
/// # Errors
/// Exit 2 or 3 for what the account does not have.
pub(crate) async fn wished(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &UpdateArgs,
) -> Result<(Seen, Vec<TicketChange>)> {
    let reader = on.reader();
    // The ticket, the account's lists and whoever was named: all of it at once.
    let (seen, words, assignee, new_customer) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        words(ctx, on, args),
        assignee(on, args),
        async {
            match &args.customer {
                Some(typed) => resolve::customer(ctx, reader, typed).await.map(Some),
                None => Ok(None),
            }
        },
    )?;
    let mut wishes = words;
    wishes.extend(assignee);
    if let Some(customer) = &new_customer {
        let shown = format!("{} (id {})", customer.name(), customer.id);
        wishes.push(TicketChange::new("customer_id", "customer", customer.id.0, &shown));
    }
    wishes.extend(due(ctx, args)?);
    if let Some(subject) = &args.subject {
        wishes.push(TicketChange::new("subject", "subject", subject.trim(), subject.trim()));
    }
    wishes.extend(of_contact(on, args, &seen, new_customer.as_ref()).await?);
    Ok((seen, wishes))
}

/// What the account has lists of.
async fn words(ctx: &Context, on: &OnTicket<'_>, args: &UpdateArgs) -> Result<Vec<TicketChange>> {
    let mut wishes = Vec::new();
    let lists = [&args.status, &args.priority, &args.issue_type, &args.ticket_type];
    if lists.iter().all(|one| one.is_none()) {
        return Ok(wishes);
    }
    let reader = on.reader();
    let mut lists = Lists::read(ctx, reader).await?;
    for (typed, which, field, label) in [
        (&args.status, Which::Status, "status", "status"),
        (&args.priority, Which::Priority, "priority", "priority"),
        (&args.issue_type, Which::IssueType, "problem_type", "issue type"),
    ] {
        if let Some(typed) = typed {
            let word = lists.choose(ctx, reader, which, typed).await?;
            wishes.push(TicketChange::new(field, label, word.as_str(), &word));
        }
    }
    if let Some(typed) = &args.ticket_type {
        let (id, name) = lists.ticket_type(ctx, reader, typed).await?;
        wishes.push(TicketChange::new("ticket_type_id", "ticket type", id.0, &name));
    }
    Ok(wishes)
}

async fn assignee(on: &OnTicket<'_>, args: &UpdateArgs) -> Result<Option<TicketChange>> {
    let Some(typed) = &args.assign else {
        return Ok(None);
    };
    if typed.trim().eq_ignore_ascii_case("none") {
        return Ok(Some(TicketChange::new("user_id", "assignee", Value::Null, "nobody")));
    }
    let typed: UserArg = typed.parse().map_err(Error::usage)?;
    let (id, name) = resolve::user(on.reader(), &typed).await?;
    Ok(Some(TicketChange::new("user_id", "assignee", id.0, &name)))
}

fn due(ctx: &Context, args: &UpdateArgs) -> Result<Option<TicketChange>> {
    let Some(typed) = &args.due else {
        return Ok(None);
    };
    if typed.trim().eq_ignore_ascii_case("none") {
        return Ok(Some(TicketChange::new("due_date", "due", Value::Null, "nothing")));
    }
    let now = jiff::Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let day = dates::day(typed, &now, Lean::Future)
        .map_err(|why| Error::usage(format!("--due: {why}")))?;
    let shown = when::day(day);
    Ok(Some(TicketChange::new("due_date", "due", day.to_string(), &shown)))
}

/// A contact of the customer that the ticket is, or will be, of.
async fn of_contact(
    on: &OnTicket<'_>,
    args: &UpdateArgs,
    seen: &Seen,
    new_customer: Option<&Record<Customer>>,
) -> Result<Option<TicketChange>> {
    let label = "contact";
    let moves = |customer: &Record<Customer>| seen.ticket.customer_id != Some(customer.id);
    let has_contact = seen.ticket.contact_id.is_some() || seen.ticket.contact.is_some();
    match (&args.contact, new_customer) {
        // A contact of the old customer would go on being mailed.
        (None, Some(customer)) if has_contact && moves(customer) => {
            Ok(Some(TicketChange::new("contact_id", label, Value::Null, "nobody")))
        }
        (None, _) => Ok(None),
        (Some(typed), _) if typed.trim().eq_ignore_ascii_case("none") => {
            Ok(Some(TicketChange::new("contact_id", label, Value::Null, "nobody")))
        }
        (Some(typed), Some(customer)) => {
            let (id, found) = contact(customer, typed)?;
            Ok(Some(TicketChange::new("contact_id", label, id.0, &found.name)))
        }
        (Some(typed), None) => {
            let id = customer_of(&seen.ticket)?;
            let customer = on.reader().get(customers::get(id)).await?;
            let (id, found) = contact(&customer, typed)?;
            Ok(Some(TicketChange::new("contact_id", label, id.0, &found.name)))
        }
    }
}
