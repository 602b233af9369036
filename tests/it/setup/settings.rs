//! `config`: every setting with where it comes from, one alone, and one changed in its place; never the key, never a
//! request.

use serde_json::{Value, json};
use syncro::sandbox::KEY;

use super::{Newcomer, secret};
use crate::support::{Ran, Setup, TestEnv, files};

const FILE: &str = "\
# Our office.
subdomain = \"acme\"
api_key_file = \"acme.key\"  # private

[tickets]
# What the desk works on first.
priority = '2 Normal'   # of new tickets
closed = [\"Resolved\", \"Closed\"]

[labor.remote]
product_id = 9001
rate = \"120.00\"

[profiles.sam]
user = \"sam@example.com\"
";

/// One with that file, and nothing of account and key in the environment.
fn office() -> Newcomer {
    let newcomer = Newcomer::new();
    newcomer.write(FILE);
    newcomer
}

impl Newcomer {
    fn alone(&self, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command.env_remove("SYNCRO_BASE_URL");
        crate::support::Running::fed(command, b"").wait()
    }
}

fn rows(ran: &Ran) -> Vec<Value> {
    ran.ends(0).json().unwrap().as_array().unwrap().clone()
}

fn row<'r>(rows: &'r [Value], key: &str) -> &'r Value {
    rows.iter().find(|row| row["key"] == key).unwrap()
}

#[test]
fn the_list_says_each_value_and_where_it_comes_from() {
    let office = office();
    let rows = rows(&office.alone(&["config", "list", "--profile", "sam", "--json"]));
    for (key, value, source, default) in [
        ("subdomain", json!("acme"), "file", Value::Null),
        ("user", json!("sam@example.com"), "profile", Value::Null),
        (
            "tickets.closed",
            json!(["Resolved", "Closed"]),
            "file",
            json!(["Resolved", "Invoiced", "Closed"]),
        ),
        ("rate_limit.requests", json!(180), "default", json!(180)),
        ("api_key", json!("file"), "file", Value::Null),
        ("api_key_file", json!("acme.key"), "file", Value::Null),
        ("labor.remote.rate", json!("120.00"), "file", Value::Null),
    ] {
        let wanted = json!({"key": key, "value": value, "source": source, "default": default});
        assert_eq!(row(&rows, key), &wanted);
    }
    let nothing = json!({"key": "ca_file", "value": null, "source": null, "default": null});
    assert_eq!(row(&rows, "ca_file"), &nothing);
    let table = office.alone(&["config", "list"]).ends(0).stdout.clone();
    assert!(table.starts_with("Setting "), "{table}");
    assert_eq!(table.lines().count(), 1 + rows.len(), "{table}");
    let csv = office.alone(&["config", "list", "--csv", "--columns", "key,value"]);
    assert!(csv.ends(0).stdout.contains("\r\ntickets.priority,2 Normal\r\n"), "{csv}");
    office.alone(&["config", "list", "--tsv"]).ends(0);
    assert!(office.env.log().is_empty());
}

#[test]
fn the_key_is_never_shown() {
    let newcomer = Newcomer::new();
    for (line, kept) in [
        (format!("api_key = '{KEY}'"), "configuration"),
        (format!("api_key_command = ['echo', '{KEY}']"), "command"),
        ("api_key_keyring = 'acme'".to_owned(), "keyring"),
    ] {
        newcomer.write(&format!("subdomain = 'acme'\n{line}\n"));
        for form in [&[][..], &["--json"], &["--csv"], &["--dry-run"]] {
            let ran = newcomer.alone(&[&["config", "list"], form].concat());
            ran.ends(0);
            secret(&ran);
        }
        let rows = rows(&newcomer.alone(&["config", "list", "--json"]));
        assert_eq!(row(&rows, "api_key")["value"], kept);
        for key in ["api_key", "api_key_command"] {
            for args in [&["config", "get", key][..], &["config", "set", key, WRONG_KEY, "--yes"]] {
                let ran = newcomer.alone(args);
                ran.ends(2).says(key).says("hint:");
                secret(&ran);
            }
        }
        let ran = newcomer.alone(&["config", "set", "tickets.priority", "1 High", "--dry-run"]);
        ran.ends(0);
        secret(&ran);
    }
    newcomer.alone(&["config", "set", "api_key", "x", "--yes"]).says("syncro init");
    newcomer.alone(&["config", "unset", "api_key", "--yes"]).ends(2).says("syncro logout");
    let env = TestEnv::new();
    let ran = env.run(&["config", "list", "--json"]);
    let rows = rows(&ran);
    assert_eq!(
        (&row(&rows, "api_key")["value"], &row(&rows, "api_key")["source"]),
        (&json!("environment"), &json!("environment"))
    );
    assert_eq!(row(&rows, "base_url")["source"], "environment");
    secret(&ran);
    assert!(env.log().is_empty());
}

