//! Tickets as rows, one line each: number, status, customer, subject, and as many further columns as the width allows.
//! Which tickets, and in which order, is the caller's business.

use std::collections::HashMap;

use anstyle::Style;
use jiff::Timestamp;
use jiff::civil::Date;

use super::list::Shape;
use super::sheet::said;
use super::ticket::priority_style;
use super::wrap::cut_at_word;
use super::{BAD, BOLD, Cell, Column, DIM, GOOD, Look, REPLY, Table, html, sanitise, when};
use crate::api::Record;
use crate::api::due::Due;
use crate::api::ids::TicketId;
use crate::api::resources::comments::{Comment, PUBLIC};
use crate::api::resources::tickets::Ticket;

/// The rows to show.
#[derive(Debug, Clone, Copy)]
pub struct TicketRows<'a> {
    /// The tickets, in their order.
    pub tickets: &'a [Record<Ticket>],
    /// The statuses that count as closed: what is closed is not late.
    pub closed: &'a [String],
    /// Whether they are all one customer's, who is named elsewhere.
    pub of_one: bool,
    /// With details: the last comments as far as they were read.
    pub details: Option<&'a HashMap<TicketId, Record<Comment>>>,
    /// The key of the column by which they are sorted: it is one of them.
    pub sorted: Option<&'a str>,
}

/// So much of a comment is shown, however wide the terminal.
const COMMENT: usize = 60;

/// The column that is read for each ticket.
pub const LAST_COMMENT: &str = "last_comment";

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "tickets",
    one: "ticket",
    several: "tickets",
    columns: &[
        Column::id("Number").of("number"),
        Column::words("Status").of("status"),
        Column::name("Customer").of("customer_business_then_name"),
        Column::elastic("Subject").of("subject"),
        Column::text("Updated").extra().of("updated_at"),
        Column::name("Contact").extra().of("contact_fullname"),
        Column::elastic("Last comment").below().made(LAST_COMMENT),
        Column::text("Assignee").extra().of("user.full_name"),
        Column::text("Priority").good_to_know().of("priority"),
        Column::text("Created").good_to_know().of("created_at"),
        Column::text("Due").extra().of("due_date"),
    ],
};

/// What is found shows the same.
pub const FOUND: Shape = Shape { command: "search", ..LIST };

/// Those that only details have.
const DETAILS: [&str; 3] = ["updated_at", "contact_fullname", LAST_COMMENT];

/// The rows. Without a width, in a pipe, ages are days.
#[must_use]
pub fn rows(rows: &TicketRows<'_>, look: &Look) -> Table {
    let mut table = LIST.table();
    for ticket in rows.tickets {
        table.row(cells(ticket, rows, look));
    }
    if rows.of_one {
        table = table.without("customer_business_then_name");
    }
    match rows.details {
        Some(_) => table,
        None => DETAILS
            .iter()
            .filter(|key| rows.sorted != Some(**key))
            .fold(table, |table, key| table.without(key)),
    }
}

fn cells(ticket: &Record<Ticket>, rows: &TicketRows<'_>, look: &Look) -> [Cell; 11] {
    let age = |name: &str, instant: Option<Timestamp>| {
        let age = instant.map_or_else(String::new, |at| ago(at, look));
        Cell::styled(&said(&ticket.unreadable, name, age), DIM)
    };
    let contact = ticket.contact.as_ref().map(|contact| &contact.name);
    let contact = contact.filter(|name| !name.is_empty()).unwrap_or(&ticket.contact_fullname);
    let comment = rows.details.and_then(|comments| comments.get(&ticket.id));
    [
        Cell::styled(&format!("#{}", ticket.number), BOLD),
        Cell::styled(&ticket.status, status_style(ticket, rows.closed)),
        Cell::from(&ticket.customer_business_then_name),
        Cell::from(&ticket.subject),
        age("updated_at", ticket.updated_at),
        Cell::from(contact),
        comment.map(|comment| last_comment(comment, look)).unwrap_or_default(),
        assignee(ticket),
        Cell::styled(&ticket.priority, priority_style(&ticket.priority)),
        age("created_at", ticket.created_at),
        due(ticket, rows.closed, look),
    ]
}

