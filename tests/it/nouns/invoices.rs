//! `syncro invoice list` and `syncro invoice show`.

use serde_json::{Value, json};

use super::{Stub, array, each, first_columns, paths};
use crate::support::{TestEnv, ticket_id};

#[test]
fn a_list_has_number_day_customer_total_and_state() {
    let env = TestEnv::new();
    let ran = env.run(&["invoice", "list"]);
    ran.ends(0);
    let shown: Vec<String> = first_columns(&ran);
    assert!(shown.starts_with(&["#67409".to_owned(), "#67410".to_owned()]), "{ran}");
    assert!(ran.stdout.contains("Sat 2026-03-14  Mossgate Veterinary"), "{ran}");
    assert!(ran.stdout.contains("$244.87  paid"), "{ran}");
    assert!(ran.stdout.contains("$90.00  overdue"), "{ran}");
    let there = env.account().get("/invoices")["invoices"].take();
    let there = there.as_array().unwrap();
    let printed = array(&env.run(&["invoice", "list", "--all", "--json"]));
    assert!(printed.starts_with(there), "the server's own objects");
}

#[test]
fn filters_hold_whether_the_server_knows_them_or_not() {
    let env = TestEnv::new();
    let numbers = |more: &[&str]| {
        let typed = [&["invoice", "list", "--all", "--json"], more].concat();
        each(&array(&env.run(&typed)), "number")
    };
    let all = numbers(&[]);
    let (paid, unpaid) = (numbers(&["--paid"]), numbers(&["--unpaid"]));
    assert!(paid.contains(&"67410".to_owned()) && unpaid.contains(&"67409".to_owned()));
    assert_eq!(paid.len() + unpaid.len(), all.len());
    let vets = array(&env.run(&["invoice", "list", "--customer", "Mossgate", "--json"]));
    assert!(each(&vets, "number").starts_with(&["67409".to_owned(), "67410".to_owned()]));
    assert!(vets.iter().all(|invoice| invoice["customer_id"] == 31_204_671));
    assert_eq!(numbers(&["--ticket", "32176"]), ["67410"]);
    // Once more, the ticket's id being remembered.
    assert_eq!(numbers(&["--ticket", "32176"]), ["67410"]);
    let since = numbers(&["--since", "2026-03-14"]);
    assert!(since.contains(&"67411".to_owned()) && !since.contains(&"67402".to_owned()));
    let ran = env.run(&["invoice", "list", "--ticket", "32181"]);
    ran.ends(0).says("no matching invoices");
    assert_eq!(array(&env.run(&["invoice", "list", "--ticket", "32181", "--json"])).len(), 0);
}

#[test]
fn a_days_invoices_begin_with_the_day_of_the_configured_zone() {
    let env = TestEnv::new();
    // 67410 was made on the 14th at 10:00 in Chicago.
    let has = |since: &str| {
        let ran = env.run(&["invoice", "list", "--since", since, "--json"]);
        each(&array(&ran), "number").contains(&"67410".to_owned())
    };
    assert!(has("2026-03-14") && !has("2026-03-15"));
}

#[test]
fn a_cut_list_says_how_many_there_are_at_least_and_all_reads_every_page() {
    let env = super::short_pages();
    for _ in 0..12 {
        env.account().invoice(32_181);
    }
    let all = array(&env.run(&["invoice", "list", "--all", "--json"]));
    let numbers = each(&all, "number");
    let mut unique = numbers.clone();
    unique.sort();
    unique.dedup();
    assert_eq!((unique.len(), numbers.len() >= 17), (numbers.len(), true));
    let seven = env.run(&["invoice", "list", "--limit", "7", "--json"]);
    assert_eq!(each(&array(&seven), "number"), numbers[..7]);
    // The server counts pages here, not invoices: all but the last one must be full.
    let least = (numbers.len() - 1) / 5 * 5 + 1;
    seven.says(&format!("showing 7 of at least {least}; --all for the rest"));
    let last = env.run(&["invoice", "list", "--limit", &numbers.len().to_string()]);
    assert!(!last.ends(0).stderr.contains("showing"), "{last}");
}

