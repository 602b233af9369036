//! The fields of a new ticket: as they were typed, checked against what the account has, and as they will be sent.
//! Pure, so that the form can check each answer at once.

use std::time::Instant;

use jiff::civil::Date;
use jiff::{SignedDuration, Zoned};

use crate::account::{Lists, Which};
use crate::api::Record;
use crate::api::ids::{
    AddressId, AppointmentTypeId, AssetId, ContactId, CustomerId, TicketTypeId, UserId,
};
use crate::api::resources::assets::Asset;
use crate::api::resources::customers::Customer;
use crate::api::resources::users::Me;
use crate::commands::resolve::candidates::{lines, only};
use crate::commands::resolve::contact::{contact, contacts};
use crate::commands::resolve::{Candidate, choice, user};
use crate::commands::text::{Drafted, Form};
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::names;
use crate::render::when;

/// How long an appointment lasts when nothing is said.
const LENGTH: SignedDuration = SignedDuration::from_mins(90);

/// A field of the form, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    IssueType,
    TicketType,
    Status,
    Priority,
    Description,
    Email,
    Due,
    Assign,
    Contact,
    Address,
    Asset,
    Start,
    End,
    AppointmentType,
    Owner,
    Location,
    MailAppointment,
}

impl Key {
    pub(super) const ALL: [Self; 17] = [
        Self::IssueType,
        Self::TicketType,
        Self::Status,
        Self::Priority,
        Self::Description,
        Self::Email,
        Self::Due,
        Self::Assign,
        Self::Contact,
        Self::Address,
        Self::Asset,
        Self::Start,
        Self::End,
        Self::AppointmentType,
        Self::Owner,
        Self::Location,
        Self::MailAppointment,
    ];

    /// What the form and errors call it.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::IssueType => "Issue type",
            Self::TicketType => "Ticket type",
            Self::Status => "Status",
            Self::Priority => "Priority",
            Self::Description => "Description",
            Self::Email => "Email it",
            Self::Due => "Due",
            Self::Assign => "Assignee",
            Self::Contact => "Contact",
            Self::Address => "Address",
            Self::Asset => "Asset",
            Self::Start => "Appointment start",
            Self::End => "Appointment end",
            Self::AppointmentType => "Appointment type",
            Self::Owner => "Appointment assignee",
            Self::Location => "Location",
            Self::MailAppointment => "Email appointment",
        }
    }

    /// What a field is once a person clears it: an empty one of these would be filled in.
    pub(super) const fn cleared(self) -> &'static str {
        match self {
            Self::Assign => "none",
            Self::Email | Self::MailAppointment => "no",
            _ => "",
        }
    }
}

/// A field's text, as typed or as the account spells it, and what should be said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Checked {
    text: String,
    /// What the text itself no longer tells: that another instant was typed.
    pub(super) notes: Vec<String>,
}

impl Checked {
    fn of_moment((at, notes): (Zoned, Vec<String>)) -> Self {
        Self { text: written(&at), notes }
    }
}

impl<T: Into<String>> From<T> for Checked {
    fn from(text: T) -> Self {
        Self { text: text.into(), notes: Vec::new() }
    }
}

/// What was typed, a text a field; empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed([Checked; Key::ALL.len()]);

impl Typed {
    pub(super) fn get(&self, key: Key) -> &str {
        self.0.get(key as usize).map_or("", |one| one.text.as_str())
    }

    pub(super) fn set(&mut self, key: Key, value: impl Into<Checked>) {
        if let Some(slot) = self.0.get_mut(key as usize) {
            *slot = value.into();
        }
    }

    /// What should be said of a field.
    fn notes(&self, key: Key) -> &[String] {
        self.0.get(key as usize).map_or(&[], |one| &one.notes)
    }

    /// How many fields of the form there are: what belongs to a visit says nothing as long as there is none.
    pub(super) fn fields(&self) -> usize {
        match self.get(Key::Start) {
            "" => Key::Start as usize + 1,
            _ => Key::ALL.len(),
        }
    }

    fn given(&self, key: Key) -> Option<&str> {
        Some(self.get(key)).filter(|text| !text.is_empty())
    }
}

