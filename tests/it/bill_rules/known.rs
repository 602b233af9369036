//! What can be known before the first write is never learnt from a refusal after it.

use serde_json::json;

use crate::support::{Altered, MESSAGE, Setup, TILL, TestEnv, UNBILLED, bill, ticket_id};

fn of_status(status: &str) -> TestEnv {
    let replace = vec![("after_bill = \"Invoiced\"", format!("after_bill = \"{status}\""))];
    TestEnv::of(Setup { replace, ..Setup::default() })
}

#[test]
fn a_status_that_the_account_lacks_is_refused_before_anything_is_written() {
    for (status, says) in [
        ("Billed", "after_bill in [tickets]: there is no status \"Billed\"; nothing was written"),
        ("invoiced", "after_bill in [tickets]: the status is \"Invoiced\", not \"invoiced\""),
    ] {
        let env = of_status(status);
        for more in [&["--yes"][..], &["--dry-run"]] {
            env.run(&bill(more)).ends(10).says(says);
        }
        assert!(env.writes().is_empty() && env.journal().is_empty());
        assert_eq!(env.state(TILL).ours(), UNBILLED);
        // Without an invoice there is no status to set.
        env.run(&bill(&["--yes", "--no-invoice"])).ends(0);
    }
}

/// The account's statuses are read once a day, and not at all by a bill that sets none.
#[test]
fn the_statuses_cost_nothing_once_they_are_known() {
    let env = TestEnv::new();
    let asked = |env: &TestEnv| {
        let log = env.log();
        log.iter().filter(|line| line.path.ends_with("settings")).count()
    };
    env.run(&bill(&["--dry-run", "--no-invoice"])).ends(0);
    assert_eq!(asked(&env), 0);
    env.run(&bill(&["--dry-run"])).ends(0);
    assert_eq!(asked(&env), 2);
    env.run(&bill(&["--yes"])).ends(0);
    assert_eq!(asked(&env), 2);
}

/// A key that may not read them may still set one.
#[test]
fn a_key_without_the_lists_bills() {
    let env = TestEnv::with(&["settings@*=403"]);
    let warning = "the status \"Invoiced\" cannot be checked: the API key cannot read the account's settings (403)";
    let planned = env.run(&bill(&["--dry-run", "--json"]));
    let json = planned.ends(0).says(warning).json().unwrap();
    assert!(json["warnings"].as_array().unwrap().contains(&json!(warning)), "{planned}");
    env.run(&bill(&["--yes"])).ends(0).says(warning);
}

/// A word that is typed is taken as it is where the list of such words is kept from the key, and that is said first.
#[tokio::test]
async fn a_word_that_cannot_be_checked_is_said_to_be_one() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", "/settings"), 403, &json!({"error": "Not authorized"})).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let update = ["update", "32181", "--priority", "high", "--dry-run", "--json"];
    let path = format!("tickets/{}", ticket_id(TILL));
    let put = ["api", "PUT", &path, "-f", "priority=high", "--dry-run", "--json"];
    let warning = "the priority \"high\" cannot be checked: the API key cannot read the account's settings (403)";
    for args in [&update[..], &put] {
        let ran = env.run_with(args, &there);
        let json = ran.ends(0).says(warning).json().unwrap();
        assert!(json["warnings"].as_array().unwrap().contains(&json!(warning)), "{ran}");
        assert_eq!(ran.stderr.matches("cannot be checked").count(), 1, "{ran}");
    }
}

#[tokio::test]
async fn a_product_without_a_name_is_given_one() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    let (_, mut product) = env.account().call("GET", "/products/17340021", None);
    product["product"]["name"] = json!(" ");
    server.answering(("GET", "/products/17340021"), 200, &product).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let lines = ["line", "add", "32181", "--labor", "remote", "--minutes", "30", "--yes"];
    for args in [&bill(&["--yes"])[..], &lines] {
        env.run_with(args, &there)
            .ends(5)
            .says("has no name, and none is configured; nothing was written")
            .says("hint: set a name for the product in Syncro, or set `name` in [labor.remote]");
    }
    let line = ["line", "add", "32181", "--product", "17340021", "--yes"];
    let ran = env.run_with(&line, &there);
    ran.ends(5).says("product 17340021 has no name; nothing was written").says("hint: use --name");
    assert!(env.writes().is_empty());
    let sent = format!("POST /tickets/{}/add_line_item", ticket_id(TILL));
    assert_eq!(server.asked(&sent).await, 0);
    env.run_with(&[&line[..], &["--name", "Layout"]].concat(), &there).ends(0);
    assert_eq!(server.asked(&sent).await, 1);
}

