//! Records about which nothing is known: the fields that each noun has, as `blank.json` lists them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::state::Table;
use super::value::Record;

static BLANK: LazyLock<BTreeMap<Table, Record>> =
    LazyLock::new(|| serde_json::from_str(include_str!("blank.json")).unwrap_or_default());

/// Returns such a record, without id and dates.
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
    fn the_file_is_read() {
        assert!(blank(Table::Tickets).contains_key("customer_reply"));
        assert!(blank(Table::Alerts).contains_key("computer_name"));
    }
}
