//! From what was typed to [`Settings`]: which file and profile, whose key, which host, the defaults, and what must
//! agree with what.

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::environment::Environment;
use super::file::{File, Labor, Layer};
use super::source::nearest;
use super::subdomain::{self, API_PATH, Account};
use super::{
    BillingSettings, DraftSettings, GuardSettings, KeySource, LaborType, MirrorSettings, Overrides,
    RateLimit, ReportSettings, Settings, TicketSettings, Unit, WriteSettings, keys, paths, zones,
};
use crate::api::ApiKey;
use crate::error::{Error, Result};
use crate::private;

impl Settings {
    /// Reads file and environment and checks them. No request is made, no key command is run.
    ///
    /// # Errors
    /// Exit 10, naming file and field.
    pub fn load(overrides: &Overrides) -> Result<Self> {
        Self::load_from(overrides, &Environment::of_process()?)
    }

    /// The same, from an environment of the caller's.
    ///
    /// # Errors
    /// Exit 10, naming file and field. Also when the sandbox was asked for: practice must never meet these settings.
    pub fn load_from(overrides: &Overrides, environment: &Environment) -> Result<Self> {
        if overrides.sandbox || environment.sandbox {
            return Err(Error::configuration("--sandbox does not use the account's settings"));
        }
        let path = config_file(overrides, environment)?;
        let file = match &path {
            Some(path) => File::read(&path.display().to_string(), &read_file(path)?)?,
            None => File::default(),
        };
        let profile = overrides
            .profile
            .clone()
            .filter(|name| !name.is_empty())
            .or_else(|| environment.profile.clone());
        let over = profile
            .as_deref()
            .map(|name| file.profile(name).cloned())
            .transpose()?
            .unwrap_or_default();

        let profile_has_key = over.key.is_some();
        let layer = file.base.overlaid(over);
        check_prepaid(&layer.labor)?;
        let folder = path.as_deref().and_then(Path::parent);
        let (key, key_is_ours) = match &environment.api_key {
            Some(key) if !profile_has_key => {
                let key = keys::checked(key)
                    .map_err(|why| Error::configuration(format!("SYNCRO_API_KEY {why}")))?;
                (KeySource::Given(key), false)
            }
            _ => {
                let key = layer.key.clone().unwrap_or(KeySource::Missing);
                (expanded(key, environment, folder), true)
            }
        };
        let base = host(&layer, environment, key_is_ours && layer.key.is_some())?;

        let key_at = match &key {
            KeySource::File(path) => Some(path),
            _ if layer.key_in_file && key_is_ours => path.as_ref(),
            _ => None,
        };
        let key_warning = key_at.filter(|path| paths::others_can_read(path)).map(|path| {
            format!(
                "{} contains an API key that other users can read; run chmod 600 on it",
                path.display()
            )
        });
        let mut warnings: Vec<String> = key_warning.iter().cloned().collect();
        if !base.path().ends_with(API_PATH) {
            let name = if environment.base_url.is_some() { "SYNCRO_BASE_URL" } else { "base_url" };
            warnings.push(format!("{name} does not end in {API_PATH}, the path of Syncro's API"));
        }
        let mut settings = assemble(layer, environment, folder)?;
        settings.profile = profile;
        settings.config.clone_from(&overrides.config);
        settings.base = Some(base);
        settings.key = key;
        settings.key_of_environment = !key_is_ours;
        settings.extra_ca = environment.ssl_cert_file.clone();
        settings.warnings = warnings;
        settings.key_warning = key_warning;
        settings.file = path;
        Ok(settings)
    }

    /// The settings of the practice server: from `text`, which comes with it, and nothing of the user's own but
    /// `SYNCRO_STATE_DIR`.
    ///
    /// # Errors
    /// Exit 10 when there is no state folder or `text` is not a configuration.
    pub fn sandbox(text: &str, key: ApiKey) -> Result<Self> {
        Self::sandbox_from(text, key, &Environment::of_process()?)
    }

