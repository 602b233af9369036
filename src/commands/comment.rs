//! `syncro comment <number> [text]`: one comment, of a kind that the preview names: mailed, public or private. It can be
//! neither edited nor removed afterwards.

use crate::api::Record;
use crate::api::resources::comments::{self, NewComment};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::tickets::{Contact, Ticket};
use crate::commands::on_ticket::{OnTicket, Seen, customer_of};
use crate::commands::resolve::{self, TicketArg};
use crate::commands::text::{self, Prose, ProseArgs, Source, Wanted};
use crate::context::Context;
use crate::draft::Purpose;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::{Mailing, Sheet};
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Effect, Field, Noun, Precondition, ReadSet, Step, field_at};

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
    /// Subject [default: Update]
    #[arg(long, value_name = "TEXT")]
    pub subject: Option<String>,
    /// Make the comment private: the customer cannot see it and gets no email
    #[arg(long)]
    pub hidden: bool,
    /// Make the comment public, but do not email it
    #[arg(long)]
    pub no_email: bool,
    /// Author name to show [default: your name]
    #[arg(long, value_name = "NAME")]
    pub tech: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides:
        Overrides<{ guards(&[Guard::SameComment, Guard::OtherContact, Guard::AllowSecrets]) }>,
}

/// Runs `syncro comment`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CommentArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    headline(args.subject.as_deref())?;
    let source = args.prose.source(ctx.ui(), &approval, args.text.as_deref())?;
    if source == Source::Missing && !approval.may_ask() {
        return Err(Error::usage("the text is missing; nothing was written")
            .hint("use an argument, -m, --file FILE, or - for standard input"));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let purpose = match args.hidden {
        true => Purpose::Note,
        false => Purpose::Reply,
    };
    let options = CommentOptions {
        subject: args.subject.as_deref(),
        default: SUBJECT,
        hidden: args.hidden,
        email: !args.no_email,
    };
    let wanted = Wanted::new("Comment", purpose);
    let nothing = |_: &Seen| Vec::new();
    let prose = written(ctx, &approval, &on, source, wanted, options, nothing).await?;
    let allowed = args.overrides.allowed.clone();
    let tech = args.tech.clone();
    let gather = || gather(ctx, &on, &prose, tech.as_deref());
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// A headline is one line.
///
/// # Errors
/// Exit 2 for any other.
pub fn headline(subject: Option<&str>) -> Result<()> {
    let subject = subject.unwrap_or("-");
    if subject.trim().is_empty() || subject.contains(['\n', '\r']) {
        return Err(Error::usage("--subject must be one line and not empty"));
    }
    Ok(())
}

/// What a comment is to be besides its text, as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct CommentOptions<'a> {
    /// Its headline, if one was typed.
    pub subject: Option<&'a str>,
    /// Its headline where neither a person nor a draft has one.
    pub default: &'static str,
    /// Private.
    pub hidden: bool,
    /// Mailed, where it is not private.
    pub email: bool,
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
    notices: impl Fn(&Seen) -> Vec<String>,
) -> Result<Prose> {
    if !matches!(source, Source::Given(_)) {
        let seen = on.read(ReadSet::NOTHING).await?;
        ctx.ui().note(&resolve::heading(&seen.ticket));
        for notice in notices(&seen) {
            ctx.ui().note(&notice);
        }
        wanted.ticket = Some(seen.ticket.number.to_string());
        wanted.subject = Some(seen.ticket.subject.clone());
        wanted.customer = Some(seen.ticket.customer_business_then_name.clone());
    }
    wanted.headline = options.subject.is_none();
    let written = text::text(ctx, approval, source, None, &wanted).await?;
    let subject = options.subject.map(str::to_owned).or(written.subject);
    Ok(Prose {
        subject: subject.unwrap_or_else(|| options.default.to_owned()),
        text: written.text,
        hidden: options.hidden,
        email: options.email,
        drafted: written.drafted,
    })
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    prose: &Prose,
    tech: Option<&str>,
) -> Result<Proposal> {
    let (seen, customer) = read(on, ReadSet::NOTHING.comments()).await?;
    let comment = NewComment { tech: tech.map(str::to_owned), ..prose.to_comment() };
    let mailing = Mailing::of(&comment, seen.ticket.contact.as_ref(), &customer);
    let drafted = prose.drafted.as_ref().map(ToString::to_string);
    let mut sheet = Sheet::default()
        .ticket(&seen.ticket)
        .customer(&customer)
        .by(&seen.me)
        .maybe("Shown as", tech)
        .comment(&comment, &mailing);
    if let Some(drafted) = drafted {
        sheet = sheet.line(drafted);
    }
    let findings = findings(ctx, on, (&seen, &customer), prose, &comment);
    let plan = seen
        .plan("comment", format!("Comment on ticket #{}", seen.ticket.number))
        .previewed(sheet.text())
        .step(step(&seen.ticket, &customer, &comment, &mailing));
    Ok(Proposal { plan, findings, me: seen.me.view, at: seen.at })
}

