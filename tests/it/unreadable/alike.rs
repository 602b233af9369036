//! What is clear in each of its forms is read the same: every command that reads says the same of an account whose answers
//! are written in another way.

use serde_json::Value;

use super::TestEnv;
use crate::fuzzed::READING;
use crate::options::leaves;
use crate::support::{Setup, is_one_of, none_lost};

/// The commands that read, but for those that print an answer as it came. Lists also as cells.
fn reading(env: &TestEnv) -> Vec<Vec<String>> {
    let payment = env.account().get("/payments")["payments"][0]["id"].to_string();
    let leaves = leaves();
    let mut all = Vec::new();
    for typed in READING.iter().filter(|typed| !typed.starts_with("api ")) {
        let typed = typed.replace("{payment}", &payment);
        let typed: Vec<String> = typed.split(' ').map(str::to_owned).collect();
        let leaf = leaves.iter().find(|leaf| typed.starts_with(&leaf.typed)).unwrap();
        let page = syncro::help::command(syncro::cli::command(), &leaf.typed).unwrap();
        let is_list = page.get_arguments().any(|arg| arg.get_id() == "csv" && !arg.is_hide_set());
        all.extend(is_list.then(|| [&typed[..], &["--csv".to_owned()]].concat()));
        all.push(typed);
    }
    all
}

/// What a command says, of a server with these faults. How much of the limit is used is another matter.
fn said(env: &TestEnv, words: &[String]) -> Value {
    let text = env.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).to_string();
    text.lines().filter(|line| !line.starts_with("ok  rate ")).collect::<Vec<_>>().join("\n").into()
}

fn alike(title: &str, fault: &str) {
    let mut env = TestEnv::of(Setup { slipped: true, ..Setup::default() });
    let typed = reading(&env);
    let faults = [fault.to_owned()];
    env.restart(&[]);
    let plain: Vec<Value> = typed.iter().map(|words| said(&env, words)).collect();
    env.restart(&faults);
    let same = |(words, plain): &(&Vec<String>, &Value)| said(&env, words) == **plain;
    let differ: Vec<_> = typed.iter().zip(&plain).filter(|pair| !same(pair)).collect();
    let differ: Vec<&Vec<String>> = differ.into_iter().map(|(words, _)| words).collect();
    // What tells the age of something may: it is looked at once more, with little time between.
    let mut wrong = String::new();
    for words in differ {
        let [before, other, after] = [&[][..], &faults, &[]].map(|faults| {
            env.restart(faults);
            said(&env, words)
        });
        if !is_one_of(&other, &before, &after) {
            let texts = [&before, &other].map(|said| said.as_str().unwrap_or_default());
            let typed = words.join(" ");
            wrong.push_str(&format!("{typed}\n{}\n== with {fault}\n{}\n", texts[0], texts[1]));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    none_lost(title, typed.len());
}

#[test]
fn what_is_read_of_dates_written_otherwise_is_the_same() {
    alike("reads of dates written otherwise", "any@*=spelled:utc");
}

#[test]
fn what_is_read_of_references_in_their_other_form_is_the_same() {
    alike("reads of nested references", "any@*=nested");
}