    /// The same, from an environment of the caller's.
    ///
    /// # Errors
    /// As for [`Settings::sandbox`].
    pub fn sandbox_from(text: &str, key: ApiKey, environment: &Environment) -> Result<Self> {
        let file = File::read("the sandbox's configuration", text)?;
        check_prepaid(&file.base.labor)?;
        let mut settings = assemble(file.base, environment, None)?;
        let sandbox = settings.state_dir.join("sandbox");
        settings.key = KeySource::Given(key);
        settings.state_dir = sandbox.join("client");
        settings.session_logs = Some(settings.state_dir.join("customers"));
        let server = sandbox.join("server");
        for folder in [&settings.state_dir, &server] {
            private::no_links(folder, 2).map_err(|error| {
                Error::configuration(format!("cannot use {}: {error}", folder.display()))
            })?;
        }
        settings.sandbox_dir = Some(server);
        Ok(settings)
    }
}

/// Whether the sandbox is asked for, by `--sandbox` or by `SYNCRO_SANDBOX`.
///
/// # Errors
/// Exit 10 when the variable is neither a yes nor a no.
pub fn sandbox_wanted(flag: bool) -> Result<bool> {
    Ok(flag || Environment::of_process()?.sandbox)
}

/// The file to read: one that was named must be there, the default one may be missing.
pub(super) fn config_file(
    overrides: &Overrides,
    environment: &Environment,
) -> Result<Option<PathBuf>> {
    let named =
        [(overrides.config.as_ref(), "--config"), (environment.config.as_ref(), "SYNCRO_CONFIG")];
    for (path, how) in named {
        if let Some(path) = path {
            let shown = path.display();
            return if path.is_file() {
                Ok(Some(path.clone()))
            } else if path.is_dir() {
                let error = format!("{shown} is a folder, not a configuration file (set by {how})");
                let inside = path.join("config.toml");
                Err(match inside.is_file() {
                    true => Error::configuration(error)
                        .hint(format!("use the file in it: {}", inside.display())),
                    false => Error::configuration(error),
                })
            } else {
                let error = format!("{shown}: no such file (set by {how})");
                Err(Error::configuration(error).next("init", "create it"))
            };
        }
    }
    Ok(environment.folders.default_config().filter(|path| path.exists()))
}

pub(super) fn read_file(path: &Path) -> Result<String> {
    let failed =
        |why: &str| Error::configuration(format!("{}: cannot be read: {why}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| failed(&error.kind().to_string()))?;
    // PowerShell 5 writes UTF-16 with `>` and `Out-File`, and the system's own letters with `Set-Content`.
    let is_utf16 =
        matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, ..]);
    let text = String::from_utf8(bytes).ok().filter(|_| !is_utf16);
    text.ok_or_else(|| {
        let name = path.display();
        let what = if is_utf16 { "it is UTF-16, not UTF-8" } else { "it is not UTF-8" };
        failed(what).hint(format!(
            "save it as UTF-8; in PowerShell: (Get-Content '{name}') | Set-Content -Encoding utf8 '{name}'"
        ))
    })
}

/// The host, and the refusal to send the configuration's key to one that the environment names: a script that can set
/// a variable could otherwise collect the key.
pub(super) fn host(
    layer: &Layer,
    environment: &Environment,
    key_is_configured: bool,
) -> Result<Url> {
    let (base, variable) = if let Some(typed) = &environment.base_url {
        (subdomain::whole_base(typed), "SYNCRO_BASE_URL")
    } else if let Some(typed) = &environment.subdomain {
        (Account::read(typed).and_then(|account| account.base()), "SYNCRO_SUBDOMAIN")
    } else if let Some(account) = &layer.account {
        return account.base().map_err(|why| Error::configuration(format!("subdomain {why}")));
    } else {
        return Err(Error::configuration("no Syncro account is set")
            .next("init", "set one up")
            .hint("or set SYNCRO_SUBDOMAIN and SYNCRO_API_KEY; --sandbox needs neither"));
    };
    let base = base.map_err(|why| Error::configuration(format!("{variable} {why}")))?;
    if key_is_configured {
        return Err(Error::configuration(format!(
            "{variable} sets the host, but the API key comes from the configuration, so it is not sent there"
        ))
        .hint(format!("also set SYNCRO_API_KEY, or unset {variable}")));
    }
    Ok(base)
}

