//! What a report is about, and how it is printed: the flags that reports share.

use jiff::Zoned;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::api::Reader;
use crate::api::ids::CustomerId;
use crate::commands::days::Days;
use crate::commands::resolve::{self, CustomerArg, UserArg};
use crate::commands::tickets::assignee;
use crate::commands::tickets::filter::{Assignee, Filter, Status};
use crate::context::Context;
use crate::error::Result;
use crate::output::{ListFlags, OfflineFlag};

/// Whose tickets a report is about.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct WhoseFlags {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    /// Only tickets of this assignee: a name, an id, me, or none
    #[arg(long, value_name = "USER", aliases = ["assign", "user", "owner"])]
    assignee: Option<UserArg>,
}

/// What a report is about: tickets that changed lately.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct TicketFlags {
    #[command(flatten)]
    whose: WhoseFlags,
    /// Only tickets changed on or after this day [default: 180 days ago]
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only tickets changed on or before this day
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    #[command(flatten)]
    pub(super) check: CheckFlags,
}

/// How a report is printed, and what its exit code says.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct CheckFlags {
    /// Exit with 11 if it finds something, and with 8 if not but something could not be read
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    offline: OfflineFlag,
    #[command(flatten)]
    form: ListFlags<true>,
}

/// So many days back tickets are read where no day was typed.
const RECENT: i64 = 180;

/// Which tickets a report is about.
pub(super) struct Wanted {
    customer: Option<CustomerId>,
    assignee: Option<Assignee>,
    status: Status,
    days: Days,
    pub(super) now: Zoned,
}

impl TicketFlags {
    /// What was typed, with the names resolved.
    pub(super) async fn wanted(&self, ctx: &Context, reader: &Reader) -> Result<Wanted> {
        let days = |now: &Zoned| {
            Days::recent(self.since.as_deref(), self.until.as_deref(), RECENT, now)?.begun(now)
        };
        // What is no day is said before anything is read, and which day it is by the server's clock.
        days(&ctx.present())?;
        let (customer, assignee) = self.whose.resolved(ctx, reader).await?;
        let now = ctx.present();
        Ok(Wanted { customer, assignee, status: Status::All, days: days(&now)?, now })
    }
}

impl WhoseFlags {
    async fn resolved(
        &self,
        ctx: &Context,
        reader: &Reader,
    ) -> Result<(Option<CustomerId>, Option<Assignee>)> {
        let customer = resolve::customer_id(ctx, reader, self.customer.as_ref()).await?;
        Ok((customer, assignee(ctx, reader, self.assignee.as_ref()).await?))
    }
}

impl Wanted {
    /// All tickets that changed lately, a customer's or everybody's.
    pub(super) fn lately(ctx: &Context, customer: Option<CustomerId>) -> Result<Self> {
        let now = ctx.present();
        let days = Days::recent(None, None, RECENT, &now)?;
        Ok(Self::changed(customer, days, now))
    }

    /// All tickets that changed on these days, a customer's or everybody's.
    pub(super) fn changed(customer: Option<CustomerId>, days: Days, now: Zoned) -> Self {
        Self { customer, assignee: None, status: Status::All, days, now }
    }

    /// The same, from that day on where it is earlier; which day is said where it is.
    pub(super) fn lately_and_since(ctx: &Context, day: Date) -> Result<(Self, Option<Date>)> {
        let lately = Self::lately(ctx, None)?;
        if lately.days.first().is_none_or(|first| first <= day) {
            return Ok((lately, None));
        }
        let days = Days::new(Some(day), None, lately.now.time_zone())?;
        Ok((Self { days, ..lately }, Some(day)))
    }

    /// All open tickets, however old.
    pub(super) async fn open(ctx: &Context, reader: &Reader, whose: &WhoseFlags) -> Result<Self> {
        let (customer, assignee) = whose.resolved(ctx, reader).await?;
        let status = Status::Open(ctx.settings().tickets.closed.clone());
        Ok(Self { customer, assignee, status, days: Days::default(), now: ctx.present() })
    }

    /// The first day of them, where there is one.
    pub(super) fn first(&self) -> Option<Date> {
        self.days.first()
    }

    /// The tickets that are wanted.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            status: self.status.clone(),
            customer: self.customer,
            assignee: self.assignee,
            days: self.days.clone(),
            updated: true,
            ..Filter::default()
        }
    }

    /// The same for scripts.
    pub(super) fn json(&self) -> Value {
        let assignee = match self.assignee {
            Some(Assignee::User(user)) => json!(user),
            Some(Assignee::Nobody) => json!("none"),
            None => Value::Null,
        };
        json!({
            "customer_id": self.customer,
            "user_id": assignee,
            "since": self.days.first(),
            "until": self.days.last(),
        })
    }
}