/// What the fields are checked against.
pub(super) struct Facts {
    pub(super) customer: Record<Customer>,
    pub(super) me: Record<Me>,
    pub(super) lists: Lists,
    pub(super) assets: Vec<Record<Asset>>,
    pub(super) now: Zoned,
    /// When the first of it was read.
    pub(super) at: Instant,
}

/// A new ticket, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct NewTicket {
    pub(super) customer: CustomerId,
    pub(super) subject: String,
    pub(super) issue_type: Option<String>,
    pub(super) ticket_type: Option<TicketTypeId>,
    pub(super) status: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) description: Option<String>,
    /// How the description is sent.
    pub(super) form: Form,
    /// Who drafted the description, if a model did.
    pub(super) drafted: Option<Drafted>,
    pub(super) email: bool,
    pub(super) due: Option<Date>,
    /// Nobody is a wish, too.
    pub(super) assignee: Option<UserId>,
    pub(super) contact: Option<ContactId>,
    pub(super) address: Option<AddressId>,
    pub(super) asset: Option<AssetId>,
    pub(super) visit: Option<Visit>,
}

/// The appointment that goes with it.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) start: Zoned,
    pub(super) end: Zoned,
    pub(super) notes: Vec<String>,
    pub(super) kind: Option<AppointmentTypeId>,
    pub(super) owner: UserId,
    pub(super) location: Option<String>,
    pub(super) mailed: bool,
}

impl Facts {
    /// Every field as the account spells it.
    ///
    /// # Errors
    /// Exit 2 for the first that the account does not have.
    pub(super) fn checked(&self, mut typed: Typed) -> Result<Typed> {
        for key in Key::ALL {
            let value = self.check(key, typed.get(key), &typed).map_err(Error::nothing_written)?;
            typed.set(key, value);
        }
        Ok(typed)
    }

