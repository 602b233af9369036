//! The guards of what a request carries belong to the write, whoever asks for it: a command or `api`; and what of it nobody
//! is shown.

use serde_json::json;

use crate::support::{PlanFile, Ran, TestEnv};

const SECRET: &str = "password: Tr0ub4dor&3x";

/// Refused in a script, with the flag named and nothing sent; done with the flag.
fn guarded(args: &[&str], flag: &str) {
    let env = TestEnv::new();
    env.run(&[args, &["--yes"]].concat()).ends(5).says(flag);
    assert!(env.writes().is_empty(), "{args:?}: {:?}", env.writes());
    env.run(&[args, &["--yes", flag]].concat()).ends(0);
}

#[test]
fn what_a_customer_may_read_is_looked_at_in_every_write() {
    let texts = format!("subject={SECRET}");
    let description = format!("description={SECRET}");
    let notes = format!("notes={SECRET}");
    let note = format!("note={SECRET}");
    let memo = format!("memo={SECRET}");
    let line = ["line", "add", "32181", "--labor", "remote", "--minutes", "30", "--description"];
    let schedule = ["api", "POST", "schedules", "-F", "customer_id=31204551"];
    let schedule = [&schedule[..], &["-f", "name=Care", "-f", "frequency=Monthly"]].concat();
    for args in [
        &[&line[..], &[SECRET]].concat()[..],
        &["line", "update", "32178", "2964400000", "--description", SECRET],
        &["timer", "add", "32168", "--minutes", "5", "--labor", "remote", "--notes", SECRET],
        &["timer", "start", "32178", "--labor", "remote", "--notes", SECRET],
        &["timer", "update", "32168", "48700003", "--notes", SECRET],
        &["api", "POST", "ticket_timers", "-F", "ticket_id=108443837", "-f", &notes],
        &[&schedule[..], &["-f", "next_run=2029-12-15", "-f", &memo]].concat(),
        &["invoice", "update", "67409", "--note", SECRET],
        &["appointment", "add", "32178", "--start", "2029-03-19 09:00", "--location", SECRET],
        &["update", "32181", "--subject", SECRET],
        &["api", "PUT", "tickets/108443837", "-f", &texts],
        &["api", "PUT", "invoices/1652300000", "-f", &note],
        &[
            "api",
            "POST",
            "tickets/108443837/add_line_item",
            "-f",
            "name=Rack",
            "-f",
            &description,
            "-F",
            "quantity=1",
            "-f",
            "price_retail=5.00",
            "-F",
            "taxable=false",
        ],
        &[
            "api",
            "POST",
            "tickets/108443837/timer_entry",
            "-f",
            "start_at=2026-03-16T09:00:00-05:00",
            "-F",
            "duration_minutes=5",
            "-f",
            &notes,
        ],
    ] {
        guarded(args, "--allow-secrets");
    }
}

#[test]
fn so_many_hours_on_one_line_are_asked_about() {
    guarded(&["line", "add", "32181", "--labor", "remote", "--minutes", "20h"], "--large");
}

#[test]
fn the_same_line_is_one_whoever_adds_it() {
    let again = ["line", "add", "32181", "--labor", "remote", "--minutes", "30"];
    let env = TestEnv::new();
    env.run(&[&again[..], &["--description", "Export", "--yes"]].concat()).ends(0);
    let product = env.state(32_181).my_lines()[0]["product_id"].to_string();
    let product = format!("product_id={product}");
    for args in [
        &[&again[..], &["--description", "Another word"]].concat()[..],
        &[
            "api",
            "POST",
            "tickets/108443837/add_line_item",
            "-F",
            &product,
            "-f",
            "name=Labor",
            "-f",
            "description=Export",
            "-F",
            "quantity=0.5",
            "-f",
            "price_retail=120.00",
            "-F",
            "taxable=false",
        ],
    ] {
        env.run(&[args, &["--yes"]].concat()).ends(5).says("--same-line");
    }
}

/// That nothing that was printed has a secret in it.
#[track_caller]
fn hides(ran: &Ran, secrets: &[&str]) {
    for secret in secrets {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{secret}: {ran}");
    }
}

/// All that the journal has on the disk.
fn kept(env: &TestEnv) -> String {
    let plans = env.journal();
    assert!(!plans.is_empty());
    plans.iter().map(|plan| std::fs::read_to_string(&plan.path).unwrap()).collect()
}

