//! A customer's contact by id, name, part of a name or mail address, among those that the customer comes with.

use super::candidates::{Candidate, meant, only};
use super::named::{IdOrName, one_of};
use crate::api::ids::ContactId;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Contact;
use crate::context::Context;
use crate::error::{Error, Result};

/// Those that the customer comes with.
#[must_use]
pub fn contacts(customer: &Customer) -> Vec<Candidate> {
    customer.contacts.iter().filter_map(Candidate::of_customer).collect()
}

/// The contact that was meant: what is sent, and the contact. Of several, one is picked on a terminal.
///
/// # Errors
/// Exit 3 when the customer has none like it, exit 2 when several are and nobody can be asked.
pub async fn contact_of<'c>(
    ctx: &Context,
    customer: &'c Customer,
    typed: &str,
) -> Result<(ContactId, &'c Contact)> {
    let all = contacts(customer);
    if meant(typed, &all).len() < 2 || by_id(customer, typed).is_some() {
        return contact(customer, typed);
    }
    let name = IdOrName::Typed(typed.to_owned());
    let at = one_of(ctx, "contact", &name, &all).await.map_err(Error::nothing_written)?;
    let id = at.map_or("", |at| all[at].id.as_str());
    contact(customer, id)
}

/// The same where nobody is asked.
///
/// # Errors
/// As for [`contact_of`].
pub fn contact<'c>(customer: &'c Customer, typed: &str) -> Result<(ContactId, &'c Contact)> {
    if let Some(found) = by_id(customer, typed) {
        return Ok(found);
    }
    let found = only(customer.name(), "contact", typed, &contacts(customer))?;
    by_id(customer, &found.id)
        .ok_or_else(|| Error::usage(format!("there is no contact \"{typed}\"")))
}

fn by_id<'c>(customer: &'c Customer, typed: &str) -> Option<(ContactId, &'c Contact)> {
    let typed = typed.trim();
    let id = typed.strip_prefix("id:").unwrap_or(typed);
    let mut all = customer.contacts.iter().filter_map(|one| Some((one.id?, one)));
    all.find(|(known, _)| known.to_string() == id)
}
