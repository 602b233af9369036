//! Completion scripts: plain ASCII, every command, no settings needed.

use crate::support::{Running, TestEnv, syncro};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

#[test]
fn every_shell_gets_every_command_in_ascii() {
    let env = TestEnv::new();
    let commands: Vec<String> = syncro::cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    assert!(commands.len() > 6);
    for shell in SHELLS {
        let ran = env.run(&["completions", shell]);
        ran.ends(0);
        assert!(ran.stdout.is_ascii() && ran.stderr.is_empty(), "{shell}");
        assert!(ran.stdout.contains("syncro"), "{shell}");
        // The script asks for what is completed.
        let offered = |words: &[&str], current: &str| {
            let line = [&["syncro"], words, &[current]].concat().join(" ");
            let word = format!("={current}");
            let typed = if shell == "bash" { vec![line.as_str()] } else { words.to_vec() };
            let args = [&["completions", shell, "--answer", "--"], &typed[..], &[&word]].concat();
            let ran = env.run(&args);
            assert!(ran.stdout.is_ascii() && ran.stderr.is_empty(), "{shell}");
            ran.ends(0).stdout.clone()
        };
        let there = offered(&[], "");
        for word in &commands {
            assert!(there.contains(word), "{shell} does not know {word}");
        }
        let flags = offered(&["bill", "32181"], "--");
        for word in ["dry-run", "minutes"] {
            assert!(flags.contains(word), "{shell} does not know {word}");
        }
    }
    assert!(env.log().is_empty());
}

#[test]
fn no_settings_are_needed() {
    let env = TestEnv::new();
    let nowhere = env.dir().join("nowhere");
    let plain = env.run(&["completions", "bash"]).ends(0).stdout.clone();
    for variables in [
        [("SYNCRO_CONFIG", nowhere.to_str().unwrap())],
        [("SYNCRO_SANDBOX", "perhaps")],
        [("SYNCRO_BASE_URL", "no address")],
    ] {
        let ran = env.run_with(&["completions", "bash"], &variables);
        assert_eq!(ran.ends(0).stdout, plain);
    }
    let mut command = syncro(&nowhere);
    command.args(["completions", "fish", "--json"]);
    Running::start(command).wait().ends(0);
}

#[test]
fn another_shell_is_refused_with_the_list() {
    let ran = TestEnv::new().run(&["completions", "tcsh"]);
    ran.ends(2);
    for shell in SHELLS {
        ran.says(shell);
    }
    TestEnv::new().run(&["completions"]).ends(2);
}

#[cfg(unix)]
#[test]
fn bash_takes_its_script() {
    let env = TestEnv::new();
    let script = env.run(&["completions", "bash"]).ends(0).stdout.clone();
    let path = env.dir().join("syncro.bash");
    std::fs::write(&path, script).unwrap();
    let words = "source \"$1\"; COMP_LINE='syncro --sandbox who'; COMP_POINT=${#COMP_LINE}; _syncro \"$2\" who --sandbox; \
                 echo \"${COMPREPLY[@]}\"";
    let mut command = std::process::Command::new("/bin/bash");
    let ours = env.command();
    let set = ours.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(set).args(["--norc", "-c", words, "bash"]);
    command.arg(&path).arg(env!("CARGO_BIN_EXE_syncro"));
    let ran = Running::start(command).wait();
    assert_eq!(ran.ends(0).stdout.trim(), "whoami", "{ran}");
}
