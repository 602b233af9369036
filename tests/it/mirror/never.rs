//! What is never kept: each such field is put into every answer, and the bytes of all files are searched.

use serde_json::{Value, json};

use super::synced;
use crate::support::{Altered, Setup, TestEnv, files};

/// Stands in each of them, and nowhere else.
const SECRET: &str = "SECRETSECRET";

/// Links that open doors, in the forms in which they are pasted.
const LINKS: [&str; 21] = [
    "files.example/till.png?X-Amz-Credential=9&X-Amz-Signature=SECRETSECRET",
    "//files.example/till.png?token=SECRETSECRET",
    "/reset?reset_token=SECRETSECRET&page=1",
    "https://sam:SECRETSECRET@files.example/",
    "smb://SECRETSECRET@files.example/share",
    "https://send.example/d/7#SECRETSECRET",
    "https://a.example/#access_token=SECRETSECRET",
    "https://a.example/?key=SECRETSECRET",
    "https://a.example/?sig=SECRETSECRET&se=2027",
    "https://a.example/?Expires=17&Signature=SECRETSECRET",
    "https://a.example/?api_key=SECRETSECRET",
    "https://a.example/?auth=SECRETSECRET",
    "https://a.example/?x=1&amp;jwt=SECRETSECRET",
    "https://a.example/?code=SECRETSECRET&state=SECRETSECRET",
    "https%3A%2F%2Fa.example%2F%3Faccess_token%3DSECRETSECRET",
    "https://sam:p/SECRETSECRET@files.example/",
    "https://sam:p#SECRETSECRET@files.example/",
    "https://a.example/app;jsessionid=SECRETSECRET",
    "https://a.example/?bodysig=SECRETSECRET",
    "https://a.example/?page=2&token/SECRETSECRET",
    "<a href=\"https://a.example/?to=https%3A%2F%2Fb.example%2F%3Ftoken%3DSECRETSECRET\">here</a>",
];

fn links(between: &str) -> String {
    LINKS.join(between)
}

/// The files of the state folder in which that is.
fn files_with(env: &TestEnv, what: &str) -> Vec<std::path::PathBuf> {
    let has = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(what.len()).any(|bytes| bytes == what.as_bytes())
    };
    files(&env.state_dir()).into_iter().filter(has).collect()
}

