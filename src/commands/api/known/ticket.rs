//! Tickets: made as `create` does.

use std::time::Instant;

use super::super::write::Call;
use super::draft::Base;
use super::fields::{number, text};
use super::{Draft, customer, new};
use crate::api::ids::CustomerId;
use crate::api::resources::{tickets, users};
use crate::commands::create::{same_subject, similar, still_open};
use crate::error::Result;
use crate::render::preview::Sheet;
use crate::write::{RetryPolicy, Scope, snapshot, whole};

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
