//! Where a record is on the web: the address, as a link where a terminal can show one, and the page opened.

use crate::support::{Terminal, TestEnv, bill, ticket_id, until};

/// A browser that writes down what it is asked to open.
fn browser(env: &TestEnv) -> String {
    env.script("browser", "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" >> \"$0.saw\"\n")
}

/// What a browser was asked to open so far.
fn seen(browser: &str) -> String {
    std::fs::read_to_string(format!("{browser}.saw")).unwrap_or_default()
}

/// What one was asked to open that nobody waited for.
fn opened(browser: &str) -> Vec<String> {
    until("the page is opened", || seen(browser).ends_with('\n'));
    let saw = seen(browser);
    std::fs::remove_file(format!("{browser}.saw")).unwrap();
    saw.lines().map(str::to_owned).collect()
}

/// The address of a page beside the API.
fn page(env: &TestEnv, place: &str) -> String {
    let (root, _) = env.base().split_once("/api/v1").unwrap();
    format!("{root}/{place}")
}

#[test]
fn a_page_is_printed_and_opened_by_the_browser_that_is_named() {
    let env = TestEnv::new();
    let browser = browser(&env);
    let ticket = page(&env, &format!("tickets/{}", ticket_id(32_181)));
    let customer = page(&env, "customers/31204551");
    let invoice = env.run(&["invoice", "show", "67410", "--json"]).ends(0).json().unwrap();
    let invoice = page(&env, &format!("invoices/{}", invoice["id"]));
    for (typed, address) in [
        (&["open", "32181"][..], &ticket),
        (&["open", "#32181"], &ticket),
        (&["open", "ticket", "32181"], &ticket),
        (&["ticket", "32181", "--web"], &ticket),
        (&["open", "invoice", "67410"], &invoice),
        (&["invoice", "show", "67410", "--web"], &invoice),
        (&["open", "customer", "quillfeather"], &customer),
        (&["customer", "show", "31204551", "--web"], &customer),
    ] {
        let ran = env.run_with(typed, &[("BROWSER", &browser)]);
        assert_eq!(ran.ends(0).stdout, format!("{address}\n"), "{typed:?}");
        assert_eq!(opened(&browser), ["1", address], "{typed:?}: {ran}");
    }
    let typed = ["open", "32181", "--json"];
    let ran = env.run_with(&typed, &[("BROWSER", &browser)]);
    assert_eq!(ran.ends(0).json().unwrap()["url"], ticket);
    assert_eq!(opened(&browser).len(), 2);
    assert!(env.writes().is_empty());
}

#[test]
fn a_browser_is_a_command_line_and_never_a_shells() {
    let env = TestEnv::new();
    let browser = browser(&env);
    let ticket = page(&env, &format!("tickets/{}", ticket_id(32_181)));
    let at = format!("--at={ticket}");
    for (named, saw) in [
        (format!("{browser} --new 'a b'"), vec!["3", "--new", "a b", &ticket]),
        (format!("{browser} --at=%s"), vec!["1", &at]),
        (format!("no-such-browser:{browser}"), vec!["1", &ticket]),
        (format!("{browser} ; touch x"), vec!["4", ";", "touch", "x", &ticket]),
    ] {
        env.run_with(&["open", "32181"], &[("BROWSER", &named)]).ends(0);
        assert_eq!(opened(&browser), saw, "{named}");
    }
    let ran = env.run_with(&["open", "32181"], &[("BROWSER", "no-such-browser")]);
    assert_eq!(ran.ends(0).stdout, format!("{ticket}\n"));
    ran.says("cannot run \"no-such-browser\"; open the address by hand, or set BROWSER");
}

