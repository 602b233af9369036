//! The guards of what a request carries belong to the write, whoever asks for it: a command or `api`.

use crate::support::TestEnv;

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
