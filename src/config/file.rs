//! The configuration file as typed: one [`Layer`] for the file itself and one for each `[profiles.NAME]`, which is
//! laid over it. Each value is checked for itself here; what they mean together is `resolve`'s business.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use url::Url;

use super::known::is_labor_name;
use super::source::{Field, Section, Source, nearest};
use super::subdomain::{self, Account};
use super::{KeySource, LaborType, LogTime, Unit, WhenPrepaid, keys, known, zones};
use crate::api::Auth;
use crate::api::ids::ProductId;
use crate::billing::quantity::{Minutes, Rounding};
use crate::dates;
use crate::error::{Error, Result};

/// How old what was read may be at most when a write rests on it.
const FRESH_SECONDS: u32 = 5;

/// What one layer says; absent is `None`, so that a profile replaces only what it names.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) account: Option<Account>,
    pub(super) key: Option<KeySource>,
    /// Whether the key itself stands in the file.
    pub(super) key_in_file: bool,
    pub(super) user: Option<String>,
    pub(super) auth: Option<Auth>,
    pub(super) ca_file: Option<String>,
    pub(super) timezone: Option<TimeZone>,
    pub(super) session_logs: Option<String>,
    pub(super) requests: Option<u32>,
    pub(super) per_seconds: Option<Duration>,
    pub(super) timeout: Option<Duration>,
    pub(super) settle: Option<Duration>,
    pub(super) resend_after: Option<Duration>,
    pub(super) fresh: Option<Duration>,
    pub(super) closed: Option<Vec<String>>,
    pub(super) after_bill: Option<String>,
    pub(super) after_close: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) log_time: Option<LogTime>,
    pub(super) large_hours: Option<Decimal>,
    pub(super) large_amount: Option<Decimal>,
    pub(super) prepaid_low: Option<Decimal>,
    pub(super) day_hours: Option<Decimal>,
    pub(super) mirror_share: Option<Decimal>,
    pub(super) mirror_comments: Option<bool>,
    pub(super) mirror_max_age: Option<Duration>,
    pub(super) mirror_keep_days: Option<u32>,
    pub(super) draft_urls: Option<Vec<Url>>,
    pub(super) draft_model: Option<String>,
    pub(super) draft_timeout: Option<Duration>,
    pub(super) labor: Vec<Labor>,
}

/// A labor type and where it says what other labor type it becomes.
#[derive(Debug, Clone)]
pub(super) struct Labor {
    pub(super) meaning: LaborType,
    pub(super) when_prepaid_at: String,
}

/// The file: its own layer and the profiles.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) base: Layer,
    pub(super) profiles: Vec<(String, Layer)>,
}

/// What holds where nothing is said.
pub(super) const DEFAULTS: &str = include_str!("defaults.toml");

impl File {
    /// Reads `text`, called `name` in errors.
    pub(super) fn read(name: &str, text: &str) -> Result<Self> {
        let source = Source { name, text: text.strip_prefix('\u{feff}').unwrap_or(text) };
        let table = source.parse()?;
        let root = Section::root(&source, &table);
        let known = [known::names(""), vec!["profiles"]].concat();
        root.only(&known)?;
        let mut profiles = Vec::new();
        if let Some(section) = root.section("profiles")? {
            for (name, field) in section.entries() {
                let section = field.section()?;
                section.only(&known)?;
                if let Some(nested) = section.field("profiles") {
                    return Err(nested.error("is not allowed inside a profile"));
                }
                profiles.push((name.to_owned(), Layer::read(&section)?));
            }
        }
        Ok(Self { base: Layer::read(&root)?, profiles })
    }

    /// What holds where nothing is said.
    pub(super) fn defaults() -> Result<Layer> {
        Self::read("the defaults", DEFAULTS).map(|file| file.base)
    }

    /// The layer of the profile called `name`.
    pub(super) fn profile(&self, name: &str) -> Result<&Layer> {
        if let Some((_, layer)) = self.profiles.iter().find(|(known, _)| known == name) {
            return Ok(layer);
        }
        let names: Vec<&str> = self.profiles.iter().map(|(name, _)| name.as_str()).collect();
        let error = Error::configuration(format!("there is no profile {name:?}"));
        Err(match nearest(name, &names) {
            Some(near) => error.hint(format!("did you mean {near:?}?")),
            None if names.is_empty() => {
                error.hint("the configuration has no [profiles.NAME] at all")
            }
            None => error.hint(format!("profiles: {}", names.join(", "))),
        })
    }
}

