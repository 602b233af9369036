//! What is known of a path: which command's looking and guards a write to it goes through, a file a noun. Whatever is not
//! known is sent once and never again.

mod draft;
mod record;
mod timer;

pub(super) use draft::Draft;
pub(super) use fields::number;

use super::write::Call;
use crate::api::Method;
use crate::api::ids::{TicketId, TimerId};
use crate::error::{Error, Result};
use crate::operations::body as fields;
use crate::write::Scope;

/// What a path is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    /// A timer entry is started, or entered.
    NewTimer(TicketId),
    /// A timer entry is charged, changed or removed.
    Timer(TicketId, TimerId, Clock),
    /// All else, which `operations` knows.
    Other,
}

/// What becomes of a timer entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// It is charged.
    Charge,
    /// It is changed.
    Update,
    /// It is removed.
    Delete,
}

/// What a write is about.
///
/// # Errors
/// Exit 2 for a path that the server may read in another way than this does.
pub(super) fn of(call: &Call<'_>) -> Result<Known> {
    let segments = call.path.segments();
    Ok(match (call.method, segments.as_slice()) {
        (Method::Post, ["tickets", id, verb]) => on_ticket(call, TicketId(digits(id)?), verb),
        (Method::Put | Method::Patch, ["tickets", id, verb]) => {
            changed_on_ticket(call, TicketId(digits(id)?), verb)
        }
        _ => Known::Other,
    })
}

fn odd(why: &str) -> Error {
    Error::usage(format!("the path of a write {why}; nothing was sent"))
        .hint("use a path like tickets/108443837 or contacts")
}

/// An id as the server is sure to read it, too: it takes `7-x` for 7.
fn digits(id: &str) -> Result<u64> {
    let plain = id.bytes().all(|byte| byte.is_ascii_digit());
    let id = id.parse().ok().filter(|_| plain);
    id.ok_or_else(|| odd("needs the record id, in digits"))
}

fn on_ticket(call: &Call<'_>, ticket: TicketId, verb: &str) -> Known {
    let fields = call.fields();
    let timer = number(&fields, "timer_entry_id").map(TimerId);
    match (verb, timer) {
        ("timer_entry", _) if fields.contains_key("start_at") => Known::NewTimer(ticket),
        ("charge_timer_entry", Some(timer)) => Known::Timer(ticket, timer, Clock::Charge),
        ("delete_timer_entry", Some(timer)) => Known::Timer(ticket, timer, Clock::Delete),
        _ => Known::Other,
    }
}

fn changed_on_ticket(call: &Call<'_>, ticket: TicketId, verb: &str) -> Known {
    let fields = call.fields();
    let timer = number(&fields, "timer_entry_id").map(TimerId);
    match (verb, timer) {
        ("update_timer_entry", Some(timer)) => Known::Timer(ticket, timer, Clock::Update),
        _ => Known::Other,
    }
}

impl Known {
    /// What one command at a time works on.
    ///
    /// # Errors
    /// Exit 3 for a record that is not there.
    pub(super) async fn scope(&self) -> Result<Scope> {
        Ok(match self {
            Self::NewTimer(ticket) | Self::Timer(ticket, ..) => {
                Scope { ticket: Some(*ticket), ..Scope::default() }
            }
            Self::Other => Scope::default(),
        })
    }

    /// What its command proposes, or what is proposed as it would.
    ///
    /// # Errors
    /// Those of the command's own gathering.
    pub(super) async fn gather(&self, call: &Call<'_>) -> Result<Draft> {
        match *self {
            Self::NewTimer(ticket) => timer::add(call, ticket).await,
            Self::Timer(ticket, id, what) => timer::touch(call, ticket, id, what).await,
            Self::Other => record::nothing(call).await,
        }
    }
}
