//! `syncro tickets` and `syncro` alone: which tickets, in which order, how many, how they look, and at what cost.

mod filters;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthChar as _;

use crate::support::{
    Account, Asked, Deaf, Line, Ran, Setup, TRAINEE, TestEnv, ticket_id, unfiltered,
};

const CLOSED: [&str; 3] = ["Resolved", "Invoiced", "Closed"];

/// All tickets of the account, by the tests' own paging.
fn everything(account: &Account) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let mut answer = account.get(&format!("/tickets?page={page}"));
        let Value::Array(tickets) = answer["tickets"].take() else {
            break;
        };
        if tickets.is_empty() {
            break;
        }
        all.extend(tickets);
    }
    all
}

fn is_open(ticket: &Value) -> bool {
    !CLOSED.contains(&ticket["status"].as_str().unwrap())
}

/// The numbers in JSON.
fn numbers(ran: &Ran) -> Vec<i64> {
    let Some(Value::Array(tickets)) = ran.json() else {
        return Vec::new();
    };
    let numbers = tickets.iter().map(|ticket| ticket["number"].as_i64());
    numbers.map(Option::unwrap).collect()
}

/// The columns that a terminal gives a text, letter by letter.
fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The paths and parameters that were asked for since the log had `before` lines.
fn asked(env: &TestEnv, before: usize) -> Vec<String> {
    let log = env.log();
    log[before..].iter().map(Line::asked).collect()
}

fn at<'a>(ticket: &'a Value, field: &str) -> &'a str {
    ticket[field].as_str().unwrap()
}

#[test]
fn the_open_ones_are_listed_newest_first_a_line_each() {
    let env = TestEnv::new();
    let ran = env.run(&["tickets", "--limit", "4"]);
    assert_eq!(
        ran.ends(0).stdout,
        "\
Number  Status       Customer                   Subject                              Assignee        Priority  Created     Due
#32181  In Progress  Quillfeather Books         Till will not print gift receipts    Robin Ashgrove  2 Normal  2026-03-17  2026-03-20
#32180  In Progress  Brindlewood Dental         Chairside PC 2 drops off the domain  Robin Ashgrove  2 Normal  2026-03-17  2026-03-20
#32179  In Progress  Copperkettle Bakery        Set up the new order tablet          Robin Ashgrove  2 Normal  2026-03-16  2026-03-19
#32178  In Progress  Harrow & Finch Accounting  Disk nearly full on the archive PC   Robin Ashgrove  2 Normal  2026-03-15  2026-03-18
"
    );
    let ran = env.run(&["tickets", "--all", "--json"]);
    let there = everything(&env.account());
    let mut open: Vec<&Value> = there.iter().filter(|ticket| is_open(ticket)).collect();
    open.sort_by_key(|ticket| Reverse(ticket["number"].as_i64().unwrap()));
    let open: Vec<i64> = open.iter().map(|one| one["number"].as_i64().unwrap()).collect();
    assert!(open.len() > 20);
    assert_eq!(numbers(&ran), open);
    assert!(ran.ends(0).stderr.is_empty(), "{ran}");
}

#[test]
fn syncro_alone_lists_them_and_takes_global_flags() {
    let env = TestEnv::new();
    let named = env.run(&["tickets"]);
    for args in [&[][..], &["-q"]] {
        let ran = env.run(args);
        assert_eq!(ran.ends(0).stdout, named.ends(0).stdout, "{ran}");
        assert!(ran.stderr.is_empty(), "{ran}");
    }
    let json = env.run(&["--json"]);
    assert_eq!(numbers(json.ends(0)).len() + 1, named.stdout.lines().count());
    for args in [&["--help"][..], &["help"], &["-h"]] {
        let ran = env.run(args);
        assert!(ran.ends(0).stdout.contains("Time and money:"), "{ran}");
    }
}

/// What each wish is to leave, by a reading of the account's own list.
type Wish = (&'static [&'static str], fn(&Value) -> bool);

#[test]
fn pages_are_read_until_there_are_enough() {
    let env = TestEnv::of(Setup { list_page: 4, ..Setup::default() });
    let all = numbers(env.run(&["tickets", "--all", "--json"]).ends(0));
    let pages = all.len().div_ceil(4);
    assert_eq!(env.log().len(), pages);
    for (limit, requests) in [(1, 1), (4, 1), (5, 2), (12, 3), (13, 4)] {
        let before = env.log().len();
        let typed = limit.to_string();
        let ran = env.run(&["tickets", "--limit", &typed, "--json"]);
        assert_eq!(numbers(ran.ends(0)), all[..limit], "{limit}");
        assert_eq!(env.log().len() - before, requests, "{limit}");
    }
    // Thirty unless it is said otherwise.
    let ran = env.run(&["tickets", "--status", "all"]);
    assert_eq!(ran.ends(0).stdout.lines().count(), 1 + 30);
}

