//! The table of previewed facts: what colleagues change of what a preview shows, and which of its requests rest on that.

use std::fmt;

use super::table::{Call, Write};

/// Something that a colleague changes, and the requests that rest on it where it is previewed. `EDIT` is no method: what
/// no request of the practice server can change is changed in its account.
pub(super) struct Fact {
    pub(super) call: Call,
    /// None where all do.
    of: &'static [&'static str],
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.call.0, self.call.1)
    }
}

impl Fact {
    /// Whether one of those requests of a write rests on it.
    pub(super) fn is_of(&self, ops: &[&str]) -> bool {
        self.of.is_empty() || ops.iter().any(|op| self.of.contains(op))
    }

    /// The advice that what a preview of that write says of it is, where it is no ground.
    pub(super) fn advice(&self, write: &Write) -> Option<(String, &'static str)> {
        let mut such = ADVISORY.iter().filter(|one| {
            one.what == self.call.0 && self.call.1.trim_start().starts_with(one.body)
        });
        such.find_map(|one| one.pairs().find(|(_, typed)| write.typed.starts_with(typed)))
    }

    /// Where it is read.
    pub(super) fn record(&self) -> String {
        self.path().split('/').take(3).collect::<Vec<_>>().join("/")
    }

    /// What it is a fact of: see [`kind`].
    pub(super) fn kind(&self) -> String {
        kind(self.path())
    }

    fn path(&self) -> &'static str {
        self.call.0.split_once(' ').map_or("", |(_, path)| path)
    }
}

const fn fact(what: &'static str, body: &'static str, of: &'static [&'static str]) -> Fact {
    Fact { call: (what, body), of }
}

/// The ticket's own requests that say what they change, or show what is removed.
const OWN: &[&str] = &["ticket-update", "ticket-delete"];

/// The first comment of a ticket with another contact than the customer's own is `comment@1`: who opts out is not who gets it.
const EMAILS: &[&str] =
    &["comment", "comment@1", "invoice-email", "invoice-publish", "appointment-create@1"];

/// What reaches the till's contact, and what sends the flag along.
const OPT_OUT: &[&str] = &["comment", "contact-update", "appointment-create@1"];

/// The same of the customer.
const NO_EMAIL: &[&str] = &["comment", "comment@1", "customer-update", "appointment-create@1"];

/// What names the other contact of the till's customer, or is about that one.
const JOSS: &[&str] = &["ticket-create", "ticket-update", "contact-delete"];

const OWN_CONTACT: &[&str] = &["contact-update", "ticket-update"];

/// What puts a customer out of use.
const CUSTOMER: &[&str] = &["customer-update", "customer-delete"];

/// What is said of an invoice or made of it.
const ON_INVOICE: &[&str] = &["invoice-publish", "invoice-draft", "invoice-line"];

const TIMERS: &[&str] =
    &["timer-update", "timer-delete", "timer-charge", "timer-billable", "line-update"];

const LIVE: &[&str] = &["timer-pause", "timer-start", "timer-stop"];

