//! Everything the practice account holds, in tables of records by id.
//!
//! Records are loose JSON objects, since the account also holds fields nobody has described.
//! Keeping the state on disk is left to `store.rs`, its first day to `seed`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::rows::Rows;
pub(super) use super::table::Table;
use super::value::{Record, instant, integer};

/// The practice account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    version: u32,
    /// The day around which the records of the first day lie.
    pub(super) first_day: Date,
    next_ids: BTreeMap<Table, i64>,
    next_invoice_number: i64,
    #[serde(default)]
    next_ticket_number: i64,
    tables: BTreeMap<Table, Rows>,
    #[serde(skip)]
    changed: bool,
}

const VERSION: u32 = 3;

/// So many accounts are remembered as they were read, the first ones of the process.
const REMEMBERED: usize = 32;

/// What those texts hold: servers that start from the same account read it once.
static READ_BEFORE: Mutex<Vec<(Vec<u8>, State)>> = Mutex::new(Vec::new());

impl State {
    /// Returns an account with nothing in it.
    pub(super) fn blank(next_invoice_number: i64, first_day: Date) -> Self {
        Self { version: VERSION, first_day, next_invoice_number, ..Self::default() }
    }

    /// Returns the state that the text holds, with those tables of an older copy, or of the first account of the process,
    /// that are the same.
    pub(super) fn read(text: &[u8], mut older: Self) -> serde_json::Result<Self> {
        let before = || READ_BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, state)) = before().iter().find(|(known, _)| known == text) {
            return Ok(state.clone());
        }
        if older.tables.is_empty() {
            older = before().first().map_or(older, |(_, first)| first.clone());
        }
        let mut state: Self = serde_json::from_slice(text)?;
        for (table, rows) in &mut state.tables {
            rows.understand(older.tables.remove(table))?;
        }
        let mut before = before();
        if before.len() < REMEMBERED {
            before.push((text.to_owned(), state.clone()));
        }
        Ok(state)
    }

    /// Returns the state as text.
    pub(super) fn spell(&mut self) -> serde_json::Result<Vec<u8>> {
        for rows in self.tables.values_mut() {
            rows.spell()?;
        }
        serde_json::to_vec(self)
    }

    /// Returns true for a state of this version that has records.
    pub(super) fn is_sound(&self) -> bool {
        self.version == VERSION
            && [Table::Users, Table::Customers, Table::Products]
                .iter()
                .all(|table| self.all(*table).next().is_some())
    }

    pub(super) fn get(&self, table: Table, id: i64) -> Option<&Record> {
        self.tables.get(&table)?.records().get(&id)
    }

    /// Returns the record as it would be with these fields.
    pub(super) fn with(&self, table: Table, id: i64, fields: &Record) -> Record {
        let mut record = self.get(table, id).cloned().unwrap_or_default();
        record.extend(fields.clone());
        record
    }

    /// Returns the record of a table whose id this field of another record has.
    pub(super) fn named(&self, table: Table, by: &Record, field: &str) -> Option<&Record> {
        self.get(table, integer(by, field)?)
    }

    /// Returns all records of a table, the oldest id first.
    pub(super) fn all(&self, table: Table) -> impl DoubleEndedIterator<Item = &Record> {
        self.tables.get(&table).into_iter().flat_map(|rows| rows.records().values())
    }

    /// Returns the records of a table whose field refers to the given id, the oldest id first.
    pub(super) fn belonging(
        &self,
        table: Table,
        field: &str,
        owner: i64,
    ) -> impl DoubleEndedIterator<Item = &Record> {
        let rows = self.tables.get(&table);
        let ids = rows.map(|rows| rows.owned(field, owner)).unwrap_or_default();
        ids.into_iter().filter_map(move |id| self.get(table, id))
    }

    /// Puts a record in place under the id that it carries.
    pub(super) fn put(&mut self, table: Table, record: Record) {
        if let Some(id) = integer(&record, "id") {
            let rows = self.tables.entry(table).or_default();
            rows.change().insert(id, record);
            self.changed = true;
        }
    }

    /// Gives a record its id and both dates, and puts it in place.
    pub(super) fn add(&mut self, table: Table, now: Timestamp, fields: Record) -> i64 {
        let next = self.next_ids.entry(table).or_insert(table.first_id());
        let id = *next;
        *next += 1;
        let mut record = super::value::record(json!({
            "id": id, "created_at": instant(now), "updated_at": instant(now),
        }));
        record.extend(fields);
        self.put(table, record);
        id
    }

    /// Changes fields of a record and its date of change.
    pub(super) fn change(&mut self, table: Table, id: i64, now: Timestamp, fields: Record) {
        if self.get(table, id).is_none() {
            return;
        }
        let rows = self.tables.entry(table).or_default();
        if let Some(record) = rows.change().get_mut(&id) {
            record.insert("updated_at".to_owned(), Value::String(instant(now)));
            record.extend(fields);
            self.changed = true;
        }
    }

    pub(super) fn remove(&mut self, table: Table, id: i64) {
        if self.get(table, id).is_some() {
            let rows = self.tables.entry(table).or_default();
            rows.change().remove(&id);
            self.changed = true;
        }
    }

    /// Removes the records of a table whose field refers to the given id.
    pub(super) fn remove_belonging(&mut self, table: Table, field: &str, owner: i64) {
        let ids = self.belonging(table, field, owner).filter_map(|one| integer(one, "id"));
        for id in ids.collect::<Vec<_>>() {
            self.remove(table, id);
        }
    }

    /// Returns the number of the next invoice and counts on.
    pub(super) fn invoice_number(&mut self) -> i64 {
        let number = self.next_invoice_number;
        self.next_invoice_number += 1;
        self.changed = true;
        number
    }

    /// Returns the number of the next ticket and counts on; a deleted one's is not given again.
    pub(super) fn ticket_number(&mut self) -> i64 {
        let highest = self.all(Table::Tickets).filter_map(|ticket| integer(ticket, "number")).max();
        let number = self.next_ticket_number.max(highest.unwrap_or(0) + 1);
        self.next_ticket_number = number + 1;
        self.changed = true;
        number
    }

    /// Returns true when anything was changed since `take_changed`.
    pub(super) fn has_changed(&self) -> bool {
        self.changed
    }

    /// Returns whether anything was changed since this was last asked.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Returns what differs between two states, record by record.
    pub(super) fn differences(before: &Self, after: &Self) -> Vec<Difference> {
        let mut all = Vec::new();
        let none = BTreeMap::new();
        let tables: BTreeSet<Table> =
            before.tables.keys().chain(after.tables.keys()).copied().collect();
        for table in tables {
            let old = before.tables.get(&table).map_or(&none, Rows::records);
            let new = after.tables.get(&table).map_or(&none, Rows::records);
            let mut ids: Vec<i64> = old.keys().chain(new.keys()).copied().collect();
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                let (before, after) = (old.get(&id).cloned(), new.get(&id).cloned());
                if before != after {
                    all.push(Difference { table, id, before, after });
                }
            }
        }
        all
    }

    /// Takes a difference back, unless the record has moved on since.
    pub(super) fn undo(&mut self, difference: &Difference) {
        let rows = self.tables.entry(difference.table).or_default().change();
        if rows.get(&difference.id) != difference.after.as_ref() {
            return;
        }
        match &difference.before {
            Some(record) => rows.insert(difference.id, record.clone()),
            None => rows.remove(&difference.id),
        };
    }
}

/// One record before and after a write.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    table: Table,
    id: i64,
    before: Option<Record>,
    after: Option<Record>,
}
