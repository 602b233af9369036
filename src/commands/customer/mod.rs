//! `syncro customer`: one customer. A file a verb.

pub mod create;
pub mod show;
pub mod update;

use crate::commands::deferred::Deferred;
use crate::commands::fields::{ContactDetails, Fields};
use crate::context::Context;
use crate::error::Result;

/// Show, create, change and disable customers
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer show quillfeather
  syncro customer show 31204551 --json | jq .unpaid_invoices
  syncro customer create \"Bluebird Bakery\" --email hello@bluebird.example

To list customers, use `syncro customers`.")]
pub struct CustomerArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(update::UpdateArgs),
    Disable(update::DisableArgs),
}

/// Runs `syncro customer`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CustomerArgs) -> Result<()> {
    match &*args.verb {
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Disable(args) => update::disable(ctx, args).await,
    }
}

/// What is known of a customer, a flag each.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct About {
    /// First name
    #[arg(long, value_name = "NAME")]
    pub first: Option<String>,
    /// Last name
    #[arg(long, value_name = "NAME")]
    pub last: Option<String>,
    /// Contact details
    #[command(flatten)]
    pub reach: ContactDetails,
    /// Stop Syncro from emailing the customer
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub no_email: Option<bool>,
}

impl About {
    /// The fields that were given, after `fields`.
    #[must_use]
    pub fn add_to(&self, fields: Fields) -> Fields {
        let fields = fields.text("firstname", "first name", self.first.as_deref()).text(
            "lastname",
            "last name",
            self.last.as_deref(),
        );
        let fields = self.reach.add_to(fields, "address");
        fields.flag("no_email", "emails stopped", self.no_email)
    }
}
