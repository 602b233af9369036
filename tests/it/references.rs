//! A record is referred to as `contact_id: 7` or as `contact: {"id": 7}`: a ticket says the same in either form, so nobody
//! is mailed, changed or checked otherwise because of it; and whom a comment would be mailed to is the ticket's customer's.

use serde_json::{Value, json};

use crate::support::{Altered, OTHER, Ran, Setup, TILL, TRAINEE, TestEnv, ticket_id};

/// The forms in which the server answers.
const FORMS: [&[&str]; 2] = [&[], &["ticket@*=nested"]];

/// The contact of the till's ticket, and where she is mailed.
const IMELDA: &str = "imelda@quillfeather.example";

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[args, &["--yes", "--json"]].concat())
}

fn till(env: &TestEnv) -> Value {
    env.account().ticket(TILL).ticket
}

#[test]
fn the_form_is_told_apart_by_the_server_only() {
    let env = TestEnv::with(&["ticket@*=nested"]);
    let ran = env.run(&["ticket", "32181", "--json"]);
    let ticket = ran.ends(0).json().unwrap();
    assert!(ticket.get("contact_id").is_none(), "what the server sent is kept: {ran}");
    assert!(ticket["contact"]["id"].is_u64(), "{ran}");
}

#[test]
fn a_ticket_that_moves_leaves_its_contact_behind() {
    for faults in FORMS {
        let env = TestEnv::with(faults);
        let update = ["update", "32181", "--customer", "31204602"];
        let plan = env.run(&[&update[..], &["--dry-run"]].concat());
        assert!(plan.ends(0).stdout.contains("-> nobody"), "{plan}");
        run(&env, &update).ends(0);
        let ticket = till(&env);
        assert_eq!(ticket["customer_id"], OTHER.0);
        assert_eq!(ticket["contact_id"], Value::Null);
        assert_eq!(env.writes().len(), 1, "in one PUT");
        let ran = run(&env, &["comment", "32181", "The spool is yours again"]);
        let said = ran.ends(0).json().unwrap().to_string() + &ran.stderr;
        assert!(!said.contains(IMELDA), "{ran}");
    }
}

#[test]
fn a_ticket_that_moves_takes_a_contact_of_its_new_customer() {
    for faults in FORMS {
        let env = TestEnv::with(faults);
        let contact = OTHER.1.to_string();
        let update = ["update", "32181", "--customer", "31204602", "--contact", &contact];
        run(&env, &update).ends(0);
        assert_eq!(till(&env)["contact_id"], OTHER.1);
        run(&env, &update).is_so_already();
        assert_eq!(env.writes().len(), 1);
    }
}

#[test]
fn a_ticket_that_stays_keeps_its_contact() {
    for faults in FORMS {
        let env = TestEnv::with(faults);
        let before = till(&env)["contact_id"].clone();
        let customer = ["update", "32181", "--customer", "31204551"];
        run(&env, &customer).is_so_already();
        run(&env, &[&customer[..], &["--priority", "high"]].concat()).ends(0);
        assert_eq!(till(&env)["contact_id"], before);
    }
}

#[test]
fn contact_and_type_are_read_back() {
    for faults in FORMS {
        let env = TestEnv::with(faults);
        for (flag, value, field, right) in [
            ("--contact", "none", "contact_id", Value::Null),
            ("--contact", "joss", "contact_id", json!(7_804_552)),
            ("--type", "Project", "ticket_type_id", till(&env)["ticket_type_id"].clone()),
        ] {
            let update = ["update", "32181", flag, value];
            let before = env.writes().len();
            run(&env, &update).ends(0);
            assert_eq!(env.writes().len(), before + 1, "{flag} {value}");
            let now = till(&env)[field].clone();
            match flag {
                "--type" => assert_ne!(now, right),
                _ => assert_eq!(now, right),
            }
            run(&env, &update).is_so_already();
            assert_eq!(env.writes().len(), before + 1, "{flag} {value}");
        }
    }
}

