//! What the account is: its currency, its zone, its business hours. Read beside the first read of a command that shows
//! amounts or judges times, and kept for a day.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::cache::{self, CacheFile};
use crate::api::fields::{Said, to_flag};
use crate::api::resources::settings::{AccountSettings, BusinessDay, Locale};
use crate::api::{Beside, Error as ApiError, Reader};
use crate::billing::currency::{self, Currency};
use crate::config::zones;
use crate::dates::{self, BusinessHours};

/// As the account states it; nothing of it is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// Currency, zone and how dates are written.
    pub locale: Locale,
    /// The hours of each day of the week; none for an account without.
    pub business_hours: Vec<BusinessDay>,
    /// Whether it has some, or says nothing clear of that.
    #[serde(default)]
    pub may_have_hours: bool,
}

impl AccountFacts {
    /// What the settings say of it.
    #[must_use]
    pub fn of(settings: &AccountSettings) -> Self {
        let has_hours = to_flag(&settings.business_hours_enabled);
        let hours = settings.business_hours.iter().filter(|_| has_hours == Said::Clear(true));
        Self {
            locale: settings.locale.clone().unwrap_or_default(),
            business_hours: hours.cloned().collect(),
            may_have_hours: matches!(has_hours, Said::Clear(true) | Said::Unreadable),
        }
    }

    /// The currency, where the account states a symbol.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        let currency = Currency::of(&self.locale.currency_symbol)?;
        Some(currency.in_zone(self.locale.time_zone.trim()))
    }

    /// The account's zone, where it names a known one.
    #[must_use]
    pub fn zone(&self) -> Option<TimeZone> {
        zones::named(&self.locale.time_zone).ok()
    }

    /// When the account works, by the clock of its own zone; nothing where either is not known.
    #[must_use]
    pub fn hours(&self) -> Option<BusinessHours> {
        let zone = self.zone()?;
        let days = self.business_hours.iter();
        let days = days.map(|one| (&*one.day, &*one.start, &*one.end, one.closed));
        BusinessHours::new(zone, days)
    }
}

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    read_at: Timestamp,
    facts: AccountFacts,
}

/// Those of the account that this process acts for, once they are known.
#[derive(Debug, Clone)]
pub struct AccountCache {
    file: CacheFile,
    known: Arc<OnceLock<AccountFacts>>,
}

impl AccountCache {
    /// Those kept in `state_dir` for `whose` (a host, perhaps a profile), if there are any.
    #[must_use]
    pub fn new(state_dir: &Path, whose: &str) -> Self {
        let file = CacheFile::new(state_dir, "account", whose);
        let cache = Self { file, known: Arc::default() };
        let kept: Option<Kept> = cache.file.read();
        if let Some(kept) = kept.filter(|kept| cache::is_young(kept.read_at)) {
            cache.learn(kept.facts);
        }
        cache
    }

    /// The same, which keeps nothing: what it learns may be old.
    #[must_use]
    pub fn unkept(self) -> Self {
        Self { file: self.file.unkept(), ..self }
    }

    /// What is known.
    #[must_use]
    pub fn get(&self) -> Option<&AccountFacts> {
        self.known.get()
    }

    /// The reader, with whose first read they travel unless they are known.
    #[must_use]
    pub fn beside(&self, reader: Reader) -> Reader {
        if self.known.get().is_some() {
            return reader;
        }
        let facts = self.clone();
        reader.beside(Beside::new(move |found| facts.found(found)))
    }

    /// Keeps what came of reading them. An account that does not show them is not asked again that day.
    fn found(&self, found: &Result<AccountSettings, ApiError>) {
        match found {
            Ok(settings) => self.keep(settings),
            Err(ApiError::NotAuthorised { status: 403, .. } | ApiError::NotFound { .. }) => {
                self.remember(AccountFacts::default());
            }
            Err(_) => {}
        }
    }

    /// Keeps what the settings say in the place of what is kept; where nothing is, it is only known.
    pub fn renew(&self, settings: &AccountSettings) {
        match self.file.read::<Kept>() {
            Some(_) => self.keep(settings),
            None => self.learn(AccountFacts::of(settings)),
        }
    }

    /// Keeps what the settings say, whatever they were read for.
    pub fn keep(&self, settings: &AccountSettings) {
        let facts = AccountFacts::of(settings);
        self.remember(facts.clone());
        self.learn(facts);
    }

    fn remember(&self, facts: AccountFacts) {
        self.file.write(&Kept { read_at: Timestamp::now(), facts });
    }

    fn learn(&self, facts: AccountFacts) {
        if let Some(currency) = facts.currency() {
            currency::set(currency);
        }
        if let Some(order) = dates::Order::of(&facts.locale.date_format) {
            dates::set_order(order);
        }
        self.known.get_or_init(|| facts);
    }
}
