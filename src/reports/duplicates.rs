//! Customers that may be one and the same, and contacts of different customers that share an email address.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::alike::{self, Folding};
use super::row::row;
use super::{LeftOut, Mend, Whose, why};
use crate::api::Record;
use crate::api::fields::has;
use crate::api::ids::CustomerId;
use crate::api::resources::contacts::Contact;
use crate::api::resources::customers::Customer;
use crate::sorting;

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The customers.
    pub customers: &'i [Record<Customer>],
    /// Their contacts.
    pub contacts: &'i [Record<Contact>],
    /// The customer that is asked about, if one is.
    pub customer: Option<CustomerId>,
}

/// What is alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Customers.
    Customers,
    /// Contacts.
    Contacts,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Customers, Self::Contacts];

    /// The name that people and scripts read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Contacts => "contacts",
        }
    }
}

/// What they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// Their names, but for case, accents, punctuation and legal suffixes.
    Name,
    /// An email address.
    Email,
    /// A telephone number.
    Phone,
}

impl Because {
    /// The name that people and scripts read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// A customer or a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The customer, or that of the contact.
    pub whose: Whose,
}

/// Several that may be one, the oldest first.
#[derive(Debug, Clone)]
pub struct Row {
    /// What they are.
    pub kind: Kind,
    /// Who they are.
    pub members: Vec<Member>,
    /// What all of them have in common, and how one of them writes it.
    pub because: Vec<(Because, String)>,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Those that are alike.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// What all have in common who are in it, by what it is compared by.
type Shared = BTreeMap<(Because, String), (BTreeSet<usize>, String)>;

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    let customers = report.customers(input);
    let contacts = report.contacts(input);
    report.rows.extend(customers.into_iter().chain(contacts));
    if let Some(customer) = input.customer {
        report.rows.retain(|row| row.members.iter().any(|one| one.whose.id == Some(customer)));
    }
    sorting::sort_by_key(&mut report.rows, |row| {
        let reasons: Vec<Because> = row.because.iter().map(|(because, _)| *because).collect();
        (row.kind, reasons, row.members.first().map(|one| one.id))
    });
    report
}

impl Report {
    fn customers(&mut self, input: &Input<'_>) -> Vec<Row> {
        let folding = Folding::default();
        let (mut shared, mut members) = (Shared::new(), Vec::new());
        for customer in input.customers.iter().filter(|one| !one.disabled) {
            let id = Some(customer.id);
            let is_named = !NAMES.iter().all(|field| is_nothing(&customer.raw, field));
            let name = Some(customer.name()).filter(|_| is_named);
            if name.is_none() {
                self.left_out.add(why::UNNAMED, id);
            }
            if REACHED.iter().any(|field| !is_said(&customer.raw, field)) {
                self.left_out.add(why::REACHED, id);
            }
            let name = name.unwrap_or_default();
            let keys = [
                (Because::Name, folding.name(name), name),
                (Because::Email, alike::email(&customer.email), &customer.email),
                (Because::Phone, alike::phone(&customer.phone), &customer.phone),
                (Because::Phone, alike::phone(&customer.mobile), &customer.mobile),
            ];
            add(&mut shared, members.len(), keys);
            let whose = Whose { customer: name.to_owned(), id };
            members.push(Member { id: customer.id.0, name: name.to_owned(), whose });
        }
        rows(Kind::Customers, &members, shared)
    }

    fn contacts(&mut self, input: &Input<'_>) -> Vec<Row> {
        let there = input.customers.iter().filter(|one| !one.disabled);
        let names: BTreeMap<CustomerId, &str> = there.map(|one| (one.id, one.name())).collect();
        let (mut shared, mut members) = (Shared::new(), Vec::new());
        for contact in input.contacts {
            if !has(&contact.raw, "customer_id") {
                self.left_out.add(why::CONTACT_OF, None);
            }
            // Those of nobody, and of customers that are disabled, are nobody's any more.
            let Some((id, customer)) =
                contact.customer_id.and_then(|id| Some((id, *names.get(&id)?)))
            else {
                continue;
            };
            if !is_said(&contact.raw, "email") {
                self.left_out.add(why::REACHED, Some(id));
            }
            let email = alike::email(&contact.email);
            add(&mut shared, members.len(), [(Because::Email, email, &*contact.email)]);
            let whose = Whose { customer: customer.to_owned(), id: Some(id) };
            members.push(Member { id: contact.id.0, name: contact.name.clone(), whose });
        }
        let customer = |at: &usize| members.get(*at).map(|one| one.whose.id);
        shared.retain(|_, (who, _)| who.iter().map(customer).collect::<BTreeSet<_>>().len() > 1);
        rows(Kind::Contacts, &members, shared)
    }