impl Layer {
    fn read(section: &Section<'_>) -> Result<Self> {
        let mut layer = Self {
            account: account(section)?,
            user: read(section, "user", Field::filled)?,
            auth: read(section, "auth", |field| field.word(&known::AUTH))?,
            ca_file: read(section, "ca_file", Field::filled)?,
            timezone: read(section, "timezone", timezone)?,
            session_logs: read(section, "session_logs", Field::filled)?,
            ..Self::default()
        };
        layer.read_key(section)?;
        layer.read_limits(section)?;
        layer.read_tickets(section)?;
        layer.read_draft(section)?;
        if let Some(labors) = section.section("labor")? {
            for (name, field) in labors.entries() {
                layer.labor.push(labor(name, &field)?);
            }
        }
        Ok(layer)
    }

    /// At most one of the four ways to name the key.
    fn read_key(&mut self, section: &Section<'_>) -> Result<()> {
        let mut given = known::KEYS
            .into_iter()
            .filter_map(|(name, _)| section.field(name).map(|field| (name, field)));
        let Some((name, field)) = given.next() else {
            return Ok(());
        };
        if let Some((_, second)) = given.next() {
            return Err(second.error(&format!("conflicts with {name}; keep one of them")));
        }
        self.key_in_file = name == "api_key";
        self.key = Some(match name {
            "api_key" => {
                KeySource::Given(keys::checked(&field.text()?).map_err(|why| field.error(why))?)
            }
            "api_key_command" => {
                let words = field.texts()?;
                if words.first().is_none_or(|program| program.trim().is_empty()) {
                    return Err(field.error("is empty"));
                }
                KeySource::Command(words)
            }
            "api_key_file" => KeySource::File(PathBuf::from(field.filled()?)),
            _ => KeySource::Keyring(field.filled()?),
        });
        Ok(())
    }

    fn read_limits(&mut self, section: &Section<'_>) -> Result<()> {
        if let Some(rate) = section.section("rate_limit")? {
            rate.only(&known::names("rate_limit"))?;
            self.requests = read(&rate, "requests", |field| field.whole(1..=100_000))?
                .and_then(|requests| u32::try_from(requests).ok());
            self.per_seconds = read(&rate, "per_seconds", |field| field.seconds(3600))?;
        }
        if let Some(write) = section.section("write")? {
            write.only(&known::names("write"))?;
            self.timeout = read(&write, "timeout_seconds", |field| field.seconds(600))?;
            self.settle = read(&write, "settle_seconds", |field| field.seconds(600))?;
            self.resend_after =
                read(&write, "resend_after_seconds", |field| field.seconds(86_400))?;
            self.fresh = read(&write, "fresh_seconds", |field| field.seconds(FRESH_SECONDS))?;
        }
        if let Some(billing) = section.section("billing")? {
            billing.only(&known::names("billing"))?;
            self.log_time = read(&billing, "log_time", |field| field.word(&known::LOG_TIME))?;
        }
        let amount = |field: &Field<'_>| field.decimal(Decimal::ZERO, Decimal::from(100_000_000));
        if let Some(reports) = section.section("reports")? {
            reports.only(&known::names("reports"))?;
            self.prepaid_low = read(&reports, "prepaid_low", amount)?;
            let hours = |field: &Field<'_>| field.decimal(Decimal::new(25, 2), Decimal::from(24));
            self.day_hours = read(&reports, "day_hours", hours)?;
        }
        if let Some(mirror) = section.section("mirror")? {
            mirror.only(&known::names("mirror"))?;
            let share = |field: &Field<'_>| field.decimal(Decimal::new(1, 2), Decimal::ONE);
            self.mirror_share = read(&mirror, "share", share)?;
            self.mirror_comments = read(&mirror, "comments", Field::flag)?;
            self.mirror_max_age = read(&mirror, "max_age", age)?;
            let days =
                |field: &Field<'_>| Ok(field.whole(1..=36_500)?.try_into().unwrap_or(u32::MAX));
            self.mirror_keep_days = read(&mirror, "keep_days", days)?;
        }
        if let Some(guards) = section.section("guards")? {
            guards.only(&known::names("guards"))?;
            self.large_hours = read(&guards, "large_hours", amount)?;
            self.large_amount = read(&guards, "large_amount", amount)?;
        }
        Ok(())
    }

