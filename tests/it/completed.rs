//! What a person types and the shell completes: numbers and names from lists that were printed, without a request; and
//! nothing that a server sends is ever taken for a command.

use std::path::PathBuf;
#[cfg(unix)]
use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{Setup, TestEnv, files};

/// What is offered to fish: values, and what is said of each.
fn offered(env: &TestEnv, words: &[&str], current: &str) -> Vec<(String, String)> {
    offered_with(env, words, current, &[])
}

fn offered_with(
    env: &TestEnv,
    words: &[&str],
    current: &str,
    pairs: &[(&str, &str)],
) -> Vec<(String, String)> {
    let current = format!("={current}");
    let args = [&["completions", "fish", "--answer", "--"], words, &[&current]].concat();
    let ran = env.run_with(&args, pairs);
    let mut lines = ran.ends(0).stdout.lines();
    assert!(ran.stderr.is_empty(), "{ran}");
    assert!(["values", "files"].contains(&lines.next().unwrap()), "{ran}");
    let pair = |line: &str| {
        let (value, text) = line.split_once('\t').unwrap();
        (value.to_owned(), text.to_owned())
    };
    lines.map(pair).collect()
}

fn values(env: &TestEnv, words: &[&str], current: &str) -> Vec<String> {
    offered(env, words, current).into_iter().map(|(value, _)| value).collect()
}

/// Prints the lists from which names are known.
fn print_lists(env: &TestEnv) {
    for list in [
        &["tickets", "--all"][..],
        &["customers", "--all", "--json"],
        &["contact", "list", "--all", "--csv"],
        &["asset", "list", "--all"],
        &["invoice", "list", "--all"],
        &["product", "list", "--all"],
        &["payment", "list", "--all"],
        &["appointment", "list", "--date", "2026-03-01..2026-03-31"],
        &["tickets", "--status", "new"],
    ] {
        env.run(list).ends(0);
    }
}

