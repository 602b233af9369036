//! `syncro contact show`: one contact.

use crate::api::resources::customers::{self, Customer};
use crate::commands::listing::look;
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::error::Result;
use crate::output::OfflineFlag;
use crate::render;

/// Show one contact
///
/// Syncro cannot search contacts by name. Without --customer, a name requires reading all contacts.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact show \"Imelda Quill\" --customer Quillfeather
  syncro contact show 7804551 --json | jq .properties.title")]
pub struct ShowArgs {
    /// Contact: an id, a name, part of a name, or an email address
    #[arg(value_name = "CONTACT")]
    pub contact: IdOrName,
    /// Customer it belongs to: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// Runs `syncro contact show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let customer = match &args.customer {
        Some(typed) => Some(resolve::customer(ctx, &reader, typed).await?),
        None => None,
    };
    let id = customer.as_ref().map(|customer| customer.id);
    let contact = super::find::find(ctx, &reader, &args.contact, id).await?;
    if ctx.how().json {
        return ctx.json(&contact.raw);
    }
    let customer = match (customer, contact.customer_id) {
        (Some(customer), _) => Some(named(&customer)),
        // Only a help: a customer that cannot be read is shown by its id.
        (None, Some(id)) => Some(match reader.get(customers::get(id)).await {
            Ok(customer) if customer.id == id => named(&customer),
            _ => id.to_string(),
        }),
        (None, None) => None,
    };
    let page = render::contact::page(&contact, customer.as_deref(), &look(ctx));
    ctx.ui().page(&page)
}

fn named(customer: &Customer) -> String {
    format!("{} ({})", customer.name(), customer.id)
}
