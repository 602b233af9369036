//! The session log: one Markdown file a closed ticket, in a folder of the customer's below the configured one. Never
//! over a file that is there, and never outside the folder, whatever a customer is called.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::commands::on_ticket::{OnTicket, Seen};
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::private;
use crate::render::session_log::{self, Resolution};
use crate::ui::Ui;
use crate::workflow::{self, Approval};
use crate::write::ReadSet;

/// At most so many logs of one ticket and day.
const MOST: u32 = 99;

/// The configured folder.
///
/// # Errors
/// Exit 10 when none is configured.
pub(super) fn folder(ctx: &Context) -> Result<&Path> {
    ctx.settings().session_logs.as_deref().ok_or_else(|| {
        Error::configuration("no session log folder is configured")
            .nothing_written()
            .hint("set session_logs in the configuration")
    })
}

/// Writes the log where it was asked for, or where a person says yes; says nothing where no folder is configured.
/// `--json` names the file in `session_log`.
///
/// # Errors
/// Exit 1 when the file cannot be written: the ticket is closed all the same, and the message says so.
pub(super) async fn offer(
    ctx: &Context,
    approval: &Approval,
    on: &OnTicket<'_>,
    resolution: Resolution,
    asked_for: bool,
) -> Result<()> {
    let Some(root) = ctx.settings().session_logs.as_deref() else {
        return Ok(());
    };
    if !asked_for && !approval.may_ask() {
        return Ok(());
    }
    let seen = on.read(ReadSet::NOTHING.comments()).await.map_err(|error| {
        let message = format!("the ticket is closed, but its session log was not written: {error}");
        Error::new(error.kind, message)
    })?;
    let path = path(ctx, root, &seen);
    if !asked_for {
        let question = format!("Write the session log {}?", path.display());
        if !ctx.blocking(move |ui: &Ui| ui.ask_question(&question)).await? {
            return Ok(());
        }
    }
    let comments = seen.view.comments();
    let text = session_log::text(&seen.ticket, &comments, resolution, &ctx.present());
    let written = write(&path, &text).map_err(|error| {
        Error::new(
            Kind::Failure,
            format!(
                "the ticket is closed, but its session log was not written ({}: {error})",
                path.display()
            ),
        )
        .hint(
            Hint::from("make the folder writable; ")
                .command("ticket")
                .text(" still shows the comments"),
        )
    })?;
    ctx.ui().note(&format!("session log: {}", written.display()));
    ctx.answer_also("session_log", written.display().to_string().into());
    Ok(())
}

/// Writes the log of a ticket that is closed already, where nothing else is left to do.
///
/// # Errors
/// As for [`offer`].
pub(super) async fn only(
    ctx: &Context,
    approval: &Approval,
    on: &OnTicket<'_>,
    resolution: Resolution,
) -> Result<()> {
    let dry_run = approval.is_dry_run();
    ctx.answer(workflow::nothing_json(ctx.is_sandbox()));
    if dry_run {
        ctx.answer_also("outcome", "dry_run".into());
        ctx.ui().note("nothing to send; the session log would be written");
        return Ok(());
    }
    let written = offer(ctx, approval, on, resolution, true).await;
    if written.is_err() {
        ctx.answer_also("outcome", "failed".into());
    }
    written
}

/// `<folder>/<customer>/session-logs/YYYY-MM-DD-<number>-<subject>.md`, each part a name that every system takes.
fn path(ctx: &Context, root: &Path, seen: &Seen) -> PathBuf {
    let day = ctx.present().date();
    let ticket = &seen.ticket;
    let name = format!("{day}-{}-{}", ticket.number, ticket.subject);
    let customer = ticket.customer_id.map_or(0, |id| id.0);
    root.join(session_log::own_name(&ticket.customer_business_then_name, customer))
        .join("session-logs")
        .join(format!("{}.md", session_log::safe_name(&name)))
}

/// Writes a new file; where one is there already, beside it with a number.
fn write(path: &Path, text: &str) -> std::io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        private::make_folder(folder)?;
    }
    for place in 1..=MOST {
        let path = match place {
            1 => path.to_owned(),
            _ => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                path.with_file_name(format!("{stem}-{place}.md"))
            }
        };
        let mut options = OpenOptions::new();
        match private::file(options.write(true).create_new(true)).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::from(ErrorKind::AlreadyExists))
}
