//! `syncro close <number>`: the resolution as a comment, the configured status, and a session log of it all in the
//! customer's folder. What is still running or unbilled is pointed out first.

mod log;

use std::cell::Cell;

use crate::api::Record;
use crate::api::ids::CommentId;
use crate::api::resources::comments::NewComment;
use crate::api::resources::customers::{self, Customer};
use crate::commands::comment::{CommentOptions, headline, written};
use crate::commands::on_ticket::{OnTicket, Seen, customer_of};
use crate::commands::resolve::{Lists, TicketArg, Which};
use crate::commands::text::{Prose, ProseArgs, Source, Wanted};
use crate::context::Context;
use crate::draft::Purpose;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard, comment};
use crate::render::preview::{Mailing, Sheet};
use crate::render::session_log::Resolution;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{ReadSet, Step};

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
    #[arg(long, conflicts_with_all = ["message", "file", "draft", "subject", "hidden", "no_email"])]
    pub no_comment: bool,
    /// Comment subject [default: Resolution]
    #[arg(long, value_name = "TEXT")]
    pub subject: Option<String>,
    /// Make the comment private: the customer cannot see it and gets no email
    #[arg(long)]
    pub hidden: bool,
    /// Make the comment public, but do not email it
    #[arg(long)]
    pub no_email: bool,
    /// Status to set [default: the configured tickets.after_close]
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Write the session log without asking; with --no-comment, also for a closed ticket
    #[arg(long, conflicts_with = "no_log")]
    pub log: bool,
    /// Do not write a session log
    #[arg(long)]
    pub no_log: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides:
        Overrides<{ guards(&[Guard::SameComment, Guard::OtherContact, Guard::AllowSecrets]) }>,
}

/// Runs `syncro close`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CloseArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    headline(args.subject.as_deref())?;
    let wanted_status = args.status.clone().or_else(|| ctx.settings().tickets.after_close.clone());
    let wanted_status = wanted_status.ok_or_else(|| {
        Error::configuration("no status for closed tickets is configured")
            .hint("set after_close in [tickets] of the configuration, or use --status")
    })?;
    if args.log {
        log::folder(ctx)?;
    }
    let source = match args.no_comment {
        true => None,
        false => Some(args.prose.source(ctx.ui(), &approval, None)?),
    };
    if source == Some(Source::Missing) && !approval.may_ask() {
        return Err(Error::usage("the resolution is missing; nothing was written")
            .hint("use -m, or --no-comment to close without one"));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let mut lists = Lists::read(ctx, on.reader()).await?;
    let status = lists.choose(ctx, on.reader(), Which::Status, &wanted_status).await?;
    let prose = match source {
        Some(source) => {
            let options = CommentOptions {
                subject: args.subject.as_deref(),
                default: SUBJECT,
                hidden: args.hidden,
                email: !args.no_email,
            };
            let wanted = Wanted {
                without: Some("--no-comment closes without one"),
                ..Wanted::new("Resolution", Purpose::Resolution)
            };
            let notices = |seen: &Seen| notices(ctx, seen);
            Some(written(ctx, &approval, &on, source, wanted, options, notices).await?)
        }
        None => None,
    };
    let allowed = args.overrides.allowed.clone();
    let nothing_to_send = Cell::new(false);
    let gather = || gather(ctx, &on, prose.as_ref(), &status, &nothing_to_send);
    let scope = on.scope();
    let done = workflow::run_steps(ctx, &approval, &scope, allowed, gather).await;
    if args.log && done.is_err() && nothing_to_send.get() {
        return log::only(ctx, &approval, &on).await;
    }
    let Some(outcome) = done? else {
        return Ok(());
    };
    workflow::report(ctx, &outcome)?;
    if !args.no_log {
        let resolution = match outcome.id_of("comment") {
            Some(id) => Resolution::Comment(CommentId(id)),
            None => Resolution::None,
        };
        log::offer(ctx, &approval, &on, resolution, args.log).await?;
    }
    Ok(())
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    prose: Option<&Prose>,
    status: &str,
    nothing_to_send: &Cell<bool>,
) -> Result<Proposal> {
    let (seen, customer) = read(on, ReadSet::NOTHING.comments()).await?;
    let number = &seen.ticket.number;
    let from = seen.ticket.status.clone();
    let mut sheet = Sheet::default().ticket(&seen.ticket).customer(&customer).by(&seen.me);
    let mut plan = seen.plan("close", format!("Close ticket #{number}"));
    let mut findings = Vec::new();
    if let Some(prose) = prose {
        let new = prose.to_comment();
        let mailing = Mailing::of(&new, seen.ticket.contact.as_ref(), &customer);
        sheet = sheet.comment(&new, &mailing);
        if let Some(drafted) = &prose.drafted {
            sheet = sheet.line(drafted.to_string());
        }
        sheet = sheet.gap();
        findings = found(ctx, on, (&seen, &customer), prose, &new);
        plan = plan.step(comment::step(&seen.ticket, &customer, &new, &mailing));
    }
    if from == status {
        sheet = sheet.row("Status", format!("already {status}"));
    } else {
        sheet = sheet.row("Status", format!("{from} -> {status}"));
        plan = plan.step(Step::status(&seen.ticket, status));
    }
    if plan.steps.is_empty() {
        nothing_to_send.set(true);
        let error =
            Error::refused(format!("ticket #{number} is already {status}; nothing was written"));
        return Err(error.hint("to write only the session log: --no-comment --log"));
    }
    let sheet = sheet.all_notices(&notices(ctx, &seen));
    Ok(Proposal {
        plan: plan.noticing(sheet.notices()).previewed(sheet.text()),
        findings,
        me: seen.me.view,
        at: seen.at,
    })
}

