//! Every example can be pasted: those of every command's help, of the topics and of README are each run as one line of sh
//! at the practice account, whose records they name. Who pastes one that asks is asked.

use std::collections::BTreeSet;
use std::process::Command;

use jiff::Timestamp;
use syncro::sandbox::KEY;

use crate::support::{CTRL_C, MachineClock, Running, Terminal, TestEnv, bill};

const README: &str = include_str!("../../README.md");

/// The plan that examples name; each run has an id of its own.
const PLAN: &str = "20260114-093012-abcd";

/// When they are pasted: noon of the practice account's first day, a Tuesday.
const NOW: &str = "2026-03-17T17:00:00Z";

/// Not for sh: their shells have tests of their own.
const OTHER_SHELLS: [&str; 2] = [
    "eval (syncro completions elvish | slurp)",
    "syncro completions powershell | Out-String | Invoke-Expression",
];

/// What is typed before those that go on with something.
const BEFORE: [(&str, &str); 9] = [
    ("syncro report ar --offline", "syncro sync"),
    ("syncro search --said", "syncro sync"),
    ("syncro search gift receipts --offline", "syncro sync"),
    ("syncro sync --status", "syncro sync"),
    ("syncro ticket 32181 --offline", "syncro sync"),
    ("syncro tickets --mine --offline", "syncro sync"),
    ("syncro timer pause 32181", "syncro timer start 32181 --timer-running --yes"),
    (
        "syncro timer resume 32181",
        "syncro timer start 32181 --timer-running --yes && syncro timer pause 32181 --yes",
    ),
    ("syncro timer stop 32181", "syncro timer start 32181 --timer-running --yes"),
];

/// The lines of a text that are commands, indented as examples are.
fn indented(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
    let words = |line: &str| line.split(' ').any(|word| word.trim_start_matches('(') == "syncro");
    lines.filter(move |line| words(line) && !line.starts_with(' ')).map(str::to_owned)
}

/// An example of a page stands in one line of it, behind two spaces: what is broken cannot be pasted.
const COLUMNS: usize = 78;

/// Every example, once.
fn examples() -> BTreeSet<String> {
    let root = syncro::cli::command();
    let mut all = BTreeSet::new();
    for words in syncro::help::all(&root) {
        let command = syncro::help::command(root.clone(), &words).unwrap();
        let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        all.extend(indented(&text));
    }
    assert!(all.len() > 150, "{}", all.len());
    for topic in syncro::help::TOPICS {
        all.extend(indented(&topic.page(None)));
    }
    let broken: Vec<&String> = all.iter().filter(|line| line.len() > COLUMNS).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    let shown = README.lines().filter_map(|line| line.strip_prefix("$ "));
    all.extend(shown.map(str::to_owned));
    all
}

/// Its surroundings: the program and what else an example calls on PATH, and the files that it names.
fn surroundings() -> TestEnv {
    let env = TestEnv::new();
    let bin = env.dir().join("bin");
    let home = env.dir().join("home");
    for folder in [
        &bin,
        &home.join(".local/share/bash-completion/completions"),
        &home.join(".local/share/man/man1"),
        &home.join(".config/fish/completions"),
        &home.join(".zfunc"),
    ] {
        std::fs::create_dir_all(folder).unwrap();
    }
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_syncro"), bin.join("syncro")).unwrap();
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    std::fs::write(env.config_file(), format!("{config}\n[profiles.sam]\n")).unwrap();
    env.script("bin/git", "#!/bin/sh\necho 'a1b2c3d till: the gift layout'\n");
    env.script("bin/pass", &format!("#!/bin/sh\necho '{KEY}'\n"));
    env.script("bin/man", "#!/bin/sh\ngrep -q '^.TH'\n");
    std::fs::write(home.join("notes.txt"), "The gift layout is back.\n").unwrap();
    let comment = "{\"subject\": \"Update\", \"body\": \"It prints.\", \"hidden\": true}\n";
    std::fs::write(home.join("comment.json"), comment).unwrap();
    env
}

/// The line as a shell runs it.
fn shell(env: &TestEnv, line: &str) -> Command {
    let ours = env.command();
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().args(["-e", "-c", &format!("stty echo 2>/dev/null || :\n{line}")]);
    for (name, value) in ours.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    let path = format!("{}:/usr/bin:/bin", env.dir().join("bin").display());
    shell.env("PATH", path).current_dir(env.dir().join("home"));
    shell
}

/// What changes the settings: the practice server's own stay as they are.
const SETTINGS: [&str; 2] = ["syncro config set", "syncro config unset"];