pub(super) fn assignee(ticket: &Ticket) -> Cell {
    match (ticket.assignee(), ticket.user_id) {
        (Some(name), _) => Cell::from(name),
        (None, Some(id)) => Cell::from(format!("user {id}")),
        (None, None) => Cell::styled("unassigned", DIM),
    }
}

/// How long ago that was; in a pipe the day, which stays true.
pub(super) fn ago(instant: Timestamp, look: &Look) -> String {
    match look.width {
        Some(_) => when::short_age(instant, look.now),
        None => local(instant, look).to_string(),
    }
}

fn local(instant: Timestamp, look: &Look) -> Date {
    instant.to_zoned(look.zone.clone()).date()
}

/// `in 3 days`; what is late catches the eye.
pub(super) fn due(ticket: &Ticket, closed: &[String], look: &Look) -> Cell {
    let now = look.now.to_zoned(look.zone.clone());
    let day = match (&ticket.due_date, ticket.due_date.day(&now)) {
        (_, Some(day)) => day,
        (Due::Unclear(written), None) => return Cell::styled(&format!("{written:?}"), DIM),
        (_, None) => return Cell::default(),
    };
    let late = ticket.due_date.is_past(&now) == Some(true) && !ticket.is_in(closed);
    let text = match look.width {
        Some(_) => when::day_from(day, now.date()),
        None => day.to_string(),
    };
    Cell::styled(&text, if late { BAD } else { DIM })
}

fn last_comment(comment: &Comment, look: &Look) -> Cell {
    let text = html::to_text(&comment.body);
    let text = match sanitise::one_line(&text) {
        text if text.is_empty() => sanitise::one_line(&comment.subject),
        text => text,
    };
    let who = match sanitise::one_line(&comment.tech) {
        who if who.is_empty() => String::new(),
        who if comment.privacy() == PUBLIC => format!(" {who}"),
        who => format!(" {who} ({})", comment.privacy()),
    };
    let age = comment.created_at.map(|instant| ago(instant, look)).unwrap_or_default();
    let mut said = format!("{age}{who}");
    if !text.is_empty() {
        said = format!("{said}: {}", cut_at_word(&text, COMMENT));
    }
    Cell::from(said.trim_start())
}