/// A line item that is called nothing tells the customer nothing, whoever makes it so.
#[test]
fn no_line_item_is_called_nothing() {
    let env = TestEnv::new();
    let line = env.account().line(TILL, "0.5", "120", "As agreed")["id"].to_string();
    let id = format!("ticket_line_item_id={line}");
    let path = |verb: &str| format!("tickets/{}/{verb}", ticket_id(TILL));
    let (add, update) = (path("add_line_item"), path("update_line_item"));
    let api = |method, path, more: &[&'static str]| -> Vec<String> {
        let fields = more.iter().flat_map(|field| ["-F", *field]);
        let args = ["api", method, path].into_iter().chain(fields);
        args.map(str::to_owned).collect()
    };
    let made = ["product_id=17340021", "quantity=1", "price_retail=5", "description=x", "name="];
    let typed = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
    for args in [
        typed(&["line", "add", "32181", "--product", "17340021", "--name", " "]),
        typed(&["line", "update", "32181", &line, "--name", ""]),
        api("POST", &add, &made),
        [api("PUT", &update, &["name=null"]), typed(&["-F", &id])].concat(),
        api("POST", &add, &["quantity=1", "price_retail=5", "description=x"]),
        api("POST", &add, &["quantity=1", "price_retail=5", "description=x", "product_id="]),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).chain(["--yes"]).collect();
        env.run(&args).ends(5).says("the line item would have no name; nothing was written");
    }
    // Nor by what no guard reads.
    for name in ["name=5", "name[]=Cable"] {
        let args = api("POST", &add, &[name, "quantity=1", "price_retail=5", "description=x"]);
        let args: Vec<&str> = args.iter().map(String::as_str).chain(["--yes"]).collect();
        env.run(&args).ends(2).says("name is not a text").says("use -f name=");
    }
    assert!(env.writes().is_empty());
}