const WRONG_KEY: &str = super::WRONG;

#[test]
fn one_value_is_printed_alone() {
    let office = office();
    for (args, out) in [
        (&["tickets.priority"][..], "2 Normal\n"),
        (&["tickets.closed"], "Resolved\nClosed\n"),
        (&["tickets.closed", "--jq", ".[0]"], "Resolved\n"),
        (&["rate_limit.requests"], "180\n"),
        (&["rate_limit.requests", "--json"], "180\n"),
        (&["labor.remote.rate", "--json"], "\"120.00\"\n"),
        (&["user", "--profile", "sam"], "sam@example.com\n"),
    ] {
        let ran = office.alone(&[&["config", "get"], args].concat());
        assert_eq!((ran.ends(0).stdout.as_str(), ran.stderr.as_str()), (out, ""), "{args:?}");
    }
    let ran = office.alone(&["config", "get", "ca_file"]);
    ran.ends(3).says("ca_file has no value").says("syncro config set ca_file");
    let ran = office.alone(&["config", "get", "tickets.priorty"]);
    ran.ends(2).says("did you mean tickets.priority?");
    office.alone(&["config", "get", "user", "--profile", "smm"]).ends(10).says("\"sam\"");
    let ran = office.env.run(&["--sandbox", "config", "get", "tickets.priority"]);
    assert_eq!(ran.ends(0).stdout, "2 Normal\n");
    assert!(office.env.log().is_empty());
}

#[test]
fn a_setting_is_changed_in_its_place() {
    let office = office();
    super::private(&office.config());
    let ran = office.alone(&["config", "set", "tickets.priority", "1 High", "--yes"]);
    ran.ends(0).says("- priority = '2 Normal'   # of new tickets\n");
    ran.says("+ priority = \"1 High\"   # of new tickets\n");
    assert_eq!(ran.stdout, "tickets.priority set to 1 High\n");
    let changed = FILE.replace("'2 Normal'", "\"1 High\"");
    assert_eq!(office.written(), changed);
    #[cfg(unix)]
    assert_eq!(super::mode(&office.config()), 0o600);
    assert_eq!(files(&office.folder()), [office.config()], "nothing is left beside it");

    let ran =
        office.alone(&["config", "set", "user", "kim", "--profile", "sam", "--yes", "--json"]);
    assert_eq!(
        ran.ends(0).json().unwrap(),
        json!({
            "outcome": "done", "config": office.config(), "profile": "sam", "key": "user",
            "old": "sam@example.com", "new": "kim", "warnings": [],
        })
    );
    let changed = changed.replace("sam@example.com", "kim");
    assert_eq!(office.written(), changed);

    for (key, typed, written) in [
        ("rate_limit.requests", "90", "requests = 90\n"),
        ("tickets.closed", "Resolved, Done", "closed = [\"Resolved\", \"Done\"]\n"),
        ("labor.remote.taxable", "true", "taxable = true\n"),
        ("write.settle_seconds", "0.5", "settle_seconds = 0.5\n"),
        ("guards.large_hours", "8", "large_hours = \"8\"\n"),
    ] {
        office.alone(&["config", "set", key, typed, "--yes"]).ends(0);
        assert!(office.written().contains(written), "{}", office.written());
    }
    let before = office.written();
    office.alone(&["config", "unset", "guards.large_hours", "--yes"]).ends(0);
    // The table that it leaves empty goes with it.
    assert_eq!(office.written(), before.replace("\n[guards]\nlarge_hours = \"8\"\n", ""));
    assert!(office.env.log().is_empty());
}

