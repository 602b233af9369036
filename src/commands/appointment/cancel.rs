//! `syncro appointment cancel <id>`: removes an appointment, believed once a GET no longer finds it.

use super::find;
use crate::api::ids::AppointmentId;
use crate::api::resources::appointments::{self, Appointment};
use crate::api::{Reader, Record};
use crate::commands::resolve::IdOrName;
use crate::context::Context;
use crate::error::{Error, Hint, Result};
use crate::operations::appointment::scope;
use crate::workflow::{self, Approval, Writing};

/// Cancel an appointment
///
/// Removes the appointment from the calendar without sending an email.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment cancel 5560900000
  syncro appointment cancel \"Greenhouse wiring\"
  syncro appointment cancel 5560900000 --yes --json")]
pub struct CancelArgs {
    /// Appointment: an id, or a day, time or summary of the next 14 days
    #[arg(value_name = "APPOINTMENT")]
    pub appointment: IdOrName,
}

/// Runs `syncro appointment cancel`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CancelArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let reader = ctx.reader()?;
    let id = find::id_of(ctx, &reader, &args.appointment).await?;
    let found = read(&reader, id).await?;
    let writing = Writing {
        next: Some("appointment list".to_owned()),
        ..Writing::of("appointment cancel", scope(&found), appointments::delete(id))?
    };
    workflow::write(ctx, &approval, &writing).await
}

/// The appointment of that id.
///
/// # Errors
/// Exit 3 when there is none.
pub async fn read(reader: &Reader, id: AppointmentId) -> Result<Record<Appointment>> {
    let found = reader.find(appointments::get(id).fresh(), |found| found.id == id).await?;
    found.ok_or_else(|| {
        Error::none(format!("appointment {id}")).hint(
            Hint::default()
                .command("appointment list")
                .text(" shows the coming ones with their ids"),
        )
    })
}
