//! What must hold of every run, whatever struck it: nothing twice, no false "done", an honest JSON, no key anywhere.

use std::collections::BTreeMap;

use serde_json::Value;
use syncro::sandbox::KEY;

use super::case::{Command, Does, Stage};
use crate::support::{Changes, Problems, Ran, files};

/// The steps that may be in doubt after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// That one only.
    At(usize),
    /// Any: what failed was a look.
    Anywhere,
    /// None.
    Nowhere,
}

impl Doubt {
    fn may_be(self, index: usize) -> bool {
        match self {
            Self::At(step) => step == index,
            Self::Anywhere => true,
            Self::Nowhere => false,
        }
    }
}

/// Everything that holds whatever a run comes to.
pub(super) fn run(stage: &Stage<'_>, ran: &Ran, doubt: Doubt, problems: &mut Problems) {
    secrets(stage, ran, problems);
    let command = stage.command;
    let changes = stage.changes();
    at_most_once(command, &changes, ran, problems);
    let steps = command.after_steps(&changes);
    problems.unless(!steps.is_empty(), || {
        format!(
            "the account is as none of the steps leaves it: {}\n    it has {:#?}",
            ran.brief(),
            changes.lines
        )
    });
    if ran.code == 0 {
        whole(command, &changes, ran, problems);
    }
    if ran.stdout.is_empty() {
        problems.unless(changes.lines.is_empty(), || {
            format!("it wrote, and stdout is empty: {}", ran.brief())
        });
        return;
    }
    let Some(json) = ran.json() else {
        problems.unless(false, || format!("stdout is not one JSON value: {ran}"));
        return;
    };
    problems.unless(fits(&json, ran.code), || format!("the outcome does not fit: {}", ran.brief()));
    let (least, most) = (steps.iter().min(), steps.iter().max());
    if let (Some(least), Some(most)) = (least, most) {
        writes(command, &json, (*least, *most), doubt, problems);
        ids(command, &json, &changes, problems);
    }
}

/// No table has more new records than the run without faults.
fn at_most_once(command: &Command, changes: &Changes, ran: &Ran, problems: &mut Problems) {
    for (table, ids) in &changes.made {
        let wanted = command.whole().made.get(table).map_or(0, |ids| ids.len());
        problems.unless(ids.len() <= wanted, || {
            format!("{} new {table} ({ids:?}): {}", ids.len(), ran.brief())
        });
    }
}

/// The account is as the run without faults leaves it.
pub(super) fn whole(command: &Command, changes: &Changes, ran: &Ran, problems: &mut Problems) {
    let wanted = &command.whole().lines;
    problems.unless(changes.lines == *wanted, || {
        let missing: Vec<_> = wanted
            .iter()
            .filter(|line| !changes.lines.contains(line))
            .collect();
        let more: Vec<_> = changes
            .lines
            .iter()
            .filter(|line| !wanted.contains(line))
            .collect();
        format!(
            "the account is not as it should be: {}\n    missing {missing:#?}\n    too much {more:#?}",
            ran.brief()
        )
    });
}

/// Whether the JSON's word and the exit code say the same.
fn fits(json: &Value, code: i32) -> bool {
    let codes: &[i32] = match json["outcome"].as_str().unwrap_or("") {
        "done" => &[0],
        "unconfirmed" => &[6],
        "failed" => &[1, 3, 4, 5, 7, 8, 10],
        _ => &[],
    };
    codes.contains(&code)
}

/// Each write says truly what became of it, where between `least` and `most` steps have landed.
fn writes(
    command: &Command,
    json: &Value,
    (least, most): (usize, usize),
    doubt: Doubt,
    problems: &mut Problems,
) {
    let none = Vec::new();
    let writes = json["writes"].as_array().unwrap_or(&none);
    let names: Vec<&str> =
        writes.iter().map(|write| write["step"].as_str().unwrap_or("")).collect();
    let wanted: Vec<&str> = command.case.steps.iter().map(|step| step.name).collect();
    problems.same("the writes in the JSON", names, wanted);
    for (index, write) in writes.iter().enumerate() {
        let right = match write["outcome"].as_str().unwrap_or("") {
            "done" | "adopted" => index < most,
            "not_sent" => index >= least,
            "failed" => index >= least && doubt.may_be(index),
            "unconfirmed" => doubt.may_be(index),
            _ => false,
        };
        problems.unless(right, || format!("{least} to {most} steps have landed, but: {write}"));
    }
}

/// What is said to be made is there, under the id that is named.
fn ids(command: &Command, json: &Value, changes: &Changes, problems: &mut Problems) {
    let made: Vec<i64> = changes.made.values().flatten().copied().collect();
    let none = Vec::new();
    let writes = json["writes"].as_array().unwrap_or(&none);
    for (step, write) in command.case.steps.iter().zip(writes) {
        let said = ["done", "adopted"].iter().any(|one| write["outcome"] == *one);
        let id = write["id"].as_i64();
        let right = match step.does {
            Does::Makes if said => id.is_some_and(|id| made.contains(&id)),
            Does::Makes => true,
            Does::Sets | Does::Removes | Does::Unseen => id.is_none(),
        };
        problems.unless(right, || format!("made are {made:?}, but: {write}"));
    }
}

/// The key is nowhere, and nothing panicked.
fn secrets(stage: &Stage<'_>, ran: &Ran, problems: &mut Problems) {
    for (name, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        problems.unless(!text.contains(KEY), || format!("the key is on {name}: {text}"));
        problems.unless(!text.contains("sandbox-user-token"), || {
            format!("the user's token is on {name}: {text}")
        });
        problems.unless(!text.contains("panicked"), || format!("it panicked: {text}"));
    }
    for path in files(&stage.env.state_dir()) {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in [KEY, "sandbox-user-token", "portal_key=not-a-secret"] {
            problems
                .unless(!text.contains(secret), || format!("{secret} is in {}", path.display()));
        }
    }
}

/// No write went out more often than that.
pub(super) fn sent_at_most(stage: &Stage<'_>, most: usize, problems: &mut Problems) {
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    for line in stage.writes() {
        let what = format!("{} {} {}", line.method, line.path, line.body);
        *sent.entry(what).or_default() += 1;
    }
    sent.retain(|_, times| *times > most);
    problems.unless(sent.is_empty(), || format!("sent too often: {sent:?}"));
}
