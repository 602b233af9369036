//! `syncro appointment add <number>`: one more appointment for a ticket.

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::json;

use super::calendar;
use crate::api::ids::{AppointmentTypeId, UserId};
use crate::api::resources::appointments::{self, NewAppointment};
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::{self, Lists, TicketArg, UserArg};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Collection, Effect, Field, ReadSet, Snapshot, Step};

/// How long an appointment lasts when nothing is said.
const LENGTH: SignedDuration = SignedDuration::from_mins(90);

/// Add an appointment to a ticket
///
/// Shows the weekday, the time zone and overlaps with other appointments. The customer is emailed only with --mail.
/// "Do not invite" can be set only on Syncro's web page.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment add 32181 --start \"tomorrow 2pm\"
  syncro appointment add 32181 --start \"fri 9:30\" --end 11:00 --type onsite --owner mika --yes")]
pub struct AddArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Start time ("tomorrow 2pm", "2026-05-23 14:00")
    #[arg(long, value_name = "WHEN")]
    pub start: String,
    /// End time ("15:30", "+45m") [default: 90 minutes later]
    #[arg(long, value_name = "WHEN")]
    pub end: Option<String>,
    /// Appointment type, from the account's list
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Assignee: a name, an id, or me [default: the ticket's assignee, or you]
    #[arg(long, value_name = "USER")]
    pub owner: Option<UserArg>,
    /// Location
    #[arg(long, value_name = "TEXT")]
    pub location: Option<String>,
    /// Summary [default: the ticket's subject]
    #[arg(long, value_name = "TEXT")]
    pub summary: Option<String>,
    /// Have Syncro email the appointment to the customer
    #[arg(long)]
    pub mail: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::SameTime, Guard::Past, Guard::AllowSecrets]) }>,
}

/// What was typed, understood.
struct NewVisit {
    start: Zoned,
    end: Zoned,
    notes: Vec<String>,
    kind: Option<(AppointmentTypeId, String)>,
    owner: Option<(UserId, String)>,
}

/// Runs `syncro appointment add`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let (start, end, notes) = times(ctx, &args.start, args.end.as_deref(), LENGTH)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let reader = on.reader();
    let kind = async {
        match &args.kind {
            Some(typed) => {
                let mut lists = Lists::read(ctx, reader).await?;
                lists.appointment_type(ctx, reader, typed).await.map(Some)
            }
            None => Ok(None),
        }
    };
    let owner = async {
        match &args.owner {
            Some(typed) => resolve::user(reader, typed).await.map(Some),
            None => Ok(None),
        }
    };
    let (kind, owner) = tokio::try_join!(kind, owner)?;
    let wish = NewVisit { start, end, notes, kind, owner };
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &on, args, &wish);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// Start and end as typed, in the configured zone, and what should be said of them.
///
/// # Errors
/// Exit 2 for what cannot be understood.
pub fn times(
    ctx: &Context,
    start: &str,
    end: Option<&str>,
    length: SignedDuration,
) -> Result<(Zoned, Zoned, Vec<String>)> {
    let now = Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let start = dates::moment(start, &now).map_err(Error::usage)?;
    let mut notes: Vec<String> = start.note.map(|note| note.to_string()).into_iter().collect();
    let end = match end {
        Some(typed) => {
            let end = dates::end_seen_from(typed, &start.at, &now).map_err(Error::usage)?;
            notes.extend(end.note.map(|note| note.to_string()));
            end.at
        }
        None => start.at.saturating_add(length),
    };
    Ok((start.at, end, notes))
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &AddArgs,
    wish: &NewVisit,
) -> Result<Proposal> {
    let (seen, calendar) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        calendar::around(on.reader(), wish.start.date()),
    )?;
    let owner = owner(&seen, wish);
    let summary = args.summary.clone();
    let new = NewAppointment {
        summary: summary.unwrap_or_else(|| seen.ticket.subject.clone()),
        start: wish.start.timestamp(),
        end: wish.end.timestamp(),
        ticket: Some(json!(seen.ticket.id)),
        customer: seen.ticket.customer_id,
        kind: wish.kind.as_ref().map(|(id, _)| *id),
        owner: Some(owner.0),
        location: args.location.clone(),
        description: None,
        mailed: args.mail,
    };
    let span = calendar::span(&wish.start, &wish.end);
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Appointment", &span)
        .row("Summary", &new.summary)
        .row("Owner", &owner.1)
        .maybe("Type", wish.kind.as_ref().map(|(_, name)| name.as_str()))
        .maybe("Location", args.location.as_deref())
        .row(
            "Mail",
            match args.mail {
                true => "Syncro is asked to email it to the customer",
                false => "not sent to the customer",
            },
        );
    let busy = (new.start, new.end);
    let overlaps = calendar::overlaps(ctx, &calendar, &[owner.0], busy, None);
    let sheet = sheet
        .all_notices(wish.notes.iter().chain(&overlaps))
        .line("\"Do not invite\" can be set only on Syncro's web page");
    let effect = Effect::created(Collection::APPOINTMENTS)
        .like([Field::called("start_at", "start", new.start.to_string())])
        .check([
            Field::called("end_at", "end", new.end.to_string()),
            Field::new("summary", new.summary.as_str()).advisory(),
        ]);
    let findings = findings(&seen.view, new.start);
    let step = Step::new(
        "appointment",
        format!("make the appointment of {span}"),
        appointments::create(&new),
        effect,
    )
    .reports(span);
    let title = format!("Add an appointment to ticket #{}", seen.ticket.number);
    let plan = seen
        .plan("appointment add", title)
        .noticing(sheet.notices())
        .previewed(sheet.text())
        .step(step);
    Ok(Proposal { plan, findings, me: seen.me.view, at: seen.at })
}

fn owner(seen: &Seen, wish: &NewVisit) -> (UserId, String) {
    let assignee = || {
        let name = seen.ticket.assignee().map(str::to_owned);
        Some((seen.ticket.user_id?, name.unwrap_or_else(|| "the assignee".to_owned())))
    };
    let me = || (seen.me.user_id, seen.me.user_name.clone());
    wish.owner.clone().or_else(assignee).unwrap_or_else(me)
}

/// What speaks against an appointment that begins then; `view` has those of its ticket.
pub(crate) fn findings(view: &Snapshot, start: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    let begins = json!(start.to_string());
    let same = view
        .records(&Collection::APPOINTMENTS)
        .into_iter()
        .any(|one| crate::write::same_value(&one["start_at"], &begins));
    if same {
        let text = "the ticket has an appointment that begins at the same time";
        findings.push(Finding::new(Guard::SameTime, text));
    }
    if start < Timestamp::now() {
        findings.push(Finding::new(Guard::Past, calendar::PAST));
    }
    findings
}
