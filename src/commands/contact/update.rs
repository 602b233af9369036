//! `syncro contact update|disable|delete`: changes a contact, keeps mail from it, or removes it.

use std::time::Instant;

use serde_json::Value;

use super::{About, find};
use crate::api::fields::keep;
use crate::api::ids::{ContactId, CustomerId};
use crate::api::resources::contacts::{self, Contact};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::tickets;
use crate::api::resources::users::{self, Me};
use crate::api::{Error as ApiError, Reader, Record};
use crate::commands::fields::Fields;
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Allowed, Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Change, Effect, Plan, Precondition, RecordRef, Scope, Step};

/// What every PUT sends along: a flag that it may set to its default, and the name, which the specification requires.
pub(crate) const ALONG: [&str; 2] = ["opt_out", "name"];

/// Which contact.
#[derive(Debug, Clone, clap::Args)]
pub struct WhichArgs {
    /// Contact: a name, part of one, a mail address, or an id
    #[arg(value_name = "CONTACT")]
    pub contact: IdOrName,
    /// Whose it is
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
}

/// Change a contact
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact update \"Imelda Quill\" --phone 555-0199
  syncro contact update 7804551 --title Owner --yes")]
pub struct UpdateArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// Name
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// What is known of them
    #[command(flatten)]
    pub about: About,
}

/// Keep mail from a contact
///
/// The API cannot disable a contact. This sets opt_out, so that Syncro mails nothing to them; they can still be chosen on a
/// ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact disable \"Imelda Quill\"
  syncro contact disable 7804551 --yes")]
pub struct DisableArgs {
    #[command(flatten)]
    which: WhichArgs,
}

/// Delete a contact
///
/// Done once a GET no longer finds it. A contact of open tickets is a question first.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact delete \"Imelda Quill\"
  syncro contact delete 7804551 --yes")]
pub struct DeleteArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// Guards answered beforehand
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::OpenTickets]) }>,
}

async fn which(ctx: &Context, reader: &Reader, args: &WhichArgs) -> Result<Record<Contact>> {
    let customer = match &args.customer {
        Some(typed) => Some(resolve::customer(ctx, reader, typed).await?.id),
        None => None,
    };
    find(ctx, reader, &args.contact, customer).await
}

/// What a plan about it is about: its customer.
pub(crate) fn scope(contact: &Contact) -> Scope {
    Scope { customer: contact.customer_id, ..Scope::default() }
}

/// A contact, whose it is where that is known, and the key's owner.
struct Seen {
    contact: Record<Contact>,
    customer: Option<Record<Customer>>,
    me: Record<Me>,
}

impl Seen {
    /// What its previews begin with.
    fn sheet(&self) -> Sheet {
        let contact = &self.contact;
        let sheet =
            Sheet::default().row("Contact", format!("{} (id {})", contact.name, contact.id));
        match (&self.customer, contact.customer_id) {
            (Some(customer), Some(id)) if customer.id == id => sheet.customer(customer),
            (_, id) => sheet.maybe("Customer", id.map(|id| format!("id {id}"))),
        }
    }
}

/// Reads all of it at once; `customer` is whose it was when it was found.
async fn seen(reader: &Reader, id: ContactId, customer: Option<CustomerId>) -> Result<Seen> {
    let customer = async {
        match customer {
            Some(id) => match reader.get(customers::get(id)).await {
                Ok(customer) => Ok(Some(customer)),
                // Only a help: without it the id is shown.
                Err(ApiError::NotFound { .. }) => Ok(None),
                Err(error) => Err(error.into()),
            },
            None => Ok(None),
        }
    };
    let ((contact, me), customer) = tokio::try_join!(read(reader, id), customer)?;
    Ok(Seen { contact, customer, me })
}

/// The contact, read anew, and the key's owner.
///
/// # Errors
/// Exit 3 when there is none.
pub(crate) async fn read(reader: &Reader, id: ContactId) -> Result<(Record<Contact>, Record<Me>)> {
    let none = || {
        let message = format!("there is no contact {id}; nothing was written");
        Error::new(Kind::NotFound, message)
    };
    let contact = async {
        match reader.get(contacts::get(id).fresh()).await {
            Ok(contact) if contact.id == id => Ok(contact),
            Ok(_) | Err(ApiError::NotFound { .. } | ApiError::Another { .. }) => Err(none()),
            Err(error) => Err(error.into()),
        }
    };
    tokio::try_join!(contact, async { Ok(reader.get(users::me()).await?) })
}

/// Runs `syncro contact update`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let fields = Fields::default().text("name", "name", args.name.as_deref());
    let fields = args.about.add_to(fields);
    if fields.is_empty() && args.about.title.is_none() {
        return Err(Error::usage("there is nothing to change")
            .hint("give at least one field, like --phone; --help lists them"));
    }
    let title = args.about.title.as_deref();
    change(ctx, &args.which, &fields, title, "contact update").await
}

