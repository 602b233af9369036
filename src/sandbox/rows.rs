//! The records of one table, and their text as it stands in the file of the state.
//!
//! The text is kept for as long as no record changes, so that a visit reads and writes only those
//! tables that differ, and copies share what they have in common. Which records belong to another one
//! is looked up once for all of them until a record changes: an account of many years has tens of
//! thousands. What the records mean is left to `state.rs`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::value::{Record, integer};

type Records = Arc<BTreeMap<i64, Record>>;

/// Ids of records by the id that a field of theirs has, by the name of that field.
type Owned = BTreeMap<String, BTreeMap<i64, Vec<i64>>>;

/// One table.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    records: Records,
    text: Option<Arc<RawValue>>,
    /// Of these records alone: a change begins another one.
    owned: Arc<Mutex<Owned>>,
}

impl Rows {
    pub(super) fn records(&self) -> &BTreeMap<i64, Record> {
        &self.records
    }

    /// Returns the ids of the records whose field has that id, the oldest first.
    pub(super) fn owned(&self, field: &str, owner: i64) -> Vec<i64> {
        let mut owned = self.owned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(by_owner) = owned.get(field) {
            return by_owner.get(&owner).cloned().unwrap_or_default();
        }
        let by_owner = owned.entry(field.to_owned()).or_default();
        for (id, record) in self.records.iter() {
            if let Some(owner) = integer(record, field) {
                by_owner.entry(owner).or_default().push(*id);
            }
        }
        by_owner.get(&owner).cloned().unwrap_or_default()
    }

    /// Returns the records to be changed; neither their text nor what belongs to whom holds any longer.
    pub(super) fn change(&mut self) -> &mut BTreeMap<i64, Record> {
        self.text = None;
        self.owned = Arc::default();
        Arc::make_mut(&mut self.records)
    }

    /// Writes down the text where there is none.
    pub(super) fn spell(&mut self) -> serde_json::Result<()> {
        if self.text.is_none() {
            self.text = Some(to_raw_value(self.records.as_ref())?.into());
        }
        Ok(())
    }

    /// Makes records of a text that was just read, or takes them over from an older copy of the
    /// table if its text is the same.
    pub(super) fn understand(&mut self, older: Option<Self>) -> serde_json::Result<()> {
        let Some(text) = &self.text else {
            return Ok(());
        };
        (self.records, self.owned) = match older {
            Some(older) if older.text.as_deref().map(RawValue::get) == Some(text.get()) => {
                (older.records, older.owned)
            }
            _ => (Arc::new(serde_json::from_str(text.get())?), Arc::default()),
        };
        Ok(())
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => text.serialize(serializer),
            None => self.records.as_ref().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Rows {
    /// Reads the text alone; `understand` makes records of it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self { text: Some(text.into()), ..Self::default() })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::super::value::record;
    use super::*;

    fn read(text: &str, older: Option<Rows>) -> Rows {
        let mut rows: Rows = serde_json::from_str(text).unwrap();
        rows.understand(older).unwrap();
        rows
    }

    #[test]
    fn a_text_that_is_the_same_is_not_read_again() {
        let text = r#"{"7":{"id":7,"cost":1.50}}"#;
        let first = read(text, None);
        assert_eq!(first.records()[&7]["cost"].to_string(), "1.50");
        let again = read(text, Some(first.clone()));
        assert_eq!(again.records(), first.records());
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
    }

    #[test]
    fn what_belongs_to_a_record_follows_each_change() {
        let mut rows = read(r#"{"7":{"of":1},"8":{"of":"1"},"9":{"of":2},"10":{}}"#, None);
        assert_eq!(rows.owned("of", 1), [7, 8]);
        let copy = rows.clone();
        rows.change().insert(11, record(json!({"of": 1})));
        rows.change().remove(&7);
        assert_eq!(rows.owned("of", 1), [8, 11]);
        assert_eq!((copy.owned("of", 1), copy.owned("of", 2)), (vec![7, 8], vec![9]));
        assert_eq!(copy.owned("other", 1), Vec::<i64>::new());
    }

    #[test]
    fn a_change_that_was_never_written_is_not_taken_over() {
        let text = r#"{"7":{"id":7}}"#;
        let mut changed = read(text, None);
        changed.change().insert(8, record(json!({"id": 8})));
        assert_eq!(read(text, Some(changed.clone())).records().len(), 1);
        changed.spell().unwrap();
        let written = serde_json::to_string(&changed).unwrap();
        assert_eq!(read(&written, None).records(), changed.records());
        assert!(serde_json::from_str::<Rows>("[1]").unwrap().understand(None).is_err());
    }
}
