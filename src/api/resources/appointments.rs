//! Appointments: when somebody goes somewhere. Wrapped one by one in lists, and lists have no `meta`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::customers::Customer;
use super::tickets::Person;
use crate::api::fields::{self, Unread, Unreadable};
use crate::api::folder::APPOINTMENTS;
use crate::api::ids::{AppointmentId, AppointmentTypeId, CustomerId, Number, TicketId, UserId};
use crate::api::request::{Get, List, Write};
use crate::names;

/// An appointment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Appointment {
    /// Which.
    pub id: AppointmentId,
    /// Its headline.
    #[serde(default, deserialize_with = "fields::text")]
    pub summary: String,
    /// What it is about; the server fills it by itself.
    #[serde(default, deserialize_with = "fields::text")]
    pub description: String,
    /// When it begins.
    #[serde(default, deserialize_with = "fields::instant")]
    pub start_at: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "fields::instant")]
    pub end_at: Option<Timestamp>,
    /// Whether its times do not count.
    #[serde(default, deserialize_with = "fields::flag")]
    pub all_day: bool,
    /// Where.
    #[serde(default, deserialize_with = "fields::text")]
    pub location: String,
    /// What kind it is.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub appointment_type_id: Option<AppointmentTypeId>,
    /// With whom, where the server says so here.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The customer itself.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer: Option<Customer>,
    /// Its ticket.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub ticket_id: Option<TicketId>,
    /// The ticket itself.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub ticket: Option<OfTicket>,
    /// The owner, where the server names one.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub user_id: Option<UserId>,
    /// The owner with a name.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub user: Option<Person>,
    /// Everybody who goes.
    #[serde(default, deserialize_with = "fields::readable")]
    pub user_ids: Vec<UserId>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// A ticket as embedded in an appointment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OfTicket {
    /// Which.
    pub id: TicketId,
    /// The number that people see.
    pub number: Number,
    /// What it is about.
    #[serde(default, deserialize_with = "fields::text")]
    pub subject: String,
    /// Whose it is.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
}

impl Appointment {
    /// The fields that say when it is.
    pub const WHEN: [&str; 3] = ["start_at", "end_at", "all_day"];

    /// The first of those fields that cannot be understood: then nobody knows when it is, or how long it lasts.
    #[must_use]
    pub fn unclear(&self) -> Option<&Unreadable> {
        self.unreadable.among(&Self::WHEN)
    }

    /// Whether nobody can tell when it begins: it may be on any day.
    #[must_use]
    pub fn is_of_unclear_start(&self) -> bool {
        self.unreadable.raw("start_at").is_some()
    }

    /// The customer, from wherever the server names one.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        let embedded = || self.customer.as_ref().map(|customer| customer.id);
        let of_ticket = || self.ticket.as_ref().and_then(|ticket| ticket.customer_id);
        self.customer_id.or_else(embedded).or_else(of_ticket)
    }

    /// Whether it is with this customer: by id, or where no id is given, by the name in its headline.
    #[must_use]
    pub fn is_with(&self, customer: &Customer) -> bool {
        match self.customer() {
            Some(id) => id == customer.id,
            None => names::plain(&self.summary).contains(&names::plain(customer.name())),
        }
    }

    /// The owner and whoever goes with them; nobody when the server does not say.
    #[must_use]
    pub fn users(&self) -> Vec<UserId> {
        let owner = self.user.as_ref().and_then(|user| user.id);
        let mut users: Vec<UserId> = self.user_id.or(owner).into_iter().collect();
        for &user in &self.user_ids {
            if !users.contains(&user) {
                users.push(user);
            }
        }
        users
    }
}

/// `GET /appointments?date_from=&date_to=`: those that begin within these days, as `zone` has them. Whose days the server
/// means is not known, nor whether its last one is in or out: two days on either side are enough. One whose beginning cannot
/// be read may be one of them, and is. There is no `meta`, and each comes wrapped.
#[must_use]
pub fn between(first: Date, last: Date, zone: &TimeZone) -> List<Appointment> {
    let zone = zone.clone();
    let begins = move |one: &Appointment| Some(one.start_at?.to_zoned(zone.clone()).date());
    APPOINTMENTS
        .list()
        .unwrapping("appointment")
        .asking("date_to", last.saturating_add(2.days()))
        .near("date_from", Some(first.saturating_sub(2.days())), move |one: &Appointment| {
            let is_then = |day| first <= day && day <= last;
            one.is_of_unclear_start() || begins(one).is_some_and(is_then)
        })
}

