//! `syncro close <number>`: the resolution as a comment, the configured status, and a session log of it all in the
//! customer's folder. What is still running or unbilled is pointed out first.

mod log;

use jiff::tz::TimeZone;

use crate::account::{Lists, Which};
use crate::api::ids::{CommentId, Number};
use crate::api::resources::tickets::Timer;
use crate::api::resources::{comments, tickets};
use crate::api::{Record, Write};
use crate::billing::uninvoiced::is_open;
use crate::commands::comment::{CommentOptions, written};
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::TicketArg;
use crate::commands::text::{CommentFlags, Prose, ProseArgs, Source, Wanted};
use crate::commands::timer::stop::{in_either_way, left, stopping};
use crate::context::Context;
use crate::draft::Purpose;
use crate::error::{Error, Hint, Result};
use crate::operations::timer::running;
use crate::operations::{self, Allowed, Guard, Names};
use crate::render::hidden::{TIMERS, hidden};
use crate::render::session_log::Resolution;
use crate::render::timer::waiting;
use crate::render::when;
use crate::ui::Ui;
use crate::workflow::{self, Approval, Known, Overrides, Writing, guards};
use crate::write::{Outcome, ReadSet, RetryPolicy, snapshot};

/// The headline of the last comment when none is given.
const SUBJECT: &str = "Resolution";

/// Close a ticket: resolution comment, status, session log
///
/// Sets the status to the configured tickets.after_close. Warns about running timers and unbilled time. Afterwards, it
/// offers to write a Markdown session log in the configured session_logs folder.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro close 32181 -m \"Replaced the print head; receipts print.\"
  syncro close 32181 --no-comment --yes
  syncro close 32175 --no-comment --stop-timer
  syncro close 32181 --no-comment --log
  syncro close 32181 --draft \"new print head, tested with Imelda\" --log")]
