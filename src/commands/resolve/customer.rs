//! A customer by id or name. A name may be part of one; an exact one beats those that only contain it. Disabled customers
//! are found by id alone, but by whoever disables one.

use std::str::FromStr;

use super::candidates::{Candidate, lines};
use super::choice::near_misses;
use super::named::{self, Meant};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::render::sanitise;
use crate::sorting;

/// A customer as it is typed: `31204551`, `id:31204551`, or a name or part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerArg {
    /// An id and nothing else.
    Id(CustomerId),
    /// A name; digits are an id first.
    Typed(String),
}

impl CustomerArg {
    /// The id that it is, or that its digits may be.
    #[must_use]
    pub fn id(&self) -> Option<CustomerId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Typed(text) => digits(text).map(CustomerId),
        }
    }
}

impl FromStr for CustomerArg {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        // Of invisible characters alone, it would be part of every name.
        let text = if names::folded(typed).is_empty() { "" } else { typed.trim() };
        if let Some(id) = text.strip_prefix("id:") {
            let id = digits(id.trim()).ok_or_else(|| "use digits after id:".to_owned())?;
            return Ok(Self::Id(CustomerId(id)));
        }
        match text {
            "" => Err("use an id or a name".to_owned()),
            text => Ok(Self::Typed(text.to_owned())),
        }
    }
}

impl std::fmt::Display for CustomerArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "id:{id}"),
            Self::Typed(text) => f.write_str(text),
        }
    }
}

/// The id of the customer that was meant, where one was.
///
/// # Errors
/// As for [`customer`].
pub async fn customer_id(
    ctx: &Context,
    reader: &Reader,
    typed: Option<&CustomerArg>,
) -> Result<Option<CustomerId>> {
    match typed {
        Some(typed) => Ok(Some(customer(ctx, reader, typed).await?.id)),
        None => Ok(None),
    }
}

/// The customer that was meant. One found by name is as the look-up shows it, perhaps without prepaid hours and contacts:
/// whoever needs those reads `customers::get`.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked, exit 9 when no choice was made.
pub async fn customer(
    ctx: &Context,
    reader: &Reader,
    typed: &CustomerArg,
) -> Result<Record<Customer>> {
    if let Some(id) = typed.id()
        && let Some(found) = by_id(reader, id).await?
    {
        return Ok(found);
    }
    no_id(ctx, reader, typed).await
}

/// The same among the disabled ones, too: what was typed once means nobody else once its customer is disabled.
///
/// # Errors
/// As for [`customer`].
pub async fn customer_or_disabled(
    ctx: &Context,
    reader: &Reader,
    typed: &CustomerArg,
) -> Result<Record<Customer>> {
    let CustomerArg::Typed(text) = typed else { return customer(ctx, reader, typed).await };
    if let Some(id) = typed.id()
        && let Some(found) = by_id(reader, id).await?
    {
        return Ok(found);
    }
    let text = names::folded(text);
    let whole = reader.all(customers::search_with_disabled(&text)).await?;
    the_one(ctx, reader, &text, Matches::among_all(&text, whole.items)).await
}

/// The customer that was meant, once it is known that no customer has what was typed for an id.
///
/// # Errors
/// As for [`customer`].
pub async fn no_id(
    ctx: &Context,
    reader: &Reader,
    typed: &CustomerArg,
) -> Result<Record<Customer>> {
    match typed {
        CustomerArg::Id(id) => Err(no_such_id(*id)),
        CustomerArg::Typed(text) => by_name(ctx, reader, text).await,
    }
}

/// Whether what was typed once, for a customer that could not be read then perhaps, may have meant this one.
#[must_use]
pub fn may_mean(typed: &str, customer: &Record<Customer>) -> bool {
    let Ok(typed) = typed.parse::<CustomerArg>() else { return false };
    let by_name = match &typed {
        CustomerArg::Typed(text) => customer.fits(&names::folded(text)),
        CustomerArg::Id(_) => false,
    };
    by_name || typed.id() == Some(customer.id)
}

/// A customer in a line: the name, and the id that tells namesakes apart.
#[must_use]
pub fn heading(customer: &Customer) -> String {
    format!("{} (id {})", sanitise::one_line(customer.name()), customer.id)
}