/// The ticket, `more`, and the customer with the address that is mailed, at once where the customer is known.
///
/// # Errors
/// Those of the reads; exit 5 for a ticket without a customer.
pub async fn read(on: &OnTicket<'_>, more: ReadSet) -> Result<(Seen, Record<Customer>)> {
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
#[must_use]
pub fn findings(
    ctx: &Context,
    on: &OnTicket<'_>,
    (seen, customer): (&Seen, &Record<Customer>),
    prose: &Prose,
    comment: &NewComment,
) -> Vec<Finding> {
    let others = seen.view.comments();
    let others = others.iter().map(|comment| &comment.view);
    let zone = &ctx.settings().timezone;
    let repeated = text::repeated(comment, others, &seen.me, on.reader().server_date(), zone);
    let repeated = repeated.map(|text| Finding::new(Guard::SameComment, text));
    let secret = prose.secret();
    let secret = secret.map(|text| Finding::new(Guard::AllowSecrets, text));
    let contact = seen.ticket.contact.as_ref();
    let strange = strange_contact(contact, customer, &Mailing::of(comment, contact, customer));
    let strange = strange.map(|text| Finding::new(Guard::OtherContact, text));
    repeated.into_iter().chain(strange).chain(secret).collect()
}

/// Says so when a mail would go to a contact who is known not to be the customer's: a ticket that has moved may have kept
/// the contact of the customer before.
#[must_use]
pub fn strange_contact(
    contact: Option<&Contact>,
    customer: &Record<Customer>,
    mailing: &Mailing,
) -> Option<String> {
    let contact = contact.filter(|contact| !contact.email.trim().is_empty())?;
    let Mailing::To(address) = mailing else {
        return None;
    };
    let is_theirs = match contact.customer_id {
        Some(whose) => whose == customer.id,
        // A server that lists no contacts with its customers tells nothing.
        None => {
            customer.raw.get("contacts").is_none_or(|contacts| !contacts.is_array())
                || customer.contacts.iter().any(|one| one.id == contact.id)
        }
    };
    (!is_theirs).then(|| {
        format!(
            "the contact, {} <{address}>, does not belong to {}: another customer would get the email",
            contact.name,
            customer.name()
        )
    })
}

/// The step that adds the comment.
pub fn step(
    ticket: &Record<Ticket>,
    customer: &Record<Customer>,
    comment: &NewComment,
    mailing: &Mailing,
) -> Step {
    let reach = mailing.says();
    let write = comments::create(ticket.id, comment);
    let says = format!("add the comment ({reach})");
    let step = Step::new("comment", says, write, Effect::comment(comment)).reports(reach);
    rests(ticket, customer, mailing).fold(step, Step::requires)
}

/// What a comment that is mailed rests on: to whom.
pub fn rests(
    ticket: &Record<Ticket>,
    customer: &Record<Customer>,
    mailing: &Mailing,
) -> impl Iterator<Item = Precondition> {
    let is_mailed = matches!(mailing, Mailing::To(_));
    let contact = || {
        let fields = [("contact_id", "contact"), ("contact.email", "the contact's address")];
        let still =
            fields.map(|(at, label)| Field::called(at, label, field_at(&ticket.raw, at).clone()));
        let what = format!("ticket #{}", ticket.number);
        Precondition::new(Noun::Ticket.record(ticket.id), what, still.to_vec())
    };
    [is_mailed.then(contact), is_mailed.then(|| address(customer))].into_iter().flatten()
}

/// That the customer is still mailed, and at the same address.
pub fn address(customer: &Record<Customer>) -> Precondition {
    Precondition::kept(
        Noun::Customer.record(customer.id),
        &format!("customer {}", customer.name()),
        &customer.raw,
        &["email", "no_email"],
    )
}
