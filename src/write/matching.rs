//! What a look shows of an effect: every way in which a new record can stand to what was sent. Pure.

use std::collections::BTreeSet;

use serde_json::Value;

use super::collection::Collection;
use super::effect::Effect;
use super::noun::Noun;
use super::plan::{Account, Plan};
use super::record::{Author, Conflict, Field, FieldState, author, standing};
use super::records::id_of;
use super::snapshot::Snapshot;
use super::state::StepState;
use crate::api::fields::at;
use crate::api::ids::UserId;
use crate::api::resources::payments::has_failed;
use crate::names;

/// What a look shows of one step.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// The effect is there: exactly one new record, or the wanted value. The id is that of the record.
    Found(Option<u64>),
    /// The look is complete and shows nothing of it.
    Missing,
    /// More than one new record where one was sent.
    Duplicates(Vec<u64>),
    /// A new record of the key's owner with other content: perhaps ours, never adopted, never absence.
    Ambiguous(Vec<u64>),
    /// The value is neither the previewed nor the wanted one.
    Conflict(Conflict),
}

/// The facts that tell a step's own new record from all others.
#[derive(Debug, Clone)]
pub struct MatchContext<'a> {
    /// Ids there before the POST.
    pub seen: &'a BTreeSet<u64>,
    /// Ids made by other steps of the plan.
    pub made: &'a BTreeSet<u64>,
    /// Whose key it is.
    pub account: &'a Account,
    /// The id that the answer named, if one did.
    pub named: Option<u64>,
    /// How many other steps of the plan make a record of the same contents and are under way.
    pub siblings: usize,
}

impl Plan {
    /// What `view` shows of step `index`, told from what was in its list before and from what other steps have made.
    /// `there` was there before a step of which no sending is out; `others` are known to be none of the plan's.
    pub fn judge(
        &self,
        states: &[StepState],
        index: usize,
        view: &Snapshot,
        there: &BTreeSet<u64>,
        others: &BTreeSet<u64>,
    ) -> Observation {
        let effect = &self.steps[index].effect;
        let mut made = self.made(states, Some(index)).ids(effect.collection());
        made.extend(others);
        let context = MatchContext {
            // What was there before *that* sending: a later reading may already hold the record that is looked for.
            seen: states[index].seen().unwrap_or(there),
            made: &made,
            account: &self.account,
            named: states[index].id(),
            siblings: self.siblings(states, index),
        };
        effect.judge(view, &context)
    }
}

impl Effect {
    /// What `view` shows of the effect.
    pub fn judge(&self, view: &Snapshot, context: &MatchContext<'_>) -> Observation {
        match self {
            Self::Created { collection, like, by, .. } => {
                created(view, context, collection, like, by.as_deref())
            }
            // What was not read shows nothing.
            Self::Updated { of, .. } | Self::Deleted { of, .. } if !view.has_read(of) => {
                Observation::Missing
            }
            Self::Updated { of, changes, .. } => match view.record(of) {
                None => Observation::Conflict(Conflict::Gone),
                Some(record) => match standing(record, changes) {
                    FieldState::Wanted => Observation::Found(None),
                    FieldState::Old => Observation::Missing,
                    FieldState::Other(now) => Observation::Conflict(now),
                },
            },
            Self::Deleted { of, .. } => match view.record(of) {
                None => Observation::Found(None),
                Some(_) => Observation::Missing,
            },
            Self::TimerCharged { timer, like, .. } => {
                match charged(view, context, timer.id(), like) {
                    // Its end has landed, whatever has become of the charge: it is not sent again.
                    Observation::Missing if self.has_ended_uncharged(view) => {
                        Observation::Ambiguous(Vec::new())
                    }
                    seen => seen,
                }
            }
            // Whoever asks has nothing to look at.
            Self::Unverifiable { .. } => Observation::Ambiguous(Vec::new()),
        }
    }
}

fn created(
    view: &Snapshot,
    context: &MatchContext<'_>,
    collection: &Collection,
    like: &[Field],
    by: Option<&str>,
) -> Observation {
    let highest = context.seen.last().copied().filter(|_| collection.grows_upwards());
    let records = view.records(collection).into_iter();
    let records: Vec<(u64, &Value)> = records
        .filter_map(|record| Some((id_of(record.get("id")?)?, record)))
        .filter(|(id, _)| highest.is_none_or(|highest| *id > highest))
        .collect();
    // A payment that failed and that no answer has named may be another's, and ours be on its way.
    let has_failed = |id: u64| {
        let record = records.iter().find(|(one, _)| *one == id);
        collection.noun == Noun::Payment && record.is_some_and(|(_, record)| has_failed(record))
    };
    let seen = match context
        .choose(records.iter().map(|(id, record)| (*id, context.record(record, like, by))))
    {
        Observation::Found(Some(id)) if context.named != Some(id) && has_failed(id) => {
            Observation::Ambiguous(vec![id])
        }
        seen => seen,
    };
    match seen {
        // It may be among those that were not read.
        Observation::Missing if view.skips_over(collection, highest) => {
            Observation::Ambiguous(Vec::new())
        }
        seen => seen,
    }
}

