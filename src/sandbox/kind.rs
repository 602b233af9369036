//! The kinds of faults by name.
//!
//! A kind says what becomes of one request: whether it is applied, and what the client gets to
//! see of that. What is to come later (`late`, `lag`) lives in the memory of one server: it is
//! lost when that server stops, and others on the same folder know nothing of it.
//! Carrying it out is left to `serve.rs` and `fault_reply.rs`.

use std::time::Duration;

use super::spelling::Spelling;

/// Says if the fault comes before the request is applied or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applied {
    No,
    Yes,
}

/// Form in which a request over the limit is told when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComeBack {
    Unsaid,
    Seconds(u64),
    Date(u64),
    /// A proxy's page in place of the API's own answer.
    Page,
}

/// Action of the colleague right after the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColleagueAction {
    Comment,
    Line,
    SameLine,
    Invoice,
    Status,
    Timer,
    /// An entry that is stopped already.
    Time,
    /// A ticket of the same customer about nearly the same.
    Ticket,
    /// One with the very same subject.
    SameTicket,
    /// A visit that overlaps, booked for whoever makes the request.
    Appointment,
    /// One at the very same time for the same reason, the colleague's own.
    SameAppointment,
    /// Moves the appointment that the request is about by an hour.
    Move,
}

/// What another account says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// The symbol of its currency.
    Currency(&'static str),
    /// Its zone.
    Zone(&'static str),
    /// How it writes dates.
    Dates(&'static str),
    /// Its business hours: from eight on Monday to Friday, until this.
    Hours(&'static str),
}

/// Kind of fault: what becomes of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Close(Applied),
    Reset(Applied),
    Hang(Applied),
    Late(Duration),
    LateHang(Duration),
    Slow(Duration),
    Server(u16, Applied),
    Truncated,
    Garbled,
    Empty,
    Null,
    Nulls,
    Foreign,
    /// Other records are referred to in one form only.
    Nested,
    Html(Applied),
    WrongId,
    /// A page of a list comes without its records, which are counted all the same.
    LostRows,
    /// A list answers with its first page whichever is asked for.
    SamePage,
    /// A list ignores what it is asked for, except the page.
    Unfiltered,
    Redirect(u16, Applied),
    TooMany(ComeBack),
    /// Refused with this status, 200 among them; the number picks one of the seven shapes of an error.
    Refused(u16, Option<u8>),
    RefusedPage(u16),
    Twice,
    LostPrice,
    /// The account charges timers that are stopped.
    Charges,
    /// The account makes drafts of new invoices.
    Drafted,
    /// A payment is kept as one that failed.
    Declined,
    /// The same, and the line it makes has lost its price.
    ChargesFree,
    /// The account has no draft invoices: none shows a status.
    NoDrafts,
    /// The account does not show what a timer does.
    NoStatus,
    /// The account is in another country, or has business hours.
    Account(Variant),
    LostProduct,
    /// A charged timer does not tell which line it became.
    Unnamed,
    /// A new timer entry is charged at once, as in an account that charges by default.
    Charged,
    /// A charged timer is rounded to quarters of an hour, as in an account that does so: up,
    RoundedUp,
    /// down,
    RoundedDown,
    /// or to the nearest one.
    RoundedNearest,
    /// Of a timer that is marked as not billable, no time is counted as billable.
    Uncounted,
    Lag(Duration),
    Unreachable(Duration),
    Stolen,
    EmptyInvoice,
    ZeroInvoice,
    /// An invoice that takes hours from the block without debiting it.
    Undebited,
    /// An invoice that leaves the ticket's lines unmarked.
    Unmarked,
    ThenColleague(ColleagueAction),
    Spelled(Spelling),
}

const PLAIN: &[(&str, Kind)] = &[
    ("close-before", Kind::Close(Applied::No)),
    ("close-after", Kind::Close(Applied::Yes)),
    ("reset-before", Kind::Reset(Applied::No)),
    ("reset-after", Kind::Reset(Applied::Yes)),
    ("hang-before", Kind::Hang(Applied::No)),
    ("hang-after", Kind::Hang(Applied::Yes)),
    ("500-before", Kind::Server(500, Applied::No)),
    ("500-after", Kind::Server(500, Applied::Yes)),
    ("502-before", Kind::Server(502, Applied::No)),
    ("502-after", Kind::Server(502, Applied::Yes)),
    ("503-before", Kind::Server(503, Applied::No)),
    ("503-after", Kind::Server(503, Applied::Yes)),
    ("503-html", Kind::RefusedPage(503)),
    ("504-after", Kind::Server(504, Applied::Yes)),
    ("truncated", Kind::Truncated),
    ("garbled", Kind::Garbled),
    ("empty", Kind::Empty),
    ("null", Kind::Null),
    ("nulls", Kind::Nulls),
    ("foreign", Kind::Foreign),
    ("nested", Kind::Nested),
    ("html-before", Kind::Html(Applied::No)),
    ("html-after", Kind::Html(Applied::Yes)),
    ("wrong-id", Kind::WrongId),
    ("lost-rows", Kind::LostRows),
    ("same-page", Kind::SamePage),
    ("unfiltered", Kind::Unfiltered),
    ("302-before", Kind::Redirect(302, Applied::No)),
    ("307-before", Kind::Redirect(307, Applied::No)),
    ("308-before", Kind::Redirect(308, Applied::No)),
    ("302-after", Kind::Redirect(302, Applied::Yes)),
    ("charges", Kind::Charges),
    ("charges:lost-price", Kind::ChargesFree),
    ("drafted", Kind::Drafted),
    ("declined", Kind::Declined),
    ("no-drafts", Kind::NoDrafts),
    ("no-status", Kind::NoStatus),
    ("currency:rand", Kind::Account(Variant::Currency("R"))),
    ("currency:euro", Kind::Account(Variant::Currency("\u{20ac}"))),
    ("currency:yen", Kind::Account(Variant::Currency("\u{a5}"))),
    ("currency:none", Kind::Account(Variant::Currency(""))),
    ("zone:oslo", Kind::Account(Variant::Zone("Europe/Oslo"))),
    ("dates:day-first", Kind::Account(Variant::Dates("dd.mm.yyyy"))),
    ("dates:year-first", Kind::Account(Variant::Dates("yyyy-mm-dd"))),
    ("business-hours", Kind::Account(Variant::Hours("17:00"))),
    ("business-hours:unclear", Kind::Account(Variant::Hours("late"))),
    ("429", Kind::TooMany(ComeBack::Unsaid)),
    ("429-html", Kind::TooMany(ComeBack::Page)),
    ("200-error", Kind::Refused(200, None)),
    ("400", Kind::Refused(400, None)),
    ("400-html", Kind::RefusedPage(400)),
    ("401", Kind::Refused(401, Some(1))),
    ("403", Kind::Refused(403, Some(6))),
    ("403-html", Kind::RefusedPage(403)),
    ("404", Kind::Refused(404, None)),
    ("404-html", Kind::RefusedPage(404)),
    ("409", Kind::Refused(409, Some(2))),
    ("422", Kind::Refused(422, None)),
    ("twice", Kind::Twice),
    ("lost-price", Kind::LostPrice),
    ("lost-product", Kind::LostProduct),
    ("unnamed", Kind::Unnamed),
    ("charged", Kind::Charged),
    ("rounded-up", Kind::RoundedUp),
    ("rounded-down", Kind::RoundedDown),
    ("rounded-nearest", Kind::RoundedNearest),
    ("uncounted", Kind::Uncounted),
    ("stolen", Kind::Stolen),
    ("empty-invoice", Kind::EmptyInvoice),
    ("zero-invoice", Kind::ZeroInvoice),
    ("undebited", Kind::Undebited),
    ("unmarked", Kind::Unmarked),
    ("then-colleague:comment", Kind::ThenColleague(ColleagueAction::Comment)),
    ("then-colleague:line", Kind::ThenColleague(ColleagueAction::Line)),
    ("then-colleague:same-line", Kind::ThenColleague(ColleagueAction::SameLine)),
    ("then-colleague:invoice", Kind::ThenColleague(ColleagueAction::Invoice)),
    ("then-colleague:status", Kind::ThenColleague(ColleagueAction::Status)),
    ("then-colleague:timer", Kind::ThenColleague(ColleagueAction::Timer)),
    ("then-colleague:time", Kind::ThenColleague(ColleagueAction::Time)),
    ("then-colleague:ticket", Kind::ThenColleague(ColleagueAction::Ticket)),
    ("then-colleague:same-ticket", Kind::ThenColleague(ColleagueAction::SameTicket)),
    ("then-colleague:appointment", Kind::ThenColleague(ColleagueAction::Appointment)),
    ("then-colleague:same-appointment", Kind::ThenColleague(ColleagueAction::SameAppointment)),
    ("then-colleague:move", Kind::ThenColleague(ColleagueAction::Move)),
    ("spelled:utc", Kind::Spelled(Spelling::Utc)),
    ("spelled:digits", Kind::Spelled(Spelling::Digits)),
    ("spelled:quoted", Kind::Spelled(Spelling::Quoted)),
    ("spelled:dollars", Kind::Spelled(Spelling::Dollars)),
    ("spelled:commas", Kind::Spelled(Spelling::Commas)),
    ("spelled:points", Kind::Spelled(Spelling::Points)),
    ("spelled:unclear-ends", Kind::Spelled(Spelling::UnclearEnds)),
    ("spelled:unclear-flags", Kind::Spelled(Spelling::UnclearFlags)),
    ("spelled:decomposed", Kind::Spelled(Spelling::Decomposed)),
    ("spelled:odd-user", Kind::Spelled(Spelling::OddUser)),
];

/// The longest wait, in milliseconds: a year.
const LONGEST: u64 = 365 * 24 * 60 * 60 * 1000;

/// Kinds that need a number, as they are listed to someone who mistyped one.
const NUMBERED: [&str; 8] = [
    "late:MS",
    "late-hang:MS",
    "slow:MS",
    "lag:MS",
    "unreachable:MS",
    "429:SECS",
    "429-date:SECS",
    "422:K (K from 1 to 7)",
];

impl Kind {
    /// Returns the kind of that name, or nothing for a typo.
    pub(super) fn read(written: &str) -> Option<Self> {
        if let Some((_, kind)) = PLAIN.iter().find(|(name, _)| *name == written) {
            return Some(*kind);
        }
        let (name, argument) = written.split_once(':')?;
        let count: u64 = argument.parse().ok()?;
        // So that it can be added to the present.
        let time = Duration::from_millis(count.min(LONGEST));
        Some(match name {
            "late" => Self::Late(time),
            "late-hang" => Self::LateHang(time),
            "slow" => Self::Slow(time),
            "lag" => Self::Lag(time),
            "unreachable" => Self::Unreachable(time),
            "429" => Self::TooMany(ComeBack::Seconds(count)),
            "429-date" => Self::TooMany(ComeBack::Date(count)),
            "422" => {
                let shape = u8::try_from(count).ok().filter(|k| (1..=7).contains(k))?;
                Self::Refused(422, Some(shape))
            }
            _ => return None,
        })
    }

    /// Returns all names, for the message about a typo.
    pub(super) fn names() -> String {
        PLAIN.iter().map(|(name, _)| *name).chain(NUMBERED).collect::<Vec<_>>().join(", ")
    }
}
