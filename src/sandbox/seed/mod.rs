//! The first day of the practice account: Lanternfish IT and its customers, all invented.
//!
//! The story takes place on Tuesday 17 March 2026, 14:00 UTC (09:00 in Chicago); its dates are
//! relative to that moment, so that they are always the same. Only what must be near to be of use, appointments to
//! come and timers that run, is relative to the moment at which the account begins.
//!
//! | ticket | customer, prepaid hours | what it is for |
//! |---|---|---|
//! | 32181 | Quillfeather Books, 0.0 | to be billed: in progress, four comments, no lines |
//! | 32180 | Brindlewood Dental, 12.5 | to be billed against a prepaid block |
//! | 32179 | Copperkettle Bakery, 0.5 | a block that is too small |
//! | 32178 | Harrow & Finch Accounting, none | a travel line and a taxable part wait uninvoiced |
//! | 32177 | Mossgate Veterinary, 0.0 | invoiced (67409), not paid |
//! | 32176 | Mossgate Veterinary, 0.0 | invoiced (67410) and paid |
//! | 32175 | Tidewrack Surveyors, 4.0 | a timer is running |
//! | 32174 | Northlight Architects, none | 37 comments: markup, escapes, wide and right-to-left text |
//! | 32173 | Osprey Lane Nursery School, 0.0 | a customer without e-mail |
//! | 32172 | Brindlewood Garden Centre, none | terminal escape sequences in the subject |
//! | 32171 | Odalys Brackenreed, none | fields nobody has described, nulls in odd places |
//! | 32170 | Quillfeather Books, 0.0 | invoiced at $0.00 (67411): the price was lost |
//! | 32150 | Harrow & Finch Accounting, none | its invoice has the number 67402, which is another's id |
//!
//! The other tickets, down to 32140, are an ordinary queue; `clocked.rs` says which of them have timers. Three that
//! are open have names or subjects that do not fit into ASCII: 32162 (wide), 32158 (accents), 32155 (right to left).
//! Most customers outside the story have no tickets: they are there to be searched for and to owe money.

mod calendar;
mod clients;
mod clocked;
mod comments;
mod machines;
mod money;
mod people;
mod queue;
mod story;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::state::{State, Table};
use super::ticket_writes;
use super::value::{Record, instant, record};

pub(super) use people::PATCH_CABLE;

/// The id of ticket 32181, the one to bill first.
pub(super) const BILLABLE: i64 = 108_443_837;

/// The id of the ticket with this number.
fn ticket_id(number: i64) -> i64 {
    // Ids do not follow numbers one by one, so that one cannot be mistaken for the other.
    BILLABLE - (32_181 - number) * 41
}

/// Returns the moment so many minutes before the story takes place.
fn ago(minutes: i64) -> Timestamp {
    let story = Timestamp::from_second(1_773_756_000).unwrap_or(Timestamp::UNIX_EPOCH);
    story.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(story)
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Returns the account as it is on the first day, with appointments around `now`.
pub(super) fn first_day(now: Timestamp) -> State {
    let mut state = State::blank(67_409);
    people::add(&mut state);
    clients::add(&mut state);
    queue::add(&mut state);
    story::add(&mut state);
    calendar::add(&mut state, now);
    clocked::add(&mut state, now);
    machines::add(&mut state);
    money::add(&mut state);
    state
}

/// A ticket as the story tells it.
struct Ticket<'a> {
    number: i64,
    customer: i64,
    contact: Option<i64>,
    subject: &'a str,
    status: &'a str,
    problem: &'a str,
    priority: &'a str,
    user: Option<i64>,
    /// Minutes before the story takes place.
    opened: i64,
}

impl Ticket<'_> {
    /// Adds the ticket with its "Initial Issue" and returns its id.
    fn add(&self, state: &mut State, issue: &str) -> i64 {
        let id = ticket_id(self.number);
        let opened = ago(self.opened);
        let customer = state.get(Table::Customers, self.customer);
        let name = customer.and_then(|found| found.get("business_then_name")).cloned();
        let contact = self
            .contact
            .and_then(|id| state.get(Table::Contacts, id))
            .and_then(|found| found.get("name"))
            .cloned();
        let resolved = (self.status == "Resolved").then(|| instant(ago(self.opened - 2 * HOUR)));
        let mut ticket = record(json!({ "id": id }));
        ticket.extend(ticket_writes::blank());
        ticket.extend(record(json!({
            "number": self.number,
            "subject": self.subject,
            "created_at": instant(opened),
            "customer_id": self.customer,
            "customer_business_then_name": name,
            "due_date": instant(ago(self.opened - 3 * DAY)),
            "resolved_at": resolved,
            "problem_type": self.problem,
            "status": self.status,
            "ticket_type_id": 20_417,
            "ticket_type_name": "Support",
            "user_id": self.user,
            "updated_at": instant(opened),
            "priority": self.priority,
            "contact_fullname": contact,
            "customer_reply": self.status == "Customer Reply",
            "contact_id": self.contact,
        })));
        state.put(Table::Tickets, ticket);
        comment(state, id, self.opened, people::PETRA, "Initial Issue", issue, Seen::Silent);
        id
    }
}

/// Who gets to see a comment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Mailed,
    Silent,
    Private,
}

/// Adds a comment; a user of 0 is the customer, answering by mail.
fn comment(
    state: &mut State,
    ticket: i64,
    minutes_ago: i64,
    user: i64,
    subject: &str,
    body: &str,
    seen: Seen,
) {
    let at = ago(minutes_ago);
    let tech = state.get(Table::Users, user).and_then(|user| user.get("full_name")).cloned();
    state.add(
        Table::Comments,
        at,
        record(json!({
            "ticket_id": ticket,
            "is_rich_text": false,
            "subject": subject,
            "body": body,
            "tech": tech.unwrap_or_else(|| json!("customer-reply")),
            "hidden": seen == Seen::Private,
            "user_id": (user != 0).then_some(user),
            "_do_not_email": seen != Seen::Mailed,
        })),
    );
    state.change(Table::Tickets, ticket, at, Record::new());
}
