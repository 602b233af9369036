//! Drafts by a local model: where it is looked for, what it is told, what of its answer is named, and that nobody sends
//! what nobody has seen.

use serde_json::json;

use crate::support::{Chat, Ollama, Ran, Setup, TILL, TestEnv, UNBILLED};

const NOTES: &str =
    "copied gift layout to new till, tested w/ Imelda, mail to imelda@quillfeather.example";

/// What a good model makes of [`NOTES`].
fn good() -> serde_json::Value {
    json!({
        "subject": "Gift receipts",
        "body": "Hello Imelda,\n\nthe gift layout is on the new till now, and we tested it together.",
        "line_description": "Copied the gift layout to the new till",
        "summary": "The gift layout was copied and tested.",
    })
}

/// A model that writes the good answer with `field` as `text`.
fn with(field: &str, text: &str) -> Chat {
    let mut answer = good();
    answer[field] = text.into();
    Chat::Says(answer.to_string())
}

fn says_good() -> Chat {
    Chat::Says(good().to_string())
}

/// Surroundings with these hosts under `[draft]`.
fn env(urls: &[String]) -> TestEnv {
    env_with(urls, "model = \"qwen3:14b\"\ntimeout_seconds = \"20\"")
}

fn env_with(urls: &[String], more: &str) -> TestEnv {
    TestEnv::of(Setup { more: format!("[draft]\nurls = {urls:?}\n{more}\n"), ..Setup::default() })
}

fn one(chat: Chat) -> (Ollama, TestEnv) {
    let model = Ollama::start(&["llama3:8b", "qwen3:14b"], chat);
    let env = env(&[model.url()]);
    (model, env)
}

/// Half an hour of remote labor; the comment is drafted.
const DRAFTED: [&str; 8] =
    ["bill", "32181", "--minutes", "30", "--labor", "remote", "--draft", NOTES];

fn dry(env: &TestEnv) -> Ran {
    env.run(&[&DRAFTED[..], &["--dry-run"]].concat())
}

#[track_caller]
fn untouched(env: &TestEnv) {
    assert!(env.writes().is_empty(), "{:?}", env.writes());
    assert_eq!(env.state(TILL).ours(), UNBILLED);
}

#[test]
fn a_dry_run_shows_the_draft_and_whose_it_is() {
    let (model, env) = one(says_good());
    let ran = dry(&env);
    ran.ends(0);
    for shown in [
        "| Gift receipts",
        "| Hello Imelda,",
        "| the gift layout is on the new till now",
        "\"Copied the gift layout to the new till\"",
        &format!("Drafted by qwen3:14b on {}, not edited", model.host()),
        "= $60.00",
    ] {
        assert!(ran.stdout.contains(shown), "{shown}: {ran}");
    }
    assert!(!ran.stderr.contains("no draft"), "{ran}");
    untouched(&env);
}

