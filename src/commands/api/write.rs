//! A write of `syncro api`: from what is known of its path to a plan, and the API's answer as the report.

use std::time::Instant;

use serde_json::{Map, Value};

use super::ApiArgs;
use super::known::{self, Known};
use super::typed::Path;
use crate::api::ids::TicketId;
use crate::api::resources::comments::NewComment;
use crate::api::resources::tickets::Ticket;
use crate::api::resources::users::{self, Me};
use crate::api::{Error as ApiError, Get, Method, Reader, Record, Write};
use crate::commands::bill::{self, guards::Guard};
use crate::commands::comment;
use crate::commands::on_ticket::OnTicket;
use crate::commands::perform::{self, Confirmations, Finding, Proposal};
use crate::commands::prose::{self, Prose};
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::render::preview::{Mailing, Sheet};
use crate::write::{
    Change, Effect, Needs, Patience, Plan, Scope, Step, Thing, View, look, normal_text,
};

/// Runs one write.
///
/// # Errors
/// See the exit codes in README.md.
pub(super) async fn run(
    ctx: &Context,
    args: &ApiArgs,
    method: Method,
    path: &Path,
    body: Option<Value>,
) -> Result<()> {
    let confirmations = Confirmations::of(ctx)?;
    let fields = body.as_ref().and_then(Value::as_object);
    let known = known::of(method, path, fields);
    if let Known::Invoice(ticket) = known {
        // The whole of `bill`'s checks belongs to it.
        let allowed = [
            (args.overrides.again, Guard::Again),
            (args.overrides.zero, Guard::Zero),
        ];
        let allowed = allowed
            .into_iter()
            .filter_map(|(given, guard)| given.then_some(guard));
        return bill::what_waits(ctx, &TicketArg::Id(ticket), allowed.collect(), false).await;
    }
    let call = Call {
        ctx,
        reader: ctx.reader()?,
        method,
        path,
        body: body.clone(),
    };
    let scope = call.scope(&known).await?;
    let gather = || call.gather(&known);
    let allowed = args.overrides.allowed();
    let outcome = perform::conduct(ctx, &confirmations, &scope, "api", allowed, gather).await?;
    let Some(outcome) = outcome else {
        return Ok(());
    };
    if outcome.stopped.is_some() || ctx.how().json {
        return perform::report(ctx, &outcome);
    }
    for warning in &outcome.warnings {
        ctx.ui().warn(warning);
    }
    match outcome.made.last.clone() {
        Some(answer) => ctx.ui().json(&answer),
        None => perform::report(ctx, &outcome),
    }
}

/// One write as it was typed.
struct Call<'a> {
    ctx: &'a Context,
    reader: Reader,
    method: Method,
    path: &'a Path,
    body: Option<Value>,
}

/// What a gathering has found out about a call.
struct Found {
    effect: Effect,
    scope: Scope,
    view: View,
    me: Record<Me>,
    rows: Vec<(&'static str, String)>,
    notices: Vec<String>,
    findings: Vec<Finding>,
    at: Instant,
}

impl Call<'_> {
    fn fields(&self) -> Map<String, Value> {
        let body = self.body.as_ref().and_then(Value::as_object);
        body.cloned().unwrap_or_default()
    }

