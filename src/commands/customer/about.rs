//! What a command says of a customer.

use crate::commands::fields::{ContactDetails, Fields};

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
        let fields =
            fields.text("firstname", self.first.as_deref()).text("lastname", self.last.as_deref());
        let fields = self.reach.add_to(fields, "address");
        fields.flag("no_email", self.no_email)
    }
}