#[test]
fn a_new_tickets_contact_gets_its_comment() {
    for faults in FORMS {
        let env = TestEnv::with(faults);
        let create = [
            "create",
            "31204671",
            "Label printer jams",
            "--contact",
            "Ruaridh McMoss",
            "--description",
            "It eats them.",
        ];
        run(&env, &create).ends(0);
        let tickets = env.account().tickets_about(31_204_671, create[2]);
        let comments = env.account().get(&format!("/tickets/{}/comments", tickets[0]["id"]));
        assert!(comments.to_string().contains("It eats them."), "{comments}");
    }
}

/// The server has stored another contact: nobody may be mailed on the strength of a field that is not there.
#[tokio::test]
async fn a_ticket_stored_with_another_contact_gets_no_comment_in_either_form() {
    for faults in FORMS {
        let env = TestEnv::with(faults);
        let server = Altered::over(env.base(), |what, body| {
            if what == "POST /tickets" {
                body["contact_id"] = 7_804_672.into();
            }
        })
        .await;
        let create = [
            "create",
            "31204671",
            "Label printer jams",
            "--contact",
            "Ruaridh McMoss",
            "--description",
            "It eats them.",
            "--yes",
        ];
        let ran = env.run_with(&create, &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(5).says("contact");
        let sent = env.writes();
        assert!(sent.iter().all(|line| !line.path.ends_with("/comment")), "{ran}");
    }
}

/// The till's ticket, whose contact is another customer's.
fn strange(faults: &[&str]) -> TestEnv {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
    let setup = Setup { faults, ..Setup::default() };
    let path = format!("/tickets/{}", ticket_id(TILL));
    let contact = json!({"contact_id": OTHER.1});
    TestEnv::prepared(setup, |env| env.account().write("PUT", &path, &contact)).0
}

#[test]
fn another_customers_contact_is_mailed_by_nobodys_mistake() {
    let comment = format!("tickets/{}/comment", ticket_id(TILL));
    let commands = [
        &["comment", "32181", "The spool is yours again"][..],
        &["close", "32181", "-m", "The spool is yours again", "--no-log"],
        &["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", "The spool"],
        &["api", "POST", &comment, "-f", "subject=Update", "-f", "body=The spool"],
    ];
    for faults in FORMS {
        for args in commands {
            let env = strange(faults);
            let ran = run(&env, args);
            ran.ends(5).says("--other-contact").says("casper@brindlewood-dental.example");
            assert!(env.writes().is_empty(), "{ran}");
            run(&env, &[args, &["--other-contact"]].concat()).ends(0);
        }
        for quiet in ["--no-email", "--hidden"] {
            let env = strange(faults);
            run(&env, &["comment", "32181", "The spool is yours again", quiet]).ends(0);
        }
    }
}

/// On a terminal it is a question.
#[cfg(unix)]
#[test]
fn whether_another_customers_contact_is_meant_is_asked() {
    let env = strange(&["ticket@*=nested"]);
    let mut terminal = env.terminal(&["comment", "32181", "The spool is yours again"]);
    let question = terminal.expect("Continue? [y/N]");
    assert!(question.contains("casper@brindlewood-dental.example"), "{question}");
    terminal.say("");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(env.writes().is_empty());
}

/// A plan that was cut off is about the same contact, in whichever form it is told.
#[test]
fn a_resumed_comment_is_not_sent_to_another_contact_in_either_form() {
    for faults in FORMS {
        let env = TestEnv::with(&[faults, &["comment=close-before"]].concat());
        let comment = run(&env, &["comment", "32181", "The spool is yours again"]);
        comment.ends(6);
        let joss = json!({"contact_id": 7_804_552, "user_id": TRAINEE});
        env.colleague().write("PUT", &format!("/tickets/{}", ticket_id(TILL)), &joss);
        run(&env, &["resume"]).ends(5).says("contact");
        assert_eq!(env.state(TILL).said("The spool is yours again"), 0);
    }
}

/// Whose an entry is and what it is sold as goes along with a change, in whichever form the account says it.
#[tokio::test]
async fn a_change_sends_along_what_an_entry_refers_to_in_both_forms() {
    let env = TestEnv::new();
    let server = Altered::telling(env.account(), |_, asked, answer| {
        let timers = answer.get_mut("ticket").filter(|_| asked.starts_with("GET /tickets/"));
        let timers = timers.and_then(|ticket| ticket["ticket_timers"].as_array_mut());
        for timer in timers.into_iter().flatten().filter_map(Value::as_object_mut) {
            for name in ["user", "product"] {
                let id = timer.remove(&format!("{name}_id"));
                timer.insert(name.to_owned(), json!({ "id": id }));
            }
        }
    })
    .await;
    let args = ["timer", "update", "32168", "48700003", "--notes", "Port", "--dry-run", "--json"];
    let plan = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
    let sent = plan.ends(0).json().unwrap()["writes"][0]["body"].take();
    let there = &env.account().timers(32_168)[0];
    for name in ["user_id", "product_id"] {
        assert!(there[name].is_u64(), "{there}");
        assert_eq!(sent[name], there[name], "{name}: {sent}");
    }
}

/// What a body names beside a customer is that customer's, as a contact is: a ticket, assets and a contract.
#[test]
fn what_a_body_names_is_no_other_customers() {
    let (env, garden) = TestEnv::prepared(Setup::default(), |env| {
        let fields = json!({
            "customer_id": 31_204_618, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
        });
        format!(
            "schedules/{}",
            env.account().write("POST", "/schedules", &fields)["schedule"]["id"]
        )
    });
    let till = ticket_id(32_181);
    let (of_ticket, ticket) = (format!("ticket_id={till}"), format!("tickets/{till}"));
    let estimate = ["POST", "estimates", "-f", "date=2027-03-18", "-f", "number=E9", "-F"];
    let create = ["POST", "tickets", "-f", "subject=Blank", "-F", "customer_id=31204602", "-F"];
    let schedule = ["POST", "schedules", "-f", "name=Care", "-f", "frequency=Monthly"];
    let schedule = [&schedule[..], &["-f", "next_run=2027-03-01", "-F"]].concat();
    let (theirs, others) = ("customer_id=31204551", "customer_id=31204602");
    let asset =
        "asset CHAIR-1 (id 12390079) belongs to customer 31204602, not to customer 31204551";
    let contract = "contract Care, quarterly (id 310021) belongs to customer 31204602";
    let cases: [(&[&str], &[&str], &str); 7] = [
        (&estimate, &[others, "-F", &of_ticket], "ticket #32181 belongs to customer 31204551"),
        (&["PUT", "estimates/9120011", "-F"], &[&of_ticket], "not to customer 31204618"),
        (&schedule, &[theirs, "-F", "contract_id=310021"], contract),
        (&["PUT", &garden, "-F"], &["schedule[contract_id]=310021"], contract),
        (&create, &["asset_ids[]=12390017"], "asset TILL-2 (id 12390017) belongs to"),
        (&["PUT", &ticket, "-F"], &["asset_ids[]=12390079"], asset),
        (&["PUT", &ticket, "-F"], &["contract_id=310021"], contract),
    ];
    for (path, fields, says) in cases {
        let ran = env.run(&[&["api"], path, fields, &["--yes"]].concat());
        ran.ends(5).says(says);
        assert!(env.writes().is_empty(), "{ran}");
    }
    for (path, fields) in [
        (&estimate[..], &[theirs, "-F", &of_ticket][..]),
        (&create, &["asset_ids[]=12390079", "-F", "contract_id=310021"]),
        (&["PUT", &ticket, "-F"], &["asset_ids[]=12390017"]),
        // One of nobody is everybody's.
        (&["PUT", &ticket, "-F"], &["asset_ids[]=12390792"]),
    ] {
        env.run(&[&["api"], path, fields, &["--yes"]].concat()).ends(0);
    }
}