/// A place in a command line, what was typed there, and what is offered.
type Place = (&'static [&'static str], &'static str, &'static [&'static str]);

const PLACES: [Place; 29] = [
    (&["bill"], "3218", &["32181", "32180"]),
    (&["ticket"], "32181", &["32181"]),
    (&["--json", "t"], "32181", &["32181"]),
    (&["invoice", "list", "--ticket"], "32181", &["32181"]),
    (&["customer", "show"], "quill", &["Quillfeather Books"]),
    (&["customers"], "quill", &["Quillfeather Books"]),
    (&["tickets"], "--customer=quill", &["--customer=Quillfeather Books"]),
    (&["contact", "show"], "imel", &["Imelda Quill"]),
    (&["tickets", "--contact"], "imel", &["Imelda Quill"]),
    (&["asset", "show"], "till-1", &["TILL-1"]),
    (&["update", "32181"], "in p", &["In Progress"]),
    (&["update", "32181", "--status"], "on the", &["On the Bench"]),
    (&["tickets", "--status"], "New,on the", &["New,On the Bench"]),
    (&["tickets", "--priority"], "4", &["4 Urgent"]),
    (&["create", "x", "y", "--issue-type"], "prin", &["Printing"]),
    (&["bill", "32181", "-t30", "--labor"], "em", &["emergency"]),
    (&["bill", "32181", "-l"], "em", &["emergency"]),
    (&["tickets", "--assignee"], "mika", &["Mika Thornquist"]),
    (&["invoice", "show"], "67410", &["67410"]),
    (&["product", "show"], "labor - re", &["Labor - Remote"]),
    (&["tickets", "--columns"], "number,sub", &["number,subject"]),
    (&["tickets", "--sort"], "cu", &["customer"]),
    (&["help", "invoice"], "cre", &["create"]),
    (&["open"], "32181", &["32181"]),
    (&["open"], "inv", &["invoice"]),
    (&["open", "customer"], "quill", &["Quillfeather Books"]),
    (&["line", "add", "32181", "--product"], "labor - re", &["Labor - Remote"]),
    (&["help"], "exit", &["exit-codes"]),
    (&["bill", "32181", "--"], "--la", &[]),
];

#[test]
fn what_lists_have_shown_is_offered_without_a_request() {
    let env = TestEnv::new();
    assert_eq!(values(&env, &["bill"], "3218"), [] as [&str; 0]);
    print_lists(&env);
    let before = env.log().len();
    for (words, current, wanted) in PLACES {
        assert_eq!(values(&env, words, current), wanted, "{words:?} {current}");
    }
    for (words, count) in [
        (&["payment", "show"][..], 3),
        (&["appointment", "show"], 3),
        (&["appointment", "cancel"], 3),
        (&["line", "add", "32181", "--product"], 3),
        (&["asset", "create", "x", "y", "--type"], 2),
    ] {
        let there = offered(&env, words, "");
        assert!(there.len() >= count, "{words:?}: {there:?}");
        assert!(there.iter().all(|(value, _)| !value.is_empty()));
    }
    let till = &offered(&env, &["bill"], "32181")[0];
    assert_eq!(till.1, "Till will not print gift receipts");
    assert_eq!(env.log().len(), before, "a request was made");
}

#[test]
fn they_are_kept_for_their_account_alone_for_a_day_and_privately() {
    let profile = "[profiles.other]\nuser = \"x@example.com\"\n".to_owned();
    let env = TestEnv::of(Setup { more: profile, ..Setup::default() });
    print_lists(&env);
    let tickets = |pairs: &[(&str, &str)], words: &[&str]| {
        offered_with(&env, &[words, &["bill"]].concat(), "3218", pairs).len()
    };
    assert_eq!(tickets(&[], &[]), 2);
    for (pairs, words) in [
        (&[("SYNCRO_BASE_URL", "http://127.0.0.1:9/api/v1")][..], &[][..]),
        (&[("SYNCRO_PROFILE", "other")], &[]),
        (&[], &["--profile", "other"]),
        (&[], &["--profile=other"]),
        (&[], &["--sandbox"]),
        (&[("SYNCRO_SANDBOX", "1")], &[]),
        (&[], &["--config", "/nowhere/config.toml"]),
    ] {
        assert_eq!(tickets(pairs, words), 0, "{pairs:?} {words:?}");
    }
    let known = known(&env);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&known).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // A closed one is not offered any more once a list has shown it.
    let path = format!("/tickets/{}", crate::support::ticket_id(32_180));
    let closed = json!({"status": "Resolved"});
    assert_eq!(env.account().call("PUT", &path, Some(&closed)).0, 200);
    assert_eq!(tickets(&[], &[]), 2);
    env.run(&["tickets", "--status", "resolved", "--all"]).ends(0);
    assert_eq!(tickets(&[], &[]), 1);
    let text = std::fs::read_to_string(&known).unwrap();
    let today = jiff::Timestamp::now().to_string()[..10].to_owned();
    assert!(text.contains(&today));
    std::fs::write(&known, text.replace(&today, "2026-01-02")).unwrap();
    assert_eq!(tickets(&[], &[]), 0);
    std::fs::write(&known, "{\"tickets\": 7").unwrap();
    assert_eq!(tickets(&[], &[]), 0);
}

/// The file of what lists have shown.
fn known(env: &TestEnv) -> PathBuf {
    let named = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("known-");
    files(&env.state_dir()).into_iter().find(named).unwrap()
}

#[test]
fn no_key_is_asked_for() {
    let env = TestEnv::new();
    let config = env.dir().join("key.toml");
    let ran = env.dir().join("ran");
    let text = format!(
        "subdomain = \"acme\"\napi_key_command = [\"touch\", {:?}]\n[labor.remote]\nproduct_id = 1\n",
        ran.to_str().unwrap()
    );
    std::fs::write(&config, text).unwrap();
    let mut command = env.command();
    for name in ["SYNCRO_API_KEY", "SYNCRO_BASE_URL"] {
        command.env_remove(name);
    }
    command.env("SYNCRO_CONFIG", config);
    command.args(["completions", "fish", "--answer", "--", "bill", "1", "--labor", "="]);
    let offered = crate::support::Running::start(command).wait();
    assert_eq!(offered.ends(0).stdout, "values\nremote\t\n");
    assert!(!ran.exists(), "the key command ran");
}

