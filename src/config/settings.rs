//! What the configuration means: the values that the rest of the program works with. How they come about is `resolve`'s.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use url::Url;

use super::keyring::SERVICE;
use super::zones;
use crate::api::ids::ProductId;
use crate::api::{ApiKey, Auth};
use crate::billing::quantity::Rounding;
use crate::error::program;
use crate::names;

/// What the global flags and `--profile` say, as typed.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--sandbox` or `SYNCRO_SANDBOX=1`.
    pub sandbox: bool,
}

impl Overrides {
    /// What words say that make no command line yet, or one that cannot be understood.
    #[must_use]
    pub fn in_words(words: &[String]) -> Self {
        let is_with = |word: &str, flag: &str| {
            word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='))
        };
        let value = |flag: &str| {
            let mut words = words.iter().skip_while(|word| *word != flag && !is_with(word, flag));
            let word = words.next()?;
            match word.split_once('=') {
                Some((_, value)) => Some(value.to_owned()),
                None => words.next().cloned(),
            }
        };
        Self {
            config: value("--config").map(Into::into),
            profile: value("--profile"),
            sandbox: words.iter().any(|word| word == "--sandbox"),
        }
    }
}

/// All that the program was told, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `[profiles.NAME]`, if one was chosen.
    pub profile: Option<String>,
    /// `--config`, where it was typed.
    pub config: Option<PathBuf>,
    /// Where the API is; `None` in the sandbox, whose server chooses its port.
    pub base: Option<Url>,
    /// Where the key comes from.
    pub key: KeySource,
    /// Whether that is `SYNCRO_API_KEY`.
    pub key_of_environment: bool,
    /// How the key travels.
    pub auth: Auth,
    /// Who the key must belong to: log-in or name.
    pub user: Option<String>,
    /// A further certificate authority.
    pub ca_file: Option<PathBuf>,
    /// `SSL_CERT_FILE`.
    pub extra_ca: Option<PathBuf>,
    /// For every date on a screen.
    pub timezone: TimeZone,
    /// Below it lie the customers' folders with session logs.
    pub session_logs: Option<PathBuf>,
    /// `[rate_limit]`.
    pub rate: RateLimit,
    /// `[write]`.
    pub write: WriteSettings,
    /// `[tickets]`.
    pub tickets: TicketSettings,
    /// `[labor.*]`, in the file's order.
    pub labor: Vec<LaborType>,
    /// `[guards]`.
    pub guards: GuardSettings,
    /// `[billing]`.
    pub billing: BillingSettings,
    /// `[reports]`.
    pub reports: ReportSettings,
    /// `[mirror]`.
    pub mirror: MirrorSettings,
    /// `[draft]`.
    pub draft: DraftSettings,
    /// Journal, pacing, locks, remembered ids; in the sandbox a folder of its own.
    pub state_dir: PathBuf,
    /// The state folder of the sandbox's server; `Some` in the sandbox.
    pub sandbox_dir: Option<PathBuf>,
    /// What is allowed but should be changed, to be shown once.
    pub warnings: Vec<String>,
    /// The one of them that concerns the key.
    pub key_warning: Option<String>,
    /// The file that was read, if any: for error messages.
    pub file: Option<PathBuf>,
}

/// Where the key comes from; read once, on the first request.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// None was given.
    Missing,
    /// Given as it is: `SYNCRO_API_KEY` or `api_key`.
    Given(ApiKey),
    /// `api_key_command`: run without a shell, its first line of output is the key.
    Command(Vec<String>),
    /// `api_key_file`: its first line is the key.
    File(PathBuf),
    /// `api_key_keyring`: the entry of this name in the system's keyring.
    Keyring(String),
}

/// `[rate_limit]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests that fit in the window.
    pub requests: u32,
    /// The window.
    pub per: Duration,
}