/// A charged timer says so, and there is one line more. One without the other is neither done nor absent.
fn charged(
    view: &Snapshot,
    context: &MatchContext<'_>,
    timer: Option<u64>,
    like: &[Field],
) -> Observation {
    let timers = view.ticket().into_iter().flat_map(|ticket| &ticket.ticket_timers);
    let mut timers = timers.filter(|one| Some(one.id.0) == timer);
    let Some(timer) = timers.next() else {
        return Observation::Ambiguous(Vec::new());
    };
    let lines = context.choose(view.lines().iter().map(|line| {
        let named = timer.ticket_line_item_id == Some(line.id);
        let same = named || like.iter().any(|field| field.is_in(&line.raw));
        // The line may be in the name of whoever spent the time, not of whoever charges it.
        let by = line.user_id.filter(|by| Some(*by) != timer.user_id);
        (line.id.0, context.likeness(by, same))
    }));
    match (timer.charged(), lines) {
        (Some(true), here @ (Observation::Found(_) | Observation::Duplicates(_))) => here,
        (Some(false), Observation::Missing) => Observation::Missing,
        (_, Observation::Found(id)) => Observation::Ambiguous(id.into_iter().collect()),
        (_, Observation::Duplicates(ids) | Observation::Ambiguous(ids)) => {
            Observation::Ambiguous(ids)
        }
        _ => Observation::Ambiguous(Vec::new()),
    }
}

/// How a new record stands to what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// It says what was sent.
    Ours,
    /// It may be what was sent: ours with other contents, or like ours in somebody else's name.
    Doubtful,
    /// It is somebody else's.
    Foreign,
}

impl MatchContext<'_> {
    /// A record by its author's id and by whether it says what was sent.
    fn likeness(&self, by: Option<UserId>, same: bool) -> Match {
        match same {
            _ if by.is_some_and(|by| by != self.account.owner) => Match::Foreign,
            true => Match::Ours,
            false => Match::Doubtful,
        }
    }

    /// A record by its fields. One that an answer has named is ours whatever else it says, and the check tells what is
    /// wrong with it; but not one that names another user as its author.
    fn record(&self, record: &Value, like: &[Field], by: Option<&str>) -> Match {
        let named = self.named.is_some() && record.get("id").and_then(id_of) == self.named;
        let same = like.iter().all(|field| field.may_be_in(record));
        // What should be in somebody else's name may have been stored in that of the key's owner.
        let ours = |field: &Field| {
            field.path.ends_with("user_id")
                && id_of(at(record, &field.path)) == Some(self.account.owner.0)
        };
        let anothers = |field: &Field| field.contradicts(record) && !ours(field);
        match author(record, by) {
            Author::Id(id) => self.likeness(Some(UserId(id)), same),
            _ if named => Match::Ours,
            _ if like.iter().any(anothers) => Match::Foreign,
            // A name is no proof: people are called otherwise here and there, and automation has names, too.
            Author::Name(name) if !self.is_owner(name) => Match::Doubtful,
            Author::Name(_) | Author::Unsaid => self.likeness(None, same),
        }
    }

    fn is_owner(&self, name: &str) -> bool {
        [&self.account.owner_name, &self.account.owner_email]
            .iter()
            .any(|own| names::same(own, name))
    }

    /// Picks this step's record out of those of a list.
    fn choose(&self, records: impl Iterator<Item = (u64, Match)>) -> Observation {
        let new: Vec<(u64, bool)> = records
            .filter(|(id, _)| !self.seen.contains(id) && !self.made.contains(id))
            .filter(|(_, likeness)| *likeness != Match::Foreign)
            // The id that the answer named is ours even if the server has rewritten the content.
            .map(|(id, likeness)| (id, likeness == Match::Ours || self.named == Some(id)))
            .collect();
        let ours: Vec<u64> = new.iter().filter(|(_, ours)| *ours).map(|(id, _)| *id).collect();
        match ours.as_slice() {
            [one] => Observation::Found(Some(*one)),
            [] if new.is_empty() => Observation::Missing,
            [] => Observation::Ambiguous(new.into_iter().map(|(id, _)| id).collect()),
            // Another one of the same plan, equal and in the same doubt, is no double of this one; which of them is which
            // makes no difference.
            several if several.len() <= 1 + self.siblings => {
                let named = self.named.filter(|id| several.contains(id));
                Observation::Found(named.or_else(|| several.iter().min().copied()))
            }
            several => Observation::Duplicates(several.to_vec()),
        }
    }
}
