//! The lists that values are chosen from, and the questions.

use std::cell::Cell;

use super::{Ask, Field, Question, Word, check, value};
use crate::account::Lists;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::{assets, contacts, payments, products, tickets as ticket_reads};
use crate::api::{List, Reader, Record};
use crate::billing::quantity::MINUTES;
use crate::commands::appointment::find as appointment;
use crate::commands::bill::labor_types::LaborTypes;
use crate::commands::invoice::find::{InvoiceArg, SHOWN, find as find_invoice, newest};
use crate::commands::listing::Limit;
use crate::commands::on_ticket::{Part, customer_of};
use crate::commands::resolve::candidates::lines;
use crate::commands::resolve::contact::contacts as contacts_of;
use crate::commands::resolve::named::once_more;
use crate::commands::resolve::{self, Candidate, TicketArg, UserArg, reading};
use crate::commands::tickets::filter::{Assignee, Filter, Status};
use crate::commands::{tickets, timer};
use crate::config::Unit;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::choice::choice;
use crate::operations::payment::{against_any, open};
use crate::operations::{Allowed, Finding};
use crate::ui::{Picked, Ui};
use crate::workflow::{self, Approval, writing};

/// What is chosen where it is no labor that is sold.
const OTHER: &str = "another product";

/// The words that a person answers with; none where nothing has to be asked after all.
///
/// # Errors
/// Exit 2 where there is nothing to choose from, 9 where nothing is chosen, 130 for Ctrl-C; those of the reads.
pub async fn answer(ctx: &Context, question: &Question<'_>) -> Result<Vec<Word>> {
    let field = question.fields.first().cloned().unwrap_or_default();
    let word = |value| Word { flag: field.flag.clone(), value };
    let asking = Asking { ctx, reader: ctx.reader()?.wholly(), question, whose: Cell::new(None) };
    match question.ask {
        Ask::Change => return asking.change().await,
        Ask::Sold => return asking.sold().await,
        _ => {}
    }
    let passed = asking.guards().await?;
    let values = asking.values(question.ask, &field).await?;
    Ok(values.into_iter().map(word).chain(passed).collect())
}

/// A question that is being asked.
pub(super) struct Asking<'a> {
    pub(super) ctx: &'a Context,
    pub(super) reader: Reader,
    question: &'a Question<'a>,
    /// The customer among whose records one is meant.
    pub(super) whose: Cell<Option<CustomerId>>,
}

