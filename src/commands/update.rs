//! `syncro update <number> [status]`: changes fields of a ticket, each checked against the account's own lists, shown
//! old and new, and read back.

use serde_json::{Map, Value, json};

use crate::account::{Lists, Which};
use crate::api::Record;
use crate::api::ids::UserId;
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::tickets;
use crate::commands::on_ticket::{OnTicket, Seen, customer_of};
use crate::commands::resolve::{self, CustomerArg, TicketArg, UserArg, contact::contact_of};
use crate::commands::text;
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::operations::{Guard, Names};
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{Noun, ReadSet};

/// Change a ticket's status, priority or other fields
///
/// Values are checked against the account's lists, and near misses are suggested. Shows old and new values, and verifies
/// the change afterwards.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro update 32181 \"Waiting on Customer\"
  syncro update 32181 --priority high --assignee me --due fri
  syncro update 32181 resolved --yes --json")]
pub struct UpdateArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// New status, from the account's list (also: --status)
    #[arg(value_name = "STATUS")]
    pub status: Option<String>,
    /// The same, as a flag
    #[arg(long = "status", value_name = "STATUS", conflicts_with = "status", hide = true)]
    pub status_flag: Option<String>,
    /// Priority: "1 High", or high, medium, low
    #[arg(long, value_name = "PRIORITY")]
    pub priority: Option<String>,
    /// Assignee: a name, an id, me, or none
    #[arg(long = "assignee", value_name = "USER", aliases = ["assign", "user", "owner"])]
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
    pub overrides:
        Overrides<{ guards(&[Guard::MoveUnbilled, Guard::Disabled, Guard::AllowSecrets]) }>,
}

/// Runs `syncro update`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    check(args)?;
    let due = due(ctx, args)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let asked = asked(ctx, &on, args, due).await?;
    let seen = asked.seen;
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        ..Writing::of("update", seen.scope(), tickets::update(seen.ticket.id, asked.fields))?
    };
    let mut known = seen.known();
    known.names = Some(asked.names);
    if let Some(customer) = asked.customer {
        let of = Noun::Customer.record(customer.id);
        known.view = known.view.with_record(of, Some(customer.raw));
    }
    workflow::write_in_turn(ctx, &approval, &Writing { known, ..writing }, turn).await
}

impl UpdateArgs {
    /// The new status, in whichever place it was typed.
    const fn new_status(&self) -> &Option<String> {
        match self.status {
            Some(_) => &self.status,
            None => &self.status_flag,
        }
    }
}

fn check(args: &UpdateArgs) -> Result<()> {
    let given = [
        args.new_status(),
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
    if let Some(typed) = args.assign.as_deref().filter(|typed| !is_none(typed)) {
        typed.parse::<UserArg>().map_err(Error::usage)?;
    }
    text::one_line("--subject", args.subject.as_deref())?;
    Ok(())
}

/// What was asked for, as the account knows it.
struct Asked {
    seen: Seen,
    fields: Map<String, Value>,
    names: Names,
    /// Whose contact it is, or whose the ticket will be.
    customer: Option<Record<Customer>>,
}

/// The ticket, and what `args` ask of it, each checked against what the account has.
async fn asked(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &UpdateArgs,
    due: Option<Value>,
) -> Result<Asked> {
    let reader = on.reader();
    // The ticket, the account's lists and whoever was named: all of it at once.
    let (seen, (mut fields, mut names), assignee, new_customer) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        words(ctx, on, args),
        assignee(ctx, on, args),
        async {
            match &args.customer {
                Some(typed) => resolve::customer(ctx, reader, typed).await.map(Some),
                None => Ok(None),
            }
        },
    )?;
    match assignee {
        Some(Some((id, name))) => {
            fields.insert("user_id".to_owned(), json!(id));
            names.users.insert(id, name);
        }
        Some(None) => drop(fields.insert("user_id".to_owned(), Value::Null)),
        None => {}
    }
    if let Some(customer) = &new_customer {
        fields.insert("customer_id".to_owned(), json!(customer.id));
    }
    if let Some(due) = due {
        fields.insert("due_date".to_owned(), due);
    }
    if let Some(subject) = &args.subject {
        fields.insert("subject".to_owned(), json!(subject.trim()));
    }
    let customer = match new_customer {
        None if args.contact.as_deref().is_some_and(|typed| !is_none(typed)) => {
            Some(reader.get(customers::get(customer_of(&seen.ticket)?)).await?)
        }
        customer => customer,
    };
    if let Some(contact) = new_contact(ctx, args, &seen, customer.as_ref()).await? {
        fields.insert("contact_id".to_owned(), contact);
    }
    Ok(Asked { seen, fields, names, customer })
}

/// What the account has lists of.
async fn words(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &UpdateArgs,
) -> Result<(Map<String, Value>, Names)> {
    let mut fields = Map::new();
    let lists = [args.new_status(), &args.priority, &args.issue_type, &args.ticket_type];
    if lists.iter().all(|one| one.is_none()) {
        return Ok((fields, Names::default()));
    }
    let reader = on.reader();
    let mut lists = Lists::read(ctx, reader).await?;
    for (typed, which, field) in [
        (args.new_status(), Which::Status, "status"),
        (&args.priority, Which::Priority, "priority"),
        (&args.issue_type, Which::IssueType, "problem_type"),
    ] {
        if let Some(typed) = typed {
            let word = lists.choose(ctx, reader, which, typed).await?;
            fields.insert(field.to_owned(), json!(word));
        }
    }
    if let Some(typed) = &args.ticket_type {
        let (id, _) = lists.ticket_type(ctx, reader, typed).await?;
        fields.insert("ticket_type_id".to_owned(), json!(id));
    }
    Ok((fields, lists.as_names()))
}

fn is_none(typed: &str) -> bool {
    typed.trim().eq_ignore_ascii_case("none")
}

/// Whose the ticket is to be; nobody's is a wish, too.
async fn assignee(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &UpdateArgs,
) -> Result<Option<Option<(UserId, String)>>> {
    let Some(typed) = &args.assign else {
        return Ok(None);
    };
    if is_none(typed) {
        return Ok(Some(None));
    }
    let typed: UserArg = typed.parse().map_err(Error::usage)?;
    Ok(Some(Some(resolve::user(ctx, on.reader(), &typed).await?)))
}

fn due(ctx: &Context, args: &UpdateArgs) -> Result<Option<Value>> {
    let Some(typed) = &args.due else {
        return Ok(None);
    };
    if is_none(typed) {
        return Ok(Some(Value::Null));
    }
    let now = ctx.present();
    let day = dates::day(typed, &now, Lean::Future)
        .map_err(|why| Error::usage(format!("--due: {why}")))?;
    Ok(Some(json!(day.to_string())))
}

/// A contact of the customer that the ticket is, or will be, of.
async fn new_contact(
    ctx: &Context,
    args: &UpdateArgs,
    seen: &Seen,
    customer: Option<&Record<Customer>>,
) -> Result<Option<Value>> {
    let ticket = &seen.ticket;
    let moves = customer.is_some_and(|customer| ticket.customer_id != Some(customer.id));
    let has_contact = ticket.contact_id.is_some() || ticket.contact.is_some();
    match (&args.contact, customer) {
        (Some(typed), _) if is_none(typed) => Ok(Some(Value::Null)),
        (Some(typed), Some(customer)) => {
            let found = contact_of(ctx, customer, typed).await?;
            Ok(Some(json!(found.0)))
        }
        // A contact of the old customer would go on being emailed.
        _ if moves && has_contact => Ok(Some(Value::Null)),
        _ => Ok(None),
    }
}
