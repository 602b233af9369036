//! An appointment that is there: moved, changed or canceled.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::super::body;
use super::super::calendar::{self, Times};
use super::super::on_ticket;
use super::super::resource::ResourceField;
use super::super::rule::{Call, Env, Proposed, gone};
use super::email::Recipients;
use super::fields::{AppointmentFields, past};
use crate::api::Record;
use crate::api::ids::{AppointmentId, CustomerId, TicketId};
use crate::api::resources::appointments::Appointment;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Ticket;
use crate::error::{Hint, Result};
use crate::render::in_brief;
use crate::render::preview::Sheet;
use crate::write::{Effect, Field, Noun, Precondition, RecordRef, Scope, Snapshot, Step};

/// Fields that people have another name for than the server.
const FIELDS: &[ResourceField] = &[
    ResourceField::new("start_at", "start"),
    ResourceField::new("end_at", "end"),
    ResourceField::new("all_day", "all day"),
    ResourceField::new("do_not_email", "do not email"),
    ResourceField::new("appointment_type_id", "type"),
    ResourceField::new("user_id", "owner"),
];

/// Fields that move with the times.
const SIDE_EFFECTS: [&str; 5] =
    ["start_at", "end_at", "duration", "appointment_duration", "description"];

/// Yes-and-noes that a PUT may set to their defaults when they are left out.
const RESETS: [&str; 2] = ["all_day", "do_not_email"];

/// Whose it is: another one since the preview, and it would be somebody else's that is changed.
const OWNERS: [&str; 2] = ["customer_id", "ticket_id"];

impl AppointmentFields {
    /// What a change comes to.
    pub(super) fn update(
        &self,
        call: &Call,
        seen: &Snapshot,
        env: &Env<'_>,
        id: AppointmentId,
    ) -> Result<Proposed> {
        let found = found(seen, id)?;
        let (changes, unseen) = body::changes_of(&call.fields, &found.raw, FIELDS);
        let zone = &env.settings.timezone;
        let old = calendar::when(&found, zone);
        let moved = self.moved(&found, &changes, zone);
        let mut findings = Vec::new();
        let mut sheet = which(&found, "Appointment").by(env.me).row("From", &old);
        if let Some(times) = &moved {
            let is_other_day =
                |old: Timestamp| old.to_zoned(zone.clone()).date() != times.start.date();
            let mark = match found.start_at.is_some_and(is_other_day) {
                true => " (another day)",
                false => "",
            };
            sheet = sheet.row("To", format!("{}{mark}", times.says()));
            findings.extend(past(times.start.timestamp(), env));
        }
        let customer = found.customer().and_then(|id| on_ticket::read_customer(seen, id).ok());
        let to = self.recipients(seen, &found)?;
        findings.extend(to.iter().flat_map(Recipients::findings));
        // The appointment shows it, too.
        let asked = || seen.typed_record(&on_ticket::asked_of(found.customer()?));
        let payer = customer.clone().or_else(asked);
        let enabled = match &payer {
            Some(payer) => on_ticket::as_enabled(payer),
            None => {
                let of = Noun::Appointment.record(id);
                on_ticket::enabled_in(of, &found.raw, found.customer())
            }
        };
        let payer = payer.or_else(|| on_ticket::shown_in(&found.raw));
        findings.extend(payer.as_ref().and_then(|one| on_ticket::disabled(one)));
        if self.says_of_email(&changes) {
            sheet = self.emailed(sheet, to.as_ref());
        }
        let shown =
            |change: &&Field| moved.is_none() || !Appointment::WHEN[..2].contains(&&*change.path);
        for change in changes.iter().filter(shown) {
            sheet = sheet.row("Change", change.says());
        }
        let sheet =
            sheet.all_notices(&self.notices(seen, call, &found, moved.as_ref(), &unseen)?);
        let what = format!("appointment {id}");
        let (title, name, says) = match &moved {
            Some(times) => {
                let whose = found.customer.as_ref().map(Customer::name);
                let title = match whose {
                    Some(name) => format!("Move an appointment of {name}"),
                    None => format!("Move {what}"),
                };
                (title, "move_appointment", vec![format!("{old} -> {}", times.says())])
            }
            None => {
                let says = changes.iter().map(Field::says).collect();
                (format!("Change {what}"), "update_appointment", says)
            }
        };
        let description = match &moved {
            Some(times) => format!("move {what} to {}", times.says()),
            None => format!("change {what}: {}", in_brief(&says)),
        };
        let effect = Effect::updated(Noun::Appointment.record(id), &what, changes, &SIDE_EFFECTS);
        let rests_on = [&RESETS[..], &OWNERS, &["summary"]].concat();
        let mut step = call
            .step(name, description, effect)
            .reports(says.join("; "))
            .requires_unchanged(&found.raw, &rests_on);
        if let Some(Value::Object(body)) = &mut step.request.body {
            body.extend(body::kept(&call.fields, &found.raw, &RESETS));
        }
        step.effect.settle(unseen);
        if let Some(to) = to {
            step = to.asked(step);
        }
        step = enabled.into_iter().fold(step, Step::requires);
        let scope = scope(&found);
        let whose = on_ticket::named_in(Noun::Appointment.record(id), &what, &found.raw);
        Ok(Proposed { title, sheet, findings, step, whose, scope })
    }