pub struct CloseArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Resolution text
    #[command(flatten)]
    pub prose: ProseArgs,
    /// Close without a comment
    #[arg(long, conflicts_with_all = CommentFlags::ALL)]
    pub no_comment: bool,
    /// What the comment is besides its text
    #[command(flatten)]
    pub kind: CommentFlags,
    /// Status to set [default: the configured tickets.after_close]
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Stop your running timers of the ticket in the same plan
    #[arg(long)]
    pub stop_timer: bool,
    /// Write the session log without asking; with --no-comment, also for a closed ticket
    #[arg(long, conflicts_with = "no_log")]
    pub log: bool,
    /// Do not write a session log
    #[arg(long)]
    pub no_log: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::SameComment,
                Guard::OtherContact,
                Guard::OptedOut,
                Guard::Overlap,
                Guard::Large,
                Guard::Zero,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro close`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CloseArgs) -> Result<()> {
    // A ticket that is closed already has nothing to confirm.
    let approval = match args.no_comment && !args.log {
        true => Approval::of_change(ctx),
        false => Approval::of(ctx),
    };
    args.kind.check()?;
    let wanted_status = args.status.clone().or_else(|| ctx.settings().tickets.after_close.clone());
    let wanted_status = wanted_status.ok_or_else(|| {
        Error::configuration("no status for closed tickets: tickets.after_close is empty")
            .nothing_written()
            .hint(Hint::from("set it: ").command("config set tickets.after_close Resolved"))
            .hint("or use --status STATUS")
    })?;
    if args.log {
        log::folder(ctx)?;
    }
    let source = match args.no_comment {
        true => None,
        false => Some(args.prose.source(ctx, &approval, None)?),
    };
    if source == Some(Source::Missing) && !approval.may_ask() {
        return Err(Error::usage("the resolution is missing")
            .nothing_written()
            .hint("use -m, or --no-comment to close without one"));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let mut lists = Lists::read(ctx, on.reader()).await?;
    let status = lists.choose(ctx, on.reader(), Which::Status, &wanted_status).await?;
    let mut allowed = args.overrides.allowed.clone();
    let prose = resolution(ctx, args, &approval, &on, source, &mut allowed).await?;
    let names = lists.as_names();
    let carried_out = async |again: Option<Allowed>| {
        let stops = again.is_some() || args.stop_timer;
        let edited = again.as_ref().and_then(|_| left(ctx));
        let prose = prose.clone().map(|prose| match edited {
            Some(text) => Prose { text, ..prose },
            None => prose,
        });
        let (args, allowed) = ((args, stops), again.as_ref().unwrap_or(&allowed));
        carried_out(ctx, args, (&approval, &on), (&names, allowed), (prose.as_ref(), &status)).await
    };
    let Some(outcome) = in_either_way(ctx, carried_out).await? else {
        return Ok(());
    };
    workflow::report_made(ctx, &outcome)?;
    if !args.no_log {
        let resolution = match outcome.id_of("comment") {
            Some(id) => Resolution::Comment(CommentId(id)),
            None => Resolution::None,
        };
        log::offer(ctx, &approval, &on, resolution, args.log).await?;
    }
    workflow::report_onward(ctx, &outcome)
}

/// Closes it, its timers stopped where that is wanted; no outcome where there is nothing to do, or where that was all.
async fn carried_out(
    ctx: &Context,
    (args, stops_own): (&CloseArgs, bool),
    (approval, on): (&Approval, &OnTicket<'_>),
    (names, allowed): (&Names, &Allowed),
    (prose, status): (Option<&Prose>, &str),
) -> Result<Option<Outcome>> {
    let turn = workflow::begin(ctx, &on.scope())?;
    let seen = match prose {
        Some(_) => on.read_with_customer(ReadSet::NOTHING.comments()).await?,
        None => on.read(ReadSet::NOTHING).await?,
    };
    if prose.is_none() && !stops_own && seen.ticket.status == status {
        drop(turn);
        match args.log {
            true => log::only(ctx, approval, on, Resolution::Earlier(SUBJECT)).await?,
            false => closed(ctx, &seen)?,
        }
        return Ok(None);
    }
    let seen = Seen { view: on.with_invoices(seen.view.clone()).await?, ..seen };
    let stops = stops(ctx, stops_own, approval, on, &seen).await?;
    let writing = closing(&seen, stops, prose, status)?;
    let known = Known { names: Some(names.clone()), ..seen.known() };
    let writing = Writing { known, allowed: allowed.clone(), ..writing };
    workflow::write_steps(ctx, approval, &writing, turn).await
}

/// The last comment; none where none is wanted.
async fn resolution(
    ctx: &Context,
    args: &CloseArgs,
    approval: &Approval,
    on: &OnTicket<'_>,
    source: Option<Source>,
    allowed: &mut Allowed,
) -> Result<Option<Prose>> {
    let Some(source) = source else {
        return Ok(None);
    };
    let form = args.prose.form.form();
    let options = CommentOptions { flags: &args.kind, default: SUBJECT, form, allowed };
    let wanted = Wanted {
        without: Some("--no-comment closes without one"),
        ..Wanted::new("Resolution", Purpose::Resolution, on.place("close")?)
    };
    let notices = async |seen: &Seen| {
        let view = on.with_invoices(seen.view.clone()).await?;
        let stops = |timer: &Timer| args.stop_timer && timer.user_id == Some(seen.me.user_id);
        Ok(operations::unbilled(&view, &seen.account, &ctx.settings().timezone, &stops))
    };
    written(ctx, approval, on, source, wanted, options, notices).await.map(Some)
}

/// The requests that stop the timers of the key's owner: with `--stop-timer`, or where a person says so.
///
/// # Errors
/// Exit 5 for `--stop-timer` where none runs.
async fn stops(
    ctx: &Context,
    stops_own: bool,
    approval: &Approval,
    on: &OnTicket<'_>,
    seen: &Seen,
) -> Result<Vec<Write>> {
    let is_own = |timer: &&Record<Timer>| timer.user_id == Some(seen.me.user_id);
    let timers = seen.ticket.ticket_timers.iter().filter(|timer| timer.is_running());
    let own: Vec<&Record<Timer>> = timers.filter(is_own).collect();
    let number = &seen.ticket.number;
    if own.is_empty() && stops_own {
        let none = || format!("you have no running timer on ticket #{number}");
        let text = hidden(&seen.ticket, TIMERS).unwrap_or_else(none);
        return Err(Error::refused(text).nothing_written());
    }
    let asks = !own.is_empty() && !stops_own && approval.may_ask() && !approval.is_dry_run();
    let is_wanted = match asks {
        true => {
            let question = stop_question(number, &own, &ctx.settings().timezone);
            ctx.blocking(move |ui: &Ui| ui.ask_question(&question)).await?
        }
        false => stops_own,
    };
    if !is_wanted {
        return Ok(Vec::new());
    }
    let timers = ReadSet::NOTHING.collection(&running());
    let view = snapshot(on.reader(), None, timers, RetryPolicy::Retry).await?;
    let stop = |timer| stopping(on.reader(), &view, (&seen.ticket, timer), None);
    own.into_iter().map(stop).collect()
}

/// The question whether one's own timers are stopped, too, with how long they have run.
fn stop_question(number: &Number, own: &[&Record<Timer>], zone: &TimeZone) -> String {
    let since = own.iter().filter_map(|timer| timer.start_time);
    let since: Vec<String> = since.map(|at| when::at_in_zone(at, zone)).collect();
    let since = match since.is_empty() {
        true => String::new(),
        false => format!(" since {}", since.join(" and since ")),
    };
    match own {
        [one] if one.is_paused() => {
            format!("Your timer is paused on ticket #{number}. Stop it, too?")
        }
        [_] => format!("Your timer is running on ticket #{number}{since}. Stop it, too?"),
        several => {
            let now = if several.iter().all(|one| one.is_paused()) { "paused" } else { "running" };
            format!("Your timers are {now} on ticket #{number}{since}. Stop them, too?")
        }
    }
}

/// The stopped timers, the comment and the status, in one plan.
fn closing(
    seen: &Seen,
    stops: Vec<Write>,
    prose: Option<&Prose>,
    status: &str,
) -> Result<Writing<'static>> {
    let id = seen.ticket.id;
    let comment = prose.map(|prose| comments::create(id, &prose.to_comment()));
    let stops_any = !stops.is_empty();
    let changes = prose.is_some() || seen.ticket.status != status;
    let status = changes.then(|| tickets::set_status(id, status));
    let requests = stops.into_iter().chain(comment).chain(status);
    Ok(Writing {
        title: Some(format!("Close ticket #{}", seen.ticket.number)),
        next: next(seen, stops_any),
        once_charged: once_charged(seen),
        wording: prose.map(Prose::wording),
        ..Writing::all("close", seen.scope(), requests.map(Into::into))?
    })
}

/// Says that a ticket has the status already.
fn closed(ctx: &Context, seen: &Seen) -> Result<()> {
    let ticket = &seen.ticket;
    ctx.ui().note("to write only the session log: --no-comment --log");
    workflow::already(
        ctx,
        &format!("Ticket #{} is already {}", ticket.number, ticket.status),
        false,
    )
}

/// What bills time that the stop of its timer has charged, unless other time waits to be charged.
fn once_charged(seen: &Seen) -> Option<String> {
    let ticket = &seen.ticket;
    let waits = waiting(&ticket.ticket_timers).is_some();
    (!waits).then(|| format!("invoice create {}", ticket.number))
}

/// What takes the time and the line items that wait on the ticket, once its timers are stopped, where they are.
fn next(seen: &Seen, stops: bool) -> Option<String> {
    let ticket = &seen.ticket;
    let number = &ticket.number;
    if stops || waiting(&ticket.ticket_timers).is_some() {
        return Some(format!("bill {number} --from-timers"));
    }
    let unmarked = operations::unmarked(&seen.view);
    let waits = ticket.line_items.iter().any(|line| is_open(line, &unmarked));
    waits.then(|| format!("invoice create {number}"))
}