/// What is still running or unbilled.
fn notices(ctx: &Context, seen: &Seen) -> Vec<String> {
    let ticket = &seen.ticket;
    let number = &ticket.number;
    let command = |what: String| seen.account.command(&what);
    let mut notices = Vec::new();
    for timer in ticket.ticket_timers.iter().filter(|timer| timer.is_running()) {
        let since = timer.start_time.map_or_else(String::new, |at| {
            format!(" since {}", when::at_in_zone(at, &ctx.settings().timezone))
        });
        notices.push(format!(
            "timer entry {} is running{since}: {}",
            timer.id,
            command(format!("timer stop {number}"))
        ));
    }
    let now = jiff::Timestamp::now();
    let uncharged =
        ticket.ticket_timers.iter().filter(|timer| !timer.recorded && !timer.is_running());
    let minutes: u64 = uncharged.filter_map(|timer| timer.minutes(now)).sum();
    if minutes > 0 {
        notices.push(format!(
            "{} of timer entries are not charged: {}",
            when::length(minutes),
            command(format!("bill {number} --from-timers"))
        ));
    }
    let open = ticket.line_items.iter().filter(|line| !line.converted).count();
    if open > 0 {
        notices.push(format!(
            "{open} line item{} not invoiced: {}",
            if open == 1 { " is" } else { "s are" },
            command(format!("invoice create {number}"))
        ));
    }
    notices
}

/// The ticket, `more`, and the customer with the address that is mailed, at once where the customer is known.
///
/// # Errors
/// Those of the reads; exit 5 for a ticket without a customer.
async fn read(on: &OnTicket<'_>, more: ReadSet) -> Result<(Seen, Record<Customer>)> {
    let known = on.scope().customer;
    let guess = async {
        match known {
            Some(id) => Ok(Some(on.reader().get(customers::get(id).fresh()).await?)),
            None => Ok(None),
        }
    };
    let (seen, guess) = tokio::try_join!(on.read(more), guess)?;
    let id = customer_of(&seen.ticket)?;
    match guess.filter(|customer| customer.id == id) {
        Some(customer) => Ok((seen, customer)),
        None => {
            let customer = on.reader().get(customers::get(id).fresh()).await?;
            Ok((seen, customer))
        }
    }
}

/// What the guards say of a comment.
fn found(
    ctx: &Context,
    on: &OnTicket<'_>,
    (seen, customer): (&Seen, &Record<Customer>),
    prose: &Prose,
    comment: &NewComment,
) -> Vec<Finding> {
    let others = seen.view.comments();
    let others = others.iter().map(|comment| &comment.view);
    let zone = &ctx.settings().timezone;
    let repeated = comment::repeated(comment, others, &seen.me, on.reader().server_date(), zone);
    let repeated = repeated.map(|text| Finding::new(Guard::SameComment, text));
    let secret = prose.secret();
    let secret = secret.map(|text| Finding::new(Guard::AllowSecrets, text));
    let contact = seen.ticket.contact.as_ref();
    let strange =
        comment::strange_contact(contact, customer, &Mailing::of(comment, contact, customer));
    let strange = strange.map(|text| Finding::new(Guard::OtherContact, text));
    repeated.into_iter().chain(strange).chain(secret).collect()
}
