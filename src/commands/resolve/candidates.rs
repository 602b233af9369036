//! Records as they are told apart wherever one of several is meant: in a picker, in the message of a script, by a name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::ticket::heading;
use crate::account::names::labor_of;
use crate::api::resources::appointments::Appointment;
use crate::api::resources::assets::Asset;
use crate::api::resources::contacts::Contact;
use crate::api::resources::customers::{Address, Customer};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::line_items::LineItem;
use crate::api::resources::payments::Payment;
use crate::api::resources::products::Product;
use crate::api::resources::tickets::{self, Ticket, Timer};
use crate::billing::money;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::names;
use crate::operations::calendar;
use crate::render::{self, sanitise, when};

/// So many letters of a word stand for it where nobody sees what was found before it is taken.
const LETTERS: usize = 3;

/// One that may be meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// What commands take for it; of all candidates, no other has it.
    pub id: String,
    /// What people see first.
    title: String,
    /// What it is called: any of these names it.
    names: Vec<String>,
    /// What is said of it in any case.
    facts: Vec<String>,
    /// What tells it from another of the same title: the first one that does is said.
    apart: Vec<String>,
    /// Whether the title begins with what commands take for it.
    begins_with_id: bool,
}

impl Candidate {
    /// One of an id and a name.
    #[must_use]
    pub fn new(id: impl ToString, title: &str) -> Self {
        let title = sanitise::one_line(title);
        Self { id: id.to_string(), names: vec![title.clone()], title, ..Self::default() }
    }

    /// One that is seen by what is true of it, which is no name: a part of an amount or of an hour names nothing.
    fn seen_as(id: impl ToString, title: &str) -> Self {
        Self { names: Vec::new(), ..Self::new(id, title) }
    }

    /// One without more to say than a word, which is what commands take.
    #[must_use]
    pub fn word(word: &str) -> Self {
        Self { begins_with_id: true, ..Self::new(word, word) }
    }

