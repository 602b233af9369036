//! Drafts by a local model: where it is looked for, what it is told, what of its answer is named, and that nobody sends
//! what nobody has seen.

#[cfg(unix)]
mod on_a_terminal;

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
