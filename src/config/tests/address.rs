//! Where an account's API is.

use super::{Office, complaint, settings};

#[test]
fn an_account_may_live_at_another_address() {
    let base = |text: &str| {
        let settings = settings(&format!("api_key_command = [\"pass\", \"syncro\"]\n{text}\n"));
        (settings.base.unwrap().to_string(), settings.warnings.len())
    };
    let elsewhere = "https://acme.repairshopr.com/api/v1";
    for text in [
        "base_url = \"https://acme.repairshopr.com/api/v1\"",
        "base_url = \"https://acme.repairshopr.com/\"",
        "subdomain = \"acme\"\nbase_url = \"https://acme.repairshopr.com\"",
        "subdomain = \"acme.repairshopr.com\"",
    ] {
        assert_eq!(base(text), (elsewhere.to_owned(), 0), "{text}");
    }
    assert_eq!(
        base("base_url = \"https://psa.example/v1\""),
        ("https://psa.example/v1".to_owned(), 1)
    );
    for wrong in
        ["http://acme.repairshopr.com", "http://127.0.0.1:9/api/v1", "acme", "https://a@b.example"]
    {
        let said = complaint(&format!("base_url = \"{wrong}\"\n"));
        assert!(said.contains("config.toml:1: base_url"), "{wrong}: {said}");
    }
    // A profile has its own address or the file's.
    let profiles = "base_url = \"https://acme.repairshopr.com\"\napi_key = \"T1\"\n\
        [profiles.sam]\nsubdomain = \"other\"\n[profiles.kim]\nbase_url = \"https://kim.example/api/v1\"\n";
    for (profile, host) in [
        (None, "acme.repairshopr.com"),
        (Some("sam"), "other.syncromsp.com"),
        (Some("kim"), "kim.example"),
    ] {
        let mut office = Office::new(profiles);
        office.overrides.profile = profile.map(str::to_owned);
        assert_eq!(office.load().unwrap().base.unwrap().host_str(), Some(host));
        // The key stays there, wherever the environment points.
        office.environment.base_url = Some("https://evil.example/api/v1".to_owned());
        assert!(office.error().message.contains("is not sent there"));
    }
}
