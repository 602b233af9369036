//! `syncro contact update|disable|delete`: changes a contact, keeps mail from it, or removes it.

use super::about::About;
use super::find::find;
use crate::api::resources::contacts::{self, Contact};
use crate::api::{Reader, Record};
use crate::commands::fields::Fields;
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::Scope;

/// Which contact.
#[derive(Debug, Clone, clap::Args)]
pub struct WhichArgs {
    /// Contact: a name, part of one, an email address, or an id
    #[arg(value_name = "CONTACT")]
    pub contact: IdOrName,
    /// Customer it belongs to
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
    /// Contact details
    #[command(flatten)]
    pub about: About,
}

/// Stop emailing a contact
///
/// Sets opt_out, which tells Syncro not to email the contact. The API cannot disable a contact: you can still choose it on a
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
/// Deleted once a GET returns 404. Asks first if open tickets name the contact.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact delete \"Imelda Quill\"
  syncro contact delete 7804551 --open-tickets --yes")]
pub struct DeleteArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::OpenTickets]) }>,
}

async fn which(ctx: &Context, reader: &Reader, args: &WhichArgs) -> Result<Record<Contact>> {
    let customer = resolve::customer_id(ctx, reader, args.customer.as_ref()).await?;
    find(ctx, reader, &args.contact, customer).await
}

/// What a write to a contact is about: its customer.
fn scope(contact: &Contact) -> Scope {
    Scope { customer: contact.customer_id, ..Scope::default() }
}

/// Runs `syncro contact update`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let fields = Fields::default().text("name", args.name.as_deref());
    let fields = args.about.add_to(fields);
    if fields.is_empty() {
        return Err(Error::usage("there is nothing to change")
            .hint("give at least one field, like --phone; --help lists them"));
    }
    change(ctx, &args.which, &fields, "contact update").await
}

/// Runs `syncro contact disable`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn disable(ctx: &Context, args: &DisableArgs) -> Result<()> {
    let fields = Fields::default().flag("opt_out", Some(true));
    change(ctx, &args.which, &fields, "contact disable").await
}

async fn change(ctx: &Context, args: &WhichArgs, fields: &Fields, command: &str) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let found = which(ctx, &ctx.reader()?, args).await?;
    let request = contacts::update(found.id, fields.body());
    let writing = Writing::of(command, scope(&found), request)?;
    workflow::write(ctx, &approval, &writing).await
}

/// Runs `syncro contact delete`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn delete(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let found = which(ctx, &ctx.reader()?, &args.which).await?;
    let writing = Writing {
        next: Some("contact list".to_owned()),
        allowed: args.overrides.allowed.clone(),
        ..Writing::of("contact delete", scope(&found), contacts::delete(found.id))?
    };
    workflow::write(ctx, &approval, &writing).await
}