    /// When it is to be, where that is not when it is: without an end, Syncro makes it as long as any new one.
    fn moved(&self, found: &Appointment, changes: &[Field], zone: &TimeZone) -> Option<Times> {
        let new = self.times(zone)?;
        let whole_day = changes.iter().any(|change| change.path == "all_day");
        let is_other = Times::of(found, zone).is_none_or(|old| old.says() != new.says());
        (is_other || whole_day).then_some(new)
    }

    /// Whether something is said of its email.
    fn says_of_email(&self, changes: &[Field]) -> bool {
        let changed = changes.iter().any(|change| change.path == "do_not_email");
        changed || self.0.contains_key("email_customer")
    }

    /// The customer whose one that is there is then.
    pub(super) fn then_of(&self, found: &Appointment) -> Option<CustomerId> {
        self.number("customer_id").map(CustomerId).or_else(|| found.customer())
    }

    /// The ticket that one that is there is on then.
    pub(super) fn then_on(&self, found: &Appointment) -> Option<RecordRef> {
        let ticket = self.number("ticket_id").map(TicketId).or_else(|| scope(found).ticket);
        ticket.map(|id| Noun::Ticket.record(id))
    }

    /// Whoever may get the change of one that is there, where it is emailed to somebody.
    fn recipients(&self, seen: &Snapshot, found: &Appointment) -> Result<Option<Recipients>> {
        let Some(id) = self.then_of(found).filter(|_| self.is_emailed()) else {
            return Ok(None);
        };
        let customer = on_ticket::read_customer(seen, id)?;
        let ticket: Option<Record<Ticket>> =
            self.then_on(found).and_then(|ticket| seen.typed_record(&ticket));
        Ok(Some(match ticket {
            Some(ticket) => Recipients::on(&ticket, customer),
            None => Recipients::of(None, customer),
        }))
    }

    fn notices(
        &self,
        seen: &Snapshot,
        call: &Call,
        found: &Record<Appointment>,
        moved: Option<&Times>,
        unseen: &[String],
    ) -> Result<Vec<String>> {
        let mut notices = body::notices(&call.fields, &found.raw, unseen);
        let Some(times) = moved else {
            return Ok(notices);
        };
        if found.all_day && self.get("all_day") == Some(&Value::Bool(false)) {
            notices.push("it takes the whole day now; the new time changes that".to_owned());
        }
        let owners = match self.owners() {
            none if none.is_empty() => found.users(),
            owners => owners,
        };
        notices.extend(self.overlaps(seen, times, &owners, Some(found.id))?);
        Ok(notices)
    }
}

/// What it comes to that one is canceled.
pub(super) fn cancel(
    call: &Call,
    seen: &Snapshot,
    env: &Env<'_>,
    id: AppointmentId,
) -> Result<Proposed> {
    let found = found(seen, id)?;
    let what = format!("appointment {id}");
    let of = Noun::Appointment.record(id);
    let effect = Effect::Deleted { of: of.clone(), label: what.clone() };
    let names = [&["summary", "start_at", "end_at", "all_day"][..], &OWNERS].concat();
    let whose = on_ticket::named_in(of.clone(), &what, &found.raw);
    let step = call
        .step("cancel_appointment", format!("cancel {what}"), effect)
        .requires(Precondition::kept(of, &what, &found.raw, &names).recheck());
    Ok(Proposed {
        title: format!("Cancel {what}"),
        sheet: which(&found, "Cancel")
            .row("When", calendar::when(&found, &env.settings.timezone))
            .by(env.me)
            .line("No email is sent"),
        findings: Vec::new(),
        step,
        whose,
        scope: scope(&found),
    })
}

/// Which one it is, and whose.
fn which(found: &Appointment, label: &str) -> Sheet {
    let sheet = Sheet::default().row(label, format!("{} (id {})", found.summary, found.id));
    match &found.customer {
        Some(customer) => sheet.customer(customer),
        None => sheet.maybe("Customer", found.customer().map(|id| format!("id {id}"))),
    }
}

/// The appointment that is changed or canceled.
pub(super) fn found(seen: &Snapshot, id: AppointmentId) -> Result<Record<Appointment>> {
    let found = seen.typed_record(&Noun::Appointment.record(id));
    found.ok_or_else(|| {
        gone("appointment", id.0).hint(
            Hint::default()
                .command("appointment list")
                .text(" shows the coming ones with their ids"),
        )
    })
}

/// What a plan about it is about: its ticket, else its customer.
#[must_use]
pub fn scope(appointment: &Appointment) -> Scope {
    let embedded = appointment.ticket.as_ref();
    Scope {
        ticket: appointment.ticket_id.or(embedded.map(|ticket| ticket.id)),
        number: embedded.map(|ticket| ticket.number.clone()),
        customer: appointment.customer(),
        ..Scope::default()
    }
}