    /// What it is called as well.
    #[must_use]
    fn called<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        let said = names.into_iter().filter(|name| !name.trim().is_empty());
        self.names.extend(said.map(str::to_owned));
        self
    }

    #[must_use]
    fn facts<S: Into<String>>(mut self, facts: impl IntoIterator<Item = S>) -> Self {
        self.facts.extend(said(facts));
        self
    }

    #[must_use]
    fn apart<S: Into<String>>(mut self, facts: impl IntoIterator<Item = S>) -> Self {
        self.apart.extend(said(facts));
        self
    }

    /// A customer.
    #[must_use]
    pub fn customer(one: &Customer) -> Self {
        Self::new(one.id, one.name()).called([one.business_name.as_str(), &one.fullname]).apart([
            one.email.as_str(),
            &one.phone,
            &one.city,
        ])
    }

    /// A contact of anybody.
    #[must_use]
    pub fn contact(one: &Contact) -> Self {
        let customer = one.customer_id.map(|id| format!("customer {id}"));
        Self::new(one.id, &one.name)
            .called([one.email.as_str()])
            .facts([one.email.clone()].into_iter().chain(customer))
            .apart([one.phone.as_str(), &one.mobile, &one.city])
    }

    /// A contact as its customer comes with it; none without an id.
    #[must_use]
    pub fn of_customer(one: &tickets::Contact) -> Option<Self> {
        let candidate = Self::new(one.id?, &one.name).called([one.email.as_str()]);
        Some(candidate.apart([one.email.as_str(), &one.phone]))
    }

    /// A customer's address.
    #[must_use]
    pub fn address(one: &Address) -> Self {
        let line = one.line();
        let title = if one.name.trim().is_empty() { &line } else { &one.name };
        Self::new(one.id, title)
            .called([line.as_str()])
            .facts(Some(line.as_str()).filter(|line| line != title))
    }

    /// An asset.
    #[must_use]
    pub fn asset(one: &Asset) -> Self {
        let customer = one.customer.as_ref().map(|customer| customer.name().to_owned());
        let customer = customer.or_else(|| Some(format!("customer {}", one.customer()?)));
        Self::new(one.id, &one.name)
            .called([one.asset_serial.as_str()])
            .facts(customer)
            .apart([one.asset_serial.as_str(), &one.asset_type])
    }

    /// A product.
    #[must_use]
    pub fn product(one: &Product) -> Self {
        Self::new(one.id, &one.name).facts(one.price_retail.map(money::display))
    }

    /// A ticket.
    #[must_use]
    pub fn ticket(one: &Ticket) -> Self {
        Self::shown_as(
            &one.number,
            &format!("{} ({})", heading(one).trim_start_matches('#'), one.status),
        )
    }

    /// A timer that runs, by the ticket that it runs on.
    #[must_use]
    pub fn running(
        timer: &Timer,
        ticket: Option<&Ticket>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Self {
        let of = ticket.map(|ticket| format!("{}, ", heading(ticket).trim_start_matches('#')));
        let title = format!("{}{}", of.unwrap_or_default(), since(timer, now, zone));
        Self::seen_as(timer.id, &title)
            .called(
                [timer.notes.as_str()].into_iter().chain(ticket.map(|one| one.subject.as_str())),
            )
            .apart([timer.notes.as_str()])
    }

    /// An invoice.
    #[must_use]
    pub fn invoice(one: &Invoice) -> Self {
        let amount = format!("{}{}", render::invoice::total(one), render::invoice::rest(one));
        let date = one.date.map(when::day).unwrap_or_default();
        let paid = match one.is_marked_alone() {
            true => ", marked paid",
            false if one.is_paid => ", paid",
            false => "",
        };
        let whose = &one.customer_business_then_name;
        Self::shown_as(&one.number, &format!("{}  {whose}  {amount}, {date}{paid}", one.number))
    }

    /// A payment.
    #[must_use]
    pub fn payment(one: &Payment, zone: &TimeZone) -> Option<Self> {
        let amount = one.dollars().map(money::display).unwrap_or_default();
        let whose = one.customer.as_ref().map(|customer| customer.name().to_owned());
        let title = format!("{} {amount}", whose.as_deref().unwrap_or_default());
        let day = one.day(zone).map(when::day);
        let facts = [Some(one.payment_method.clone()), Some(one.ref_num.clone()), day];
        let names = [whose.as_deref().unwrap_or_default(), &one.ref_num];
        Some(Self::seen_as(one.id?, title.trim()).called(names).facts(facts.into_iter().flatten()))
    }

    /// A line item of a ticket.
    #[must_use]
    pub fn line(one: &LineItem) -> Self {
        let price = one.price_retail.map(money::display).unwrap_or_default();
        let quantity = one.quantity.map(|quantity| quantity.normalize().to_string());
        let title = format!("{} x {} @ {price}", quantity.unwrap_or_default(), one.name);
        let invoiced = one.converted.then_some("invoiced");
        let about = Some(one.description.as_str()).filter(|about| *about != one.name);
        let names = [one.name.as_str(), &one.description];
        Self::seen_as(one.id, &title).called(names).facts(about.into_iter().chain(invoiced))
    }

    /// A timer entry of a ticket.
    #[must_use]
    pub fn timer(one: &Timer, settings: &Settings, now: Timestamp) -> Self {
        let minutes = one.minutes(now).map_or_else(String::new, |took| format!("{took} min, "));
        let labor = one
            .product_id
            .and_then(|id| settings.labor.iter().find(|labor| labor.product_id == id));
        let key = one.product_id.and_then(|id| labor_of(settings, id)).unwrap_or_default();
        let product = labor.and_then(|labor| labor.name.as_deref()).unwrap_or_default();
        // A paused one may be called by either.
        let state = match (one.is_running(), one.is_paused()) {
            (true, true) => "running paused",
            (true, false) => "running",
            (false, _) => "stopped",
        };
        let running = if one.is_running() { one.now() } else { "" };
        Self::seen_as(one.id, &format!("{minutes}{}", since(one, now, &settings.timezone)))
            .called([one.notes.as_str(), key, product, state])
            .facts([key, &one.notes, running])
    }

    /// An appointment.
    #[must_use]
    pub fn appointment(one: &Appointment, zone: &TimeZone) -> Self {
        Self::seen_as(one.id, &calendar::when(one, zone))
            .called([one.summary.as_str(), &one.location])
            .facts([one.summary.as_str()])
    }

    /// One whose title begins with what commands take for it.
    #[must_use]
    pub fn shown_as(id: impl ToString, title: &str) -> Self {
        Self { begins_with_id: true, ..Self::new(id, title) }
    }

    /// Whether it is called so, whatever the case and the spaces.
    fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|own| names::same(own, name))
    }

    fn line_with(&self, apart: Option<&str>) -> String {
        if self.begins_with_id {
            return self.title.clone();
        }
        let id = format!("id {}", self.id);
        let more = self.facts.iter().map(String::as_str).chain(apart);
        let more: Vec<&str> = std::iter::once(id.as_str()).chain(more).collect();
        format!("{} ({})", self.title, more.join(", "))
    }
}

