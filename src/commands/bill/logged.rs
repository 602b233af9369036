//! Time of a bill that is logged: the timer entries that its hourly labor is entered as and charged by, so that the
//! account's labor log has the time that was spent, whatever the line items say.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::BillArgs;
use super::facts::Facts;
use super::request::{BillRequest, Logging};
use crate::api::ids::UserId;
use crate::api::resources::timers::NewTimer;
use crate::billing::labor::{Amount, BilledLine};
use crate::billing::quantity::Minutes;
use crate::commands::spent::{before, began, present};
use crate::config::{LogTime, Settings};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::timer::{ended, written};

/// Whether time is logged, and from when: as it was typed, else as it is configured; and where none is, when the work began.
///
/// # Errors
/// Exit 2 for a start that cannot be understood, lies ahead, or is that of nothing.
pub fn of(args: &BillArgs, ctx: &Context) -> Result<(Option<Logging>, Option<Timestamp>)> {
    let is_configured = ctx.settings().billing.log_time == LogTime::Charge;
    let is_logged = args.log_time || is_configured && !args.no_log_time;
    let (flag, typed) = match &args.at {
        Some(at) => ("--at", Some(at)),
        None => ("--start", args.start.as_ref()),
    };
    let began = began(ctx, flag, typed.map(String::as_str))?;
    if args.start.is_some() && !is_logged {
        return Err(no_time().hint("to log the time: --log-time"));
    }
    let (start, note) = began.unzip();
    Ok(match is_logged {
        true => (Some(Logging { start, note: note.flatten() }), None),
        false => (None, start),
    })
}

fn no_time() -> Error {
    Error::usage("--start has no effect: this bill logs no time").nothing_written()
}

/// The minutes of a timer entry: the server counts whole ones only.
///
/// # Errors
/// What is wrong with them.
pub fn whole(minutes: Minutes) -> Result<u64> {
    minutes.whole().ok_or_else(|| {
        let text = format!("{minutes} cannot be logged: timer entries have whole minutes");
        Error::usage(text).nothing_written().hint("use whole minutes, or --no-log-time")
    })
}

/// The labor log of a bill while it is written: the entries follow one another, so that none overlaps another one.
pub struct Log<'s> {
    next: Timestamp,
    user: UserId,
    zone: &'s TimeZone,
}

impl<'s> Log<'s> {
    /// One that ends now, or begins when it was said; none where time is not logged.
    ///
    /// # Errors
    /// Those of [`whole`], and exit 2 for the start of nothing.
    pub fn begin(
        settings: &'s Settings,
        request: &BillRequest,
        facts: &Facts,
    ) -> Result<Option<Self>> {
        let Some(logging) = &request.log else {
            return Ok(None);
        };
        let mut total: u64 = 0;
        for minutes in request.work.iter().filter_map(|work| work.amount.minutes()) {
            total = total.saturating_add(whole(minutes)?);
        }
        let next = match logging.start {
            Some(_) if total == 0 => return Err(no_time()),
            Some(start) => start,
            None => before(present(facts.server_date.unwrap_or_else(Timestamp::now)), total)?,
        };
        Ok(Some(Self { next, user: facts.me.user_id, zone: &settings.timezone }))
    }

    /// The entry of a line; none for one that is counted by pieces.
    ///
    /// # Errors
    /// Those of [`whole`], and exit 2 beyond the end of time.
    pub fn entry(&mut self, amount: Amount, line: &BilledLine) -> Result<Option<NewTimer>> {
        let Some(minutes) = amount.minutes() else {
            return Ok(None);
        };
        let minutes = whole(minutes)?;
        let start = written(self.next, self.zone);
        self.next = ended(self.next, minutes)?;
        Ok(Some(NewTimer {
            start,
            minutes: Some(minutes),
            notes: Some(line.description.clone()),
            product_id: Some(line.product_id),
            user_id: self.user,
        }))
    }
}
