//! The first day of the practice account: Lanternfish IT and its customers, all invented.
//!
//! The records are data, a file a noun in the folder `seed`; a field that is left out is as `blank.json` has it, or
//! follows from the record that it names ([`LINKS`]). Tickets are named by their numbers there, and moments are
//! written so that the account lives in the present ([`Moments`]).
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
//! | 32172 | Brindlewood Garden Center, none | terminal escape sequences in the subject |
//! | 32171 | Odalys Brackenreed, none | fields nobody has described, nulls in odd places |
//! | 32170 | Quillfeather Books, 0.0 | invoiced at $0.00 (67411): the price was lost |
//! | 32152 | Northlight Architects, none | a line with a discount waits uninvoiced |
//! | 32150 | Harrow & Finch Accounting, none | its invoice has the number 67402, which is another's id |
//!
//! The other tickets, down to 32140, are an ordinary queue. Time was clocked on five of them: 32168 (45 minutes
//! remote, to be charged), 32165 (25 minutes remote and the colleague's 70 onsite, to be charged), 32162 (20 minutes
//! without a product), 32159 (the colleague's runs), 32154 (30 minutes, charged, the line not invoiced). Three that
//! are open have names or subjects that do not fit into ASCII: 32162 (wide), 32158 (accents), 32155 (right to left).
//! Of the invoices, 66902 has a payment that failed, 66937 a line with a discount, and 66944 gives money back.
//! With `--slipped` there is one case of each finding of the reports as well (`slipped.json`): 32131 and 32132 count as
//! invoiced and are not, 32133 is closed with time on it, 32134 is open with an invoice, 32135 has one of nothing, 32136
//! has two, 32137 one that differs, and the line of 32138 waits for a recurring invoice; one payment is for the invoices 66706
//! and 66707, and 66708 has no due date. Café Corvina is there twice, with one machine under one serial number, one that has
//! not been seen for long and of which no patches are known, and alerts that repeat and that nobody works on; the closed
//! bindery has a machine.
//! A week before the first day two people have clocked in: the colleague's entries on
//! 32137 overlap and leave gaps around the lunch, and most line items of the other have no timer entry; on 32136 and 32137
//! there are two minutes of today that are not billable.
//! Most customers outside the story have no tickets: they are there to be searched for and to owe money. Their names
//! are hard on searches, tables and file names, and share no word with those of the story.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

use super::state::{State, Table};
use super::table::blank;
use super::value::{Record, instant, integer, parse_instant, text};
use super::{clock, customers, history, phones};

/// The id of ticket 32181, the one to bill first.
pub(super) const BILLABLE: i64 = 108_443_837;

/// Remote labor.
pub(super) const REMOTE: i64 = 17_340_021;

/// The small part that the colleague adds to other people's tickets.
pub(super) const PATCH_CABLE: i64 = 17_340_102;

/// The number of the next invoice.
const NEXT_INVOICE: i64 = 67_412;

/// The tables of the first day; what others refer to comes first.
const FILES: [(Table, &str); 16] = [
    (Table::Users, include_str!("seed/users.json")),
    (Table::Customers, include_str!("seed/customers.json")),
    (Table::Contacts, include_str!("seed/contacts.json")),
    (Table::Products, include_str!("seed/products.json")),
    (Table::Tickets, include_str!("seed/tickets.json")),
    (Table::Comments, include_str!("seed/comments.json")),
    (Table::Lines, include_str!("seed/lines.json")),
    (Table::Timers, include_str!("seed/timers.json")),
    (Table::Invoices, include_str!("seed/invoices.json")),
    (Table::InvoiceLines, include_str!("seed/invoice_lines.json")),
    (Table::Payments, include_str!("seed/payments.json")),
    (Table::Appointments, include_str!("seed/appointments.json")),
    (Table::Assets, include_str!("seed/assets.json")),
    (Table::Estimates, include_str!("seed/estimates.json")),
    (Table::Contracts, include_str!("seed/contracts.json")),
    (Table::Alerts, include_str!("seed/alerts.json")),
];

/// One case of each finding of the reports, for whoever asks for them: the tables, and their records by the names there.
const SLIPPED: &str = include_str!("seed/slipped.json");