/// Puts what is never kept into every object of an answer.
fn with_secrets(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(with_secrets),
        Value::Object(members) => {
            members.values_mut().for_each(with_secrets);
            if !members.contains_key("id") {
                return;
            }
            let link = format!("https://files.example/till.png?X-Amz-Signature={SECRET}&e=1");
            let more = json!({
                "user_token": SECRET,
                "portal_key": SECRET,
                "online_profile_url": format!("https://acme.example/my_profile?portal_key={SECRET}"),
                "payment_profiles": [{"id": 1, "expiration": SECRET}],
                "signature_data": SECRET,
                "signature_name": SECRET,
                "intake_form_html": format!("<p>{SECRET}</p>"),
                "attachments": [{"file_name": "till.png", "file": {"url": link}}],
                "notes": format!("See {link} and https://a.example/?portal_key={SECRET}."),
            });
            members.extend(more.as_object().unwrap().clone());
            members.insert("description".to_owned(), json!(links(" ")));
            if let Some(body) = members.get("body").and_then(Value::as_str) {
                let body = format!("{body}<br>Picture: {link}<br>{}", links("<br>"));
                members.insert("body".to_owned(), json!(body));
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_key_token_or_signed_link_is_in_any_file() {
    const KEY: &str = syncro::sandbox::KEY;
    let (env, account) = TestEnv::prepared(Setup::default(), TestEnv::account);
    let server = Altered::telling(account, |_, _, answer| with_secrets(answer)).await;
    let base = server.base();
    let ran = env.run_with(&["sync"], &[("SYNCRO_BASE_URL", &base)]);
    ran.ends(0);
    let all = files(&env.state_dir());
    assert!(all.iter().any(|path| path.ends_with("salt")), "{all:?}");
    let none: [std::path::PathBuf; 0] = [];
    for never in [SECRET, &SECRET.to_lowercase(), KEY] {
        assert_eq!(files_with(&env, never), none);
    }
    assert!(!files_with(&env, "send.example/d/7").is_empty());
    // What stands beside them is kept.
    let kept = super::records(&env);
    let ticket = kept.iter().find(|((kind, _), _)| kind == "details").unwrap().1;
    assert_eq!(ticket["attachments"][0]["file"]["url"], "https://files.example/till.png");
    assert_eq!(ticket["user_token"], Value::Null);
}

#[test]
fn the_texts_of_comments_are_left_out_where_they_are_not_wanted() {
    let more = "[mirror]\ncomments = false\n".to_owned();
    let env = TestEnv::of(Setup { more, ..Setup::default() });
    synced(&env, &[]);
    let kept = super::records(&env);
    let mut comments = kept.iter().filter(|((kind, _), _)| kind == "comments").peekable();
    assert!(comments.peek().is_some());
    assert!(comments.all(|(_, comment)| comment["body"].is_null()));
    let said = env.account().get("/ticket_comments?per_page=100")["comments"][0]["body"].clone();
    let said = said.as_str().unwrap().split("<br>").next().unwrap().to_owned();
    let bytes = std::fs::read(super::file(&env)).unwrap();
    assert!(said.len() > 10 && !String::from_utf8_lossy(&bytes).contains(&said), "{said}");
}

#[test]
fn what_other_rules_have_left_is_cut_down_by_the_next_sync() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let db = super::open(&env);
    db.pragma_update(None, "secure_delete", true).unwrap();
    let link = format!("https://a.example/?code={SECRET}");
    let old = "UPDATE rec SET json = json_set(json, '$.notes', ?) WHERE kind = 'details'";
    assert!(db.execute(old, [&link]).unwrap() > 5);
    let said = "UPDATE fts_said SET body = body || ' ' || ? WHERE rowid IN \
                (SELECT id FROM rec WHERE kind = 'comments' AND json ->> '$.body' IS NOT NULL)";
    db.execute(said, [&link]).unwrap();
    let said = "UPDATE rec SET json = json_set(json, '$.body', (json ->> '$.body') || ' ' || ?) \
                WHERE kind = 'comments'";
    db.execute(said, [&link]).unwrap();
    of_rules_before(&db);
    drop(db);
    assert!(!files_with(&env, SECRET).is_empty());
    synced(&env, &["--only", "users"]);
    let none: [std::path::PathBuf; 0] = [];
    assert_eq!(files_with(&env, SECRET), none);
    // What was said is read anew after those rules, and not known before that.
    env.run(&["search", "--said", "gift", "--json"]).ends(3).says("run `syncro sync`");
    synced(&env, &[]);
    let ran = env.run(&["search", "--said", "gift", "--json"]);
    assert!(!ran.ends(0).json().unwrap().as_array().unwrap().is_empty());
}

#[test]
fn what_only_the_index_of_texts_has_is_cut_down_too() {
    let env = TestEnv::new();
    // What a tag hides in the text is not hidden in what is shown of it.
    let hidden = format!("<p>See https://f.example/a?to<span>ken</span>={SECRET}</p>");
    env.account().comment(crate::support::TILL, "Update", &hidden);
    synced(&env, &[]);
    let none: [std::path::PathBuf; 0] = [];
    assert_eq!(files_with(&env, SECRET), none);
    assert_eq!(files_with(&env, &SECRET.to_lowercase()), none);
    let db = super::open(&env);
    db.pragma_update(None, "secure_delete", true).unwrap();
    let said = format!("UPDATE fts_said SET body = body || ' https://f.example/a?token={SECRET}'");
    assert!(db.execute(&said, []).unwrap() > 5);
    of_rules_before(&db);
    drop(db);
    assert!(!files_with(&env, SECRET).is_empty());
    synced(&env, &["--only", "users"]);
    assert_eq!(files_with(&env, SECRET), none);
    assert_eq!(files_with(&env, &SECRET.to_lowercase()), none);
}

/// Other rules have made it.
fn of_rules_before(db: &rusqlite::Connection) {
    let before = "UPDATE meta SET value = '{\"never\":1,\"bodies\":true}' WHERE key = 'rules'";
    assert_eq!(db.execute(before, []).unwrap(), 1);
}

#[test]
fn what_somebody_reads_meanwhile_is_out_of_the_file_after_a_later_sync() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let db = super::open(&env);
    db.pragma_update(None, "secure_delete", true).unwrap();
    let old = "UPDATE rec SET json = json_set(json, '$.notes', ?) WHERE kind = 'details'";
    db.execute(old, [format!("https://a.example/?code={SECRET}")]).unwrap();
    of_rules_before(&db);
    drop(db);
    let reads = || {
        let db = super::open(&env);
        db.execute_batch("BEGIN").unwrap();
        let count = db.query_row("SELECT count(*) FROM rec", [], |row| row.get::<_, i64>(0));
        assert!(count.unwrap() > 5);
        db
    };
    let before = reads();
    // Nobody waits for that to end: the next sync makes up for it.
    let began = std::time::Instant::now();
    synced(&env, &["--only", "users"]);
    let took = began.elapsed();
    assert!(took < std::time::Duration::from_secs(10), "{took:?}");
    assert!(files_with(&env, SECRET).contains(&super::file(&env)));
    // As long as anybody reads, no connection is the last one, with which the file would be brought up to date anyway.
    let after = reads();
    drop(before);
    synced(&env, &["--only", "users"]);
    assert!(!files_with(&env, SECRET).contains(&super::file(&env)));
    drop(after);
}

#[test]
fn the_texts_of_comments_go_as_soon_as_they_are_not_wanted() {
    texts_go_and_come_back(&TestEnv::new());
}

#[test]
fn so_do_those_that_come_with_their_tickets() {
    texts_go_and_come_back(&TestEnv::with(&["all-comments@*=404"]));
}

#[test]
fn texts_that_have_not_come_back_are_said_to_be_missing() {
    const MISSING: &str = "; texts of comments are missing";
    let env = TestEnv::with(&["all-comments@*=404"]);
    synced(&env, &[]);
    let till = crate::support::TILL.to_string();
    let asked = || {
        let ran = env.run(&["search", "--said", "gift"]);
        let page = env.run(&["ticket", &till, "--offline"]);
        [ran.ends(0).stderr.clone(), page.ends(0).stderr.clone()]
    };
    let is_missing = |told: &String| told.contains(MISSING);
    let is_warning = |told: &String| {
        told.contains("warning: mirror of ") && told.contains("`syncro sync` brings it up to date")
    };
    assert!(!asked().iter().any(is_missing));
    super::configured(&env, "comments = false");
    synced(&env, &["--only", "users"]);
    // As it is wanted.
    assert!(asked().iter().all(|told| is_missing(told) && !is_warning(told)));
    super::unconfigured(&env);
    assert!(asked().iter().all(|told| is_missing(told) && is_warning(told)));
    // The tickets have them, and were not read.
    synced(&env, &["--only", "users"]);
    assert!(asked().iter().all(|told| is_missing(told) && is_warning(told)));
    synced(&env, &[]);
    assert!(!asked().iter().any(|told| is_missing(told) || is_warning(told)));
}

fn texts_go_and_come_back(env: &TestEnv) {
    // No word of it is anywhere else.
    const WORD: &str = "Zwetschgenknoedel";
    env.account().comment(crate::support::TILL, "Update", &format!("They had {WORD} there"));
    synced(env, &[]);
    let found = || {
        let ran = env.run(&["search", "--said", WORD, "--json"]);
        ran.ends(0).json().unwrap().as_array().unwrap().len()
    };
    assert_eq!(found(), 1);
    super::configured(env, "comments = false");
    synced(env, &["--only", "users"]);
    assert_eq!(found(), 0);
    let none: [std::path::PathBuf; 0] = [];
    assert_eq!(files_with(env, WORD), none);
    assert_eq!(files_with(env, &WORD.to_lowercase()), none);
    let kept = super::records(env);
    let mut comments = kept.iter().filter(|((kind, _), _)| kind == "comments").peekable();
    assert!(comments.peek().is_some());
    assert!(comments.all(|(_, comment)| comment["body"].is_null()));
    // Wanted again, they are read again.
    super::unconfigured(env);
    synced(env, &[]);
    assert_eq!(found(), 1);
}