    /// One field as the account spells it.
    ///
    /// # Errors
    /// Exit 2 for what the account does not have, exit 3 for a contact or asset that the customer has not.
    pub(super) fn check(&self, key: Key, text: &str, others: &Typed) -> Result<Checked> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Checked::default());
        }
        let from = |which| choice(Which::what(which), text, &self.lists.names(which));
        let text = match key {
            Key::IssueType => from(Which::IssueType),
            Key::Status => from(Which::Status),
            Key::Priority => from(Which::Priority),
            Key::TicketType => self.typed_id(text, Which::TicketType),
            Key::AppointmentType => self.typed_id(text, Which::AppointmentType),
            Key::Description | Key::Location => Ok(text.to_owned()),
            Key::Email | Key::MailAppointment => yes_or_no(text),
            Key::Due => self.day(text).map(|day| day.to_string()),
            Key::Assign | Key::Owner => self.user(text).map(|user| match user {
                Some((_, name)) => name,
                None => "none".to_owned(),
            }),
            Key::Contact => contact(&self.customer, text).map(|(id, found)| {
                let names = self.customer.contacts.iter().map(|one| &one.name);
                shown(id, &found.name, names)
            }),
            Key::Address => self.address(text).map(|id| id.to_string()),
            Key::Asset => self.asset(text).map(|(_, name)| name),
            Key::Start => return self.start(text).map(Checked::of_moment),
            Key::End => return self.end(text, others).map(Checked::of_moment),
        };
        text.map(Checked::from)
    }

    /// A day or an instant as people read it, with its weekday; any other field as it is.
    pub(super) fn shown(&self, key: Key, typed: &Typed) -> String {
        let text = typed.get(key);
        let shown = match key {
            Key::Due => self.day(text).map(when::day),
            Key::Start => self.start(text).map(|(at, _)| dates::spelled(&at)),
            Key::End => self.end(text, typed).map(|(at, _)| dates::spelled(&at)),
            _ => return text.lines().collect::<Vec<_>>().join(" / "),
        };
        shown.unwrap_or_else(|_| text.to_owned())
    }

    /// The words that a field may be.
    pub(super) fn choices(&self, key: Key) -> Vec<String> {
        match key {
            Key::IssueType => self.lists.names(Which::IssueType),
            Key::TicketType => self.lists.names(Which::TicketType),
            Key::Status => self.lists.names(Which::Status),
            Key::Priority => self.lists.names(Which::Priority),
            Key::AppointmentType => self.lists.names(Which::AppointmentType),
            Key::Assign | Key::Owner => {
                let users = self.lists.users().iter();
                let names = users.filter(|user| !user.disabled).map(|user| user.name.clone());
                names.chain(["none".to_owned()]).collect()
            }
            Key::Contact => lines(&contacts(&self.customer)),
            Key::Asset => lines(&self.own_assets()),
            Key::Address => lines(&self.addresses()),
            Key::Email | Key::MailAppointment => vec!["yes".to_owned(), "no".to_owned()],
            _ => Vec::new(),
        }
    }

    /// What will be sent.
    ///
    /// # Errors
    /// As for [`Facts::check`].
    pub(super) fn wish(&self, subject: &str, typed: &Typed) -> Result<NewTicket> {
        let word = |key: Key| typed.given(key).map(str::to_owned);
        let assignee = match typed.given(Key::Assign) {
            Some(text) => self.user_id(text)?,
            None => Some(self.me.user_id),
        };
        let named = |key: Key, which| {
            let typed = typed.given(key);
            typed.map(|text| self.kind(text, which)).transpose()
        };
        let ticket_type = named(Key::TicketType, Which::TicketType)?;
        Ok(NewTicket {
            customer: self.customer.id,
            subject: subject.to_owned(),
            issue_type: word(Key::IssueType),
            ticket_type: ticket_type.map(|(id, _)| TicketTypeId(id)),
            status: word(Key::Status),
            priority: word(Key::Priority),
            description: word(Key::Description),
            form: Form::default(),
            drafted: None,
            email: typed.get(Key::Email) != "no",
            due: typed.given(Key::Due).map(|text| self.day(text)).transpose()?,
            contact: match typed.given(Key::Contact) {
                Some(text) => Some(contact(&self.customer, text)?.0),
                None => None,
            },
            address: match typed.given(Key::Address) {
                Some(text) => Some(AddressId(self.address(text)?)),
                None => None,
            },
            asset: match typed.given(Key::Asset) {
                Some(text) => Some(self.asset(text)?.0),
                None => None,
            },
            visit: self.visit(typed, assignee)?,
            assignee,
        })
    }

    fn visit(&self, typed: &Typed, assignee: Option<UserId>) -> Result<Option<Visit>> {
        let Some(text) = typed.given(Key::Start) else {
            return Ok(None);
        };
        let (start, mut notes) = self.start(text)?;
        let end = match typed.given(Key::End) {
            Some(text) => {
                let (end, more) = self.end(text, typed)?;
                notes.extend(more);
                end
            }
            None => start.saturating_add(LENGTH),
        };
        for key in [Key::Start, Key::End] {
            notes.extend(typed.notes(key).iter().cloned());
        }
        let owner = match typed.given(Key::Owner) {
            Some(text) => self.user_id(text)?,
            None => assignee,
        };
        let kind = typed.given(Key::AppointmentType);
        let kind = kind.map(|text| self.kind(text, Which::AppointmentType));
        Ok(Some(Visit {
            start,
            end,
            notes,
            kind: kind.transpose()?.map(|(id, _)| AppointmentTypeId(id)),
            owner: owner.unwrap_or(self.me.user_id),
            location: typed.given(Key::Location).map(str::to_owned),
            mailed: typed.get(Key::MailAppointment) == "yes",
        }))
    }

    fn typed_id(&self, text: &str, which: Which) -> Result<String> {
        self.kind(text, which).map(|(_, name)| name)
    }

    fn kind(&self, text: &str, which: Which) -> Result<(u64, String)> {
        if let Some(found) = self.lists.with_id(which, text) {
            return Ok(found);
        }
        let name = choice(which.what(), text, &self.lists.names(which))?;
        self.lists
            .with_name(which, &name)
            .ok_or_else(|| Error::usage(format!("there is no {} \"{text}\"", which.what())))
    }

    fn day(&self, text: &str) -> Result<Date> {
        day(text, &self.now)
    }

    fn start(&self, text: &str) -> Result<(Zoned, Vec<String>)> {
        start(text, &self.now)
    }

    fn end(&self, text: &str, typed: &Typed) -> Result<(Zoned, Vec<String>)> {
        end(text, typed, &self.now)
    }

    fn user_id(&self, text: &str) -> Result<Option<UserId>> {
        Ok(self.user(text)?.map(|(id, _)| id))
    }

    fn user(&self, text: &str) -> Result<Option<(UserId, String)>> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(None);
        }
        let me = text.eq_ignore_ascii_case("me") || text.eq_ignore_ascii_case(&self.me.user_email);
        if me {
            return Ok(Some((self.me.user_id, self.me.user_name.clone())));
        }
        let all: Vec<(UserId, String)> =
            self.lists.users().iter().map(|user| (user.id, user.name.clone())).collect();
        let id = text.strip_prefix("id:").unwrap_or(text);
        if let Some(found) = all.iter().find(|(known, _)| known.to_string() == id) {
            return Ok(Some(found.clone()));
        }
        user::named(text, all).map(Some)
    }

    fn own_assets(&self) -> Vec<Candidate> {
        self.assets.iter().map(|one| Candidate::asset(one)).collect()
    }

    fn addresses(&self) -> Vec<Candidate> {
        self.customer.addresses.iter().map(Candidate::address).collect()
    }

    fn asset(&self, text: &str) -> Result<(AssetId, String)> {
        let id = text.strip_prefix("id:").unwrap_or(text);
        let with_id = |id: &str| self.assets.iter().find(|one| one.id.to_string() == id);
        let asset = match with_id(id) {
            Some(asset) => Some(asset),
            None => with_id(&only(self.customer.name(), "asset", text, &self.own_assets())?.id),
        };
        let asset = asset.ok_or_else(|| Error::usage(format!("there is no asset \"{text}\"")))?;
        let names = self.assets.iter().map(|one| &one.name);
        Ok((asset.id, shown(asset.id, &asset.name, names)))
    }

    /// Digits are an id, whether or not the customer shows one.
    fn address(&self, text: &str) -> Result<u64> {
        let id = text.strip_prefix("id:").unwrap_or(text);
        if let Ok(id) = id.parse() {
            return Ok(id);
        }
        let found = only(self.customer.name(), "address", text, &self.addresses())?;
        found.id.parse().map_err(|_| Error::usage("invalid address id: use digits"))
    }
}