#[test]
fn a_page_has_lines_tax_payments_and_the_tickets_number() {
    let env = TestEnv::new();
    let ran = env.run(&["invoice", "show", "67410"]);
    ran.ends(0);
    for text in [
        "Invoice #67410  paid  $244.87",
        "Mossgate Veterinary (31204671)",
        "#32176 Label printer on the second desk",
        "SSD 1 TB: 1 TB SSD, desk two",
        "$5.37",
        "Credit Card",
        "Sat 2026-03-14",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran}");
    }
    let invoice = format!("GET tickets/{}", ticket_id(32_176));
    assert_eq!(paths(&env), ["GET invoices/67410", &invoice]);
    let json = env.run(&["invoice", "show", "#67410", "--json"]).ends(0).json().unwrap();
    let path = format!("/invoices/{}", json["id"]);
    assert_eq!(json, env.account().get(&path)["invoice"]);
    assert_eq!(paths(&env).len(), 3);
    // By its id, the same.
    let id = format!("id:{}", json["id"]);
    let same = env.run(&["invoice", "show", &id]);
    assert_eq!(same.ends(0).stdout, ran.stdout);
}

#[test]
fn a_number_that_is_anothers_id_finds_the_right_invoice() {
    let env = TestEnv::new();
    // The server answers /invoices/67402 with the invoice whose id that is.
    assert_eq!(env.account().get("/invoices/67402")["invoice"]["number"], "1188");
    let right = env.run(&["invoice", "show", "67402", "--json"]).ends(0).json().unwrap();
    assert_eq!((&right["number"], &right["customer_id"]), (&json!("67402"), &json!(31_204_655)));
    assert_ne!(right["id"], 67_402);
    let right_id = format!("GET invoices/{}", right["id"]);
    let mut asked = vec!["GET invoices".to_owned(), right_id, "GET invoices/67402".to_owned()];
    asked.sort();
    assert_eq!(paths(&env), asked);
    let shadow = env.run(&["invoice", "show", "id:67402", "--json"]).ends(0).json().unwrap();
    assert_eq!(shadow["number"], "1188");
    // A number is no id, although the server takes it for one.
    env.run(&["invoice", "show", "id:67410"]).ends(3);
    let number = right["id"].to_string();
    env.run(&["invoice", "show", &number]).ends(3);
}

#[tokio::test]
async fn a_server_that_ignores_every_filter_is_filtered_here() {
    let one = |id: u64, customer: u64, ticket: u64, paid: bool, day: &str| {
        json!({
            "id": id, "number": id.to_string(), "customer_id": customer, "ticket_id": ticket, "is_paid": paid,
            "total": "10.00", "created_at": format!("{day}T12:00:00Z"), "date": format!("{day}T00:00:00Z"),
        })
    };
    let page = |from: u64| -> Vec<_> {
        (from..from + 4)
            .map(|id| one(id, 5 + id % 2, 50 + id % 4, id % 3 == 0, &format!("2026-05-{id:02}")))
            .collect()
    };
    let stub = Stub::new(&[
        (
            "/invoices",
            json!({"invoices": page(1), "meta": {"total_pages": 1, "page": 1, "total_entries": 4}}),
        ),
        ("/customers/5", json!({"customer": {"id": 5, "business_then_name": "Copperkettle"}})),
        ("/tickets/51", json!({"ticket": {"id": 51, "number": 32_181}})),
    ])
    .await;
    for (more, wanted) in [
        (&["--customer", "5"][..], &["2", "4"][..]),
        (&["--ticket", "id:51"], &["1"]),
        (&["--paid"], &["3"]),
        (&["--unpaid"], &["1", "2", "4"]),
        (&["--since", "2026-05-03"], &["3", "4"]),
        (&["--unpaid", "--customer", "5", "--since", "2026-05-04"], &["4"]),
    ] {
        let ran = stub.run(&[&["invoice", "list", "--json"], more].concat());
        assert_eq!(each(&array(&ran), "number"), wanted, "{more:?}");
        assert!(!ran.stderr.contains("showing"), "{ran}");
    }
    let asked = stub.asked().await.join(" ");
    for parameter in ["ticket_id=51", "paid=true", "unpaid=true", "since_updated_at=2026-03-22"] {
        assert!(asked.contains(parameter), "{parameter}: {asked}");
    }
}