pub(super) const FACTS: &[Fact] = &[
    fact("PUT /tickets/108443837", r#"{"subject": "The other till"}"#, &[]),
    fact("PUT /tickets/108443837", r#"{"customer_id": 31204602, "contact_id": 7804602}"#, &[]),
    fact("PUT /tickets/108443837", r#"{"status": "Waiting on Customer"}"#, OWN),
    fact("PUT /tickets/108443837", r#"{"priority": "0 Urgent"}"#, OWN),
    fact(
        "PUT /tickets/108443837",
        r#"{"contact_id": null}"#,
        &["comment", "comment@1", "ticket-update", "appointment-create@1"],
    ),
    fact("PUT /tickets/108443714", r#"{"subject": "The other drive"}"#, &[]),
    fact("PUT /tickets/108443591", r#"{"subject": "The other export"}"#, &[]),
    fact("PUT /tickets/108443304", r#"{"subject": "The other terminal"}"#, &[]),
    fact("PUT /tickets/108443222", r#"{"subject": "The other tablet"}"#, &[]),
    fact("PUT /tickets/108443222", r#"{"status": "In Progress"}"#, OWN),
    fact(
        "POST /tickets",
        r#"{"customer_id": 31204551, "contact_id": 7804552, "subject": "Blank page"}"#,
        &["customer-update", "customer-delete", "contact-delete", "ticket-create"],
    ),
    fact(
        "POST /tickets/108443837/comment",
        r#"{"subject": "Note", "body": "Tested"}"#,
        &["ticket-delete"],
    ),
    fact(
        "POST /tickets/108443837/add_line_item",
        r#"{"name": "Cable", "description": "3 m", "quantity": 1, "price_retail": 6, "taxable": false}"#,
        &["ticket-delete", "invoice-create"],
    ),
    fact(
        "POST /tickets/108443837/timer_entry",
        r#"{"start_at": "2026-03-17T15:00:00Z", "duration_minutes": 20, "notes": "Call"}"#,
        &["ticket-delete"],
    ),
    fact("PUT /contacts/7804551", r#"{"name": "Imelda Quill", "email": "iq@x.example"}"#, EMAILS),
    fact("PUT /contacts/7804551", r#"{"name": "Imelda Quill", "opt_out": true}"#, OPT_OUT),
    fact("PUT /contacts/7804551", r#"{"name": "I. Quill"}"#, OWN_CONTACT),
    fact("PUT /contacts/7804551", r#"{"name": "Imelda Quill", "title": "Boss"}"#, OWN_CONTACT),
    fact("PUT /contacts/7804552", r#"{"name": "J. Pennock"}"#, JOSS),
    fact(
        "POST /contacts",
        r#"{"customer_id": 31204551, "name": "Ada Finch"}"#,
        &["contact-create"],
    ),
    fact("PUT /customers/31204551", r#"{"business_name": "Other Books"}"#, &[]),
    fact(
        "PUT /contacts/7804552",
        r#"{"name": "Joss Pennock", "email": "jp@x.example"}"#,
        &["comment", "comment@1", "appointment-create@1", "contact-delete"],
    ),
    fact(
        "PUT /customers/31204551",
        r#"{"email": "qb@x.example"}"#,
        &["comment", "comment@1", "appointment-create@1", "customer-delete"],
    ),
    fact("PUT /customers/31204551", r#"{"no_email": true}"#, NO_EMAIL),
    fact("PUT /customers/31204551", r#"{"opt_out": true}"#, NO_EMAIL),
    fact("PUT /customers/31204551", r#"{"city": "Elsewhere"}"#, &["customer-update"]),
    fact(
        "PUT /customers/31204551",
        r#"{"disabled": true}"#,
        &[
            "customer-update",
            "invoice-create",
            "contact-create",
            "asset-create",
            "appointment-update",
            "appointment-create@1",
        ],
    ),
    fact("PUT /customers/31204602", r#"{"business_name": "Other Dental"}"#, &[]),
    fact("EDIT /customers/31204602", r#"{"prepay_hours": "0.25"}"#, &["line", "invoice-create"]),
    fact("PUT /customers/31204618", r#"{"business_name": "Other Garden"}"#, &[]),
    fact("PUT /customers/31204618", r#"{"no_email": true}"#, EMAILS),
    fact("PUT /customers/31204655", r#"{"business_name": "Other Accounts"}"#, &[]),
    fact("PUT /customers/31204671", r#"{"business_name": "Other Vets"}"#, &[]),
    fact("PUT /customers/31204713", r#"{"business_name": "Other Post"}"#, &[]),
    fact("PUT /customers/31204671", r#"{"email": "vets@x.example"}"#, &["invoice-email"]),
    fact("PUT /customers/31204671", r#"{"no_email": true}"#, &["invoice-email"]),
    fact("PUT /customers/31204671", r#"{"disabled": true}"#, &["invoice-email"]),
    fact("PUT /customers/31204671", r#"{"invoice_cc_emails": "cc@x.example"}"#, &["invoice-email"]),
    fact("POST /customers", r#"{"business_name": "Bluebird Bakery Two"}"#, NONE),
    fact("POST /invoices", r#"{"customer_id": 31204551}"#, CUSTOMER),
    fact("POST /invoices", r#"{"customer_id": 31204618}"#, NONE),
    fact(
        "PUT /products/17340021",
        r#"{"price_retail": 130, "taxable": false}"#,
        &["line", "timer-charge", "timer-stop"],
    ),
    fact(
        "PUT /products/17340021",
        r#"{"name": "Remote", "taxable": false}"#,
        &["line", "timer-add", "timer-charge", "timer-stop"],
    ),
    fact(
        "PUT /products/17340021",
        r#"{"disabled": true, "taxable": false}"#,
        &[
            "line",
            "timer-add",
            "timer-charge",
            "timer-stop",
            "invoice-line",
            "estimate-line",
            "schedule-line",
        ],
    ),
    fact("PUT /products/17340022", r#"{"name": "Onsite", "taxable": false}"#, &["timer-update"]),
    fact("PUT /products/17340022", r#"{"disabled": true, "taxable": false}"#, &["timer-update"]),
    fact("PUT /products/17340025", r#"{"price_retail": 50, "taxable": false}"#, &["line@2"]),
    fact(
        "PUT /products/17340101",
        r#"{"description": "Disk", "taxable": true}"#,
        &["product-write"],
    ),
    fact(
        "PUT /products/17340101",
        r#"{"name": "Disk", "taxable": true}"#,
        &["product-write", "line"],
    ),
    fact("PUT /products/17340101", r#"{"taxable": false}"#, &["product-write", "line"]),
    fact(
        "PUT /tickets/108443714/update_line_item",
        r#"{"ticket_line_item_id": 2964400001, "price_retail": 70, "taxable": false}"#,
        &[],
    ),
    fact(
        "PUT /tickets/108443714/update_line_item",
        r#"{"ticket_line_item_id": 2964400001, "name": "A disk", "taxable": false}"#,
        &[],
    ),
    fact(
        "PUT /tickets/108443714/update_line_item",
        r#"{"ticket_line_item_id": 2964400001, "description": "Two discs", "taxable": true}"#,
        &["line-update", "line-remove"],
    ),
    fact(
        "PUT /tickets/108443304/update_timer_entry",
        r#"{"timer_entry_id": 48700003, "duration_minutes": 90}"#,
        TIMERS,
    ),
    fact(
        "PUT /tickets/108443304/update_timer_entry",
        r#"{"timer_entry_id": 48700003, "notes": "Cables"}"#,
        TIMERS,
    ),
    fact(
        "PUT /tickets/108443222/update_timer_entry",
        r#"{"timer_entry_id": 48700007, "user_id": 81204, "start_at": "2026-03-17T15:00:00Z"}"#,
        LIVE,
    ),
    fact(
        "PUT /tickets/108443222/update_timer_entry",
        r#"{"timer_entry_id": 48700007, "user_id": 81204, "product_id": 17340022}"#,
        LIVE,
    ),
    fact("PUT /invoices/1652300000", r#"{"note": "Thank you"}"#, &["invoice-update"]),
    fact(
        "POST /payments",
        r#"{"customer_id": 31204671, "amount_cents": 500, "payment_method": "Cash",
            "apply_payments": {"1652300000": 500}}"#,
        &["payment-create"],
    ),
    fact("POST /invoices/1652300000/line_items", EXTRA, &[]),
    fact("PUT /invoices/1652300004", r#"{"number": "67500"}"#, ON_INVOICE),
    fact("POST /invoices/1652300004/line_items", EXTRA, &["invoice-publish", "invoice-draft"]),
    fact(
        "PUT /invoices/1652300004/line_items/3188200037",
        r#"{"price": 70, "taxable": false}"#,
        ON_INVOICE,
    ),
    fact(
        "PUT /invoices/1652300004/line_items/3188200037",
        r#"{"name": "Two ports", "taxable": false}"#,
        &["invoice-line"],
    ),
    fact("PUT /estimates/9120011", r#"{"name": "Masts"}"#, ESTIMATE),
    fact("PUT /estimates/9120011", r#"{"number": "E9"}"#, ESTIMATE),
    fact("PUT /estimates/9120011", r#"{"status": "Declined"}"#, ESTIMATE),
    fact("POST /estimates/9120011/line_items", EXTRA, &["estimate-convert"]),
    fact(
        "PUT /estimates/9120011/line_items/3188200034",
        r#"{"price": 70, "taxable": false}"#,
        ESTIMATE,
    ),
    fact(
        "PUT /estimates/9120011/line_items/3188200034",
        r#"{"name": "Two masts", "taxable": false}"#,
        &["estimate-line"],
    ),
    fact("PUT /contracts/310021", r#"{"name": "Care"}"#, &[]),
    fact("PUT /contracts/310021", r#"{"status": "Draft"}"#, &[]),
    fact("PUT /contracts/310021", r#"{"contract_amount": "1"}"#, &["contract-delete"]),
    fact("POST /contracts", r#"{"customer_id": 31204551, "name": "Care"}"#, CUSTOMER),
    fact(
        "POST /schedules",
        r#"{"customer_id": 31204551, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01"}"#,
        CUSTOMER,
    ),
    fact("PUT /schedules/88100", r#"{"name": "Watch"}"#, &[]),
    fact("PUT /schedules/88100", r#"{"frequency": "Daily"}"#, &[]),
    fact("PUT /schedules/88100", r#"{"next_run": "2027-04-01"}"#, &["schedule-delete"]),
    fact(
        "PUT /schedules/88100/line_items/412300",
        r#"{"price_retail": 70, "taxable": false}"#,
        &["schedule-line", "schedule-delete"],
    ),
    fact(
        "PUT /schedules/88100/line_items/412300",
        r#"{"description": "Two discs", "taxable": false}"#,
        &["schedule-line"],
    ),
    fact("PUT /customer_assets/12400000", r#"{"name": "Server 9"}"#, &[]),
    fact(
        "PUT /appointments/5560900021",
        r#"{"summary": "Receipts", "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T16:00:00Z"}"#,
        &[],
    ),
    fact(
        "PUT /appointments/5560900021",
        r#"{"start_at": "2027-03-17T17:00:00Z", "end_at": "2027-03-17T18:00:00Z"}"#,
        &[],
    ),
    fact(
        "POST /appointments",
        r#"{"summary": "Lunch", "user_id": 81204, "start_at": "2027-03-18T14:00:00Z",
            "end_at": "2027-03-18T15:00:00Z", "do_not_email": true}"#,
        NONE,
    ),
];

/// What a path is of: all of it before the first id.
pub(super) fn kind(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_id = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = path.trim_start_matches("/api/v1").split('/').filter(|part| !part.is_empty());
    parts.take_while(|part| !is_id(part)).collect::<Vec<_>>().join("/")
}

/// What previews read of which no fact is changed here, and why.
pub(super) const HELD: &[(&str, &str)] = &[
    ("customers/autocomplete", "the search beside the list of customers: what only looks alike"),
    ("line_items", "the lines of all documents: their facts are those of each estimate"),
    ("me", "whose key it is: a request carries the key, and a plan the id, which no name changes"),
    ("payment_methods", "the practice account has one list for ever: the word is sent that it has"),
    ("settings", "currency, zone and hours are held for a day: a request has numbers and moments"),
    ("ticket_timers", "the timers of all tickets: their facts are those of each ticket"),
    ("tickets/settings", "words and names of users are held for a day: the word or the id is sent"),
    ("users", "names of users are held for a day: the id is sent"),
];

/// What is told and is no ground.
const NONE: &[&str] = &["none"];

const ESTIMATE: &[&str] =
    &["estimate-convert", "estimate-update", "estimate-delete", "estimate-line"];

const EXTRA: &str = r#"{"item": "Mast", "name": "Steel", "price": 45, "taxable": false}"#;

/// What a preview tells and no request rests on: the request and how its body begins, and the writes that tell of it.
pub(super) struct Advice {
    what: &'static str,
    body: &'static str,
    writes: &'static [&'static str],
}

const fn advice(what: &'static str, body: &'static str, writes: &'static [&'static str]) -> Advice {
    Advice { what, body, writes }
}

impl Advice {
    /// Each write of it by itself.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (String, &'static str)> {
        let what = format!("{} {}", self.what, self.body);
        self.writes.iter().map(move |typed| (what.clone(), *typed))
    }
}

const ANY: &str = "{\"";

pub(super) const ADVISORY: &[Advice] = &[
    // What overlaps is pointed out, and may.
    advice("POST /appointments", ANY, &["appointment add", "create", "move-appointment"]),
    // What somebody else enters meanwhile waits for the next bill, and what waits beside a write is pointed out.
    advice("POST /tickets/108443837/timer_entry", ANY, &["bill", "line add", "close", "update"]),
    advice("POST /tickets/108443837/add_line_item", ANY, &["close", "update"]),
    // It is what is wanted.
    advice(
        "PUT /contacts/7804551",
        "{\"name\": \"Imelda Quill\", \"opt_out\"",
        &["contact disable"],
    ),
    // A guard asks: at each look, and when it is resumed; and once it is what is wanted.
    advice(
        "PUT /customers/31204551",
        "{\"disabled\"",
        &[
            "api POST rmm/public_scripts",
            "api POST ticket_blueprints",
            "close",
            "comment",
            "create",
            "customer disable",
            "line add",
        ],
    ),
    // What only looks alike is pointed out, and may.
    advice("POST /customers", ANY, &["customer create"]),
    // One that is there is asked about; the list of all shows none of it for sure.
    advice(
        "POST /invoices",
        "{\"customer_id\": 31204618",
        &["api POST invoices -F customer_id=31204618"],
    ),
];