/// The names of its tables.
const SLIPPED_TABLES: [(Table, &str); 13] = [
    (Table::Customers, "customers"),
    (Table::Contacts, "contacts"),
    (Table::Assets, "assets"),
    (Table::Tickets, "tickets"),
    (Table::Lines, "lines"),
    (Table::Timers, "timers"),
    (Table::Invoices, "invoices"),
    (Table::Payments, "payments"),
    (Table::InvoiceLines, "invoice_lines"),
    (Table::Schedules, "schedules"),
    (Table::ScheduleLines, "schedule_lines"),
    // Some of them have tickets, whose ids are derived from their numbers.
    (Table::Alerts, "alerts"),
    (Table::Timelogs, "timelogs"),
];

/// What a new account is like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct First {
    /// Its day; the last working day where there is none.
    pub(super) day: Option<Date>,
    /// Whether one case of each finding of the reports is in it.
    pub(super) slipped: bool,
    /// How many tickets of the years before are in it.
    pub(super) history: u32,
}

/// A field that repeats what another record says: whose, which, by what id, of what table, which field there.
type Link = (Table, &'static str, &'static str, Table, &'static str);

/// The field in which others repeat their customer's name.
const CUSTOMER: &str = "customer_business_then_name";

const LINKS: [Link; 8] = [
    (Table::Tickets, CUSTOMER, "customer_id", Table::Customers, "business_then_name"),
    (Table::Invoices, CUSTOMER, "customer_id", Table::Customers, "business_then_name"),
    (Table::Estimates, CUSTOMER, "customer_id", Table::Customers, "business_then_name"),
    (Table::Tickets, "contact_fullname", "contact_id", Table::Contacts, "name"),
    (Table::Comments, "tech", "user_id", Table::Users, "full_name"),
    (Table::Lines, "name", "product_id", Table::Products, "name"),
    (Table::Lines, "product_category", "product_id", Table::Products, "product_category"),
    (Table::Alerts, "computer_name", "asset_id", Table::Assets, "name"),
];

/// Returns the account as it is on its first day, which is that of `first`, or the last working day before `now`.
pub(super) fn first_day(now: Timestamp, first: First) -> State {
    let moments = Moments::new(now, first.day);
    let mut state = State::blank(NEXT_INVOICE, moments.first);
    for (table, file) in FILES {
        let records: Vec<Record> = serde_json::from_str(file).unwrap_or_default();
        for fields in records {
            add(&mut state, table, &moments, fields);
        }
    }
    for (table, fields) in history::records(first.history, REMOTE) {
        add(&mut state, table, &moments, fields);
    }
    if first.slipped {
        slip(&mut state, &moments);
    }
    let customers: Vec<(i64, Timestamp)> = state
        .all(Table::Customers)
        .filter_map(|one| Some((integer(one, "id")?, parse_instant(text(one, "created_at"))?)))
        .collect();
    for (customer, made) in customers {
        phones::write_first(&mut state, made, customer);
    }
    state
}

/// Adds what the reports find.
fn slip(state: &mut State, moments: &Moments) {
    let mut slipped: BTreeMap<String, Vec<Record>> =
        serde_json::from_str(SLIPPED).unwrap_or_default();
    for (table, name) in SLIPPED_TABLES {
        for fields in slipped.remove(name).unwrap_or_default() {
            add(state, table, moments, fields);
        }
    }
}

/// The id of the ticket with this number.
fn ticket_id(number: i64) -> i64 {
    // Ids do not follow numbers one by one, so that one cannot be mistaken for the other.
    BILLABLE - (32_181 - number) * 41
}

fn add(state: &mut State, table: Table, moments: &Moments, fields: Record) {
    let mut record = Record::new();
    record.insert("id".to_owned(), Value::Null);
    record.extend(blank(table));
    record.extend(linked(state, table, &fields));
    record.extend(fields.into_iter().map(|(name, value)| {
        let value = moments.resolved(value, table);
        (name, value)
    }));
    for field in ["ticket_id", "_ticket_id"] {
        if let Some(number) = integer(&record, field) {
            record.insert(field.to_owned(), Value::from(ticket_id(number)));
        }
    }
    if let (Some(made), None) = (record.get("created_at"), record.get("updated_at")) {
        record.insert("updated_at".to_owned(), made.clone());
    }
    match table {
        Table::Tickets => {
            let id = integer(&record, "number").map(ticket_id);
            record.insert("id".to_owned(), Value::from(id));
        }
        Table::Customers => record.extend(customers::derived(&record)),
        Table::Appointments => set_end(&mut record),
        Table::Assets => set_place(state, &mut record),
        _ => {}
    }
    if record.get("id").is_some_and(Value::is_null) {
        record.remove("id");
        state.add(table, moments.now, record);
    } else {
        state.put(table, record);
    }
}

/// Returns the fields that repeat what other records say.
fn linked(state: &State, table: Table, fields: &Record) -> Record {
    let mut linked = Record::new();
    for (_, field, by, other, theirs) in LINKS.iter().filter(|link| link.0 == table) {
        let named = integer(fields, by).and_then(|id| state.get(*other, id));
        if let Some(value) = named.and_then(|named| named.get(*theirs)) {
            linked.insert((*field).to_owned(), value.clone());
        }
    }
    linked
}

/// An appointment of the files has a length in place of an end.
fn set_end(appointment: &mut Record) {
    let minutes = appointment.remove("_minutes").and_then(|minutes| minutes.as_i64()).unwrap_or(60);
    let start = parse_instant(text(appointment, "start_at"));
    let end = start.and_then(|start| start.checked_add(SignedDuration::from_mins(minutes)).ok());
    appointment.insert("end_at".to_owned(), Value::from(end.map(instant)));
}

/// A machine stands at the first of its customer's further addresses, where there is one.
fn set_place(state: &State, machine: &mut Record) {
    let owner = state.named(Table::Customers, machine, "customer_id");
    let place = owner.and_then(|owner| owner.get("addresses")).and_then(|all| all.get(0));
    machine.insert("address".to_owned(), place.cloned().unwrap_or_default());
}

/// Days and instants that the moments of the files are relative to.
///
/// | written | means |
/// |---|---|
/// | `@-4 13:30` | four days before the first day, at that time of the company's own zone |
/// | `@-4` | that day, as days are written by themselves |
/// | `@today+3 10:00` | three days after the day on which the account begins, whatever its first day |
/// | `@now-35m` | that long before the account begins, to the second |
///
/// The first day is a working day, and its morning, until 09:00, is over when the account begins. Appointments that
/// would be on a weekend are on the working day before it, or after it when they are to come.
struct Moments {
    now: Timestamp,
    today: Date,
    first: Date,
}

impl Moments {
    fn new(now: Timestamp, first: Option<Date>) -> Self {
        let local = now.to_zoned(clock::zone());
        let today = local.date();
        let begun = if local.hour() < 9 { today.saturating_sub(1.day()) } else { today };
        Self { now, today, first: first.unwrap_or_else(|| working_day(begun, -1)) }
    }

    fn resolved(&self, value: Value, table: Table) -> Value {
        match value {
            Value::String(written) => match self.read(&written, table) {
                Some(moment) => Value::String(moment),
                None => Value::String(written),
            },
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (name, self.resolved(value, table)))
                .collect(),
            Value::Array(items) => {
                items.into_iter().map(|item| self.resolved(item, table)).collect()
            }
            other => other,
        }
    }

    fn read(&self, written: &str, table: Table) -> Option<String> {
        let written = written.strip_prefix('@')?;
        if let Some(ago) = written.strip_prefix("now-") {
            let at = self.now.checked_sub(ago.parse::<SignedDuration>().ok()?).ok()?;
            return Timestamp::from_second(at.as_second()).ok().map(instant);
        }
        let (from, written) = match written.strip_prefix("today") {
            Some(rest) => (self.today, rest),
            None => (self.first, written),
        };
        let (days, time) = match written.split_once(' ') {
            Some((days, time)) => (days, Some(time)),
            None => (written, None),
        };
        let mut day = from.checked_add(days.parse::<i64>().ok()?.days()).ok()?;
        if table == Table::Appointments {
            day = working_day(day, if day < from { -1 } else { 1 });
        }
        let Some(time) = time else {
            return Some(format!("{day}T00:00:00.000Z"));
        };
        let at = day.to_datetime(time.parse::<Time>().ok()?).to_zoned(clock::zone()).ok()?;
        Some(instant(at.timestamp()))
    }
}

