//! `syncro timer update`: changes when an entry began, how long it took, what was done and what it is sold as. A length
//! ends one that runs.

use serde_json::{Value, json};

use super::entry::{WorkArgs, known, person, sold, whole_minutes};
use crate::api::ids::TimerId;
use crate::api::resources::timers;
use crate::commands::on_ticket::{OnTicket, Part};
use crate::commands::resolve::{IdOrName, TicketArg};
use crate::commands::spent::began;
use crate::context::Context;
use crate::error::{Error, Result, naming_value};
use crate::operations::Guard;
use crate::operations::timer::written;
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::ReadSet;

/// Change a timer entry of a ticket
///
/// Setting --minutes stops a running entry. Setting --start keeps the duration of a finished entry, rounded up to whole
/// minutes. Asks first if the entry takes time of the same user that is charged on another ticket already.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer update 32168 48700003 --minutes 1h --notes \"And labelled it\"
  syncro timer update 32168 48700003 --start \"yesterday 9:30\"
  syncro timer update 32162 48700002 --labor remote --yes --json")]
pub struct UpdateArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry: an id, a labor type, part of the notes, or running
    #[arg(value_name = "TIMER")]
    pub timer: IdOrName,
    /// Time spent: 30 (whole minutes), 1h30m, 1.5h or 1:30
    #[arg(short = 't', long, value_name = "TIME", value_parser = naming_value(whole_minutes), allow_negative_numbers = true)]
    pub minutes: Option<u64>,
    /// When, what and by whom
    #[command(flatten)]
    pub work: WorkArgs,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::ChargedTimer,
                Guard::Overlap,
                Guard::Large,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro timer update`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let goods = args.work.sold.checked(ctx).await?;
    let nothing = args.minutes.is_none()
        && args.work.start.is_none()
        && args.work.notes.is_none()
        && args.work.sold.is_empty()
        && args.work.user.is_none();
    if nothing {
        return Err(Error::usage("no changes were given").hint(
            "use at least one of --minutes, --start, --notes, --product, --labor, --assignee",
        ));
    }
    let start = began(ctx, "--start", args.work.start.as_deref())?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let id = args.timer.id().unwrap_or_default();
    workflow::keep(ctx, &approval, "timer update", id, args.work.notes.as_deref())?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let (seen, product, user) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        sold(ctx, &on, &goods),
        person(ctx, on.reader(), args.work.user.as_ref()),
    )?;
    let (start, note) = start.unzip();
    let start = start.map(|at| written(at, &ctx.settings().timezone));
    let fields = [
        ("start_at", start.map(Value::from)),
        ("duration_minutes", args.minutes.map(Value::from)),
        ("notes", args.work.notes.clone().map(Value::from)),
        ("product_id", product.as_ref().map(|product| json!(product.id))),
        ("user_id", user.as_ref().map(|(id, _)| json!(id))),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let timer = Part::TimerEntry.id_of(ctx, &seen.ticket, &args.timer).await?;
    let request = timers::update(seen.ticket.id, TimerId(timer), fields.collect());
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        remarks: Sheet::default().all_notices(note.flatten().as_ref()),
        ..Writing::of("timer update", seen.scope(), request)?
    };
    let writing = Writing { known: known(seen, product, user), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}