/// A name as it is kept between two readings: the id where another has the same one.
fn shown<'n>(id: impl ToString, name: &str, all: impl Iterator<Item = &'n String>) -> String {
    match all.filter(|one| names::same(one, name)).count() {
        1 => name.to_owned(),
        _ => id.to_string(),
    }
}

/// An instant as it is kept between two readings: with its offset, so that a fold stays decided.
fn written(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M%:z").to_string()
}

fn yes_or_no(text: &str) -> Result<String> {
    match text.to_lowercase().as_str() {
        "y" | "yes" | "true" => Ok("yes".to_owned()),
        "n" | "no" | "false" => Ok("no".to_owned()),
        _ => Err(Error::usage("type yes or no")),
    }
}

/// Refuses days and times that cannot be understood, before anything is asked.
///
/// # Errors
/// Exit 2.
pub(super) fn readable(typed: &Typed, now: &Zoned) -> Result<()> {
    typed.given(Key::Due).map(|text| day(text, now)).transpose()?;
    typed.given(Key::Start).map(|text| start(text, now)).transpose()?;
    typed.given(Key::End).map(|text| end(text, typed, now)).transpose()?;
    Ok(())
}

fn day(text: &str, now: &Zoned) -> Result<Date> {
    dates::day(text, now, Lean::Future).map_err(|why| Error::usage(format!("due date: {why}")))
}

fn start(text: &str, now: &Zoned) -> Result<(Zoned, Vec<String>)> {
    let moment = dates::moment(text, now).map_err(|why| Error::usage(format!("start: {why}")))?;
    let note = moment.note.map(|note| note.to_string());
    Ok((moment.at, note.into_iter().collect()))
}

fn end(text: &str, typed: &Typed, now: &Zoned) -> Result<(Zoned, Vec<String>)> {
    let (start, _) = match typed.given(Key::Start) {
        Some(text) => start(text, now)?,
        None => return Err(Error::usage("an end time needs a start time")),
    };
    let moment = dates::end_seen_from(text, &start, now)
        .map_err(|why| Error::usage(format!("end: {why}")))?;
    let note = moment.note.map(|note| note.to_string());
    Ok((moment.at, note.into_iter().collect()))
}
