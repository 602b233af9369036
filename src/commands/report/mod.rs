//! `syncro report`: what the account's own records say of money that slipped. A file a report; what all of them share is
//! beside them.

pub mod alerts;
pub mod ar;
pub mod assets;
pub mod close;
pub mod drift;
pub mod duplicates;
mod flags;
mod invoiced;
mod known;
mod named;
pub mod patches;
mod permission;
pub mod prepaid;
mod printed;
mod reading;
pub mod recurring;
pub mod stale;
pub mod time;
pub mod uninvoiced;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// Show money that slipped: contradictions, uninvoiced work, what is owed
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report drift
  syncro report uninvoiced --customer Mossgate --since 2026-01-01
  syncro report alerts
  syncro report ar --invoices
  syncro report assets
  syncro report close --month 2026-02
  syncro report duplicates
  syncro report patches --customer Quillfeather
  syncro report prepaid
  syncro report recurring
  syncro report stale --quiet-for 48h
  syncro report time --by customer
  syncro report uninvoiced --check --quiet > /dev/null || echo \"look at it\"")]
pub struct ReportArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

verbs! {
    ReportArgs:
    Alerts(alerts::AlertsArgs) => alerts::run,
    Ar(ar::ArArgs) => ar::run,
    Assets(assets::AssetsArgs) => assets::run,
    Close(close::CloseArgs) => close::run,
    Drift(drift::DriftArgs) => drift::run,
    Duplicates(duplicates::DuplicatesArgs) => duplicates::run,
    Patches(patches::PatchesArgs) => patches::run,
    Prepaid(prepaid::PrepaidArgs) => prepaid::run,
    Recurring(recurring::RecurringArgs) => recurring::run,
    Stale(stale::StaleArgs) => stale::run,
    Time(time::TimeArgs) => time::run,
    Uninvoiced(uninvoiced::UninvoicedArgs) => uninvoiced::run,
}