/// A name that does harm wherever a shell takes it for more than letters.
const EVIL: &str =
    "Evil $(touch pwned) `touch pwned` \"q\" 'r'; touch pwned & x > pwned #!*?~{a,b}";

/// A name that a terminal does not show as it is.
const HIDDEN: &str = "Evil\u{202e}twin\u{1b}]0;x\u{7}\n$(touch pwned)";

/// An account with such customers, and a ticket of the same subject.
fn evil() -> TestEnv {
    let env = TestEnv::new();
    for name in [EVIL, HIDDEN] {
        let customer = json!({"business_name": name});
        let (status, answer) = env.account().call("POST", "/customers", Some(&customer));
        assert!(status < 300, "{answer}");
        let id = answer["customer"]["id"].clone();
        let ticket = json!({"customer_id": id, "subject": name});
        let (status, answer) = env.account().call("POST", "/tickets", Some(&ticket));
        assert!(status < 300, "{answer}");
    }
    print_lists(&env);
    env
}

/// A shell with its command line on PATH; nothing where it is not installed.
#[cfg(unix)]
fn shell(env: &TestEnv, name: &str, args: &[&str]) -> Option<Command> {
    let path = ["/bin", "/usr/bin"].map(|dir| Path::new(dir).join(name));
    let Some(path) = path.iter().find(|path| path.exists()) else {
        println!("{name} is not installed");
        return None;
    };
    let dir = env.dir().join("bin");
    std::fs::create_dir_all(&dir).unwrap();
    let link = dir.join("syncro");
    if !link.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_syncro"), link).unwrap();
    }
    let ours = env.command();
    let mut command = Command::new(path);
    let set = ours.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(set).args(args).current_dir(ours.get_current_dir().unwrap());
    let path = format!("{}:/usr/bin:/bin", dir.to_str().unwrap());
    command.env("PATH", path).env("LC_ALL", "C.UTF-8").env("PS1", "$ ");
    Some(command)
}

/// Whether something that came from the server was run.
#[cfg(unix)]
fn harmed(env: &TestEnv) -> bool {
    files(env.dir()).iter().any(|path| path.ends_with("pwned"))
}

#[cfg(unix)]
#[test]
fn bash_takes_a_name_for_letters() {
    let env = evil();
    let script = "eval \"$(syncro completions bash)\"
        COMP_LINE=\"syncro $1\"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=$2
        _syncro syncro \"${1##* }\" x
        printf '%s\\n' \"${#COMPREPLY[@]}\"
        for one in \"${COMPREPLY[@]}\"; do eval \"printf '<%s>' $one\"; echo; done";
    let completed = |line: &str, kind: &str| {
        let command = shell(&env, "bash", &["--norc", "-c", script, "bash", line, kind])?;
        Some(crate::support::Running::start(command).wait())
    };
    let Some(ran) = completed("customer show evi", "9") else {
        return;
    };
    assert_eq!(ran.ends(0).stdout, format!("1\n<{EVIL}>\n"), "{ran}");
    // What is said of several means nothing either.
    let ran = completed("ticket ", "63").unwrap();
    let number = env.account().get("/tickets")["tickets"][1]["number"].to_string();
    assert!(ran.ends(0).stdout.contains(&format!("<{number}><--><Evil>")), "{ran}");
    let ran = completed("ticket ", "37").unwrap();
    assert!(ran.ends(0).stdout.contains(&format!("<{number}>\n")), "{ran}");
    // In quotes it cannot be offered.
    let ran = completed("customer show \"evi", "9").unwrap();
    assert_eq!(ran.ends(0).stdout, "0\n", "{ran}");
    let ran = completed("customer show \"quil", "9").unwrap();
    assert!(ran.ends(0).stdout.starts_with("1\n"), "{ran}");
    assert!(!harmed(&env));
}

