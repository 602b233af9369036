//! `syncro customer create <name>`: a customer and its contacts in one plan. Names and addresses are searched for first:
//! two customers of one name are how invoices get lost.

use super::about::About;
use std::str::FromStr;

use crate::api::Write;
use crate::api::resources::{contacts, customers};
use crate::commands::fields::{Fields, mail};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{RecordId, Request, Scope};

/// Create a customer, optionally with contacts
///
/// Searches for the name and email address first and stops on a match. Customer and contacts are confirmed together.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer create \"Bluebird Bakery\" --phone 555-0133
  syncro customer create Bluebird --contact \"Ada <ada@bluebird.example>\" --yes
  syncro customer create --first Ada --last Finch --dry-run")]
pub struct CreateArgs {
    /// Business name
    #[arg(value_name = "NAME", required_unless_present_all = ["first", "last"])]
    pub name: Option<String>,
    /// Customer details
    #[command(flatten)]
    pub about: About,
    /// Add a contact: `"Name <email> phone"`, only the name is required; repeatable
    #[arg(long, value_name = "CONTACT")]
    pub contact: Vec<NewContact>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::SameCustomer]) }>,
}

/// A contact as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

impl FromStr for NewContact {
    type Err = String;

    fn from_str(typed: &str) -> std::result::Result<Self, String> {
        let (name, email, phone) = match typed.split_once('<') {
            None => (typed, None, None),
            Some((name, rest)) => {
                let (address, phone) = rest
                    .split_once('>')
                    .ok_or_else(|| "an email address ends with >".to_owned())?;
                let phone = Some(phone.trim()).filter(|phone| !phone.is_empty());
                (name, Some(mail(address)?), phone.map(str::to_owned))
            }
        };
        let name = name.trim();
        if name.is_empty() {
            return Err("use \"Name <email> phone\"".to_owned());
        }
        Ok(Self { name: name.to_owned(), email, phone })
    }
}

impl NewContact {
    /// The request that makes it, for a customer that may be yet to be made.
    fn of(&self, customer: &RecordId) -> Write {
        let fields = Fields::default()
            .text("name", Some(&self.name))
            .text("email", self.email.as_deref())
            .text("phone", self.phone.as_deref());
        let mut body = fields.body();
        body.insert("customer_id".to_owned(), customer.json());
        contacts::create(body)
    }
}

impl CreateArgs {
    fn fields(&self) -> Fields {
        let fields = Fields::default().text("business_name", self.name.as_deref());
        self.about.add_to(fields)
    }

    /// What the customer is called.
    fn called(&self) -> String {
        let person = || {
            let parts = [self.about.first.as_deref(), self.about.last.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        self.name.clone().unwrap_or_else(person).trim().to_owned()
    }
}

/// Runs `syncro customer create`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let called = args.called();
    if called.is_empty() {
        return Err(Error::usage("a customer needs a name").nothing_written());
    }
    let of = RecordId::later("customer");
    let contacts = args.contact.iter().map(|contact| contact.of(&of));
    let requests = std::iter::once(customers::create(args.fields().body())).chain(contacts);
    let writing = Writing {
        title: Some(format!("Create the customer {called}")),
        next: Some(format!("customer show \"{called}\"")),
        allowed: args.overrides.allowed.clone(),
        ..Writing::all("customer create", Scope::default(), requests.map(Request::from))?
    };
    workflow::write(ctx, &approval, &writing).await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::NewContact;

    #[test]
    fn a_contact_is_a_name_with_mail_and_phone() {
        let read = |typed: &str| typed.parse::<NewContact>();
        let ada = read("Ada Finch <ada@bluebird.example> 555-0134").unwrap();
        assert_eq!(ada.name, "Ada Finch");
        assert_eq!(ada.email.as_deref(), Some("ada@bluebird.example"));
        assert_eq!(ada.phone.as_deref(), Some("555-0134"));
        assert!(read("Ada Finch").is_ok_and(|one| one.email.is_none()));
        for wrong in ["", "<ada@bluebird.example>", "Ada <ada", "Ada <ada>"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
