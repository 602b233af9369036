//! `syncro customer create <name>`: a customer and its contacts in one plan. Names and addresses are searched for first:
//! two customers of one name are how invoices get lost.

use std::str::FromStr;
use std::time::Instant;

use crate::api::resources::contacts;
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::users;
use crate::api::{Reader, Record};
use crate::commands::fields::{Fields, mail};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{
    Collection, Effect, Field, Plan, ReadSet, RecordId, RetryPolicy, Scope, Snapshot, Step,
    snapshot,
};

/// Create a customer, optionally with contacts
///
/// Searches for the name and email address first and stops on a match. Customer and contacts are confirmed together.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer create \"Bluebird Bakery\" --email hello@bluebird.example --phone 555-0133
  syncro customer create \"Bluebird Bakery\" --contact \"Ada Finch <ada@bluebird.example> 555-0134\" --yes
  syncro customer create --first Ada --last Finch --email ada@finch.example --dry-run")]
pub struct CreateArgs {
    /// Business name
    #[arg(value_name = "NAME", required_unless_present_all = ["first", "last"])]
    pub name: Option<String>,
    /// Customer details
    #[command(flatten)]
    pub about: super::About,
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
    fn fields(&self) -> Fields {
        Fields::default()
            .text("name", "name", Some(&self.name))
            .text("email", "email", self.email.as_deref())
            .text("phone", "phone", self.phone.as_deref())
    }

    fn says(&self) -> String {
        let mail = self.email.as_ref().map(|mail| format!(" <{mail}>"));
        let phone = self.phone.as_ref().map(|phone| format!(" {phone}"));
        format!("{}{}{}", self.name, mail.unwrap_or_default(), phone.unwrap_or_default())
    }
}

impl CreateArgs {
    fn fields(&self) -> Fields {
        let fields = Fields::default().text("business_name", "business", self.name.as_deref());
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

    /// The filter by which the new one is looked for.
    fn collection(&self) -> Collection {
        let by = |by: &str, is: &str| Collection::customers(by, is.trim());
        match (&self.name, &self.about.reach.email, &self.about.last) {
            (Some(name), _, _) => by("business_name", name),
            (None, Some(email), _) => by("email", email),
            (None, None, last) => by("lastname", last.as_deref().unwrap_or_default()),
        }
    }
}

/// Runs `syncro customer create`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    if args.called().is_empty() {
        return Err(Error::usage("a customer needs a name; nothing was written"));
    }
    let reader = ctx.reader()?;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &reader, args);
    let scope = Scope::default();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

async fn gather(ctx: &Context, reader: &Reader, args: &CreateArgs) -> Result<Proposal> {
    let at = Instant::now();
    let scope = Scope::default();
    let collection = args.collection();
    let called = args.called();
    let email = args.about.reach.email.as_deref();
    let (found, me) = tokio::try_join!(alike(reader, &called, email, &collection), async {
        Ok(reader.get(users::me()).await?)
    })?;
    let Alike { view, same, similar } = found;
    let fields = args.fields();
    let mut sheet = fields.rows(Sheet::default().row("Customer", &called).by(&me));
    for contact in &args.contact {
        sheet = sheet.row("Contact", contact.says());
    }
    for text in &similar {
        sheet = sheet.line(text);
    }
    let title = format!("Create the customer {called}");
    let mut plan = Plan::new("customer create", title, ctx.account(&me)?, scope)
        .over(view.baseline())
        .previewed(sheet.text())
        .step(customer_step(&called, &fields, collection))
        .then(format!("customer show \"{called}\""));
    for contact in &args.contact {
        plan = plan.step(contact_step(contact));
    }
    Ok(Proposal { plan, findings: same.into_iter().collect(), me: me.view, at })
}

/// What is like a customer that is to be made.
pub(crate) struct Alike {
    /// The list that it would appear in.
    pub(crate) view: Snapshot,
    /// The question about the one that is the same.
    pub(crate) same: Option<Finding>,
    /// What is said of those that only look alike.
    pub(crate) similar: Vec<String>,
}

