//! A ticket's line items, with the server's ways about prices.
//!
//! Only `price_retail` is kept as a price; any other name for it leaves a line of $0.00.
//! Turning lines into those of an invoice is left to `invoicing.rs`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::call::Call;
use super::kind::Kind;
use super::reply::Reply;
use super::state::{State, Table};
use super::table::blank;
use super::value::{
    Record, cents, decimal, in_cents, integer, number, record, string, text, truth,
};

/// `POST /tickets/{id}/add_line_item`.
pub(super) fn add(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let missing: Vec<&str> = [("name", "Name"), ("description", "Description")]
        .iter()
        .filter(|(field, _)| text(&call.body, field).trim().is_empty())
        .map(|(_, name)| *name)
        .collect();
    if !missing.is_empty() {
        let sentence = missing
            .iter()
            .map(|name| format!("{name} can't be blank"))
            .collect::<Vec<_>>()
            .join(", ");
        return Reply::json(422, json!({"errors": sentence, "params": call.body}));
    }
    if let Some(refusal) = unknown_product(state, call) {
        return refusal;
    }
    let mut fields = record(json!({
        "name": text(&call.body, "name"),
        "description": text(&call.body, "description"),
        "quantity": string(decimal(&call.body, "quantity").unwrap_or(Decimal::ONE)),
        "taxable": truth(&call.body, "taxable").unwrap_or(true),
        "user_id": call.user,
        "upc_code": call.body.get("upc_code"),
    }));
    fields.extend(product(state, &call.body));
    fields.extend(price(call, Some(Decimal::ZERO)));
    let id = write(state, call, ticket, fields);
    match state.get(Table::Lines, id) {
        Some(line) => Reply::ok(Value::Object(super::value::public(line))),
        None => Reply::not_found(),
    }
}

/// Adds a line with all the fields that the caller does not care about, and returns its id.
pub(super) fn write(state: &mut State, call: &Call, ticket: i64, fields: Record) -> i64 {
    let position = state.belonging(Table::Lines, "ticket_id", ticket).count() + 1;
    let mut line = blank(Table::Lines);
    line.extend(record(json!({"ticket_id": ticket, "position": position})));
    line.extend(fields);
    let id = state.add(Table::Lines, call.now, line);
    state.change(Table::Tickets, ticket, call.now, Record::new());
    id
}

/// `PUT /tickets/{id}/update_line_item`.
///
/// Leaving `taxable` out puts it back to its default, as the server does with booleans on PUT.
pub(super) fn update(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let Some(id) = own_line(state, call, ticket) else {
        return Reply::not_found();
    };
    if let Some(refusal) = unknown_product(state, call) {
        return refusal;
    }
    for (field, name) in [("name", "Name"), ("description", "Description")] {
        if call.body.contains_key(field) && text(&call.body, field).trim().is_empty() {
            let sentence = format!("{name} can't be blank");
            return Reply::json(422, json!({"errors": sentence, "params": call.body}));
        }
    }
    let mut fields = Record::new();
    for field in ["name", "description", "upc_code"] {
        if let Some(value) = call.body.get(field) {
            fields.insert(field.to_owned(), value.clone());
        }
    }
    if let Some(quantity) = decimal(&call.body, "quantity") {
        fields.insert("quantity".to_owned(), string(quantity));
    }
    let taxable = truth(&call.body, "taxable").unwrap_or(true);
    fields.insert("taxable".to_owned(), Value::Bool(taxable));
    if call.body.contains_key("product_id") {
        fields.extend(product(state, &call.body));
    }
    fields.extend(price(call, None));
    state.change(Table::Lines, id, call.now, fields);
    state.change(Table::Tickets, ticket, call.now, Record::new());
    match state.get(Table::Lines, id) {
        Some(line) => Reply::ok(json!({"ticket_line_item": super::value::public(line)})),
        None => Reply::not_found(),
    }
}

/// `POST /tickets/{id}/remove_line_item`: an invoiced one goes like any other, and its invoice keeps it.
pub(super) fn remove(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let Some(id) = own_line(state, call, ticket) else {
        return Reply::not_found();
    };
    state.remove(Table::Lines, id);
    state.change(Table::Tickets, ticket, call.now, Record::new());
    Reply::ok(json!({"success": true, "message": ""}))
}

fn own_line(state: &State, call: &Call, ticket: i64) -> Option<i64> {
    let id = integer(&call.body, "ticket_line_item_id")?;
    let line = state.get(Table::Lines, id)?;
    (integer(line, "ticket_id") == Some(ticket)).then_some(id)
}

fn unknown_product(state: &State, call: &Call) -> Option<Reply> {
    let given = call.body.get("product_id").filter(|id| !id.is_null())?;
    let known = state.named(Table::Products, &call.body, "product_id");
    if known.is_some() {
        return None;
    }
    Some(Reply::invalid_of(&call.body, json!(format!("Product {given} does not exist"))))
}

fn product(state: &State, body: &Record) -> Record {
    let product = state.named(Table::Products, body, "product_id");
    record(json!({
        "product_id": product.and_then(|product| product.get("id")),
        "product_category": product.and_then(|product| product.get("product_category")),
    }))
}

/// Returns the fields of a price, where one was given under the one name that counts.
fn price(call: &Call, otherwise: Option<Decimal>) -> Record {
    let mut fields = Record::new();
    let retail = match call.fault {
        Some(Kind::LostPrice) => Some(Decimal::ZERO),
        _ => decimal(&call.body, "price_retail").or(otherwise),
    };
    if let Some(retail) = retail {
        let retail = cents(retail);
        fields.insert("retail_cents".to_owned(), in_cents(retail));
        fields.insert("price_retail".to_owned(), number(retail));
    }
    if let Some(cost) = decimal(&call.body, "price_cost") {
        let cost = cents(cost);
        fields.insert("cost_cents".to_owned(), in_cents(cost));
        fields.insert("price_cost".to_owned(), number(cost));
    }
    fields
}
