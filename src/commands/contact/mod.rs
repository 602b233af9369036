//! `syncro contact`: the people at customers, and how one is found by id or name. A file a verb.

pub mod create;
pub mod list;
pub mod show;
pub mod update;

use crate::api::ids::{ContactId, CustomerId};
use crate::api::resources::contacts::{self, Contact};
use crate::api::{Error as ApiError, Reader, Record};
use crate::commands::deferred::Deferred;
use crate::commands::fields::{ContactDetails, Fields};
use crate::commands::resolve::IdOrName;
use crate::commands::resolve::named::{fits, is_called, or_whose, pick};
use crate::context::Context;
use crate::error::Result;

/// Manage customer contacts
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact list --customer Quillfeather
  syncro contact show \"Imelda Quill\"")]
pub struct ContactArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(update::UpdateArgs),
    Disable(update::DisableArgs),
    Delete(update::DeleteArgs),
}

/// Runs `syncro contact`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ContactArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Disable(args) => update::disable(ctx, args).await,
        Verb::Delete(args) => update::delete(ctx, args).await,
    }
}

/// What is known of a contact, a flag each.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct About {
    /// Job title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Contact details
    #[command(flatten)]
    pub reach: ContactDetails,
}

impl About {
    /// The fields that were given, after `fields`.
    #[must_use]
    pub fn add_to(&self, fields: Fields) -> Fields {
        self.reach.add_to(fields, "address1").text("title", "title", self.title.as_deref())
    }
}

/// The contact that was meant, from its own page; a name is looked for among the customer's, or among everybody's, which
/// Syncro has no search for.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub async fn find(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<Record<Contact>> {
    let id = match (typed.id(), typed.name()) {
        (Some(id), _) => ContactId(id),
        (None, name) => {
            let name = name.unwrap_or_default();
            by_name(ctx, reader, typed, name, customer).await?
        }
    };
    match reader.get(contacts::get(id)).await {
        Ok(contact) if contact.id == id => {
            let theirs = customer.is_none_or(|customer| contact.customer_id == Some(customer));
            theirs
                .then_some(contact)
                .ok_or_else(|| typed.not_found("contact").hint("it belongs to another customer"))
        }
        Ok(_) | Err(ApiError::NotFound { .. } | ApiError::Another { .. }) => {
            Err(typed.not_found("contact"))
        }
        Err(error) => Err(error.into()),
    }
}

async fn by_name(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    name: &str,
    customer: Option<CustomerId>,
) -> Result<ContactId> {
    let list = match customer {
        Some(customer) => contacts::of_customer(customer),
        None => contacts::all(),
    };
    let keep = |contact: &Contact| {
        customer.is_none_or(|customer| contact.customer_id == Some(customer))
            && fits(name, [contact.name.as_str(), &contact.email])
    };
    let found = reader.matching(list, keep).await?.items;
    let exact =
        |contact: &Contact| is_called(&contact.name, name) || is_called(&contact.email, name);
    let heading = |contact: &Contact| {
        let customer = contact.customer_id.map_or(0, |id| id.0);
        let mail = match contact.email.trim() {
            "" => String::new(),
            mail => format!(", {mail}"),
        };
        format!("{} (id {}{mail}, customer {customer})", contact.name, contact.id)
    };
    let contact = pick(ctx, "contact", typed, found, exact, heading).await;
    Ok(contact.map_err(or_whose)?.id)
}
