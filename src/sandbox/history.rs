//! Years of work behind the first day: as many closed and open tickets as are wanted, with comments, time, invoices and
//! payments, the same each time. They are there to be many; what is to be looked at is in the seed.

use serde_json::{Value, json};

use super::state::Table;
use super::value::{Record, record};

/// The tickets' numbers go down from here: those of the seed are above it.
const NUMBERS: i64 = 32_100;

/// No more, or numbers run out.
pub(super) const MOST: u32 = 30_000;

/// So many days before the first one the oldest ticket was made.
const DAYS: i64 = 700;

/// Where ids begin that the seed leaves free.
const COMMENTS: i64 = 3_000_000_000;
const LINES: i64 = 2_000_000_000;
const TIMERS: i64 = 30_000_000;
const INVOICES: i64 = 1_000_000_000;
const INVOICE_LINES: i64 = 2_500_000_000;
const PAYMENTS: i64 = 40_000_000;

const THINGS: [&str; 12] = [
    "printer",
    "scanner",
    "mailbox",
    "backup",
    "tablet",
    "router",
    "till",
    "monitor",
    "door camera",
    "file share",
    "phone system",
    "license",
];
const TROUBLES: [&str; 10] = [
    "does not start",
    "is slow since the update",
    "asks for a password",
    "shows an error",
    "is offline",
    "makes a noise",
    "needs to be moved",
    "has to be replaced",
    "lost its settings",
    "is full",
];
const DEEDS: [&str; 8] = [
    "Called back and looked at it together",
    "Reset it and watched it for a while",
    "Ordered a spare part",
    "Installed the update and tested it",
    "Moved it to the other room",
    "Cleaned it and put it back",
    "Asked the vendor for help",
    "Showed the team how it works",
];
/// Whose they are: customers of the seed.
const CUSTOMERS: [i64; 7] =
    [31_204_551, 31_204_655, 31_204_671, 31_204_690, 31_204_713, 31_204_748, 31_204_618];
const USERS: [i64; 2] = [81_204, 81_190];

/// The records of so many tickets with labor of that product, with moments as the seed writes them; what others refer to comes first.
pub(super) fn records(tickets: u32, labor: i64) -> impl Iterator<Item = (Table, Record)> {
    let all = i64::from(tickets.min(MOST));
    (0..all).flat_map(move |index| of_ticket(index, all, labor))
}

/// One of a list, by a number that jumps about in it.
fn pick<T: Copy>(list: &[T], index: i64, step: i64) -> Option<T> {
    let length = i64::try_from(list.len()).ok()?;
    let at = (index * step + index / length).rem_euclid(length);
    list.get(usize::try_from(at).ok()?).copied()
}

fn of_ticket(index: i64, all: i64, labor: i64) -> Vec<(Table, Record)> {
    let (number, days) = (NUMBERS - index, 2 + index * DAYS / all);
    let minute = index % 60;
    let (day, next) =
        (format!("@-{days} 09:{minute:02}"), format!("@-{} 10:{minute:02}", days - 1));
    let thing = pick(&THINGS, index, 5).unwrap_or_default();
    let trouble = pick(&TROUBLES, index, 3).unwrap_or_default();
    let customer = pick(&CUSTOMERS, index, 2);
    let user = pick(&USERS, index, 1);
    let is_open = index % 50 == 7;
    let is_billed = !is_open && index % 10 < 3;
    let status = match index % 3 {
        _ if is_open => "In Progress",
        _ if is_billed => "Invoiced",
        0 => "Closed",
        _ => "Resolved",
    };
    let mut records = vec![(
        Table::Tickets,
        json!({
            "number": number, "subject": format!("The {thing} {trouble}"), "created_at": day,
            "updated_at": next, "customer_id": customer, "problem_type": "Software", "status": status,
            "ticket_type_id": 20417, "ticket_type_name": "Support", "user_id": user, "priority": "2 Normal",
        }),
    )];
    for turn in 0..4 {
        let deed = pick(&DEEDS, index + turn, 3).unwrap_or_default();
        let subject = if turn == 0 { "Initial Issue" } else { "Update" };
        let text = match turn {
            0 => format!("The {thing} {trouble}.<br>Since this morning, case {index}."),
            _ => format!("{deed}, step {turn} of case {index}."),
        };
        records.push((Table::Comments, json!({
            "id": COMMENTS + (all - index) * 4 + turn, "created_at": if turn == 0 { &day } else { &next },
            "ticket_id": number, "subject": subject, "body": text, "user_id": user, "hidden": turn == 2,
        })));
    }
    if is_billed {
        records.extend(billed(index, (number, days), (customer, user), labor));
    } else if index % 5 == 3 && !is_open {
        records.push((Table::Timers, json!({
            "id": TIMERS + index, "created_at": next, "ticket_id": number, "user_id": user,
            "start_time": format!("@-{days} 09:00"), "end_time": format!("@-{days} 10:00"),
            "notes": "Worked on it", "product_id": labor, "active_duration": 3600, "billable_time": 3600,
        })));
    }
    let known = |value: Value| record(value);
    records.into_iter().map(|(table, value)| (table, known(value))).collect()
}

/// What an invoiced ticket has besides: a line, an invoice with it, and the payment.
fn billed(
    index: i64,
    (number, days): (i64, i64),
    (customer, user): (Option<i64>, Option<i64>),
    labor: i64,
) -> Vec<(Table, Value)> {
    let (invoice, line) = (INVOICES + index, LINES + index);
    let at = format!("@-{} 11:00", days - 1);
    let day = format!("@-{}", days - 1);
    vec![
        (
            Table::Lines,
            json!({
                "id": line, "created_at": at, "ticket_id": number, "user_id": user, "product_id": labor,
                "description": "Worked on it", "quantity": "1.0", "taxable": false, "retail_cents": 12000,
                "converted": true, "price_retail": 120.0,
            }),
        ),
        (
            Table::Invoices,
            json!({
                "id": invoice, "created_at": at, "customer_id": customer, "number": (20_000 + index).to_string(),
                "date": day, "due_date": day, "subtotal": "120.0", "total": "120.0", "ticket_id": number,
                "user_id": user, "verified_paid": true, "is_paid": true,
            }),
        ),
        (
            Table::Payments,
            json!({
                "id": PAYMENTS + index, "created_at": at, "payment_amount": 120.0, "invoice_ids": [invoice],
                "applied_at": day, "payment_method": "Check", "_customer_id": customer,
                "_applied": {invoice.to_string(): 12000},
            }),
        ),
        (
            Table::InvoiceLines,
            json!({
                "id": INVOICE_LINES + index, "created_at": at, "item": "Labor - Remote", "name": "Worked on it",
                "product_id": labor, "quantity": "1.0", "price": "120.0", "taxable": false, "user_id": user,
                "_invoice_id": invoice, "_ticket_line_item_id": line, "_covered": false,
            }),
        ),
    ]
}
