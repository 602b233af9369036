//! The tickets that have a part in the story; the table in `seed/mod.rs` says which one.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::call::Call;
use super::super::invoices;
use super::super::invoicing::Prices;
use super::super::lines;
use super::super::payments;
use super::super::state::{State, Table};
use super::super::timers;
use super::super::value::{Record, in_cents, instant, number, record, text};
use super::people::{
    BAKERY, DENTAL, GARDEN, HARROW, MOSSGATE, NORTHLIGHT, ODALYS, ONSITE, OSPREY, PETRA,
    QUILLFEATHER, REMOTE, SSD, TIDEWRACK, TRAVEL, contact,
};
use super::{DAY, HOUR, Seen, Ticket, ago, comment, comments, ticket_id};
use crate::sandbox::{COLLEAGUE, TRAINEE};

/// Adds the tickets of the story, with their lines, invoices, timers and appointments.
pub(super) fn add(state: &mut State) {
    billable(state);
    prepaid(state);
    invoiced(state);
    odd(state);
    comments::many(state);
    appointments(state);
}

fn open(number: i64, customer: i64, subject: &'static str, opened: i64) -> Ticket<'static> {
    Ticket {
        number,
        customer,
        contact: (customer != ODALYS).then(|| contact(customer)),
        subject,
        status: "In Progress",
        problem: "Software",
        priority: "2 Normal",
        user: Some(TRAINEE),
        opened,
    }
}

fn billable(state: &mut State) {
    let till = open(32_181, QUILLFEATHER, "Till will not print gift receipts", 5 * HOUR).add(
        state,
        "Since the update on Monday the till prints ordinary receipts but no gift receipts.<br>\
         The button does nothing.",
    );
    comment(
        state,
        till,
        4 * HOUR,
        TRAINEE,
        "Update",
        "Good morning Imelda,<br>I will connect to the till at 10 and have a look. Please leave it on.",
        Seen::Mailed,
    );
    comment(
        state,
        till,
        3 * HOUR,
        0,
        "Re: Update",
        "Thank you, it is on and nobody is using it.",
        Seen::Silent,
    );
    comment(
        state,
        till,
        2 * HOUR,
        TRAINEE,
        "Private note",
        "Gift layout missing from the print profile after the update. Copied it from the second till.",
        Seen::Private,
    );
    state.add(
        Table::Assets,
        ago(300 * DAY),
        record(json!({
            "name": "TILL-1",
            "customer_id": QUILLFEATHER,
            "asset_type": "Desktop",
            "asset_serial": "LF-000117",
            "properties": {},
            "_ticket_id": till,
        })),
    );

    open(32_173, OSPREY, "Sign-in sheet app shows last year's groups", 2 * DAY).add(
        state,
        "Dot called: the groups on the sign-in tablet are those of last year.<br>\
         The school has no e-mail address with us, call back on the phone.",
    );
}

fn prepaid(state: &mut State) {
    let chairs = open(32_180, DENTAL, "Chairside PC 2 drops off the domain", 8 * HOUR)
        .add(state, "PC at chair 2 says the trust relationship failed. Happens about once a week.");
    comment(
        state,
        chairs,
        6 * HOUR,
        COLLEAGUE,
        "Update",
        "Rejoined it this morning, but the clock was 9 minutes off. Somebody should look at the battery.",
        Seen::Private,
    );
    open(32_179, BAKERY, "Set up the new order tablet", 20 * HOUR).add(
        state,
        "The new tablet for phone orders is here. Please set it up like the old one.<br>\
         About an hour, says Tomasz.",
    );
    let survey = open(32_175, TIDEWRACK, "Survey export ends with an error", DAY)
        .add(state, "Export of the harbour survey stops at 80 % with error 0x2F.");
    let call = call(TRAINEE, 35);
    let fields = record(json!({
        "user_id": TRAINEE,
        "start_time": instant(ago(35)),
        "notes": "On the line with Solveig",
        "product_id": REMOTE,
    }));
    timers::write(state, &call, survey, fields);
}

fn invoiced(state: &mut State) {
    let disk = open(32_178, HARROW, "Disk nearly full on the archive PC", 2 * DAY + 3 * HOUR)
        .add(state, "The archive PC warns about its disk. Leonie would like a larger one put in.");
    line(state, disk, TRAVEL, "Trip on Monday", "1.0", 4500, false, DAY + 2 * HOUR);
    line(state, disk, SSD, "1 TB SSD for the archive PC", "1.0", 8950, true, DAY + HOUR);

    let fridge = Ticket {
        status: "Invoiced",
        ..open(32_177, MOSSGATE, "Fridge sensor alarms by mail", 3 * DAY)
    }
    .add(state, "The vaccine fridge should send its alarms to both vets.");
    line(state, fridge, REMOTE, "Alarm mails to both vets, tested", "0.75", 12000, false, 2 * DAY);
    invoice(state, fridge, MOSSGATE, 2 * DAY - HOUR, None);

    let label = Ticket {
        status: "Closed",
        ..open(32_176, MOSSGATE, "Label printer on the second desk", 3 * DAY + 5 * HOUR)
    }
    .add(state, "Please connect the label printer to the second desk as well.");
    line(state, label, ONSITE, "Label printer connected and shown", "1.0", 15000, false, 3 * DAY);
    line(state, label, SSD, "1 TB SSD, desk two", "1.0", 8950, true, 3 * DAY);
    let paid = invoice(state, label, MOSSGATE, 3 * DAY - HOUR, None);
    payments::pay(state, ago(DAY), paid, "Credit Card");

    let catalogue =
        open(32_170, QUILLFEATHER, "Catalogue export to the wholesaler", 3 * DAY + 9 * HOUR)
            .add(state, "The nightly export to the wholesaler arrives empty.");
    line(
        state,
        catalogue,
        REMOTE,
        "Export job repaired, run twice",
        "1.5",
        0,
        false,
        3 * DAY + 2 * HOUR,
    );
    invoice(state, catalogue, QUILLFEATHER, 3 * DAY + HOUR, None);

    // An id that is somebody else's number: the API takes either and answers with the id first.
    let patch = ticket_id(32_150);
    line(state, patch, ONSITE, "Three patch points re-terminated", "2.0", 15000, false, 17 * DAY);
    let numbered = invoice(state, patch, HARROW, 17 * DAY, Some("67402"));
    payments::pay(state, ago(10 * DAY), numbered, "Check");
    let shadow = state.get(Table::Invoices, numbered).cloned().unwrap_or_default();
    let mut shadow = shadow;
    shadow.extend(record(json!({
        "id": 67_402,
        "number": "1188",
        "ticket_id": null,
        "customer_id": GARDEN,
        "customer_business_then_name": "Brindlewood Garden Centre",
        "created_at": instant(ago(690 * DAY)),
        "updated_at": instant(ago(690 * DAY)),
        "date": instant(ago(690 * DAY)),
        "due_date": instant(ago(690 * DAY)),
    })));
    state.put(Table::Invoices, shadow);
}

fn odd(state: &mut State) {
    let number = 32_172;
    let subject = "Screen \u{1b}[31mred\u{1b}[0m at night \u{1b}]0;owned\u{7}\u{202e}gnp.exe\u{202c} \u{200b}\u{9b}2J";
    Ticket { subject, ..open(number, GARDEN, "", 2 * DAY + 6 * HOUR) }
        .add(state, "The sign outside shows \u{1b}[5mstrange\u{1b}[0m colours at night.");

    let strange = Ticket {
        user: None,
        ..open(32_171, ODALYS, "Camera pictures do not arrive", 2 * DAY + 9 * HOUR)
    }
    .add(state, "Pictures from the door camera stopped arriving.");
    state.change(
        Table::Tickets,
        strange,
        ago(2 * DAY),
        record(json!({
            "priority": null,
            "problem_type": null,
            "due_date": null,
            "properties": null,
            "tag_list": null,
            "ticket_type_id": null,
            "ticket_type_name": null,
            "sla_breached": null,
            "customer_reply": null,
            "billing_status": {"state": "unbilled", "since": null},
            "weather_at_opening": {"sky": "overcast", "degrees": "4.5", "birds": [null, "gull", 3]},
            "9lives": true,
        })),
    );
    state.add(
        Table::Comments,
        ago(2 * DAY),
        record(json!({
            "ticket_id": strange,
            "subject": null,
            "body": null,
            "tech": null,
            "hidden": null,
            "user_id": null,
            "is_rich_text": null,
            "attachments_from_space": [],
        })),
    );
}

/// The sort of request that the first day is made by.
pub(super) fn call(user: i64, minutes_ago: i64) -> Call {
    Call {
        method: "POST".to_owned(),
        path: Vec::new(),
        query: Vec::new(),
        body: Record::new(),
        readable: true,
        user,
        now: ago(minutes_ago),
        list_page: 25,
        fault: None,
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a row of the story: one column each, read side by side"
)]
fn line(
    state: &mut State,
    ticket: i64,
    product: i64,
    description: &str,
    quantity: &str,
    cents: i64,
    taxable: bool,
    minutes_ago: i64,
) {
    let price = Decimal::new(cents, 2);
    let sold = state.get(Table::Products, product).cloned().unwrap_or_default();
    let fields = record(json!({
        "user_id": TRAINEE,
        "product_id": product,
        "product_category": sold.get("product_category"),
        "name": text(&sold, "name"),
        "description": description,
        "quantity": quantity,
        "taxable": taxable,
        "retail_cents": in_cents(price),
        "price_retail": number(price),
    }));
    lines::write(state, &call(TRAINEE, minutes_ago), ticket, fields);
}

fn invoice(
    state: &mut State,
    ticket: i64,
    customer: i64,
    minutes_ago: i64,
    number: Option<&str>,
) -> i64 {
    let mut call = call(PETRA, minutes_ago);
    if let Some(number) = number {
        call.body.insert("number".to_owned(), Value::from(number));
    }
    invoices::write(state, &call, customer, Some(ticket), PETRA, Prices::Kept)
}

fn appointments(state: &mut State) {
    let visits: [(&str, i64, Option<i64>, i64, i64); 6] = [
        ("Chairside PC 2", DENTAL, Some(32_180), -26 * HOUR, 60),
        ("New order tablet", BAKERY, Some(32_179), -50 * HOUR, 90),
        ("Archive PC, new disk", HARROW, Some(32_178), -3 * HOUR, 45),
        ("Quarterly look round", GARDEN, None, -7 * DAY, 120),
        ("Plans for the new office", NORTHLIGHT, None, -2 * DAY, 60),
        ("Label printer", MOSSGATE, Some(32_176), 3 * DAY + 2 * HOUR, 60),
    ];
    for (summary, customer, ticket, minutes_ago, minutes) in visits {
        let start = ago(minutes_ago);
        let name = state
            .get(Table::Customers, customer)
            .map(|customer| text(customer, "business_then_name").to_owned())
            .unwrap_or_default();
        state.add(
            Table::Appointments,
            ago(5 * DAY),
            record(json!({
                "summary": summary,
                "description": format!("Customer: {name}"),
                "customer_id": customer,
                "start_at": instant(start),
                "end_at": instant(ago(minutes_ago - minutes)),
                "duration": minutes / 60,
                "location": "At the customer",
                "ticket_id": ticket.map(ticket_id),
                "appointment_location_type": null,
                "appointment_type_id": 61_301,
                "user_id": TRAINEE,
                "user_ids": [TRAINEE],
                "all_day": false,
                "do_not_email": "1",
            })),
        );
    }
}
