//! Appointments: made, moved and removed as `appointment add`, `move-appointment` and `appointment cancel` do.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::{Map, Value};

use super::super::write::Call;
use super::draft::{Base, Changed};
use super::fields::{flag, kept, may_be_yes, number, text};
use super::{Draft, customer, new, record};
use crate::api::Method;
use crate::api::fields::to_instant;
use crate::api::ids::{AppointmentId, CustomerId, TicketId, UserId};
use crate::api::resources::users;
use crate::commands::appointment::{add, calendar, cancel};
use crate::commands::move_appointment::{ALONG, BOOLEANS};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::write::{Noun, RetryPolicy, Scope, snapshot};

/// How long Syncro makes one that has no end.
const ORDINARY: SignedDuration = SignedDuration::from_mins(60);

/// What a plan about it is about.
///
/// # Errors
/// Exit 3 when there is no such appointment.
pub(super) async fn scope(call: &Call<'_>, id: AppointmentId) -> Result<Scope> {
    let found = cancel::read(&call.reader, id).await?;
    Ok(cancel::scope(&found))
}

/// When a body says that it begins and ends; none where that is no instant.
struct Times {
    start: Zoned,
    end: Zoned,
}

impl Times {
    fn of(call: &Call<'_>, body: &Map<String, Value>, length: SignedDuration) -> Option<Self> {
        let zone = || call.ctx.settings().timezone.clone();
        let start = to_instant(body.get("start_at")?)?.to_zoned(zone());
        let end = body.get("end_at").and_then(to_instant);
        let end = end.map_or_else(|| start.saturating_add(length), |end| end.to_zoned(zone()));
        Some(Self { start, end })
    }

    fn says(&self) -> String {
        calendar::span(&self.start, &self.end)
    }

    /// What it overlaps in the calendars of `owners`.
    async fn overlaps(
        &self,
        call: &Call<'_>,
        owners: &[UserId],
        but: Option<AppointmentId>,
    ) -> Result<Vec<String>> {
        let all = calendar::around(&call.reader, self.start.date()).await?;
        let busy = (self.start.timestamp(), self.end.timestamp());
        Ok(calendar::overlaps(call.ctx, &all, owners, busy, but))
    }
}

fn unclear(body: &Map<String, Value>) -> String {
    format!(
        "start_at ({}) is not a time with a zone, so overlaps were not checked",
        text(body, "start_at")
    )
}

fn owners(body: &Map<String, Value>) -> Vec<UserId> {
    let mut owners: Vec<UserId> = number(body, "user_id").map(UserId).into_iter().collect();
    let more = body.get("user_ids").and_then(Value::as_array);
    let more = more.into_iter().flatten().filter_map(Value::as_u64);
    owners.extend(more.map(UserId));
    owners
}

/// `POST /appointments`.
///
/// # Errors
/// Exit 3 when there is no such ticket or customer.
pub(super) async fn create(call: &Call<'_>) -> Result<Draft> {
    let body = call.fields();
    let times = Times::of(call, &body, ORDINARY);
    let mut draft = match number(&body, "ticket_id") {
        Some(ticket) => on_ticket(call, TicketId(ticket), &body, times.as_ref()).await?,
        None => of_customer(call, &body, times.as_ref()).await?,
    };
    if let Some(times) = &times {
        let me = call.reader.get(users::me()).await?.user_id;
        let mut owners = owners(&body);
        if owners.is_empty() {
            owners.push(me);
        }
        draft = draft.notice(times.overlaps(call, &owners, None).await?);
    } else {
        draft = draft.notice([unclear(&body)]);
    }
    Ok(draft)
}

fn rows(sheet: Sheet, body: &Map<String, Value>, times: Option<&Times>) -> Sheet {
    let mailed = may_be_yes(body, "email_customer") && !flag(body, "do_not_email");
    let mail = match mailed {
        true => "Syncro is asked to email it to the customer",
        false => "Syncro is not asked to email it",
    };
    sheet
        .maybe("Appointment", times.map(Times::says))
        .row("Summary", text(body, "summary"))
        .row("Email", mail)
}