fn digits(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

async fn by_id(reader: &Reader, id: CustomerId) -> Result<Option<Record<Customer>>> {
    Ok(reader.find(customers::get(id), |found| found.id == id).await?)
}

async fn by_name(ctx: &Context, reader: &Reader, text: &str) -> Result<Record<Customer>> {
    let text = names::folded(text);
    let text = text.as_str();
    let quick = reader.get(customers::autocomplete(text)).await?;
    // The fast look-up may know more than it says; only what cannot be misunderstood is taken from it.
    let alone = quick.customers.len() == 1;
    let mut found = Matches::of(text, quick.view.customers);
    if found.exact.len() != 1 && !(alone && found.count() == 1) {
        let whole = reader.all(customers::search(text)).await?;
        found = Matches::of(text, whole.items);
    }
    the_one(ctx, reader, text, found).await
}

async fn the_one(
    ctx: &Context,
    reader: &Reader,
    text: &str,
    found: Matches,
) -> Result<Record<Customer>> {
    let mut meant = found.meant();
    match meant.len() {
        1 => Ok(meant.remove(0)),
        0 => Err(none(reader, text).await),
        _ => among(ctx, reader, text, meant).await,
    }
}

/// What a look-up found, sorted by how well it fits. The server's word alone is not enough: a parameter that it did not
/// know would have found everybody.
struct Matches {
    exact: Vec<Record<Customer>>,
    partial: Vec<Record<Customer>>,
}

impl Matches {
    fn of(text: &str, mut found: Vec<Record<Customer>>) -> Self {
        found.retain(|customer| !customer.disabled);
        Self::among_all(text, found)
    }

    /// The same with those who are disabled.
    fn among_all(text: &str, found: Vec<Record<Customer>>) -> Self {
        let mut seen = std::collections::HashSet::new();
        let (exact, partial) = found
            .into_iter()
            .filter(|customer| customer.fits(text) && seen.insert(customer.id))
            .partition(|customer| is_called(customer, text));
        Self { exact, partial }
    }

    fn count(&self) -> usize {
        self.exact.len() + self.partial.len()
    }

    /// Those that can be meant: the exact ones, and where there are none, the others.
    fn meant(self) -> Vec<Record<Customer>> {
        if self.exact.is_empty() { self.partial } else { self.exact }
    }
}

/// As people see it: lower case, white space as one space, nothing invisible.
fn plain(text: &str) -> String {
    names::plain(&sanitise::one_line(text))
}

/// Whether this is one of the customer's names, whatever its case.
fn is_called(customer: &Customer, text: &str) -> bool {
    [&customer.business_name, &customer.business_then_name, &customer.fullname]
        .iter()
        .any(|name| plain(name) == plain(text))
}

async fn among(
    ctx: &Context,
    reader: &Reader,
    text: &str,
    mut meant: Vec<Record<Customer>>,
) -> Result<Record<Customer>> {
    sorting::sort_by_key(&mut meant, |customer| (plain(customer.name()), customer.id));
    let several = format!("{} customers match \"{text}\"", meant.len());
    let hint = match meant.iter().all(|one| is_called(one, text)) {
        true => "several have this name: use the id",
        false => "use the id or the full name",
    };
    let all: Vec<Candidate> = meant.iter().map(|one| Candidate::customer(one)).collect();
    let other = async |typed: &str| {
        let typed = typed.parse().map_err(Error::usage)?;
        Box::pin(customer(ctx, reader, &typed)).await
    };
    Ok(match named::among_or(ctx, several, lines(&all), hint, other).await? {
        Meant::At(at) => meant.swap_remove(at),
        Meant::Other(other) => other,
    })
}

fn no_such_id(id: CustomerId) -> Error {
    Error::none(format!("customer with id {id}")).next("customers", "list ids")
}

/// The error for a name that nobody has, with those that it may have been meant for: one more look for the beginnings of
/// its longest words and the end of the longest.
async fn none(reader: &Reader, text: &str) -> Error {
    let error = Error::none(format!("customer \"{text}\""));
    let text = plain(text);
    let mut words: Vec<&str> = text.split(' ').collect();
    sorting::sort_by_key(&mut words, |word| std::cmp::Reverse(word.chars().count()));
    words.truncate(2);
    let mut parts: Vec<String> = words.iter().map(|word| word.chars().take(3).collect()).collect();
    if let Some(longest) = words.first() {
        let skipped = longest.chars().count().saturating_sub(4);
        parts.push(longest.chars().skip(skipped).collect());
    }
    parts.dedup();
    let looks = parts.iter().map(|part| reader.get(customers::autocomplete(part)));
    // Only a help: a look that fails changes nothing of what is said.
    let found = futures_util::future::join_all(looks).await;
    let found: Vec<Record<Customer>> = found
        .into_iter()
        .flatten()
        .flat_map(|found| found.view.customers)
        .filter(|customer| !customer.disabled)
        .collect();
    let near = near_misses(&text, found.iter().map(|customer| customer.name()));
    let near: Vec<String> = near
        .iter()
        .filter_map(|name| found.iter().find(|customer| customer.name() == name))
        .map(|customer| heading(customer))
        .collect();
    match near.as_slice() {
        [] => error
            .next("customers", "list customers")
            .hint("a disabled customer can be found only by id"),
        near => error.hint(format!("did you mean {}?", near.join(" or "))),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(id: u64, name: &str) -> Record<Customer> {
        Record::read(json!({
            "id": id, "business_name": name, "business_then_name": name, "fullname": "Ada Quist",
            "phone": "(555) 010-4477", "contacts": [{"id": 1, "name": "Imelda Fosse", "email": "i@x.example"}],
        }))
        .unwrap()
    }

    #[test]
    fn what_is_typed_is_an_id_or_a_name() {
        assert_eq!("id:5".parse(), Ok(CustomerArg::Id(CustomerId(5))));
        assert_eq!(" Acme ".parse(), Ok(CustomerArg::Typed("Acme".to_owned())));
        assert_eq!("42".parse(), Ok(CustomerArg::Typed("42".to_owned())));
        for wrong in ["", "  ", "id:", "id:x", "id:99999999999999999999999"] {
            assert!(wrong.parse::<CustomerArg>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_exact_name_beats_those_that_contain_it() {
        let list = vec![record(1, "Nordlys Bakeri AS"), record(2, "Nordlys  bakeri")];
        let found = Matches::of("nordlys Bakeri", list);
        assert_eq!(found.count(), 2);
        let meant = found.meant();
        assert_eq!(meant.len(), 1);
        assert_eq!(meant[0].id, CustomerId(2));
    }

    #[test]
    fn people_and_phones_fit_and_what_the_server_threw_in_does_not() {
        let one = record(1, "Nordlys Bakeri");
        for text in ["bakeri nord", "imelda", "5550104477", "4477", "i@x.example"] {
            assert!(one.fits(text), "{text}");
        }
        for text in ["sunde", "nordlys sunde", "0104478"] {
            assert!(!one.fits(text), "{text}");
        }
        let mut gone = record(3, "Nordlys Bakeri");
        gone.view.disabled = true;
        assert_eq!(Matches::of("Nordlys", vec![gone, one.clone(), one]).count(), 1);
    }
}
