//! A word that is no command, option or value, but of which a person can tell what is meant, names the way on.

use crate::support::{Ran, Setup, TestEnv};

/// What is typed next, as the error says it.
fn next(ran: &Ran) -> String {
    let error = ran.ends(2).stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let from = error.split_once("hint: run `syncro ").map_or("", |(_, rest)| rest);
    from.split('`').next().unwrap_or_default().to_owned()
}

#[test]
fn a_wrong_verb_names_the_near_one_and_all_there_are() {
    let env = TestEnv::new();
    for (typed, meant, verbs) in [
        (&["contact", "add"][..], "contact create", "list, show, create, update, disable, delete"),
        (&["contact", "add", "Ada Quist"], "contact create \"Ada Quist\"", "list, show, create"),
        (
            &["invoice", "void", "67410"],
            "invoice delete 67410",
            "list, show, create, update, email",
        ),
        (&["invoice", "send", "67410"], "invoice email 67410", "list, show"),
        (&["invoice", "shwo", "67410"], "invoice show 67410", "list, show"),
        (&["line", "delete", "32178"], "line remove 32178", "list, add"),
        (&["line", "new", "32178"], "line add 32178", "list, add"),
        (&["appointment", "delete", "7"], "appointment cancel 7", "list, show"),
        (&["payment", "void", "7"], "", "list, show, add"),
        (&["customer", "new"], "customer create", "show, create"),
        (&["customer", "delete", "quill"], "customer disable quill", "show, create"),
        (&["contact", "ls"], "contact list", "list, show"),
        (&["customer", "ls"], "customers", ""),
        (&["asset", "edit", "7"], "asset update 7", "list, show"),
        (&["timer", "begin", "32181"], "timer start 32181", "list"),
        (&["ticket", "new"], "create", ""),
        (&["ticket", "add"], "create", ""),
        (&["ticket", "edit", "32181"], "update 32181", ""),
        (&["ticket", "remove", "32181"], "delete 32181", ""),
        (&["ticket", "view", "32181"], "ticket 32181", ""),
        (&["ticket", "ls"], "tickets", ""),
        (&["new"], "create", ""),
        (&["new", "quill", "Printer jam"], "create quill \"Printer jam\"", ""),
        (&["edit", "32181"], "update 32181", ""),
        (&["appointment", "move", "quill"], "move-appointment quill", "list, show"),
        (&["timer", "32175"], "timer list 32175", "list, start"),
        (&["timer", "mika"], "", "list, start"),
        // No verb of anything: a name or a number.
        (&["invoice", "67410"], "invoice show 67410", "list, show"),
        (&["contact", "quill"], "contact show quill", "list, show"),
    ] {
        let ran = env.run(typed);
        assert_eq!(next(&ran), meant, "{typed:?}: {ran}");
        let said = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(verbs.is_empty() || said.contains(&format!("verbs: {verbs}")), "{typed:?}: {ran}");
    }
    assert_eq!(env.log().len(), 0);
}

/// With all that was typed behind it.
#[test]
fn a_word_that_is_no_command_names_the_one_that_is_meant() {
    let env = TestEnv::new();
    for (typed, meant) in [
        (&["ticket", "32181", "close"][..], "close 32181"),
        (&["ticket", "32181", "close", "-m", "All done"], "close 32181 -m \"All done\""),
        (&["t", "32181", "edit", "resolved", "--yes"], "update 32181 resolved --yes"),
        (&["log", "32181"], "timer add 32181"),
        (&["log", "32181", "--minutes", "30"], "timer add 32181 --minutes 30"),
        (&["todo"], "tickets --mine"),
        (&["note", "32181", "Door code"], "comment --hidden 32181 \"Door code\""),
        (&["pay", "67409"], "payment add 67409"),
        (&["calendar"], "appointment list"),
        (&["quill"], "search quill"),
        (&["harbor", "dental", "--limit", "5"], "search harbor dental --limit 5"),
        (&["timer", "list", "mika"], "timer list"),
        (&["show"], "tickets"),
        (&["view"], "tickets"),
        (&["show", "#32181"], "ticket 32181"),
        (&["view", "quill", "feather"], "search quill feather"),
        (&["email", "67410"], "invoice email 67410"),
        (&["mail", "67410", "--yes"], "invoice email 67410 --yes"),
        (&["assign", "32181", "mika", "ash"], "update 32181 --assignee \"mika ash\""),
        (&["assign", "mika", "#32181", "--yes"], "update 32181 --assignee mika --yes"),
        (&["assign", "32181"], "update 32181 --assignee me"),
        (&["assign"], "update --assignee me"),
        (&["bil", "32181"], "bill 32181"),
        (&["bll", "32181", "-m", "All done"], "bill 32181 -m \"All done\""),
        (&["custmer", "show", "quill"], "customer show quill"),
        (&["appointment", "list", "#32181"], "appointment list --ticket 32181"),
        (&["ls", "#32181"], "ticket 32181"),
        (&["tickets", "list"], "tickets"),
        (&["tickets", "ls", "--mine"], "tickets --mine"),
        (&["tickets", "show", "32181"], "ticket 32181"),
        (&["tickets", "edit", "32181"], "update 32181"),
        (&["contact", "list", "all"], "contact list"),
    ] {
        let ran = env.run(typed);
        assert_eq!(next(&ran), meant, "{typed:?}: {ran}");
    }
    // A slip of the finger is no name, and neither is a verb; what can be taken back is not led to what cannot.
    for typed in
        ["tickts", "custmer", "apointmnt", "bll", "disable 31204551", "archive 32181", "void 67410"]
    {
        let words: Vec<&str> = typed.split(' ').collect();
        for typed in [words.clone(), [&["ticket"], words.as_slice()].concat()] {
            let said = &env.run(&typed).ends(2).stderr.replace("there is no command", "");
            assert!(
                !said.contains("syncro search") && !said.contains("delete"),
                "{typed:?}: {said}"
            );
        }
    }
    assert_eq!(env.log().len(), 0);
}