/// Runs `syncro contact disable`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn disable(ctx: &Context, args: &DisableArgs) -> Result<()> {
    let fields = Fields::default().flag("opt_out", "kept from mail (opt_out)", Some(true));
    change(ctx, &args.which, &fields, None, "contact disable").await
}

async fn change(
    ctx: &Context,
    args: &WhichArgs,
    fields: &Fields,
    title: Option<&str>,
    command: &'static str,
) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let reader = ctx.reader()?;
    let found = which(ctx, &reader, args).await?;
    let (id, customer) = (found.id, found.customer_id);
    let gather = || async {
        let at = Instant::now();
        let seen = seen(&reader, id, customer).await?;
        let plan = change_plan(ctx, &seen, fields, title, command)?;
        Ok(Proposal { plan, findings: Vec::new(), me: seen.me.view, at })
    };
    let scope = scope(&found);
    workflow::run(ctx, &approval, &scope, Allowed::new(), gather).await
}

fn change_plan(
    ctx: &Context,
    seen: &Seen,
    fields: &Fields,
    title: Option<&str>,
    command: &str,
) -> Result<Plan> {
    let (contact, me) = (&seen.contact, &seen.me);
    let what = format!("contact {}", contact.name);
    let (mut changes, mut body) = fields.changes(&contact.raw);
    if let Some(title) = title {
        let change = Change::new(&contact.raw, "properties.title", "title", title);
        if change.is_one() {
            // It is sent as a field of its own and kept among the properties.
            body.insert("title".to_owned(), Value::from(title));
            changes.push(change);
        }
    }
    if changes.is_empty() {
        return Err(Error::refused(format!("{what} is like that already; nothing was written")));
    }
    keep(&mut body, &contact.raw, &ALONG);
    let mut sheet = seen.sheet().by(me);
    for change in &changes {
        sheet = sheet.row("Change", change.says());
    }
    let write = contacts::update(contact.id, body);
    let of = RecordRef::Contact(contact.id.into());
    let step = Step::change("update_contact", of, &what, changes, write)
        .requires_unchanged(&contact.raw, &ALONG);
    let title = format!("Change {what}");
    Ok(Plan::new(command, title, ctx.account(me)?, scope(contact))
        .previewed(sheet.text())
        .step(step)
        .then(format!("contact show {}", contact.id)))
}

/// Runs `syncro contact delete`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn delete(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let reader = ctx.reader()?;
    let found = which(ctx, &reader, &args.which).await?;
    let (id, customer) = (found.id, found.customer_id);
    let allowed = args.overrides.allowed.clone();
    let gather = || gather_delete(ctx, &reader, id, customer);
    let scope = scope(&found);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// What deleting the contact comes to.
///
/// # Errors
/// Those of the reads.
pub(crate) async fn gather_delete(
    ctx: &Context,
    reader: &Reader,
    id: ContactId,
    customer: Option<CustomerId>,
) -> Result<Proposal> {
    let at = Instant::now();
    let seen = seen(reader, id, customer).await?;
    let (contact, me) = (&seen.contact, &seen.me);
    let what = format!("contact {}", contact.name);
    let findings = named_by_tickets(reader, id, contact.customer_id).await?;
    let preview = seen
        .sheet()
        .maybe("Mail", Some(contact.email.as_str()).filter(|mail| !mail.is_empty()))
        .by(me)
        .row("Delete", "for good")
        .text();
    let thing = RecordRef::Contact(id.into());
    let effect = Effect::Deleted { of: thing.clone(), label: what.clone() };
    let step = Step::new("delete_contact", format!("delete {what}"), contacts::delete(id), effect)
        .requires(
            Precondition::kept(thing, &what, &contact.raw, &["name", "customer_id"]).recheck(),
        );
    let plan =
        Plan::new("contact delete", format!("Delete {what}"), ctx.account(me)?, scope(contact))
            .previewed(preview)
            .step(step)
            .then("contact list");
    Ok(Proposal { plan, findings: findings.into_iter().collect(), me: seen.me.view, at })
}

/// The open tickets of its customer that name a contact, as a guard's finding.
///
/// # Errors
/// Those of the read.
pub async fn named_by_tickets(
    reader: &Reader,
    id: ContactId,
    customer: Option<CustomerId>,
) -> Result<Option<Finding>> {
    let Some(customer) = customer else {
        return Ok(None);
    };
    let open = reader.all(tickets::open_of(customer).fresh()).await?;
    let theirs = open.items.iter().filter(|ticket| ticket.contact_id == Some(id));
    let numbers: Vec<String> = theirs.map(|ticket| format!("#{}", ticket.number)).collect();
    Ok((!numbers.is_empty()).then(|| {
        let text = format!("contact {id} is named by open tickets: {}", numbers.join(", "));
        Finding::new(Guard::OpenTickets, text)
    }))
}
