//! What `init` is told on the command line, and what its steps know together.

use std::path::PathBuf;
use std::str::FromStr;

use crate::api::Reader;
use crate::api::Record;
use crate::api::ids::ProductId;
use crate::api::resources::products::Product;
use crate::api::resources::users::Me;
use crate::config::{Environment, Existing, Unit, is_labor_name};
use crate::context::Start;

/// Set up account, API key and labor types
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro init
  syncro init --profile sam
  syncro init --dry-run
  pass show syncro | syncro init --subdomain acme --key-file - --yes
  syncro init --subdomain acme --key-command \"pass show syncro\" --yes

The key is typed where nobody sees it, or comes from a file, stdin, SYNCRO_API_KEY or a command; never from the \
command line itself, which the shell keeps. What is there already is not replaced without a yes (in a script: \
--force), and comments stay.")]
pub struct InitArgs {
    /// Account name: acme for acme.syncromsp.com; the full address also works, as acme.repairshopr.com
    #[arg(long, value_name = "NAME")]
    pub(super) subdomain: Option<String>,
    /// Read the API key from the first line of a file; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "key_command")]
    pub(super) key_file: Option<PathBuf>,
    /// Command that prints the key; split at spaces and run without a shell
    #[arg(long, value_name = "COMMAND", conflicts_with = "key_store")]
    pub(super) key_command: Option<String>,
    /// Where to store the key [default: keyring on Windows and macOS, file elsewhere]
    #[arg(long, value_name = "WHERE")]
    pub(super) key_store: Option<KeyStore>,
    /// User the key must belong to: email or name [default: the key's user]
    #[arg(long, value_name = "LOGIN")]
    pub(super) user: Option<String>,
    /// Labor type: NAME=PRODUCT_ID, or NAME=PRODUCT_ID:each if billed by unit; repeatable
    #[arg(long, value_name = "TYPE")]
    pub(super) labor: Vec<LaborFlag>,
    /// Do not set up labor types
    #[arg(long, conflicts_with = "labor")]
    pub(super) no_labor: bool,
    /// Time zone for all dates, such as Europe/Oslo [default: the system's]
    #[arg(long, value_name = "ZONE")]
    pub(super) timezone: Option<String>,
    /// Folder for session logs
    #[arg(long, value_name = "DIR")]
    pub(super) session_logs: Option<String>,
    /// Replace existing settings
    #[arg(long)]
    pub(super) force: bool,
}

/// Where a key can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum KeyStore {
    /// System keyring (Windows, macOS)
    Keyring,
    /// File next to the configuration that only you can read
    File,
    /// Do not store the key; keep using SYNCRO_API_KEY
    None,
}

/// `--labor NAME=PRODUCT_ID[:each]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LaborFlag {
    pub(super) key: String,
    pub(super) product_id: ProductId,
    pub(super) unit: Unit,
}

impl FromStr for LaborFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, rest) = text.split_once('=').ok_or("use NAME=PRODUCT_ID, like remote=9001")?;
        let (id, unit) = match rest.split_once(':') {
            None | Some((_, "hour")) => (rest.trim_end_matches(":hour"), Unit::Hour),
            Some((id, "each")) => (id, Unit::Each),
            Some(_) => return Err("use only :each after the product id".to_owned()),
        };
        let id: u64 = id
            .parse()
            .ok()
            .filter(|id| (1..=i64::MAX.unsigned_abs()).contains(id))
            .ok_or("use the product id, a number")?;
        Ok(Self { key: checked(key)?, product_id: ProductId(id), unit })
    }
}

/// A labor type's name, if it is one.
///
/// # Errors
/// What to type instead.
pub(super) fn checked(key: &str) -> Result<String, String> {
    if is_labor_name(key) {
        Ok(key.to_owned())
    } else {
        Err("use lowercase letters, digits, - and _ for a labor type".to_owned())
    }
}

/// What is known before anything is asked.
pub(super) struct Scene<'a> {
    pub(super) start: &'a Start,
    pub(super) args: &'a InitArgs,
    pub(super) environment: Environment,
    pub(super) before: Existing,
    /// Whether a person can be asked.
    pub(super) asks: bool,
}

/// What Syncro told.
pub(super) struct Facts {
    pub(super) reader: Reader,
    pub(super) me: Record<Me>,
    /// The account's zone, if it is one.
    pub(super) zone: Option<String>,
    /// Labor, and what is billed like it.
    pub(super) products: Vec<Record<Product>>,
}