#[test]
fn nobody_waits_for_a_browser_and_nobody_sees_what_it_says() {
    let env = TestEnv::new();
    let gate = env.dir().join("gate");
    let script = "#!/bin/sh\necho said; echo warned >&2\nprintf '%s\\n' \"$#\" \"$@\" >> \"$0.saw\"
while [ ! -e \"$GATE\" ]; do sleep 0.05; done\necho ended > \"$0.end\"\n";
    let browser = env.script("browser", script);
    let ticket = page(&env, &format!("tickets/{}", ticket_id(32_181)));
    let pairs = [("BROWSER", browser.as_str()), ("GATE", gate.to_str().unwrap())];
    for typed in [&["open", "32181"][..], &["ticket", "32181", "--web"]] {
        let ran = env.run_with(typed, &pairs);
        assert_eq!(ran.ends(0).stdout, format!("{ticket}\n"), "{ran}");
        assert_eq!(ran.stderr, "", "{ran}");
        assert_eq!(opened(&browser), ["1", &ticket]);
    }
    // Nor on a terminal, which it outlives.
    let (code, shown) = env.terminal_with(&["open", "32181"], &pairs).end();
    assert_eq!((code, shown.trim()), (0, ticket.as_str()));
    assert_eq!(opened(&browser), ["1", &ticket]);
    let ended = format!("{browser}.end");
    assert!(!std::path::Path::new(&ended).exists());
    std::fs::write(&gate, "").unwrap();
    until("the browsers have ended", || std::path::Path::new(&ended).exists());
}

#[test]
fn without_a_display_the_address_is_only_printed() {
    let env = TestEnv::new();
    let ran = env.run(&["open", "32181"]);
    assert!(ran.ends(0).stdout.ends_with(&format!("/tickets/{}\n", ticket_id(32_181))), "{ran}");
    assert_eq!(ran.stderr, "");
    if cfg!(target_os = "macos") {
        return;
    }
    // With one, the system's own way is taken.
    let tool = env.script("xdg-open", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$0.saw\"\n");
    let folder = std::path::Path::new(&tool).parent().unwrap().display().to_string();
    let path = format!("{folder}:/usr/bin:/bin");
    let pairs = [("DISPLAY", ":0"), ("PATH", path.as_str())];
    let ran = env.run_with(&["open", "32181"], &pairs);
    let address = ran.ends(0).stdout.clone();
    until("the page is opened", || {
        std::fs::read_to_string(format!("{tool}.saw")).is_ok_and(|saw| saw == address)
    });
}

/// A number that no ticket has may be an invoice's.
#[test]
fn the_number_of_an_invoice_leads_to_the_invoice() {
    let env = TestEnv::new();
    for number in ["67410", "#67410"] {
        let ran = env.run(&["open", number]);
        ran.ends(3).says("there is no ticket #67410");
        ran.says("open invoice 67410` to open the invoice of that number\n");
    }
    for args in [&["open", "99999"][..], &["open", "ticket", "67410"], &["open", "id:67410"]] {
        let ran = env.run(args);
        assert!(!ran.ends(3).stderr.contains("open invoice"), "{ran}");
    }
}

#[test]
fn what_is_not_there_is_not_opened() {
    let env = TestEnv::new();
    let browser = browser(&env);
    for (typed, code) in [
        (&["open", "99999"][..], 3),
        (&["open", "invoice", "99999"], 3),
        (&["open", "customer", "nobody at all"], 3),
        (&["open", "asset", "5"], 2),
        (&["open", "the-till"], 2),
        (&["open"], 2),
        (&["open", "32181", "--bogus"], 2),
    ] {
        let ran = env.run_with(typed, &[("BROWSER", &browser)]);
        assert!(ran.ends(code).stdout.is_empty(), "{ran}");
        assert_eq!(seen(&browser), "", "{typed:?}");
    }
    let ran = env.run_with(&["--sandbox", "open", "32181"], &[("BROWSER", &browser)]);
    assert!(ran.ends(0).stdout.contains("/tickets/"), "{ran}");
    ran.says("the practice server has no web pages; nothing was opened");
    assert_eq!(seen(&browser), "");
}

/// A link as terminals write it: its address, and the same as its words.
fn link(address: &str) -> String {
    format!("\u{1b}]8;;{address}\u{1b}\\{address}\u{1b}]8;;\u{1b}\\")
}

/// All of a conversation as it came.
fn whole(mut terminal: Terminal) -> String {
    terminal.until_end("never said");
    let raw = terminal.raw();
    assert_eq!(terminal.end().0, 0, "{raw}");
    raw
}

#[test]
fn pages_and_reports_show_the_address_as_a_link_where_that_works() {
    let env = TestEnv::new();
    let ticket = page(&env, &format!("tickets/{}", ticket_id(32_181)));
    let customer = page(&env, "customers/31204551");
    for (typed, address) in [
        (&["ticket", "32181"][..], &ticket),
        (&["customer", "show", "31204551"], &customer),
        (&["comment", "32181", "-m", "Done", "--hidden", "--yes"], &ticket),
        (&["contact", "create", "31204551", "Ada", "--yes"], &customer),
    ] {
        let raw = whole(env.terminal(typed));
        assert!(raw.contains(&link(address)), "{typed:?}: {raw:?}");
    }
    for pairs in [&[("NO_COLOR", "1")][..], &[("TERM", "dumb")]] {
        let raw = whole(env.terminal_with(&["ticket", "32181"], pairs));
        assert!(raw.contains(&ticket) && !raw.contains("\u{1b}]8"), "{pairs:?}: {raw:?}");
    }
    let ran = env.run(&["ticket", "32181"]);
    assert!(ran.ends(0).stdout.contains(&format!("Web        {ticket}\n")), "{ran}");
    // Not through a pager, either: an older one would show it as it is written.
    let pager = env.script("pager", "#!/bin/sh\ncat\n");
    let pairs = [("LINES", "5"), ("PAGER", pager.as_str())];
    let raw = whole(env.terminal_with(&["ticket", "32181"], &pairs));
    assert!(raw.contains(&ticket) && !raw.contains("\u{1b}]8"), "{raw:?}");
}

#[test]
fn a_report_names_the_page_of_the_invoice_that_was_written_to() {
    let env = TestEnv::new();
    let invoice = env.run(&["invoice", "show", "67409", "--json"]).ends(0).json().unwrap();
    let web = format!("Web:  {}\n", page(&env, &format!("invoices/{}", invoice["id"])));
    for typed in [
        &["invoice", "email", "67409", "--yes"][..],
        &["invoice", "update", "67409", "--po-number", "PO-7", "--yes"],
        &["payment", "add", "67409", "--amount", "20", "--method", "Check", "--yes"],
    ] {
        let ran = env.run(typed);
        assert!(ran.ends(0).stdout.contains(&web), "{ran}");
    }
    let ran = env.run(&["invoice", "delete", "66937", "--yes"]);
    assert!(!ran.ends(0).stdout.contains("/invoices/"), "{ran}");
}

#[test]
fn a_report_names_the_page_of_what_was_made_and_no_other() {
    let env = TestEnv::new();
    let ran = env.run(&bill(&["--yes"]));
    let invoice = env.state(32_181).invoices[0]["id"].clone();
    let web = format!("Web:  {}\n", page(&env, &format!("invoices/{invoice}")));
    assert!(ran.ends(0).stdout.contains(&web), "{ran}");
    let ran = env.run(&["delete", "32166", "--number", "32166", "--yes"]);
    assert!(!ran.ends(0).stdout.contains("/tickets/"), "{ran}");
    let ran = env.run(&["comment", "32181", "-m", "Done", "--yes", "-q"]);
    assert!(!ran.ends(0).stdout.contains("Web:"), "{ran}");
    let ran = env.run(&["--sandbox", "comment", "32181", "-m", "Done", "--yes"]);
    assert!(!ran.ends(0).stdout.contains("Web:"), "{ran}");
}

/// Of which record the page is to be opened is asked where only its kind was typed; a script is told what it lacks.
#[test]
fn which_one_is_opened_is_asked_for() {
    let env = TestEnv::new();
    for (kind, lacks, asked, typed, place) in [
        ("ticket", "ticket number", "Ticket [1-", "till will not", "tickets/108443837"),
        ("invoice", "invoice number", "Invoice [1-", "67410", "invoices/"),
        (
            "customer",
            "customer's name or id",
            "Customer (name or id):",
            "quill",
            "customers/31204551",
        ),
    ] {
        env.run(&["open", kind]).ends(2).says(&format!("the {lacks} is missing"));
        let browser = browser(&env);
        let mut terminal = env.terminal_with(&["open", kind], &[("BROWSER", &browser)]);
        terminal.answer(asked, typed);
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert!(opened(&browser)[1].starts_with(&page(&env, place)), "{shown}");
    }
}
