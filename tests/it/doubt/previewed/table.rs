//! The table of previewed writes: every one of the program, and what its account has besides.

use std::fmt;

/// A write, and its requests as faults name them, `line@2` the second of its name; `~` is a space within a word.
pub(super) struct Write {
    pub(super) typed: &'static str,
    pub(super) ops: &'static [&'static str],
    /// What its account has besides: requests of the key's owner.
    pub(super) office: &'static [Call],
    /// How its account is different.
    pub(super) faults: &'static [&'static str],
    /// What is asked before its preview is, on a terminal.
    pub(super) asked: &'static [&'static str],
    /// Whether it is never tried a second time, even where the limit of requests turned it away.
    pub(super) is_once: bool,
    /// Whether all of it is read again after each answer, however quick that is, and previewed once more.
    pub(super) is_reread: bool,
}

/// A request: method and path, and its body.
pub(super) type Call = (&'static str, &'static str);

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.typed)
    }
}

impl Write {
    pub(super) fn with(&self, more: &[&str]) -> Vec<String> {
        let typed = self.typed.split(' ').map(|word| word.replace('~', " "));
        typed.chain(more.iter().map(|word| (*word).to_owned())).collect()
    }

    const fn after(mut self, office: &'static [Call]) -> Self {
        self.office = office;
        self
    }

    const fn at(mut self, faults: &'static [&'static str]) -> Self {
        self.faults = faults;
        self
    }

    const fn once(mut self) -> Self {
        self.is_once = true;
        self
    }

    const fn reread(mut self) -> Self {
        self.is_reread = true;
        self
    }

    const fn asking(mut self, asked: &'static [&'static str]) -> Self {
        self.asked = asked;
        self
    }
}