impl Asking<'_> {
    fn given(&self, id: &str) -> &str {
        self.question.given.get(id).map(String::as_str).unwrap_or_default()
    }

    async fn values(&self, ask: Ask, field: &Field) -> Result<Vec<String>> {
        let (ctx, reader) = (self.ctx, &self.reader);
        let one = match ask {
            Ask::Running => return self.running().await,
            Ask::Ticket => {
                self.one(ask, "Ticket", "you have no open tickets", self.mine().await?).await?
            }
            Ask::Invoice | Ask::Unpaid => {
                let is_unpaid = ask == Ask::Unpaid;
                let nothing = if is_unpaid { "no unpaid invoices" } else { "no invoices" };
                self.one(ask, "Invoice", nothing, self.invoices(is_unpaid).await?).await?
            }
            Ask::Line | Ask::Timer => self.part(ask).await?,
            Ask::Waiting => match self.waiting().await? {
                waiting if waiting.len() < 2 => return Ok(Vec::new()),
                waiting => self.one(ask, "Timer entry", "", waiting).await?,
            },
            Ask::Method => {
                let names = reader.get(payments::methods()).await?.names();
                self.one(ask, "Payment method", "no payment methods", words(&names)).await?
            }
            Ask::Labor => {
                let types = self.labor().await;
                self.one(ask, "Labor type", "no configured labor types", types).await?
            }
            Ask::Word(which) => {
                let words = words(&Lists::read(ctx, reader).await?.names(which));
                match words.is_empty() {
                    true => self.typed(ask, &field.question(), None, field).await?,
                    false => self.one(ask, "New value", "", words).await?,
                }
            }
            Ask::Assignee | Ask::User => self.user(ask == Ask::Assignee).await?,
            Ask::TicketContact => self.ticket_contact().await?,
            Ask::Amount => self.amount(field).await?,
            Ask::Minutes if self.counts_no_time() => return Ok(Vec::new()),
            Ask::Minutes | Ask::Length => self.typed(ask, MINUTES, None, field).await?,
            Ask::Choice(asked, all) => {
                let all = all.iter().map(|word| Candidate::word(word)).collect();
                self.one(ask, asked, "", all).await?
            }
            Ask::Text(asked) => self.typed(ask, asked, None, field).await?,
            Ask::Day | Ask::Moment | Ask::Past => {
                ctx.learn_dates().await?;
                self.typed(ask, &field.question(), None, field).await?
            }
            Ask::Customer => self.by_words(ask, "Customer (name or id)", field).await?,
            Ask::Contact | Ask::Asset | Ask::Product | Ask::Appointment | Ask::Payment => {
                self.of_few(ask, field).await?
            }
            // These are asked for elsewhere.
            Ask::Change | Ask::Sold | Ask::Setting(_) | Ask::Value => String::new(),
        };
        Ok(vec![one])
    }

    /// Whether what was named counts no time: a product, or a labor type by each.
    fn counts_no_time(&self) -> bool {
        let labor = self.ctx.settings().labor(self.given("labor"));
        let is_by_each = labor.is_some_and(|labor| labor.unit == Unit::Each);
        is_by_each || !self.given("product").is_empty()
    }

    /// The configured labor types, with their rates.
    async fn labor(&self) -> Vec<Candidate> {
        let types = LaborTypes::all(&self.ctx.settings().labor).with_prices(&self.reader).await;
        types.lines().map(|(key, line)| Candidate::shown_as(key, &line)).collect()
    }

    /// A labor type, or another product.
    async fn sold(&self) -> Result<Vec<Word>> {
        let mut all = self.labor().await;
        all.push(Candidate::word(OTHER));
        let chosen = self.one(Ask::Labor, "Labor type", "", all).await?;
        let id = if chosen == OTHER { "product" } else { "labor" };
        let field = self.question.fields.iter().find(|field| field.id == id);
        let Some(field) = field else { return Ok(Vec::new()) };
        let value = match id {
            "product" => self.of_few(Ask::Product, field).await?,
            _ => chosen,
        };
        Ok(vec![Word { flag: field.flag.clone(), value }])
    }

    /// Has what stands against any payment for the invoice answered before more is asked of it; the flags that say so.
    async fn guards(&self) -> Result<Vec<Word>> {
        let approval = Approval::of(self.ctx);
        let is_asked = matches!(self.question.ask, Ask::Method | Ask::Amount);
        if !is_asked || approval.is_dry_run() {
            return Ok(Vec::new());
        }
        let method = self.given("method");
        let (invoice, ()) = tokio::try_join!(self.invoice(), async {
            if !method.is_empty() {
                let methods = self.reader.get(payments::methods()).await?;
                drop(choice("payment method", method, &methods.names())?);
            }
            Ok(())
        })?;
        let found = against_any(&invoice)?;
        let is_new = |finding: &Finding| {
            finding.guard.flag().is_some_and(|flag| self.given(flag) != Word::GIVEN)
        };
        let findings: Vec<Finding> = found.into_iter().filter(is_new).collect();
        workflow::clear(self.ctx, &approval, &findings, &mut Allowed::new()).await?;
        let flags = findings.iter().filter_map(|finding| finding.guard.flag());
        Ok(flags.map(Word::switch).collect())
    }

    /// The invoice that was named.
    async fn invoice(&self) -> Result<Record<Invoice>> {
        if let Some(read) = &self.question.there.invoice {
            return Ok(read.clone());
        }
        let typed: InvoiceArg = self.given("invoice").parse().map_err(Error::usage)?;
        find_invoice(&self.reader, &typed).await
    }

    /// What commands take for one of a list, or for what else was typed; the only one is no question.
    async fn one(
        &self,
        ask: Ask,
        prompt: &'static str,
        nothing: &str,
        all: Vec<Candidate>,
    ) -> Result<String> {
        Ok(match self.picked(ask, prompt, nothing, &all).await? {
            Picked::At(at) => all.get(at).map(|one| one.id.clone()).unwrap_or_default(),
            Picked::Typed(other) => other,
        })
    }

    /// What a person types, asked again until the command understands it.
    async fn typed(
        &self,
        ask: Ask,
        asked: &str,
        offered: Option<String>,
        field: &Field,
    ) -> Result<String> {
        typed(self.ctx, self.question, ask, asked, offered, field).await
    }

    /// One of my open tickets, newest first.
    async fn mine(&self) -> Result<Vec<Candidate>> {
        let (me, _) = resolve::user(self.ctx, &self.reader, &UserArg::Me).await?;
        let filter = Filter {
            status: Status::Open(self.ctx.settings().tickets.closed.clone()),
            assignee: Some(Assignee::User(me)),
            ..Filter::default()
        };
        let listing = tickets::read(&self.reader, &filter, SHOWN).await?;
        let items: Vec<_> = listing.items.into_iter().take(SHOWN).collect();
        self.ctx.ticket_numbers()?.remember_all(&items);
        Ok(items.iter().map(|ticket| Candidate::ticket(ticket)).collect())
    }

    async fn ticket(&self) -> Result<Record<Ticket>> {
        if let Some(read) = &self.question.there.ticket {
            return Ok(read.clone());
        }
        let typed: TicketArg = self.given("ticket").parse().map_err(Error::usage)?;
        reading::ticket(self.ctx, &self.reader, &typed).await
    }

    /// The number of the ticket on which my timer runs, and its id where there are several.
    async fn running(&self) -> Result<Vec<String>> {
        let (ctx, reader) = (self.ctx, &self.reader);
        let (me, _) = resolve::user(ctx, reader, &UserArg::Me).await?;
        let timers = timer::list::running(ctx, reader, Limit::default(), Some(me)).await?.items;
        let ids = timers.iter().filter_map(|timer| timer.ticket_id);
        let reads = ids.map(|id| reader.get(ticket_reads::get(id)));
        let read: Vec<Record<Ticket>> = futures_util::future::try_join_all(reads).await?;
        ctx.ticket_numbers()?.remember_all(&read);
        let of = |timer: &Record<Timer>| read.iter().find(|one| Some(one.id) == timer.ticket_id);
        let candidate = |timer: &Record<Timer>| {
            let ticket = of(timer).map(|ticket| &ticket.view);
            Candidate::running(timer, ticket, ctx.now(), &ctx.settings().timezone)
        };
        let all: Vec<Candidate> = timers.iter().map(candidate).collect();
        let nothing = "you have no running timers";
        let at = match self.picked(Ask::Running, "Timer", nothing, &all).await? {
            Picked::At(at) => at,
            Picked::Typed(number) => return Ok(vec![number]),
        };
        let Some(timer) = timers.get(at) else { return Ok(Vec::new()) };
        let number = of(timer).map(|ticket| ticket.number.to_string());
        let several = timers.iter().filter(|one| one.ticket_id == timer.ticket_id).count() > 1;
        let id = several.then(|| timer.id.to_string());
        Ok(number.into_iter().chain(id).collect())
    }

    /// One of the ticket's own records.
    async fn part(&self, ask: Ask) -> Result<String> {
        let ticket = self.ticket().await?;
        let (part, prompt, what) = match ask {
            Ask::Line => (Part::LineItem, "Line item", "line items"),
            _ => (Part::TimerEntry, "Timer entry", "timers"),
        };
        let nothing = format!("ticket #{} has no {what}", ticket.number);
        self.one(ask, prompt, &nothing, part.candidates(self.ctx, &ticket)).await
    }

    /// The ticket's stopped entries that are not charged yet.
    async fn waiting(&self) -> Result<Vec<Candidate>> {
        let ticket = self.ticket().await?;
        let (settings, now) = (self.ctx.settings(), self.ctx.now());
        let waiting = ticket.ticket_timers.iter().filter(|timer| timer.is_owed());
        Ok(waiting.map(|timer| Candidate::timer(timer, settings, now)).collect())
    }

    async fn invoices(&self, unpaid: bool) -> Result<Vec<Candidate>> {
        let found = newest(&self.reader, unpaid, None).await?;
        Ok(found.iter().map(|invoice| Candidate::invoice(invoice)).collect())
    }

    async fn user(&self, or_none: bool) -> Result<String> {
        let lists = Lists::read(self.ctx, &self.reader).await?;
        let users = lists.users().iter().filter(|user| !user.disabled);
        let none = or_none.then(|| Candidate::word("none"));
        let all = users.map(|user| Candidate::new(user.id, &user.name)).chain(none).collect();
        self.one(Ask::User, "User", "no users", all).await
    }

    async fn ticket_contact(&self) -> Result<String> {
        let ticket = self.ticket().await?;
        let customer = self.reader.get(customers::get(customer_of(&ticket)?)).await?;
        let mut all = contacts_of(&customer);
        all.push(Candidate::word("none"));
        self.one(Ask::TicketContact, "Contact", "", all).await
    }

    /// What is paid. Enter takes all that is open.
    async fn amount(&self, field: &Field) -> Result<String> {
        let invoice = self.invoice().await?;
        let open = open(&invoice)?;
        let offered = (!open.is_zero()).then(|| format!("{open:.2}"));
        self.typed(Ask::Amount, "Amount", offered, field).await
    }

    /// The customer that was named on the command line or in an answer, if one was.
    async fn customer(&self) -> Result<Option<Record<Customer>>> {
        match self.given("customer") {
            "" => Ok(None),
            typed => {
                let typed = typed.parse().map_err(Error::usage)?;
                resolve::customer(self.ctx, &self.reader, &typed).await.map(Some)
            }
        }
    }

    /// One of a list where that is one page; where it is longer, one is asked for by words.
    async fn of_few(&self, ask: Ask, field: &Field) -> Result<String> {
        let (reader, zone) = (&self.reader, &self.ctx.settings().timezone);
        let customer = self.customer().await?;
        let id = customer.as_ref().map(|customer| customer.id);
        self.whose.set(id);
        let whose = customer.as_ref().map_or("the account", |customer| customer.name());
        let (prompt, what, all) = match ask {
            Ask::Contact => {
                let all = few(reader, contacts::of_customer(id), Candidate::contact).await?;
                ("Contact", "contacts", all)
            }
            Ask::Asset => {
                let all = few(reader, assets::search(id, None), Candidate::asset).await?;
                ("Asset", "assets", all)
            }
            Ask::Product => {
                let sold = products::search(None).keep(|one| !one.disabled);
                ("Product", "products", few(reader, sold, Candidate::product).await?)
            }
            Ask::Payment => {
                let newest = reader.all(payments::all().enough(SHOWN)).await?.items;
                let newest = newest.iter().take(SHOWN);
                let all = newest.filter_map(|one| Candidate::payment(one, zone)).collect();
                ("Payment", "payments", Some(all))
            }
            _ => {
                let wanted = appointment::Wanted::default();
                let found = appointment::search(self.ctx, reader, &wanted).await?;
                let all = appointment::candidates(self.ctx, &found.appointments);
                ("Appointment", "appointments", Some(all).filter(|all| !all.is_empty()))
            }
        };
        match (ask, all) {
            (_, Some(all)) => self.one(ask, prompt, &format!("{whose} has no {what}"), all).await,
            (Ask::Appointment, None) => {
                self.by_words(ask, "Appointment (id, day, time or summary)", field).await
            }
            (_, None) => self.by_words(ask, &format!("{prompt} (name or id)"), field).await,
        }
    }

    /// Asked for by words, again until somebody has them; of several, one is picked.
    async fn by_words(&self, ask: Ask, asked: &str, field: &Field) -> Result<String> {
        loop {
            let typed = self.typed(ask, asked, None, field).await?;
            match self.found(ask, &typed, &[]).await {
                Ok(id) => return Ok(id),
                Err(error) => once_more(self.ctx, error)?,
            }
        }
    }

    /// One of the fields, and its new value: chosen, where the account has a list of them.
    async fn change(&self) -> Result<Vec<Word>> {
        let fields = &self.question.fields;
        let names: Vec<Candidate> =
            fields.iter().map(|field| Candidate::word(field.name())).collect();
        let at = of_list(self.ctx, "What to change", "no fields", &names).await?;
        let Some(field) = fields.get(at) else { return Ok(Vec::new()) };
        let values = match value(&field.id) {
            Some(ask) => Box::pin(self.values(ask, field)).await?,
            None => vec![self.typed(Ask::Change, &field.question(), None, field).await?],
        };
        let word = |value| Word { flag: field.flag.clone(), value };
        Ok(values.into_iter().map(word).collect())
    }
}

