//! `syncro comment <number> [text]`: one comment, of a kind that the preview names: mailed, public or private. It can be
//! neither edited nor removed afterwards.

use crate::api::Record;
use crate::api::resources::comments::{self, NewComment};
use crate::api::resources::customers::Customer;
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::{self, TicketArg};
use crate::commands::text::{self, CommentFlags, Form, Prose, ProseArgs, Source, Wanted};
use crate::context::Context;
use crate::draft::Purpose;
use crate::error::{Error, Result};
use crate::operations::{self, Allowed, Finding, Guard};
use crate::render::preview::Mailing;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{Noun, ReadSet};

/// The headline of a comment when none is given.
const SUBJECT: &str = "Update";

/// Add a comment to a ticket
///
/// The preview shows whether the comment is emailed, public or private, and the email address. The API can neither
/// edit nor delete comments.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro comment 32181 \"The part has arrived; we come tomorrow.\"
  syncro comment 32181 --hidden -m \"Door code is with the front desk\"
  syncro comment 32181 --no-email --file notes.txt --yes --json
  git log -3 --oneline | syncro comment 32181 - --hidden --yes")]
pub struct CommentArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Comment text; - reads standard input [default: open the editor]
    #[arg(value_name = "TEXT", conflicts_with_all = ["message", "file", "draft"])]
    pub text: Option<String>,
    /// Comment text
    #[command(flatten)]
    pub prose: ProseArgs,
    /// What the comment is besides its text
    #[command(flatten)]
    pub kind: CommentFlags,
    /// Author name to show [default: your name]
    #[arg(long, value_name = "NAME")]
    pub tech: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::SameComment,
                Guard::OtherContact,
                Guard::OptedOut,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro comment`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CommentArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    args.kind.check()?;
    let source = args.prose.source(ctx, &approval, args.text.as_deref())?;
    if source == Source::Missing && !approval.may_ask() {
        return Err(Error::usage("the text is missing")
            .nothing_written()
            .hint("use an argument, -m, --file FILE, or - for standard input"));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let purpose = match args.kind.hidden {
        true => Purpose::Note,
        false => Purpose::Reply,
    };
    let mut allowed = args.overrides.allowed.clone();
    let options = CommentOptions {
        flags: &args.kind,
        default: SUBJECT,
        form: args.prose.form.form(),
        allowed: &mut allowed,
    };
    let wanted = Wanted::new("Comment", purpose, on.place("comment")?);
    let nothing = async |_: &Seen| Ok(Vec::new());
    let prose = written(ctx, &approval, &on, source, wanted, options, nothing).await?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let seen = on.read_with_customer(ReadSet::NOTHING.comments()).await?;
    let comment = NewComment { tech: args.tech.clone(), ..prose.to_comment() };
    let writing = Writing {
        wording: Some(prose.wording()),
        allowed,
        ..Writing::of("comment", seen.scope(), comments::create(seen.ticket.id, &comment))?
    };
    let writing = Writing { known: seen.known(), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}

/// What a comment is to be besides its text, as it was typed.
#[derive(Debug)]
pub struct CommentOptions<'a> {
    /// What was typed of it.
    pub flags: &'a CommentFlags,
    /// Its headline where neither a person nor a draft has one.
    pub default: &'static str,
    /// How its text is sent.
    pub form: Form,
    /// The guards that are overridden, and those that are answered before it is written.
    pub allowed: &'a mut Allowed,
}

/// Has a comment on a ticket written, where its text was not given; whoever writes it, or drafts it, is told about what
/// first, with `notices`.
///
/// # Errors
/// Those of the ticket's read and of [`text::text`].
pub async fn written(
    ctx: &Context,
    approval: &Approval,
    on: &OnTicket<'_>,
    source: Source,
    mut wanted: Wanted,
    options: CommentOptions<'_>,
    notices: impl AsyncFn(&Seen) -> Result<Vec<String>>,
) -> Result<Prose> {
    if !matches!(source, Source::Given(_)) {
        let seen = on.read_with_customer(ReadSet::NOTHING.comments()).await?;
        ctx.ui().note(&resolve::heading(&seen.ticket));
        for notice in notices(&seen).await? {
            ctx.ui().note(&notice);
        }
        if approval.may_ask() && !approval.is_dry_run() {
            let found = stands_against(ctx, on, &seen, options.flags).await?;
            workflow::clear(ctx, approval, &found, options.allowed).await?;
        }
        wanted.ticket = Some(seen.ticket.number.to_string());
        wanted.subject = Some(seen.ticket.subject.clone());
        wanted.customer = Some(seen.ticket.customer_business_then_name.clone());
        wanted.last = workflow::last_comment(&seen.view.comments(), &ctx.settings().timezone);
    }
    let is_html = options.form == Form::Html;
    wanted.place = wanted.place.meant(options.flags.hidden, is_html);
    wanted.headline = options.flags.subject.is_none();
    wanted.fate = text::fate(options.flags.hidden, !options.flags.no_email);
    let written = text::text(ctx, approval, source, None, &wanted).await?;
    let subject = options.flags.subject.clone().or(written.subject);
    Ok(Prose {
        subject: subject.unwrap_or_else(|| options.default.to_owned()),
        text: written.text,
        form: options.form,
        hidden: options.flags.hidden,
        email: !options.flags.no_email,
        drafted: written.drafted,
    })
}

/// What stands against a comment whatever it says: nobody writes one that is not to be sent.
async fn stands_against(
    ctx: &Context,
    on: &OnTicket<'_>,
    seen: &Seen,
    flags: &CommentFlags,
) -> Result<Vec<Finding>> {
    let ticket = &seen.ticket;
    let me = workflow::not_the_user(&seen.me, ctx.settings());
    let me = me.map(|text| Finding::new(Guard::OtherUser, text));
    let record = Noun::Customer.record(operations::customer_of(ticket)?);
    let more = seen.view.lacks(ReadSet::NOTHING.record(&record));
    let view = seen.view.clone().and(on.look_up(more).await?);
    let comment = NewComment {
        subject: String::new(),
        body: String::new(),
        hidden: flags.hidden,
        do_not_email: flags.hidden || flags.no_email,
        tech: None,
    };
    let customer: Option<Record<Customer>> = view.typed_record(&record);
    let reached = customer.map(|customer| {
        let mailing = Mailing::of(&comment, ticket.contact.as_ref(), &customer);
        operations::comment::reached(ticket.contact.as_ref(), &customer, &mailing)
    });
    Ok(me.into_iter().chain(reached.into_iter().flatten()).collect())
}
