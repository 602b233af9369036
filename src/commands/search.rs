//! `syncro search <query>`: tickets by number, subject or customer, open and closed ones, the best matches first.

#[cfg(feature = "offline")]
mod kept;
#[cfg(feature = "offline")]
mod said;

use std::cmp::Reverse;
use std::collections::HashSet;

use super::listing::{Limit, Total};
use crate::api::ids::{CustomerId, Number, TicketId};
use crate::api::resources::customers;
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error as ApiError, List, Listing, Reader, Record};
use crate::commands::answer::Shown;
#[cfg(feature = "offline")]
use crate::commands::mirrored;
use crate::commands::tickets::filter::{Filter, Status};
use crate::commands::tickets::show;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::render::tickets::FOUND;
use crate::sorting;

/// Search tickets by subject, customer or number
///
/// Searches open and closed tickets. Exact numbers come first, then matching subjects, then matching customer names;
/// within each group, the newest come first.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro search gift receipts
  syncro search 32181
  syncro search quillfeather --all --json | jq '.[].number'
  syncro search --said gift receipts")]
pub struct SearchArgs {
    /// Search words
    #[arg(value_name = "QUERY", required = true)]
    pub query: Vec<String>,
    /// Search what was said in comments, as of the last `syncro sync`; send nothing
    #[cfg(feature = "offline")]
    #[arg(long)]
    pub said: bool,
    /// Maximum rows
    #[command(flatten)]
    pub limit: Limit,
}

/// So many that fit are looked through for the best; all of them with `--all`.
const LOOKED_THROUGH: usize = 200;
/// Of so many customers with that name the tickets are looked at when no ticket was found.
const CUSTOMERS: usize = 3;

/// Runs `syncro search`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &SearchArgs) -> Result<()> {
    #[cfg(feature = "offline")]
    if args.said {
        return said::run(ctx, &args.query.join(" "), args.limit);
    }
    let query = Query::new(&args.query.join(" "))?;
    let reader = ctx.reader_to_show()?;
    let limit = args.limit.count();
    let enough = limit.max(LOOKED_THROUGH);
    let mut found = find(&reader, &query, enough).await?;
    sorting::sort_by_key(&mut found.items, |ticket| query.rank(ticket));
    let of_server = found.items.len();
    #[cfg(feature = "offline")]
    let is_cut = add_kept(ctx, &query.text, args.limit, &mut found.items);
    #[cfg(not(feature = "offline"))]
    let is_cut = false;
    let total = match found.complete || found.short {
        true if is_cut => Total::more_than(&found.items),
        true => Total::of(&found),
        false => Total::BestOf(enough),
    };
    let items = found.items.into_iter().take(limit).collect();
    show(
        ctx,
        &reader,
        Shown { items, total, unclear: found.unclear, sorted: None, of_server },
        &FOUND,
        false,
        "no matching tickets",
    )
    .await
}

/// Adds tickets of the mirror behind those that the server found, and says how many, and how old they are. Returns whether the
/// mirror has more.
#[cfg(feature = "offline")]
fn add_kept(ctx: &Context, words: &str, limit: Limit, found: &mut Vec<Record<Ticket>>) -> bool {
    let Some(kept) = kept::tickets(ctx, words, limit) else { return false };
    let before = found.len();
    add(found, kept.tickets.into_iter());
    match found.len() - before {
        0 => {}
        _ if ctx.is_offline() => {}
        more => mirrored::age_told(ctx, &format!("{more} more from the "), &kept.provenance),
    }
    kept.more
}

/// What the server finds, the ticket of that number with it; where that is nothing, those that have the words apart, and
/// the tickets of customers of that name.
async fn find(reader: &Reader, query: &Query, enough: usize) -> Result<Listing<Ticket>, ApiError> {
    let by_number = async |reader: &Reader| match &query.number {
        Some(number) => reader.get(tickets::by_number(number)).await.map(Some),
        None => Ok(None),
    };
    let searched =
        async |reader: &Reader| reader.all(query.list(&query.text).enough(enough).partly()).await;
    let (by_number, mut found) = reader.both(by_number, searched).await?;
    let itself = by_number.map(|found| found.view.tickets).unwrap_or_default();
    add(
        &mut found.items,
        itself.into_iter().filter(|ticket| Some(&ticket.number) == query.number.as_ref()),
    );
    if found.items.is_empty() && query.number.is_none() {
        let scattered = async |reader: &Reader| scattered(reader, query, enough).await;
        let of_customers = async |reader: &Reader| of_customers(reader, query, enough).await;
        let (scattered, of_customers) = reader.both(scattered, of_customers).await?;
        found.complete &= scattered.as_ref().is_none_or(|listing| listing.complete);
        add(&mut found.items, scattered.into_iter().flat_map(|listing| listing.items));
        add(&mut found.items, of_customers.into_iter());
    }
    Ok(found)
}

/// Those that have all the words, but not in a row: an account's search may know nothing else. It is asked for the longest.
async fn scattered(
    reader: &Reader,
    query: &Query,
    enough: usize,
) -> Result<Option<Listing<Ticket>>, ApiError> {
    let longest = query.words.iter().max_by_key(|word| word.chars().count());
    let Some(longest) = longest.filter(|_| query.words.len() > 1) else {
        return Ok(None);
    };
    reader.all(query.list(longest).enough(enough).partly()).await.map(Some)
}

fn add(items: &mut Vec<Record<Ticket>>, more: impl Iterator<Item = Record<Ticket>>) {
    let mut known: HashSet<TicketId> = items.iter().map(|ticket| ticket.id).collect();
    items.extend(more.filter(|ticket| known.insert(ticket.id)));
}