pub(super) const fn write(typed: &'static str, ops: &'static [&'static str]) -> Write {
    Write { typed, ops, office: &[], faults: &[], asked: &[], is_once: false, is_reread: false }
}

/// A timer of ours that runs, timer entry 48700007.
const RUNS: Call =
    ("POST /ticket_timers", r#"{"ticket_id": 108443222, "product_id": 17340021, "notes": "Slow"}"#);

/// It is paused.
const IS_PAUSED: Call = ("POST /ticket_timers/48700007/pause", "{}");

/// A visit far from any other, appointment 5560900021.
const VISIT: Call = (
    "POST /appointments",
    r#"{"summary": "Gift receipts", "ticket_id": 108443837, "customer_id": 31204551, "user_id": 81204,
        "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T16:00:00Z", "do_not_email": true}"#,
);

/// Half an hour that waits on the garden center's ticket, and its invoice 1652300004 with line 3188200037.
const LINE: Call = (
    "POST /tickets/108443304/add_line_item",
    r#"{"product_id": 17340021, "name": "Labor - Remote", "description": "Port", "quantity": "0.5",
        "price_retail": 120, "taxable": false}"#,
);
const INVOICE: Call = ("POST /invoices", r#"{"ticket_id": 108443304, "customer_id": 31204618}"#);

/// It is a draft.
const IS_DRAFT: Call = ("POST /invoices/1652300004/convert_to_draft", "{}");

/// Schedule 88100 of the garden center with line 412300.
const SCHEDULE: Call = (
    "POST /schedules",
    r#"{"customer_id": 31204618, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01"}"#,
);
const SCHEDULE_LINE: Call = (
    "POST /schedules/88100/line_items",
    r#"{"name": "Watch", "price_retail": 20, "quantity": 1, "taxable": false}"#,
);

/// An appointment that is emailed: what it rests on besides is no ground of one that is not.
const EMAILED: &str = "appointment-create@1";

pub(super) const WRITES: &[Write] = &[
    write("update 32181 Resolved", &["ticket-update"]),
    write("update 32181 --priority high --contact joss", &["ticket-update"]),
    write("update 32181 --assign mika", &["ticket-update"]),
    write("close 32181 -m Copied --no-log", &["comment", "ticket-update"]),
    write("close 32166 --no-comment --no-log --stop-timer", &["timer-stop", "ticket-update"])
        .after(&[RUNS]),
    write("comment 32181 Copied", &["comment"]),
    write(
        "bill 32181 --minutes 30 --labor remote -m Copied --description Copied",
        &["comment", "line", "invoice-create", "ticket-update"],
    ),
    write(
        "bill 32181 --minutes 30 --labor remote --add travel=1 --no-comment --description Copied",
        &["line", "line@2", "invoice-create", "ticket-update"],
    ),
    write(
        "bill 32181 --minutes 30 --labor remote --no-comment --description Copied --log-time --start 2026-03-17~09:10",
        &["timer-add", "timer-charge", "invoice-create", "ticket-update"],
    ),
    write(
        "bill 32169 --minutes 30 --labor remote --no-comment --description Copied",
        &["line", "invoice-create", "ticket-update"],
    ),
    write(
        "bill 32168 --from-timers --no-comment",
        &["timer-charge", "invoice-create", "ticket-update"],
    ),
    write(
        "create 31204551 Blank --description Since~today --start 2027-03-18~09:00",
        &["ticket-create", "comment", "appointment-create"],
    )
    .asking(&["Enter to continue"]),
    write(
        "create 31204551 Blank --description Since~today --contact 7804552",
        &["ticket-create", "comment"],
    )
    .asking(&["Enter to continue"]),
    write(
        "create 31204551 Blank --description Since~today --contact 7804552 --start 2027-03-18~09:00 --mail-appointment",
        &["ticket-create", "comment@1", EMAILED],
    )
    .asking(&["Enter to continue"]),
    write("delete 32181 --number 32181", &["ticket-delete"]),
    write("line add 32181 --labor remote --minutes 30", &["line"]),
    write("line add 32181 --product 17340101", &["line"]),
    write("line update 32178 2964400001 --quantity 2", &["line-update"]),
    write("line remove 32178 2964400001", &["line-remove"]),
    write("timer start 32181 --labor remote", &["timer-add"]),
    write("timer pause 32166", &["timer-pause"]).after(&[RUNS]),
    write("timer resume 32166", &["timer-start"]).after(&[RUNS, IS_PAUSED]),
    write("timer stop 32166", &["timer-stop"]).after(&[RUNS]),
    // Of a moment's time, nothing is left by rounding.
    write("timer stop 32166 --zero", &["timer-stop"]).after(&[RUNS]).at(&["settings@*=charges"]),
    write("timer stop 32175 --large", &["timer-update"]),
    write("timer add 32181 --minutes 45 --labor remote --start 2026-03-17~10:00", &["timer-add"]),
    write("timer update 32168 48700003 --notes Port --labor onsite", &["timer-update"]),
    write("timer delete 32168 48700003", &["timer-delete"]),
    write("timer charge 32168", &["timer-charge"]),
    write("timer charge 32162 --labor remote", &["timer-charge", "line-update"]),
    write("invoice create 32178", &["invoice-create"]),
    write("invoice update 67409 --note Thanks", &["invoice-update"]),
    write("invoice email 67409", &["invoice-email"]).once(),
    write("invoice delete 67409 --keep-status", &["invoice-delete"]),
    write("payment add 67409 --amount 20.05 --method Check", &["payment-create"]),
    // Its amount is what is open by the time of the answer.
    write("payment add 67409 --full --method Check", &["payment-create"]).reread(),
    write("contact create 31204551 Ada~Finch --email ada@quill.example", &["contact-create"]),
    write("contact update 7804551 --title Owner", &["contact-update"]),
    write("contact disable 7804551", &["contact-update"]),
    write("contact delete 7804552", &["contact-delete"]),
    write(
        "customer create Bluebird~Bakery --email hello@bluebird.example --contact Ada~Finch",
        &["customer-create", "contact-create"],
    ),
    write("customer update 31204551 --city Port", &["customer-update"]),
    write("customer disable 31204551 --open-work", &["customer-update"]),
    write("asset create 31204551 TILL-3 --type Desktop", &["asset-create"]),
    write("asset update 12400000 --name Till", &["asset-update"]),
    write("appointment add 32181 --start 2027-03-18~09:00", &["appointment-create"]),
    write("appointment add 32181 --start 2027-03-18~09:00 --mail", &[EMAILED]),
    write("appointment cancel 5560900021", &["appointment-delete"]).after(&[VISIT]),
    write(
        "move-appointment 31204551 --date 2027-03-17 --appointment 5560900021 --to 2027-03-18~09:00",
        &["appointment-update"],
    )
    .after(&[VISIT]),
    write("api PUT tickets/108443837 -F priority=1~High", &["ticket-update"]),
    write("api POST invoices/1652300004/publish", &["invoice-publish"]).after(&[
        LINE, INVOICE, IS_DRAFT,
    ]),
    write("api POST invoices/1652300004/convert_to_draft", &["invoice-draft"])
        .after(&[LINE, INVOICE]),
    write(
        "api POST invoices/1652300004/line_items -F item=Toner -F name=Black -F price=45 -F taxable=false",
        &["invoice-line"],
    )
    .after(&[LINE, INVOICE]),
    write(
        "api POST invoices/1652300004/line_items -F product_id=17340021 -F item=Remote -F name=Port -F price=120 -F taxable=false",
        &["invoice-line"],
    )
    .after(&[LINE, INVOICE]),
    write(
        "api PUT invoices/1652300004/line_items/3188200037 -F quantity=2",
        &["invoice-line"],
    )
    .after(&[LINE, INVOICE]),
    write("api DELETE invoices/1652300004/line_items/3188200037", &["invoice-line"])
        .after(&[LINE, INVOICE]),
    write("api POST invoices -F customer_id=31204618 --zero", &["invoice-create"]),
    write("api POST payments -F customer_id=31204618 -F amount_cents=2005", &["payment-create"]),
    write("api POST estimates/9120011/convert_to_invoice", &["estimate-convert"]),
    write(
        "api POST estimates/9120011/line_items -F item=Pole -F name=Steel -F price=45 -F taxable=false",
        &["estimate-line"],
    ),
    write("api PUT estimates/9120011/line_items/3188200034 -F quantity=2", &["estimate-line"]),
    write(
        "api PUT estimates/9120011/line_items/3188200034 -F product_id=17340021",
        &["estimate-line"],
    ),
    write("api DELETE estimates/9120011/line_items/3188200034", &["estimate-line"]),
    write(
        "api POST estimates -F customer_id=31204618 -F name=Masts -F date=2027-03-01",
        &["estimate-create"],
    ),
    write("api PUT estimates/9120011 -F note=Two", &["estimate-update"]),
    write("api DELETE estimates/9120011 --number E2197", &["estimate-delete"]),
    write(
        "api POST contracts -F customer_id=31204618 -F name=Care -F contract_amount=45~a~month",
        &["contract-create"],
    ),
    write("api PUT contracts/310021 -F status=Lost", &["contract-update"]),
    write("api DELETE contracts/310021 --name Care,~quarterly", &["contract-delete"]),
    write(
        "api POST schedules -F customer_id=31204618 -F name=Care -F frequency=Monthly -F next_run=2027-03-01",
        &["schedule-create"],
    ),
    write("api PUT schedules/88100 -F frequency=Weekly", &["schedule-update"]).after(&[SCHEDULE]),
    write("api DELETE schedules/88100 --name Care", &["schedule-delete"])
        .after(&[SCHEDULE, SCHEDULE_LINE]),
    write(
        "api POST schedules/88100/line_items -F name=Care -F price_retail=45 -F quantity=1 -F taxable=false",
        &["schedule-line"],
    )
    .after(&[SCHEDULE]),
    write(
        "api POST schedules/88100/line_items -F product_id=17340021 -F name=Remote -F price_retail=120 -F quantity=1 -F taxable=false",
        &["schedule-line"],
    )
    .after(&[SCHEDULE]),
    write("api PUT schedules/88100/line_items/412300 -F quantity=2", &["schedule-line"])
        .after(&[SCHEDULE, SCHEDULE_LINE]),
    write("api DELETE schedules/88100/line_items/412300", &["schedule-line"])
        .after(&[SCHEDULE, SCHEDULE_LINE]),
    write(
        "api POST schedules/88100/add_line_item -F name=Care -F price_retail=45 -F quantity=1 -F taxable=false",
        &["schedule-line"],
    )
    .after(&[SCHEDULE]),
    write(
        "api POST schedules/88100/remove_line_item -F schedule_line_item_id=412300",
        &["schedule-line"],
    )
    .after(&[SCHEDULE, SCHEDULE_LINE]),
    write("api DELETE customers/31204551 --name Quillfeather~Books --open-work", &["customer-delete"]),
    write("api POST ticket_timers -F ticket_id=108443837", &["timer-begin"]),
    write("api PATCH ticket_timers/48700003 -F billable=false", &["timer-billable"]),
    write("api PUT products/17340101 -F description=Spool", &["product-write"]),
    write(
        "api POST ticket_blueprints/7301/apply -F customer_id=31204551 --no-undo",
        &["blueprint"],
    )
    .once(),
    write(
        "api POST rmm/public_scripts/12400000/schedule -F script_id=4401 --no-undo",
        &["script"],
    )
    .once(),
];