    fn read_tickets(&mut self, section: &Section<'_>) -> Result<()> {
        if let Some(tickets) = section.section("tickets")? {
            tickets.only(&known::names("tickets"))?;
            self.closed = read(&tickets, "closed", Field::texts)?;
            // Empty is allowed: it says that nothing is to be set.
            self.after_bill = read(&tickets, "after_bill", Field::text)?;
            self.after_close = read(&tickets, "after_close", Field::text)?;
            self.priority = read(&tickets, "priority", Field::text)?;
        }
        Ok(())
    }

    fn read_draft(&mut self, section: &Section<'_>) -> Result<()> {
        if let Some(draft) = section.section("draft")? {
            draft.only(&known::names("draft"))?;
            self.draft_urls = read(&draft, "urls", |field| {
                field
                    .texts()?
                    .iter()
                    .map(|text| {
                        Url::parse(text)
                            .ok()
                            .filter(|url| matches!(url.scheme(), "http" | "https"))
                            .ok_or_else(|| {
                                field.error("contains a value that is not an http address")
                            })
                    })
                    .collect()
            })?;
            self.draft_model = read(&draft, "model", Field::filled)?;
            self.draft_timeout = read(&draft, "timeout_seconds", |field| field.seconds(600))?;
        }
        Ok(())
    }

    /// This layer with `over` laid upon it: what `over` names replaces, tables merge, a labor type replaces the whole
    /// labor type of its name.
    pub(super) fn overlaid(self, over: Self) -> Self {
        let mut labor = self.labor;
        for new in over.labor {
            match labor.iter_mut().find(|old| old.meaning.key == new.meaning.key) {
                Some(old) => *old = new,
                None => labor.push(new),
            }
        }
        Self {
            key_in_file: if over.key.is_some() { over.key_in_file } else { self.key_in_file },
            account: over.account.or(self.account),
            key: over.key.or(self.key),
            user: over.user.or(self.user),
            auth: over.auth.or(self.auth),
            ca_file: over.ca_file.or(self.ca_file),
            timezone: over.timezone.or(self.timezone),
            session_logs: over.session_logs.or(self.session_logs),
            requests: over.requests.or(self.requests),
            per_seconds: over.per_seconds.or(self.per_seconds),
            timeout: over.timeout.or(self.timeout),
            settle: over.settle.or(self.settle),
            resend_after: over.resend_after.or(self.resend_after),
            fresh: over.fresh.or(self.fresh),
            closed: over.closed.or(self.closed),
            after_bill: over.after_bill.or(self.after_bill),
            after_close: over.after_close.or(self.after_close),
            priority: over.priority.or(self.priority),
            log_time: over.log_time.or(self.log_time),
            large_hours: over.large_hours.or(self.large_hours),
            large_amount: over.large_amount.or(self.large_amount),
            prepaid_low: over.prepaid_low.or(self.prepaid_low),
            day_hours: over.day_hours.or(self.day_hours),
            mirror_share: over.mirror_share.or(self.mirror_share),
            mirror_comments: over.mirror_comments.or(self.mirror_comments),
            mirror_max_age: over.mirror_max_age.or(self.mirror_max_age),
            mirror_keep_days: over.mirror_keep_days.or(self.mirror_keep_days),
            draft_urls: over.draft_urls.or(self.draft_urls),
            draft_model: over.draft_model.or(self.draft_model),
            draft_timeout: over.draft_timeout.or(self.draft_timeout),
            labor,
        }
    }
}

/// The field called `key`, read by `reader`, if it is there.
fn read<'a, T>(
    section: &Section<'a>,
    key: &str,
    reader: impl Fn(&Field<'a>) -> Result<T>,
) -> Result<Option<T>> {
    section.field(key).as_ref().map(reader).transpose()
}

/// `base_url`, which stands above `subdomain` as its variable does.
fn account(section: &Section<'_>) -> Result<Option<Account>> {
    let named = read(section, "subdomain", |field| {
        Account::read(&field.text()?).map_err(|why| field.error(why))
    })?;
    let base = read(section, "base_url", |field| {
        subdomain::configured_base(&field.text()?).map_err(|why| field.error(why))
    })?;
    Ok(base.map(Account::Base).or(named))
}