async fn on_ticket(
    call: &Call<'_>,
    ticket: TicketId,
    body: &Map<String, Value>,
    times: Option<&Times>,
) -> Result<Draft> {
    let Some(effect) = new::effect("appointments", body) else {
        return record::nothing(call).await;
    };
    let on = OnTicket::find(call.ctx, &TicketArg::Id(ticket)).await?;
    let seen = on.read(effect.reads(None)).await?;
    let sheet = Sheet::default().ticket(&seen.ticket).whose(&seen.ticket).by(&seen.me);
    let findings = times.map(|times| add::findings(&seen.view, times.start.timestamp()));
    let title = format!("Add an appointment to ticket #{}", seen.ticket.number);
    let base = Base::on(seen, title, rows(sheet, body, times), effect);
    base.found(findings.into_iter().flatten()).draft(call)
}

async fn of_customer(
    call: &Call<'_>,
    body: &Map<String, Value>,
    times: Option<&Times>,
) -> Result<Draft> {
    let at = Instant::now();
    let Some(effect) = new::effect("appointments", body) else {
        return record::nothing(call).await;
    };
    let scope = new::scope(call, "appointments");
    let needs = effect.reads(None);
    let customer = async {
        match number(body, "customer_id").map(CustomerId) {
            Some(id) => customer::read(call, id).await.map(Some),
            None => Ok(None),
        }
    };
    let (customer, view, me) = tokio::try_join!(
        customer,
        async { Ok::<_, Error>(snapshot(&call.reader, &scope, needs, RetryPolicy::Retry).await?) },
        async { Ok(call.reader.get(users::me()).await?) },
    )?;
    let sheet = match &customer {
        Some(customer) => Sheet::default().customer(customer),
        None => Sheet::default().row("Customer", "none"),
    };
    let sheet = rows(sheet.by(&me), body, times);
    let past = times.and_then(|times| past(&times.start));
    let title = "Add an appointment".to_owned();
    let base = Base::of(scope.clone(), title, sheet, effect, (me, at));
    base.over(&view).found(past).draft(call)
}

fn past(start: &Zoned) -> Option<Finding> {
    let past = start.timestamp() < Timestamp::now();
    past.then(|| Finding::new(Guard::Past, "it would start in the past"))
}

/// `PUT` and `DELETE /appointments/{id}`.
///
/// # Errors
/// Exit 3 when there is no such appointment.
pub(super) async fn touch(call: &Call<'_>, id: AppointmentId) -> Result<Draft> {
    if call.method == Method::Delete {
        let proposal = cancel::gather(call.ctx, &call.reader, id).await?;
        return Ok(proposal.into());
    }
    let at = Instant::now();
    let (found, me) = tokio::try_join!(cancel::read(&call.reader, id), async {
        Ok(call.reader.get(users::me()).await?)
    })?;
    let body = call.fields();
    let old = calendar::start(call.ctx, &found).map(|start| {
        let end = start.saturating_add(calendar::length(&found));
        Times { start, end }
    });
    let customer = found.customer.as_ref().map(|one| one.name().to_owned());
    let mut sheet = Sheet::default()
        .row("Appointment", format!("{} (id {id})", found.summary))
        .maybe("Customer", customer)
        .by(&me)
        .maybe("From", old.as_ref().map(Times::says));
    // The server makes it of ordinary length where no end is given.
    let new = Times::of(call, &body, ORDINARY);
    let (mut notices, mut findings) = (Vec::new(), None);
    let moves = |new: &Times| old.as_ref().is_none_or(|old| old.says() != new.says());
    if let Some(new) = new.as_ref().filter(|new| moves(new)) {
        sheet = sheet.row("To", new.says());
        let owners = match owners(&body) {
            owners if owners.is_empty() => found.users(),
            owners => owners,
        };
        notices.extend(new.overlaps(call, &owners, Some(id)).await?);
        findings = past(&new.start);
    }
    let mails = ["email_customer", "do_not_email"];
    if mails.iter().any(|name| body.contains_key(*name)) {
        let mailed = may_be_yes(&body, "email_customer") && !flag(&body, "do_not_email");
        sheet = sheet.row("Email", if mailed { "to the customer" } else { "none" });
    }
    let of = Noun::Appointment.record(id);
    let what = format!("appointment {id}");
    let changed = Changed::of(of, &what, &body, &found.raw, sheet, &ALONG);
    let kept = kept(&body, &found.raw, &BOOLEANS);
    let (scope, title) = (cancel::scope(&found), format!("Change {what}"));
    let base = Base::of(scope, title, changed.sheet, changed.effect, (me, at));
    let draft = base.found(findings).draft(call)?;
    let draft = draft.unseen(changed.unseen).along(kept);
    let draft = draft.requires_unchanged(&found.raw, &BOOLEANS);
    Ok(draft.notice(changed.notices).notice(notices))
}
