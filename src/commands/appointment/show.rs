//! `syncro appointment show`: one appointment.

use super::find;
use crate::account::names;
use crate::api::resources::appointments;
use crate::commands::listing::look;
use crate::commands::resolve::IdOrName;
use crate::context::Context;
use crate::error::{Error, Hint, Result};
use crate::operations::Names;
use crate::output::OfflineFlag;
use crate::render;

/// Show one appointment
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment show 5560900000
  syncro appointment show \"Greenhouse wiring\"
  syncro appointment show 5560900000 --json | jq .start_at")]
pub struct ShowArgs {
    /// Appointment: an id, or a day, time or summary of the next 14 days
    #[arg(value_name = "APPOINTMENT")]
    pub appointment: IdOrName,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// Runs `syncro appointment show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let id = find::id_of(ctx, &reader, &args.appointment).await?;
    let names = async {
        match ctx.how().json {
            true => Names::default(),
            false => names::names(ctx, &reader).await,
        }
    };
    let (appointment, names) =
        tokio::join!(reader.find(appointments::get(id), |found| found.id == id), names);
    let appointment = appointment?.ok_or_else(|| {
        Error::none(format!("appointment with id {id}"))
            .hint(Hint::default().command("appointment list").text(" lists them with their ids"))
    })?;
    if ctx.how().json {
        return ctx.json(&appointment.raw);
    }
    let kind = appointment.appointment_type_id;
    let kind = kind.and_then(|id| names.appointment_type(id));
    let user = |id| names.user(id);
    let page = render::appointment::page(&appointment, kind, &user, &look(ctx));
    ctx.ui().page(&page)
}
