//! What a changed configuration looks like, line by line.

use super::*;

fn answers() -> Answers {
    Answers {
        profile: None,
        account: Some(Account::Subdomain("acme".to_owned())),
        key: Some(KeyPlace::File("acme.key".to_owned())),
        user: Some("sam@example.com".to_owned()),
        timezone: Some("Europe/Oslo".to_owned()),
        session_logs: None,
        labor: vec![
            LaborAnswer {
                key: "remote".to_owned(),
                product_id: ProductId(9001),
                unit: Unit::Hour,
                about: "Labor -\nRemote\u{1b}[31m, $120.00".to_owned(),
            },
            LaborAnswer {
                key: "travel".to_owned(),
                product_id: ProductId(9005),
                unit: Unit::Each,
                about: "Trip, $45.00".to_owned(),
            },
        ],
    }
}

fn edit(text: &str, answers: &Answers) -> Edited {
    edited("config.toml", Some(text), answers).unwrap()
}

#[test]
fn a_new_file_has_all_the_answers() {
    let new = edited("config.toml", None, &answers()).unwrap();
    assert_eq!(
        new.text,
        "\
# Configuration of syncro, begun by `syncro init`; config.example.toml shows every setting.

subdomain = \"acme\"
api_key_file = \"acme.key\"
user = \"sam@example.com\"
timezone = \"Europe/Oslo\"

[labor.remote]
product_id = 9001  # Labor - Remote, $120.00

[labor.travel]
product_id = 9005  # Trip, $45.00
unit = \"each\"
"
    );
    assert!(new.replaced.is_empty());
    let mut other = answers();
    other.labor[0].product_id = ProductId(7);
    other.labor[0].about = "Labor - Field, $1.00".to_owned();
    let changed = edit(&new.text, &other);
    assert!(changed.text.contains("product_id = 7  # Labor - Field, $1.00\n"), "{}", changed.text);
    let again = edit(&new.text, &answers());
    assert_eq!(again.text, new.text);
    assert!(again.replaced.is_empty());
}

const OLD: &str = "\
# Ours since 2019.
subdomain = \"old\"  # renamed once

# The vault.
api_key_command = [\"pass\", \"syncro\"] # slow
rate_limit.requests = 90  # shared

# Billing
[labor.remote]
product_id = 1 # the old one
rate = \"99.00\"

[tickets] # words
closed = [\"Done\"]

[profiles.sam] # Sam's
user = \"sam@example.com\"
";

#[test]
fn an_old_file_keeps_its_order_and_its_comments() {
    let new = edit(OLD, &answers());
    assert_eq!(
        new.text,
        "\
# Ours since 2019.
subdomain = \"acme\"  # renamed once

# The vault.
api_key_file = \"acme.key\" # slow
rate_limit.requests = 90  # shared
user = \"sam@example.com\"
timezone = \"Europe/Oslo\"

# Billing
[labor.remote]
product_id = 9001 # the old one
rate = \"99.00\"

[labor.travel]
product_id = 9005  # Trip, $45.00
unit = \"each\"

[tickets] # words
closed = [\"Done\"]

[profiles.sam] # Sam's
user = \"sam@example.com\"
"
    );
    assert_eq!(
        new.replaced,
        [
            "subdomain: \"old\" -> \"acme\"",
            "api_key_command -> api_key_file",
            "labor.remote.product_id: 1 -> 9001",
        ]
    );
}

#[test]
fn a_profile_is_added_and_nothing_else_changes() {
    let answers = Answers {
        profile: Some("kim".to_owned()),
        user: Some("kim@example.com".to_owned()),
        key: Some(KeyPlace::Keyring("acme-kim".to_owned())),
        ..Answers::default()
    };
    let new = edit(OLD, &answers);
    let added = new.text.strip_prefix(OLD).unwrap();
    assert_eq!(
        added,
        "\n[profiles.kim]\napi_key_keyring = \"acme-kim\"\nuser = \"kim@example.com\"\n"
    );
    let sam = Answers {
        profile: Some("sam".to_owned()),
        user: Some("samantha@example.com".to_owned()),
        ..Answers::default()
    };
    let new = edit(OLD, &sam);
    assert_eq!(
        new.replaced,
        ["profiles.sam.user: \"sam@example.com\" -> \"samantha@example.com\""]
    );
    assert!(new.text.contains("[profiles.sam] # Sam's"));
}

#[test]
fn inline_tables_and_foreign_line_ends_are_taken() {
    let text = "\u{feff}subdomain = \"acme\"\r\nlabor = { remote = { product_id = 1 } }\r\n";
    let new = edit(text, &answers());
    assert!(new.text.starts_with("\u{feff}subdomain = \"acme\"\r\n"));
    assert!(new.text.contains("remote = { product_id = 9001 }"), "{}", new.text);
    let profiles = "profiles = { sam = { user = \"x\" } }\n";
    let mut sam = answers();
    sam.profile = Some("sam".to_owned());
    assert!(edit(profiles, &sam).text.contains("user = \"sam@example.com\""));
}

#[test]
fn no_key_is_told_or_shown() {
    let text = "api_key = \"T-secret\" # mine\n[profiles.sam]\napi_key = \"T-secret\"\n\
                    [profiles]\nkim = { api_key = \"T-secret\" }\n";
    let shown = masked("config.toml", text).unwrap();
    assert!(!shown.contains("secret"), "{shown}");
    assert_eq!(shown.matches("api_key = \"***\"").count(), 3, "{shown}");
    let new = edit(text, &answers());
    assert_eq!(new.replaced, ["api_key -> api_key_file"]);
    assert_eq!(new.text.matches("T-secret").count(), 2, "{}", new.text);
    let broken = edited("config.toml", Some("api_key = \"T-secret\n"), &answers());
    assert!(!format!("{:?}", broken.unwrap_err()).contains("secret"));
    assert!(masked("config.toml", "api_key = T-secret").is_err());
}

#[test]
fn what_would_be_no_configuration_is_not_made() {
    let odd = "[labor.night]\nproduct_id = 3\nwhen_prepaid = { labor = \"travel\", multiplier = \"2\" }\n";
    assert!(edited("config.toml", Some(odd), &answers()).is_err());
    assert!(edited("config.toml", Some("labor = 7\n"), &answers()).is_err());
}

#[test]
fn an_account_stands_in_one_place() {
    let at = |account: &str| Answers {
        account: Some(Account::read(account).unwrap()),
        ..Answers::default()
    };
    let old = "subdomain = \"acme\"  # ours\nuser = \"sam\"\n";
    let new = edited("x", Some(old), &at("acme.repairshopr.com")).unwrap();
    assert!(
        new.text.contains("base_url = \"https://acme.repairshopr.com/api/v1\""),
        "{}",
        new.text
    );
    assert!(!new.text.contains("subdomain"), "{}", new.text);
    assert_eq!(new.replaced[0], "subdomain -> base_url");
    let back = edited("x", Some(&new.text), &at("acme")).unwrap();
    assert!(back.text.contains("subdomain = \"acme\"") && !back.text.contains("base_url"));
}