/// What a person sees who types a line with Tab at its end, and then Enter.
#[cfg(unix)]
fn typed(env: &TestEnv, name: &str, args: &[&str], setup: &str, enter: &str) {
    use crate::support::Terminal;
    let Some(command) = shell(env, name, args) else {
        return;
    };
    let mut terminal = Terminal::of(command);
    // A shell draws what is typed where the terminal shows it.
    terminal.say("stty echo");
    terminal.say(setup);
    terminal.say("echo re''ady");
    terminal.expect("ready");
    for (line, completed, then) in TYPED {
        // Before its prompt a shell does not read key by key.
        terminal.expect("$ ");
        terminal.send(&format!("{line}\t"));
        terminal.expect(completed);
        terminal.send(enter);
        terminal.expect(then);
    }
    terminal.say("exit 0");
    terminal.end();
    assert!(!harmed(env), "{name}");
}

/// What is typed, the end of what the shell makes of it, and what the program that gets it whole answers.
#[cfg(unix)]
const TYPED: [(&str, &str, &str); 4] = [
    // Another one begins so, too.
    ("syncro customer show evi", "touch", "Evil $(touch pwned)"),
    ("syncro ticket 32181 --js", "on", "\"number\": 32181"),
    ("syncro tickets --status 'on the b", "ench", "#32151"),
    ("syncro tickets --limit 1 --sort=pri", "ority", "1 High"),
];

#[cfg(unix)]
#[test]
fn a_person_at_bash_gets_what_they_began_to_type() {
    let env = evil();
    let setup = "bind 'set bell-style none'; eval \"$(syncro completions bash)\"";
    typed(&env, "bash", &["--norc", "--noprofile", "-i"], setup, "\r");
}

#[cfg(unix)]
#[test]
fn a_person_at_zsh_gets_what_they_began_to_type() {
    let env = evil();
    let setup = "unsetopt prompt_sp; autoload -U compinit; compinit -D -u; source <(syncro completions zsh)";
    typed(&env, "zsh", &["-f", "-i"], setup, "\r");
}

/// Customers and a product as offices name them, each beside another that begins alike.
#[cfg(unix)]
fn punctuated() -> TestEnv {
    let env = TestEnv::new();
    for name in ["O'Neil & Sons", "O'Neil & Daughters", "Quist (Night): 50% \"Off\""] {
        let customer = json!({"business_name": name});
        assert!(env.account().call("POST", "/customers", Some(&customer)).0 < 300);
    }
    env.run(&["product", "list"]).ends(0);
    for words in ["neil", "quist"] {
        env.run(&["customers", words]).ends(0);
    }
    env
}

/// Lines with Tab at the end of each part, what the last one makes of it, and what the program that gets the name whole
/// answers.
#[cfg(unix)]
const NAMES: [(&[&str], &str, &str); 6] = [
    (&["syncro customer show O", "S"], "ons", "O'Neil & Sons"),
    (&["syncro customer show \"O", "D"], "aughters", "O'Neil & Daughters"),
    (&["syncro customer show O\\'Neil\\ \\&\\ D"], "aughters", "O'Neil & Daughters"),
    (&["syncro customer show Quis"], "Off", "Quist (Night): 50% \"Off\""),
    (&["syncro product show Lab", "Rem"], "ote", "Labor - Remote"),
    (&["syncro product show 'Labor - Rem"], "ote", "Labor - Remote"),
];

#[cfg(unix)]
fn types_names(name: &str, args: &[&str], setup: &str) {
    use crate::support::Terminal;
    let env = punctuated();
    let Some(command) = shell(&env, name, args) else {
        return;
    };
    let mut terminal = Terminal::of(command);
    terminal.say("stty echo");
    terminal.say(setup);
    terminal.say("echo re''ady");
    terminal.expect("ready");
    for (parts, completed, then) in NAMES {
        terminal.expect("$ ");
        for part in parts {
            terminal.send(&format!("{part}\t"));
            terminal.expect(part.split(' ').next_back().unwrap_or_default());
        }
        terminal.expect(completed);
        terminal.send("\r");
        terminal.expect(then);
    }
    terminal.say("exit 0");
    terminal.end();
}

#[cfg(unix)]
#[test]
fn names_with_punctuation_are_completed_in_bash() {
    let setup = "bind 'set bell-style none'; eval \"$(syncro completions bash)\"";
    types_names("bash", &["--norc", "--noprofile", "-i"], setup);
}

