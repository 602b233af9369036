//! The rules of the configuration, each told by an invented office's file.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod address;
mod windows;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rust_decimal::Decimal;
use url::Url;

use super::paths::Folders;
use super::*;
use crate::api::ApiKey;
use crate::api::ids::ProductId;
use crate::error::{Error, Result};

/// An office of its own: a folder for the configuration, an environment to change.
struct Office {
    folder: tempfile::TempDir,
    environment: Environment,
    overrides: Overrides,
}

impl Office {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let environment = Environment {
            folders: Folders {
                home: Some(path("home")),
                config: Some(path("config")),
                state: Some(path("state")),
            },
            ..Environment::default()
        };
        std::fs::create_dir_all(path("config/syncro")).unwrap();
        std::fs::write(path("config/syncro/config.toml"), text).unwrap();
        Self { folder, environment, overrides: Overrides::default() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("config").join("syncro").join("config.toml")
    }

    fn load(&self) -> Result<Settings> {
        Settings::load_from(&self.overrides, &self.environment)
    }

    fn error(&self) -> Error {
        let error = self.load().unwrap_err();
        assert_eq!(error.kind.exit_code(), 10, "{error:?}");
        error
    }
}

fn settings(text: &str) -> Settings {
    Office::new(text).load().unwrap()
}

fn hints(error: &Error) -> Vec<String> {
    error.hint_lines().collect()
}

/// The message, without the folder that the test made.
fn complaint(text: &str) -> String {
    let office = Office::new(text);
    let error = office.error();
    let all = [vec![error.to_string()], hints(&error)].concat().join(" | ");
    all.replace(&office.file().display().to_string(), "config.toml")
}

fn is_given(settings: &Settings) -> bool {
    matches!(settings.key, KeySource::Given(_))
}

const PLAIN: &str = "subdomain = \"acme\"\napi_key_command = [\"pass\", \"syncro\"]\n";

#[test]
fn a_short_file_gets_the_contracts_defaults() {
    let settings = settings(PLAIN);
    assert_eq!(settings.base.as_ref().map(Url::as_str), Some("https://acme.syncromsp.com/api/v1"));
    assert!(matches!(&settings.key, KeySource::Command(words) if words == &["pass", "syncro"]));
    assert_eq!(settings.rate.requests, 180);
    assert_eq!(settings.rate.per, Duration::from_secs(60));
    assert_eq!(settings.write.timeout, Duration::from_secs(30));
    assert_eq!(settings.write.settle, Duration::from_secs(10));
    assert_eq!(settings.write.resend_after, Duration::from_secs(120));
    assert_eq!(settings.write.fresh, Duration::from_secs(5));
    assert_eq!(settings.tickets.closed, ["Resolved", "Invoiced", "Closed"]);
    assert_eq!(settings.tickets.after_bill.as_deref(), Some("Invoiced"));
    assert_eq!(settings.guards.large_hours, Decimal::from(12));
    assert_eq!(settings.guards.large_amount, Decimal::from(5000));
    assert!(settings.labor.is_empty() && settings.warnings.is_empty());
    assert!(settings.state_dir.ends_with("state/syncro"));
}

