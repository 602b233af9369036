//! Line items of a ticket: added, changed and removed as `line` does.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::super::write::Call;
use super::Draft;
use super::draft::{Base, changing};
use super::fields::{changes, decimal, kept, number, text};
use crate::api::Method;
use crate::api::ids::{LineItemId, ProductId, TicketId};
use crate::api::resources::tickets::Ticket;
use crate::billing::money;
use crate::commands::line::{add, find, remove, spelled, still_open, update};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::error::Result;
use crate::operations::{Finding, Guard, is_same_line};
use crate::render::preview::Sheet;
use crate::workflow::Overrides;
use crate::write::{Collection, Effect, Field, Noun, ReadSet};

/// Booleans that a PUT may set to their defaults when they are left out.
const BOOLEANS: [&str; 1] = ["taxable"];

/// `POST /tickets/{id}/add_line_item`.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub(super) async fn add(call: &Call<'_>, ticket: TicketId) -> Result<Draft> {
    let on = OnTicket::find(call.ctx, &TicketArg::Id(ticket)).await?;
    let seen = on.read(ReadSet::NOTHING).await?;
    let body = call.fields();
    let quantity = decimal(&body, "quantity")?.unwrap_or(Decimal::ONE);
    let price = decimal(&body, "price_retail")?.unwrap_or_default();
    let same = same_line(&seen.ticket, &body, quantity);
    let amounts = add::amounts(call.ctx, quantity, price);
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Line item", spelled(quantity, text(&body, "name"), price));
    let title = format!("Add a line item to ticket #{}", seen.ticket.number);
    let base = Base::on(seen, title, sheet, new_line(&body));
    let base = base.found(same).found(amounts);
    Ok(base.draft(call)?.notice(notices(&body)))
}

fn same_line(ticket: &Ticket, body: &Map<String, Value>, quantity: Decimal) -> Option<Finding> {
    let product = number(body, "product_id").map(ProductId);
    let same = ticket.line_items.iter().find(|line| {
        is_same_line(line, (product, text(body, "name")), quantity, text(body, "description"))
    });
    let line = same?;
    let text = format!("the ticket already has the same line item ({})", line.id);
    Some(Finding::new(Guard::SameLine, text))
}

/// What a line item of a body lacks, and what that leads to.
fn notices(body: &Map<String, Value>) -> Vec<String> {
    let mut notices = Vec::new();
    for (name, then) in [
        ("price_retail", "is the price that Syncro keeps; without it the line item is $0.00"),
        ("name", "is required, even with product_id"),
        ("description", "is required, even with product_id"),
        ("taxable", "defaults to taxed"),
    ] {
        if !body.contains_key(name) {
            notices.push(format!("{name} is missing: it {then}"));
        }
    }
    notices
}

/// The effect of a new line, as far as its fields tell it.
fn new_line(body: &Map<String, Value>) -> Effect {
    let fields = |names: &[&str]| -> Vec<Field> {
        let given =
            names.iter().filter_map(|name| Some(Field::new(name, body.get(*name)?.clone())));
        given.collect()
    };
    Effect::created(Collection::LINES)
        .like(fields(&["name", "description", "quantity", "product_id"]))
        .check(fields(&["price_retail", "taxable"]))
}

/// `POST /tickets/{id}/remove_line_item` and `PUT /tickets/{id}/update_line_item`.
///
/// # Errors
/// Exit 3 when the ticket has no such line item.
pub(super) async fn touch(call: &Call<'_>, ticket: TicketId, id: LineItemId) -> Result<Draft> {
    let typed = TicketArg::Id(ticket);
    let on = OnTicket::find(call.ctx, &typed).await?;
    if call.method == Method::Post {
        let args =
            remove::RemoveArgs { ticket: typed, line: id.0, overrides: Overrides::default() };
        return Ok(remove::gather(&on, &args).await?.into());
    }
    let seen = on.read(ReadSet::NOTHING).await?;
    let line = find(&seen.ticket, id.0)?;
    let what = format!("line item {id}");
    let mut body = call.fields();
    body.remove("ticket_line_item_id");
    let priced = decimal(&body, "price_retail")?;
    decimal(&body, "quantity")?;
    let kept = kept(&body, &line.raw, &BOOLEANS);
    let mut rest = body.clone();
    if priced.is_some() {
        rest.remove("price_retail");
    }
    let (mut changes, unseen) = changes(&rest, &line.raw);
    let price = priced.map(|price| update::price_change(line, price));
    changes.extend(price.filter(crate::write::Change::is_one));
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Line item", now(line));
    let moves = priced.is_some() || body.contains_key("quantity");
    let side_effects = if moves { &update::FOLLOW[..] } else { &[] };
    let of = Noun::LineItem.record(id);
    let (effect, sheet) = changing(of, &what, changes, sheet, side_effects);
    let (findings, given) = (update::findings(line, priced), still_open(line));
    let raw = line.raw.clone();
    let title = format!("Change a line item of ticket #{}", seen.ticket.number);
    let base = Base::on(seen, title, sheet, effect);
    let draft = base.requires(given).found(findings).draft(call)?;
    let draft = draft.unseen(unseen).along(kept);
    Ok(draft.requires_unchanged(&raw, &BOOLEANS))
}

fn now(line: &crate::api::resources::line_items::LineItem) -> String {
    let (quantity, price) = (line.quantity.unwrap_or_default(), line.price());
    match price {
        Some(price) => spelled(quantity, &line.name, price),
        None => format!("{} ({})", line.name, money::display(Decimal::ZERO)),
    }
}
