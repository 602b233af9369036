//! Lists of which one record has no id that can be read: whoever only looks sees the others, and no write rests on such a list.

use serde_json::{Value, json};
use syncro::render::lists::LISTS as LISTED;

use crate::support::{Altered, TILL, TestEnv, ticket_id};

/// The account, the second record of a list without a clear id.
async fn odd(env: &TestEnv, path: &'static str, member: &'static str) -> Altered {
    Altered::telling(env.account(), move |_, what, answer| {
        if what == format!("GET {path}") {
            let second = answer.get_mut(member).and_then(|list| list.get_mut(1));
            let inside = |one: &mut Value| match one.get("appointment") {
                Some(_) => one["appointment"]["id"] = json!("n/a"),
                None => one["id"] = json!("n/a"),
            };
            second.into_iter().for_each(inside);
        }
    })
    .await
}

const LISTS: [(&str, &str, &str); 9] = [
    ("invoice list", "/invoices", "invoices"),
    ("tickets --status all", "/tickets", "tickets"),
    ("search till", "/tickets", "tickets"),
    ("contact list", "/contacts", "contacts"),
    ("asset list", "/customer_assets", "assets"),
    ("product list", "/products", "products"),
    ("customers", "/customers", "customers"),
    ("appointment list --date 60d", "/appointments", "appointments"),
    ("timer list --all", "/ticket_timers", "ticket_timers"),
];

/// Lists that are printed and are no list of the account's records, and why.
const OTHERS: [(&str, &str); 6] = [
    ("api", "it prints what comes"),
    ("asset patches", "they are parts of one answer, which is read or not"),
    ("config list", "it shows the configuration"),
    ("line list", "they are parts of one ticket, which is read or not"),
    ("payment list", "one without a clear id is shown as it came"),
    ("report", "it says itself what it lacks"),
];

#[test]
fn each_list_is_among_them() {
    let is_among = |command: &str, all: &[&str]| all.iter().any(|one| command.starts_with(one));
    let (here, others) = (LISTS.map(|list| list.0), OTHERS.map(|other| other.0));
    // Reports by other names.
    let others_names = ["unbilled", "today"];
    let lacking: Vec<&str> = LISTED
        .iter()
        .map(|shape| shape.command)
        .filter(|command| !here.iter().any(|typed| typed.starts_with(command)))
        .filter(|command| !is_among(command, &others) && !others_names.contains(command))
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[tokio::test]
async fn one_record_without_an_id_does_not_lose_the_others() {
    for (typed, path, member) in LISTS {
        let env = TestEnv::new();
        let server = odd(&env, path, member).await;
        let args: Vec<&str> = typed.split(' ').chain(["--json"]).collect();
        let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        let records = ran.ends(0).json().unwrap();
        let records = records.as_array().unwrap();
        assert!(!records.is_empty(), "{typed}: {ran}");
        assert!(records.iter().all(|one| one["id"] != "n/a"), "{typed}: {ran}");
        ran.says(&format!("skipped a record: GET {path}: {member}[1].id cannot be read"));
    }
}

/// One odd part of a ticket is named by its place and in people's words, and so is a record with nothing around it: that is
/// Syncro's own answer, whatever it lacks.
#[tokio::test]
async fn what_is_odd_in_a_record_is_named_in_words_of_people() {
    for (part, odd, says) in [
        ("line_items", json!(null), "line_items[0] cannot be read: null instead of a record"),
        ("comments", json!(7), "comments[0] cannot be read: 7 instead of a record"),
        ("ticket_timers", json!([]), "ticket_timers[0] cannot be read: a list instead of a record"),
        ("line_items", json!({"id": "x"}), "line_items[0] cannot be read: \"x\" is not an id"),
        ("line_items", json!({"name": "Port"}), "line_items[0] cannot be read: missing field `id`"),
    ] {
        let env = TestEnv::new();
        let ticket = format!("GET /tickets/{}", ticket_id(32_178));
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what == ticket {
                answer["ticket"][part] = json!([odd]);
            }
        })
        .await;
        let ran = env.run_with(&["ticket", "32178"], &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(8).says(says).says("to see what Syncro answers");
        assert!(!ran.stderr.contains("struct") && !ran.stderr.contains("proxy"), "{ran}");
    }
    let product = ("product show 17340021", "/products/17340021", "product");
    for (typed, path, name) in
        [("customer show 31204551", "/customers/31204551", "customer"), product]
    {
        let env = TestEnv::new();
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what == format!("GET {path}") {
                *answer = answer[name].take();
            }
        })
        .await;
        let args: Vec<&str> = typed.split(' ').collect();
        let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(8).says(&format!("the answer has no \"{name}\" around its record"));
        ran.says("to see what Syncro answers");
        assert!(!ran.stderr.contains("proxy"), "{ran}");
    }
}

/// What is no record at all is nobody's but Syncro's: neither network nor proxy is to be looked at.
#[tokio::test]
async fn a_list_that_holds_what_is_no_record_is_shown_to_whoever_asks() {
    let all = [json!(null), json!(7), json!("7"), json!(true)];
    for (at, (typed, path, member)) in LISTS.into_iter().enumerate() {
        let (env, odd) = (TestEnv::new(), all[at % all.len()].clone());
        let server = Altered::telling(env.account(), move |_, what, answer| {
            let list = answer.get_mut(member).filter(|_| what == format!("GET {path}"));
            if let Some(second) = list.and_then(|list| list.get_mut(1)) {
                *second = odd.clone();
            }
        })
        .await;
        let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        let args: Vec<&str> = typed.split(' ').collect();
        let ran = run(&args);
        ran.ends(8).says(&format!("GET {path}: {member}[1] is not a record"));
        let look = format!("api GET {}", path.trim_start_matches('/'));
        ran.says(&format!("run `syncro {look}` to see what Syncro answers"));
        assert!(!ran.stderr.contains("proxy"), "{ran}");
        run(&look.split(' ').collect::<Vec<_>>()).ends(0);
    }
}