/// The same as a newcomer pastes it: into the built-in practice server, or where it sets up an account, into a new one.
fn pasted(env: &TestEnv, line: &str) -> Command {
    let mut shell = shell(env, line);
    if line.contains("syncro init") {
        shell.env("SYNCRO_CONFIG", env.dir().join("new/config.toml")).env_remove("SYNCRO_API_KEY");
    } else if !SETTINGS.iter().any(|words| line.contains(words)) {
        // What a weekday names depends on the day.
        let ahead = NOW.parse::<Timestamp>().unwrap().duration_since(Timestamp::now());
        let clock = MachineClock::ahead(env.dir(), ahead.as_secs());
        shell.env("SYNCRO_SANDBOX", "1").envs(clock.variables());
    }
    shell
}

/// Why an example does not do what it says, if so: it is asked about, or it runs to its end.
fn wrong(line: &str) -> Option<String> {
    let env = surroundings();
    let before = BEFORE.iter().find(|(start, _)| line.starts_with(start));
    if let Some((_, before)) = before {
        Running::start(pasted(&env, before)).wait().ends(0);
    }
    if line.contains("--yes") || line.contains(" | ") {
        let ran = Running::start(pasted(&env, line)).wait();
        let is_wrong = ran.code != 0 || ran.stderr.contains("error: ");
        return is_wrong.then(|| format!("{line}\n{ran}"));
    }
    let mut terminal = Terminal::of(pasted(&env, line));
    let is_asked = terminal.is_asked();
    if is_asked {
        terminal.send(CTRL_C);
    }
    let (code, shown) = terminal.end();
    let done = if is_asked { 130 } else { 0 };
    (code != done).then(|| format!("{line}: {code}\n{shown}"))
}

fn all_do(examples: impl Iterator<Item = String>) {
    let wrong: Vec<String> = examples.filter_map(|line| wrong(&line)).collect();
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n----\n"));
}

/// So many share them.
const SHARES: usize = 4;

fn share(number: usize) {
    let all = examples().into_iter().filter(|line| {
        let elsewhere = line.contains(PLAN) || line.contains("sandbox serve");
        !elsewhere && !OTHER_SHELLS.contains(&line.as_str())
    });
    all_do(all.enumerate().filter(|(at, _)| at % SHARES == number).map(|(_, line)| line));
}

#[test]
fn a_first_share_of_the_examples_runs() {
    share(0);
}

#[test]
fn a_second_share_of_the_examples_runs() {
    share(1);
}

#[test]
fn a_third_share_of_the_examples_runs() {
    share(2);
}

#[test]
fn a_fourth_share_of_the_examples_runs() {
    share(3);
}

#[test]
fn no_example_has_a_placeholder() {
    let all = examples();
    for line in &all {
        let odd = ["<", "...", "ID", "NUMBER", "NAME", "TOPIC"].iter().find(|odd| {
            // A person with an address.
            line.split(' ').any(|word| word.contains(**odd) && !word.contains('@'))
        });
        assert_eq!(odd, None, "{line}");
        assert!(line.is_ascii(), "{line}");
    }
    for line in OTHER_SHELLS {
        assert!(all.contains(line), "{line} is no example any more");
    }
}

/// The plan that they name is one that was cut off.
#[test]
fn examples_about_a_plan_run_where_one_is_pending() {
    for line in examples().iter().filter(|line| line.contains(PLAN)) {
        let env = TestEnv::with(&["invoice-create=close-before"]);
        let ran = env.run(&bill(&["--yes", "--json"]));
        let id = ran.ends(6).json().unwrap()["plan"].as_str().unwrap().to_owned();
        std::fs::create_dir_all(env.dir().join("bin")).unwrap();
        let link = env.dir().join("bin/syncro");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_syncro"), link).unwrap();
        let line = line.replace(PLAN, &id);
        if line.contains("--yes") {
            Running::start(shell(&env, &line)).wait().ends(0);
        } else {
            let mut terminal = Terminal::of(shell(&env, &line));
            assert!(terminal.is_asked(), "{line}");
            terminal.say("y");
            let (code, shown) = terminal.end();
            assert_eq!(code, 0, "{line}: {shown}");
        }
        assert!(env.journal().iter().all(|plan| plan.is_closed()), "{line}");
    }
}

/// A server that runs until it is stopped, at a port that is free here.
#[test]
fn examples_of_the_server_start_one() {
    for line in examples().iter().filter(|line| line.contains("sandbox serve")) {
        let env = surroundings();
        let mut terminal =
            Terminal::of(shell(&env, &format!("exec {}", line.replace("8080", "0"))));
        terminal.expect("http://127.0.0.1:");
        terminal.expect("Ctrl-C stops the server");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 0, "{line}");
    }
}
