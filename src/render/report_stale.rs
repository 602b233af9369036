//! Open tickets by whose turn it is: a row a ticket.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::list::{Rows, Shape};
use super::report::{TO_DO, said};
use super::tickets::{ago, assignee, due};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, Look};
use crate::reports::stale::{Ball, Report, Row, Sla};

/// How an agreement on response times is called: no abbreviation says it shorter.
const SLA: &str = "SLA";

/// What the report of tickets that wait shows.
pub const STALE: Shape = Shape {
    command: "report stale",
    one: "ticket",
    several: "tickets",
    columns: &[
        Column::text("Ball").stays().of("ball"),
        Column::id("Ticket").of("ticket"),
        Column::words("Status").of("status"),
        Column::name("Customer").of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::figures("Quiet").of("quiet_hours"),
        Column::date("They said").like_text().of("customer_last"),
        Column::date("We said").like_text().of("we_last"),
        Column::date("Last word").extra().of("any_last"),
        Column::name("Assignee").good_to_know().of("assignee"),
        Column::date("Due").good_to_know().of("due"),
        Column::text(SLA).good_to_know().of("sla_breached"),
        Column::text("Priority").extra().of("priority"),
        Column::elastic("Subject").extra().of("subject"),
        TO_DO,
    ],
};

/// Its tickets, and whose turn it is.
#[must_use]
pub fn stale(report: &Report, closed: &[String], look: &Look, program: &str) -> Rows {
    let now = look.now.to_zoned(look.zone.clone());
    let age =
        |at: Option<Timestamp>| Cell::styled(&at.map(|at| ago(at, look)).unwrap_or_default(), DIM);
    let mut table = STALE.table();
    for row in &report.rows {
        let json = row.json(program, &now);
        table.row([
            Cell::styled(row.ball.name(), if row.ball == Ball::Ours { ATTENTION } else { DIM }),
            Cell::styled(&format!("#{}", row.ticket.number), BOLD),
            Cell::from(&row.ticket.status),
            Cell::from(&row.whose.customer),
            Cell::styled(&said(&json["customer_id"]), DIM),
            Cell::from(hours(row.quiet)),
            age(row.customer_last),
            age(row.we_last),
            age(row.any_last),
            assignee(&row.ticket),
            due(&row.ticket, closed, look),
            sla(row),
            Cell::from(&row.ticket.priority),
            Cell::from(&row.ticket.subject),
            Cell::from(said(&json["mend"])),
        ]);
    }
    let counts =
        [Ball::Ours, Ball::Theirs].map(|ball| format!("{} {}", report.count(ball), ball.name()));
    Rows::from(table).summed(Some(counts.join(", ")))
}

/// Hours, as exact as anybody asks for.
fn hours(quiet: Decimal) -> String {
    let places = u32::from(quiet < Decimal::TEN);
    format!("{} h", quiet.round_dp(places).normalize())
}

fn sla(row: &Row) -> Cell {
    match row.sla() {
        Sla::Breached => Cell::styled("breached", BAD),
        Sla::Soon => Cell::styled("soon", ATTENTION),
        Sla::Unclear => Cell::from("?"),
        Sla::Kept => Cell::default(),
    }
}
