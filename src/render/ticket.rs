//! The ticket page: everything one needs to see before touching a ticket, readable at 80 columns. The comments that are shown
//! stand in the order in which they were written. Parts without content are left out. Gathering the records is the command's business.

use std::fmt::Write as _;

use anstyle::Style;
use serde_json::Value;

use super::appointment::span;
use super::hidden::{LINES, TIMERS, hidden};
use super::line::{lines_table, uninvoiced};
use super::sheet::{Sheet, joined, plain_decimal, said};
use super::timer::{self, timer_state, unclear, waiting};
use super::wrap::columns;
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, GOOD, Look, Table};
use super::{html, invoice, sanitise, when};
use crate::api::Record;
use crate::api::due::Due;
use crate::api::resources::comments::{Comment, PUBLIC};
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::Ticket;
use crate::billing::uninvoiced::Unmarked;

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct TicketPage<'a> {
    /// The ticket, from its own page.
    pub ticket: &'a Record<Ticket>,
    /// Its comments, newest first: all, or those of the newest page.
    pub comments: &'a [Record<Comment>],
    /// How many it has; none where nothing counts them.
    pub comment_count: Option<u64>,
    /// Its customer, for prepaid hours, if it was read.
    pub customer: Option<&'a Record<Customer>>,
    /// Its invoices.
    pub invoices: &'a [Record<Invoice>],
    /// Lines that one of them has without Syncro's mark.
    pub unmarked: &'a Unmarked,
    /// The statuses that count as closed.
    pub closed: &'a [String],
}

/// How many comments are shown when not all are asked for.
pub const COMMENTS: usize = 5;

/// The page's text, each line within the look's width.
#[must_use]
pub fn ticket_page(page: &TicketPage<'_>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    sheet.header(page);
    sheet.comments(page);
    sheet.line_items(page);
    sheet.timers(page.ticket);
    sheet.appointments(&page.ticket.appointments);
    sheet.billing(page);
    sheet.out()
}

