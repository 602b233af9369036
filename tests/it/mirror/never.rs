//! What is never kept: each such field is put into every answer, and the bytes of all files are searched.

use serde_json::{Value, json};

use super::synced;
use crate::support::{Altered, Setup, TestEnv, files};

/// Stands in each of them, and nowhere else.
const SECRET: &str = "SECRETSECRET";

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
            if let Some(body) = members.get("body").and_then(Value::as_str) {
                let body = format!("{body}<br>Picture: {link}");
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
    let files = files(&env.state_dir());
    assert!(files.iter().any(|path| path.ends_with("salt")), "{files:?}");
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(SECRET), "{}", path.display());
        assert!(!text.contains(KEY), "{}", path.display());
    }
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