#[test]
fn a_new_ticket_has_its_description_drafted() {
    let (model, env) = one(says_good());
    let create = ["create", "31204551", "Gift receipts", "--draft", NOTES];
    let ran = env.run(&[&create[..], &["--dry-run"]].concat());
    let by = format!("Drafted by qwen3:14b on {}, not edited", model.host());
    for shown in ["Initial Issue", "the gift layout is on the new till now", &by] {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    let [chat] = &model.chats()[..] else {
        unreachable!("one request: {:?}", model.asked());
    };
    assert!(chat.whole.contains("Quillfeather Books"), "{}", chat.whole);
    env.run(&[&create[..], &["--yes"]].concat()).ends(2);
    env.run(&[&create[..], &["--description", "x", "--dry-run"]].concat()).ends(2);
    assert_eq!(model.chats().len(), 1, "nobody would have read it");
    assert!(env.writes().is_empty(), "{:?}", env.writes());
}

#[test]
fn the_model_is_told_the_notes_and_the_ticket_and_no_secret() {
    let (model, env) = one(says_good());
    dry(&env).ends(0);
    let [chat] = &model.chats()[..] else {
        unreachable!("one request: {:?}", model.asked());
    };
    assert_eq!(chat.body["model"], "qwen3:14b");
    assert_eq!(chat.body["stream"], false);
    let fields = &chat.body["format"]["properties"];
    for field in ["subject", "body", "line_description", "summary"] {
        assert_eq!(fields[field]["type"], "string");
    }
    assert_eq!(fields.as_object().unwrap().len(), 4);
    for told in ["copied gift layout", "32181", "Quillfeather Books"] {
        assert!(chat.whole.contains(told), "{told}: {}", chat.whole);
    }
    let seen: Vec<String> = model.asked().into_iter().map(|one| one.whole).collect();
    let seen = seen.join("\n").to_lowercase();
    let customer = env.account().get("/customers/31204551");
    for secret in [
        syncro::sandbox::KEY,
        "api_key",
        "authorization",
        "cookie",
        "@",
        "syncromsp",
        env.base(),
        customer["customer"]["phone"].as_str().unwrap(),
    ] {
        assert!(!seen.contains(&secret.to_lowercase()), "{secret}: {seen}");
    }
}

#[test]
fn addresses_that_were_typed_come_back() {
    let (_model, env) = one(with("body", "We wrote to [email A] about the till."));
    let ran = dry(&env);
    ran.ends(0);
    assert!(ran.stdout.contains("| We wrote to imelda@quillfeather.example about"), "{ran}");
}

#[test]
fn the_first_that_answers_is_asked() {
    let second = Ollama::start(&["qwen3:14b"], says_good());
    let third = Ollama::start(&["qwen3:14b"], says_good());
    let env = env(&[Ollama::dead(), second.url(), third.url()]);
    let ran = dry(&env);
    ran.ends(0);
    let host = format!("on {},", second.host());
    assert!(ran.stdout.contains(&host), "{ran}");
    assert!(third.chats().is_empty());
}

#[test]
fn hosts_that_say_nothing_are_waited_for_together() {
    let (first, second) = (Ollama::silent(), Ollama::silent());
    let third = Ollama::start(&["qwen3:14b"], says_good());
    let env = env(&[first.url(), second.url(), third.url()]);
    dry(&env).ends(0);
    let asked = third.asked()[0].at;
    for silent in [&first, &second] {
        crate::support::until("it was given up", || !silent.given_up().is_empty());
        assert!(asked < silent.given_up()[0], "asked only after another");
    }
}

#[test]
fn a_model_without_its_tag_is_the_latest() {
    let model = Ollama::start(&["mistral:latest"], says_good());
    let env = env_with(&[model.url()], "model = \"mistral\"");
    dry(&env).ends(0);
}

#[test]
fn no_draft_says_why_and_in_a_dry_run_nobody_writes_instead() {
    let html = Ollama::answering(200, "<html>router</html>".to_owned(), Chat::Never);
    let moved = Ollama::answering(307, String::new(), Chat::Never);
    let odd = Ollama::answering(200, "{\"models\": 3}".to_owned(), Chat::Never);
    let others = Ollama::start(&["llama3:8b", "phi4:latest"], Chat::Never);
    let empty = Ollama::start(&[], Chat::Never);
    let silent = Ollama::silent();
    let configured = "model = \"qwen3:14b\"";
    for (urls, more, says) in [
        (vec![Ollama::dead()], configured, "Connection refused"),
        (vec![silent.url()], configured, "no answer within 2 s"),
        (vec![html.url()], configured, "its answer is not JSON"),
        (vec![moved.url()], configured, "it answered 307"),
        (vec![odd.url()], configured, "not an Ollama answer"),
        (vec![others.url()], configured, "available: llama3:8b, phi4:latest"),
        (vec![empty.url()], configured, "available: none"),
        (
            vec!["http://203.0.113.7:11434".to_owned()],
            configured,
            "plain http works only for this machine and private addresses",
        ),
        (vec![], configured, "no model is configured"),
        (vec![others.url()], "", "no model is configured"),
    ] {
        let env = env_with(&urls, more);
        let ran = dry(&env);
        ran.ends(2).says("no draft: ").says(says).says("use -m");
        untouched(&env);
    }
    for host in [&html, &moved, &odd, &others, &empty] {
        assert!(host.chats().is_empty());
    }
}

#[test]
fn an_answer_that_is_no_draft_says_why() {
    let missing = json!({ "subject": "a", "body": "b", "summary": "d" }).to_string();
    let lists = json!({ "subject": "a", "body": ["b"], "line_description": "c", "summary": "d" });
    for (chat, says) in [
        (Chat::Says("Sure! Here is it:".to_owned()), "not the requested JSON"),
        (Chat::Says(missing), "no `line_description`"),
        (Chat::Says(lists.to_string()), "no `body` text"),
        (with("body", " <br> "), "its text is empty"),
        (with("body", &"long ".repeat(900)), "its text is too long"),
        (Chat::Answers(200, "not JSON".to_owned()), "its answer is not JSON"),
        (Chat::Answers(200, "{}".to_owned()), "not an Ollama answer"),
        (
            Chat::Answers(500, json!({ "error": "out of\u{1b}[31m memory" }).to_string()),
            "it answered 500 (out of memory)",
        ),
        (Chat::Answers(502, "<html>".to_owned()), "it answered 502"),
        (Chat::Answers(308, String::new()), "it answered 308"),
    ] {
        let (model, env) = one(chat);
        let ran = dry(&env);
        ran.ends(2)
            .says(&format!("no draft: qwen3:14b on {} did not return a draft: ", model.host()))
            .says(says);
        assert_eq!(model.chats().len(), 1, "asked once: {says}");
        untouched(&env);
    }
}

#[test]
fn a_model_that_takes_too_long_is_given_up() {
    let model = Ollama::start(&["qwen3:14b"], Chat::Never);
    let env = env_with(&[model.url()], "model = \"qwen3:14b\"\ntimeout_seconds = \"0.25\"");
    dry(&env).ends(2).says("did not return a draft: no answer within 250 ms");
    assert_eq!(model.chats().len(), 1);
}

#[test]
fn what_fails_a_check_is_named() {
    for (field, text, says) in [
        ("body", "It took 30 minutes.", "the text has 30 minutes, which is not in your notes"),
        ("body", "That is $60.", "the text has $60"),
        ("body", "See ticket 32182.", "the text has 32182"),
        ("body", "Call 555-0142 at 2pm.", "the text has 555-0142"),
        ("body", "See https://example.com/till", "the text has https://example.com/till"),
        ("body", "Your password: hunter22", "line 1 looks like it holds a password"),
        ("body", "<ul><li>Copied</li></ul>", "the text had <ul>, <li>"),
        ("body", "We **copied** it", "the text had **"),
        ("line_description", "30 min gift layout", "the line description was removed"),
        ("subject", "Ticket 99", "the subject was removed"),
        ("summary", "<b>Done</b>", "the summary was removed"),
    ] {
        let (_model, env) = one(with(field, text));
        dry(&env).ends(0).says(says);
        untouched(&env);
    }
    let (_model, env) = one(with("body", "Done:<br>\n<ul><li>one till</li></ul>\u{1b}[2J"));
    let ran = dry(&env);
    assert!(ran.ends(0).stdout.contains("| - one till\n"), "{ran}");
}

#[test]
fn what_was_typed_or_stands_on_the_ticket_may_be_said() {
    let (_model, env) = one(with("body", "Ticket 32181: the gift layout is on the new till."));
    let ran = dry(&env);
    ran.ends(0);
    assert_eq!(ran.stderr, "", "{ran}");
}

#[test]
fn amounts_never_come_from_the_model() {
    let plan = |chat: Chat| {
        let (_model, env) = one(chat);
        let ran = env.run(&[&DRAFTED[..], &["--dry-run", "--json"]].concat());
        ran.ends(0);
        let mut writes = ran.json().unwrap()["writes"].clone();
        for write in writes.as_array_mut().unwrap() {
            write["body"].as_object_mut().unwrap().remove("ticket_id");
        }
        writes
    };
    let mut greedy = good();
    for (field, value) in [
        ("quantity", json!(99)),
        ("price", json!("999.00")),
        ("amount", json!(999)),
        ("product_id", json!(1)),
        ("minutes", json!(600)),
        ("labor", json!("emergency")),
        ("line_items", json!([{ "price_retail": 999 }])),
    ] {
        greedy[field] = value;
    }
    assert_eq!(plan(Chat::Says(greedy.to_string())), plan(says_good()));
}

#[test]
fn a_script_is_refused_before_anything_is_asked() {
    let (model, env) = one(says_good());
    let ran = env.run(&[&DRAFTED[..], &["--yes"]].concat());
    ran.ends(2).says("needs someone to review the draft").says("--dry-run");
    // Without --yes nobody could confirm, as ever.
    env.run(&DRAFTED).ends(2).says("--yes");
    assert!(model.asked().is_empty() && env.log().is_empty());
}

#[test]
fn a_draft_stands_alone() {
    let (model, env) = one(says_good());
    for more in [&["-m", "x"][..], &["--file", "x"], &["--no-comment"]] {
        env.run(&[&DRAFTED[..], more].concat()).ends(2).says("cannot be used with");
    }
    env.run(&["bill", "32181", "--draft", " ", "--dry-run"]).ends(2).says("--draft needs notes");
    assert!(model.asked().is_empty());
}

#[test]
fn notes_with_a_credential_go_to_no_model() {
    let (model, env) = one(says_good());
    let notes = "reset it, new password: hunter22";
    let args = [&DRAFTED[..7], &[notes, "--dry-run"]].concat();
    let ran = env.run(&args);
    ran.ends(2).says("your text was not sent to a model");
    assert!(!ran.stderr.contains("hunter22"), "{ran}");
    assert!(model.asked().is_empty());
}

#[test]
fn loopback_never_uses_a_proxy() {
    let (model, env) = one(says_good());
    let proxy = Ollama::dead();
    let pairs =
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, proxy.as_str()));
    let ran = env.run_with(&[&DRAFTED[..], &["--dry-run"]].concat(), &pairs);
    ran.ends(0);
    assert_eq!(model.chats().len(), 1);
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::support::CTRL_C;

    const PROMPT: &str = "[y/N/p]";
    const QUESTION: &str = "[y/N]";

    /// The comment, the line and the invoice are there, each once.
    #[track_caller]
    fn billed(env: &TestEnv) {
        let (_, lines, invoices) = env.state(TILL).counts();
        assert_eq!((lines, invoices), (1, 1));
        let writes = env.writes();
        let comments = writes.iter().filter(|line| line.path.ends_with("/comment"));
        assert_eq!(comments.count(), 1);
    }

    #[test]
    fn a_draft_is_edited_seen_and_sent() {
        let (model, env) = one(with("body", "Hello Imelda,\n\nthe layout is on the new till."));
        let editor =
            env.editor("sed -i 's/Hello/Dear/; s/^Subject: .*/Subject: Your receipts/' \"$1\"");
        let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
        terminal.expect("[Copied the gift layout to the new till]");
        terminal.say("");
        let preview = terminal.expect(PROMPT);
        let by = format!("Drafted by qwen3:14b on {}, edited by you", model.host());
        for shown in ["| Your receipts", "| Dear Imelda,", &by] {
            assert!(preview.contains(shown), "{shown}: {preview}");
        }
        assert!(env.writes().is_empty());
        terminal.reply(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        billed(&env);
        let saw = env.editor_saw();
        assert!(saw.starts_with("Subject: Gift receipts\n\nHello Imelda,\n"), "{saw}");
        assert!(saw.contains("# Drafted by qwen3:14b on"), "{saw}");
        let sent = &env.writes()[0].body;
        assert_eq!(sent["subject"], "Your receipts");
        assert_eq!(sent["body"], "Dear Imelda,<br><br>the layout is on the new till.");
    }

    /// On every command that takes notes: the editor, the preview with the host, and only then the comment.
    #[test]
    fn comment_close_and_create_send_what_a_person_has_edited() {
        let number = &["comment", "32181"][..];
        for (args, writes) in [
            (number, 1),
            (&["close", "32181", "--no-log"], 2),
            (&["create", "31204551", "Gift receipts again"], 2),
        ] {
            let (model, env) = one(says_good());
            let editor = env.editor("sed -i 's/new till/other till/' \"$1\"");
            let typed = [args, &["--draft", NOTES]].concat();
            let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
            if args[0] == "create" {
                terminal.answer("Enter to continue:", "");
            }
            let preview = terminal.expect(PROMPT);
            let by = format!("Drafted by qwen3:14b on {}, edited by you", model.host());
            for shown in ["is on the other till now", &by] {
                assert!(preview.contains(shown), "{args:?}, {shown}: {preview}");
            }
            assert!(env.writes().is_empty(), "{args:?}");
            terminal.reply(PROMPT, "y");
            let (code, shown) = terminal.end();
            assert_eq!(code, 0, "{args:?}: {shown}");
            let sent = env.writes();
            assert_eq!(sent.len(), writes, "{args:?}");
            let comment = sent.iter().find(|line| line.path.ends_with("/comment"));
            let body = comment.unwrap().body["body"].to_string();
            assert!(body.contains("is on the other till now"), "{args:?}: {body}");
        }
    }

    #[test]
    fn a_model_drafts_while_the_rest_is_asked() {
        let (model, env) = one(says_good());
        let editor = env.editor("echo 'And so on.' > \"$1\"");
        let args = ["bill", "32181", "--draft", NOTES];
        let mut terminal = env.terminal_with(&args, &[("EDITOR", &editor)]);
        terminal.expect("Minutes");
        crate::support::until("the model was asked", || model.chats().len() == 1);
        terminal.say("30");
        terminal.expect("Labor type");
        terminal.say("1");
        terminal.expect("Line description");
        terminal.say("");
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains("| And so on."), "{preview}");
        // Whose headline is gone has the ordinary one.
        assert!(preview.contains("| Update"), "{preview}");
        terminal.reply(PROMPT, "");
        assert_eq!(terminal.end().0, 9);
        untouched(&env);
    }

    #[test]
    fn a_draft_that_is_left_alone_is_asked_about() {
        for (answer, shown) in [("y", "not edited"), ("", "| by hand")] {
            let (_model, env) = one(says_good());
            let mut terminal = env.terminal(&DRAFTED);
            let question = terminal.expect(QUESTION);
            assert!(question.contains("The draft is unchanged"), "{question}");
            terminal.reply(QUESTION, answer);
            if answer.is_empty() {
                terminal.expect("Comment (Enter opens the editor):");
                terminal.say("by hand");
            }
            terminal.expect("Line description");
            terminal.say("");
            let preview = terminal.expect(PROMPT);
            assert!(preview.contains(shown), "{preview}");
            assert_eq!(preview.contains("Drafted by"), answer == "y", "{preview}");
            terminal.reply(PROMPT, "y");
            assert_eq!(terminal.end().0, 0);
            billed(&env);
        }
    }

    #[test]
    fn a_draft_that_is_emptied_is_none() {
        let (_model, env) = one(says_good());
        for script in [": > \"$1\"", "echo 'Subject: only this' > \"$1\""] {
            let editor = env.editor(script);
            let terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
            let (code, shown) = terminal.end();
            assert_eq!(code, 9, "{shown}");
            assert!(shown.contains("no comment was written; nothing was sent"), "{shown}");
            untouched(&env);
        }
    }

    #[test]
    fn an_invented_figure_that_stays_is_asked_about() {
        let (_model, env) = one(with("body", "It took 30 minutes."));
        // First only something else is changed, then the figure goes.
        let editor = env.editor(
            "if grep -q Well \"$1\"; then sed -i 's/ 30 minutes/ a while/' \"$1\"; \
             else sed -i 's/It/Well, it/' \"$1\"; fi",
        );
        let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
        terminal.expect("the text has 30 minutes, which is not in your notes");
        let question = terminal.expect(QUESTION);
        assert!(question.contains("30 minutes came from the model, not from you"), "{question}");
        terminal.reply(QUESTION, "");
        terminal.expect("Line description");
        terminal.say("");
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains("| Well, it took a while."), "{preview}");
        assert!(env.editor_saw().contains("# ! The text has 30 minutes"));
        terminal.reply(PROMPT, "");
        assert_eq!(terminal.end().0, 9);

        let editor = env.editor("sed -i 's/It/Well, it/' \"$1\"");
        let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
        terminal.answer(QUESTION, "y");
        terminal.expect("Line description");
        terminal.say("");
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains("| Well, it took 30 minutes."), "{preview}");
        terminal.reply(PROMPT, "");
        assert_eq!(terminal.end().0, 9);
        untouched(&env);
    }

    #[test]
    fn without_a_model_the_notes_are_where_the_person_begins() {
        let env = env(&[Ollama::dead()]);
        let editor = env.editor("sed -i '1s/^/Dear all, /' \"$1\"");
        let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
        terminal.expect("no draft: cannot reach a model: ");
        terminal.expect("Line description");
        terminal.say("");
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains("| Dear all, copied gift layout"), "{preview}");
        assert!(!preview.contains("Drafted by"), "{preview}");
        terminal.reply(PROMPT, "y");
        assert_eq!(terminal.end().0, 0);
        assert!(env.editor_saw().starts_with(NOTES), "{}", env.editor_saw());
        billed(&env);
    }

    #[test]
    fn notes_that_are_left_alone_are_asked_about() {
        for (answer, code) in [("y", 0), ("", 9)] {
            let env = env(&[Ollama::dead()]);
            let mut terminal = env.terminal(&DRAFTED);
            let question = terminal.expect(QUESTION);
            assert!(question.contains("Your notes are unchanged"), "{question}");
            terminal.reply(QUESTION, answer);
            if answer == "y" {
                terminal.expect("Line description");
                terminal.say("");
                terminal.answer(PROMPT, "y");
            }
            assert_eq!(terminal.end().0, code);
            if answer == "y" {
                billed(&env);
                let sent = &env.writes()[0].body["body"];
                assert_eq!(sent, NOTES);
            } else {
                untouched(&env);
            }
        }
    }

    #[test]
    fn yes_is_no_reader() {
        let (model, env) = one(says_good());
        let (code, shown) = env.terminal(&[&DRAFTED[..], &["--yes"]].concat()).end();
        assert_eq!(code, 2, "{shown}");
        assert!(model.asked().is_empty() && env.log().is_empty());
    }

    #[test]
    fn ctrl_c_does_not_wait_for_the_model() {
        let model = Ollama::start(&["qwen3:14b"], Chat::Never);
        let env = env(&[model.url()]);
        let mut terminal = env.terminal(&DRAFTED);
        terminal.expect("is writing a draft");
        crate::support::until("the model was asked", || model.chats().len() == 1);
        terminal.send(CTRL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{shown}");
        untouched(&env);
    }

    #[test]
    fn a_credential_of_the_model_is_a_question_of_the_guard() {
        let (_model, env) = one(with("body", "Your password: hunter-two"));
        let mut terminal = env.terminal(&DRAFTED);
        terminal.answer(QUESTION, "y");
        terminal.expect("Line description");
        terminal.say("Log-in");
        let question = terminal.expect(QUESTION);
        assert!(question.contains("the customer can read it"), "{question}");
        terminal.say("");
        assert_eq!(terminal.end().0, 9);
        untouched(&env);
    }
}