/// `[write]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteSettings {
    /// The limit of one request.
    pub timeout: Duration,
    /// How long a record is looked for after an unclear answer.
    pub settle: Duration,
    /// How old an unknown step must be before `resume` sends it again.
    pub resend_after: Duration,
    /// How old what was read may be when a write that rests on it goes out; after that it is read again.
    pub fresh: Duration,
}

/// `[tickets]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketSettings {
    /// Statuses that count as closed.
    pub closed: Vec<String>,
    /// The status after `bill`.
    pub after_bill: Option<String>,
    /// The status after `close`.
    pub after_close: Option<String>,
    /// The priority of new tickets.
    pub priority: Option<String>,
}

/// `[billing]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BillingSettings {
    /// Whether the hourly labor of a bill is in the account's labor log.
    pub log_time: LogTime,
}

/// What becomes of the time of hourly labor that is billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogTime {
    /// Its line items are added without timer entries.
    #[default]
    Off,
    /// It is entered as timer entries, which are charged.
    Charge,
}

/// `[guards]`: what counts as out of the ordinary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardSettings {
    /// More hours than this in one bill are asked about (12).
    pub large_hours: Decimal,
    /// A larger subtotal than this is asked about (5000).
    pub large_amount: Decimal,
}

/// `[reports]`: what counts as worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportSettings {
    /// Prepaid hours are low with fewer of them left (2).
    pub prepaid_low: Decimal,
    /// The hours of a business day of somebody who does not clock in (8).
    pub day_hours: Decimal,
}

/// `[mirror]`: what `syncro sync` may use, and what it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MirrorSettings {
    /// The part of the rate limit that it may use (0.5).
    pub share: Decimal,
    /// Whether the texts of comments are kept; true unless given.
    pub comments: bool,
    /// What is read from it is warned of where it is older (24 h).
    pub max_age: Duration,
    /// After so many days what is closed is not kept; it is kept where this is nothing.
    pub keep_days: Option<u32>,
}

impl MirrorSettings {
    /// So many of the requests of a window that it may make.
    #[must_use]
    pub fn requests(&self, window: u32) -> usize {
        let share = self.share.checked_mul(Decimal::from(window)).and_then(|part| part.to_usize());
        share.unwrap_or(0).max(1)
    }
}

/// `[draft]`: an optional local model for prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSettings {
    /// Where it may be found, tried in this order.
    pub urls: Vec<Url>,
    /// Its name.
    pub model: Option<String>,
    /// How long a host may take to say that it is there.
    pub find: Duration,
    /// How long a draft may take.
    pub timeout: Duration,
}

/// What a labor type is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Minutes over sixty.
    Hour,
    /// Pieces: travel, say.
    Each,
}

/// `[labor.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaborType {
    /// The name that people type.
    pub key: String,
    /// What goes on the line.
    pub product_id: ProductId,
    /// Its name on the line; the product's own when not given.
    pub name: Option<String>,
    /// A pinned price of one unit, zero for `free = true`; the product's own when not given.
    pub rate: Option<Decimal>,
    /// Hours or pieces.
    pub unit: Unit,
    /// Whether tax is added; false unless given.
    pub taxable: bool,
    /// Whether it debits prepaid hours; true unless given.
    pub prepaid: bool,
    /// How its time is rounded up; not at all unless given.
    pub rounding: Rounding,
    /// What it becomes for a customer with prepaid hours.
    pub when_prepaid: Option<WhenPrepaid>,
}

impl LaborType {
    /// Whether it is for work at unusual times: it becomes other labor for customers with prepaid hours, or is called so.
    #[must_use]
    pub fn is_emergency(&self) -> bool {
        self.when_prepaid.is_some() || names::same(&self.key, "emergency")
    }

    /// Whether a line of this product, called `name`, is meant to cost nothing: pinned at 0.00.
    #[must_use]
    pub fn is_free(types: &[Self], product: Option<ProductId>, name: &str) -> bool {
        Self::are_all(types, product, name, |one| one.rate.is_some_and(|rate| rate.is_zero()))
    }