#[test]
fn pages_after_the_first_are_read_side_by_side() {
    let env = TestEnv::of(Setup {
        list_page: 8,
        faults: vec!["tickets@*=slow:300".to_owned()],
        ..Setup::default()
    });
    env.run(&["tickets", "--all"]).ends(0);
    let log = env.log();
    assert_eq!(log.len(), 4);
    let (first, rest) = log.split_first().unwrap();
    let began = rest.iter().map(|line| line.started_us).max().unwrap();
    let ended = rest.iter().map(|line| line.ended_us).min().unwrap();
    assert!(rest.iter().all(|line| line.started_us >= first.ended_us));
    assert!(began < ended, "one after the other: {log:?}");
}

#[test]
fn what_is_cut_is_said_and_no_more_than_is_known() {
    let env = TestEnv::of(Setup { list_page: 20, ..Setup::default() });
    for (args, said) in [
        // Read to the end, whatever was dropped.
        (&["--limit", "25"][..], "showing 25 of 28; --all for the rest\n"),
        // The server's own open tickets may be others than ours.
        (&["--limit", "3"], "showing the first 3; --all for the rest\n"),
        (&["--limit", "3", "--status", "all"], "showing 3 of at least 41; --all for the rest\n"),
        (&["--limit", "3", "--status", "scheduled"], ""),
        (&["--limit", "28"], ""),
        (&["--all"], ""),
    ] {
        for json in [false, true] {
            let mut args = [&["tickets"], args].concat();
            args.extend(json.then_some("--json"));
            let ran = env.run(&args);
            assert_eq!(ran.ends(0).stderr, said, "{args:?}");
        }
    }
    let ran = env.run(&["tickets", "--limit", "3", "--quiet"]);
    assert!(ran.ends(0).stderr.is_empty(), "{ran}");
}

/// The account's tickets, seven a page, the oldest first.
fn oldest_first(account: &Account, _: &str, asked: &Asked) -> (u16, Value) {
    let mut all = everything(account);
    all.reverse();
    let page: usize = asked.get("page").map_or(1, |page| page.parse().unwrap());
    let shown: Vec<Value> = all.iter().skip((page - 1) * 7).take(7).cloned().collect();
    let meta = json!({"page": page, "total_pages": all.len().div_ceil(7)});
    (200, json!({"tickets": shown, "meta": meta}))
}

#[tokio::test]
async fn the_newest_are_found_whatever_the_servers_order() {
    let env = TestEnv::new();
    let backwards = Deaf::of(env.account(), oldest_first).await;
    let args = ["tickets", "--status", "all", "--limit", "3", "--json"];
    let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &backwards.base())]);
    assert_eq!(numbers(ran.ends(0)), numbers(&env.run(&args)));
}

#[test]
fn what_changed_last_comes_first_when_changes_are_asked_for() {
    let env = TestEnv::new();
    env.account().comment(32_151, "Update", "The form reaches the shop again");
    let ran = env.run(&["tickets", "--updated", "--since", "today", "--json"]);
    assert_eq!(numbers(ran.ends(0)), [32_151]);
    let ran = env.run(&["tickets", "--updated", "--since", "2026-03-10", "--limit", "3", "--json"]);
    let found = numbers(ran.ends(0));
    assert_eq!((found.len(), found[0]), (3, 32_151));
    let json = ran.json().unwrap();
    let changed: Vec<&str> =
        json.as_array().unwrap().iter().map(|one| at(one, "updated_at")).collect();
    assert!(changed.is_sorted_by(|newer, older| newer >= older), "{changed:?}");
}

