//! `syncro line list`.

use serde_json::json;

use super::{array, each, paths};
use crate::support::{TILL, TestEnv, ticket_id};

#[test]
fn lines_have_ids_amounts_and_what_waits_in_sum() {
    let env = TestEnv::new();
    let ran = env.run(&["line", "list", "32178"]);
    ran.ends(0);
    let lines = env.state(32_178).lines;
    for id in each(&lines, "id") {
        assert!(ran.stdout.contains(&id), "{id}: {ran}");
    }
    assert!(ran.stdout.contains("$89.50"), "{ran}");
    assert!(ran.stdout.ends_with("$134.50 uninvoiced in 2 lines\n"), "{ran}");
    let invoiced = env.run(&["line", "list", "32176"]);
    assert!(invoiced.ends(0).stdout.ends_with("Nothing uninvoiced\n"), "{invoiced}");
    let none = env.run(&["line", "list", "32181"]);
    none.ends(0).says("ticket #32181 has no line items");
    assert!(none.stdout.is_empty());
}

#[test]
fn json_is_the_tickets_own_lines() {
    let env = TestEnv::new();
    let printed = array(&env.run(&["line", "list", "32178", "--json"]));
    assert_eq!(printed, env.state(32_178).lines);
    assert!(array(&env.run(&["line", "list", "32181", "--json"])).is_empty());
}

#[test]
fn the_sum_is_that_of_all_lines_and_a_cut_list_says_so() {
    let env = TestEnv::new();
    for number in 1..=32 {
        env.account().line(TILL, "1", "2.00", &format!("Part {number}"));
    }
    let ran = env.run(&["line", "list", "32181"]);
    ran.ends(0).says("showing 30 of 32; --all for the rest");
    assert!(ran.stdout.contains("Part 30") && !ran.stdout.contains("Part 31"));
    assert!(ran.stdout.ends_with("$64.00 uninvoiced in 32 lines\n"), "{ran}");
    let all = env.run(&["line", "list", "32181", "--all"]);
    assert!(all.ends(0).stdout.contains("Part 32"));
    assert!(!all.stderr.contains("showing"), "{all}");
    let two = env.run(&["line", "list", "32181", "--limit", "2", "--json"]);
    assert_eq!(array(&two).len(), 2);
    two.says("showing 2 of 32");
}

#[test]
fn a_number_costs_one_request_that_is_spared_then() {
    let env = TestEnv::new();
    env.run(&["line", "list", "32178"]).ends(0);
    let ticket = format!("GET tickets/{}", ticket_id(32_178));
    // The invoices tell what is billed of lines that no mark tells of; they are read at once with the ticket.
    assert_eq!(paths(&env), ["GET invoices", "GET tickets", &ticket]);
    env.run(&["line", "list", "#32178"]).ends(0);
    assert_eq!(paths(&env).len(), 5);
}

/// A product of the practice account that is sold, no labor, and taxed or not.
fn part(env: &TestEnv, taxable: bool) -> String {
    let all = env.account().get("/products");
    let all = all["products"].as_array().unwrap();
    let fits = |one: &&serde_json::Value| {
        let name = one["name"].as_str().unwrap();
        one["taxable"] == taxable && one["disabled"] == false && !name.contains("Labor")
    };
    all.iter().find(fits).unwrap()["id"].to_string()
}

#[test]
fn a_product_is_taxed_as_syncro_has_it_unless_told_otherwise() {
    let env = TestEnv::new();
    let taxed = part(&env, true);
    for (more, sent, says) in [
        (&[][..], true, ", taxed"),
        (&["--taxable=false"][..], false, ", not taxed"),
        (&["--taxable=true"][..], true, ", taxed"),
        (&["--taxable"][..], true, ", taxed"),
    ] {
        let add = [&["line", "add", "32181", "--product", &taxed][..], more].concat();
        let ran = env.run(&[&add[..], &["--dry-run", "--json"]].concat());
        let json = ran.ends(0).json().unwrap();
        assert_eq!(json["writes"][0]["body"]["taxable"], sent, "{more:?}");
        let ran = env.run(&[&add[..], &["--dry-run"]].concat());
        let row = ran.ends(0).stdout.lines().find(|line| line.contains("Line item"));
        assert!(row.unwrap().ends_with(says), "{more:?}: {ran}");
    }
    env.run(&["line", "add", "32181", "--product", &taxed, "--yes"]).ends(0);
    assert_eq!(env.state(TILL).lines[0]["taxable"], json!(true));
    let labor = ["line", "add", "32181", "--labor", "remote", "--minutes", "30"];
    let ran = env.run(&[&labor[..], &["--dry-run"]].concat());
    assert!(ran.ends(0).stdout.contains(", not taxed"), "{ran}");
}

#[test]
fn what_to_add_and_a_missing_product_are_named() {
    let env = TestEnv::new();
    env.run(&["line", "add", "32181", "--yes"]).ends(2).says("--labor NAME").says("--product ID");
    let ran = env.run(&["line", "add", "32181", "--product", "99", "--yes"]);
    ran.ends(3).says("there is no product 99; nothing was written");
    assert!(!ran.stderr.contains("GET"), "{ran}");
}

#[test]
fn a_credential_on_an_invoice_needs_allow_secrets() {
    let secret = "Your password: hunter-two";
    let env = TestEnv::new();
    let path = format!("tickets/{}/add_line_item", ticket_id(TILL));
    let name = format!("name={secret}");
    for line in [
        &["line", "add", "32181", "--product", "17340025", "--description", secret][..],
        &["line", "add", "32181", "--product", "17340025", "--name", secret],
        &["line", "update", "32178", "2964400000", "--description", secret],
        &["line", "update", "32178", "2964400000", "--name", secret],
        &["api", "POST", &path, "-f", &name, "-F", "price_retail=45"],
    ] {
        env.run(&[line, &["--yes"]].concat()).ends(5).says("--allow-secrets");
        assert!(env.writes().is_empty(), "{line:?}");
        env.run(&[line, &["--dry-run", "--allow-secrets"]].concat()).ends(0);
    }
}

#[test]
fn products_are_named_wherever_an_id_is_taken() {
    let env = TestEnv::new();
    for (args, shown) in [
        (&["line", "add", "32181", "--product", "ssd"][..], "SSD 1 TB"),
        (&["timer", "add", "32181", "-t", "30", "--product", "Labor - Onsite"], "Labor - Onsite"),
        (
            &["timer", "start", "32181", "--timer-running", "--product", "17340021"],
            "Labor - Remote",
        ),
    ] {
        let ran = env.run(&[args, &["--dry-run"]].concat());
        assert!(ran.ends(0).stdout.contains(shown), "{ran}");
    }
    let none = ["line", "add", "32181", "--product", "no such thing", "--dry-run"];
    env.run(&none).ends(3).says("there is no product \"no such thing\"");
}