impl Sheet<'_> {
    fn header(&mut self, page: &TicketPage<'_>) {
        let ticket = page.ticket;
        let status = sanitise::one_line(&ticket.status);
        let closed = ticket.is_in(page.closed);
        let number = format!("#{}", sanitise::one_line(&ticket.number.0));
        let priority = sanitise::one_line(&ticket.priority);
        let subject = sanitise::one_line(&ticket.subject);
        let status_style = if closed { DIM } else { GOOD };
        let mut head = self.look.paint(BOLD, &number);
        let mut used = columns(&number);
        for (text, style) in [(&status, status_style), (&priority, priority_style(&priority))] {
            if !text.is_empty() {
                let _ = write!(head, "  {}", self.look.paint(style, text));
                used += 2 + columns(text);
            }
        }
        // A subject that does not fit beside the rest gets lines of its own.
        let beside = used + 3 + columns(&subject);
        if self.look.width.is_none_or(|width| beside <= width) {
            let subject = self.look.paint(BOLD, &subject);
            self.line(format!("{head}   {subject}").trim_end());
        } else {
            self.line(&head);
            self.prose(&subject, 0, BOLD);
        }
        self.people(page);
        self.dates(page);
        self.parts(&ticket.raw);
        self.address();
    }

    fn people(&mut self, page: &TicketPage<'_>) {
        let ticket = page.ticket;
        let name = match page.customer {
            Some(customer) => customer.name(),
            None => &ticket.customer_business_then_name,
        };
        self.customer(name, ticket.customer_id);
        let contact = match &ticket.contact {
            Some(contact) => joined(&[&contact.name, &contact.email, &contact.phone]),
            None => sanitise::one_line(&ticket.contact_fullname),
        };
        self.field("Contact", &contact);
        let assignee = match (ticket.assignee(), ticket.user_id) {
            (Some(name), _) => sanitise::one_line(name),
            (None, Some(id)) => format!("user {id}"),
            (None, None) => "unassigned".to_owned(),
        };
        self.field("Assignee", &assignee);
        let kind = joined(&[&ticket.problem_type, ticket.ticket_type()]);
        self.field("Issue type", &kind);
    }

    fn dates(&mut self, page: &TicketPage<'_>) {
        let ticket = page.ticket;
        let (zone, now) = (&self.look.zone, self.look.now);
        let moment =
            |instant| format!("{}  ({})", when::at(instant, zone), when::age(instant, now));
        // The zone is named once, where the dates begin.
        let created = ticket.created_at.map(|instant| {
            format!("{}  ({})", when::at_in_zone(instant, zone), when::age(instant, now))
        });
        let due = match &ticket.due_date {
            Due::Never => None,
            Due::At(instant) => Some(moment(*instant)),
            Due::Day(day) => {
                let today = now.to_zoned(zone.clone()).date();
                Some(format!("{}  ({})", when::day(*day), when::day_from(*day, today)))
            }
            Due::Unclear(written) => Some(format!("\"{}\"", sanitise::one_line(written))),
        };
        for (label, name, text) in [
            ("Created", "created_at", created),
            ("Updated", "updated_at", ticket.updated_at.map(moment)),
            ("Due", "due_date", due),
            ("Resolved", "resolved_at", ticket.resolved_at.map(moment)),
        ] {
            self.field(label, &said(&ticket.unreadable, name, text.unwrap_or_default()));
        }
    }

    fn comments(&mut self, page: &TicketPage<'_>) {
        let read = page.comments.len();
        if read == 0 {
            self.heading("No comments");
            return;
        }
        let shown = if self.look.all_comments { read } else { read.min(COMMENTS) };
        let count = page.comment_count.map_or_else(String::new, |count| format!("{count}, "));
        self.heading(&format!("Comments ({count}oldest first)"));
        let newest = page.comments.iter().take(shown);
        let shown = u64::try_from(shown).unwrap_or(u64::MAX);
        let left = page.comment_count.map(|count| count.saturating_sub(shown));
        if left != Some(0) {
            self.space();
            let left = left.map_or_else(String::new, |left| format!("{left} "));
            self.prose(&format!("{left}earlier; --all-comments"), 2, DIM);
        }
        for comment in newest.rev() {
            self.comment(comment);
        }
    }

    fn comment(&mut self, comment: &Comment) {
        self.space();
        let kind = comment.privacy();
        let style = if kind == PUBLIC { GOOD } else { ATTENTION };
        let author = match sanitise::one_line(&comment.tech) {
            name if name.is_empty() => "unknown author".to_owned(),
            name => name,
        };
        let moment = comment.created_at.map(|instant| {
            let age = when::age(instant, self.look.now);
            format!("{}  ({age})", when::at(instant, &self.look.zone))
        });
        let tail = moment.map(|moment| format!("  {moment}")).unwrap_or_default();
        let plain = format!("  {author}  {kind}{tail}");
        if self.look.width.is_none_or(|width| columns(&plain) <= width) {
            let author = self.look.paint(BOLD, &author);
            let kind = self.look.paint(style, kind);
            let tail = self.look.paint(DIM, &tail);
            self.line(&format!("  {author}  {kind}{tail}"));
        } else {
            self.prose(plain.trim_start(), 2, BOLD);
        }
        let subject = sanitise::one_line(&comment.subject);
        if !subject.is_empty() {
            self.prose(&subject, 2, DIM);
        }
        let text = html::to_text(&comment.body);
        match text.trim() {
            "" => self.prose("[no text]", 4, DIM),
            _ => self.prose(&text, 4, Style::new()),
        }
    }

    fn line_items(&mut self, page: &TicketPage<'_>) {
        let lines = &page.ticket.line_items;
        if !lines.is_empty() {
            self.heading("Line items");
            self.table(&lines_table(lines, page.unmarked));
        }
    }

    fn timers(&mut self, ticket: &Record<Ticket>) {
        let timers = &ticket.ticket_timers;
        let unseen = hidden(ticket, TIMERS);
        if timers.is_empty() && unseen.is_none() {
            return;
        }
        self.heading("Timers");
        if let Some(text) = unseen {
            self.prose(&text, 2, ATTENTION);
            return;
        }
        let columns =
            [Column::text("").stays(), Column::date(""), Column::figures(""), Column::prose("")];
        let mut table = Table::new(columns).without_header();
        for timer in timers {
            let (state, style) = timer_state(timer);
            let length = timer::length(timer, self.look.now);
            let span = |start| when::range(start, timer.end_time, &self.look.zone);
            table.row([
                Cell::styled(&state, style),
                Cell::from(timer.start_time.map_or_else(String::new, span)),
                Cell::from(length.or_else(|| unclear(timer)).unwrap_or_default()),
                Cell::from(html::to_text(&timer.notes)),
            ]);
        }
        self.table(&table);
    }

    fn appointments(&mut self, appointments: &[Value]) {
        if appointments.is_empty() {
            return;
        }
        self.heading("Appointments");
        let columns = [Column::date(""), Column::prose(""), Column::id("")];
        let mut table = Table::new(columns).without_header();
        for appointment in appointments {
            let appointment = appointment.get("appointment").unwrap_or(appointment);
            let text =
                |name: &str| appointment.get(name).and_then(Value::as_str).unwrap_or_default();
            let span = Record::read(appointment.clone()).map(|one| span(&one, self.look));
            let span = span.unwrap_or_else(|_| "unreadable".to_owned());
            let id = appointment.get("id").map(Value::to_string).unwrap_or_default();
            table.row([
                Cell::from(span),
                Cell::from(joined(&[text("summary"), text("location")])),
                Cell::styled(&id, DIM),
            ]);
        }
        self.table(&table);
    }

    fn billing(&mut self, page: &TicketPage<'_>) {
        let prepaid = page.customer.and_then(|customer| customer.prepay_hours);
        self.heading("Billing");
        let open = uninvoiced(&page.ticket.line_items, page.unmarked);
        let open = open.or_else(|| hidden(page.ticket, LINES));
        self.field("  Open", open.as_deref().unwrap_or("nothing uninvoiced"));
        if let Some(time) = waiting(&page.ticket.ticket_timers) {
            self.field("  Time", &format!("{time}, not charged"));
        }
        for invoice in page.invoices {
            let number = sanitise::one_line(&invoice.number.0);
            let total = invoice::total(invoice);
            let state = invoice::stands(invoice, self.look);
            self.field("  Invoice", &format!("#{number}  {total}  {state}"));
        }
        let left = prepaid.filter(|hours| !hours.is_zero());
        let left =
            left.map_or_else(String::new, |hours| format!("{} h left", plain_decimal(hours)));
        let unread = page.customer.map(|customer| &customer.unreadable);
        let left = unread.map_or_else(String::new, |unread| said(unread, "prepay_hours", left));
        self.field("  Prepaid", &left);
    }
}

/// "4 Urgent" and "1 High" catch the eye.
pub(super) fn priority_style(priority: &str) -> Style {
    let priority = priority.to_ascii_lowercase();
    if priority.contains("urgent") {
        BAD
    } else if priority.contains("high") {
        ATTENTION
    } else {
        Style::new()
    }
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
