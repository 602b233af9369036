//! What a person answered in the form of a new ticket: kept until it is sent, and offered when a ticket for the same customer
//! is begun again.

use super::new_ticket::{Facts, Key, Typed};
use crate::api::Record;
use crate::api::resources::customers::Customer;
use crate::commands::resolve::may_mean;
use crate::commands::resolve::named::say;
use crate::context::Context;
use crate::error::Result;
use crate::texts::{Answers, Kept, Place};
use crate::workflow;

/// The arguments, by which the answers of a form are found again.
const CUSTOMER: &str = "customer";
const SUBJECT: &str = "subject";

/// What stands for a field that was cleared.
const CLEARED: &str = "-";

/// Fields that are not empty where nothing is said of them.
const UNSAID: [(Key, &str); 2] = [(Key::Email, "yes"), (Key::MailAppointment, "no")];

impl Typed {
    /// The fields where nothing was typed.
    pub(super) fn unsaid() -> Self {
        let mut typed = Self::default();
        for (key, text) in UNSAID {
            typed.set(key, text);
        }
        typed
    }
}

/// What was asked, and where the answers are kept.
pub(super) struct Asked<'a> {
    customer: &'a Record<Customer>,
    subject: &'a str,
    /// Where it is kept.
    pub(super) place: &'a Place,
    /// The fields as the command line and the configuration have them.
    before: Typed,
    /// The same, where the command line has none.
    unsaid: Typed,
    /// Whether it is written as it is typed.
    pub(super) at_once: bool,
    /// Whether anything is kept: what a dry run was given is where it came from.
    pub(super) is_held: bool,
}

impl<'a> Asked<'a> {
    /// A form that was not answered yet.
    pub(super) fn new(
        facts: &'a Facts,
        subject: &'a str,
        place: &'a Place,
        before: &Typed,
        unsaid: Typed,
    ) -> Self {
        let (customer, before) = (&facts.customer, before.clone());
        Self { customer, subject, place, before, unsaid, at_once: false, is_held: true }
    }

    /// What waits for this customer, if a person wants it, or else what this run asked for by then.
    pub(super) async fn waiting(
        &self,
        ctx: &Context,
        typed: &Typed,
    ) -> Result<Option<(String, Answers)>> {
        let held = ctx.texts().held_at(self.place);
        if ctx.texts().has_taken() || !typed.get(Key::Description).is_empty() {
            return Ok(held);
        }
        let is_its =
            |kept: &Kept| kept.answer(CUSTOMER).is_some_and(|typed| may_mean(typed, self.customer));
        match ctx.texts().waiting(self.place, is_its) {
            Some(kept) if workflow::offered(ctx, self.place, &kept, None).await? => {
                Ok(Some((kept.text, kept.answers)))
            }
            _ => Ok(held),
        }
    }

    /// Keeps the form as it stands, once a person has answered anything of it.
    pub(super) fn hold(&self, ctx: &Context, typed: &Typed) {
        let is_answered = Key::ALL.into_iter().any(|key| differ(key, typed, &self.before));
        let text = typed.get(Key::Description);
        let was_asked = ctx.texts().held_at(self.place).is_some();
        if !self.is_held || (text.is_empty() && !is_answered && !was_asked) {
            return;
        }
        ctx.texts().hold_form(self.place, text, self.answers(typed), self.at_once);
    }

    /// The answers beside the text, as they are kept.
    pub(super) fn answers(&self, typed: &Typed) -> Answers {
        let answer = |key: Key| match typed.get(key) {
            "" => CLEARED.to_owned(),
            text => text.to_owned(),
        };
        let changes = Key::ALL
            .into_iter()
            .filter(|key| differ(*key, typed, &self.unsaid))
            .map(|key| (key.label().to_owned(), answer(key)));
        let customer = format!("id:{}", self.customer.id);
        let head = [(CUSTOMER, customer.as_str()), (SUBJECT, self.subject)];
        let head = head.map(|(asked, answer)| (asked.to_owned(), answer.to_owned()));
        head.into_iter().chain(changes).collect()
    }
}

/// Whether a field is not as it was; the text stands beside the answers.
fn differ(key: Key, typed: &Typed, from: &Typed) -> bool {
    key != Key::Description && typed.get(key) != from.get(key)
}

/// Where the form of a new ticket waits.
///
/// # Errors
/// As [`Context::host`].
pub(super) fn place(ctx: &Context, is_html: bool) -> Result<Place> {
    Ok(ctx.place("create", 0)?.form().meant(false, is_html))
}

/// Has a description kept before anything is read; what was asked for stands beside it.
pub fn hold_early(ctx: &Context, (customer, subject): (&str, &str), text: &str, is_html: bool) {
    let Ok(place) = place(ctx, is_html) else { return };
    let head = [(CUSTOMER, customer), (SUBJECT, subject)];
    let head = head.map(|(asked, answer)| (asked.to_owned(), answer.to_owned()));
    let before = ctx.texts().held_at(&place).map(|(_, answers)| answers).unwrap_or_default();
    let is_other = |(asked, _): &(String, String)| head.iter().all(|(known, _)| known != asked);
    let others: Answers = before.into_iter().filter(is_other).collect();
    let answers = head.into_iter().chain(others).collect();
    ctx.texts().hold_form(&place, text, answers, false);
    ctx.texts().is_repeated();
}

impl Facts {
    /// Takes over the answers that were kept, but for what is `given` by flags; one that does no longer is said.
    pub(super) fn answered(
        &self,
        ctx: &Context,
        typed: &mut Typed,
        given: &Typed,
        (text, answers): (String, Answers),
    ) {
        if given.get(Key::Description).is_empty() && !text.is_empty() {
            typed.set(Key::Description, text);
        }
        let is_open =
            |key: &Key| given.get(*key).is_empty() || UNSAID.contains(&(*key, given.get(*key)));
        let named = |asked: &str| Key::ALL.into_iter().find(|key| key.label() == asked);
        let of = |asked: &str| named(asked).filter(is_open);
        for (key, answer) in answers.iter().filter_map(|(asked, answer)| Some((of(asked)?, answer)))
        {
            let answer = if answer == CLEARED { "" } else { answer.as_str() };
            match self.check(key, answer, typed) {
                Ok(value) => typed.set(key, value),
                Err(error) => say(ctx, error),
            }
        }
    }
}
