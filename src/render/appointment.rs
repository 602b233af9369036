//! Appointments: as rows with weekday and zone, and one on a page.

use super::list::Shape;
use super::sheet::Sheet;
use super::{BOLD, Cell, Column, DIM, Look, Table, sanitise, when};
use crate::api::Record;
use crate::api::ids::UserId;
use crate::api::resources::appointments::Appointment;

/// What a user is called.
pub type NameOf<'a> = &'a dyn Fn(UserId) -> String;

/// `Thu 2026-11-19 14:00-15:30`, or the day alone; as it came, where that cannot be read.
pub(super) fn span(appointment: &Appointment, look: &Look) -> String {
    if let Some(what) = appointment.unclear() {
        let what = sanitise::one_line(&what.to_string());
        let start = appointment.start_at.map(|start| when::at(start, &look.zone));
        return start.into_iter().chain([what]).collect::<Vec<_>>().join(", ");
    }
    match appointment.start_at {
        None => "no date".to_owned(),
        Some(start) if appointment.all_day => {
            let day = when::day(start.to_zoned(look.zone.clone()).date());
            format!("{day} all day")
        }
        Some(start) => when::range(start, appointment.end_at, &look.zone),
    }
}

fn who(appointment: &Appointment, name: NameOf<'_>) -> String {
    let names: Vec<String> = appointment.users().into_iter().map(name).collect();
    names.join(", ")
}

fn customer(appointment: &Appointment) -> &str {
    let customer = appointment.customer.as_ref();
    customer.map_or("", |customer| customer.name())
}

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "appointment list",
    one: "appointment",
    several: "appointments",
    columns: &[
        Column::id("When").of("start_at"),
        Column::elastic("Summary").of("summary"),
        Column::name("Customer").of("customer.business_then_name"),
        Column::text("Ticket").of("ticket.number"),
        Column::name("Assignee").good_to_know().made("assignee"),
        Column::id("Id").of("id"),
    ],
};

/// Appointments, one line each; the zone stands above their times.
#[must_use]
pub fn rows(appointments: &[Record<Appointment>], name: NameOf<'_>, look: &Look) -> Table {
    let zone = when::zone_name(&look.zone, look.now);
    let mut table = LIST.table().titled("start_at", format!("When ({zone})"));
    for appointment in appointments {
        let ticket = appointment.ticket.as_ref();
        table.row([
            Cell::styled(&span(appointment, look), BOLD),
            Cell::from(&appointment.summary),
            Cell::from(customer(appointment)),
            Cell::from(ticket.map_or_else(String::new, |ticket| format!("#{}", ticket.number))),
            Cell::from(who(appointment, name)),
            Cell::styled(&appointment.id.to_string(), DIM),
        ]);
    }
    table
}

/// One appointment; `kind` is what its type is called, where that is known.
#[must_use]
pub fn page(
    appointment: &Record<Appointment>,
    kind: Option<&str>,
    name: NameOf<'_>,
    look: &Look,
) -> String {
    let mut sheet = Sheet::new(look);
    match appointment.summary.trim() {
        "" => sheet.title("Appointment"),
        summary => sheet.title(summary),
    }
    if let Some(start) = appointment.start_at {
        let zone = start.to_zoned(look.zone.clone()).strftime("%Z").to_string();
        let age = when::age(start, look.now);
        let span = span(appointment, look);
        sheet.field("When", &format!("{span} {zone}  ({age})"));
    } else {
        sheet.field("When", &span(appointment, look));
    }
    sheet.customer(customer(appointment), appointment.customer());
    if let Some(ticket) = &appointment.ticket {
        sheet.said("Ticket", &format!("#{} {}", ticket.number, ticket.subject));
    } else if let Some(id) = appointment.ticket_id {
        sheet.field("Ticket", &format!("id:{id}"));
    }
    sheet.said("Assignee", &who(appointment, name));
    sheet.said("Type", kind.unwrap_or_default());
    sheet.said("Location", &appointment.location);
    sheet.field("Id", &appointment.id.to_string());
    sheet.text("Description", &appointment.description);
    sheet.out()
}
