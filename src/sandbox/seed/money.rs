//! What customers owe, have paid and were offered before the story: invoices without tickets, some
//! of them overdue, payments of every sort, estimates, contracts and alerts.

use rust_decimal::Decimal;
use serde_json::json;

use super::super::invoice_lines::{self, On};
use super::super::state::{State, Table};
use super::super::value::{instant, integer, record, string, text};
use super::super::{invoices, payments};
use super::clients::{KESTREL, LARKSPUR, SALTMARSH};
use super::people::{
    BAKERY, DENTAL, GARDEN, HARROW, MOSSGATE, NORTHLIGHT, ODALYS, OSPREY, QUILLFEATHER, TIDEWRACK,
};
use super::{DAY, ago};
use crate::sandbox::TRAINEE;

/// What became of an invoice.
#[derive(Clone, Copy)]
enum End {
    Open,
    /// So many cents have come in.
    Part(i64),
    Paid(&'static str),
    /// Paid by the check that also pays the next one.
    WithNext,
}
use End::{Open, Paid, Part, WithNext};

/// Customer, days ago, days to pay, what was done, hours of it, what became of it.
type Bill = (i64, i64, i64, &'static str, &'static str, End);

#[rustfmt::skip]
const BILLS: [Bill; 23] = [
    (GARDEN, 410, 14, "Till moved to the greenhouse", "2.0", Paid("Check")),
    (HARROW, 390, 30, "Year-end backup, checked", "1.5", Paid("Bank Transfer")),
    (MOSSGATE, 371, 14, "Scanner for the lab", "0.75", Paid("Credit Card")),
    (QUILLFEATHER, 350, 14, "Shop network, first part", "3.0", Paid("Check")),
    (SALTMARSH, 330, 30, "Labels aligned", "0.5", Paid("Cash")),
    (KESTREL, 301, 30, "Case files moved to the new server", "6.25", WithNext),
    (KESTREL, 294, 30, "Case files, second day", "5.5", Paid("Check")),
    (LARKSPUR, 270, 14, "Cellar camera mounted", "1.25", Paid("Credit Card")),
    (ODALYS, 255, 14, "Phone set up", "0.5", Paid("Cash")),
    (BAKERY, 240, 14, "Order tablet, first one", "1.0", Paid("Voucher")),
    (NORTHLIGHT, 221, 30, "Plotter driver", "0.75", Paid("Bank Transfer")),
    (TIDEWRACK, 200, 30, "Field tablets, three", "2.25", Paid("Check")),
    (OSPREY, 182, 14, "Tablet cases fitted", "0.5", Paid("Cash")),
    (GARDEN, 160, 14, "Scales connected to the till", "1.5", Part(10_000)),
    (SALTMARSH, 133, 30, "Cold room alarm", "2.0", Open),
    (SALTMARSH, 119, 30, "Cold room alarm, again", "1.0", Open),
    (HARROW, 96, 30, "Scanner to mail", "0.75", Open),
    (QUILLFEATHER, 81, 14, "Wireless for the reading corner", "1.25", Part(5_000)),
    (LARKSPUR, 64, 14, "Tap list on the wall", "2.5", Open),
    (KESTREL, 47, 30, "Night desk telephone", "1.0", Open),
    (OSPREY, 33, 14, "Photo archive sorted", "1.75", Open),
    (NORTHLIGHT, 21, 30, "Plotter moved", "1.0", Open),
    (DENTAL, 9, 30, "X-ray workstation, cables", "0.5", Open),
];

/// Adds it all, the oldest first.
pub(super) fn add(state: &mut State) {
    let mut waiting = Vec::new();
    for (place, bill) in (0_i64..).zip(BILLS) {
        waiting.push(invoice(state, place, bill));
        settle(state, bill, &mut waiting);
    }
    // Money that belongs to no invoice yet.
    let at = ago(12 * DAY);
    let mut loose = payments::paid(at, BAKERY, 25_000, Some("Check"), &[]);
    loose.extend(record(json!({"ref_num": "7731"})));
    state.add(Table::Payments, at, loose);
    estimates(state);
    contracts(state);
    alerts(state);
}

fn name(state: &State, customer: i64) -> String {
    let found = state.get(Table::Customers, customer);
    found.map_or_else(String::new, |customer| text(customer, "business_then_name").to_owned())
}

fn invoice(state: &mut State, place: i64, (customer, days, due, done, hours, _): Bill) -> i64 {
    let id = 1_652_204_118 + place * 613;
    let at = ago(days * DAY);
    let mut invoice = record(json!({
        "id": id, "created_at": instant(at), "updated_at": instant(at),
    }));
    invoice.extend(invoices::fresh(at));
    invoice.extend(record(json!({
        "customer_id": customer,
        "customer_business_then_name": name(state, customer),
        "number": (66_811 + place * 7).to_string(),
        "due_date": invoices::midnight(ago((days - due) * DAY)),
        "po_number": (place % 6 == 1).then(|| format!("PO-{}", 300 + place)),
        "user_id": TRAINEE,
    })));
    state.put(Table::Invoices, invoice);
    let part = place % 4 == 2;
    line(state, On::Invoice(id), days, ("Labor - Onsite", done, hours, 15_000), false);
    if part {
        let cable = ("Patch cable 3 m", "Patch cable, left there", "2.0", 625);
        line(state, On::Invoice(id), days, cable, true);
    }
    invoice_lines::total(state, at, On::Invoice(id));
    id
}

fn line(
    state: &mut State,
    on: On,
    days: i64,
    (item, done, quantity, cents): (&str, &str, &str, i64),
    taxable: bool,
) {
    let mut line = invoice_lines::fresh(1);
    line.extend(record(json!({
        "item": item,
        "name": done,
        "quantity": quantity,
        "price": string(Decimal::new(cents, 2)),
        "taxable": taxable,
        "user_id": TRAINEE,
    })));
    line.insert(on.field().to_owned(), json!(on.id()));
    state.add(Table::InvoiceLines, ago(days * DAY), line);
}

/// Pays what waits for it, or lets go of it.
fn settle(state: &mut State, (customer, days, due, _, _, end): Bill, waiting: &mut Vec<i64>) {
    let at = ago((days - due) * DAY + 90);
    match end {
        WithNext => return,
        Open => {}
        Part(cents) => {
            for id in waiting.iter() {
                let part = payments::paid(at, customer, cents, Some("Cash"), &[(*id, cents)]);
                state.add(Table::Payments, at, part);
                payments::settle(state, at, *id);
            }
        }
        Paid(method) => payments::pay_all(state, at, waiting, method),
    }
    waiting.clear();
}

fn estimates(state: &mut State) {
    for (place, (customer, name_of, status, cents)) in (0_i64..).zip([
        (GARDEN, "Cameras for the car park", "Fresh", 48_000),
        (MOSSGATE, "Second label printer", "Approved", 21_950),
        (KESTREL, "Backup in another town", "Declined", 120_000),
    ]) {
        let id = 9_120_011 + place * 13;
        let at = ago((40 - place) * DAY);
        let customer_name = name(state, customer);
        state.put(
            Table::Estimates,
            record(json!({
                "id": id,
                "customer_id": customer,
                "customer_business_then_name": customer_name,
                "name": name_of,
                "number": format!("E{}", 2_197 + place),
                "status": status,
                "created_at": instant(at),
                "updated_at": instant(at),
                "date": invoices::midnight(at),
                "subtotal": "0.0",
                "total": "0.0",
                "tax": "0.0",
                "ticket_id": null,
                "pdf_url": null,
                "location_id": null,
                "invoice_id": null,
                "employee": "Robin Ashgrove",
                "_user_id": TRAINEE,
            })),
        );
        let on = On::Estimate(id);
        line(state, on, 40 - place, ("As agreed", name_of, "1.0", cents), false);
        invoice_lines::total(state, at, on);
    }
}

fn contracts(state: &mut State) {
    for (place, (customer, name, amount, status)) in (0_i64..).zip([
        (DENTAL, "Care, quarterly", "2400 a year", "Won"),
        (HARROW, "Care, monthly", "450 a month", "Opportunity"),
    ]) {
        let at = instant(ago(500 * DAY));
        state.put(
            Table::Contracts,
            record(json!({
                "id": 310_021 + place * 5,
                "account_id": crate::sandbox::ACCOUNT,
                "customer_id": customer,
                "name": name,
                "contract_amount": amount,
                "start_date": at,
                "end_date": instant(ago(-230 * DAY)),
                "primary_contact": null,
                "description": null,
                "created_at": at,
                "updated_at": at,
                "status": status,
                "likelihood": 80,
                "apply_to_all": false,
                "sla_id": null,
            })),
        );
    }
}

fn alerts(state: &mut State) {
    let machines: Vec<(Option<i64>, Option<i64>, String)> = state
        .all(Table::Assets)
        .filter(|asset| text(asset, "asset_type") == "Server")
        .map(|asset| {
            (integer(asset, "id"), integer(asset, "customer_id"), text(asset, "name").to_owned())
        })
        .collect();
    for (place, (asset, customer, computer)) in (0_i64..).zip(machines) {
        let at = instant(ago((6 - place) * DAY));
        state.put(
            Table::Alerts,
            record(json!({
                "id": 2_310_322_007 + place * 3,
                "account_id": crate::sandbox::ACCOUNT,
                "customer_id": customer,
                "computer_name": computer,
                "properties": {},
                "resolved": place == 0,
                "check_id": 41 + place,
                "status": if place == 0 { "resolved" } else { "active" },
                "formatted_output": "Free space below 10 %",
                "description": "Low disk space",
                "created_at": at,
                "updated_at": at,
                "ticket_id": null,
                "asset_id": asset,
            })),
        );
    }
}