/// A list of which nothing can be read is none, and one that a guard looks through may hold what it looks for.
#[tokio::test]
async fn a_decision_rests_on_no_such_list() {
    let env = TestEnv::new();
    for ticket in [TILL, 32_179] {
        env.account().line(ticket, "0.5", "120", "As agreed");
        env.account().invoice(ticket);
    }
    let server = Altered::telling(env.account(), |_, what, answer| {
        if what == "GET /invoices" {
            let all = answer["invoices"].as_array_mut().unwrap().iter_mut();
            all.for_each(|one| one["id"] = json!("n/a"));
        }
    })
    .await;
    let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
    run(&["invoice", "list"]).ends(8).says("invoices[0].id cannot be read");
    let bill = ["bill", "32181", "-t", "30", "-l", "remote", "-m", "Copied", "--yes"];
    let ran = run(&bill);
    assert!([5, 8].contains(&ran.code), "{ran}");
    let path = format!("invoices?ticket_id={}", ticket_id(TILL));
    assert!(ran.stderr.contains("invoices[0].id") || ran.stderr.contains(&path), "{ran}");
    assert!(env.writes().is_empty());
}

/// One of which nobody can tell whether it is paid may be open: beside it, another one is not the only one.
#[tokio::test]
async fn an_unclear_invoice_beside_an_open_one_is_one_of_several() {
    let env = TestEnv::new();
    let server = Altered::telling(env.account(), |_, what, answer| {
        let invoices = answer.get_mut("invoices").filter(|_| what == "GET /invoices");
        for invoice in invoices.and_then(|list| list.as_array_mut()).into_iter().flatten() {
            if invoice["number"] == "66909" {
                invoice["is_paid"] = "perhaps".into();
            }
        }
    })
    .await;
    let args = ["invoice", "show", "saltmarsh pharmacy"];
    let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
    ran.ends(2).says("Saltmarsh Pharmacy has 2 open invoices").says("66909");
}

/// A list of which something had to be left out is not all: nor is what its amounts come to, as far as its foot tells.
#[cfg(unix)]
#[tokio::test]
async fn what_a_list_without_a_record_comes_to_is_not_said_as_all_of_it() {
    for (typed, path, member, says) in [
        ("invoice list --all", "/invoices", "invoices", "invoices that could be read: $"),
        ("tickets --status all --all", "/tickets", "tickets", "tickets that could be read"),
    ] {
        let env = TestEnv::new();
        let args: Vec<&str> = typed.split(' ').collect();
        let (_, whole) = env.terminal(&args).end();
        assert!(!whole.contains("could be read"), "{typed}: {whole}");
        let server = odd(&env, path, member).await;
        let (_, shown) = env.terminal_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]).end();
        assert!(shown.contains(says), "{typed}: {shown}");
    }
    let env = TestEnv::new();
    let server = odd(&env, "/invoices", "invoices").await;
    let page = |pairs: &[(&str, &str)]| env.run_with(&["customer", "show", "31204551"], pairs);
    assert!(!page(&[]).ends(0).stdout.contains("could be read"));
    let shown = page(&[("SYNCRO_BASE_URL", &*server.base())]);
    assert!(shown.ends(0).stdout.contains(" open, of those that could be read"), "{shown}");
}

/// Nor are the parts of a customer's page of which one record cannot be read.
#[tokio::test]
async fn the_heading_of_a_part_says_that_it_lacks_something() {
    for (path, member, heading) in [
        ("/contacts", "contacts", "\n2 contacts that could be read\n"),
        ("/customer_assets", "assets", " that could be read\n"),
        ("/tickets", "tickets", " that could be read\n"),
        ("/invoices", "invoices", " that could be read\n"),
    ] {
        let env = TestEnv::new();
        let server = odd(&env, path, member).await;
        let args = ["customer", "show", "31204551"];
        assert!(!env.run(&args).ends(0).stdout.contains("could be read"));
        let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        assert!(ran.ends(0).stdout.contains(heading), "{ran}");
        let skipped = format!("skipped a record: GET {path}");
        ran.says(&skipped);
        let ran = env
            .run_with(&[&args[..], &["--json"]].concat(), &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(0).says(&skipped);
    }
}

/// Words of which none can be read are not those of an account that takes any word.
#[tokio::test]
async fn a_word_is_not_sent_unknown() {
    let priority = ["--priority", "high"];
    let status = ["--status", "resolved"];
    for odd in [json!([null, null]), json!({"1": "1 High"}), json!("1 High, Resolved")] {
        for (path, list, word) in [
            ("/settings", "/ticket/priorities", priority),
            ("/tickets/settings", "/ticket_status_list", status),
        ] {
            let (env, odd) = (TestEnv::new(), odd.clone());
            let server = Altered::telling(env.account(), move |_, what, answer| {
                if what == format!("GET {path}") {
                    *answer.pointer_mut(list).unwrap() = odd.clone();
                }
            })
            .await;
            let run = |word: &[&str]| {
                let args = [&["update", "32181", "--yes"], word].concat();
                env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())])
            };
            run(&word).ends(8).says(path);
            assert!(env.writes().is_empty());
            // The other list is as good as ever.
            let other = if word == priority { status } else { priority };
            run(&other).ends(0);
        }
    }
}
