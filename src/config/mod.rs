//! Settings: what was typed (`source`, `file`, `environment`), then what it means (`resolve`, `Settings`). Reading a
//! key may run a command (`keys`), so it happens only when the first request needs it.

pub mod change;
pub mod edit;
pub mod environment;
pub mod existing;
mod file;
pub mod keyring;
mod keys;
pub mod known;
pub mod layers;
mod lock;
pub mod paths;
mod resolve;
mod settings;
mod source;
pub mod store;
pub mod subdomain;
#[cfg(test)]
mod tests;
pub mod zones;

pub use environment::Environment;
pub use existing::Existing;
pub use known::is_labor_name;
pub use resolve::sandbox_wanted;
pub use settings::{
    BillingSettings, DraftSettings, GuardSettings, KeySource, LaborType, LogTime, MirrorSettings,
    Overrides, RateLimit, ReportSettings, Settings, TicketSettings, Unit, WhenPrepaid,
    WriteSettings,
};
