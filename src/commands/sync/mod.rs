//! `syncro sync`: what is kept of the account on this machine, brought up to date, shown, or removed.

mod shown;

use jiff::{SignedDuration, Zoned};
use serde_json::json;

use crate::account::offers;
use crate::api::Reader;
use crate::commands::days::Days;
use crate::context::Context;
use crate::error::{Error, Kind as Failure, Result};
use crate::mirror::{Kind, Outcome, Step, Store, Sync, Watch, Wishes};
use crate::ui::Ui;

/// Copy the account to this machine, for --offline and `syncro search --said`
///
/// Reads what is new, changed or deleted since the last sync, and keeps it in a file that only you can read. It uses half
/// of the rate limit at most (`mirror.share`), and lets other commands go first. Stop it whenever you like: the next sync
/// continues. Commands that only show answer from it with --offline.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro sync
  syncro sync --only tickets,comments
  syncro sync --since 2025-01-01
  syncro sync --status
  syncro sync --forget

The copy is not encrypted: use disk encryption. Fields for keys, card data and
signatures are left out, and links lose what signs them. Passwords that people
typed into texts or custom fields are in it. What is in it may be old; no write
rests on it.")]
pub struct SyncArgs {
    /// Read everything again, and find all that was deleted
    #[arg(long)]
    full: bool,
    /// Only these kinds: tickets, comments, invoices, ... (--status shows all)
    #[arg(long, value_name = "KIND,...", value_delimiter = ',')]
    only: Vec<String>,
    /// First sync: leave out what was closed before this day [default: 24 months ago]
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Read the patches of each asset, too: a request or more per asset
    #[arg(long)]
    patches: bool,
    /// Show what is kept, and how old it is; send nothing
    #[arg(long, conflicts_with_all = ["full", "only", "since", "patches"])]
    status: bool,
    /// Remove all that is kept, of all accounts, with what shells complete
    #[arg(long, conflicts_with_all = ["full", "only", "since", "patches", "status"])]
    forget: bool,
}

/// Runs `syncro sync`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &SyncArgs) -> Result<()> {
    match args {
        SyncArgs { forget: true, .. } => forget(ctx),
        SyncArgs { status: true, .. } => status(ctx),
        _ => sync(ctx, args).await,
    }
}

async fn sync(ctx: &Context, args: &SyncArgs) -> Result<()> {
    let wishes = args.wishes(ctx)?;
    let reader = ctx.reader()?;
    let (mut store, aside) = Store::open(&ctx.mirrors(), &ctx.mirror_to_write()?)?;
    if let Some(aside) = aside {
        ctx.ui().warn(&format!(
            "the mirror was broken; it is now {}, and a new one was begun",
            aside.display()
        ));
    }
    let outcomes = read(ctx, &reader, &mut store, &wishes).await?;
    for Outcome { left_out, failed, .. } in &outcomes {
        match left_out {
            Some(why) if *failed => ctx.ui().warn(why),
            Some(why) => ctx.ui().note(why),
            None => {}
        }
    }
    if let Err(error) = offer(ctx, &store, &outcomes) {
        ctx.ui().note(&format!("shells complete without what was read: {error}"));
    }
    let requests = reader.sent();
    match ctx.how().json {
        true => ctx.json(&json!({
            "mirror": store.path(),
            "requests": requests,
            "kinds": outcomes,
        }))?,
        false => ctx.ui().stdout(&shown::outcomes(&outcomes, requests))?,
    }
    let failed: Vec<&str> = outcomes.iter().filter(|one| one.failed).map(|one| one.kind).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Error::new(
            Failure::Unavailable,
            format!("not everything could be read: {}", failed.join(", ")),
        )
        .next("sync", "try again; what was read is kept")),
    }
}

/// Lists of the account, and the commands that print them.
const OFFERED: [(&str, Kind); 4] = [
    ("tickets", Kind::Tickets),
    ("customers", Kind::Customers),
    ("contact list", Kind::Contacts),
    ("asset list", Kind::Assets),
];