#[test]
fn what_is_so_already_is_not_written() {
    let office = office();
    for args in [
        &["config", "set", "tickets.priority", "2 Normal", "--yes"][..],
        &["config", "set", "tickets.priority", "2 Normal"],
        &["config", "set", "tickets.closed", "Resolved,Closed", "--json"],
        &["config", "unset", "ca_file"],
    ] {
        let ran = office.alone(args);
        assert!(ran.ends(0).stdout.contains("already"), "{ran}");
        assert_eq!(office.written(), FILE);
    }
}

#[test]
fn what_cannot_be_is_never_written() {
    let office = office();
    for (args, code, said) in [
        (&["wallpaper", "blue", "--yes"][..], 2, "\"wallpaper\" is not a setting"),
        (&["tickets.priorty", "1 High", "--yes"], 2, "did you mean tickets.priority?"),
        (&["auth", "basic", "--yes"], 2, "auth must be \"query\" or \"bearer\""),
        (&["timezone", "Europe/Olso", "--yes"], 2, "Europe/Oslo"),
        (
            &["rate_limit.requests", "many", "--yes"],
            2,
            "rate_limit.requests must be a whole number",
        ),
        (&["rate_limit.requests", "1e2", "--yes"], 2, "for rate_limit.requests: use 100"),
        (&["guards.large_amount", "1e3", "--yes"], 2, "for guards.large_amount: use 1000"),
        (&["write.settle_seconds", "2.5e-1", "--dry-run"], 2, "use 0.25"),
        (&["guards.large_amount", "7e28", "--yes"], 2, "must be between 0 and 100000000"),
        (&["guards.large_amount", "1e9", "--yes"], 2, "must be between 0 and 100000000"),
        (&["guards.large_amount", "1000000000.00", "--yes"], 2, "between 0 and 100000000"),
        (&["rate_limit.requests", "1e6", "--yes"], 2, "must be between 1 and 100000"),
        (&["write.settle_seconds", "7e28", "--yes"], 2, "must be more than 0 and at most"),
        (&["ca_file", "gone.pem", "--yes"], 2, "there is no file"),
        (&["api_key_file", "acme.kye", "--yes"], 2, "there is no file"),
        (&["rate_limit.requests", "-5", "--yes"], 2, "rate_limit.requests must be between"),
        (&["labor.new.rate", "1.50", "--yes"], 2, "labor.new needs a product_id"),
        (&["api_key_keyring", "acme", "--yes"], 2, "api_key_keyring conflicts with api_key_file"),
        (&["auth", "bearer"], 2, "use --yes to confirm"),
        (&["auth", "bearer", "--profile", "smm", "--yes"], 10, "there is no profile"),
        (&["auth", "bearer", "--sandbox", "--yes"], 2, "practice server"),
    ] {
        let ran = office.alone(&[&["config", "set"], args].concat());
        ran.ends(code).says(said);
        assert_eq!((office.written().as_str(), ran.stdout.as_str()), (FILE, ""), "{ran}");
        assert!(!ran.stderr.contains("config.toml:"), "the file has no such line: {ran}");
    }
    let ran = office.alone(&["config", "set", "auth", "bearer", "--dry-run", "--json"]);
    assert_eq!(ran.ends(0).json().unwrap()["outcome"], "dry_run");
    assert_eq!(office.written(), FILE);
    // Nothing that cannot be read is changed.
    let utf16: Vec<u8> = FILE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, said) in [(utf16.as_slice(), "UTF-16"), (b"auth = [", "fix that first")] {
        std::fs::write(office.config(), bytes).unwrap();
        for args in [&["list"][..], &["get", "auth"], &["set", "auth", "bearer", "--yes"]] {
            office.alone(&[&["config"], args].concat()).ends(10).says(said);
        }
        assert_eq!(std::fs::read(office.config()).unwrap(), bytes);
    }
}

/// What is typed may be another file in the folder of the configuration, or one where the person is.
#[test]
fn a_file_that_is_not_there_is_refused_with_the_one_that_may_be_meant() {
    let office = office();
    let there = office.folder().join("office-ca.pem");
    std::fs::write(&there, "").unwrap();
    let set = |typed: &str| office.alone(&["config", "set", "ca_file", typed, "--dry-run"]);
    set("office-ac.pem").ends(2).says(&format!("did you mean {}?", there.display()));
    set("office-ca.pem").ends(0);
    let here = office.env.dir().join("here.pem");
    std::fs::write(&here, "").unwrap();
    let mut command = office.command(&["config", "set", "ca_file", "here.pem", "--dry-run"]);
    command.current_dir(office.env.dir());
    let ran = crate::support::Running::start(command).wait();
    ran.ends(2).says(&format!("did you mean {}?", here.display()));
    assert_eq!(office.written(), FILE);
}

