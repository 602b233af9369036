//! `syncro timer charge`: makes line items of stopped time, each charged once, and mended where the server dropped its
//! product, price or notes. The lines and their guards are those of a bill.

use super::entry::SoldArgs;
use crate::api::Reader;
use crate::api::ids::TimerId;
use crate::commands::bill::facts::Facts;
use crate::commands::bill::request::{BillRequest, Clocked};
use crate::commands::bill::{self, planning, timers};
use crate::commands::on_ticket::Part;
use crate::commands::resolve::{self, IdOrName, Target, TicketArg};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::operations::timer::{find, may_charge};
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::Scope;

/// Convert timer entries to line items
///
/// Charges each entry once, then corrects any line item fields that the server dropped or changed. An entry without a
/// product uses --labor or --product. Asks first if the same user's time is charged on another ticket already. You cannot
/// charge an entry twice.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer charge 32168
  syncro timer charge 32165 --all
  syncro timer charge 32162 48700002 --labor remote --yes --json")]
pub struct ChargeArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entries: ids, labor types or parts of the notes [default: the only uncharged entry]
    #[arg(value_name = "TIMER")]
    pub timers: Vec<IdOrName>,
    /// Charge all stopped entries that are not charged yet
    #[arg(long, conflicts_with = "timers")]
    pub all: bool,
    /// Charge the exact time, without rounding by the labor type or the account
    #[arg(long)]
    pub exact: bool,
    /// Product or labor type of an entry without a product
    #[command(flatten)]
    pub sold: SoldArgs,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::Overlap,
                Guard::NotBillable,
                Guard::SameLine,
                Guard::Zero,
                Guard::Stacked,
                Guard::Large,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro timer charge`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ChargeArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let args = &ChargeArgs { sold: args.sold.checked(ctx).await?, ..args.clone() };
    let reader = ctx.reader()?;
    let target = resolve::target(&reader, &ctx.ticket_numbers()?, &args.ticket).await?;
    let scope = Scope { ticket: Some(target.id), customer: target.customer, ..Scope::default() };
    let turn = workflow::begin(ctx, &scope)?;
    let writing = writing(ctx, &approval, &reader, &target, args).await?;
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}

async fn writing<'w>(
    ctx: &Context,
    approval: &Approval,
    reader: &Reader,
    target: &Target,
    args: &ChargeArgs,
) -> Result<Writing<'w>> {
    let settings = ctx.settings();
    let mut request = BillRequest {
        comment: None,
        work: Vec::new(),
        description: String::new(),
        invoice: false,
        exact: args.exact,
        log: None,
        began: None,
        allowed: args.overrides.allowed.clone(),
        from_timers: Some(Clocked {
            which: None,
            labor: args.sold.labor.clone(),
            product_id: args.sold.id(ctx, reader).await?,
        }),
    };
    let products = planning::needed_products(settings, &request);
    let facts = bill::facts(ctx, reader, target, &args.ticket, &products, false).await?;
    let chosen = chosen(ctx, &facts, args).await?;
    let number = &facts.ticket.number;
    let title = match chosen.len() {
        1 => format!("Charge time of ticket #{number}"),
        count => format!("Charge {count} timer entries of ticket #{number}"),
    };
    if let Some(from_timers) = &mut request.from_timers {
        from_timers.which = Some(chosen);
        bill::ask_labor(ctx, approval, reader, &facts, from_timers).await?;
    }
    let more = timers::missing_products(settings, &request, &facts)?;
    let facts = facts.with_products(reader, &more).await?;
    let writing = planning::writing(settings, "timer charge", &request, &facts)?;
    // One that runs is not charged, so there is nothing to ask.
    let found = writing.found.into_iter().filter(|one| one.guard != Guard::TimerRunning);
    let found = found.collect();
    Ok(Writing { title: Some(title), found, ..writing })
}

/// The entries that were named, else those that wait.
async fn chosen(ctx: &Context, facts: &Facts, args: &ChargeArgs) -> Result<Vec<TimerId>> {
    if !args.timers.is_empty() {
        let mut ids: Vec<TimerId> = Vec::new();
        for typed in &args.timers {
            let id = TimerId(Part::TimerEntry.id_of(ctx, &facts.ticket, typed).await?);
            may_charge(find(&facts.ticket, id)?, &facts.ticket)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        return Ok(ids);
    }
    bill::refuse_without_time(facts, &Clocked::default())?;
    let waiting = timers::chosen(facts, &Clocked::default());
    let ids: Vec<TimerId> = waiting.iter().map(|timer| timer.id).collect();
    if ids.len() > 1 && !args.all {
        let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
        return Err(Error::usage(format!(
            "{} timer entries are not charged yet: {}",
            ids.len(),
            list.join(", ")
        ))
        .hint("use their ids, or --all"));
    }
    Ok(ids)
}
