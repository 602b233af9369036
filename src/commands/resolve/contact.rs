//! A customer's contact by id, name, part of a name or mail address, among those that the customer comes with.

use crate::api::ids::ContactId;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Contact;
use crate::error::{Error, Kind, Result};
use crate::names;

/// The contact that was meant: what is sent, and the contact.
///
/// # Errors
/// Exit 3 when the customer has none like it, exit 2 when several are.
pub fn contact<'c>(customer: &'c Customer, typed: &str) -> Result<(ContactId, &'c Contact)> {
    let typed = typed.trim();
    let wanted = names::plain(typed);
    let id = typed.strip_prefix("id:").unwrap_or(typed);
    let with_id = || customer.contacts.iter().filter_map(|one| Some((one.id?, one)));
    let by_id = with_id().find(|(known, _)| known.to_string() == id);
    if let Some(found) = by_id {
        return Ok(found);
    }
    let whole = |contact: &Contact| {
        names::plain(&contact.name) == wanted || names::plain(&contact.email) == wanted
    };
    let part = |contact: &Contact| {
        names::plain(&contact.name).contains(&wanted)
            || names::plain(&contact.email).contains(&wanted)
    };
    let ways: [&dyn Fn(&Contact) -> bool; 2] = [&whole, &part];
    for way in ways {
        let found: Vec<_> = with_id().filter(|(_, contact)| way(contact)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(*one),
            several => return Err(ambiguous(typed, several)),
        }
    }
    let names: Vec<&str> = with_id().map(|(_, contact)| contact.name.as_str()).collect();
    let there = match names.is_empty() {
        true => "it has no contacts".to_owned(),
        false => format!("its contacts: {}", names.join(", ")),
    };
    Err(Error::new(Kind::NotFound, format!("{} has no contact \"{typed}\"", customer.name()))
        .nothing_written()
        .hint(there))
}

fn ambiguous(typed: &str, several: &[(ContactId, &Contact)]) -> Error {
    let names: Vec<String> =
        several.iter().map(|(id, contact)| format!("{} ({id})", contact.name)).collect();
    Error::usage(format!("several contacts match \"{typed}\""))
        .nothing_written()
        .hint(format!("use an id: {}", names.join(", ")))
}
