//! Every list that there is.

use super::list::Shape;
use super::{
    appointment, asset, contact, customer, invoice, line, payment, product, report, report_alerts,
    report_ar, report_assets, report_close, report_duplicates, report_patches, report_prepaid,
    report_recurring, report_stale, report_time, setting, tickets, timer,
};

/// Every list.
pub const LISTS: [&Shape; 28] = [
    &tickets::LIST,
    &tickets::FOUND,
    &customer::LIST,
    &contact::LIST,
    &asset::LIST,
    &asset::PATCHES,
    &line::LIST,
    &timer::LIST,
    &invoice::LIST,
    &payment::LIST,
    &appointment::LIST,
    &product::LIST,
    &report::DRIFT,
    &report::UNINVOICED,
    &report::UNBILLED,
    &report_ar::AR,
    &report_alerts::ALERTS,
    &report_assets::ASSETS,
    &report_close::CLOSE,
    &report_duplicates::DUPLICATES,
    &report_patches::PATCHES,
    &report_prepaid::PREPAID,
    &report_recurring::RECURRING,
    &report_stale::STALE,
    &report_time::TIME,
    &report_time::TODAY,
    &setting::LIST,
    &ANSWER,
];

/// What `syncro api` prints: its columns are the members of whatever came.
pub const ANSWER: Shape = Shape { command: "api", one: "record", several: "records", columns: &[] };

/// The list that a command prints, if it prints one.
#[must_use]
pub fn of_command(command: &str) -> Option<&'static Shape> {
    LISTS.into_iter().find(|list| list.command == command)
}