#[tokio::test]
async fn what_was_paid_in_part_says_what_is_open() {
    let invoice = json!({
        "id": 7, "number": "7", "total": "100.00", "subtotal": "90.00", "tax": 10, "is_paid": false, "ticket_id": 9,
        "payments": [
            {"id": 1, "payment_amount": 30, "success": true, "applied_at": "2026-05-01T00:00:00.000Z", "payment_method": "Check"},
            {"id": 2, "payment_amount": "20.5", "success": false, "applied_at": "2026-05-02T00:00:00.000Z"},
        ],
        "line_items": [{"id": 1, "item": "Cable", "name": "Cable", "quantity": "2.0", "price": "45.0", "taxable": true}],
    });
    let stub = Stub::new(&[("/invoices/7", json!({ "invoice": invoice }))]).await;
    let ran = stub.run(&["invoice", "show", "7"]);
    ran.ends(0);
    assert!(ran.stdout.contains("unpaid; $30.00 received, $70.00 due"), "{ran}");
    // A day is not another one west of Greenwich, and a ticket that cannot be read keeps its id.
    assert!(ran.stdout.contains("Fri 2026-05-01") && ran.stdout.contains("failed"), "{ran}");
    assert!(ran.stdout.contains("id:9"), "{ran}");
}

#[tokio::test]
async fn what_is_open_is_what_the_invoice_says_is_due() {
    let pay = |id: u64, amount: u64, success: bool, invoices: [u64; 2]| json!({"id": id, "payment_amount": amount, "success": success, "invoice_ids": invoices});
    let invoice = |more: Value| {
        let mut invoice = json!({
            "id": 7, "number": "7", "customer_id": 2, "total": "350.00", "subtotal": "300.00",
            "is_paid": false,
            "line_items": [{"item": "Cable", "quantity": "3.0", "price": "0.0125"}, {"item": "Switch", "price": "350.0", "quantity": 1}],
        });
        for (name, value) in more.as_object().unwrap() {
            invoice[name] = value.clone();
        }
        json!({ "invoice": invoice })
    };
    for (more, says) in [
        (json!({"payments": [pay(1, 200, false, [7, 7])]}), "  State    unpaid\n"),
        (json!({"balance_due": "80.50"}), "unpaid; $269.50 received, $80.50 due"),
        (
            json!({"payments": [pay(1, 100, true, [7, 7]), pay(2, 200, true, [7, 8])]}),
            "unpaid; $100.00 received, at most $250.00 due; without payments shared with other invoices",
        ),
        (
            json!({"payments": [pay(2, 200, true, [7, 8])]}),
            "unpaid; at most $350.00 due; without payments shared with other invoices",
        ),
        (
            json!({"payments": [pay(1, 100, true, [7, 7]), {"id": 2, "payment_amount": "12,5"}]}),
            "unpaid; $100.00 received, at most $250.00 due; without payments that cannot be read",
        ),
        (
            json!({"payments": [{"id": 2, "payment_amount": 100, "success": "perhaps"}]}),
            "unpaid; at most $350.00 due; without payments that cannot be read",
        ),
        (json!({}), "unpaid; at most $350.00 due; without payments, which it does not show"),
        (json!({"balance_due": "80,50"}), "unpaid; the open amount is unclear"),
        (json!({}), "$350.04, not the subtotal: check the discounts"),
        (json!({}), "$0.0125"),
    ] {
        let stub = Stub::new(&[("/invoices/7", invoice(more))]).await;
        let ran = stub.run(&["invoice", "show", "7"]);
        assert!(ran.ends(0).stdout.contains(says), "{says}: {ran}");
    }
}

#[test]
fn days_are_those_of_the_invoice_and_the_sums_are_those_of_what_is_shown() {
    let env = TestEnv::new();
    let all = array(&env.run(&["invoice", "list", "--all", "--json"]));
    let wanted = |since: &str, until: &str| {
        let day = |one: &Value| one["date"].as_str().unwrap()[..10].to_owned();
        let fits = all.iter().filter(|one| *since <= *day(one) && *day(one) <= *until);
        each(&fits.cloned().collect::<Vec<_>>(), "number")
    };
    let (since, until) = ("2026-01-01", "2026-02-28");
    let span = ["invoice", "list", "--all", "--since", since, "--until", until];
    let found = each(&array(&env.run(&[&span[..], &["--json"]].concat())), "number");
    assert_eq!(found, wanted(since, until));
    assert!(found.len() > 2);
    #[cfg(unix)]
    {
        let (_, shown) = env.terminal_of(120, &span).end();
        let foot = shown.lines().last().unwrap_or_default().to_owned();
        assert!(foot.starts_with(&format!("{} invoices: $", found.len())), "{shown}");
        assert!(foot.contains(" in total, $") && foot.contains(" open"), "{shown}");
    }
    env.run(&["invoice", "list", "--since", "2026-03-02", "--until", "2026-03-01"]).ends(2);
    env.run(&["invoice", "list", "--overdue", "--paid"]).ends(2);
}