#[test]
fn labor_keeps_the_files_order_and_its_defaults() {
    let settings = settings(&format!(
        "{PLAIN}\
         [labor.remote]\nproduct_id = 9001\nname = \"Labor - Remote\"\nrate = \"120.00\"\n\
         [labor.emergency]\nproduct_id = 9003\n\
         when_prepaid = {{ labor = \"onsite\", multiplier = \"1.5\" }}\n\
         [labor.onsite]\nproduct_id = 9002\nrate = 95\ntaxable = true\n\
         [labor.travel]\nproduct_id = 9005\nunit = \"each\"\nprepaid = false\n\
         [labor.warranty]\nproduct_id = 9006\nfree = true\n"
    ));
    let keys: Vec<_> = settings.labor.iter().map(|labor| labor.key.as_str()).collect();
    assert_eq!(keys, ["remote", "emergency", "onsite", "travel", "warranty"]);
    let remote = settings.labor("remote").unwrap();
    assert_eq!(remote.rate, Some(Decimal::new(12000, 2)));
    assert!(remote.prepaid && !remote.taxable && remote.unit == Unit::Hour);
    let rule = settings.labor("emergency").unwrap().when_prepaid.clone();
    assert_eq!(rule.unwrap().multiplier, Decimal::new(15, 1));
    assert_eq!(settings.labor("onsite").unwrap().rate, Some(Decimal::from(95)));
    assert_eq!(settings.labor("travel").unwrap().unit, Unit::Each);
    assert_eq!(settings.labor("warranty").unwrap().rate, Some(Decimal::ZERO));
    let free =
        |product: Option<u64>| LaborType::is_free(&settings.labor, product.map(ProductId), "");
    assert!(free(Some(9006)) && !free(Some(9001)) && !free(Some(9)) && !free(None));
}

#[test]
fn mistakes_name_file_line_and_field() {
    for (text, expected) in [
        (
            "subdomain = \"acme\"\n[tikets]\n",
            "config.toml:2: tikets is not a setting | did you mean `tickets`?",
        ),
        (
            "subdomain = \"acme\"\n\n[labor.remote]\ncolour = 1\n",
            "config.toml:4: labor.remote.colour is not a setting | known settings: product_id, name, rate, free, \
             unit, minimum, increment, taxable, prepaid, when_prepaid",
        ),
        (
            "[labor.remote]\nproduct_id = 1\nminimum = \"soon\"\n",
            "config.toml:3: labor.remote.minimum must be whole minutes, at most a day, like \"15m\"",
        ),
        (
            "[labor.remote]\nproduct_id = 1\nincrement = \"1.33h\"\n",
            "config.toml:3: labor.remote.increment must be whole minutes, at most a day, like \"15m\"",
        ),
        (
            "[labor.remote]\nproduct_id = 1\nunit = \"each\"\nincrement = \"15m\"\n",
            "config.toml:4: labor.remote.increment applies only to hourly labor",
        ),
        (
            "[labor.remote]\nproduct_id = 1\nrate = \"9\"\nfree = true\n",
            "config.toml:1: labor.remote has a rate and is free: remove one of the two",
        ),
        ("subdomain = 5\n", "config.toml:1: subdomain must be a string; this integer is not"),
        (
            "[labor.remote]\nproduct_id = 1\nrate = 120.5\n",
            "config.toml:3: labor.remote.rate is a bare fraction; use a string, like \"1.50\"",
        ),
        (
            "[labor.remote]\nproduct_id = 1\nrate = \"1e3\"\n",
            "config.toml:3: labor.remote.rate must be a decimal as a string, like \"1.50\"; this string is not",
        ),
        (
            "[labor.remote]\nproduct_id = 1\nrate = \"-1\"\n",
            "config.toml:3: labor.remote.rate must be between 0 and 1000000",
        ),
        (
            "[labor.Remote]\nproduct_id = 1\n",
            "config.toml:1: labor.Remote must be lowercase letters, digits, - and _",
        ),
        ("[labor.remote]\n", "config.toml:1: labor.remote needs a product_id"),
        (
            "[rate_limit]\nrequests = 0\n",
            "config.toml:2: rate_limit.requests must be between 1 and 100000",
        ),
        (
            "[billing]\nlog_time = \"yes\"\n",
            "config.toml:2: billing.log_time must be \"off\" or \"charge\"",
        ),
        (
            "[write]\nfresh_seconds = 6\n",
            "config.toml:2: write.fresh_seconds must be more than 0 and at most 5 seconds",
        ),
        (
            "[write]\nsettle_seconds = \"0\"\n",
            "config.toml:2: write.settle_seconds must be more than 0 and at most 600 seconds",
        ),
        (
            "[write]\ntimeout_seconds = true\n",
            "config.toml:2: write.timeout_seconds must be a number of seconds; this boolean is not",
        ),
        (
            "timezone = \"Europe/Olso\"\n",
            "config.toml:1: timezone is not a time zone; use one like \"Europe/Oslo\" | did you mean \
             \"Europe/Oslo\"?",
        ),
        ("auth = \"basic\"\n", "config.toml:1: auth must be \"query\" or \"bearer\""),
        (
            "api_key = \"T1\"\napi_key_command = [\"pass\"]\n",
            "config.toml:2: api_key_command conflicts with api_key; keep one of them",
        ),
        (
            "api_key_keyring = \"acme\"\napi_key_file = \"acme.key\"\n",
            "config.toml:1: api_key_keyring conflicts with api_key_file; keep one of them",
        ),
        ("api_key_file = \" \"\n", "config.toml:1: api_key_file is empty"),
        ("api_key_command = []\n", "config.toml:1: api_key_command is empty"),
        (
            "[profiles.sam.profiles.x]\n",
            "config.toml:1: profiles.sam.profiles is not allowed inside a profile",
        ),
    ] {
        assert_eq!(complaint(text), expected);
    }
}