/// Secrets of a body are sent as they were typed and shown nowhere, and what is kept of a plan that is closed has none.
#[test]
fn secrets_of_a_body_are_sent_and_not_shown() {
    let secrets = ["hunter-two", "open-s3same", "471147", "own-k3y"];
    let typed = [
        &["api", "POST", "rmm_alerts", "--unknown-path", "-f", "name=Loud", "-F", "otp=471147"][..],
        &["-f", "password=hunter-two", "-f", "user[access_token]=open-s3same"],
        &["-f", "properties[Admin API key]=own-k3y"],
    ]
    .concat();
    let env = TestEnv::new();
    let run = |more: &[&str]| {
        let ran = env.run(&[&typed[..], more].concat());
        hides(&ran, &secrets);
        ran
    };
    for more in [&["--dry-run"][..], &["--dry-run", "--json"]] {
        let shown = run(more);
        assert!(shown.ends(0).stdout.contains("***") && shown.stdout.contains("Loud"), "{shown}");
    }
    let done = run(&["--yes", "--json", "-v"]);
    let sent = &done.ends(0).json().unwrap()["writes"][0]["body"];
    assert_eq!((&sent["password"], &sent["otp"]), (&json!("***"), &json!("***")), "{done}");
    let body = &env.writes()[0].body;
    assert_eq!((&body["password"], &body["otp"]), (&json!("hunter-two"), &json!(471_147)));
    assert_eq!(body["user"]["access_token"], "open-s3same");
    assert_eq!(body["properties"]["Admin API key"], "own-k3y");
    // It is known again all the same.
    run(&["--yes"]).ends(5).says("was sent within a day").says("--again");
    // Where several flags are named, the command is not repeated with them.
    let unknown: Vec<&str> =
        typed.iter().copied().filter(|word| *word != "--unknown-path").collect();
    let ran = env.run(&[&unknown[..], &["--yes"]].concat());
    hides(&ran, &secrets);
    ran.ends(5).says("--unknown-path").says("--again");
    run(&["--yes", "--again"]).ends(0);
    assert!(env.journal().iter().all(PlanFile::is_closed));
    assert!(!secrets.iter().any(|secret| kept(&env).contains(secret)), "{}", kept(&env));
    hides(&env.run(&["api", "POST", "rmm_alerts", "-f", "my_api_key=own-k3y"]), &secrets);
}

/// A plan that may be resumed needs them; once it is closed, whoever closes it, they are gone.
#[test]
fn secrets_stay_as_long_as_a_plan_may_need_them() {
    let secret = "hunter-two";
    let typed = ["api", "POST", "contacts", "-F", "customer_id=31204551", "-f", "name=Ada Finch"];
    let typed = [&typed[..], &["-f", "password=hunter-two", "--yes", "--json"]].concat();
    for discards in [false, true] {
        let env = TestEnv::with(&["contact-create=500-before"]);
        let ran = env.run(&typed);
        hides(ran.ends(6), &[secret]);
        assert!(kept(&env).contains(secret));
        let plan = env.journal()[0].id();
        let resumed = match discards {
            true => env.run(&["resume", "--discard", &plan, "--yes", "--json"]),
            false => env.run(&["resume", "--yes", "--json", "-v"]),
        };
        hides(resumed.ends(0), &[secret]);
        let sent: Vec<_> =
            env.writes().into_iter().map(|line| line.body["password"].clone()).collect();
        assert_eq!(sent, vec![secret; if discards { 1 } else { 2 }]);
        assert!(env.journal()[0].is_closed() && !kept(&env).contains(secret), "{}", kept(&env));
    }
}

/// Nor are those that a record has, before or after.
#[test]
fn secrets_of_a_record_are_not_shown_where_they_are_changed() {
    let env = TestEnv::new();
    let secrets = ["hunter-two", "hunter-six"];
    for secret in secrets {
        let field = format!("properties[Admin Password]={secret}");
        let typed = ["api", "PUT", "customer_assets/12390327", "-f", "properties[Rack]=1", "-f"];
        let typed = [&typed[..], &[&field]].concat();
        let plan = env.run(&[&typed[..], &["--dry-run"]].concat());
        hides(&plan, &secrets);
        assert!(plan.ends(0).stdout.contains("-> ***"), "{plan}");
        let done = env.run(&[&typed[..], &["--yes", "--json", "-v"]].concat());
        hides(done.ends(0), &secrets);
        assert_eq!(
            env.account().get("/customer_assets/12390327")["asset"]["properties"]["Admin Password"],
            secret
        );
        let so = env.run(&[&typed[..], &["--yes", "--json"]].concat());
        hides(&so, &secrets);
        so.is_so_already();
    }
    assert!(!secrets.iter().any(|secret| kept(&env).contains(secret)), "{}", kept(&env));
}