    /// Whether a line of this product, called `name`, takes nothing from prepaid hours: `prepaid = false`.
    #[must_use]
    pub fn is_exempt(types: &[Self], product: Option<ProductId>, name: &str) -> bool {
        Self::are_all(types, product, name, |one| !one.prepaid)
    }

    /// Whether a line of this product, called `name`, is sold by the piece: its quantity is no time.
    #[must_use]
    pub fn is_by_piece(types: &[Self], product: Option<ProductId>, name: &str) -> bool {
        Self::are_all(types, product, name, |one| one.unit == Unit::Each)
    }

    /// Whether each labor type that such a line may be is one of a kind. It may be those that give it its name; where none
    /// does, all that the product is sold as.
    fn are_all(
        types: &[Self],
        product: Option<ProductId>,
        name: &str,
        is_it: impl Fn(&Self) -> bool,
    ) -> bool {
        let of_product = || types.iter().filter(|one| Some(one.product_id) == product);
        let called = |one: &&Self| one.name.as_deref().is_some_and(|own| names::same(own, name));
        let any_name = of_product().all(|one| !called(&one));
        let mut may_be = of_product().filter(|one| any_name || called(one)).peekable();
        may_be.peek().is_some() && may_be.all(is_it)
    }

    /// The one of that name.
    #[must_use]
    pub fn named<'a>(types: &'a [Self], name: &str) -> Option<&'a Self> {
        let exact = types.iter().find(|labor| labor.key == name);
        exact.or_else(|| types.iter().find(|labor| names::same(&labor.key, name)))
    }
}

/// `when_prepaid = { labor = "onsite", multiplier = "1.5" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhenPrepaid {
    /// The labor type billed instead; checked to exist.
    pub labor: String,
    /// The factor on its quantity.
    pub multiplier: Decimal,
}

impl Settings {
    /// The account's address as plans keep it, where there is one.
    #[must_use]
    pub fn base_name(&self) -> Option<String> {
        match self.sandbox_dir {
            Some(_) => Some("sandbox".to_owned()),
            None => self.base.as_ref().map(Url::to_string),
        }
    }

    /// This program as it is called for this account: practice must not lead to the real one.
    #[must_use]
    pub fn program(&self) -> String {
        program(self.sandbox_dir.is_some(), self.profile.as_deref(), self.config.as_deref())
    }

    /// Whether dates on a screen have the zone of this machine, which need not be named then.
    #[must_use]
    pub fn is_zone_of_machine(&self) -> bool {
        let machine = zones::system();
        machine
            .iana_name()
            .map_or(machine == self.timezone, |name| self.timezone.iana_name() == Some(name))
    }

    /// Where the key comes from, for people; nothing of the key itself.
    #[must_use]
    pub fn key_origin(&self) -> String {
        match &self.key {
            KeySource::Missing => "nowhere".to_owned(),
            KeySource::Given(_) if self.sandbox_dir.is_some() => "the practice server".to_owned(),
            KeySource::Given(_) if self.key_of_environment => "SYNCRO_API_KEY".to_owned(),
            KeySource::Given(_) => "api_key in the configuration".to_owned(),
            KeySource::Command(words) => {
                let program = words.first().map_or("", String::as_str);
                format!("api_key_command ({program})")
            }
            KeySource::File(path) => format!("api_key_file ({})", path.display()),
            KeySource::Keyring(entry) => {
                format!("the system's keyring ({SERVICE} {entry})")
            }
        }
    }

    /// The labor type called `key`.
    #[must_use]
    pub fn labor(&self, key: &str) -> Option<&LaborType> {
        LaborType::named(&self.labor, key)
    }

    /// Whether hours of a product come off a prepaid block.
    #[must_use]
    pub fn debits(&self, product: Option<ProductId>) -> bool {
        let mut labor = self.labor.iter();
        labor.any(|one| Some(one.product_id) == product && one.prepaid && one.unit == Unit::Hour)
    }
}