#[test]
fn no_mistake_shows_the_key() {
    for text in [
        "api_key = \"T-secret\n",
        "api_key = T-secret\n",
        "api_key = 5443221\n",
        "api_key = \"T-secret two\"\n",
        "api_key = [\"T-secret\"]\n",
        "api_key_command = \"T-secret\"\n",
        "api_kye = \"T-secret\"\n",
        "api_key = \"T-secret\" x\n",
    ] {
        let shown = complaint(text);
        assert!(!shown.contains("T-secret") && !shown.contains("5443221"), "{shown}");
    }
    let office = Office::new("subdomain = \"acme\"\napi_key = \"T-secret\"\n");
    assert!(!format!("{:?}", office.load().unwrap()).contains("T-secret"));
}

#[test]
fn prepaid_rules_must_lead_to_plain_hourly_labor() {
    let rule = |target: &str, rest: &str| {
        complaint(&format!(
            "[labor.emergency]\nproduct_id = 1\n\
             when_prepaid = {{ labor = \"{target}\", multiplier = \"1.5\" }}\n{rest}"
        ))
    };
    let at = "config.toml:3: labor.emergency.when_prepaid: labor";
    assert_eq!(
        rule("onsit", "[labor.onsite]\nproduct_id = 2\n"),
        format!("{at} \"onsit\" does not exist | did you mean \"onsite\"?")
    );
    assert_eq!(
        rule("travel", "[labor.travel]\nproduct_id = 2\nunit = \"each\"\n"),
        format!("{at} \"travel\" is not billed by the hour")
    );
    assert_eq!(rule("emergency", ""), format!("{at} \"emergency\" has a when_prepaid of its own"));
}

