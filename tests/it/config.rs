//! The example configuration is a configuration, and shows every setting there is.

use syncro::config::known::SETTINGS;
use syncro::config::paths::Folders;
use syncro::config::{Environment, KeySource, Overrides, Settings};

const EXAMPLE: &str = include_str!("../../config.example.toml");

/// The example as it is, or with what is turned off in it turned on: all but the other ways to name account and key.
fn load(all: bool, profile: Option<&str>) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let turned_on = |line: &str| {
        let setting = line.strip_prefix("# ").unwrap_or(line);
        let is_setting = setting.starts_with('[')
            || setting.split_once(" = ").is_some_and(|(name, _)| !name.contains(' '));
        let other_way = ["base_url", "api_key_keyring", "api_key ", "api_key_command = [\"sops"];
        let keep = all && is_setting && !other_way.iter().any(|way| setting.starts_with(way));
        format!("{}\n", if keep { setting } else { line })
    };
    std::fs::write(&file, EXAMPLE.lines().map(turned_on).collect::<String>()).unwrap();
    let environment = Environment {
        folders: Folders::default(),
        state_dir: Some(folder.path().to_owned()),
        ..Environment::default()
    };
    let overrides =
        Overrides { config: Some(file), profile: profile.map(str::to_owned), sandbox: false };
    Settings::load_from(&overrides, &environment).unwrap()
}

#[test]
fn the_example_works_as_it_is() {
    let settings = load(false, None);
    assert_eq!(settings.labor.len(), 5);
    assert_eq!(settings.warnings, Vec::<String>::new());
    assert!(matches!(&settings.key, KeySource::File(_)), "{:?}", settings.key);
    // What holds for one office alone is turned off.
    assert!(settings.user.is_none() && settings.session_logs.is_none());
    assert!(settings.labor("emergency").unwrap().when_prepaid.is_some());
}

#[test]
fn what_the_example_turns_off_can_be_turned_on() {
    let settings = load(true, None);
    assert_eq!(settings.warnings, Vec::<String>::new());
    assert!(settings.session_logs.is_some() && settings.draft.model.is_some());
    assert_eq!(settings.timezone.iana_name(), Some("America/Chicago"));
    let settings = load(true, Some("sam"));
    assert_eq!(settings.profile.as_deref(), Some("sam"));
    assert!(matches!(&settings.key, KeySource::Command(words) if words[0] == "pass"));
}

#[test]
fn the_example_names_every_setting() {
    // What stands between braces, or in a remark.
    let within = ["free", "labor", "multiplier"];
    for setting in SETTINGS {
        let name = setting.key.rsplit('.').next().unwrap();
        if within.contains(&name) {
            assert!(EXAMPLE.contains(&format!("{name} = ")), "{name}");
            continue;
        }
        let set = EXAMPLE
            .lines()
            .any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} =")));
        assert!(set, "{name}");
    }
}