/// Since when a timer runs, or ran.
fn since(timer: &Timer, now: Timestamp, zone: &TimeZone) -> String {
    let start = timer.start_time.map(|start| when::clock(start, now, zone));
    format!("since {}", start.unwrap_or_else(|| "no time".to_owned()))
}

fn said<S: Into<String>>(facts: impl IntoIterator<Item = S>) -> impl Iterator<Item = String> {
    let facts = facts.into_iter().map(|fact| sanitise::one_line(fact.into().trim()));
    facts.filter(|fact| !fact.is_empty())
}

/// A line each, of which no two read the same: those of which the same is said say what tells them apart.
#[must_use]
pub fn lines(all: &[Candidate]) -> Vec<String> {
    let mut alike: BTreeMap<(String, &[String]), Vec<&Candidate>> = BTreeMap::new();
    let key = |one: &Candidate| names::plain(&one.title);
    for one in all {
        alike.entry((key(one), one.facts.as_slice())).or_default().push(one);
    }
    let line = |one: &Candidate| {
        let alike = alike.get(&(key(one), one.facts.as_slice())).map_or(&[][..], Vec::as_slice);
        let is_own =
            |fact: &&String| alike.iter().filter(|other| other.apart.contains(fact)).count() == 1;
        let apart = one.apart.iter().find(is_own).filter(|_| alike.len() > 1);
        one.line_with(apart.map(String::as_str))
    };
    all.iter().map(line).collect()
}

/// The places in `all` of those that a name means: those that are called so, else those of which each of its words begins
/// one. Digits are an id, or a whole name.
#[must_use]
pub fn meant(name: &str, all: &[Candidate]) -> Vec<usize> {
    let exact = called(name, all);
    match exact.is_empty() {
        true if name.trim().bytes().all(|byte| byte.is_ascii_digit()) => Vec::new(),
        true => {
            let begins = |one: &Candidate| {
                names::begins(name, LETTERS, one.names.iter().map(String::as_str))
            };
            places(all, &begins)
        }
        false => exact,
    }
}

/// The places of those that are called so, whole.
#[must_use]
pub fn called(name: &str, all: &[Candidate]) -> Vec<usize> {
    places(all, &|one| one.is_called(name))
}

fn places(all: &[Candidate], fits: &dyn Fn(&Candidate) -> bool) -> Vec<usize> {
    all.iter().enumerate().filter(|(_, one)| fits(one)).map(|(at, _)| at).collect()
}

/// The only one that a name means.
///
/// # Errors
/// Exit 3 where `whose` has no `noun` like it, exit 2 where several are; with what there is.
pub fn only(whose: &str, noun: &str, name: &str, all: &[Candidate]) -> Result<Candidate> {
    let name = name.trim();
    let found: Vec<Candidate> = meant(name, all).iter().map(|&at| all[at].clone()).collect();
    let error = match found.as_slice() {
        [one] => return Ok(one.clone()),
        [] => {
            let there = match all {
                [] => "there is nothing to choose from".to_owned(),
                all => format!("choose from: {}", lines(all).join("; ")),
            };
            let text = format!("{whose} has no {noun} \"{name}\"");
            Error::new(Kind::NotFound, text).hint(there)
        }
        several => Error::usage(format!("several match \"{name}\""))
            .hint(format!("use an id: {}", lines(several).join("; "))),
    };
    Err(error.nothing_written())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(id: u64, name: &str, apart: &[&str]) -> Candidate {
        Candidate::new(id, name).apart(apart.iter().copied())
    }

    #[test]
    fn those_of_one_name_say_what_tells_them_apart() {
        let all = [
            called(1, "Nordlys Bakeri", &["post@nordlys.example", "5550101"]),
            called(2, "Nordlys Bakeri", &["post@nordlys.example", "5550102"]),
            called(3, "nordlys  bakeri", &[]),
            called(4, "Sunde", &["post@sunde.example"]),
        ];
        assert_eq!(
            lines(&all),
            [
                "Nordlys Bakeri (id 1, 5550101)",
                "Nordlys Bakeri (id 2, 5550102)",
                "nordlys bakeri (id 3)",
                "Sunde (id 4)",
            ]
        );
    }

    #[test]
    fn a_whole_name_beats_those_that_contain_it() {
        let all =
            [called(1, "SSD 1 TB", &[]), called(2, "SSD 1 TB, used", &[]), called(3, "RAM", &[])];
        assert_eq!(meant("ssd 1 tb", &all), [0]);
        assert_eq!(meant("ssd", &all), [0, 1]);
        assert_eq!(meant("used", &all), [1]);
        assert_eq!(meant("hdd", &all), [0usize; 0]);
    }
}
