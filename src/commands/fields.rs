//! What the writes to customers, contacts and assets share: fields that were typed, sent and compared by the same names,
//! and the checks of what was typed.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// The fields that were given, by their names in the body, in their order.
#[derive(Debug, Clone, Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Adds a text, where one was given.
    #[must_use]
    pub fn text(mut self, name: &str, text: Option<&str>) -> Self {
        self.0.extend(text.map(|text| (name.to_owned(), Value::from(text.trim()))));
        self
    }

    /// Adds a yes or no, where one was given.
    #[must_use]
    pub fn flag(mut self, name: &str, flag: Option<bool>) -> Self {
        self.0.extend(flag.map(|flag| (name.to_owned(), Value::from(flag))));
        self
    }

    /// Whether none was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a POST of them sends.
    #[must_use]
    pub fn body(&self) -> Map<String, Value> {
        self.0.clone()
    }
}

/// How somebody is reached, a flag each; customers and contacts have these alike.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ContactDetails {
    /// Email address
    #[arg(long, value_name = "EMAIL", value_parser = mail)]
    pub email: Option<String>,
    /// Phone number
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,
    /// Mobile number
    #[arg(long, value_name = "NUMBER")]
    pub mobile: Option<String>,
    /// Street address
    #[arg(long, value_name = "TEXT")]
    pub address: Option<String>,
    /// City
    #[arg(long, value_name = "TEXT")]
    pub city: Option<String>,
    /// State or province
    #[arg(long, value_name = "TEXT")]
    pub state: Option<String>,
    /// Postal code
    #[arg(long, value_name = "TEXT")]
    pub zip: Option<String>,
    /// Notes for colleagues
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
}

impl ContactDetails {
    /// The fields that were given, after `fields`; `street` is the API's name for street and house there.
    #[must_use]
    pub fn add_to(&self, fields: Fields, street: &str) -> Fields {
        fields
            .text("email", self.email.as_deref())
            .text("phone", self.phone.as_deref())
            .text("mobile", self.mobile.as_deref())
            .text(street, self.address.as_deref())
            .text("city", self.city.as_deref())
            .text("state", self.state.as_deref())
            .text("zip", self.zip.as_deref())
            .text("notes", self.notes.as_deref())
    }
}

/// A mail address as it is typed.
///
/// # Errors
/// What is wrong with it.
pub fn mail(typed: &str) -> std::result::Result<String, String> {
    let typed = typed.trim();
    let sound = typed.split_once('@').is_some_and(|(name, host)| {
        let plain = |part: &str| !part.is_empty() && !part.contains([' ', '@', '<', '>', ',', ';']);
        plain(name)
            && plain(host)
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    if sound {
        return Ok(typed.to_owned());
    }
    Err(format!("invalid email address \"{typed}\": use name@example.com"))
}

/// Refuses a change of nothing.
///
/// # Errors
/// Exit 2.
pub fn something(fields: &Fields, flags: &str) -> Result<()> {
    if fields.is_empty() {
        return Err(Error::usage("no changes were given").hint(format!("give {flags}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::mail;

    #[test]
    fn a_mail_address_has_a_name_and_a_host() {
        assert_eq!(
            mail(" imelda@quillfeather.example ").as_deref(),
            Ok("imelda@quillfeather.example")
        );
        for wrong in [
            "",
            "imelda",
            "@quill.example",
            "imelda@",
            "imelda@quill",
            "a b@c.de",
            "a@b@c.de",
            "a@.de",
        ] {
            assert!(mail(wrong).is_err(), "{wrong}");
        }
    }
}
