//! What can be typed after `syncro bill`.

use crate::commands::resolve::TicketArg;
use crate::commands::text::{CommentFlags, ProseArgs};
use crate::operations::Guard;
use crate::workflow::{Overrides, guards};

/// Bill a ticket: comment, line items, invoice, status
///
/// Shows exactly what will be written and what the customer will see, and asks for one confirmation. Each write is sent
/// at most once. On a terminal, you are asked for missing values.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct BillArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Time spent: 30 (whole minutes), 1h30m, 1.5h or 1:30
    #[arg(short = 't', long, value_name = "TIME", allow_negative_numbers = true)]
    pub minutes: Option<String>,
    /// Labor type, from the configured [labor.NAME]; with --from-timers, for time without a product
    #[arg(short, long, value_name = "NAME")]
    pub labor: Option<String>,
    /// Bill stopped timer entries that are not charged yet, and correct their line items
    #[arg(long, conflicts_with = "minutes")]
    pub from_timers: bool,
    /// Bill the exact time, without rounding by the labor type or the account
    #[arg(long)]
    pub exact: bool,
    /// Log the time of hourly labor as timer entries, and charge them [default: log_time of the configuration]
    #[arg(long, conflicts_with = "no_log_time")]
    pub log_time: bool,
    /// Add hourly labor without timer entries
    #[arg(long, conflicts_with = "start")]
    pub no_log_time: bool,
    /// Start of the logged time: 9:30, "yesterday 14:00", "2h ago" [default: now minus the time]
    #[arg(long, value_name = "WHEN")]
    pub start: Option<String>,
    /// When the work began, to compare with business hours; where time is logged, as --start
    #[arg(long, value_name = "WHEN", conflicts_with = "start")]
    pub at: Option<String>,
    /// Add another line item: travel, travel=2 (units) or onsite=45m (time); repeatable
    #[arg(long, value_name = "NAME[=AMOUNT]")]
    pub add: Vec<String>,
    /// Comment text
    #[command(flatten)]
    pub prose: ProseArgs,
    /// Description of the labor line item [default: the first line of the comment that is no greeting]
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// What the comment is besides its text
    #[command(flatten)]
    pub kind: CommentFlags,
    /// Bill without a comment
    #[arg(long, conflicts_with_all = CommentFlags::ALL)]
    pub no_comment: bool,
    /// Add line items only; create no invoice and keep the status
    #[arg(long)]
    pub no_invoice: bool,
    /// Repair an empty or $0.00 invoice created by this bill, even with --yes
    #[arg(long)]
    pub repair: bool,
    /// Invoice charged time as the account rounds it, even with --yes
    #[arg(long, conflicts_with = "exact")]
    pub rounded: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::Again,
                Guard::SameLine,
                Guard::SameComment,
                Guard::OtherContact,
                Guard::Zero,
                Guard::Stacked,
                Guard::TimerRunning,
                Guard::LeaveTimers,
                Guard::ChargedToday,
                Guard::Overlap,
                Guard::NotBillable,
                Guard::Large,
                Guard::OptedOut,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

const EXAMPLES: &str = "\
Examples:
  syncro bill 32181
  syncro bill 32181 --minutes 30 --labor remote -m \"Cleaned the print head\"
  syncro bill 32181 -t 30 -l remote --draft \"gift layout copied, tested\"
  syncro bill 32181 -t 1h30m -l onsite --add travel -m \"Swapped it\" --yes --json
  syncro bill 32168 --from-timers -m \"Moved the terminal to another port\"
  syncro bill 32181 -t 30 -l remote --log-time --start \"2h ago\" -m Copied
  syncro bill 32181 -t 15 -l remote --no-comment --description Call --dry-run";
