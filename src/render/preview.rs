//! Previews as text: labelled rows, a comment as the customer will see it, and whom Syncro is asked to email. The same
//! facts give the same text, by which a second gathering is compared; so nothing here knows the terminal's width.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::api::fields::Unread;
use crate::api::ids::ContactId;
use crate::api::resources::comments::NewComment;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{Contact, Ticket};
use crate::api::resources::users::Me;
use crate::render::fact::{self, Fact};
use crate::render::{html, sanitise, wrap};
use crate::write::{LineKind, Preview};

/// Columns of a comment in the preview.
const COLUMNS: usize = 74;

/// Whether and to whom Syncro is asked to email the comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailing {
    /// Hidden from the customer.
    Private,
    /// Hidden, though Syncro was not told not to email it: to whom it would.
    Hidden(Box<Self>),
    /// The same, but a text message goes along.
    Texted,
    /// The customer can see it, no email is sent.
    Public,
    /// Emailed.
    To(String),
    /// To be emailed, though Syncro was told not to email that address.
    OptedOut(String),
    /// To be emailed, and nobody can tell whether Syncro was told not to: the flag, as it came.
    Unclear(String, String),
    /// To be emailed, but Syncro has no address.
    NoAddress,
}

impl Mailing {
    /// Who is emailed a comment: the contact, else the customer; nobody where Syncro has no address.
    #[must_use]
    pub fn of(comment: &NewComment, contact: Option<&Contact>, customer: &Customer) -> Self {
        let to = || Self::to(contact, customer);
        match (comment.hidden, comment.do_not_email) {
            (true, true) => Self::Private,
            (true, false) => Some(to())
                .filter(|to| to.address().is_some())
                .map_or(Self::Private, |to| Self::Hidden(Box::new(to))),
            (false, true) => Self::Public,
            (false, false) => to(),
        }
    }

    /// The same of what is emailed in any case.
    #[must_use]
    pub fn to(contact: Option<&Contact>, customer: &Customer) -> Self {
        let address = contact
            .map(|contact| contact.email.trim())
            .filter(|mail| !mail.is_empty())
            .unwrap_or(customer.email.trim());
        if address.is_empty() {
            return Self::NoAddress;
        }
        let flags = opt_outs(contact, address, customer);
        let is_so = |&(unread, field, value): &OptOut<'_>| unread.judged(field, value);
        let unclear = flags.iter().find_map(|(unread, field, _)| unread.among(&[*field]));
        let to = address.to_owned();
        match (flags.iter().any(|flag| is_so(flag) == Some(true)), unclear) {
            (true, _) => Self::OptedOut(to),
            (false, Some(flag)) => Self::Unclear(to, flag.to_string()),
            (false, None) => Self::To(to),
        }
    }

    /// The address that Syncro is asked to email.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::To(address) | Self::OptedOut(address) | Self::Unclear(address, _) => {
                Some(address)
            }
            Self::Hidden(to) => to.address(),
            Self::Private | Self::Texted | Self::Public | Self::NoAddress => None,
        }
    }

    /// The same of what is to be emailed in any case, empty where there is none: whoever gets one meanwhile would be emailed.
    #[must_use]
    pub fn asked(&self) -> Option<&str> {
        match self {
            Self::NoAddress => Some(""),
            other => other.address(),
        }
    }

    /// The kind of comment, by the name that people use.
    #[must_use]
    pub fn says(&self) -> String {
        match self {
            Self::Private => "private: the customer cannot see it".to_owned(),
            Self::Hidden(to) => {
                format!("hidden, but Syncro may email it to {}", to.address().unwrap_or_default())
            }
            Self::Texted => "private, but the customer gets its text message".to_owned(),
            Self::Public => "public, not emailed".to_owned(),
            Self::To(address) => format!("emailed to {address}"),
            Self::OptedOut(address) => {
                format!("public; {address} opted out of email, and may or may not get it")
            }
            Self::Unclear(address, flag) => {
                format!("public; {address} may have opted out of email ({flag})")
            }
            Self::NoAddress => "public, not emailed: no address".to_owned(),
        }
    }
}

/// A flag by which Syncro is told not to email: what of its record cannot be understood, its name and its value.
type OptOut<'a> = (&'a Unread, &'static str, bool);

