//! What a request says of an appointment, whatever it does to it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::super::body;
use super::super::calendar::{self, PAST, Times};
use super::super::guard::{Finding, Guard};
use super::super::rule::{Call, Env};
use super::email::Recipients;
use crate::api::fields::to_id;
use crate::api::fields::to_instant;
use crate::api::ids::{AppointmentId, AppointmentTypeId, UserId};
use crate::error::Result;
use crate::render::fact::EMAIL_APPOINTMENT;
use crate::render::preview::Sheet;
use crate::write::Snapshot;

/// From when until when it is.
const WHEN: [&str; 2] = ["start_at", "end_at"];

/// The fields of an appointment in a request.
#[derive(Debug)]
pub(super) struct AppointmentFields(pub(super) Map<String, Value>);

impl AppointmentFields {
    /// Those of a request, out of the member of its own name.
    pub(super) fn of(call: &Call) -> Self {
        Self(body::inside(call.fields.clone(), "appointment"))
    }

    /// One of them, where it says something.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        body::number(&self.0, name)
    }

    pub(super) fn said(&self, name: &str) -> Option<&str> {
        body::said(&self.0, name)
    }

    pub(super) fn start(&self) -> Option<Timestamp> {
        to_instant(self.get("start_at")?)
    }

    /// When it is to be; none where that is no instant.
    pub(super) fn times(&self, zone: &TimeZone) -> Option<Times> {
        let end = self.get("end_at").and_then(to_instant);
        Some(Times::between(self.start()?, end, zone))
    }

    pub(super) fn kind(&self) -> Option<AppointmentTypeId> {
        self.number("appointment_type_id").map(AppointmentTypeId)
    }

    pub(super) fn owners(&self) -> Vec<UserId> {
        let owner = self.number("user_id").map(UserId);
        let others = self.get("user_ids").and_then(Value::as_array);
        let others = others.into_iter().flatten().filter_map(to_id).map(UserId);
        owner.into_iter().chain(others).collect()
    }

    pub(super) fn is_emailed(&self) -> bool {
        body::may_be_yes(&self.0, "email_customer") && !body::flag(&self.0, "do_not_email")
    }

    /// A preview with whom its email goes to.
    pub(super) fn emailed(&self, sheet: Sheet, to: Option<&Recipients>) -> Sheet {
        let is_forbidden = body::flag(&self.0, "do_not_email");
        match to {
            Some(to) => sheet.fact(to.fact()),
            None if self.is_emailed() => sheet.row(EMAIL_APPOINTMENT, "not emailed: no customer"),
            None if is_forbidden => sheet.row(EMAIL_APPOINTMENT, "not sent to the customer"),
            None => sheet.row(EMAIL_APPOINTMENT, "Syncro is not asked to email it"),
        }
    }

    /// Refuses times that nothing can be compared with.
    ///
    /// # Errors
    /// Exit 2 for a time without its zone.
    pub(super) fn readable(&self) -> Result<()> {
        WHEN.iter().try_for_each(|name| body::instant(&self.0, name).map(drop))
    }

    /// What it overlaps in the calendars of `owners`.
    pub(super) fn overlaps(
        &self,
        seen: &Snapshot,
        times: &Times,
        owners: &[UserId],
        but: Option<AppointmentId>,
    ) -> Result<Vec<String>> {
        let all = calendar::listed(seen, &calendar::around(times.start.timestamp()))?;
        Ok(times.overlaps(&all, owners, but))
    }
}

/// The question about one that would begin in the past.
pub(super) fn past(start: Timestamp, env: &Env<'_>) -> Option<Finding> {
    (start < env.now).then(|| Finding::new(Guard::Past, PAST))
}