#[test]
fn columns_are_aligned_in_every_script() {
    let env = TestEnv::new();
    let ran = env.run(&["tickets", "--all"]);
    let there = everything(&env.account());
    let mut foreign = 0;
    let mut places = BTreeSet::new();
    for line in ran.ends(0).stdout.lines().skip(1) {
        let ticket = there.iter().find(|one| line.starts_with(&format!("#{}  ", one["number"])));
        let ticket = ticket.unwrap();
        let place = |text: &str| columns(&line[..line.find(text).unwrap()]);
        let customer = ticket["customer_business_then_name"].as_str().unwrap();
        let subject = ticket["subject"].as_str().unwrap();
        foreign += usize::from(!subject.is_ascii());
        if subject.chars().any(char::is_control) {
            continue;
        }
        places.insert((place(customer), place(subject), place(" 2026-0")));
    }
    assert!(foreign >= 3, "no names from abroad: {ran}");
    assert_eq!(places.len(), 1, "{places:?}\n{ran}");
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_as_many_columns_as_it_has_room_for() {
    let env = TestEnv::new();
    let count = env.run(&["tickets"]).ends(0).stdout.lines().count() - 1;
    for (width, there, missing) in [
        (40, &["#32181", "Till wil"][..], &["Robin", "Normal"][..]),
        (80, &["#32181", "Quillfeathe", "Till will not print gif", "2 Normal", " ago"], &["Robin"]),
        (
            120,
            &["Till will not print gif", "Robin Ashgrove", "2 Normal", " ago", " months ago"],
            &[],
        ),
        (160, &["Robin Ashgrove", "2 Normal", " ago", " months ago"], &["…"]),
    ] {
        let (code, shown) = env.terminal_of(width, &["tickets", "--quiet"]).end();
        assert_eq!(code, 0, "{shown}");
        let mut lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.pop(), Some(&*format!("{count} tickets")), "{shown}");
        assert!(lines.remove(0).starts_with("Number  "), "{shown}");
        assert_eq!(lines.len(), count, "{shown}");
        for line in &lines {
            assert!(columns(line) <= width && line.starts_with("#321"), "{width}: {line}");
        }
        assert!(there.iter().all(|text| lines[0].contains(text)), "{width}: {shown}");
        assert!(!missing.iter().any(|text| lines[0].contains(text)), "{width}: {shown}");
    }
}

#[test]
fn details_add_columns_and_the_last_comments_of_ten() {
    let env = TestEnv::new();
    let ran = env.run(&["tickets", "--details", "--limit", "12"]);
    let mut lines = ran.ends(0).stdout.lines();
    let titles = lines.next().unwrap();
    for title in ["Number", "Status", "Customer", "Subject", "Updated", "Contact", "Last comment"] {
        assert!(titles.contains(title), "{titles}");
    }
    let till = lines.next().unwrap();
    assert!(till.contains("Imelda Quill"), "{till}");
    assert!(till.contains("Robin Ashgrove (private): Gift layout missing"), "{till}");
    assert_eq!(lines.count(), 11);
    ran.says("last comments are shown for the first 10");
    let log = env.log();
    assert_eq!(log.len(), 1 + 10);
    let newest =
        format!("GET tickets/{}/comments?sort_direction=DESC&per_page=1", ticket_id(32_181));
    assert!(log.iter().any(|line| line.asked() == newest), "{log:?}");
    // JSON is the API's own, and costs nothing more.
    let json = env.run(&["tickets", "--details", "--limit", "12", "--json"]);
    assert_eq!(numbers(json.ends(0)).len(), 12);
    assert_eq!(env.log().len(), log.len() + 1);
}

#[test]
fn json_is_the_apis_own() {
    let env = TestEnv::new();
    let there = everything(&env.account());
    let ran = env.run(&["tickets", "--status", "all", "--all", "--json"]);
    let Some(Value::Array(listed)) = ran.ends(0).json() else {
        return assert_eq!(ran.stdout, "an array");
    };
    assert_eq!(listed.len(), there.len());
    for ticket in &listed {
        assert!(there.contains(ticket), "{ticket}");
    }
    let odd = listed.iter().find(|one| one["number"] == 32_171).unwrap();
    assert_eq!(odd["weather_at_opening"]["birds"][1], "gull");
}

#[test]
fn an_empty_list_is_no_failure() {
    let env = TestEnv::new();
    let wish = ["tickets", "--customer", "id:31205088"];
    let ran = env.run(&wish);
    assert_eq!((ran.ends(0).stdout.as_str(), ran.stderr.as_str()), ("", "no matching tickets\n"));
    let ran = env.run(&[&wish[..], &["--json", "--details"]].concat());
    assert_eq!(ran.ends(0).json(), Some(json!([])));
}