/// Those of the customer, of the contact, as the ticket or the customer shows it, and of whoever of the customer's has the
/// address.
fn opt_outs<'a>(
    contact: Option<&'a Contact>,
    address: &str,
    customer: &'a Customer,
) -> Vec<OptOut<'a>> {
    let id = contact.and_then(|contact| contact.id);
    let theirs = customer.contacts.iter().filter(|one| has_address(one, id, address));
    let contacts = contact.into_iter().chain(theirs);
    let contacts = contacts.map(|one| (&one.unreadable, "opt_out", one.opt_out));
    let own = customer.silent().into_iter();
    own.map(|(field, is_so)| (&customer.unreadable, field, is_so)).chain(contacts).collect()
}

/// Whether a contact is the one of that id, or has the address.
#[must_use]
pub fn has_address(contact: &Contact, id: Option<ContactId>, address: &str) -> bool {
    let same_address = contact.email.trim().eq_ignore_ascii_case(address);
    same_address || id.is_some() && contact.id == id
}

/// A preview as it grows, row by row.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    parts: Vec<Part>,
    notices: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// What it is, and what it will be.
    Row(String, String),
    /// The same, for scripts too.
    Fact(Fact),
    /// What it is about, last of all where it is asked.
    Stake(String, String),
    /// A whole line, and what it is.
    Line(LineKind, String),
}

/// Columns of the labels, at least and at most.
const LABELS: (usize, usize) = (9, 24);

impl Sheet {
    /// A row: what it is, and what it will be.
    #[must_use]
    pub fn row(mut self, label: &str, text: impl AsRef<str>) -> Self {
        let (label, text) = (sanitise::one_line(label), sanitise::one_line(text.as_ref()));
        self.parts.push(Part::Row(label, text));
        self
    }

    /// A row that a script reads too.
    #[must_use]
    pub fn fact(mut self, fact: Fact) -> Self {
        self.parts.push(Part::Fact(fact));
        self
    }

    /// A row that says how much it is about.
    #[must_use]
    pub fn stake(mut self, label: &str, text: impl AsRef<str>) -> Self {
        let (label, text) = (sanitise::one_line(label), sanitise::one_line(text.as_ref()));
        self.parts.push(Part::Stake(label, text));
        self
    }

    fn whole(mut self, kind: LineKind, line: String) -> Self {
        self.parts.push(Part::Line(kind, line));
        self
    }

