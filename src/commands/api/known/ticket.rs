//! Tickets: made, changed and deleted as `create`, `update` and `delete` do, and commented on as `comment` does.

use std::time::Instant;

use serde_json::{Map, Value};

use super::super::write::Call;
use super::draft::Base;
use super::fields::{changes, inside, kept, number, text};
use super::{Draft, customer, new};
use crate::api::ids::{CustomerId, TicketId};
use crate::api::resources::{tickets, users};
use crate::commands::create::{same_subject, similar, still_open};
use crate::commands::delete;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::{CustomerArg, TicketArg};
use crate::commands::update::{self, TicketChange, UpdateArgs};
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::workflow::Approval;
use crate::write::{Mode, ReadSet, RetryPolicy, Scope, field_shown, same_value, snapshot, whole};

/// Has the number of the ticket that is to be deleted said again, as `delete` does; the path has named it by its id.
///
/// # Errors
/// Exit 2 without the number in a script, and for another one; exit 9 for another one on a terminal.
pub(in crate::commands::api) async fn said_again(
    call: &Call<'_>,
    approval: &Approval,
    id: TicketId,
) -> Result<()> {
    let on = OnTicket::find(call.ctx, &TicketArg::Id(id)).await?;
    let again = call.number;
    if again.is_none() && approval.is_dry_run() {
        return Ok(());
    }
    if again.is_none() && approval.mode() == Mode::Ask {
        return delete::typed_again(call.ctx, &on, "").await;
    }
    let number = on.read(ReadSet::NOTHING).await?.ticket.view.number;
    match again {
        None | Some(TicketArg::Id(_)) => Err(delete::alone(&number.0)),
        Some(TicketArg::Number(typed)) if *typed == number => Ok(()),
        Some(_) => Err(Error::usage(format!(
            "--number does not match ticket #{number}; nothing was written"
        ))),
    }
}

/// `DELETE /tickets/{id}`.
///
/// # Errors
/// As for `delete`.
pub(super) async fn delete(call: &Call<'_>, id: TicketId) -> Result<Draft> {
    let on = OnTicket::find(call.ctx, &TicketArg::Id(id)).await?;
    Ok(delete::gather(&on).await?.into())
}

/// `PUT /tickets/{id}`.
///
/// # Errors
/// As for `update`; exit 2 for a word that the account spells in another way.
pub(super) async fn change(call: &Call<'_>, id: TicketId) -> Result<Draft> {
    let on = OnTicket::find(call.ctx, &TicketArg::Id(id)).await?;
    let typed = call.fields();
    let body = inside(typed.clone(), "ticket");
    let (args, rest) = understood(id, &body);
    let (seen, mut wishes) = update::wished(call.ctx, &on, &args).await?;
    let mut notices = Vec::new();
    // `update` takes the old customer's contact off the ticket; what was typed leaves it there.
    let before = wishes.len();
    wishes.retain(|wish| body.contains_key(&wish.field));
    if wishes.len() < before {
        let text = "the old customer's contact stays on the ticket and keeps getting its emails";
        notices.push(format!("{text}; contact_id=null removes it"));
    }
    for wish in &wishes {
        exact(&wish.label, &body[&wish.field], &wish.to)?;
    }
    let (more, unseen) = changes(&rest, &seen.ticket.raw);
    for change in more {
        let to = field_shown(&change.to);
        wishes.push(TicketChange::new(&change.path, &change.label, change.to, &to));
    }
    if !unseen.is_empty() {
        notices.push(format!(
            "a GET does not show {}, so the change cannot be verified",
            unseen.join(", ")
        ));
    }
    let kept = kept(&typed, &seen.ticket.raw, &tickets::BOOLEANS);
    let draft = Draft::from(update::proposal(seen, &wishes));
    Ok(draft.unseen(unseen).along(kept).notice(notices))
}

/// Refuses what the account spells in another way: it would be sent as it was typed.
pub(super) fn exact(label: &str, typed: &Value, known: &Value) -> Result<()> {
    let texts = typed.as_str().zip(known.as_str());
    let same = texts.map_or_else(|| same_value(typed, known), |(typed, known)| typed == known);
    if same {
        return Ok(());
    }
    Err(Error::usage(format!(
        "the {label} is \"{}\", not \"{}\"; nothing was sent",
        field_shown(known),
        field_shown(typed)
    )))
}

/// What of a body `update` understands, and the rest.
fn understood(id: TicketId, body: &Map<String, Value>) -> (UpdateArgs, Map<String, Value>) {
    let mut args = UpdateArgs::of(TicketArg::Id(id));
    let mut rest = Map::new();
    for (name, value) in body {
        let word = value.as_str().filter(|text| !text.trim().is_empty());
        let id = || number(body, name);
        let some = |id: u64| Some(format!("id:{id}"));
        match (name.as_str(), word, id(), value.is_null()) {
            ("status", Some(word), ..) => args.status = Some(word.to_owned()),
            ("priority", Some(word), ..) => args.priority = Some(word.to_owned()),
            ("problem_type", Some(word), ..) => args.issue_type = Some(word.to_owned()),
            ("ticket_type_id", _, Some(id), _) => args.ticket_type = Some(id.to_string()),
            ("user_id", _, Some(id), _) => args.assign = some(id),
            ("user_id", .., true) => args.assign = Some("none".to_owned()),
            ("contact_id", _, Some(id), _) => args.contact = some(id),
            ("contact_id", .., true) => args.contact = Some("none".to_owned()),
            ("customer_id", _, Some(id), _) => {
                args.customer = Some(CustomerArg::Id(CustomerId(id)));
            }
            _ => {
                rest.insert(name.clone(), value.clone());
            }
        }
    }
    (args, rest)
}

/// `POST /tickets`.
///
/// # Errors
/// Exit 3 when there is no such customer.
pub(super) async fn create(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let body = call.fields();
    let Some(effect) = new::effect("tickets", &body) else {
        return super::record::nothing(call).await;
    };
    let id = CustomerId(number(&body, "customer_id").unwrap_or_default());
    let scope = Scope::of_customer(id);
    let view = async {
        let needs = effect.reads(None);
        Ok(snapshot(&call.reader, &scope, needs, RetryPolicy::Retry).await?)
    };
    let (customer, view, open, me) = tokio::try_join!(
        customer::read(call, id),
        view,
        async { Ok(whole(call.reader.all(tickets::open_of(id).fresh()).await?)?) },
        async { Ok(call.reader.get(users::me()).await?) },
    )?;
    let open = still_open(call.ctx, id, &open);
    let subject = text(&body, "subject");
    let sheet = Sheet::default().customer(&customer).by(&me);
    let sheet = similar(sheet.row("Ticket", subject), subject, &open);
    let mut notices = Vec::new();
    if !body.contains_key("user_id") {
        notices.push("without user_id the ticket is unassigned".to_owned());
    }
    if body.contains_key("line_items") {
        notices.push("Syncro ignores line_items when a ticket is created".to_owned());
    }
    let title = format!("Create a ticket for {}", customer.name());
    let base = Base::of(scope.clone(), title, sheet, effect, (me, at))
        .over(&view)
        .found(same_subject(subject, &open));
    Ok(base.draft(call)?.notice(notices))
}
