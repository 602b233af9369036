//! The key while it is set up: where it comes from, whether Syncro takes it, and where it is kept.

use std::path::{Path, PathBuf};

use url::Url;

use super::labor;
use super::scene::{Facts, KeyStore, Scene};
use crate::account::AccountFacts;
use crate::api::resources::{settings, users};
use crate::api::{ApiKey, Error as ApiError};
use crate::billing::currency;
use crate::config::edit::KeyPlace;
use crate::config::existing::key_of;
use crate::config::subdomain::Account;
use crate::config::{KeySource, keyring, store, zones};
use crate::error::{Error, Kind, Result};

/// How often a person may mistype.
const TRIES: usize = 3;

/// Where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Typed,
    Given,
    Environment,
    Command(Vec<String>),
    /// The configuration has it already.
    Known,
}

/// A key that Syncro has taken.
pub(super) struct Taken {
    key: ApiKey,
    origin: Origin,
}

/// What becomes of the key.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    key: ApiKey,
    /// What the configuration is to say; `None` leaves it as it is.
    pub(super) place: Option<KeyPlace>,
    /// The file that is to be written.
    pub(super) file: Option<PathBuf>,
    /// Whether the file has another key in it.
    pub(super) is_another: bool,
    /// Whether a file will do where the keyring does not.
    may_fall_back: bool,
    name: String,
}

/// Finds a key and has Syncro say whose it is; a person may try again.
pub(super) async fn obtain(
    scene: &Scene<'_>,
    account: &Account,
    base: &Url,
) -> Result<(Taken, Facts)> {
    for left in (0..TRIES).rev() {
        let taken = find(scene, account).await?;
        match ask(scene, base, &taken.key).await {
            Ok(facts) => return Ok((taken, facts)),
            Err(Trial::Refused(error)) if taken.origin == Origin::Typed && left > 0 => {
                scene.start.ui.warn(&error.message);
            }
            Err(Trial::Refused(error) | Trial::Failed(error)) => {
                return Err(error.nothing_written());
            }
        }
    }
    Err(Error::new(Kind::NotAuthorised, "Syncro accepted none of the keys").nothing_written())
}

/// Why Syncro told nothing.
enum Trial {
    Refused(Error),
    Failed(Error),
}

async fn find(scene: &Scene<'_>, account: &Account) -> Result<Taken> {
    let args = scene.args;
    let taken = |key, origin| Taken { key, origin };
    if let Some(path) = &args.key_file {
        return given(scene, path).map(|key| taken(key, Origin::Given));
    }
    if let Some(command) = &args.key_command {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let key = read(KeySource::Command(words.clone())).await?;
        return Ok(taken(key, Origin::Command(words)));
    }
    if let Some(text) = &scene.environment.api_key {
        let key = key_of(text.as_bytes())
            .map_err(|why| Error::configuration(format!("SYNCRO_API_KEY {why}")))?;
        return Ok(taken(key, Origin::Environment));
    }
    if let Some(known) = scene.before.key_for(account, &scene.environment) {
        match read(known).await {
            Ok(key) => return Ok(taken(key, Origin::Known)),
            // Perhaps that is why it is set up again.
            Err(error) if scene.asks => scene.start.ui.warn(&error.message),
            Err(error) => return Err(error),
        }
    }
    if !scene.asks {
        return Err(Error::usage("the API key is missing").hint(
            "use --key-file FILE (- for stdin), or set SYNCRO_API_KEY; create keys in Syncro under Admin > API Tokens",
        ));
    }
    let typed = scene.start.blocking(|ui| {
        ui.secret("API key (Admin > API Tokens in Syncro; not shown as you type)", |typed| {
            key_of(typed.as_bytes()).map_err(|why| format!("the key {why}"))
        })
    });
    Ok(taken(typed.await?, Origin::Typed))
}

/// Key sources may run programs.
async fn read(source: KeySource) -> Result<ApiKey> {
    let read = tokio::task::spawn_blocking(move || source.read()).await;
    read.map_err(|error| Error::new(Kind::Failure, format!("cannot get the key: {error}")))?
}

/// From `--key-file`.
fn given(scene: &Scene<'_>, path: &Path) -> Result<ApiKey> {
    let (name, bytes) = if path == Path::new("-") {
        ("stdin".to_owned(), scene.start.ui.piped()?)
    } else {
        let name = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| Error::usage(format!("--key-file {name}: {}", cause(&error))))?;
        (name, bytes)
    };
    key_of(&bytes).map_err(|why| Error::usage(format!("--key-file: {name} {why}")))
}

fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => format!("cannot be read: {kind}"),
    }
}