/// `GET /appointments/{id}`, wrapped or bare.
#[must_use]
pub fn get(id: AppointmentId) -> Get<Appointment> {
    APPOINTMENTS.get(id).bare_too()
}

/// A new appointment.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAppointment {
    /// Its headline; required.
    pub summary: String,
    /// When it begins; required.
    pub start: Timestamp,
    /// When it ends; always sent.
    pub end: Timestamp,
    /// Its ticket's id, or what stands for it until it is known.
    pub ticket: Option<Value>,
    /// With whom.
    pub customer: Option<CustomerId>,
    /// What kind it is.
    pub kind: Option<AppointmentTypeId>,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// Where; the server fills it by itself when it is left out.
    pub location: Option<String>,
    /// What it is about; the server fills it by itself when it is left out.
    pub description: Option<String>,
    /// Whether the customer is mailed it.
    pub mailed: bool,
}

/// `POST /appointments`. "Do not invite" cannot be set here, only in the web page.
#[must_use]
pub fn create(new: &NewAppointment) -> Write {
    let mut body = json!({
        "summary": new.summary,
        "start_at": new.start.to_string(),
        "end_at": new.end.to_string(),
        "do_not_email": !new.mailed,
        "email_customer": new.mailed,
    });
    for (name, value) in [
        ("ticket_id", new.ticket.clone()),
        ("customer_id", new.customer.map(|id| json!(id))),
        ("appointment_type_id", new.kind.map(|id| json!(id))),
        ("user_id", new.owner.map(|id| json!(id))),
        ("location", new.location.as_deref().map(Value::from)),
        ("description", new.description.as_deref().map(Value::from)),
    ] {
        if let Some(value) = value {
            body[name] = value;
        }
    }
    APPOINTMENTS.create(body)
}

/// `PUT /appointments/{id}`: needs `start_at`, whatever changes.
#[must_use]
pub fn update(id: AppointmentId, fields: Map<String, Value>) -> Write {
    APPOINTMENTS.update(id, fields)
}

/// `DELETE /appointments/{id}`: afterwards a GET finds nothing.
#[must_use]
pub fn delete(id: AppointmentId) -> Write {
    APPOINTMENTS.delete(id)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn read(raw: Value) -> Appointment {
        serde_json::from_value(raw).unwrap()
    }

    #[test]
    fn the_customer_is_named_in_one_of_several_places() {
        let customer: Customer =
            serde_json::from_value(json!({"id": 7, "business_then_name": "Copperkettle"})).unwrap();
        let mut other = customer.clone();
        other.id = CustomerId(8);
        for raw in [
            json!({"id": 1, "customer_id": 7}),
            json!({"id": 1, "customer_id": null, "customer": {"id": 7}}),
            json!({"id": 1, "ticket": {"id": 5, "number": 32181, "customer_id": "7"}}),
        ] {
            assert!(read(raw.clone()).is_with(&customer), "{raw}");
            assert!(!read(raw.clone()).is_with(&other), "{raw}");
        }
        let named = json!({"id": 1, "summary": "Visit COPPERKETTLE, new oven", "ticket": null});
        assert!(read(named).is_with(&customer));
        let elsewhere = json!({"id": 1, "summary": "Copperkettle lends a van", "customer_id": 9});
        assert!(!read(elsewhere).is_with(&customer));
    }

    #[test]
    fn whoever_goes_is_named_once() {
        let users = |raw| read(raw).users().iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(users(json!({"id": 1, "user_id": 4, "user_ids": [4, "5", null]})), [4, 5]);
        assert_eq!(users(json!({"id": 1, "user": {"id": 6}})), [6]);
        assert_eq!(users(json!({"id": 1, "user_ids": null})), [0_u64; 0]);
    }
}