/// What a person types, asked again until the command understands it.
pub(super) async fn typed(
    ctx: &Context,
    question: &Question<'_>,
    ask: Ask,
    asked: &str,
    offered: Option<String>,
    field: &Field,
) -> Result<String> {
    let check = question.check.clone();
    let before = offered.clone();
    let (asked, flag) = (asked.to_owned(), field.flag.clone());
    let now = ctx.present();
    let ask = move |ui: &Ui| {
        ui.input(&asked, offered.as_deref(), |typed| match typed.trim() {
            "" => Err("type a value, or press Ctrl-C to leave".to_owned()),
            typed => {
                check::is_such(ask, typed, &now)?;
                let word = Word { flag: flag.clone(), value: typed.to_owned() };
                check(&word).map(|()| word.value)
            }
        })
    };
    // A text that stands in the line when it is left is one.
    let hold = |unfinished: &str| {
        if ctx.texts().is_text(&field.id) {
            ctx.texts().hold_early(unfinished, false);
        }
    };
    let typed = writing(ctx, hold, ask).await?;
    if before.as_ref() != Some(&typed) {
        question.written.set(true);
    }
    Ok(typed)
}

/// An entry of a list; the only one is no question.
pub(super) async fn of_list(
    ctx: &Context,
    prompt: &'static str,
    nothing: &str,
    all: &[Candidate],
) -> Result<usize> {
    let lines = lines(all);
    match lines.as_slice() {
        [] => Err(Error::usage(format!("nothing to choose from: {nothing}")).nothing_written()),
        [one] => {
            ctx.ui().note(one);
            Ok(0)
        }
        _ => ctx.blocking(move |ui: &Ui| ui.select(prompt, &lines)).await,
    }
}

pub(super) fn words(all: &[String]) -> Vec<Candidate> {
    all.iter().map(|word| Candidate::word(word)).collect()
}

/// Those of a list of one page; none of a longer one.
async fn few<T: serde::de::DeserializeOwned>(
    reader: &Reader,
    list: List<T>,
    candidate: fn(&T) -> Candidate,
) -> Result<Option<Vec<Candidate>>> {
    let listing = reader.all(list.unless_longer_than(1)).await?;
    let all = || listing.items.iter().map(|one| candidate(one)).collect();
    Ok(listing.complete.then(all))
}