/// A key file's path as the configuration means it.
pub(super) fn expanded(
    key: KeySource,
    environment: &Environment,
    folder: Option<&Path>,
) -> KeySource {
    match key {
        KeySource::File(path) => {
            let path = path.display().to_string();
            KeySource::File(environment.folders.expand(&path, folder))
        }
        other => other,
    }
}

/// Everything but key, host and profile, with the defaults.
pub(super) fn assemble(
    layer: Layer,
    environment: &Environment,
    folder: Option<&Path>,
) -> Result<Settings> {
    let state_dir =
        environment.state_dir.clone().or_else(|| environment.folders.default_state()).ok_or_else(
            || Error::configuration("no folder for the journal").hint("set SYNCRO_STATE_DIR"),
        )?;
    let expand = |path: String| environment.folders.expand(&path, folder);
    let layer = File::defaults()?.overlaid(layer);
    // An empty word means that nothing is to be set.
    let word = |typed: Option<String>| typed.filter(|word| !word.trim().is_empty());
    Ok(Settings {
        profile: None,
        config: None,
        base: None,
        key: KeySource::Missing,
        key_of_environment: false,
        auth: given(layer.auth)?,
        user: layer.user,
        ca_file: layer.ca_file.map(expand),
        extra_ca: None,
        timezone: layer.timezone.unwrap_or_else(zones::system),
        session_logs: layer.session_logs.map(expand),
        rate: RateLimit { requests: given(layer.requests)?, per: given(layer.per_seconds)? },
        write: WriteSettings {
            timeout: given(layer.timeout)?,
            settle: given(layer.settle)?,
            resend_after: given(layer.resend_after)?,
            fresh: given(layer.fresh)?,
        },
        tickets: TicketSettings {
            closed: given(layer.closed)?,
            after_bill: word(layer.after_bill),
            after_close: word(layer.after_close),
            priority: word(layer.priority),
        },
        labor: layer.labor.into_iter().map(|labor| labor.meaning).collect(),
        billing: BillingSettings { log_time: given(layer.log_time)? },
        reports: ReportSettings {
            prepaid_low: given(layer.prepaid_low)?,
            day_hours: given(layer.day_hours)?,
        },
        mirror: MirrorSettings {
            share: given(layer.mirror_share)?,
            comments: given(layer.mirror_comments)?,
            max_age: given(layer.mirror_max_age)?,
            keep_days: layer.mirror_keep_days,
        },
        guards: GuardSettings {
            large_hours: given(layer.large_hours)?,
            large_amount: given(layer.large_amount)?,
        },
        draft: DraftSettings {
            urls: given(layer.draft_urls)?,
            model: layer.draft_model,
            find: Duration::from_secs(2),
            timeout: given(layer.draft_timeout)?,
        },
        state_dir,
        sandbox_dir: None,
        warnings: Vec::new(),
        key_warning: None,
        file: None,
    })
}

/// A value that has a default.
fn given<T>(value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::configuration("a setting has no default"))
}

/// Whatever labor becomes for prepaid hours must be plain labor by the hour, or its meaning would be a chain.
pub(super) fn check_prepaid(labors: &[Labor]) -> Result<()> {
    let find = |key: &str| -> Option<&LaborType> {
        labors.iter().map(|labor| &labor.meaning).find(|labor| labor.key == key)
    };
    for labor in labors {
        let Some(rule) = &labor.meaning.when_prepaid else {
            continue;
        };
        let refuse = |why: String| {
            let key = &rule.labor;
            Error::configuration(format!("{}: labor {key:?} {why}", labor.when_prepaid_at))
        };
        match find(&rule.labor) {
            None => {
                let keys: Vec<&str> =
                    labors.iter().map(|labor| labor.meaning.key.as_str()).collect();
                let error = refuse("does not exist".to_owned());
                return Err(match nearest(&rule.labor, &keys) {
                    Some(near) => error.hint(format!("did you mean {near:?}?")),
                    None => error,
                });
            }
            Some(base) if base.unit != Unit::Hour => {
                return Err(refuse("is not billed by the hour".to_owned()));
            }
            Some(base) if base.when_prepaid.is_some() => {
                return Err(refuse("has a when_prepaid of its own".to_owned()));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
