//! Operations: a request of which it is known what it does. From the request alone follows what must be read, and from
//! that, without a request, everything that is to be shown, asked and checked. A kind of write is a [`Rule`] in the file of
//! its noun; [`ROUTES`] is the one list of them.

use std::rc::Rc;

use jiff::Timestamp;
use serde_json::Value;

use super::names::{Names, Word};
use super::rule::{Call, Env, Proposed, Rule, Severe, digits};
use super::{
    appointment, body, charged_line, comment, direct_invoice, document_line, estimate, invoice,
    invoicing, line, no_undo, other, paid, payment, publishing, records, repaid, sums, ticket,
    timer, twins, written,
};
use crate::api::folder::{
    APPOINTMENTS, ASSETS, CONTACTS, CONTRACTS, CUSTOMERS, ESTIMATES, Folder, INVOICES, PAYMENTS,
    SCHEDULES, TICKETS, TIMERS,
};
use crate::api::ids::{ProductId, UserId};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::users::Me;
use crate::api::{Method, secret};
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::render::with_weekday;
use crate::write::{ReadSet, RecordId, RecordRef, Request, Scope, Snapshot};

/// Knows a write by its request, if it is one of its noun.
type Route = fn(&Call) -> Option<Box<dyn Rule>>;

/// Who knows a write by its request: a line a noun, asked in this order.
const ROUTES: [Route; 16] = [
    records::route,
    comment::route,
    ticket::route,
    invoice::route,
    publishing::route,
    invoicing::route,
    direct_invoice::route,
    estimate::route,
    document_line::route,
    charged_line::route,
    line::route,
    timer::route,
    appointment::route,
    payment::route,
    repaid::route,
    no_undo::route,
];

/// Folders whose records are known by digits alone.
const NUMBERED: [Folder; 9] =
    [TICKETS, INVOICES, CUSTOMERS, CONTACTS, ASSETS, APPOINTMENTS, ESTIMATES, CONTRACTS, SCHEDULES];

/// Folders whose rules read the fields of a new record also inside its own name.
const WRAPPED: [Folder; 2] = [APPOINTMENTS, SCHEDULES];

/// Parts of the names of the writes below a ticket or a schedule.
const BELOW_TICKETS: [&str; 3] = ["comment", "line_item", "timer"];

/// A request of which it is known what it does.
#[derive(Debug, Clone)]
pub struct Operation {
    call: Call,
    rule: Rc<dyn Rule>,
    /// Whether it pays all that is open, by what was read last, whatever amount its request has.
    pays_in_full: bool,
}

