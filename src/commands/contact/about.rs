//! What a command says of a contact.

use crate::commands::fields::{ContactDetails, Fields};

/// What is known of a contact, a flag each.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct About {
    /// Job title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Contact details
    #[command(flatten)]
    pub reach: ContactDetails,
}

impl About {
    /// The fields that were given, after `fields`.
    #[must_use]
    pub fn add_to(&self, fields: Fields) -> Fields {
        self.reach.add_to(fields, "address1").text("title", self.title.as_deref())
    }
}
