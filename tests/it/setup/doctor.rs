//! What `doctor` finds on this machine: configuration, key, folders, journal, rate window; and its shape and exit codes.

use serde_json::Value;

use super::{FAILS, Newcomer, WRONG, key_command, secret};
use crate::support::{Manners, Office, Ran, Running, Setup, TestEnv, bill};

/// The check called `name`, of a run with `--json`.
#[track_caller]
pub(crate) fn check(ran: &Ran, name: &str) -> Value {
    let json = ran.json().unwrap_or_default();
    let checks = json["checks"].as_array().cloned().unwrap_or_default();
    let found = checks.iter().find(|check| check["name"] == name).cloned();
    assert!(found.is_some(), "there is no check {name}: {ran}");
    found.unwrap_or_default()
}

/// Fails unless the check is so, and says these words in message or hint.
#[track_caller]
pub(crate) fn is(ran: &Ran, name: &str, state: &str, words: &[&str]) {
    let check = check(ran, name);
    assert_eq!(check["state"], state, "{name}: {ran}");
    let said = format!("{} | {}", check["message"], check["hint"]);
    for word in words {
        assert!(said.contains(word), "{name} does not say {word}: {said}");
    }
    if state != "ok" {
        assert!(
            check["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
            "{name} says nothing to do: {check}"
        );
    }
}

/// The names of the checks.
fn names(ran: &Ran) -> Vec<String> {
    let json = ran.json().unwrap();
    let checks = json["checks"].as_array().unwrap();
    checks.iter().map(|check| check["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn all_is_well_in_the_practice_account() {
    let env = TestEnv::new();
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(0);
    assert_eq!(ran.stderr, "");
    assert_eq!(
        names(&ran),
        [
            "version",
            "configuration",
            "key",
            "state folder",
            "journal",
            "rate",
            "host",
            "proxy",
            "account",
            "clock",
            "labor.remote",
            "labor.onsite",
            "labor.emergency",
            "labor.travel",
            "labor.project",
            "currency",
            "zone",
            "business hours",
            "tickets.closed",
            "tickets.after_bill",
            "tickets.after_close",
            "tickets.priority",
        ]
    );
    for name in names(&ran) {
        let check = check(&ran, &name);
        assert_eq!(check["state"], "ok", "{ran}");
        assert_eq!(check["hint"], Value::Null);
        assert_eq!(check.as_object().unwrap().len(), 4);
    }
    is(&ran, "labor.remote", "ok", &["Labor - Remote", "$120.00 an hour"]);
    is(&ran, "configuration", "ok", &["set by SYNCRO_CONFIG"]);
    secret(&ran);
    assert!(env.writes().is_empty());
    assert_eq!(env.log().len(), 8, "each once: {:?}", env.log());
}

#[test]
fn a_line_for_each_and_the_hint_below_it() {
    let env = TestEnv::of(Setup {
        replace: vec![("17340023", "17349999".to_owned())],
        ..Setup::default()
    });
    let ran = env.run(&["doctor"]);
    ran.ends(1).says("error: 1 problem: labor.emergency");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines[1].starts_with("ok       configuration  "), "{ran}");
    let at = lines.iter().position(|line| line.starts_with("problem  labor.emergency"));
    assert!(lines[at.unwrap() + 1].trim_start().starts_with("-> "), "{ran}");
    assert!(ran.stdout.is_ascii());
}

#[test]
fn it_practises_too() {
    let env = TestEnv::new();
    let ran = env.run(&["--sandbox", "doctor", "--json"]);
    ran.ends(0);
    is(&ran, "configuration", "ok", &["practice server"]);
    is(&ran, "account", "ok", &["Robin Ashgrove"]);
    assert!(env.log().is_empty());
}

#[test]
fn a_broken_configuration_is_looked_at_all_the_same() {
    let newcomer = Newcomer::new();
    for (text, said) in [
        ("subdomain = \"acme\"\n[tikets]\n", "did you mean `tickets`?"),
        ("subdomain = \n", "config.toml:1"),
        ("", "syncro init"),
        ("subdomain = \"acme\"\napi_key_file = \"acme.key\"\n", "is not sent there"),
        ("subdomain = \"acme\"\ntimezone = \"Oslo\"\n", "Europe/Oslo"),
    ] {
        newcomer.write(text);
        let mut command = newcomer.command(&["doctor", "--json"]);
        if said == "syncro init" {
            command.env_remove("SYNCRO_BASE_URL");
        }
        let ran = Running::start(command).wait();
        ran.ends(10);
        is(&ran, "configuration", "problem", &[said]);
        is(&ran, "state folder", "ok", &[]);
        is(&ran, "journal", "ok", &[]);
        assert_eq!(ran.error()["kind"], "configuration");
    }
    let ran = newcomer.run(&["doctor", "--config", "nowhere.toml", "--json"]);
    ran.ends(10);
    is(&ran, "configuration", "problem", &["no such file (set by --config)", "syncro init"]);
    let ran = TestEnv::new().run_with(&["doctor", "--json"], &[("SYNCRO_SANDBOX", "perhaps")]);
    ran.ends(10);
    is(&ran, "configuration", "problem", &["SYNCRO_SANDBOX must be 1"]);
}

#[test]
fn a_key_that_is_not_to_be_had_is_exit_10() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    for (source, said) in [
        ("", "no API key is set"),
        ("api_key_command = [\"no-such-vault\"]", "was not found in PATH"),
        (&key_command(FAILS), "ended with 1"),
        ("api_key_file = \"acme.key\"", "it was not found"),
        ("api_key_keyring = \"acme\"", "acme"),
    ] {
        newcomer.write(&format!("subdomain = \"acme\"\n{source}\n"));
        let ran = newcomer.through(&office, &["doctor", "--json"], b"");
        ran.ends(10);
        is(&ran, "key", "problem", &[said]);
        // The way is looked at without a key.
        is(&ran, "host", "ok", &["acme.syncromsp.com"]);
        assert!(!names(&ran).contains(&"account".to_owned()), "{ran}");
    }
    assert!(newcomer.env.log().is_empty());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt as _;
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    newcomer.write("subdomain = \"acme\"\napi_key_file = \"acme.key\"\n[labor.remote]\nproduct_id = 17340021\n");
    let key = newcomer.key_file();
    std::fs::write(&key, syncro::sandbox::KEY).unwrap();
    for (mode, state, said) in
        [(0o644, "warning", "chmod 600"), (0o600, "ok", "readable only by its owner")]
    {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        let ran = newcomer.through(&office, &["doctor", "--json"], b"");
        let key = check(&ran.ends(0).clone(), "key");
        assert_eq!(key["state"], state, "{ran}");
        assert!(key["message"].as_str().unwrap().contains(said), "{ran}");
        secret(&ran);
    }
}

#[test]
fn a_refused_key_is_exit_4() {
    let env = TestEnv::of(Setup { key: WRONG, ..Setup::default() });
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(4);
    is(&ran, "account", "problem", &["401", "SYNCRO_API_KEY", "syncro init"]);
    is(&ran, "host", "ok", &[]);
    is(&ran, "clock", "ok", &[]);
    assert!(!names(&ran).iter().any(|name| name.starts_with("labor")));
    secret(&ran);
}

#[test]
fn pending_and_unreadable_plans_are_named() {
    let mut env = TestEnv::with(&["comment=hang-before"]);
    let _killed = env.spawn(&bill(&["--yes"])).kill_after(std::time::Duration::ZERO);
    let running = env.spawn(&bill(&["--yes"]));
    env.until_logged(|line| line.what() == "POST comment");
    let _killed = running.kill();
    env.restart(&[]);
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(0);
    is(&ran, "journal", "warning", &["Bill ticket #32181", "syncro resume"]);
    let journal = env.state_dir().join("journal");
    std::fs::write(journal.join("20260101T000000-abcd.jsonl"), "00000000 damaged\n").unwrap();
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(1);
    is(&ran, "journal", "problem", &["20260101T000000-abcd", "--discard"]);
}

#[test]
fn a_configuration_that_is_utf16_is_called_that() {
    let newcomer = Newcomer::new();
    newcomer.write("");
    let text = "\u{feff}subdomain = \"acme\"\r\n".encode_utf16().flat_map(u16::to_le_bytes);
    std::fs::write(newcomer.config(), text.collect::<Vec<u8>>()).unwrap();
    let ran = newcomer.run(&["doctor", "--json"]);
    is(ran.ends(10), "configuration", "problem", &["it is UTF-16, not UTF-8", "-Encoding utf8"]);
    newcomer.run(&["tickets"]).ends(10).says("it is UTF-16").says("-Encoding utf8");
}

#[test]
fn folders_that_cannot_be_used_are_problems() {
    let env = TestEnv::new();
    let file = env.dir().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let below = file.join("state");
    let ran = env.run_with(&["doctor", "--json"], &[("SYNCRO_STATE_DIR", below.to_str().unwrap())]);
    ran.ends(1);
    is(&ran, "state folder", "problem", &["cannot be written", "SYNCRO_STATE_DIR"]);

    let logs = env.dir().join("clients");
    let text = format!("session_logs = '{}'\n", logs.display());
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    std::fs::write(env.config_file(), format!("{text}{config}")).unwrap();
    let ran = env.run(&["doctor", "--json"]);
    is(ran.ends(1), "session_logs", "problem", &["clients"]);
    std::fs::create_dir(&logs).unwrap();
    let ran = env.run(&["doctor", "--json"]);
    is(ran.ends(0), "session_logs", "ok", &[]);
}

#[test]
fn a_model_that_is_not_there_is_no_problem() {
    let env = TestEnv::new();
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    // The practice server answers there, and is no model's host.
    let host = env.base().trim_end_matches("/api/v1").to_owned();
    for (draft, said) in [
        (format!("urls = [\"{host}\"]\nmodel = \"m\""), "cannot reach a model"),
        ("model = \"m\"".to_owned(), "no model is configured"),
    ] {
        std::fs::write(env.config_file(), format!("{config}\n[draft]\n{draft}\n")).unwrap();
        let ran = env.run(&["doctor", "--json"]);
        is(ran.ends(0), "draft", "warning", &[said, "optional"]);
    }
}

#[tokio::test]
async fn a_model_that_is_there_is_named() {
    use wiremock::matchers::path;
    let server = wiremock::MockServer::start().await;
    let models = serde_json::json!({"models": [{"name": "small:latest"}]});
    let answer = wiremock::ResponseTemplate::new(200).set_body_json(models);
    wiremock::Mock::given(path("/api/tags")).respond_with(answer).mount(&server).await;
    let env = TestEnv::new();
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    for (model, state, said) in [("small", "ok", "small on "), ("large", "warning", "small:latest")]
    {
        let draft =
            format!("{config}\n[draft]\nurls = [\"{}\"]\nmodel = \"{model}\"\n", server.uri());
        std::fs::write(env.config_file(), draft).unwrap();
        let ran = env.run(&["doctor", "--json"]);
        is(ran.ends(0), "draft", state, &[said]);
    }
}

#[test]
fn nothing_is_left_in_the_state_folder() {
    let env = TestEnv::of(Setup::first(&[]));
    let _made = env.run(&["doctor"]).ends(0);
    let left: Vec<String> = std::fs::read_dir(env.state_dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["pace"]);
}

#[test]
fn the_rate_window_tells_how_full_it_is() {
    let env = TestEnv::new();
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    // Room for six runs: none has to wait, however slowly they come.
    let small = config.replace("requests = 100000", "requests = 50");
    std::fs::write(env.config_file(), small).unwrap();
    for run in 0..5 {
        let ran = env.run(&["doctor", "--json"]);
        is(ran.ends(0), "rate", "ok", &[&format!("{} of 50 requests in 60 s", run * 8)]);
    }
    let ran = env.run(&["doctor", "--json"]);
    is(ran.ends(0), "rate", "warning", &["40 of 50 requests"]);
}

#[test]
fn a_429_that_was_noted_is_told() {
    let env = TestEnv::with(&["me=429:3"]);
    let running = env.spawn(&["whoami"]);
    env.until_logged(|line| line.fault.is_some());
    let dir = env.state_dir().join("pace");
    crate::support::until("it is noted", || {
        crate::support::files(&dir)
            .iter()
            .any(|file| std::fs::read_to_string(file).unwrap_or_default().contains("blocked"))
    });
    let _killed = running.kill();
    let ran = env.run(&["doctor", "--json"]);
    is(ran.ends(0), "rate", "warning", &["429"]);
}
