//! The example configuration is a configuration, and shows every setting there is.

use syncro::config::paths::Folders;
use syncro::config::{Environment, KeySource, Overrides, Settings};

fn load(profile: Option<&str>) -> Settings {
    let state = tempfile::tempdir().unwrap();
    let environment = Environment {
        folders: Folders::default(),
        state_dir: Some(state.path().to_owned()),
        ..Environment::default()
    };
    let overrides = Overrides {
        config: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml").into()),
        profile: profile.map(str::to_owned),
        sandbox: false,
    };
    Settings::load_from(&overrides, &environment).unwrap()
}

#[test]
fn the_example_loads() {
    let settings = load(None);
    assert_eq!(settings.labor.len(), 5);
    assert!(settings.warnings.is_empty());
    assert!(settings.session_logs.is_some() && settings.draft.model.is_some());
    assert!(settings.labor("emergency").unwrap().when_prepaid.is_some());
}

#[test]
fn the_examples_profile_loads() {
    let settings = load(Some("sam"));
    assert_eq!(settings.profile.as_deref(), Some("sam"));
    assert!(matches!(&settings.key, KeySource::Command(words) if words[0] == "pass"));
}

#[test]
fn the_example_names_every_setting() {
    let text = include_str!("../../config.example.toml");
    for name in [
        "subdomain",
        "api_key",
        "api_key_command",
        "api_key_file",
        "api_key_keyring",
        "user",
        "auth",
        "ca_file",
        "timezone",
        "session_logs",
        "requests",
        "per_seconds",
        "timeout_seconds",
        "settle_seconds",
        "resend_after_seconds",
        "closed",
        "after_bill",
        "after_close",
        "priority",
        "large_hours",
        "large_amount",
        "product_id",
        "name",
        "rate",
        "taxable",
        "when_prepaid",
        "unit",
        "prepaid",
        "urls",
        "model",
    ] {
        let set = text
            .lines()
            .any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} =")));
        assert!(set, "{name}");
    }
}
