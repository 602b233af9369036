//! How a contact is found, by their id or their name.

use crate::api::ids::{ContactId, CustomerId};
use crate::api::resources::contacts::{self, Contact};
use crate::api::{Reader, Record};
use crate::commands::resolve::named::{or_whose, pick};
use crate::commands::resolve::{Candidate, IdOrName};
use crate::context::Context;
use crate::error::Result;
use crate::names;

/// The contact that was meant, from its own page; a name is looked for among the customer's, or among everybody's, which
/// Syncro has no search for.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub(crate) async fn find(
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
    let found = reader.find(contacts::get(id), |contact| contact.id == id).await?;
    let contact = found.ok_or_else(|| typed.not_found("contact"))?;
    match customer.is_none() || contact.customer_id == customer {
        true => Ok(contact),
        false => Err(typed.not_found("contact").hint("it belongs to another customer")),
    }
}

async fn by_name(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    name: &str,
    customer: Option<CustomerId>,
) -> Result<ContactId> {
    let called = name.to_owned();
    let list = contacts::of_customer(customer)
        .keep(move |one| names::fits(&called, [one.name.as_str(), &one.email]));
    let found = reader.all(list).await?.items;
    let other = async |typed: &IdOrName| Box::pin(find(ctx, reader, typed, customer)).await;
    let contact = pick(ctx, "contact", typed, found, Candidate::contact, other).await;
    Ok(contact.map_err(or_whose)?.id)
}
