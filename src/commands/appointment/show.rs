//! `syncro appointment show`: one appointment.

use crate::account::names;
use crate::api::ids::AppointmentId;
use crate::api::resources::appointments;
use crate::commands::listing::look;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::operations::Names;
use crate::render;

/// Show one appointment
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment show 5560900000
  syncro appointment show 5560900000 --json | jq .start_at")]
pub struct ShowArgs {
    /// Appointment id, as `syncro appointment list` shows it
    #[arg(value_name = "ID", value_parser = id)]
    pub appointment: AppointmentId,
}

/// Reads an id, `id:` before it or not.
fn id(typed: &str) -> Result<AppointmentId, String> {
    let digits = typed.trim();
    let digits = digits.strip_prefix("id:").unwrap_or(digits);
    let id = digits.parse().map(AppointmentId);
    id.map_err(|_| "an appointment is named by its id: digits".to_owned())
}

/// Runs `syncro appointment show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let id = args.appointment;
    let names = async {
        match ctx.how().json {
            true => Names::default(),
            false => names::names(ctx, &reader).await,
        }
    };
    let (appointment, names) =
        tokio::join!(reader.find(appointments::get(id), |found| found.id == id), names);
    let appointment = appointment?.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("there is no appointment with id {id}"))
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
