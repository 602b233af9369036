//! What the commands for time share: what it is sold as, whose it is, and how long it took.

use crate::api::ids::{ProductId, UserId};
use crate::api::resources::products::Product;
use crate::api::{Reader, Record};
use crate::billing::quantity::Minutes;
use crate::commands::bill::labor_name::{by_time, key_of};
use crate::commands::line::add::product;
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::product::find::product_id;
use crate::commands::resolve::{self, IdOrName, UserArg};
use crate::context::Context;
use crate::error::Result;
use crate::operations::{Names, product_ref};
use crate::workflow::Known;

/// When work was done, what, and by whom.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct WorkArgs {
    /// Start time: 9:30, "yesterday 14:00", "2h ago", "2026-05-23 14:00"
    #[arg(long, value_name = "WHEN")]
    pub start: Option<String>,
    /// Description of the work; used for the line item when the time is charged
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// Product or labor type
    #[command(flatten)]
    pub sold: SoldArgs,
    /// User who spent the time: a name, an id, or me
    #[arg(long = "assignee", value_name = "USER", aliases = ["assign", "user", "owner"])]
    pub user: Option<UserArg>,
}

/// What time is sold as, where the entry itself is to know.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SoldArgs {
    /// Product to charge the time as: an id or a name
    #[arg(long, value_name = "PRODUCT", conflicts_with = "labor")]
    pub product: Option<IdOrName>,
    /// Labor type to charge the time as, from the configured [labor.NAME]
    #[arg(short, long, value_name = "NAME")]
    pub labor: Option<String>,
}

impl SoldArgs {
    /// Whether neither was given.
    #[must_use]
    pub(super) const fn is_empty(&self) -> bool {
        self.product.is_none() && self.labor.is_none()
    }

    /// The same with the labor type by its own name.
    ///
    /// # Errors
    /// Exit 2 for a labor type that is not configured, or not counted by time.
    pub(super) async fn checked(&self, ctx: &Context) -> Result<Self> {
        let mut checked = self.clone();
        if let Some(labor) = &mut checked.labor {
            *labor = by_time(ctx.settings(), &key_of(ctx, labor).await?)?.key.clone();
        }
        Ok(checked)
    }

    /// The product that was meant, if one was.
    ///
    /// # Errors
    /// As for [`SoldArgs::checked`]; exit 3 for a product that is not there.
    pub(super) async fn id(&self, ctx: &Context, reader: &Reader) -> Result<Option<ProductId>> {
        match (&self.labor, &self.product) {
            (Some(labor), _) => Ok(Some(by_time(ctx.settings(), labor)?.product_id)),
            (None, Some(product)) => product_id(ctx, reader, product).await.map(Some),
            (None, None) => Ok(None),
        }
    }
}

/// The product that was named, read and proven.
pub(super) async fn sold(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &SoldArgs,
) -> Result<Option<Record<Product>>> {
    match args.id(ctx, on.reader()).await? {
        Some(id) => product(on, id).await.map(Some),
        None => Ok(None),
    }
}

/// The user that was named.
pub(super) async fn person(
    ctx: &Context,
    reader: &Reader,
    typed: Option<&UserArg>,
) -> Result<Option<(UserId, String)>> {
    match typed {
        Some(typed) => resolve::user(ctx, reader, typed).await.map(Some),
        None => Ok(None),
    }
}

/// What was read to make a request, which its preview needs as well.
pub(super) fn known(
    seen: Seen,
    product: Option<Record<Product>>,
    user: Option<(UserId, String)>,
) -> Known {
    let mut known = seen.known();
    if let Some(product) = product {
        known.view = known.view.with_record(product_ref(product.id), Some(product.raw));
    }
    known.names = user.map(|user| Names { users: [user].into(), ..Names::default() });
    known
}

/// Reads a length for a timer entry: the server counts whole minutes only.
///
/// # Errors
/// What is wrong with it.
pub(super) fn whole_minutes(typed: &str) -> std::result::Result<u64, String> {
    let minutes: Minutes =
        typed.parse().map_err(|error: crate::billing::quantity::NotMinutes| error.to_string())?;
    minutes.whole().ok_or_else(|| format!("invalid time \"{typed}\": use whole minutes"))
}