    /// How many rows there are of one kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.rows.iter().filter(|row| row.kind == kind).count()
    }

    /// Its sums for scripts: of three that are alike there are three pairs.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let pairs = |row: &Row| {
            let those = row.members.len();
            those * those.saturating_sub(1) / 2
        };
        let all: usize = self.rows.iter().map(pairs).sum();
        let by_kind = Kind::ALL.map(|kind| (kind.name().to_owned(), json!(self.count(kind))));
        let by_kind: serde_json::Map<_, _> = by_kind.into_iter().collect();
        json!({ "pairs": all, "groups": by_kind })
    }
}

/// The fields that name a customer.
const NAMES: [&str; 3] = ["business_then_name", "business_name", "fullname"];
/// The fields by which it is reached.
const REACHED: [&str; 3] = ["email", "phone", "mobile"];

/// Whether a record says what a field is, be it nothing.
fn is_said(raw: &Value, field: &str) -> bool {
    matches!(raw.get(field), Some(Value::Null | Value::String(_) | Value::Number(_)))
}

/// Whether a record says nothing that can be read.
fn is_nothing(raw: &Value, field: &str) -> bool {
    !is_said(raw, field) || raw[field].is_null() || raw[field] == ""
}

fn add<'k>(
    shared: &mut Shared,
    who: usize,
    keys: impl IntoIterator<Item = (Because, Option<String>, &'k str)>,
) {
    for (because, key, written) in keys {
        let Some(key) = key else { continue };
        let of = shared
            .entry((because, key))
            .or_insert_with(|| (BTreeSet::new(), written.trim().to_owned()));
        of.0.insert(who);
    }
}

/// A row for those who have something in common; what the same ones have in common besides is in the same row.
fn rows(kind: Kind, members: &[Member], shared: Shared) -> Vec<Row> {
    let mut groups: BTreeMap<BTreeSet<usize>, Vec<(Because, String)>> = BTreeMap::new();
    for ((because, _), (who, written)) in shared {
        if who.len() > 1 {
            groups.entry(who).or_default().push((because, written));
        }
    }
    let row = |(who, because): (BTreeSet<usize>, Vec<(Because, String)>)| {
        let mut members: Vec<Member> =
            who.iter().filter_map(|at| members.get(*at)).cloned().collect();
        sorting::sort_by_key(&mut members, |one| one.id);
        Row { kind, members, because }
    };
    groups.into_iter().map(row).collect()
}

impl Row {
    /// The command that shows the newest of them, which is the one to give up: the API cannot merge them.
    #[must_use]
    pub fn mend(&self) -> Option<Mend> {
        let noun = match self.kind {
            Kind::Customers => "customer",
            Kind::Contacts => "contact",
        };
        self.members.last().map(|one| Mend(format!("{noun} show {}", one.id)))
    }

    /// What they have in common, in words.
    #[must_use]
    pub fn reasons(&self) -> String {
        let mut names: Vec<&str> = self.because.iter().map(|(one, _)| one.name()).collect();
        names.dedup();
        names.join(", ")
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let each = |of: fn(&Member) -> Value| self.members.iter().map(of).collect::<Value>();
        let own = json!({
            "kind": self.kind.name(),
            "names": each(|one| json!(one.name)),
            "ids": each(|one| json!(one.id)),
            "customers": each(|one| json!(one.whose.customer)),
            "because": self.reasons(),
            "shared": self.because.iter().map(|(_, written)| json!(written)).collect::<Value>(),
            "mend": self.mend().map(|mend| mend.line(program)),
        });
        let whose = self.members.first().map(|one| one.whose.clone()).unwrap_or_default();
        row(&whose, None, own)
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 9] =
    ["customer", "customer_id", "kind", "names", "ids", "customers", "because", "shared", "mend"];

#[cfg(test)]
#[path = "duplicates_tests.rs"]
mod tests;