#[test]
fn changes_at_once_are_all_there() {
    let office = office();
    let edits = [
        ("user", "bo"),
        ("timezone", "Europe/Oslo"),
        ("tickets.after_bill", "Done"),
        ("tickets.after_close", "Shut"),
        ("rate_limit.requests", "90"),
        ("write.settle_seconds", "20"),
        ("guards.large_hours", "8"),
        ("billing.log_time", "charge"),
    ];
    let set = |(key, value): (&str, &str)| {
        crate::support::Running::start(office.command(&["config", "set", key, value, "--yes"]))
    };
    let running = edits.map(set);
    for one in running {
        one.wait().ends(0);
    }
    for (key, value) in edits {
        let ran = office.alone(&["config", "get", key]);
        assert_eq!(ran.ends(0).stdout, format!("{value}\n"), "{key}: {}", office.written());
    }
    assert_eq!(files(&office.folder()), [office.config()], "nothing is left beside it");
}

#[test]
fn whom_key_and_texts_go_to_is_said_before_it_is_written() {
    let office = office();
    for (key, value, said) in [
        ("base_url", "https://desk.example/api/v1", "the API key is then sent to desk.example"),
        ("subdomain", "other", "the API key is then sent to other.syncromsp.com"),
        (
            "draft.urls",
            "http://localhost:1, http://10.0.0.5:11434",
            "are then sent to 10.0.0.5:11434",
        ),
    ] {
        let ran = office.alone(&["config", "set", key, value, "--dry-run", "--json"]);
        ran.ends(0).says(said);
        let warnings = &ran.json().unwrap()["warnings"];
        assert!(warnings[0].as_str().unwrap().contains(said), "{ran}");
        assert_eq!(warnings.as_array().unwrap().len(), 1, "{ran}");
    }
    for (key, value) in [("draft.urls", "http://127.0.0.1:11434"), ("user", "bo")] {
        let ran = office.alone(&["config", "set", key, value, "--dry-run"]);
        assert!(!ran.ends(0).stderr.contains("then sent to"), "{ran}");
    }
    let set = ["config", "set", "base_url", "http://desk.example/api/v1", "--yes"];
    office.alone(&set).ends(2).says("must use https");
    // Without it, the account is at its own address again.
    office.alone(&["config", "set", "base_url", "https://desk.example/api/v1", "--yes"]).ends(0);
    let ran = office.alone(&["config", "unset", "base_url", "--dry-run"]);
    ran.ends(0).says("the API key is then sent to acme.syncromsp.com");
}

#[test]
fn a_change_that_nobody_sees_is_warned_of() {
    let env = TestEnv::of(Setup::default());
    let ran = env.run(&["config", "set", "subdomain", "acme", "--yes"]);
    ran.ends(0).says("another value is in force (environment)");
    let ran = env.run(&["config", "set", "tickets.priority", "1 High", "--yes"]);
    assert!(!ran.ends(0).stderr.contains("in force"), "{ran}");
}

#[test]
fn a_new_file_is_begun_where_there_is_none() {
    let env = TestEnv::new();
    let home = env.dir().join("home");
    let mut command = env.command();
    command.env_remove("SYNCRO_CONFIG").env("XDG_CONFIG_HOME", home.join("config"));
    command.args(["config", "set", "timezone", "Europe/Oslo", "--yes"]);
    crate::support::Running::start(command).wait().ends(0);
    let written = files(&home).into_iter().find(|path| path.ends_with("config.toml")).unwrap();
    assert_eq!(std::fs::read_to_string(written).unwrap(), "timezone = \"Europe/Oslo\"\n");
    // One that was named must be there.
    let gone = env.dir().join("gone.toml");
    let named = ["config", "set", "auth", "bearer", "--yes", "--config", gone.to_str().unwrap()];
    env.run(&named).ends(10).says("no such file");
    assert!(!gone.exists());
}