    /// This one, then what another one says; what both are about is said once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for part in other.parts {
            let is_head = match &part {
                Part::Row(label, _) => label == "Customer",
                Part::Fact(fact) => fact.is_head(),
                // What several writes point out is pointed out once.
                Part::Line(kind, _) => *kind == LineKind::Notice,
                Part::Stake(..) => false,
            };
            if !is_head || !self.parts.contains(&part) {
                self.parts.push(part);
            }
        }
        let new = other.notices.into_iter().filter(|one| !self.notices.contains(one));
        let new: Vec<String> = new.collect();
        self.notices.extend(new);
        self
    }

    /// A row, where there is something to say.
    #[must_use]
    pub fn maybe(self, label: &str, text: Option<impl AsRef<str>>) -> Self {
        match text {
            Some(text) => self.row(label, text),
            None => self,
        }
    }

    /// The ticket, by number, subject and id.
    #[must_use]
    pub fn ticket(self, ticket: &Ticket) -> Self {
        self.fact(Fact::Ticket {
            id: ticket.id,
            number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            status: ticket.status.clone(),
        })
    }

    /// The ticket's customer, as far as the ticket itself tells.
    #[must_use]
    pub fn whose(self, ticket: &Ticket) -> Self {
        let name = ticket.customer_business_then_name.clone();
        self.fact(Fact::Customer { id: ticket.customer_id, name })
    }

    /// The customer, by name and id.
    #[must_use]
    pub fn customer(self, customer: &Customer) -> Self {
        self.fact(Fact::Customer { id: Some(customer.id), name: customer.name().to_owned() })
    }

    /// In whose name it is all done.
    #[must_use]
    pub fn by(self, me: &Me) -> Self {
        self.fact(Fact::By(format!("{} <{}>", me.user_name, me.user_email)))
    }

    /// An empty line.
    #[must_use]
    pub fn gap(self) -> Self {
        self.whole(LineKind::Plain, String::new())
    }

    /// A line of its own.
    #[must_use]
    pub fn line(self, text: impl AsRef<str>) -> Self {
        self.whole(LineKind::Plain, format!("  {}", sanitise::one_line(text.as_ref())))
    }

    /// A line that points something out, which a script should be told as well.
    #[must_use]
    pub fn notice(mut self, text: impl AsRef<str>) -> Self {
        let text = sanitise::one_line(text.as_ref());
        self.notices.push(text.clone());
        self.whole(LineKind::Notice, format!("  ! {text}"))
    }

    /// Several of them.
    #[must_use]
    pub fn all_notices<'t>(self, texts: impl IntoIterator<Item = &'t String>) -> Self {
        texts.into_iter().fold(self, Self::notice)
    }

    /// All that it points out.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The comment, as the customer will see it, and who that is.
    #[must_use]
    pub fn comment(self, comment: &NewComment, mailing: &Mailing) -> Self {
        let mut sheet = self.gap().fact(Fact::Email {
            kind: fact::COMMENT,
            to: mailing.address().map(str::to_owned).into_iter().collect(),
            says: mailing.says(),
        });
        sheet = sheet.quoted(&comment.subject).quoted("");
        for line in html::as_read(&comment.body).split('\n') {
            sheet = sheet.quoted(line);
        }
        sheet
    }

    /// A line that somebody wrote, wrapped.
    #[must_use]
    pub fn quoted(self, text: &str) -> Self {
        let text = sanitise::one_line(text);
        if text.is_empty() {
            return self.whole(LineKind::Quoted, "  |".to_owned());
        }
        // A width of its own, not the terminal's: the same facts must give the same text.
        let lines = wrap::wrap(&text, Some(COLUMNS), 0);
        let quoted = |sheet: Self, line| sheet.whole(LineKind::Quoted, format!("  | {line}"));
        lines.into_iter().fold(self, quoted)
    }

    /// The whole as lines, its labels in a column as wide as the longest of them.
    #[must_use]
    pub fn preview(&self) -> Preview {
        let labels = self.parts.iter().map(|part| match part {
            Part::Row(label, _) | Part::Stake(label, _) => wrap::columns(label),
            Part::Fact(fact) => wrap::columns(fact.row().0),
            Part::Line(..) => 0,
        });
        let (least, most) = LABELS;
        let width = labels.max().unwrap_or(0).clamp(least, most);
        let row = |label: &str, text: &str| {
            let room = " ".repeat(width.saturating_sub(wrap::columns(label)));
            format!("  {label}{room} {text}")
        };
        let mut out = Preview::default();
        for part in &self.parts {
            match part {
                Part::Row(label, text) => out.push(LineKind::Plain, row(label, text)),
                Part::Stake(label, text) => out.push(LineKind::Stake, row(label, text)),
                Part::Fact(fact) => {
                    let (label, text) = fact.row();
                    out.push(fact.kind(), row(label, &sanitise::one_line(&text)));
                }
                Part::Line(kind, line) => out.push(*kind, line.clone()),
            }
        }
        for address in self.reached() {
            out.push(LineKind::Reminder, row("Email", &sanitise::one_line(address)));
        }
        out
    }

    /// The same as one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.preview().to_string()
    }

    /// Whom a comment is emailed to, each once.
    fn reached(&self) -> BTreeSet<&str> {
        let mut all = BTreeSet::new();
        for part in &self.parts {
            if let Part::Fact(Fact::Email { kind: fact::COMMENT, to, .. }) = part {
                all.extend(to.iter().map(String::as_str));
            }
        }
        all
    }

    /// The same facts for scripts: the `preview` of `--json`. What has no member of its own is in `rows`.
    #[must_use]
    pub fn value(&self, title: &str) -> Value {
        let mut preview = fact::nothing();
        preview["title"] = title.into();
        preview["notes"] = self.notices.clone().into();
        for part in &self.parts {
            match part {
                Part::Fact(fact) => fact.put(&mut preview),
                Part::Row(label, text) | Part::Stake(label, text) => {
                    if let Some(rows) = preview["rows"].as_array_mut() {
                        rows.push(json!({"label": label, "text": text}));
                    }
                }
                Part::Line(..) => {}
            }
        }
        preview
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Sheet};

    #[test]
    fn labels_stand_in_one_column() {
        let sheet = Sheet::default().row("As", "Robin").line("x");
        assert_eq!(sheet.text(), "  As        Robin\n  x\n");
        let sheet =
            Sheet::default().row("As", "Robin").row("business_then_name", "Harbor").notice("late");
        assert_eq!(
            sheet.text(),
            "  As                 Robin\n  business_then_name Harbor\n  ! late\n"
        );
        assert_eq!(sheet.notices(), ["late"]);
    }

    #[test]
    fn only_what_both_are_about_is_said_once() {
        let robin = || Sheet::default().fact(Fact::By("Robin".to_owned()));
        let travel = || robin().row("Line item", "1 x Travel");
        let twice = travel().and(travel());
        let rows = "  As        Robin\n  Line item 1 x Travel\n  Line item 1 x Travel\n";
        assert_eq!(twice.text(), rows);
    }
}
