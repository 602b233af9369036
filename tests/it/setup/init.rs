//! `init` in a script: each answer as a flag, each refusal before anything is written, and who may be asked with which
//! key.

use serde_json::json;
use syncro::sandbox::KEY;

use super::{Newcomer, SHOWS, WRONG, secret, with_key};
use crate::support::{Line, Manners, Office, Running, TestEnv};

/// Enough to be written.
const ENOUGH: [&str; 6] = ["init", "--subdomain", "acme", "--key-file", "-", "--yes"];

fn enough(more: &[&'static str]) -> Vec<&'static str> {
    [&ENOUGH, more].concat()
}

#[test]
fn from_nothing_to_a_bill() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    let args = enough(&["--labor", "remote=17340021", "--labor", "travel=17340025:each"]);
    let ran = newcomer.through(&office, &args, KEY.as_bytes());
    ran.ends(0).says("The key belongs to Robin Ashgrove");
    assert!(ran.stdout.contains("Next: syncro doctor"), "{ran}");
    secret(&ran);
    assert_eq!(with_key(newcomer.env.dir()), [newcomer.key_file()]);
    assert!(newcomer.env.writes().is_empty());

    // No variable names account or key any more.
    let ran = newcomer.through(&office, &["whoami"], b"");
    assert!(ran.ends(0).stdout.contains("api_key_file"), "{ran}");
    let ran = newcomer.through(&office, &["doctor"], b"");
    ran.ends(0);
    secret(&ran);
    let bill = [
        "bill",
        "32181",
        "--minutes",
        "30",
        "--labor",
        "remote",
        "--add",
        "travel",
        "-m",
        "Done",
        "--yes",
        "--json",
    ];
    let ran = newcomer.through(&office, &bill, b"");
    assert_eq!(ran.ends(0).json().unwrap()["invoice"]["subtotal"], "105.0", "{ran}");
    secret(&ran);
    assert_eq!(with_key(newcomer.env.dir()), [newcomer.key_file()]);
}

/// Where an account does not live below the usual name, its whole base is kept, and every request goes there.
#[test]
fn an_account_at_another_address_is_set_up_and_asked_there() {
    for (typed, host) in [
        ("acme.shield.syncromsp.com", "acme.shield.syncromsp.com"),
        ("https://Acme.repairshopr.com/tickets/12", "acme.repairshopr.com"),
    ] {
        let newcomer = Newcomer::new();
        let office = Office::open(newcomer.env.base(), Manners::default());
        let init = ["init", "--subdomain", typed, "--key-file", "-", "--labor", "remote=17340021"];
        let ran = newcomer.through(&office, &[&init[..], &["--yes"]].concat(), KEY.as_bytes());
        ran.ends(0).says("The key belongs to Robin Ashgrove");
        secret(&ran);
        let base = format!("base_url = \"https://{host}/api/v1\"\n");
        let written = newcomer.written();
        assert!(written.contains(&base) && !written.contains("subdomain"), "{written}");
        let bill = ["bill", "32181", "-t", "30", "-l", "remote", "-m", "Done", "--yes"];
        newcomer.through(&office, &bill, b"").ends(0);
        let page = newcomer.through(&office, &["open", "32181", "--json"], b"").ends(0).json();
        let url = page.unwrap()["url"].to_string();
        assert!(url.contains(&format!("https://{host}/tickets/")), "{url}");
        let asked = office.asked();
        assert!(asked.len() > 2 && asked.iter().all(|one| *one == format!("{host}:443")));
    }
}

#[test]
fn every_answer_is_a_flag() {
    let newcomer = Newcomer::new();
    let key = newcomer.env.dir().join("key.txt");
    std::fs::write(&key, format!("{KEY}\r\nrotated in May\n")).unwrap();
    let ran = newcomer.run(&[
        "init",
        "--subdomain",
        "https://ACME.syncromsp.com/tickets/12",
        "--key-file",
        key.to_str().unwrap(),
        "--key-store",
        "file",
        "--user",
        "robin ashgrove",
        "--timezone",
        "Europe/Oslo",
        "--session-logs",
        "~/clients",
        "--labor",
        "remote=17340021",
        "--labor",
        "trips=17340025:each",
        "--yes",
        "--json",
    ]);
    let json = ran.ends(0).json().unwrap();
    assert_eq!(
        newcomer.written(),
        "\
# Configuration of syncro, begun by `syncro init`; config.example.toml shows every setting.

subdomain = \"acme\"
api_key_file = \"acme.key\"
user = \"robin ashgrove\"
timezone = \"Europe/Oslo\"
session_logs = \"~/clients\"

[labor.remote]
product_id = 17340021  # Labor - Remote, $120.00

[labor.trips]
product_id = 17340025  # Travel - Trip Charge, $45.00
unit = \"each\"
"
    );
    assert_eq!(
        json,
        json!({
            "outcome": "done",
            "config": newcomer.config(),
            "profile": null,
            "user": {"id": 81_204, "name": "Robin Ashgrove", "email": "robin@lanternfish.example"},
            "key_store": "file",
            "key_file": newcomer.key_file(),
            "labor": [
                {"name": "remote", "product_id": 17_340_021, "unit": "hour"},
                {"name": "trips", "product_id": 17_340_025, "unit": "each"},
            ],
        })
    );
    assert_eq!(std::fs::read_to_string(newcomer.key_file()).unwrap(), format!("{KEY}\n"));
    secret(&ran);
}

#[test]
fn few_requests_and_all_of_them_reads() {
    let newcomer = Newcomer::new();
    let ran = newcomer.fed(&enough(&[]), KEY.as_bytes());
    ran.ends(0).says("--labor remote=17340021").says("--labor travel=17340025:each");
    let mut asked: Vec<String> = newcomer.env.log().iter().map(Line::what).collect();
    asked.sort();
    assert_eq!(asked, ["GET me", "GET products", "GET products", "GET products", "GET settings"]);
    assert!(!newcomer.written().contains("labor"), "none was asked for");
}

#[test]
fn a_dry_run_shows_the_file_and_writes_none() {
    let newcomer = Newcomer::new();
    let args = ["init", "--subdomain", "acme", "--key-file", "-", "--dry-run"];
    let ran = newcomer.fed(&args, KEY.as_bytes());
    ran.ends(0).says("acme.key");
    assert!(ran.stdout.contains("api_key_file = \"acme.key\"\n"), "{ran}");
    newcomer.wrote_nothing(&ran);
    let ran = newcomer.fed(&[&args[..], &["--json"]].concat(), KEY.as_bytes());
    let json = ran.ends(0).json().unwrap();
    assert_eq!(json["outcome"], "dry_run");
    assert!(json["text"].as_str().unwrap().contains("subdomain = \"acme\""));
    newcomer.wrote_nothing(&ran);
    // What stands in the file already is not shown either.
    newcomer.write(&format!("api_key = \"{KEY}\"\n[profiles.sam]\napi_key = '{KEY}'\n"));
    let ran = newcomer.fed(&args, KEY.as_bytes());
    ran.ends(0).says("Replaced  api_key -> api_key_file");
    assert!(ran.stdout.contains("api_key = \"***\""), "{ran}");
    secret(&ran);
}

#[test]
fn a_script_must_say_yes() {
    let newcomer = Newcomer::new();
    let ran = newcomer.fed(&ENOUGH[..5], KEY.as_bytes());
    ran.ends(2).says("--yes");
    newcomer.wrote_nothing(&ran);
    assert!(newcomer.env.log().is_empty());
}

#[test]
fn missing_and_odd_answers_are_usage_errors() {
    let newcomer = Newcomer::new();
    for (args, said) in [
        (vec!["init", "--key-file", "-", "--yes"], "--subdomain"),
        (vec!["init", "--subdomain", "acme.example.com", "--yes"], "--subdomain"),
        (vec!["init", "--subdomain", "acme", "--yes"], "--key-file"),
        (enough(&["--labor", "remote"]), "NAME=PRODUCT_ID"),
        (enough(&["--labor", "Remote=1"]), "lowercase"),
        (enough(&["--labor", "a=17340021", "--labor", "a=17340022"]), "given twice"),
        (enough(&["--labor", "a=1", "--no-labor"]), "cannot be used with"),
        (enough(&["--timezone", "Europe/Olso"]), "Europe/Oslo"),
        (enough(&["--key-store", "none"]), "SYNCRO_API_KEY"),
        (enough(&["--key-command", "pass"]), "cannot be used with"),
        (vec!["init", "--subdomain", "acme", "--key-file", "gone.txt", "--yes"], "gone.txt"),
        (vec!["init", "acme", KEY, "--yes"], "unexpected argument"),
    ] {
        let ran = newcomer.fed(&args, KEY.as_bytes());
        ran.ends(2).says(said);
        assert!(!newcomer.folder().exists(), "{ran}");
    }
    for text in [&b""[..], b"\n", b"two words", b"\xff\xff\xff"] {
        newcomer.fed(&ENOUGH, text).ends(2).says("--key-file: stdin contains");
    }
    #[cfg(not(any(windows, target_os = "macos")))]
    newcomer
        .fed(&enough(&["--key-store", "keyring"]), KEY.as_bytes())
        .ends(2)
        .says("--key-store file");
    let ran = newcomer.run(&["init", "--sandbox", "--yes"]);
    ran.ends(2).says("practice server");
    newcomer.wrote_nothing(&ran);
}

#[test]
fn what_syncro_refuses_is_not_written() {
    for (faults, args, key, code, said) in [
        (vec![], enough(&[]), WRONG, 4, "401"),
        (vec!["me@*=html-before"], enough(&[]), KEY, 8, "a login page"),
        (vec!["me@*=403"], enough(&[]), KEY, 4, "403"),
        (vec![], enough(&["--user", "mika@lanternfish.example"]), KEY, 5, "not to mika@"),
        (vec![], enough(&["--labor", "remote=17349999"]), KEY, 3, "no product 17349999"),
        (vec!["product=wrong-id"], enough(&["--labor", "x=17340031"]), KEY, 3, "no product"),
    ] {
        let newcomer = Newcomer::with(&faults);
        let ran = newcomer.fed(&args, key.as_bytes());
        ran.ends(code).says(said).says("nothing was written");
        newcomer.wrote_nothing(&ran);
        assert!(newcomer.env.writes().is_empty());
    }
}

#[test]
fn lists_that_cannot_be_had_only_cost_the_proposals() {
    let newcomer = Newcomer::with(&["settings@*=500-before", "read@*=403"]);
    let ran = newcomer.fed(&ENOUGH, KEY.as_bytes());
    // `me` is a read, too.
    ran.ends(4);
    let newcomer = Newcomer::with(&["settings@*=500-before"]);
    newcomer.fed(&ENOUGH, KEY.as_bytes()).ends(0);
}

#[test]
fn the_key_comes_from_wherever_it_is() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(format!("{KEY}\r\n").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let newcomer = Newcomer::new();
    let ran = newcomer.fed(&ENOUGH, &utf16);
    ran.ends(0);
    assert_eq!(std::fs::read_to_string(newcomer.key_file()).unwrap(), format!("{KEY}\n"));

    let newcomer = Newcomer::new();
    let mut command = newcomer.command(&["init", "--subdomain", "acme", "--yes"]);
    command.env("SYNCRO_API_KEY", KEY);
    let ran = Running::start(command).wait();
    ran.ends(0).says("SYNCRO_API_KEY is set");
    assert_eq!(with_key(newcomer.env.dir()), [newcomer.key_file()]);

    let newcomer = Newcomer::new();
    let mut command =
        newcomer.command(&["init", "--subdomain", "acme", "--yes", "--key-store", "none"]);
    command.env("SYNCRO_API_KEY", KEY);
    let _ran = Running::start(command).wait().ends(0);
    assert!(with_key(newcomer.env.dir()).is_empty());
    assert!(!newcomer.written().contains("api_key"));

    let newcomer = Newcomer::new();
    let vault = newcomer.env.dir().join("vault.txt");
    std::fs::write(&vault, KEY).unwrap();
    let words = [SHOWS, &[vault.to_str().unwrap()]].concat();
    let line = words.join(" ");
    let ran = newcomer.run(&["init", "--subdomain", "acme", "--key-command", &line, "--yes"]);
    ran.ends(0);
    let written: toml::Table = newcomer.written().parse().unwrap();
    assert_eq!(written["api_key_command"], toml::Value::from(words));
    assert_eq!(with_key(newcomer.env.dir()), std::slice::from_ref(&vault));

    // What is said to a command may be the key: only the command is shown.
    let newcomer = Newcomer::new();
    newcomer.write("subdomain = \"acme\"\napi_key_command = [\"pass\", \"the-old-word\"]\n");
    for (more, code) in [(&[][..], 5), (&["--dry-run"], 0), (&["--force"], 0)] {
        let args = [&["init", "--subdomain", "acme", "--key-command", &line, "--yes"], more];
        let ran = newcomer.run(&args.concat());
        ran.ends(code).says(SHOWS[0]);
        for said in [&ran.stdout, &ran.stderr] {
            assert!(!said.contains("the-old-word") && !said.contains("vault.txt"), "{ran}");
        }
    }
}

#[test]
fn a_key_that_is_there_stays_and_goes_to_its_own_account_only() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    let _first = newcomer.through(&office, &ENOUGH, KEY.as_bytes()).ends(0);
    let before = newcomer.written();
    let again = ["init", "--labor", "remote=17340021", "--yes"];
    let ran = newcomer.through(&office, &again, b"");
    ran.ends(0).says("unchanged");
    assert!(newcomer.written().starts_with(&before));
    assert!(newcomer.written().contains("[labor.remote]"));

    let requests = newcomer.env.log().len();
    let hosts = office.asked().len();
    // Another account, or another address: the known key is no key for it.
    let ran = newcomer.through(&office, &["init", "--subdomain", "other", "--yes"], b"");
    ran.ends(2).says("the API key is missing");
    newcomer.run(&again).ends(2).says("the API key is missing");
    assert_eq!((newcomer.env.log().len(), office.asked().len()), (requests, hosts));
}