#[cfg(unix)]
#[test]
fn names_with_punctuation_are_completed_in_zsh() {
    let setup = "unsetopt prompt_sp; autoload -U compinit; compinit -D -u; source <(syncro completions zsh)";
    types_names("zsh", &["-f", "-i"], setup);
}

/// What is counted by each is no labor of a bill, but may be added to it.
#[test]
fn only_labor_by_the_hour_is_offered_as_labor() {
    let env = TestEnv::new();
    for (words, has_travel) in [
        (&["bill", "32181", "--labor"][..], false),
        (&["bill", "32181", "-l"], false),
        (&["timer", "start", "32181", "--labor"], false),
        (&["bill", "32181", "--add"], true),
        (&["line", "add", "32181", "--labor"], true),
    ] {
        let there = values(&env, words, "");
        assert!(there.contains(&"remote".to_owned()), "{words:?}: {there:?}");
        assert_eq!(there.contains(&"travel".to_owned()), has_travel, "{words:?}: {there:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_person_at_fish_gets_what_they_began_to_type() {
    let env = evil();
    let Some(mut command) = shell(&env, "fish", &["--no-config", "-c"]) else {
        return;
    };
    command.arg("syncro completions fish | source; complete -C 'syncro customers evi'");
    let ran = crate::support::Running::start(command).wait();
    let (value, _) = ran.ends(0).stdout.split_once('\t').unwrap();
    assert_eq!(value, EVIL);
    assert!(!harmed(&env));
}

#[cfg(unix)]
#[test]
fn a_person_at_elvish_gets_what_they_began_to_type() {
    let env = evil();
    let setup = "set edit:prompt = { put '$ ' }; set edit:rprompt = { }; eval (syncro completions elvish | slurp)";
    // The first takes what its list proposes.
    typed(&env, "elvish", &["-norc"], setup, "\r\r");
}

/// PowerShell is not run here: the script is held to what it must have, and the answers to what PowerShell takes for one
/// word of letters.
#[test]
fn powershell_is_asked_for_and_given_quoted_words() {
    let env = evil();
    let ran = env.run(&["completions", "powershell"]);
    let script = &ran.ends(0).stdout;
    assert!(script.is_ascii());
    for part in [
        "Register-ArgumentCompleter -Native -CommandName 'syncro' -ScriptBlock {",
        "param($wordToComplete, $commandAst, $cursorPosition)",
        "completions powershell --answer '--' @before \"=$current\"",
        "[System.Management.Automation.CompletionResult]::new(",
        // Answers are UTF-8, whatever the console's code page, which is put back.
        "[Console]::OutputEncoding = [System.Text.Encoding]::UTF8",
        "[Console]::OutputEncoding = $encoding",
    ] {
        assert!(script.contains(part), "{part}: {script}");
    }
    for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
        assert_eq!(script.matches(open).count(), script.matches(close).count(), "{open}{close}");
    }
    let answered = |words: &[&str], current: &str| {
        let word = format!("={current}");
        let args = [&["completions", "powershell", "--answer", "--"], words, &[&word]].concat();
        env.run(&args).ends(0).stdout.clone()
    };
    let quoted = format!("values\n'{}'\t", EVIL.replace('\'', "''"));
    let found = answered(&["customer", "show"], "evi");
    assert!(found.starts_with(&quoted), "{found}");
    let found = answered(&["tickets", "--status"], "on the b");
    assert!(found.starts_with("values\n'On the Bench'\t"), "{found}");
    assert!(answered(&["tickets"], "--sort=pri").contains("--sort=priority\t"));
    assert_eq!(answered(&["comment", "32181", "--file"], "no"), "files\n");
}

#[test]
fn what_a_terminal_would_not_show_as_it_is_is_not_offered() {
    let env = evil();
    let there: Value = env.run(&["customers", "evil", "--json"]).ends(0).json().unwrap();
    assert_eq!(there.as_array().unwrap().len(), 2);
    assert_eq!(values(&env, &["customer", "show"], "evil"), [EVIL]);
    for (_, text) in offered(&env, &["ticket"], "") {
        assert!(!text.chars().any(char::is_control) && !text.contains('\u{202e}'), "{text:?}");
    }
}