/// Has shells complete what was read, as if it had been printed.
fn offer(ctx: &Context, store: &Store, outcomes: &[Outcome]) -> Result<()> {
    let is_read = |kind: Kind| {
        outcomes.iter().any(|one| one.kind == kind.name() && one.requests > 0 && !one.failed)
    };
    for (list, kind) in OFFERED.into_iter().filter(|(_, kind)| is_read(*kind)) {
        let latest = store.latest(kind, offers::MOST, &ctx.settings().tickets.closed)?;
        offers::keep(ctx, list, &latest);
    }
    Ok(())
}

async fn read(
    ctx: &Context,
    reader: &Reader,
    store: &mut Store,
    wishes: &Wishes,
) -> Result<Vec<Outcome>> {
    let watch = Shows(ctx.ui());
    let outcomes = Sync::new(reader, store, ctx.sync_budget()?, wishes, &watch).run().await;
    ctx.ui().clear_status();
    outcomes
}

/// Shows how far a sync is.
struct Shows<'a>(&'a Ui);

impl Watch for Shows<'_> {
    fn step(&self, step: &Step) {
        self.0.status(&shown::step(step));
    }
}

impl SyncArgs {
    fn wishes(&self, ctx: &Context) -> Result<Wishes> {
        let now = ctx.present();
        let since = Days::typed(self.since.as_deref(), None, &now)?.begun(&now)?.first();
        let since = since.map(|day| day.to_zoned(now.time_zone().clone()));
        let since = since.transpose().map_err(|why| Error::usage(format!("--since: {why}")))?;
        let kinds = self.only.iter().map(|typed| kind(typed));
        let only = kinds.collect::<Result<Vec<Kind>>>()?;
        Ok(Wishes {
            full: self.full,
            only: Some(only).filter(|only| !only.is_empty()),
            since: since.map(|day: Zoned| day.timestamp()),
            keep: ctx.settings().mirror.keep_days.and_then(|days| {
                let days = SignedDuration::from_hours(24 * i64::from(days));
                ctx.now().checked_sub(days).ok()
            }),
            patches: self.patches,
            closed: ctx.settings().tickets.closed.clone(),
            bodies: ctx.settings().mirror.comments,
        })
    }
}

fn kind(typed: &str) -> Result<Kind> {
    Kind::named(typed.trim()).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
        Error::usage(format!("invalid kind \"{typed}\": use {}", names.join(", ")))
    })
}

fn status(ctx: &Context) -> Result<()> {
    let name = ctx.mirror()?;
    let store = name.map(|name| Store::look(&ctx.mirrors(), &name)).transpose()?.flatten();
    let Some(store) = store else {
        return Err(Error::new(Failure::NotFound, "nothing is kept of this account")
            .next("sync", "copy it"));
    };
    let kinds = store.status()?;
    match ctx.how().json {
        true => ctx.json(&json!({ "mirror": store.path(), "kinds": kinds })),
        false => ctx.ui().stdout(&shown::status(&kinds, store.path(), &ctx.present())),
    }
}

fn forget(ctx: &Context) -> Result<()> {
    let place = ctx.mirrors();
    // What a sync has offered to shells is of it, too.
    let (folder, known) = (place.folder().display(), offers::place(ctx));
    let both = format!("{folder} and {}", known.display());
    if ctx.how().dry_run {
        ctx.ui().note(&format!("would remove {both}"));
        return Ok(());
    }
    let files = place.forget().and_then(|files| Ok(files + offers::remove_all(ctx)?));
    let files = files
        .map_err(|error| Error::new(Failure::Failure, format!("cannot remove {both}: {error}")))?;
    match ctx.how().json {
        true => ctx.json(&json!({
            "mirror": place.folder(), "completions": known, "removed": files,
        })),
        false if files == 0 => ctx.ui().stdout("nothing was kept\n"),
        false => ctx.ui().stdout(&format!("removed {both}\n")),
    }
}
