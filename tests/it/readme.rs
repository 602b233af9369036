//! README's examples say what the program does: each block marked as an example is run, in order, against a practice
//! server at its first day, and must print what is printed there. It is a door, and short.

use crate::support::{FIRST_DAY, syncro};

const README: &str = include_str!("../../README.md");

/// The marked console blocks: the command, and what must come out of it.
fn examples() -> Vec<(String, String)> {
    README
        .split("<!-- example -->\n```console\n")
        .skip(1)
        .map(|rest| {
            let (block, _) = rest.split_once("```").unwrap();
            let (command, output) = block.split_once('\n').unwrap();
            let command = command.strip_prefix("$ syncro ").unwrap();
            (command.to_owned(), output.to_owned())
        })
        .collect()
}

/// Splits as a shell does, as far as the examples need it: spaces, and double quotes around them.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn examples_print_what_they_say() {
    let home = tempfile::tempdir().unwrap();
    let examples = examples();
    assert!((1..=3).contains(&examples.len()), "{} examples", examples.len());
    assert!(README.lines().count() <= 150, "{} lines", README.lines().count());
    for (command, wanted) in examples {
        let ran = syncro(home.path())
            .args(words(&command))
            .env("SYNCRO_STATE_DIR", home.path().join("state"))
            .env("SYNCRO_SANDBOX_TODAY", FIRST_DAY)
            .output()
            .unwrap();
        // On a terminal both streams are one page; the preview comes first.
        let shown = format!(
            "{}{}",
            String::from_utf8(ran.stderr).unwrap(),
            String::from_utf8(ran.stdout).unwrap()
        );
        assert!(ran.status.success(), "{command}: {shown}");
        assert_eq!(shown, wanted, "{command}");
    }
}

/// The picture is made by a script; it shows the bill that stands below it.
#[test]
fn the_picture_is_the_first_example() {
    let picture = include_str!("../../.github/session.svg");
    let text = |row: &str| {
        let parts = row.split('<').skip(1).filter_map(|part| Some(part.split_once('>')?.1));
        parts.collect::<String>().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let rows = picture.lines().filter(|row| row.starts_with("<text")).map(text);
    let (typed, shown): (Vec<_>, Vec<_>) = rows.enumerate().partition(|(at, _)| *at < 2);
    let joined = |rows: Vec<(usize, String)>| {
        rows.into_iter().map(|(_, row)| row + "\n").collect::<String>()
    };
    let (command, output) = examples().swap_remove(0);
    assert_eq!(joined(typed).replace(" \\\n   ", "").trim_end(), format!("$ syncro {command}"));
    assert_eq!(joined(shown), output);
}
