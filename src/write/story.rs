//! The lines of a journal, and the story that they tell. A line that is torn at the end was never wholly written: without
//! an intent nothing was sent, and a lost answer or check only means one more look. A line that is damaged in the middle
//! takes the trust from all the others, so that everything is looked for.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::effect::Effect;
use super::plan::{Plan, PlanId};
use super::reasons::Why;
use super::state::{Clock, Sent, StepState};
use crate::api::secret;

/// The format that this program writes; any other one is refused.
pub(super) const FORMAT: u32 = 3;

/// One line of a journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Entry {
    /// The plan, whole, before anything is sent.
    Planned {
        /// The format of what follows.
        format: u32,
        /// The plan.
        plan: Box<Plan>,
    },
    /// A step is about to be sent.
    Intent {
        /// Which, from 0.
        step: usize,
        /// The ids that were there before.
        seen: BTreeSet<u64>,
        /// When.
        #[serde(flatten)]
        at: Clock,
    },
    /// What came back.
    Answered {
        /// Which step.
        step: usize,
        /// What is known of it.
        known: Known,
        /// When.
        #[serde(flatten)]
        at: Clock,
    },
    /// A GET has shown the step's effect.
    Checked {
        /// Which step.
        step: usize,
        /// The record, where one was made.
        id: Option<u64>,
        /// Whether the record was found by looking rather than named by an answer.
        adopted: bool,
        /// When.
        #[serde(flatten)]
        at: Clock,
    },
    /// Nothing is left to do or to know.
    Closed {
        /// `done`, `failed`, `superseded` or `discarded`.
        outcome: String,
        /// The plan that is settled with this one.
        #[serde(default)]
        supersedes: Option<PlanId>,
        /// When, by this machine's clock.
        at: Timestamp,
    },
}

impl Entry {
    /// The step that it is about.
    pub(super) const fn step(&self) -> Option<usize> {
        match self {
            Self::Planned { .. } | Self::Closed { .. } => None,
            Self::Intent { step, .. }
            | Self::Answered { step, .. }
            | Self::Checked { step, .. } => Some(*step),
        }
    }
}

/// The meaning of an answer, in the journal's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Known {
    /// 2xx in the expected shape, with the new record's id.
    Landed {
        /// The record.
        id: Option<u64>,
        /// Whether a look has found it, with no answer to name it.
        #[serde(default)]
        found: bool,
    },
    /// It is known that nothing landed.
    NotLanded {
        /// Why.
        why: Why,
    },
    /// Nothing is known.
    Unknown {
        /// Why.
        why: Why,
    },
}

/// The execution and the journal's reader go through the same function, so that they cannot disagree.
impl StepState {
    /// The state after what was noted of the step. That the last sending did not land says nothing of one before it.
    pub fn after(self, entry: Entry) -> Self {
        match entry {
            Entry::Planned { .. } | Entry::Closed { .. } => self,
            Entry::Checked { id, adopted, .. } => {
                Self::Checked { id, adopted, sent: self != Self::NotSent }
            }
            Entry::Intent { seen, at, .. } => {
                let earlier = match self {
                    Self::Unknown { sent, earlier } => Some(earlier.unwrap_or(sent)),
                    _ => None,
                };
                Self::Unknown { sent: Sent { seen, at, why: Why::NoAnswer }, earlier }
            }
            Entry::Answered { known, at, .. } => self.answered(known, at),
        }
    }

    fn answered(self, known: Known, at: Clock) -> Self {
        let (sent, earlier) = match (self, &known) {
            (Self::Unknown { sent, earlier }, _) => (sent, earlier),
            // The API said that it had set a value, and no GET shows it: nothing is known after all.
            (Self::Landed { seen, .. }, Known::Unknown { why }) => {
                let why = why.clone();
                return Self::Unknown { sent: Sent { seen, at, why }, earlier: None };
            }
            // Any other answer without an intent says nothing that the state does not.
            (state, _) => return state,
        };
        match known {
            Known::Landed { id, found } => Self::Landed {
                id,
                twice: earlier.is_some(),
                seen: earlier.unwrap_or(sent).seen,
                found,
            },
            Known::NotLanded { .. } => {
                earlier.map_or(Self::NotSent, |sent| Self::Unknown { sent, earlier: None })
            }
            Known::Unknown { why } => Self::Unknown {
                // It was still on its way until its answer failed to come: its age counts from there.
                sent: Sent { why, at, ..sent },
                earlier,
            },
        }
    }
}

/// A plan as its journal tells it.
#[derive(Debug, Clone)]
pub struct Story {
    /// The plan.
    pub plan: Plan,
    /// What is known of each step.
    pub states: Vec<StepState>,
    /// How it ended, if it did.
    pub closed: Option<String>,
    /// Whether a step was ever about to be sent.
    pub begun: bool,
    /// The latest instant that is noted: nothing was sent after it that another note would not tell of.
    pub last: Clock,
    /// Whether a line in the middle was damaged, so that nothing the file says about sending can be relied on.
    pub damaged: bool,
}

/// Why a file tells no story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is empty.
    Empty,
    /// Its first line is damaged.
    NoPlan,
    /// A newer version has written it, in this format.
    Newer(u32),
    /// An older version has written it, in this format.
    Older(u32),
    /// The disk says this.
    Io(String),
}