/// A customer who waits for an answer catches the eye. What such a status is called is the account's own business, so
/// Syncro's own mark on the ticket counts, not the word.
fn status_style(ticket: &Record<Ticket>, closed: &[String]) -> Style {
    match ticket.raw["customer_reply"] == true {
        _ if ticket.is_in(closed) => DIM,
        true => REPLY,
        false => GOOD,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::wrap::columns;
    use super::*;
    use jiff::tz::TimeZone;
    use serde_json::json;

    fn look(width: Option<usize>) -> Look {
        Look {
            width,
            zone: TimeZone::UTC,
            now: "2026-03-17T12:00:00Z".parse().unwrap(),
            colour: false,
            all_comments: false,
            links: false,
            address: None,
        }
    }

    fn tickets() -> Vec<Record<Ticket>> {
        let one = |id: u64, status: &str, customer: &str, subject: &str, due: Option<&str>| {
            Record::read(json!({
                "id": id, "number": 41_000 + id, "status": status, "subject": subject,
                "customer_business_then_name": customer, "priority": "2 Normal", "due_date": due,
                "created_at": "2026-03-17T09:00:00Z", "updated_at": "2026-03-17T11:00:00Z",
                "user_id": 5, "user": {"id": 5, "full_name": "Robin Ashgrove"}, "contact_fullname": "Ada Quist",
            }))
            .unwrap()
        };
        vec![
            one(
                7,
                "New",
                "Northlight 北灯建築",
                "Plotter 印刷 stuck",
                Some("2026-03-19T12:00:00Z"),
            ),
            one(6, "New", "מאפיית הגבעה", "המדפסת לא מדפיסה", Some("2026-03-15T12:00:00Z")),
            one(
                5,
                "Resolved",
                "Harbor Dental",
                "Cannot reach mail from home",
                Some("2026-03-15T12:00:00Z"),
            ),
        ]
    }

    fn shown(width: Option<usize>) -> Vec<String> {
        let (tickets, closed) = (tickets(), ["Resolved".to_owned()]);
        let rows = TicketRows {
            tickets: &tickets,
            closed: &closed,
            of_one: false,
            details: None,
            sorted: None,
        };
        let text = super::rows(&rows, &look(width)).render(width, false);
        text.lines().map(str::to_owned).collect()
    }

    /// The column in which `text` begins.
    fn begins(line: &str, text: &str) -> usize {
        columns(&line[..line.find(text).unwrap()])
    }

    #[test]
    fn columns_are_aligned_whatever_the_script() {
        let lines = &shown(None)[1..];
        let subjects = ["Plotter", "המדפסת", "Cannot"];
        for (line, subject) in lines.iter().zip(subjects) {
            assert_eq!(begins(line, subject), 39, "{line}");
            assert_eq!(begins(line, "Robin"), 68, "{line}");
        }
        assert_eq!(
            lines[2],
            "#41005  Resolved  Harbor Dental        Cannot reach mail from home  Robin Ashgrove  2 Normal  2026-03-17  2026-03-15"
        );
    }

    #[test]
    fn further_columns_come_while_there_is_room() {
        let has = |width, what: &str| shown(Some(width))[1].contains(what);
        for (what, from) in [("2 Normal", 66), ("3 h ago", 75), ("Robin", 91), ("in 2 days", 103)] {
            let first = (40..140).find(|&width| has(width, what)).unwrap();
            assert_eq!(first, from, "{what}");
        }
        for width in [30, 40, 60, 80, 100, 120] {
            for line in &shown(Some(width))[1..] {
                assert!(columns(line) <= width, "{width}: {line}");
                assert!(line.starts_with("#4100"), "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_customer_who_waits_for_an_answer_stands_out_whatever_the_status_is_called() {
        let waits = |closed: &[String], mark: serde_json::Value| {
            let raw = json!({"id": 1, "number": 7, "status": "Svar", "customer_reply": mark});
            let tickets = [Record::read(raw).unwrap()];
            let rows = TicketRows {
                tickets: &tickets,
                closed,
                of_one: false,
                details: None,
                sorted: None,
            };
            let text = super::rows(&rows, &look(None)).render(None, true);
            text.contains(&format!("{REPLY}Svar"))
        };
        assert!(waits(&[], json!(true)));
        assert!(!waits(&[], json!(false)) && !waits(&[], json!(null)));
        assert!(!waits(&["svar".to_owned()], json!(true)));
    }

    #[test]
    fn details_have_the_last_comment() {
        let (tickets, closed) = (tickets(), []);
        let comment = Record::read(json!({
            "id": 1, "body": "Copied<br>it back", "tech": "Mika", "hidden": true, "created_at": "2026-03-17T11:58:00Z",
        }));
        let details = HashMap::from([(TicketId(7), comment.unwrap())]);
        let rows = TicketRows {
            tickets: &tickets[..1],
            closed: &closed,
            of_one: false,
            details: Some(&details),
            sorted: None,
        };
        let text = super::rows(&rows, &look(None)).render(None, false);
        let mut lines = text.lines();
        assert_eq!(
            lines
                .next()
                .unwrap()
                .split("  ")
                .filter(|title| !title.is_empty())
                .map(str::trim)
                .collect::<Vec<_>>(),
            [
                "Number",
                "Status",
                "Customer",
                "Subject",
                "Updated",
                "Contact",
                "Last comment",
                "Assignee",
                "Priority",
                "Created",
                "Due"
            ]
        );
        let row = lines.next().unwrap();
        assert!(
            row.contains("2026-03-17  Ada Quist  2026-03-17 Mika (private): Copied it back  Robin"),
            "{row}"
        );
        assert_eq!(lines.next(), None);
    }
}
