//! What lists have shown within a day, for completions: written by each list that is printed and by each sync, read by
//! nothing that writes.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cache::{self, CacheFile};
use super::lists::{Lists, Which};
use crate::context::Context;
use crate::names;
use crate::render::list::at;
use crate::render::wrap::cut;
use crate::sorting;

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offered {
    /// Open tickets, by number.
    Tickets,
    /// Customers, by name.
    Customers,
    /// Contacts, by name.
    Contacts,
    /// Users, by name.
    Users,
    /// Assets, by name.
    Assets,
    /// Products, by name.
    Products,
    /// Invoices, by number.
    Invoices,
    /// Payments, by id.
    Payments,
    /// Appointments, by id.
    Appointments,
    /// Ticket statuses.
    Statuses,
    /// Priorities.
    Priorities,
    /// Issue types.
    IssueTypes,
    /// Ticket types.
    TicketTypes,
    /// Appointment types.
    AppointmentTypes,
    /// Asset types.
    AssetTypes,
}

/// What a list shows of something: which member tells records apart, which is typed for them, which says more.
struct Shows(Offered, &'static str, &'static str, &'static str);

/// Lists, by the command that prints them.
const LISTS: [(&str, &[Shows]); 9] = [
    ("tickets", &OF_TICKETS),
    ("search", &OF_TICKETS),
    ("customers", &[Shows(Offered::Customers, "id", "business_then_name", "id")]),
    ("contact list", &[Shows(Offered::Contacts, "id", "name", "email")]),
    ("asset list", &[Shows(Offered::Assets, "id", "name", "customer.business_then_name")]),
    ("product list", &[Shows(Offered::Products, "id", "name", "price_retail")]),
    (
        "invoice list",
        &[
            Shows(Offered::Invoices, "number", "number", CUSTOMER),
            Shows(Offered::Customers, "customer_id", CUSTOMER, "customer_id"),
        ],
    ),
    ("appointment list", &[Shows(Offered::Appointments, "id", "id", "summary")]),
    ("payment list", &[Shows(Offered::Payments, "id", "id", "customer.business_then_name")]),
];

const CUSTOMER: &str = "customer_business_then_name";

const OF_TICKETS: [Shows; 6] = [
    Shows(Offered::Tickets, "number", "number", "subject"),
    Shows(Offered::Customers, "customer_id", CUSTOMER, "customer_id"),
    Shows(Offered::Users, "user_id", "user.full_name", ""),
    Shows(Offered::Statuses, "status", "status", ""),
    Shows(Offered::Priorities, "priority", "priority", ""),
    Shows(Offered::IssueTypes, "problem_type", "problem_type", ""),
];

/// One that can be typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What is typed for it.
    pub name: String,
    /// What else is said of it.
    #[serde(default)]
    pub text: String,
    seen: Timestamp,
}

/// What is kept: of each kind, by what tells it apart.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept(BTreeMap<Offered, BTreeMap<String, Offer>>);

/// So many of a kind are kept; those seen last stay.
pub const MOST: usize = 1000;

/// So many columns are kept of what is said beside a name.
const TEXT: usize = 120;

/// A longer name is nothing that anybody types.
const NAME: usize = 500;

/// What the files are called.
const KNOWN: &str = "known";

fn file(ctx: &Context) -> Option<CacheFile> {
    let whose = ctx.whose().ok()?;
    let file = CacheFile::new(&ctx.settings().state_dir, KNOWN, &whose);
    Some(if ctx.is_offline() { file.unkept() } else { file })
}

/// Keeps what a list that was just printed shows.
pub fn keep(ctx: &Context, command: &str, records: &[Value]) {
    let Some((_, shows)) = LISTS.iter().find(|(list, _)| *list == command) else {
        return;
    };
    let (Some(file), false) = (file(ctx), records.is_empty()) else {
        return;
    };
    let mut kept: Kept = file.read().unwrap_or_default();
    let now = Timestamp::now();
    let closed = &ctx.settings().tickets.closed;
    for Shows(what, key, name, text) in *shows {
        let known = kept.0.entry(*what).or_default();
        for record in records {
            let Some(key) = plain(record, key) else {
                continue;
            };
            let status = plain(record, "status").unwrap_or_default();
            let is_closed = names::is_among(&status, closed);
            match plain(record, name) {
                Some(_) if *what == Offered::Tickets && is_closed => drop(known.remove(&key)),
                Some(name) if name.len() > NAME => {}
                Some(name) => {
                    let text = cut(&plain(record, text).unwrap_or_default(), TEXT);
                    known.insert(key, Offer { name, text, seen: now });
                }
                None => {}
            }
        }
        forget(known);
    }
    file.write(&kept);
}