/// A credit is neither owed nor a part of what is: of the invoices that owe something, no more is open than they come to.
#[cfg(unix)]
#[test]
fn a_credit_is_in_no_sum_but_its_own() {
    let env = TestEnv::new();
    let unpaid = ["invoice", "list", "--unpaid", "--all"];
    let total = |one: &Value| one["total"].as_str().unwrap().parse::<rust_decimal::Decimal>();
    let all = array(&env.run(&[&unpaid[..], &["--json"]].concat()));
    let totals: Vec<_> = all.iter().map(|one| total(one).unwrap()).collect();
    let (credits, owed): (Vec<_>, Vec<_>) =
        totals.into_iter().partition(|total| total.is_sign_negative() && !total.is_zero());
    let sum = |of: &[rust_decimal::Decimal]| of.iter().sum::<rust_decimal::Decimal>();
    assert_eq!((sum(&credits).to_string(), credits.len()), ("-105.99".to_owned(), 1));
    let (_, shown) = env.terminal_of(120, &unpaid).end();
    let foot = shown.lines().last().unwrap_or_default();
    let dollars = sum(&owed).trunc().to_string();
    let dollars = format!("${},{}", &dollars[..1], &dollars[1..]);
    assert!(foot.starts_with(&format!("{} invoices: {dollars}.", all.len())), "{shown}");
    assert!(foot.ends_with(" open; $105.99 in credits besides"), "{shown}");
}

#[test]
fn late_ones_are_those_that_the_list_calls_overdue() {
    let env = TestEnv::new();
    let states = env.run(&["invoice", "list", "--all", "--columns", "number,state", "--csv"]);
    let late: Vec<String> = states
        .ends(0)
        .stdout
        .lines()
        .filter_map(|line| {
            let (number, state) = line.split_once(',')?;
            (state.trim() == "overdue").then(|| number.to_owned())
        })
        .collect();
    assert!(late.len() > 2);
    let ran = env.run(&["invoice", "list", "--all", "--overdue", "--json"]);
    assert_eq!(each(&array(&ran), "number"), late);
    assert_eq!(env.log().last().unwrap().asked(), "GET invoices?unpaid=true");
}

#[test]
fn invoices_are_sorted_as_a_whole_and_then_cut() {
    let env = TestEnv::new();
    let totals = |more: &[&str]| {
        let args = [&["invoice", "list", "--json", "--sort", "total"], more].concat();
        let amounts = array(&env.run(&args));
        let amount = |one: &Value| one["total"].as_str().unwrap().parse().unwrap();
        amounts.iter().map(amount).collect::<Vec<rust_decimal::Decimal>>()
    };
    let all = totals(&["--all"]);
    assert!(all.len() > 10 && all.is_sorted_by(|one, next| one >= next), "{all:?}");
    assert_eq!(totals(&["--limit", "4"]), all[..4]);
    let back = totals(&["--all", "--reverse"]);
    assert!(back.is_sorted(), "{back:?}");
    let cut = env.run(&["invoice", "list", "--sort", "due", "--limit", "4"]);
    cut.ends(0).says(&format!("showing 4 of {}; --all for the rest", all.len()));
}

#[test]
fn whether_one_is_paid_is_not_guessed() {
    let env = TestEnv::with(&["read@*=spelled:unclear-flags"]);
    for filter in ["--paid", "--unpaid", "--overdue"] {
        let ran = env.run(&["invoice", "list", "--all", filter, "--json"]);
        ran.ends(0).says("left out, because a value is unreadable: ");
        assert_eq!(array(&ran).len(), 0, "{ran}");
    }
}