impl Operation {
    /// What a request does; none where no noun knows it.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let call = call(request);
        Some(Self::new(route(&call)?, call))
    }

    fn new(rule: Box<dyn Rule>, call: Call) -> Self {
        Self { rule: rule.into(), call, pays_in_full: false }
    }

    /// The same payment of all that is open on its one invoice whenever it is proposed: the amount of its request is only
    /// what was open when that was made.
    #[must_use]
    pub fn in_full(self) -> Self {
        Self { pays_in_full: true, ..self }
    }

    /// Whether its amount is what is open.
    #[must_use]
    pub const fn pays_in_full(&self) -> bool {
        self.pays_in_full
    }

    /// What the requests of a command do, one after another.
    ///
    /// # Errors
    /// Where no noun knows one of them: a defect.
    pub fn all(requests: impl IntoIterator<Item = Request>) -> Result<Vec<Self>> {
        let calls: Vec<Call> = requests.into_iter().map(|request| call(&request)).collect();
        let one = |(at, call): (usize, &Call)| {
            let mut rule = route(call).ok_or_else(|| {
                let text = format!("no way is known to {}", call.request.path);
                Error::new(Kind::Failure, text)
            })?;
            if let Some(next) = calls.get(at + 1) {
                rule.before(next);
            }
            Ok(Self::new(rule, call.clone()))
        };
        calls.iter().enumerate().map(one).collect()
    }

    /// What any request does, as far as that can be known.
    ///
    /// # Errors
    /// Exit 2 for a path that the server may read in another way than this does.
    pub fn any(request: &Request) -> Result<Self> {
        let call = call(request);
        unambiguous(&call)?;
        if let Some(known) = Self::of(request) {
            return Ok(known);
        }
        not_nearly(&call)?;
        Ok(Self::new(other::rule(&call), call))
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.call.request
    }

    /// Whether it is a change or a new record without fields.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        let needs_fields = match self.call.request.method {
            Method::Put | Method::Patch => true,
            // What is done with a record may need none: `invoices/5/publish`.
            Method::Post => self.call.path().len() < 2,
            _ => false,
        };
        needs_fields && self.call.fields.is_empty()
    }

    /// The record that says what it is about, where the request does not.
    #[must_use]
    pub fn record(&self) -> Option<RecordRef> {
        self.rule.record()
    }

    /// What it removes for good, where that is named again first.
    #[must_use]
    pub fn severe(&self) -> Option<Severe> {
        self.rule.severe()
    }

    /// What it is about, once that record was read.
    ///
    /// # Errors
    /// Exit 3 when there is no such record.
    pub fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        self.rule.scope(seen)
    }

    /// What must be read before it is proposed: see [`Rule::reads`].
    pub fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        self.rule.reads(seen, scope)
    }

    /// What must be read besides, once it is known whose key it is.
    pub fn reads_for(&self, seen: &Snapshot, me: UserId) -> ReadSet {
        self.rule.reads_for(seen, me)
    }

    /// Whether its preview names what the request has as ids.
    #[must_use]
    pub fn wants_names(&self) -> bool {
        self.rule.wants_names()
    }

    /// What of it the account must have.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        self.rule.words()
    }

    /// Whether its preview names a user of whom neither the key nor what was read tells the name.
    #[must_use]
    pub fn names_others(&self, seen: &Snapshot, me: &Me, names: &Names) -> bool {
        self.rule.names_others(seen, me, names)
    }

    /// When the work begins that it is about, where it says so.
    #[must_use]
    pub fn begins(&self, seen: &Snapshot) -> Option<Timestamp> {
        self.rule.begins(&self.call, seen)
    }

    /// The product that it names.
    #[must_use]
    pub fn product(&self) -> Option<ProductId> {
        body::number(&self.call.fields, "product_id").map(ProductId)
    }

    /// What it comes to, by what was read.
    ///
    /// # Errors
    /// Those of [`Rule::propose`].
    pub fn propose(&self, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        if self.pays_in_full
            && let Some(invoice) = self.record().and_then(|of| seen.typed_record::<Invoice>(&of))
        {
            return Self::any(&paid::in_full(self.request(), &invoice)?)?.propose(seen, env);
        }
        sums::in_currency(&self.call)?;
        let proposed = self.rule.propose(&self.call, seen, env)?;
        Ok(if env.as_typed { as_typed(&self.call, proposed) } else { proposed })
    }
}

fn route(call: &Call) -> Option<Box<dyn Rule>> {
    ROUTES.iter().find_map(|route| route(call))
}

fn call(request: &Request) -> Call {
    Call { request: request.clone(), fields: body::fields(request) }
}