/// Searches name and mail address.
///
/// # Errors
/// Those of the reads.
pub(crate) async fn alike(
    reader: &Reader,
    called: &str,
    email: Option<&str>,
    collection: &Collection,
) -> Result<Alike> {
    let by_mail = async {
        match email {
            Some(email) => Ok(reader.all(customers::with("email", email).fresh()).await?.items),
            None => Ok(Vec::new()),
        }
    };
    let (view, named, by_mail) = tokio::try_join!(
        async {
            let needs = ReadSet::NOTHING.collection(collection);
            Ok(snapshot(reader, &Scope::default(), needs, RetryPolicy::Retry).await?)
        },
        async { Ok::<_, Error>(reader.get(customers::autocomplete(called).fresh()).await?) },
        by_mail,
    )?;
    let mut known: Vec<Record<Customer>> = view
        .records(collection)
        .into_iter()
        .filter_map(|raw| Record::read(raw.clone()).ok())
        .collect();
    for one in by_mail.into_iter().chain(named.view.customers) {
        if known.iter().all(|other| other.id != one.id) {
            known.push(one);
        }
    }
    let (same, similar) = split(called, email, known);
    let same = same.map(|(why, one)| {
        let state = if one.disabled { ", disabled" } else { "" };
        let text = format!("{} (id {}{state}) has the same {why}", one.name(), one.id);
        Finding::new(Guard::SameCustomer, text)
    });
    let similar = similar.iter();
    Ok(Alike {
        view,
        same,
        similar: similar.map(|one| format!("{} (id {}) also exists", one.name(), one.id)).collect(),
    })
}

/// The customer that is the same, and by what; and those that only look alike.
type Split = (Option<(&'static str, Record<Customer>)>, Vec<Record<Customer>>);

/// The first that is the same by name or address, and those that only look alike.
fn split(called: &str, email: Option<&str>, known: Vec<Record<Customer>>) -> Split {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let wanted = plain(called);
    let email = email.map(plain);
    let (mut same, mut similar) = (None, Vec::new());
    for one in known {
        let names = [&one.business_name, &one.business_then_name, &one.fullname];
        let by_name = names.into_iter().any(|name| plain(name) == wanted);
        let by_mail = email.as_ref().is_some_and(|email| plain(&one.email) == *email);
        match (by_name, by_mail) {
            (true, _) if same.is_none() => same = Some(("name", one)),
            (_, true) if same.is_none() => same = Some(("email address", one)),
            _ => similar.push(one),
        }
    }
    (same, similar)
}

fn customer_step(called: &str, fields: &Fields, collection: Collection) -> Step {
    let like = fields.like(&["business_name", "firstname", "lastname", "email"]);
    let effect = Effect::created(collection).like(like).check(fields.check());
    let says = format!("create the customer {called}");
    Step::new("customer", says, customers::create(fields.body()), effect).reports(called)
}

fn contact_step(contact: &NewContact) -> Step {
    let customer = RecordId::later("customer");
    let fields = contact.fields();
    let mut body = fields.body();
    body.insert("customer_id".to_owned(), customer.json());
    let mut like = fields.like(&["name"]);
    like.push(Field::called("customer_id", "customer", customer.json()));
    let effect = Effect::created(Collection::contacts(customer))
        .like(like)
        .check(fields.check())
        .shown_in("contacts");
    let says = format!("create the contact {}", contact.says());
    Step::new("contact", says, contacts::create(body), effect).reports(contact.says())
}

#[cfg(test)]
mod tests {
    use super::NewContact;

    #[test]
    fn a_contact_is_a_name_with_mail_and_phone() {
        let read = |typed: &str| typed.parse::<NewContact>();
        let ada = read("Ada Finch <ada@bluebird.example> 555-0134");
        assert!(ada.is_ok_and(|one| one.says() == "Ada Finch <ada@bluebird.example> 555-0134"));
        assert!(read("Ada Finch").is_ok_and(|one| one.email.is_none()));
        for wrong in ["", "<ada@bluebird.example>", "Ada <ada", "Ada <ada>"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