    /// The request, with the query that was typed.
    fn write(&self) -> Write {
        let mut path = self.path.path.clone();
        if !self.path.query.is_empty() {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&self.path.query)
                .finish();
            path = format!("{path}?{query}");
        }
        let body = match (self.method, &self.body) {
            (Method::Delete, None) => None,
            (_, Some(body)) => Some(body.clone()),
            (_, None) => Some(Value::Object(Map::new())),
        };
        Write {
            method: self.method,
            path,
            body,
        }
    }

    /// What one command at a time works on.
    async fn scope(&self, known: &Known) -> Result<Scope> {
        Ok(match known {
            Known::Comment(ticket)
            | Known::Invoice(ticket)
            | Known::Line(ticket, _)
            | Known::NewLine(ticket)
            | Known::Charge(ticket, _)
            | Known::TimerGone(ticket, _) => known::of_ticket(*ticket),
            Known::New(_, scope) => scope.clone(),
            Known::Record(Thing::Ticket(id)) => Scope {
                ticket: id.id().map(TicketId),
                ..Scope::default()
            },
            Known::Record(thing) => match self.record(thing).await? {
                Some((_, raw)) => scope_of(&raw),
                None => Scope::default(),
            },
            Known::Nothing => Scope::default(),
        })
    }

    async fn gather(&self, known: &Known) -> Result<Proposal> {
        let found = match known {
            Known::Comment(ticket) => self.comment(*ticket).await?,
            Known::Line(ticket, _)
            | Known::NewLine(ticket)
            | Known::Charge(ticket, _)
            | Known::TimerGone(ticket, _) => self.on_ticket(*ticket, known).await?,
            Known::New(effect, scope) => self.new_record(effect, scope).await?,
            Known::Record(thing) => match self.record(thing).await? {
                Some((thing, raw)) => self.of_record(thing, raw).await?,
                None => self.nothing().await?,
            },
            Known::Invoice(_) | Known::Nothing => self.nothing().await?,
        };
        let request = self.write();
        let title = format!("{} {}", request.method.name(), request.path);
        let mut sheet = Sheet::default().by(&found.me).row("Sends", &title);
        for (label, text) in &found.rows {
            sheet = sheet.row(label, text);
        }
        for (name, value) in self.fields() {
            sheet = sheet.row(&name, crate::write::field_shown(&value));
        }
        for notice in &found.notices {
            sheet = sheet.line(format!("! {notice}"));
        }
        let account = self.ctx.account(&found.me)?;
        let step = Step::new("api", format!("send {title}"), request, found.effect);
        let plan = Plan::new("api", title, account, found.scope)
            .over(found.view.baseline())
            .previewed(sheet.text())
            .step(step)
            .then("");
        Ok(Proposal {
            plan,
            findings: found.findings,
            me: found.me.view,
            at: found.at,
        })
    }

    async fn me(&self) -> Result<Record<Me>> {
        Ok(self.reader.get(users::me()).await?)
    }

    /// A path of which nothing is known.
    async fn nothing(&self) -> Result<Found> {
        let at = Instant::now();
        let write = self.write();
        let notice = "no command knows this path: it is sent once, and after an unclear answer nobody can tell";
        Ok(Found {
            effect: Effect::Unseen {
                what: format!("{} {}", write.method.name(), write.path),
            },
            scope: Scope::default(),
            view: View::default(),
            me: self.me().await?,
            rows: Vec::new(),
            notices: vec![notice.to_owned()],
            findings: Vec::new(),
            at,
        })
    }

    async fn new_record(&self, effect: &Effect, scope: &Scope) -> Result<Found> {
        let at = Instant::now();
        let needs = match effect.space() {
            Some(space) => Needs::NOTHING.space(space),
            None => Needs::NOTHING,
        };
        let view = async {
            let view = look(&self.reader, scope, needs, Patience::Retry);
            Ok::<_, Error>(view.await?)
        };
        let (view, me) = tokio::try_join!(view, self.me())?;
        Ok(Found {
            effect: effect.clone(),
            scope: scope.clone(),
            view,
            me,
            rows: Vec::new(),
            notices: Vec::new(),
            findings: Vec::new(),
            at,
        })
    }

    /// The record of a path, and where in the answer it is; none where the path has no GET of its own.
    async fn record(&self, thing: &Thing) -> Result<Option<(Thing, Value)>> {
        let get: Get<Value> = Get::new(self.path.path.clone(), None).fresh();
        let raw = match self.reader.get(get).await {
            Ok(answer) => answer.raw,
            Err(ApiError::NotFound { .. }) if self.path.segments().len() == 2 => {
                return Err(Error::new(
                    Kind::NotFound,
                    format!("GET {} finds nothing; nothing was written", self.path.path),
                ));
            }
            Err(ApiError::NotFound { .. } | ApiError::Refused { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let wrapper = wrapper(&raw);
        let record = wrapper.as_ref().map_or(&raw, |name| &raw[name]).clone();
        if record.is_null() {
            return Err(Error::new(
                Kind::NotFound,
                format!("GET {} finds nothing; nothing was written", self.path.path),
            ));
        }
        let thing = match thing {
            Thing::Path { path, .. } => Thing::Path {
                path: path.clone(),
                wrapper,
            },
            known => known.clone(),
        };
        Ok(Some((thing, record)))
    }

    async fn of_record(&self, of: Thing, raw: Value) -> Result<Found> {
        let at = Instant::now();
        let what = self.path.path.trim_start_matches('/').to_owned();
        let mut notices = Vec::new();
        let effect = if self.method == Method::Delete {
            Effect::Gone { of, what }
        } else {
            let (changes, unseen) = changes(&self.fields(), &raw);
            if !unseen.is_empty() {
                notices.push(format!(
                    "no GET shows {}: whether that changes cannot be looked at",
                    unseen.join(", ")
                ));
            }
            if changes.is_empty() && unseen.is_empty() {
                return Err(Error::refused(format!(
                    "{what} is like that already; nothing was written"
                )));
            }
            match changes.is_empty() {
                true => Effect::Unseen { what },
                false => Effect::Fields {
                    of,
                    what,
                    member: "record".to_owned(),
                    changes,
                    along: unseen,
                },
            }
        };
        Ok(Found {
            effect,
            scope: scope_of(&raw),
            view: View::default(),
            me: self.me().await?,
            rows: Vec::new(),
            notices,
            findings: Vec::new(),
            at,
        })
    }

    async fn comment(&self, ticket: TicketId) -> Result<Found> {
        let on = OnTicket::find(self.ctx, &TicketArg::Id(ticket)).await?;
        let (seen, customer) = comment::read(&on, Needs::NOTHING.comments()).await?;
        let fields = self.fields();
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let flag = |name: &str| fields.get(name).and_then(Value::as_bool).unwrap_or(false);
        let new = NewComment {
            subject: text("subject").to_owned(),
            body: text("body").to_owned(),
            hidden: flag("hidden"),
            do_not_email: flag("do_not_email"),
            tech: None,
        };
        let prose = Prose {
            subject: new.subject.clone(),
            text: new.body.clone(),
            hidden: new.hidden,
            email: !new.do_not_email,
            drafted: None,
        };
        let mut findings = comment::findings(self.ctx, &on, &seen, &prose, &new);
        findings.dedup();
        let mailing = Mailing::of(&new, seen.ticket.contact.as_ref(), &customer);
        let mut notices = Vec::new();
        if new.hidden && !new.do_not_email {
            notices.push("hidden without do_not_email: Syncro may mail it all the same".to_owned());
        }
        Ok(Found {
            effect: Effect::comment(&new, mailing.says()),
            scope: seen.scope(),
            rows: vec![
                ("Ticket", heading(&seen.ticket)),
                ("Comment", mailing.says()),
            ],
            me: seen.me,
            view: seen.view,
            notices,
            findings,
            at: seen.at,
        })
    }

    async fn on_ticket(&self, ticket: TicketId, known: &Known) -> Result<Found> {
        let on = OnTicket::find(self.ctx, &TicketArg::Id(ticket)).await?;
        let seen = on.read(Needs::NOTHING).await?;
        let fields = self.fields();
        let (mut notices, mut findings) = (Vec::new(), Vec::new());
        let effect = match known {
            Known::NewLine(_) => {
                notices = known::line_notices(&fields);
                findings = new_line_findings(&seen.ticket, &fields);
                known::new_line(&fields)
            }
            Known::Line(_, id) => {
                let line = seen.ticket.line_items.iter().find(|line| line.id == *id);
                let line = line.ok_or_else(|| gone("line item", id.0))?;
                if line.converted {
                    let text = format!("line item {id} is on an invoice already");
                    findings.push(Finding::new("--invoiced-line", text));
                }
                let of = Thing::Line((*id).into());
                let what = format!("line item {id}");
                match self.method {
                    Method::Post => Effect::Gone { of, what },
                    _ => {
                        let mut wanted = fields.clone();
                        wanted.remove("ticket_line_item_id");
                        let (changes, unseen) = changes(&wanted, &line.raw);
                        if changes.is_empty() {
                            return Err(Error::refused(format!(
                                "{what} is like that already; nothing was written"
                            )));
                        }
                        Effect::Fields {
                            of,
                            what,
                            member: "line_items".to_owned(),
                            changes,
                            along: unseen,
                        }
                    }
                }
            }
            Known::Charge(_, id) | Known::TimerGone(_, id) => {
                let timers = &seen.ticket.ticket_timers;
                let timer = timers.iter().find(|timer| timer.id == *id);
                let timer = timer.ok_or_else(|| gone("timer entry", id.0))?;
                if timer.recorded {
                    return Err(Error::refused(format!(
                        "timer entry {id} has been charged already; nothing was written"
                    )));
                }
                match known {
                    Known::Charge(..) => {
                        let minutes = timer.minutes(jiff::Timestamp::now());
                        known::charged(*id, &timer.notes, minutes)
                    }
                    _ => Effect::Gone {
                        of: Thing::Timer((*id).into()),
                        what: format!("timer entry {id}"),
                    },
                }
            }
            _ => return self.nothing().await,
        };
        Ok(Found {
            effect,
            scope: seen.scope(),
            rows: vec![("Ticket", heading(&seen.ticket))],
            me: seen.me,
            view: seen.view,
            notices,
            findings,
            at: seen.at,
        })
    }
}

fn heading(ticket: &Ticket) -> String {
    format!("#{} {} (id {})", ticket.number, ticket.subject, ticket.id)
}

fn gone(what: &str, id: u64) -> Error {
    let message = format!("the ticket has no {what} {id}; nothing was written");
    Error::new(Kind::NotFound, message)
}

fn new_line_findings(ticket: &Ticket, fields: &Map<String, Value>) -> Vec<Finding> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut findings = Vec::new();
    let same = ticket.line_items.iter().find(|line| {
        !line.converted
            && normal_text(&line.name) == normal_text(text("name"))
            && normal_text(&line.description) == normal_text(text("description"))
    });
    if let Some(line) = same {
        let text = format!("the same line item is on the ticket already ({})", line.id);
        findings.push(Finding::new("--same-line", text));
    }
    if known::costs_nothing(fields) {
        findings.push(Finding::new("--zero", "the line would cost nothing"));
    }
    findings.extend(prose::secret_finding(
        "the line item",
        &[text("description")],
    ));
    findings
}

/// What a record is about, for the lock.
fn scope_of(raw: &Value) -> Scope {
    let id = |name: &str| raw.get(name).and_then(Value::as_u64);
    Scope {
        ticket: id("ticket_id").map(TicketId),
        number: None,
        customer: id("customer_id").map(crate::api::ids::CustomerId),
    }
}

/// The one member that wraps a record, where one does.
fn wrapper(answer: &Value) -> Option<String> {
    let object = answer.as_object()?;
    let mut members = object.iter().filter(|(name, _)| *name != "meta");
    let (name, value) = members.next()?;
    (value.is_object() && members.next().is_none()).then(|| name.clone())
}

/// What of a body a GET shows and would change, and the names of what it does not show.
fn changes(fields: &Map<String, Value>, raw: &Value) -> (Vec<Change>, Vec<String>) {
    let (mut changes, mut unseen) = (Vec::new(), Vec::new());
    for (name, value) in fields {
        match value {
            // Wrapped in the record's own name: what is inside counts.
            Value::Object(inner) if raw.get(name).is_none() => {
                let (more, hidden) = self::changes(inner, raw);
                changes.extend(more);
                unseen.extend(hidden);
            }
            Value::Object(inner) => {
                for (key, value) in inner.iter().filter(|(key, _)| !key.contains('.')) {
                    let at = format!("{name}.{key}");
                    changes.push(Change::new(raw, &at, &at, value.clone()));
                }
            }
            value if raw.get(name).is_some() => {
                changes.push(Change::new(raw, name, name, value.clone()));
            }
            _ => unseen.push(name.clone()),
        }
    }
    changes.retain(Change::is_one);
    (changes, unseen)
}
