//! From method and path to the handler, and to the name that faults know the request by.
//!
//! What a request does is left to the handlers.

use jiff::Timestamp;
use serde_json::Value;

use super::fault::Op;
use super::kind::Kind;
use super::reply::{Body, Reply};
use super::state::{State, Table};
use super::value::{Record, integer, out_of_range, text};
use super::{
    appointment_writes, appointments, comments, invoices, lines, office, search, settings,
    ticket_writes, tickets, timers,
};

/// The path that all of the API lies under.
pub(super) const PREFIX: &str = "/api/v1";

/// One request, read as far as it can be without knowing what it is for.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: String,
    /// The path below the prefix, without its slashes.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Record,
    /// Whether the body was declared as JSON and is.
    pub(super) readable: bool,
    /// Who the key belongs to.
    pub(super) user: i64,
    pub(super) now: Timestamp,
    /// Entries on a page of a list.
    pub(super) list_page: usize,
    /// How an invoice or a line goes wrong, when it shall.
    pub(super) fault: Option<Kind>,
}

impl Call {
    /// Returns a query parameter; the last one counts if it was given twice.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Returns a query parameter that is an id.
    pub(super) fn asked_id(&self, name: &str) -> Option<i64> {
        self.asked(name)?.parse().ok()
    }

    fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Returns the name of the key's owner.
    pub(super) fn user_name<'a>(&self, state: &'a State) -> &'a str {
        state.get(Table::Users, self.user).map_or("", |user| text(user, "full_name"))
    }

    /// Returns the ticket that the request is about, where it says so.
    pub(super) fn ticket(&self, state: &State) -> Option<i64> {
        let segments = self.segments();
        let named = match segments.as_slice() {
            ["tickets"] => {
                let number = self.asked("number")?;
                let found = state.all(Table::Tickets).find(|ticket| {
                    integer(ticket, "number").is_some_and(|n| n.to_string() == number)
                })?;
                integer(found, "id")
            }
            ["tickets", id, ..] => id.parse().ok(),
            ["invoices"] => integer(&self.body, "ticket_id").or_else(|| self.asked_id("ticket_id")),
            ["invoices", id] => {
                let invoice = invoices::find(state, id)?;
                integer(invoice, "ticket_id")
            }
            ["ticket_timers", id] => {
                let timer = state.get(Table::Timers, id.parse().ok()?)?;
                integer(timer, "ticket_id")
            }
            ["appointments"] => integer(&self.body, "ticket_id"),
            ["appointments", id] => {
                let appointment = state.get(Table::Appointments, id.parse().ok()?)?;
                integer(appointment, "ticket_id")
            }
            _ => None,
        }?;
        state.get(Table::Tickets, named).map(|_| named)
    }

    /// Returns the name that faults know this request by.
    pub(super) fn op(&self) -> Op {
        if let Some(op) = office::op(&self.method, &self.segments()) {
            return op;
        }
        match (self.method.as_str(), self.segments().as_slice()) {
            ("GET", ["me"]) => Op::Me,
            ("GET", ["tickets"]) if self.asked("number").is_some() => Op::Find,
            ("GET", ["tickets"]) => Op::Tickets,
            ("GET", ["tickets", "settings"] | ["settings"] | ["appointment_types", ..]) => {
                Op::Settings
            }
            ("GET", ["users", ..]) => Op::Users,
            ("GET", ["search"]) => Op::Search,
            ("GET", ["appointments"]) => Op::Appointments,
            ("GET", ["appointments", _]) => Op::Appointment,
            ("GET", ["tickets", _]) => Op::Ticket,
            ("GET", ["tickets", _, "comments"]) => Op::Comments,
            ("GET", ["invoices"]) => Op::Invoices,
            ("GET", ["invoices", _]) => Op::Invoice,
            ("GET", ["ticket_timers"]) => Op::Timers,
            ("POST", ["tickets", _, "comment"]) => Op::Comment,
            ("POST", ["tickets", _, "add_line_item"]) => Op::Line,
            ("PUT", ["tickets", _, "update_line_item"]) => Op::LineUpdate,
            ("POST", ["tickets", _, "remove_line_item"]) => Op::LineRemove,
            ("POST", ["tickets", _, "timer_entry"]) => Op::TimerAdd,
            ("PUT", ["tickets", _, "update_timer_entry"]) => Op::TimerUpdate,
            ("POST", ["tickets", _, "charge_timer_entry"]) => Op::TimerCharge,
            ("POST", ["tickets", _, "delete_timer_entry"]) => Op::TimerDelete,
            ("PATCH", ["ticket_timers", _]) => Op::TimerBillable,
            ("POST", ["tickets"]) => Op::TicketCreate,
            ("DELETE", ["tickets", _]) => Op::TicketDelete,
            ("POST", ["appointments"]) => Op::AppointmentCreate,
            ("PUT", ["appointments", _]) => Op::AppointmentUpdate,
            ("DELETE", ["appointments", _]) => Op::AppointmentDelete,
            ("PUT", ["tickets", _]) => Op::TicketUpdate,
            ("POST", ["invoices"]) => Op::InvoiceCreate,
            ("DELETE", ["invoices", _]) => Op::InvoiceDelete,
            ("GET" | "HEAD" | "OPTIONS", _) => Op::OtherRead,
            _ => Op::OtherWrite,
        }
    }

    /// Does what the request asks for.
    pub(super) fn handle(&self, state: &mut State) -> Reply {
        if matches!(self.method.as_str(), "POST" | "PUT") && !self.readable {
            return Reply::bad_request();
        }
        if let Some(field) = out_of_range(&self.body) {
            return Reply::shaped(422, 1, field, "is out of range");
        }
        let segments = self.segments();
        if let Some(reply) = office::handle(state, self, &segments) {
            return reply;
        }
        match (self.method.as_str(), segments.as_slice()) {
            ("GET", ["me"]) => settings::me(state, self),
            ("GET", ["users"]) => settings::users(state),
            ("GET", ["users", id]) => settings::user(state, id),
            ("GET", ["search"]) => search::search(state, self),
            ("GET", ["settings"]) => settings::account(),
            ("GET", ["tickets", "settings"]) => settings::tickets(state),
            ("GET", ["tickets"]) => tickets::list(state, self),
            ("POST", ["tickets"]) => ticket_writes::create(state, self),
            ("GET", ["ticket_timers"]) => timers::list(state, self),
            ("PATCH", ["ticket_timers", id]) => timers::patch(state, self, id),
            ("GET", ["appointments"]) => appointments::list(state, self),
            ("GET", ["appointments", id]) => appointments::get(state, id),
            ("POST", ["appointments"]) => appointment_writes::create(state, self),
            ("PUT", ["appointments", id]) => appointment_writes::update(state, self, id),
            ("DELETE", ["appointments", id]) => appointment_writes::delete(state, id),
            ("GET", ["appointment_types"]) => appointments::types(),
            ("GET", ["appointment_types", id]) => appointments::one_type(id),
            ("GET", ["invoices"]) => invoices::list(state, self),
            ("GET", ["invoices", id]) => invoices::get(state, id),
            ("POST", ["invoices"]) => invoices::create(state, self),
            ("DELETE", ["invoices", id]) => invoices::delete(state, self, id),
            (method, ["tickets", id]) => self.with_ticket(state, id, method, ""),
            (method, ["tickets", id, verb]) => self.with_ticket(state, id, method, verb),
            _ => Reply::not_found(),
        }
    }

    fn with_ticket(&self, state: &mut State, id: &str, method: &str, verb: &str) -> Reply {
        let Some(id) = id.parse().ok().filter(|id| state.get(Table::Tickets, *id).is_some()) else {
            return Reply::not_found();
        };
        match (method, verb) {
            ("GET", "") => tickets::get(state, self, id),
            ("PUT", "") => ticket_writes::update(state, self, id),
            ("DELETE", "") => ticket_writes::delete(state, id),
            // It prints somewhere else, and says nothing of it.
            ("POST", "print") => Reply::new(200, Body::Nothing),
            ("POST", "attach_file_url") => ticket_writes::attach(state, self, id),
            ("POST", "delete_attachment") => ticket_writes::detach(state, self, id),
            ("GET", "comments") => comments::list(state, self, id),
            ("POST", "comment") => comments::create(state, self, id),
            ("POST", "add_line_item") => lines::add(state, self, id),
            ("PUT", "update_line_item") => lines::update(state, self, id),
            ("POST", "remove_line_item") => lines::remove(state, self, id),
            ("POST", "timer_entry") => timers::start(state, self, id),
            ("PUT", "update_timer_entry") => timers::update(state, self, id),
            ("POST", "delete_timer_entry") => timers::delete(state, self, id),
            ("POST", "charge_timer_entry") => timers::charge(state, self, id),
            _ => Reply::not_found(),
        }
    }
}

/// Returns one page of a list and its `meta`; counting starts at page one.
pub(super) fn page<T>(call: &Call, all: Vec<T>, per_page: usize) -> (Vec<T>, Record) {
    let per_page = per_page.max(1);
    let page =
        call.asked("page").and_then(|written| written.parse::<usize>().ok()).unwrap_or(1).max(1);
    let total = all.len();
    let mut meta = Record::new();
    meta.insert("total_pages".to_owned(), Value::from(total.div_ceil(per_page)));
    meta.insert("page".to_owned(), Value::from(page));
    meta.insert("total_entries".to_owned(), Value::from(total));
    meta.insert("per_page".to_owned(), Value::from(per_page));
    let shown = all.into_iter().skip((page - 1).saturating_mul(per_page)).take(per_page).collect();
    (shown, meta)
}
