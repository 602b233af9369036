//! Values in, text out: tables, the ticket page, HTML to text, wrapping, dates, sanitising. Knows neither terminal nor
//! HTTP: widths, colour and the clock are told in a `Look`.

pub mod appointment;
pub mod asking;
pub mod asset;
mod cell;
pub mod changes;
pub mod contact;
pub mod customer;
pub mod doubt;
mod entities;
pub mod fact;
mod field;
pub mod hidden;
pub mod html;
mod html_tags;
pub mod invoice;
mod journal;
pub mod jq;
#[cfg(feature = "jq")]
mod jq_depth;
pub mod line;
pub mod list;
pub mod lists;
mod look;
pub mod outcome;
pub mod outcome_json;
pub mod payment;
pub mod preview;
pub mod product;
mod reasons;
pub mod report;
pub mod report_alerts;
pub mod report_ar;
pub mod report_assets;
pub mod report_close;
pub mod report_duplicates;
pub mod report_patches;
pub mod report_prepaid;
pub mod report_recurring;
pub mod report_stale;
pub mod report_time;
#[cfg(feature = "offline")]
pub mod said;
pub mod sanitise;
pub mod secrets;
pub mod session_log;
pub mod setting;
mod sheet;
pub mod stopped;
pub mod table;
pub mod ticket;
mod ticket_parts;
pub mod tickets;
pub mod timer;
pub mod when;
pub mod wrap;

pub use cell::{Cell, Column};
pub use field::{in_brief, with_weekday};
pub use look::{
    ATTENTION, BAD, BOLD, DIM, GOOD, Look, REPLY, STAKE, article, counted, link, sentence,
    without_links,
};
pub use secrets::mask_portal_keys;
pub use table::Table;
pub use ticket::{COMMENTS, TicketPage, ticket_page};
pub use tickets::TicketRows;