#[test]
fn the_environment_may_name_the_account() {
    let newcomer = Newcomer::new();
    let mut command = newcomer.command(&["init", "--key-file", "-", "--yes"]);
    command.env("SYNCRO_SUBDOMAIN", "acme");
    let ran = Running::fed(command, KEY.as_bytes()).wait();
    ran.ends(0).says("unset it");
    assert!(newcomer.written().contains("subdomain = \"acme\""));
}

#[test]
fn help_says_that_no_key_belongs_on_the_command_line() {
    let ran = TestEnv::new().run(&["init", "--help"]);
    assert!(ran.ends(0).stdout.contains("never from the"), "{ran}");
    assert!(!ran.stdout.contains("--api-key"));
}

/// Whoever takes only one of them away is left with a host that the configuration's key is not sent to.
#[test]
fn variables_that_overrule_the_configuration_are_named_together() {
    let newcomer = Newcomer::new();
    let init = ["init", "--subdomain", "acme", "--no-labor", "--yes"];
    let mut command = newcomer.command(&init);
    command.env("SYNCRO_API_KEY", KEY);
    let ran = Running::fed(command, b"").wait();
    ran.ends(0).says("SYNCRO_API_KEY is set, and so is SYNCRO_BASE_URL");
    ran.says("until you unset both");
    let both = Newcomer::new();
    let mut command = both.command(&init);
    command.env("SYNCRO_API_KEY", KEY).env("SYNCRO_SUBDOMAIN", "acme");
    let ran = Running::fed(command, b"").wait();
    ran.ends(0).says("so are SYNCRO_BASE_URL and SYNCRO_SUBDOMAIN");
    ran.says("until you unset them all");
    let mut command = newcomer.command(&["doctor"]);
    command.env("SYNCRO_API_KEY", KEY);
    Running::fed(command, b"").wait().ends(0);
}
