//! What is clear in each of its forms is read the same: every command that reads says the same of an account whose answers
//! are written in another way.

use super::TestEnv;
use crate::fuzzed::READING;
use crate::options::leaves;
use crate::support::{Ran, Setup, none_lost};

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

/// The commands that say something else once the server has that fault, with what they say without and with it.
fn differing(
    env: &mut TestEnv,
    fault: &str,
    typed: &[Vec<String>],
) -> Vec<(Vec<String>, [Ran; 2])> {
    let mut said = |faults: &[String]| -> Vec<Ran> {
        env.restart(faults);
        let run =
            |words: &Vec<String>| env.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        typed.iter().map(run).collect()
    };
    let (plain, other) = (said(&[]), said(&[fault.to_owned()]));
    let pairs = typed.iter().cloned().zip(plain.into_iter().zip(other));
    let pairs = pairs.map(|(typed, (plain, other))| (typed, [plain, other]));
    // How much of the limit is used is another matter.
    let told = |ran: &Ran| -> Vec<String> {
        let text = ran.to_string();
        text.lines().filter(|line| !line.starts_with("ok  rate ")).map(str::to_owned).collect()
    };
    pairs.filter(|(_, [plain, other])| told(plain) != told(other)).collect()
}

fn alike(title: &str, fault: &str) {
    let mut env = TestEnv::of(Setup { slipped: true, ..Setup::default() });
    let typed = reading(&env);
    // What tells the age of something may differ once.
    let once: Vec<_> =
        differing(&mut env, fault, &typed).into_iter().map(|(typed, _)| typed).collect();
    let twice = differing(&mut env, fault, &once);
    let wrong = twice.iter().map(|(typed, [plain, other])| {
        format!("{}\n{plain}\n== with {fault}\n{other}\n", typed.join(" "))
    });
    let wrong = wrong.collect::<String>();
    assert!(wrong.is_empty(), "{} of {} say something else\n{wrong}", twice.len(), typed.len());
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