/// The files of all accounts, as people name them.
#[must_use]
pub fn place(ctx: &Context) -> PathBuf {
    ctx.settings().state_dir.join(format!("{KNOWN}-*"))
}

/// Removes what is kept, of all accounts, and says how many files there were.
///
/// # Errors
/// Those of the file system, but for files that are not there.
pub fn remove_all(ctx: &Context) -> io::Result<usize> {
    cache::remove_all(&ctx.settings().state_dir, KNOWN)
}

/// A text or a number of a record; nothing for an empty one.
fn plain(record: &Value, path: &str) -> Option<String> {
    let text = match at(record, path)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Leaves out what was seen too long ago, and what is too much.
fn forget(known: &mut BTreeMap<String, Offer>) {
    known.retain(|_, entry| cache::is_young(entry.seen));
    if known.len() > MOST {
        // All of one list were seen at the same time.
        let mut all: Vec<_> = std::mem::take(known).into_iter().collect();
        sorting::sort_by_key(&mut all, |(_, entry)| std::cmp::Reverse(entry.seen));
        known.extend(all.into_iter().take(MOST));
    }
}

/// What is known of this account, without a request.
#[derive(Debug)]
pub struct Offers {
    kept: Kept,
    lists: Option<Lists>,
}

impl Offers {
    /// As it is kept.
    #[must_use]
    pub fn read(ctx: &Context) -> Self {
        let kept = file(ctx).and_then(|file| file.read()).unwrap_or_default();
        Self { kept, lists: Lists::kept(ctx) }
    }

    /// All of a kind that were seen within a day: tickets and invoices the newest first, all else by name.
    #[must_use]
    pub fn of(&self, what: Offered) -> Vec<(String, String)> {
        let known = self.kept.0.get(&what).into_iter().flat_map(BTreeMap::values);
        let known = known.filter(|entry| cache::is_young(entry.seen));
        let mut all: Vec<_> = known.map(|one| (one.name.clone(), one.text.clone())).collect();
        all.extend(self.words(what).into_iter().map(|word| (word, String::new())));
        let is_number = matches!(what, Offered::Tickets | Offered::Invoices | Offered::Payments);
        sorting::sort_by_key(&mut all, |(name, _)| match is_number {
            true => (std::cmp::Reverse(name.parse::<u64>().ok()), String::new()),
            false => (std::cmp::Reverse(None), names::plain(name)),
        });
        all.dedup_by(|one, other| one.0 == other.0);
        all
    }

    /// The words of the account's own lists.
    fn words(&self, what: Offered) -> Vec<String> {
        let Some(lists) = &self.lists else {
            return Vec::new();
        };
        match what {
            Offered::Statuses => lists.names(Which::Status),
            Offered::Priorities => lists.names(Which::Priority),
            Offered::IssueTypes => lists.names(Which::IssueType),
            Offered::TicketTypes => lists.names(Which::TicketType),
            Offered::AppointmentTypes => lists.names(Which::AppointmentType),
            Offered::AssetTypes => lists.names(Which::AssetType),
            Offered::Users => lists.users().iter().map(|user| user.name.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn of_a_list_that_is_too_long_so_many_stay_as_are_kept() {
        let now = Timestamp::now();
        let before = now.checked_sub(SignedDuration::from_mins(1)).unwrap_or(now);
        let offer = |seen| Offer { name: String::new(), text: String::new(), seen };
        let mut known: BTreeMap<String, Offer> =
            (0..=MOST + 5).map(|id| (format!("{id:05}"), offer(now))).collect();
        known.insert("00000".to_owned(), offer(before));
        forget(&mut known);
        assert_eq!(known.len(), MOST);
        assert!(!known.contains_key("00000") && known.contains_key("00001"));
    }
}