const PROFILES: &str = "
subdomain = \"acme\"
api_key = \"T-default\"
user = \"kim@example.com\"
[rate_limit]
requests = 100
per_seconds = \"0.5\"
[tickets]
closed = [\"Done\"]
after_bill = \"\"
[labor.remote]
product_id = 1
rate = \"10\"
[labor.onsite]
product_id = 2
[profiles.sam]
api_key_command = [\"pass\", \"sam\"]
user = \"sam@example.com\"
[profiles.sam.rate_limit]
requests = 50
[profiles.sam.labor.remote]
product_id = 7
[profiles.guest]
user = \"guest@example.com\"
";

#[test]
fn a_profile_is_laid_over_the_file() {
    let mut office = Office::new(PROFILES);
    office.environment.profile = Some("sam".to_owned());
    let settings = office.load().unwrap();
    assert_eq!(settings.profile.as_deref(), Some("sam"));
    assert_eq!(settings.user.as_deref(), Some("sam@example.com"));
    assert_eq!(settings.rate.requests, 50);
    assert_eq!(settings.rate.per, Duration::from_millis(500));
    assert_eq!(settings.tickets.closed, ["Done"]);
    assert_eq!(settings.tickets.after_bill, None);
    let keys: Vec<_> = settings.labor.iter().map(|labor| labor.key.as_str()).collect();
    assert_eq!(keys, ["remote", "onsite"]);
    let remote = settings.labor("remote").unwrap();
    assert_eq!((remote.product_id.0, remote.rate), (7, None));
    assert!(matches!(settings.key, KeySource::Command(_)));

    // The flag wins over the variable; an unknown name is an error with a suggestion.
    office.overrides.profile = Some("guest".to_owned());
    assert!(is_given(&office.load().unwrap()));
    office.overrides.profile = Some("smm".to_owned());
    assert_eq!(hints(&office.error()), ["did you mean \"sam\"?"]);
}

#[test]
fn the_environments_key_wins_but_not_over_a_named_profiles() {
    let mut office = Office::new(PROFILES);
    office.environment.api_key = Some("T-environment".to_owned());
    assert!(is_given(&office.load().unwrap()));
    office.overrides.profile = Some("sam".to_owned());
    assert!(matches!(office.load().unwrap().key, KeySource::Command(_)));
    office.environment.api_key = Some("two words".to_owned());
    office.overrides.profile = Some("guest".to_owned());
    assert_eq!(office.error().message, "SYNCRO_API_KEY contains something that is not an API key");
}

#[test]
fn no_way_to_a_configured_key_leads_to_the_environments_host() {
    for source in [
        "api_key = \"T1\"",
        "api_key_command = [\"pass\"]",
        "api_key_file = \"acme.key\"",
        "api_key_keyring = \"acme\"",
    ] {
        let mut office = Office::new(&format!("subdomain = \"acme\"\n{source}\n"));
        assert!(office.load().is_ok(), "{source}");
        office.environment.subdomain = Some("evil".to_owned());
        let error = office.error();
        assert!(error.message.contains("is not sent there"), "{error}");
    }
}

#[test]
fn a_key_file_lies_beside_the_configuration() {
    let office = Office::new("subdomain = \"acme\"\napi_key_file = \"acme.key\"\n");
    let beside = office.folder.path().join("config/syncro/acme.key");
    std::fs::write(&beside, "T-secret\n").unwrap();
    let settings = office.load().unwrap();
    assert!(matches!(&settings.key, KeySource::File(path) if *path == beside));
    assert!(settings.key.read().is_ok());
    assert!(settings.key_origin().contains("acme.key"));
    let home = Office::new("subdomain = \"acme\"\napi_key_file = \"~/acme.key\"\n");
    let expected = home.folder.path().join("home/acme.key");
    assert!(matches!(home.load().unwrap().key, KeySource::File(path) if path == expected));
}

#[test]
fn a_base_without_the_apis_path_is_pointed_out() {
    let mut office = Office::new("");
    office.environment.api_key = Some("T1".to_owned());
    for (base, warned) in
        [("https://acme.syncromsp.com", 1), ("https://acme.syncromsp.com/api/v1/", 0)]
    {
        office.environment.base_url = Some(base.to_owned());
        assert_eq!(office.load().unwrap().warnings.len(), warned, "{base}");
    }
}

#[test]
fn a_folder_is_no_configuration() {
    let mut office = Office::new(PLAIN);
    office.overrides.config = office.file().parent().map(Path::to_owned);
    let error = office.error();
    assert!(error.message.contains("is a folder"), "{error}");
    assert!(hints(&error)[0].ends_with("config.toml"), "{error:?}");
}

#[test]
fn the_configurations_key_is_not_sent_to_the_environments_host() {
    for set in [
        (|environment| environment.subdomain = Some("evil".to_owned())) as fn(&mut Environment),
        |environment| environment.base_url = Some("http://127.0.0.1:9/api/v1".to_owned()),
    ] {
        let mut office = Office::new(PROFILES);
        set(&mut office.environment);
        assert!(office.error().message.contains("is not sent there"));
        office.environment.api_key = Some("T-environment".to_owned());
        assert!(office.load().is_ok());
        // The named profile's key would be used: it is the configuration's too.
        office.overrides.profile = Some("sam".to_owned());
        assert!(office.error().message.contains("is not sent there"));
    }
}

#[test]
fn the_environment_suffices_without_a_file() {
    let mut office = Office::new("");
    std::fs::remove_file(office.file()).unwrap();
    assert!(hints(&office.error())[1].contains("--sandbox"));
    office.environment.subdomain = Some("acme".to_owned());
    let settings = office.load().unwrap();
    assert!(matches!(settings.key, KeySource::Missing));
    assert_eq!(settings.file, None);
    office.environment.api_key = Some("T1".to_owned());
    assert!(is_given(&office.load().unwrap()));
    office.environment.state_dir = Some(PathBuf::from("/srv/state"));
    assert_eq!(office.load().unwrap().state_dir, Path::new("/srv/state"));
}

#[test]
fn a_named_file_must_be_there() {
    let mut office = Office::new(PLAIN);
    let missing = office.folder.path().join("other.toml");
    office.environment.config = Some(missing.clone());
    assert!(office.error().message.ends_with("no such file (set by SYNCRO_CONFIG)"));
    office.overrides.config = Some(office.file());
    assert!(office.load().is_ok());
    office.overrides.config = Some(missing);
    assert!(office.error().message.ends_with("no such file (set by --config)"));
}

#[test]
fn paths_are_expanded() {
    let office =
        Office::new(&format!("{PLAIN}ca_file = \"office-ca.pem\"\nsession_logs = \"~/clients\"\n"));
    let settings = office.load().unwrap();
    let folder = office.folder.path();
    assert_eq!(settings.ca_file, Some(folder.join("config/syncro/office-ca.pem")));
    assert_eq!(settings.session_logs, Some(folder.join("home/clients")));
}

#[test]
fn windows_files_are_read_too() {
    let text =
        format!("\u{feff}{PLAIN}[draft]\nurls = [\"http://localhost:11434\"]\nmodel = \"m\"\n");
    let settings = settings(&text.replace('\n', "\r\n"));
    assert_eq!(settings.draft.model.as_deref(), Some("m"));
    assert_eq!(settings.draft.urls.len(), 1);
}

#[test]
fn drafts_have_a_minute_unless_the_file_says_otherwise() {
    let timeout = |more: &str| settings(&format!("{PLAIN}[draft]\n{more}\n")).draft.timeout;
    assert_eq!(timeout(""), Duration::from_secs(60));
    assert_eq!(timeout("timeout_seconds = 90"), Duration::from_secs(90));
}

#[cfg(unix)]
#[test]
fn a_readable_key_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::new("subdomain = \"acme\"\napi_key = \"T1\"\n");
    let set = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(office.file(), permissions).unwrap();
    };
    set(0o644);
    assert_eq!(office.load().unwrap().warnings.len(), 1);
    set(0o600);
    assert!(office.load().unwrap().warnings.is_empty());
    let office = Office::new("subdomain = \"acme\"\napi_key_file = \"../acme.key\"\n");
    let key = office.folder.path().join("config/acme.key");
    std::fs::write(&key, "T1").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(office.load().unwrap().warnings[0].contains("acme.key"));
}

#[test]
fn the_sandbox_knows_nothing_of_the_user() {
    let mut office = Office::new("this is not TOML");
    office.environment.api_key = Some("T-live".to_owned());
    office.environment.base_url = Some("https://acme.syncromsp.com/api/v1".to_owned());
    let text = "[rate_limit]\nrequests = 1000\n[labor.remote]\nproduct_id = 1\n";
    let settings =
        Settings::sandbox_from(text, ApiKey::new("practice"), &office.environment).unwrap();
    assert_eq!(settings.base, None);
    assert_eq!(settings.rate.requests, 1000);
    assert!(settings.state_dir.ends_with("state/syncro/sandbox/client"));
    assert!(settings.session_logs.unwrap().starts_with(settings.state_dir));
    assert!(settings.sandbox_dir.unwrap().ends_with("state/syncro/sandbox/server"));
    // And whoever asks for live settings while practising gets none.
    office.environment.sandbox = true;
    assert!(office.error().message.contains("sandbox"));
}