fn timezone(field: &Field<'_>) -> Result<TimeZone> {
    zones::named(&field.text()?).map_err(|near| {
        let error = field.error("is not a time zone; use one like \"Europe/Oslo\"");
        match near {
            Some(near) => error.hint(format!("did you mean {near:?}?")),
            None => error,
        }
    })
}

/// The most minutes that time is rounded up to.
const LONGEST: u64 = 24 * 60;

fn labor(name: &str, field: &Field<'_>) -> Result<Labor> {
    if !is_labor_name(name) {
        return Err(field.error("must be lowercase letters, digits, - and _"));
    }
    let section = field.section()?;
    section.only(&known::names("labor.*"))?;
    let product_id = read(&section, "product_id", |field| {
        field.whole(1..=i64::MAX.unsigned_abs()).map(ProductId)
    })?
    .ok_or_else(|| field.error("needs a product_id"))?;
    let unit = read(&section, "unit", |field| field.word(&known::UNIT))?.unwrap_or(Unit::Hour);
    let when_prepaid = read(&section, "when_prepaid", |field| when_prepaid(field, unit))?;
    let when_prepaid_at =
        section.field("when_prepaid").map(|field| field.place()).unwrap_or_default();
    let rate = read(&section, "rate", |field| {
        let rate = field.decimal(Decimal::ZERO, Decimal::from(1_000_000))?;
        let whole = rate.scale() <= 2;
        whole.then_some(rate).ok_or_else(|| field.error("must be in whole cents, like 95.50"))
    })?;
    let rate = match read(&section, "free", Field::flag)? {
        Some(true) if rate.is_some_and(|rate| !rate.is_zero()) => {
            return Err(field.error("has a rate and is free: remove one of the two"));
        }
        Some(true) => Some(Decimal::ZERO),
        _ => rate,
    };
    Ok(Labor {
        meaning: LaborType {
            key: name.to_owned(),
            product_id,
            name: read(&section, "name", Field::filled)?,
            rate,
            unit,
            taxable: read(&section, "taxable", Field::flag)?.unwrap_or(false),
            prepaid: read(&section, "prepaid", Field::flag)?.unwrap_or(true),
            rounding: Rounding {
                minimum: read(&section, "minimum", |field| time(field, unit))?,
                increment: read(&section, "increment", |field| time(field, unit))?,
            },
            when_prepaid,
        },
        when_prepaid_at,
    })
}

/// How old something may be.
fn age(field: &Field<'_>) -> Result<Duration> {
    let minutes = dates::minutes(&field.text()?).and_then(|minutes| minutes.to_u64());
    let minutes = minutes.filter(|minutes| (1..=525_600).contains(minutes));
    let age = minutes.map(|minutes| Duration::from_secs(minutes * 60));
    age.ok_or_else(|| field.error("must be hours or minutes, at most a year, like \"24h\""))
}

/// Time that hourly labor is rounded to.
fn time(field: &Field<'_>, unit: Unit) -> Result<Minutes> {
    if unit != Unit::Hour {
        return Err(field.error("applies only to hourly labor"));
    }
    let minutes = field.text()?.parse::<Minutes>().ok();
    let minutes = minutes.filter(|minutes| minutes.whole().is_some_and(|whole| whole <= LONGEST));
    minutes.ok_or_else(|| field.error("must be whole minutes, at most a day, like \"15m\""))
}

fn when_prepaid(field: &Field<'_>, unit: Unit) -> Result<WhenPrepaid> {
    if unit != Unit::Hour {
        return Err(field.error("applies only to hourly labor"));
    }
    let section = field.section()?;
    section.only(&known::names("labor.*.when_prepaid"))?;
    let least = Decimal::new(1, 2);
    Ok(WhenPrepaid {
        labor: read(&section, "labor", Field::filled)?
            .ok_or_else(|| field.error("needs a labor"))?,
        multiplier: read(&section, "multiplier", |field| {
            field.decimal(least, Decimal::ONE_HUNDRED)
        })?
        .ok_or_else(|| field.error("needs a multiplier"))?,
    })
}