/// A verb behind a list that is searched by words is taken for a name, which nobody has.
#[test]
fn a_verb_that_found_no_customer_names_the_command() {
    let env = TestEnv::new();
    for (typed, way) in [
        (
            &["customers", "list"][..],
            "no matching customers; `syncro customers` lists all of them\n",
        ),
        (
            &["customers", "show", "harbor", "dental"],
            "no matching customers; `syncro customer show \"harbor dental\"` shows one\n",
        ),
        (&["customers", "zebra"], "no matching customers\n"),
    ] {
        let ran = env.run(typed);
        assert_eq!(ran.ends(0).stderr, way, "{ran}");
    }
}

#[test]
fn a_word_behind_a_list_is_whose_it_is() {
    let env = TestEnv::new();
    for (typed, meant) in [
        (&["contact", "list", "quill"][..], "contact list --customer quill"),
        (&["asset", "list", "harbor", "dental"], "asset list --customer \"harbor dental\""),
        (&["invoice", "list", "--unpaid", "quill"], "invoice list --unpaid --customer quill"),
        (&["invoice", "list", "--limit", "5", "quill"], "invoice list --limit 5 --customer quill"),
        (
            &["invoice", "list", "harbor", "dental", "--unpaid", "--no-pager"],
            "invoice list --unpaid --no-pager --customer \"harbor dental\"",
        ),
        (
            &["invoice", "list", "--customer", "harbor", "dental", "--overdue"],
            "invoice list --overdue --customer \"harbor dental\"",
        ),
        (&["--quiet", "contact", "list", "quill"], "contact list --quiet --customer quill"),
        (&["appointment", "list", "32181", "--csv"], "appointment list --csv --ticket 32181"),
        (&["invoice", "list", "67410"], "invoice show 67410"),
        (&["payment", "list", "quill"], "payment list --customer quill"),
        (&["payment", "list", "67410"], "invoice show 67410"),
        (&["appointment", "list", "32181"], "appointment list --ticket 32181"),
        (&["appointment", "list", "quill"], "appointment list --customer quill"),
        (&["tickets", "quill"], "tickets --customer quill"),
        (&["ls", "32181"], "ticket 32181"),
    ] {
        let ran = env.run(typed);
        assert_eq!(next(&ran), meant, "{typed:?}: {ran}");
    }
    // Where a word may be something else, nothing is proposed.
    let ran = env.run(&["update", "32181", "in", "progress"]);
    assert!(!ran.ends(2).stderr.contains("--customer progress"), "{ran}");
    let ran = env.run(&["contact", "list", "--costumer", "quill"]);
    assert!(ran.ends(2).stderr.contains("--customer"), "{ran}");
    assert_eq!(env.log().len(), 0);
}

#[test]
fn a_number_of_another_kind_names_its_page() {
    let env = TestEnv::new();
    for (typed, way) in [
        (&["t", "67410"][..], "run `syncro invoice show 67410` to show the invoice of that number"),
        (&["comment", "67410", "-m", "x", "--yes"], "syncro invoice show 67410"),
        (
            &["invoice", "show", "32178"],
            "run `syncro ticket 32178` to show the ticket of that number",
        ),
    ] {
        env.run(typed).ends(3).says(way);
    }
    // What there is none of either is only not there.
    let ran = env.run(&["t", "99"]);
    assert!(!ran.ends(3).says("there is no ticket #99").stderr.contains("invoice"), "{ran}");
    // A look that fails changes nothing of what is said.
    let env = TestEnv::with(&["invoice@*=400"]);
    env.run(&["t", "67410"]).ends(3).says("there is no ticket #67410");
}

/// A status that nobody has configured names its setting, and the command that sets it.
#[test]
fn a_status_that_is_not_configured_names_what_sets_it() {
    let replace = vec![("after_close = \"Resolved\"", "after_close = \"\"".to_owned())];
    let env = TestEnv::of(Setup { replace, ..Setup::default() });
    for typed in [&["close", "32181", "--no-comment", "--yes"][..], &["close", "32181", "-m", "x"]]
    {
        let ran = env.run(typed);
        ran.ends(10).says("tickets.after_close is empty; nothing was written");
        ran.says("set it: `syncro config set tickets.after_close Resolved`")
            .says("--status STATUS");
    }
    assert!(env.writes().is_empty());
    env.run(&["config", "set", "tickets.after_close", "Resolved", "--yes"]).ends(0);
    env.run(&["close", "32181", "--no-comment", "--yes"]).ends(0);
}