/// Whose it is, and what else is of use, all at once.
async fn ask(scene: &Scene<'_>, base: &Url, key: &ApiKey) -> Result<Facts, Trial> {
    let settings = scene
        .before
        .settings(&scene.environment, base.clone(), key.clone())
        .map_err(Trial::Failed)?;
    let reader = scene.start.context(settings).reader();
    let reader = reader.map_err(Trial::Failed)?;
    scene.start.ui.status("asking Syncro");
    let (me, account, products) = tokio::join!(
        reader.get(users::me()),
        reader.get(settings::account().once()),
        labor::search(&reader),
    );
    scene.start.ui.clear_status();
    let me = me.map_err(|error| {
        let is_refusal = matches!(error, ApiError::NotAuthorised { .. });
        let error = Error::from(error);
        if is_refusal { Trial::Refused(error) } else { Trial::Failed(error) }
    })?;
    // Both only spare typing: without them more is asked.
    let account = account.map(|settings| AccountFacts::of(&settings)).unwrap_or_default();
    if let Some(currency) = account.currency() {
        currency::set(currency);
    }
    let zone = Some(account.locale.time_zone).filter(|zone| zones::named(zone).is_ok());
    let products = products.unwrap_or_else(|error| {
        scene.start.ui.warn(&format!("cannot list the account's labor products: {error}"));
        Vec::new()
    });
    Ok(Facts { reader, me, zone, products })
}

impl Taken {
    /// Decides where it is kept; nothing is written yet.
    pub(super) fn keep(self, scene: &Scene<'_>, account: &Account) -> Result<Kept> {
        let name = store::entry_name(&account.name(), scene.before.profile.as_deref());
        let wanted = scene.args.key_store;
        let mut kept = Kept {
            key: self.key,
            place: None,
            file: None,
            is_another: false,
            may_fall_back: wanted.is_none(),
            name,
        };
        match (self.origin, wanted) {
            (Origin::Command(words), _) => kept.place = Some(KeyPlace::Command(words)),
            (Origin::Known, None) | (Origin::Environment, Some(KeyStore::None)) => {}
            (_, Some(KeyStore::None)) => {
                return Err(Error::usage(
                    "--key-store none needs the key in SYNCRO_API_KEY, which is not set",
                ));
            }
            (_, Some(KeyStore::Keyring)) => {
                keyring::usable().map_err(|why| {
                    Error::usage(why).hint(
                        "use --key-store file to keep the key in a file that only you can read",
                    )
                })?;
                kept.in_keyring();
            }
            (_, None) if keyring::usable().is_ok() => kept.in_keyring(),
            (_, _) => kept.in_file(&scene.before.path),
        }
        Ok(kept)
    }
}

impl Kept {
    fn in_keyring(&mut self) {
        self.place = Some(KeyPlace::Keyring(self.name.clone()));
    }

    fn in_file(&mut self, configuration: &Path) {
        let name = format!("{}.key", self.name);
        let path = configuration.with_file_name(&name);
        // One that cannot be read is not known to be the same.
        self.is_another = path.exists()
            && !KeySource::File(path.clone())
                .read()
                .is_ok_and(|old| store::same_key(&old, &self.key));
        self.place = Some(KeyPlace::File(name));
        self.file = Some(path);
    }

    /// Stores the key: in a file where the keyring fails and nobody has insisted on it.
    pub(super) fn write(&mut self, scene: &Scene<'_>) -> Result<()> {
        if let Some(KeyPlace::Keyring(entry)) = &self.place {
            match store::write_keyring(entry, &self.key) {
                Ok(()) => return Ok(()),
                Err(why) if self.may_fall_back => {
                    self.in_file(&scene.before.path);
                    scene.start.ui.warn(&format!("{why}; storing the key in a file instead"));
                    if self.is_another && !scene.args.force {
                        return Err(Error::refused("the key file contains another key")
                            .nothing_written()
                            .hint("use --force to replace it"));
                    }
                }
                Err(why) => {
                    return Err(Error::configuration(why).nothing_written().hint(
                        "use --key-store file to keep the key in a file that only you can read",
                    ));
                }
            }
        }
        match &self.file {
            Some(path) => store::write_key_file(path, &self.key),
            None => Ok(()),
        }
    }

    /// Where it is kept, for people.
    pub(super) fn says(&self) -> String {
        match (&self.place, &self.file) {
            (Some(KeyPlace::Command(words)), _) => {
                // What is said to it may be the key.
                format!("printed by {}", words.first().map_or("", String::as_str))
            }
            (Some(KeyPlace::Keyring(entry)), _) => {
                format!("in the system's keyring ({} {entry})", keyring::SERVICE)
            }
            (Some(KeyPlace::File(_)), Some(path)) => {
                let whom = if cfg!(unix) {
                    "readable only by you"
                } else {
                    "with the permissions of its folder"
                };
                format!("in {}, {whom}", path.display())
            }
            _ => "unchanged".to_owned(),
        }
    }

    /// The same as a word, for `--json`.
    pub(super) const fn word(&self) -> &'static str {
        match &self.place {
            Some(KeyPlace::Command(_)) => "command",
            Some(KeyPlace::Keyring(_)) => "keyring",
            Some(KeyPlace::File(_)) => "file",
            None => "unchanged",
        }
    }
}