impl Unread {
    const fn other_format(format: u32) -> Self {
        if format > FORMAT { Self::Newer(format) } else { Self::Older(format) }
    }
}

/// Reads a journal; also how many of its bytes are sound.
pub(super) fn read(bytes: &[u8]) -> Result<(Story, u64), Unread> {
    let mut story: Option<Story> = None;
    let (mut sound, mut at, mut bad, mut damaged) = (0, 0, false, false);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let Some(entry) = parse(line) else {
            bad = true;
            // A line without its end was torn while it was written; a whole one that is wrong was damaged later.
            damaged |= line.ends_with(b"\n");
            continue;
        };
        if let Entry::Planned { format, plan } = entry {
            if format != FORMAT {
                return Err(Unread::other_format(format));
            }
            if bad {
                return Err(Unread::NoPlan);
            }
            let states = vec![StepState::NotSent; plan.steps.len()];
            story = Some(Story {
                last: Clock { here: plan.made_at, server: Some(plan.made_at) },
                plan: marked(*plan),
                states,
                closed: None,
                begun: false,
                damaged: false,
            });
        } else {
            let story = story.as_mut().ok_or(Unread::NoPlan)?;
            story.damaged |= bad;
            story.tell(entry);
        }
        sound = at;
    }
    match story {
        None if bytes.contains(&b'\n') => {
            Err(other_format(bytes).map_or(Unread::NoPlan, Unread::other_format))
        }
        None => Err(Unread::Empty),
        Some(mut story) => {
            story.damaged |= damaged;
            if story.damaged {
                story.doubt_everything();
            }
            Ok((story, u64::try_from(sound).unwrap_or(u64::MAX)))
        }
    }
}

/// A plan whose lines of charges say that they are, which older builds of this format did not write.
fn marked(mut plan: Plan) -> Plan {
    for step in &mut plan.steps {
        if let Effect::Updated { of, charged, .. } = &mut step.effect {
            *charged |= of.is_charged_line();
        }
    }
    plan
}

/// The format of a first line whose checksum is right but whose words are not ours.
fn other_format(bytes: &[u8]) -> Option<u32> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let value: Value = serde_json::from_slice(checked(line)?).ok()?;
    let format = u32::try_from(value.get("format")?.as_u64()?).ok()?;
    (format != FORMAT).then_some(format)
}

/// The JSON of a line whose checksum holds.
fn checked(line: &[u8]) -> Option<&[u8]> {
    let (sum, json) = line.split_at_checked(9)?;
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?.trim_end(), 16).ok()?;
    (crc32fast::hash(json) == sum).then_some(json)
}

pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    serde_json::from_slice(checked(line.strip_suffix(b"\n")?)?).ok()
}

/// A line of a journal, with its checksum.
pub(super) fn line(json: &str) -> String {
    format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()))
}

/// The lines of a journal without secrets; none where they have none.
pub(super) fn without_secrets(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut cut = Vec::with_capacity(bytes.len());
    let mut is_cut = false;
    for whole in bytes.split_inclusive(|byte| *byte == b'\n') {
        let json = whole.strip_suffix(b"\n").and_then(checked);
        let value: Option<Value> = json.and_then(|json| serde_json::from_slice(json).ok());
        let masked =
            value.as_ref().map(secret::masked).filter(|masked| value.as_ref() != Some(masked));
        is_cut |= masked.is_some();
        match masked {
            Some(masked) => cut.extend_from_slice(line(&masked.to_string()).as_bytes()),
            None => cut.extend_from_slice(whole),
        }
    }
    is_cut.then_some(cut)
}

impl Story {
    fn tell(&mut self, entry: Entry) {
        match &entry {
            Entry::Planned { .. } => return,
            Entry::Closed { outcome, .. } => self.closed = Some(outcome.clone()),
            Entry::Intent { at, .. } | Entry::Answered { at, .. } | Entry::Checked { at, .. } => {
                self.last = self.last.latest(*at);
            }
        }
        self.begun |= matches!(entry, Entry::Intent { .. });
        if let Some(state) = entry.step().and_then(|step| self.states.get_mut(step)) {
            *state = state.clone().after(entry);
        }
    }

    /// After a damaged line even "not sent" is only hoped: all that was not seen by a GET must be looked for.
    fn doubt_everything(&mut self) {
        self.begun = true;
        for (state, step) in self.states.iter_mut().zip(&self.plan.steps) {
            if matches!(state, StepState::NotSent) {
                *state = StepState::Unknown {
                    sent: Sent {
                        seen: self.plan.baseline.ids(step.effect.collection()),
                        at: self.last,
                        why: Why::Damaged,
                    },
                    earlier: None,
                };
            }
        }
    }

    /// Whether something landed or may have.
    pub fn has_traces(&self) -> bool {
        self.states.iter().any(|state| *state != StepState::NotSent)
    }

    /// Whether someone must finish or discard the plan: a step was about to be sent. A plan that was cut off before its
    /// first intent has left nothing behind.
    pub const fn is_unfinished(&self) -> bool {
        self.begun
    }
}