/// The same on documents, which call it by other names.
#[test]
fn no_line_of_a_document_is_called_nothing() {
    let (env, schedule) = TestEnv::prepared(Setup::default(), |env| {
        let fields = json!({
            "customer_id": 31_204_551, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
        });
        let id = env.account().write("POST", "/schedules", &fields)["schedule"]["id"].to_string();
        let line = json!({"name": "Watch", "price_retail": 20, "quantity": 1, "taxable": false});
        env.account().write("POST", &format!("/schedules/{id}/line_items"), &line);
        id
    });
    let invoice = env.account().get("/invoices/67409")["invoice"].take();
    let on_invoice = format!("invoices/{}/line_items", invoice["id"]);
    let invoiced = format!("{on_invoice}/{}", invoice["line_items"][0]["id"]);
    let lines = env.account().get(&format!("/schedules/{schedule}"))["schedule"]["lines"].take();
    let on_schedule = format!("schedules/{schedule}/line_items");
    let scheduled = format!("{on_schedule}/{}", lines[0]["id"]);
    let on_estimate = "estimates/9120011/line_items";
    let estimated = format!("{on_estimate}/3188200034");
    let file = env.dir().join("invoice.json");
    let body = json!({"customer_id": 31_204_602, "line_items": [{"item": " ", "price": "24"}]});
    std::fs::write(&file, body.to_string()).unwrap();
    let new = |folder: &str, lines: &str, line: serde_json::Value| {
        let file = env.dir().join(format!("{folder}.json"));
        let body = json!({"customer_id": 31_204_602, "name": "Care", lines: [line]});
        std::fs::write(&file, body.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let estimate = new("estimates", "line_items", json!({"item": " ", "price": "24"}));
    let recurring = new("schedules", "lines", json!({"name": "", "price_retail": "24"}));
    let of = |method, path, name| vec!["api", method, path, "-f", name, "-F", "price=24"];
    let nameless = |folder: &str, lines: &str| {
        let file = env.dir().join(format!("nameless-{folder}.json"));
        let line = json!({"price": "24", "price_retail": "24"});
        let body = json!({"customer_id": 31_204_602, "name": "Care", lines: [line]});
        std::fs::write(&file, body.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let [of_invoice, of_estimate, of_schedule] =
        [("invoices", "line_items"), ("estimates", "line_items"), ("schedules", "lines")]
            .map(|(folder, lines)| nameless(folder, lines));
    for args in [
        of("POST", on_invoice.as_str(), "item="),
        of("PUT", &invoiced, "item= "),
        of("POST", on_estimate, "item="),
        of("PUT", &estimated, "item="),
        vec!["api", "POST", &on_schedule, "-f", "name=", "-F", "price_retail=24"],
        vec!["api", "PUT", &scheduled, "-f", "name="],
        vec!["api", "POST", "invoices", "--input", file.to_str().unwrap()],
        vec!["api", "POST", "estimates", "--input", &estimate],
        vec!["api", "POST", "schedules", "--input", &recurring],
        // Nothing is said of it at all.
        vec!["api", "POST", &on_invoice, "-F", "price=24"],
        vec!["api", "POST", on_estimate, "-F", "price=24", "-F", "quantity=2"],
        vec!["api", "POST", &on_schedule, "-F", "price_retail=24", "-f", "description=Nights"],
        vec!["api", "POST", "invoices", "--input", &of_invoice],
        vec!["api", "POST", "estimates", "--input", &of_estimate],
        vec!["api", "POST", "schedules", "--input", &of_schedule],
    ] {
        let ran = env.run(&[&args[..], &["--yes"]].concat());
        ran.ends(5).says("the line item would have no name; nothing was written");
    }
    assert!(env.writes().is_empty());
}

/// A labor type is also known by what its product is called, where that is one type's alone.
#[test]
fn labor_is_known_by_its_products_name() {
    let env = TestEnv::new();
    let more = ["-m", MESSAGE, "--dry-run"];
    let bill = |words: &[&str]| env.run(&[&["bill", "32181", "-t", "30"], words, &more].concat());
    let line = |words: &[&str]| {
        let shown = bill(&[words, &["--json"]].concat()).ends(0).json().unwrap();
        shown["preview"]["lines"].clone()
    };
    let (named, keyed) = (line(&["-l", "labor -  remote"]), line(&["-l", "remote"]));
    assert_eq!(named, keyed);
    let (named, keyed) =
        (["-l", "remote", "--add", "Labor - Onsite=15m"], ["-l", "remote", "--add", "onsite=15m"]);
    assert_eq!(line(&named), line(&keyed));
    bill(&["-l", "Labor"]).ends(2).says("there is no labor type \"Labor\"");
    for words in
        [["line", "add", "32181", "--minutes", "30"], ["timer", "add", "32181", "--minutes", "30"]]
    {
        let more = ["--labor", "Labor - Remote", "--dry-run"];
        assert!(env.run(&[&words[..], &more].concat()).ends(0).stdout.contains("Labor - Remote"));
    }
    // What is nearly a key costs no request, and is named.
    let before = env.log().len();
    bill(&["-l", "remot3"]).ends(2).says("did you mean remote?");
    assert_eq!(env.log().len(), before);
    // Two of the same product are told apart by their own names.
    let more = "[labor.night]\nproduct_id = 17340021\n".to_owned();
    let env = TestEnv::of(Setup { more, ..Setup::default() });
    let typed = ["bill", "32181", "-t", "30", "-l", "Labor - Remote", "-m", MESSAGE, "--yes"];
    env.run(&typed).ends(2).says("fits several labor types").says("remote, night");
    assert!(env.writes().is_empty());
}

/// A comment that is nothing but a greeting says nothing of what was done.
#[test]
fn a_greeting_alone_is_no_description() {
    let env = TestEnv::new();
    let bill = ["bill", "32181", "-t", "30", "-l", "remote", "-m", "Hi Sam,"];
    for more in [&["--yes"][..], &["--dry-run"]] {
        env.run(&[&bill[..], more].concat()).ends(2).says("missing: --description");
    }
    assert!(env.writes().is_empty());
    let told = [&bill[..], &["--description", "Printer", "--dry-run", "--json"]].concat();
    env.run(&told).ends(0);
    #[cfg(unix)]
    {
        let mut terminal = env.terminal(&bill);
        terminal.answer("Line description:", "Gift layout copied");
        let preview = terminal.expect("[y/N/p");
        assert!(preview.contains("Gift layout copied"), "{preview}");
        terminal.send(crate::support::CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
}

/// A product that this key may not read, or that is gone, is no reason to leave the line of it on the ticket: that it may be
/// disabled is said, and never that it is not. An answer that is none stops the invoice.
#[tokio::test]
async fn a_line_is_invoiced_though_its_product_cannot_be_read() {
    let note = "cannot read product 17340101 of a line on the ticket: it may be disabled";
    let create = ["invoice", "create", "32178", "--yes", "--json"];
    let labor = ["bill", "32178", "-t", "30", "-l", "remote", "-m", MESSAGE, "--yes", "--json"];
    for (args, status, code) in
        [(&create[..], 403, 0), (&labor, 403, 0), (&create, 404, 0), (&labor, 500, 8)]
    {
        let env = TestEnv::new();
        let server = Altered::of(env.account(), |_, _| ()).await;
        let words = json!({"error": "Not authorized"});
        server.answering(("GET", "/products/17340101"), status, &words).await;
        let ran = env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(code);
        let (was, made) = (env.state(32_178).my_invoices().len(), usize::from(code == 0));
        assert_eq!(was, made, "{status}: {ran}");
        assert_eq!(ran.stderr.matches(note).count(), made, "{status}: {ran}");
    }
}