/// The tickets of the customers whose names fit: an account's search of tickets may not know those.
async fn of_customers(
    reader: &Reader,
    query: &Query,
    enough: usize,
) -> Result<Vec<Record<Ticket>>, ApiError> {
    let customers = reader.get(customers::autocomplete(&query.text)).await?;
    let customers = customers.view.customers.into_iter();
    let fitting = customers.filter(|customer| customer.fits(&query.text)).map(|one| one.id);
    let fitting: Vec<CustomerId> = fitting.take(CUSTOMERS).collect();
    let theirs = async |reader: &Reader, customer: &CustomerId| {
        let status = Status::All;
        let theirs = Filter { status, customer: Some(*customer), ..Filter::default() };
        reader.all(theirs.list().enough(enough).partly()).await
    };
    let lists = reader.each(&fitting, theirs).await?;
    Ok(lists.into_iter().flat_map(|list| list.items).collect())
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Query {
    /// As it was typed.
    text: String,
    /// In lower case, white space as one space.
    phrase: String,
    words: Vec<String>,
    /// What it is if it is a number.
    number: Option<Number>,
}

/// The best matches first: how well one fits, then the newest.
type Rank = Reverse<(u16, Option<jiff::Timestamp>, TicketId)>;

impl Query {
    fn new(typed: &str) -> Result<Self> {
        let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let digits = typed.strip_prefix('#').unwrap_or(&typed);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let text = if is_number { digits } else { &typed };
        if text.is_empty() {
            return Err(Error::usage("the search is empty"));
        }
        let phrase = names::plain(text);
        Ok(Self {
            text: text.to_owned(),
            words: phrase.split(' ').map(str::to_owned).collect(),
            number: is_number.then(|| Number(digits.to_owned())),
            phrase,
        })
    }

    /// What the server finds for this text, as far as it fits.
    fn list(&self, text: &str) -> List<Ticket> {
        let query = self.clone();
        tickets::all().near("query", Some(text), move |one| query.score(one).is_some())
    }

    fn rank(&self, ticket: &Ticket) -> Rank {
        let score = self.score(ticket).unwrap_or(0);
        Reverse((score, ticket.created_at, ticket.id))
    }

    /// How well a ticket fits; `None` when the server threw it in.
    fn score(&self, ticket: &Ticket) -> Option<u16> {
        if let Some(number) = &self.number
            && (ticket.number == *number || ticket.number.0.starts_with(&number.0))
        {
            return Some(if ticket.number == *number { 1000 } else { 500 });
        }
        let plain = names::plain;
        let subject = plain(&ticket.subject);
        let customer = plain(&ticket.customer_business_then_name);
        let parts = words(&subject);
        let all = |fits: &dyn Fn(&str) -> bool| self.words.iter().all(|word| fits(word));
        let score = match () {
            () if subject == self.phrase => 900,
            () if self.words.len() > 1 && subject.contains(&self.phrase) => 800,
            () if all(&|word| parts.contains(&word)) => 700,
            () if all(&|word| parts.iter().any(|part| part.starts_with(word))) => 600,
            () if all(&|word| subject.contains(word)) => 550,
            () if customer == self.phrase => 450,
            () if all(&|word| customer.contains(word)) => 400,
            () => {
                let contact = plain(&ticket.contact_fullname);
                let whole = format!("{subject} {customer} {contact} {}", ticket.number);
                all(&|word| whole.contains(word)).then_some(300)?
            }
        };
        Some(score)
    }
}

/// The words of a text, without what stands between them.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use serde_json::json;

    fn ticket(id: u64, subject: &str, customer: &str) -> Record<Ticket> {
        Record::read(json!({
            "id": id, "number": 32_100 + id, "subject": subject, "customer_business_then_name": customer,
            "created_at": format!("2026-03-{:02}T00:00:00Z", id), "contact_fullname": "Ada Quist",
        }))
        .unwrap()
    }

    fn found(typed: &str) -> Vec<u64> {
        let query = Query::new(typed).unwrap();
        let mut all = vec![
            ticket(1, "Printer", "Harbor Dental"),
            ticket(2, "New printer drivers", "Harbor Dental"),
            ticket(3, "Blueprinter broken", "Printer World"),
            ticket(4, "Mail bounces", "Printer World"),
            ticket(5, "Drivers of the printer", "Quist & Daughters"),
            ticket(6, "Order 32101 printers", "Elsewhere"),
        ];
        all.retain(|ticket| query.score(ticket).is_some());
        sorting::sort_by_key(&mut all, |ticket| query.rank(ticket));
        all.iter().map(|ticket| ticket.id.0).collect()
    }

    #[test]
    fn the_best_matches_come_first_and_of_equals_the_newest() {
        assert_eq!(found("printer"), [1, 5, 2, 6, 3, 4]);
        assert_eq!(found("Printer  Drivers"), [2, 5]);
        assert_eq!(found("printer world"), [4, 3]);
        assert_eq!(found("daughters drivers"), [5]);
        assert_eq!(found("quist mail"), [4]);
        assert_eq!(found("zebra"), [] as [u64; 0]);
    }

    #[test]
    fn the_number_itself_comes_before_what_mentions_it() {
        assert_eq!(found("32101"), [1, 6]);
        assert_eq!(found("#32101"), [1, 6]);
        assert_eq!(found("3210"), [6, 5, 4, 3, 2, 1]);
        assert!(Query::new("  ").is_err());
    }
}