#[test]
fn settings_and_their_words_are_completed() {
    let env = TestEnv::new();
    let offered = |words: &[&str]| {
        let args = [&["completions", "zsh", "--answer", "--"], words].concat();
        env.run(&args).ends(0).stdout.clone()
    };
    let keys = offered(&["config", "set", "=labor.remote."]);
    assert!(keys.contains("labor.remote.taxable") && !keys.contains("onsite"), "{keys}");
    let keys = offered(&["config", "get", "="]);
    assert!(keys.contains("tickets.priority") && !keys.contains("api_key_command"), "{keys}");
    let words = offered(&["config", "set", "auth", "="]);
    assert!(words.contains("query") && words.contains("bearer"), "{words}");
    let words = offered(&["config", "set", "labor.remote.taxable", "=t"]);
    assert!(words.contains("true") && !words.contains("false"), "{words}");
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::support::Terminal;

    #[test]
    fn a_person_is_shown_the_line_and_asked() {
        let office = office();
        for (answer, code, written) in
            [("", 9, FILE.to_owned()), ("y", 0, FILE.replace("'2 Normal'", "\"1 High\""))]
        {
            let args = ["config", "set", "tickets.priority", "1 High"];
            let mut terminal = Terminal::of(office.command(&args));
            let preview = terminal.expect("Write this? [y/N]");
            assert!(preview.contains("+ priority = \"1 High\""), "{preview}");
            assert_eq!(office.written(), FILE, "nothing is written before the yes");
            terminal.reply("Write this? [y/N]", answer);
            let (ended, shown) = terminal.end();
            assert_eq!(ended, code, "{shown}");
            assert_eq!(office.written(), written);
        }
    }

    #[test]
    fn what_somebody_else_changes_meanwhile_stays() {
        let office = office();
        let args = ["config", "set", "tickets.priority", "1 High"];
        let mut terminal = Terminal::of(office.command(&args));
        terminal.expect("Write this? [y/N]");
        let theirs = FILE.replace("acme\"", "other\"");
        office.write(&theirs);
        terminal.reply("Write this? [y/N]", "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 5, "{shown}");
        assert_eq!(office.written(), theirs);
    }

    /// Neither a key nor an address is needed for that.
    #[test]
    fn a_setting_is_asked_for_by_its_name_and_then_its_value() {
        let office = office();
        let talk = |args: &[&str]| {
            let mut command = office.command(args);
            // The key in the file is never sent there.
            command.env("SYNCRO_BASE_URL", "https://elsewhere.example/api/v1");
            Terminal::of(command)
        };
        let asked = "Setting (tickets.priority):";
        let mut terminal = talk(&["config", "set"]);
        let list = terminal.answer(asked, "tickets.priorty");
        assert!(list.contains("tickets.after_bill") && list.contains("labor.NAME.rate"), "{list}");
        assert!(!list.contains("api_key_command"), "{list}");
        let said = terminal.answer(asked, "?");
        assert!(said.contains("did you mean tickets.priority?"), "{said}");
        let help = terminal.answer(asked, "auth");
        assert!(help.contains("names above") && help.contains("labor.remote.rate"), "{help}");
        assert!(!help.contains("no setting"), "{help}");
        terminal.answer("New value [1-2, Enter cancels]:", "bearer");
        terminal.answer("Write this? [y/N]", "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert!(office.written().contains("auth = \"bearer\""), "{shown}");
        for (typed, says) in [
            (&["config", "set", "tickets.priorty"][..], "did you mean tickets.priority?"),
            (&["config", "set", "api_key"], "syncro init"),
            (&["--sandbox", "config", "set"], "practice server cannot be changed"),
            (&["--sandbox", "config", "set", "auth"], "practice server cannot be changed"),
        ] {
            let (code, shown) = talk(typed).end();
            assert_eq!(code, 2, "{typed:?}: {shown}");
            assert!(shown.contains(says), "{typed:?}: {shown}");
            assert!(!shown.contains(asked) && !shown.contains("New value"), "{typed:?}: {shown}");
        }
        let mut terminal = talk(&["config", "get"]);
        terminal.answer(asked, "tickets.priority");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert!(shown.ends_with("2 Normal\n"), "{shown}");
    }
}