/// Refuses what a server may read in another way: it takes `7-x` for 7, and `_method` for the method.
fn unambiguous(call: &Call) -> Result<()> {
    written::no_card(&call.fields)?;
    let parts = call.path();
    let is_token = |part: &str| RecordId::token(part).is_some();
    let odd = |why: &str| {
        Err(Error::usage(format!("the path of a write {why}"))
            .nothing_sent()
            .hint("use a path like tickets/108443837 or contacts"))
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if parts.iter().any(|part| !is_token(part) && !part.chars().all(is_plain)) {
        return odd("may contain only letters, digits, _ and -");
    }
    if call.fields.contains_key("_method") {
        return odd("has one method; remove _method");
    }
    let folder = parts.first().and_then(|part| Folder::named(part));
    let is_numbered = folder.is_some_and(|folder| NUMBERED.contains(&folder));
    if is_numbered || folder == Some(PAYMENTS) {
        in_the_body(call)?;
    }
    in_one_form(call)?;
    sums::sound(call)?;
    twins::agree(&call.fields)?;
    let changes = matches!(call.request.method, Method::Put | Method::Patch);
    let nested = body::named(&call.fields, |name| name.ends_with(body::NESTED));
    if let Some(name) = nested.filter(|_| changes && is_numbered) {
        let text = format!("{name} is not part of a change: what it does would not be checked");
        let hint = "use the path of those records, like POST tickets/ID/comment";
        return Err(Error::usage(text).nothing_sent().hint(hint));
    }
    match parts.get(1) {
        Some(id) if is_numbered && digits(id).is_none() && !is_token(id) => {
            return odd("needs the record id, in digits");
        }
        _ => {}
    }
    // A server may not mind capitals: `/Invoices` would be invoices, without their guards.
    let known = parts.first().and_then(|part| Folder::named(&part.to_lowercase()));
    let small = if known.is_some() { parts.as_slice() } else { parts.get(..1).unwrap_or_default() };
    if small.iter().any(|part| !is_token(part) && part.contains(|c: char| c.is_uppercase())) {
        return odd("has no capital letters");
    }
    Ok(())
}

/// Refuses fields in a form that no guard reads, though a server might.
fn in_one_form(call: &Call) -> Result<()> {
    let is_id = |name: &str| name == "id" || name.ends_with("_id");
    let is_other = |value: &Value| value.is_array() || value.is_object();
    if let Some((name, _)) = call.fields.iter().find(|(name, value)| is_id(name) && is_other(value))
    {
        return Err(Error::usage(format!("{name} is one id, not a list")).nothing_sent());
    }
    let folder = call.place().map(|(folder, _)| folder);
    if folder == Some(TICKETS) {
        Word::are_texts(&body::inside(call.fields.clone(), TICKETS.one()))?;
    }
    let Some(folder) = folder.filter(|folder| call.makes(*folder) && !WRAPPED.contains(folder))
    else {
        return Ok(());
    };
    match call.fields.get(folder.one()) {
        Some(Value::Object(_)) => {
            let text = format!(
                "the fields of a new record stand by themselves, not inside {:?}",
                folder.one()
            );
            Err(Error::usage(text).nothing_sent())
        }
        _ => Ok(()),
    }
}

/// Refuses a known write with a query: a server may take its values in place of the body's.
fn in_the_body(call: &Call) -> Result<()> {
    let Some((_, query)) = call.request.path.split_once('?') else {
        return Ok(());
    };
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let fields: Vec<String> = pairs.map(|(name, value)| format!("-F {name}={value}")).collect();
    Err(Error::usage("the path of this write has a query; its fields belong in the body")
        .nothing_sent()
        .hint(format!("put them into the body: {}", fields.join(" "))))
}

/// Refuses what is near to a known write and is none: the server might do the same, without its guards.
fn not_nearly(call: &Call) -> Result<()> {
    let verb_of = |parts: &[&str]| parts.get(1).copied().unwrap_or_default().to_owned();
    let hints: &[&str] = match (call.request.method, call.place(), call.path().as_slice()) {
        (_, Some((TICKETS | SCHEDULES, parts)), _)
            if BELOW_TICKETS.iter().any(|part| verb_of(&parts).contains(part)) =>
        {
            &[
                "`timer_entry` needs start_at, `update_line_item` ticket_line_item_id",
                "a schedule's `remove_line_item` needs schedule_line_item_id",
            ]
        }
        (Method::Post | Method::Put | Method::Patch, Some((TIMERS, _)), _) => {
            &["a new timer needs ticket_id, and one that is there its id"]
        }
        (Method::Post, _, ["rmm", "public_scripts", _, ..]) => {
            &["a script runs by POST rmm/public_scripts/ASSET_ID/schedule"]
        }
        (Method::Post, _, ["ticket_blueprints", _, ..]) => {
            &["a blueprint is applied by POST ticket_blueprints/ID/apply with customer_id"]
        }
        _ => return Ok(()),
    };
    let text = format!("{} is no known write, or a field that it needs is missing", call.line());
    let error = Error::usage(text).nothing_sent();
    let error = error.hint("check the method, the path and the ids, which are digits alone");
    Err(hints.iter().fold(error, |error, hint| error.hint(*hint)))
}

/// The same with all that is sent, by the names that were typed.
fn as_typed(call: &Call, mut proposed: Proposed) -> Proposed {
    let mut sheet = Sheet::default().row("Sends", call.line()).and(proposed.sheet);
    for (name, value) in &call.fields {
        sheet = sheet.row(name, with_weekday(&secret::shown(name, value)));
    }
    let sent = proposed.step.request.body.as_ref().and_then(Value::as_object);
    for (name, value) in sent.into_iter().flatten() {
        if !call.fields.contains_key(name) {
            let shown = with_weekday(&secret::shown(name, value));
            let text = format!("{shown} (unchanged; sent because Syncro may reset it)");
            sheet = sheet.row(name, text);
        }
    }
    proposed.sheet = sheet;
    proposed.title = format!("{}: {}", call.line(), proposed.title);
    "api".clone_into(&mut proposed.step.name);
    proposed
}
