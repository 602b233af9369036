//! The kinds of records, and what there is to know of each before there are any: `tables.json` has where its ids begin
//! and which fields a write sets, `blank.json` the fields of a record about which nothing is known.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::value::Record;

/// The kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Table {
    Users,
    Customers,
    Contacts,
    Products,
    Tickets,
    Comments,
    Lines,
    Timers,
    Invoices,
    InvoiceLines,
    Payments,
    Appointments,
    Assets,
    Phones,
    Estimates,
    Contracts,
    Schedules,
    ScheduleLines,
    Alerts,
    Timelogs,
    /// Emails to customers: no part of the API, kept for tests and the curious.
    Mailed,
    /// Documents sent to the printer, kept in the same way.
    Printed,
}

/// What there is to know of one kind.
#[derive(Deserialize)]
struct Data {
    /// The first id that is given to a record made after the first day.
    ///
    /// Some tables are past the range of 32 bits, as they are on busy servers.
    first_id: i64,
    /// The fields that a write sets. What else it may name is taken without a word and dropped.
    #[serde(default)]
    written: Vec<String>,
}

static TABLES: LazyLock<BTreeMap<Table, Data>> =
    LazyLock::new(|| serde_json::from_str(include_str!("tables.json")).unwrap_or_default());

static BLANK: LazyLock<BTreeMap<Table, Record>> =
    LazyLock::new(|| serde_json::from_str(include_str!("blank.json")).unwrap_or_default());

impl Table {
    /// Returns the first id that is given to a record made after the first day.
    pub(super) fn first_id(self) -> i64 {
        TABLES.get(&self).map_or(1, |data| data.first_id)
    }
}

/// Returns the fields of the body that a write to the table sets as they were given.
pub(super) fn given(table: Table, body: &Record) -> Record {
    let names = TABLES.get(&table).map_or(&[][..], |data| &data.written);
    let given = body.iter().filter(|(name, _)| names.contains(name));
    given.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Returns a record about which nothing is known, without id and dates.
pub(super) fn blank(table: Table) -> Record {
    BLANK.get(&table).cloned().unwrap_or_default()
}

/// Returns such a record as a refusal shows it, with these fields.
pub(super) fn unsaved(table: Table, fields: Record) -> Record {
    let none = || serde_json::Value::Null;
    let names = ["id", "created_at", "updated_at"];
    let mut record: Record = names.map(|name| (name.to_owned(), none())).into_iter().collect();
    record.extend(blank(table));
    record.extend(fields);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read() {
        assert!(blank(Table::Tickets).contains_key("customer_reply"));
        assert!(blank(Table::Alerts).contains_key("computer_name"));
        assert_eq!(TABLES.len(), 21);
        assert_eq!(Table::Alerts.first_id(), 2_310_400_000);
    }
}