#[test]
fn what_cannot_be_meant_is_refused_before_any_request() {
    let env = TestEnv::new();
    for (args, said) in [
        (&["--since", "05/06/2026"][..], "--since: "),
        (&["--until", "soonish"], "--until: "),
        (&["--since", "2026-03-10", "--until", "2026-03-09"], "is after --until"),
        (&["--updated"], "--updated needs --since or --until"),
        (&["--limit", "0"], "--limit"),
        (&["--limit", "5", "--all"], "--all"),
        (&["--mine", "--assignee", "mika"], "--assignee"),
        (&["--customer", "id:x"], "digits"),
    ] {
        let args = [&["tickets"], args].concat();
        let ran = env.run(&args);
        ran.ends(2).says(said);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert_eq!(env.log().len(), 0);
}

#[test]
fn names_that_are_not_there_are_told_with_those_that_are() {
    let env = TestEnv::new();
    for (args, code, said) in [
        (
            &["--status", "Resloved"][..],
            2,
            &[
                "there is no status \"Resloved\"",
                "did you mean Resolved?",
                "On the Bench",
                "use `all` for open and closed tickets",
            ][..],
        ),
        (
            &["--customer", "Qillfeather Boks"],
            3,
            &["there is no customer", "did you mean Quillfeather Books (id 31204551)?"],
        ),
        (&["--customer", "id:4"], 3, &["there is no customer with id 4"]),
        (&["--assignee", "Mikka"], 3, &["there is no user", "did you mean Mika Thornquist?"]),
        (&["--assignee", "id:5"], 3, &["there is no user with id 5", "Robin Ashgrove"]),
        (
            &["--customer", "brindlewood"],
            2,
            &[
                "2 customers match",
                "Brindlewood Dental (id 31204602)",
                "Brindlewood Garden Center (id 31204618)",
            ],
        ),
    ] {
        let args = [&["tickets"], args].concat();
        let ran = env.run(&args);
        ran.ends(code);
        for text in said {
            ran.says(text);
        }
        assert!(ran.stdout.is_empty(), "{ran}");
        assert!(!env.log().iter().any(|line| line.asked().starts_with("GET tickets?")));
    }
}

#[test]
fn the_accounts_words_are_kept_for_a_day() {
    let env = TestEnv::new();
    let settings = |env: &TestEnv| {
        let log = env.log();
        log.iter().filter(|line| line.path.contains("settings")).count()
    };
    env.run(&["tickets", "--status", "new"]).ends(0);
    assert_eq!(settings(&env), 2);
    env.run(&["tickets", "--status", "scheduled"]).ends(0);
    assert_eq!(settings(&env), 2);
    // What is not in the kept list may have come since.
    env.run(&["tickets", "--status", "nonsense"]).ends(2);
    assert_eq!(settings(&env), 4);
    let kept: Vec<_> = crate::support::files(&env.state_dir())
        .into_iter()
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("lists-"))
        .collect();
    assert_eq!(kept.len(), 1);
    let text = std::fs::read_to_string(&kept[0]).unwrap();
    let old = text.replacen("\"read_at\":\"20", "\"read_at\":\"19", 1);
    assert_ne!(old, text);
    for broken in ["", "{", "[]", &text[..text.len() / 2], &old] {
        let before = settings(&env);
        std::fs::write(&kept[0], broken).unwrap();
        env.run(&["tickets", "--status", "new"]).ends(0);
        assert_eq!(settings(&env), before + 2, "{broken}");
    }
}

#[test]
fn a_key_without_settings_still_lists_by_status() {
    let env = TestEnv::with(&["settings@*=403"]);
    let ran = env.run(&["tickets", "--status", "on the bench", "--json"]);
    assert_eq!(numbers(ran.ends(0)), [] as [i64; 0]);
    let ran = env.run(&["tickets", "--status", "On the Bench", "--json"]);
    assert_eq!(numbers(ran.ends(0)), [32_151]);
}

#[test]
fn a_listed_ticket_is_found_without_its_number() {
    let env = TestEnv::new();
    env.run(&["tickets"]).ends(0);
    let before = env.log().len();
    env.run(&["ticket", "32160"]).ends(0);
    let asked = asked(&env, before);
    assert!(!asked.iter().any(|what| what.contains("number=")), "{asked:?}");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_name_of_several_is_picked_from() {
    let env = TestEnv::new();
    let args = ["tickets", "--customer", "brindlewood"];
    let mut terminal = env.terminal(&args);
    let list = terminal.answer("Which one? [1-2, Enter cancels]:", "2");
    assert!(list.contains("2 customers match \"brindlewood\":"), "{list}");
    assert!(list.contains("1) Brindlewood Dental (id 31204602)"), "{list}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("#32172") && !shown.contains("#32180"), "{shown}");

    let mut terminal = env.terminal(&args);
    terminal.answer("Which one? [1-2, Enter cancels]:", "");
    assert_eq!(terminal.end().0, 9);

    let (code, shown) = env.terminal(&[&args[..], &["--yes"]].concat()).end();
    assert_eq!(code, 2, "{shown}");
    assert!(!shown.contains("Which one?"), "{shown}");
}