/// Returns the day, or the next one in that direction that is not of a weekend.
fn working_day(mut day: Date, step: i64) -> Date {
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.saturating_add(step.days());
    }
    day
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn every_file_is_read_and_every_moment_resolved() {
        let state = first_day("2026-11-26T20:00:00Z".parse().unwrap(), First::default());
        for (table, file) in FILES {
            let records: Vec<Record> = serde_json::from_str(file).unwrap();
            assert_eq!(state.all(table).count(), records.len(), "{table:?}");
            for record in state.all(table) {
                let text = serde_json::to_string(record).unwrap();
                assert!(!text.contains("\"@"), "{text}");
                let made = record.get("created_at").is_some_and(Value::is_string);
                assert_eq!(made, record.get("updated_at").is_some_and(Value::is_string), "{text}");
            }
        }
    }

    #[test]
    fn what_slipped_is_whole_and_beside_the_rest() {
        let now = "2026-11-26T20:00:00Z".parse().unwrap();
        let (plain, slipped) = (
            first_day(now, First::default()),
            first_day(now, First { slipped: true, ..First::default() }),
        );
        let written: BTreeMap<String, Vec<Record>> = serde_json::from_str(SLIPPED).unwrap();
        assert_eq!(written.len(), SLIPPED_TABLES.len());
        for (table, name) in SLIPPED_TABLES {
            let more = slipped.all(table).count() - plain.all(table).count();
            assert_eq!(more, written[name].len(), "{name}");
            for record in plain.all(table) {
                let id = integer(record, "id").unwrap();
                assert_eq!(slipped.get(table, id), Some(record), "{name}");
            }
        }
    }

    #[test]
    fn history_is_the_same_each_time_and_beside_the_rest() {
        let now = "2026-11-26T20:00:00Z".parse().unwrap();
        let plain = first_day(now, First::default());
        let busy = || first_day(now, First { history: 200, ..First::default() });
        let (one, other) = (busy(), busy());
        for (table, each) in [
            (Table::Tickets, 200),
            (Table::Comments, 800),
            (Table::Lines, 60),
            (Table::Invoices, 60),
            (Table::InvoiceLines, 60),
            (Table::Payments, 60),
            (Table::Timers, 40),
        ] {
            assert_eq!(one.all(table).count(), plain.all(table).count() + each, "{table:?}");
            assert!(one.all(table).eq(other.all(table)), "{table:?}");
            for record in plain.all(table) {
                assert_eq!(one.get(table, integer(record, "id").unwrap()), Some(record));
            }
        }
    }

    #[test]
    fn moments_are_relative_to_a_working_day_and_to_the_present() {
        // A Sunday morning in Chicago: the first day is the Friday before.
        let moments = Moments::new("2026-11-29T15:00:00Z".parse().unwrap(), None);
        let read = |written: &str, table| moments.read(written, table).unwrap();
        for (written, table, meant) in [
            ("@+0 09:00", Table::Tickets, "2026-11-27T15:00:00.000Z"),
            ("@-2 08:30", Table::Tickets, "2026-11-25T14:30:00.000Z"),
            ("@-6 08:30", Table::Tickets, "2026-11-21T14:30:00.000Z"),
            ("@-6", Table::Invoices, "2026-11-21T00:00:00.000Z"),
            ("@now-1h 5m", Table::Timers, "2026-11-29T13:55:00.000Z"),
            ("@today+1 09:00", Table::Appointments, "2026-11-30T15:00:00.000Z"),
            ("@today+6 09:00", Table::Appointments, "2026-12-07T15:00:00.000Z"),
            ("@today-1 09:00", Table::Appointments, "2026-11-27T15:00:00.000Z"),
        ] {
            assert_eq!(read(written, table), meant, "{written}");
        }
    }

    /// Weekends are moved to the Monday after: on no day of the week may two appointments of the calendar's far end meet,
    /// since tests and examples name one by its day.
    #[test]
    fn the_day_without_a_time_has_no_other_appointment_on_any_weekday() {
        for day in 0..7 {
            let now: Timestamp = "2026-11-23T06:20:00Z".parse().unwrap();
            let state = first_day(now + SignedDuration::from_hours(24 * day), First::default());
            let day_of = |record: &Record| record["start_at"].as_str().unwrap()[..10].to_owned();
            let all: Vec<_> = state.all(Table::Appointments).collect();
            let whole = all.iter().find(|one| one.get("all_day").is_some_and(|all| all == true));
            let whole = day_of(whole.unwrap());
            assert_eq!(all.iter().filter(|one| day_of(one) == whole).count(), 1, "{whole}");
        }
    }

    #[test]
    fn the_first_day_is_a_working_day() {
        let early = Moments::new("2026-11-26T13:00:00Z".parse().unwrap(), None);
        assert_eq!(early.first.to_string(), "2026-11-25");
        let named = Moments::new(early.now, Some("2026-03-17".parse().unwrap()));
        assert_eq!(named.first.to_string(), "2026-03-17");
    }
}
