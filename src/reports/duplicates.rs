//! Customers that may be one and the same, and contacts of different customers that share an email address.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::alike::{self, Folding};
use super::row::row;
use super::{LeftOut, Mend, UNKNOWN, Whose, customer_name, why};
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
type Shared = BTreeMap<(Because, String), Having>;

/// Who has it, and how one of them writes it.
type Having = (BTreeSet<usize>, String);

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
            if !is_one_still(customer) {
                self.left_out.add(why::GIVEN_UP, id);
                continue;
            }
            let is_named = !Customer::NAMES.iter().all(|field| is_nothing(&customer.raw, field));
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
        rows(Kind::Customers, &members, same_phones(shared))
    }

    fn contacts(&mut self, input: &Input<'_>) -> Vec<Row> {
        let there = input.customers.iter().filter(|one| is_one_still(one));
        let name = |one: &Record<Customer>| customer_name(&one.raw).unwrap_or(UNKNOWN.to_owned());
        let names: BTreeMap<CustomerId, String> = there.map(|one| (one.id, name(one))).collect();
        let (mut shared, mut members) = (Shared::new(), Vec::new());
        for contact in input.contacts {
            if !has(&contact.raw, "customer_id") {
                self.left_out.add(why::CONTACT_OF, None);
            }
            // Those of nobody, and of customers that are disabled, are nobody's any more.
            let Some((id, customer)) =
                contact.customer_id.and_then(|id| Some((id, names.get(&id)?)))
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

    /// How many pairs there are: three in three that are alike, and one in two, in however many rows these are.
    fn pairs(&self) -> usize {
        let mut rows: BTreeMap<(Kind, u64), Vec<&[Member]>> = BTreeMap::new();
        for Row { kind, members, .. } in &self.rows {
            for (at, one) in members.iter().enumerate() {
                rows.entry((*kind, one.id)).or_default().push(&members[at + 1..]);
            }
        }
        // One at a time: where thousands share a mail address, all pairs of theirs are too many to be held.
        let of_one = |later: &Vec<&[Member]>| {
            later.iter().copied().flatten().map(|other| other.id).collect::<BTreeSet<_>>().len()
        };
        rows.values().map(of_one).sum()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let all = self.pairs();
        let by_kind = Kind::ALL.map(|kind| (kind.name().to_owned(), json!(self.count(kind))));
        let by_kind: serde_json::Map<_, _> = by_kind.into_iter().collect();
        json!({ "pairs": all, "groups": by_kind })
    }
}

/// Whether a customer is one still, as far as its record says.
fn is_one_still(customer: &Customer) -> bool {
    !customer.disabled && customer.unreadable.raw(Customer::DISABLED).is_none()
}

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

/// The same, with telephone numbers that are one put together: with the code of a country, and without.
fn same_phones(shared: Shared) -> Shared {
    let (phones, mut rest): (Shared, Shared) =
        shared.into_iter().partition(|((because, _), _)| *because == Because::Phone);
    let whole = alike::whole_numbers(phones.keys().map(|(_, figures)| figures.as_str()));
    for ((because, figures), (who, written)) in phones {
        let key = whole.get(&figures).cloned().unwrap_or(figures);
        rest.entry((because, key)).or_insert_with(|| (BTreeSet::new(), written)).0.extend(who);
    }
    rest
}

/// A row for those who have something in common, with all that they have in common, be it with others besides.
fn rows(kind: Kind, members: &[Member], shared: Shared) -> Vec<Row> {
    let shared: Vec<(Because, Having)> = shared
        .into_iter()
        .map(|((because, _), having)| (because, having))
        .filter(|(_, (who, _))| who.len() > 1)
        .collect();
    let mut having: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, (_, (who, _))) in shared.iter().enumerate() {
        who.iter().for_each(|one| having.entry(*one).or_default().push(at));
    }
    let groups: BTreeSet<&BTreeSet<usize>> = shared.iter().map(|(_, (who, _))| who).collect();
    let row = |who: &BTreeSet<usize>| {
        // What all of them have, one of them has.
        let of_first = who.first().and_then(|one| having.get(one)).into_iter().flatten();
        let of_first = of_first.filter_map(|at| shared.get(*at));
        let because = of_first.filter(|(_, (others, _))| who.is_subset(others));
        let because = because.map(|(because, (_, written))| (*because, written.clone())).collect();
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
