//! The journal's files, read back line by line by a reader of the tests' own.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// One plan's file.
#[derive(Clone, Debug)]
pub(crate) struct PlanFile {
    pub(crate) path: PathBuf,
    pub(crate) records: Vec<Value>,
}

/// What becomes of a line of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    Damaged,
    Dropped,
}

impl PlanFile {
    /// What a person types to name it.
    pub(crate) fn id(&self) -> String {
        self.path.file_stem().unwrap().to_str().unwrap().to_owned()
    }

    /// `planned`, `intent 0`, `answered 0 landed`, `checked 0`, `closed done`.
    pub(crate) fn story(&self) -> Vec<String> {
        let word = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => format!(" {text}"),
            other => format!(" {other}"),
        };
        self.records
            .iter()
            .map(|record| {
                let name = record["record"].as_str().unwrap();
                let (step, known, outcome) =
                    (&record["step"], &record["known"]["is"], &record["outcome"]);
                format!("{name}{}{}{}", word(step), word(known), word(outcome))
            })
            .collect()
    }

    /// Writes the first line anew, with `old` replaced by `new` and a checksum that fits.
    pub(crate) fn forge(&self, old: &str, new: &str) {
        let text = std::fs::read_to_string(&self.path).unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        assert!(first.contains(old), "{first}");
        let json = first[9..].replacen(old, new, 1);
        let sum = crc32fast::hash(json.as_bytes());
        std::fs::write(&self.path, format!("{sum:08x} {json}\n{rest}")).unwrap();
    }

    /// Writes it anew: each record as it was, without it, or with a byte of its line changed.
    pub(crate) fn rewrite(&self, fate: impl Fn(&Value) -> Fate) {
        let text = std::fs::read_to_string(&self.path).unwrap();
        let lines = text.lines().zip(&self.records);
        let kept = lines.filter_map(|(line, record)| match fate(record) {
            Fate::Kept => Some(format!("{line}\n")),
            Fate::Damaged => Some(format!("{}#{}\n", &line[..20], &line[21..])),
            Fate::Dropped => None,
        });
        let kept: String = kept.collect();
        assert_ne!(kept, text, "nothing is different");
        std::fs::write(&self.path, kept).unwrap();
    }

    /// What it would say if this machine's clock had been put forward by so long since: all that it notes by that clock is
    /// so much older.
    pub(crate) fn put_back(&self, by: jiff::SignedDuration) {
        self.older(by, &["/at"]);
    }

    /// What it would say if it had been written so long before.
    #[cfg(target_os = "linux")]
    pub(crate) fn written_before(&self, by: jiff::SignedDuration) {
        self.older(by, &["/at", "/server", "/plan/made_at"]);
    }

    fn older(&self, by: jiff::SignedDuration, places: &[&str]) {
        let older = self.records.iter().map(|record| {
            let mut record = record.clone();
            let found = places.iter().filter_map(|place| record.pointer(place).map(|_| *place));
            for place in found.collect::<Vec<_>>() {
                let then = record.pointer_mut(place).unwrap();
                let at: jiff::Timestamp = then.as_str().unwrap().parse().unwrap();
                *then = at.checked_sub(by).unwrap().to_string().into();
            }
            let json = record.to_string();
            format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()))
        });
        std::fs::write(&self.path, older.collect::<String>()).unwrap();
    }

    /// Whether nothing is left of it.
    pub(crate) fn is_closed(&self) -> bool {
        self.records.iter().any(|record| record["record"] == "closed")
    }
}

pub(super) fn read(dir: &Path) -> Vec<PlanFile> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut plans: Vec<PlanFile> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .map(|path| PlanFile { records: records(&std::fs::read_to_string(&path).unwrap()), path })
        .collect();
    plans.sort_by(|one, other| one.path.cmp(&other.path));
    plans
}

/// The records of whole lines: checksum, space, JSON.
fn records(text: &str) -> Vec<Value> {
    text.split_inclusive('\n')
        .filter_map(|line| serde_json::from_str(line.strip_suffix('\n')?.get(9..)?).ok())
        .collect()
}
