//! The table of what an answer proves, row by row, and that nothing is ever sent twice.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::api::Method;
use crate::api::testing::{KEY, Raw, Then, answer, transport};

fn post() -> Write {
    Write {
        method: Method::Post,
        path: "/tickets/7/comment".to_owned(),
        body: Some(json!({"subject": "Update", "body": "Done"})),
    }
}

fn delete() -> Write {
    Write { method: Method::Delete, path: "/invoices/7".to_owned(), body: None }
}

async fn send(base: &str, write: Write) -> Answer {
    let dir = tempfile::tempdir().unwrap();
    let (transport, seen) = transport(base, dir.path());
    let sender = Sender::new(transport);
    let turn = sender.turn().await;
    let answer = sender.send(write, turn, &Permit::for_tests()).await;
    let said = format!("{answer:?}{}", seen.all());
    assert!(!said.contains(KEY), "{said}");
    answer
}

/// One answer from a polite server, which must have been asked once.
async fn once(template: ResponseTemplate, write: Write) -> Answer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(template).expect(1).mount(&server).await;
    send(&format!("{}/api/v1", server.uri()), write).await
}

fn html(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw("<html><title>Oops</title></html>", "text/html")
}

fn error(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": "no"}))
}

fn status_of(answer: &Answer) -> (&'static str, Option<u16>) {
    match answer {
        Answer::Accepted { status, .. } => ("accepted", Some(*status)),
        Answer::Refused { status, .. } => ("refused", Some(*status)),
        Answer::RateLimited { .. } => ("rate limited", None),
        Answer::NeverLeft { .. } => ("never left", None),
        Answer::Unknown { status, .. } => ("unknown", *status),
    }
}

#[tokio::test]
async fn the_table_holds_row_by_row() {
    let text = |status, body: &str| {
        ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json")
    };
    for (template, kind, status) in [
        (text(200, r#"{"comment": {"id": 1}}"#), "accepted", Some(200)),
        (text(201, "[]"), "accepted", Some(201)),
        (text(200, ""), "unknown", Some(200)),
        (text(204, ""), "unknown", Some(204)),
        (text(200, "null"), "unknown", Some(200)),
        (text(200, r#"{"comment": {"id"#), "unknown", Some(200)),
        (html(200), "unknown", Some(200)),
        (error(400), "refused", Some(400)),
        (error(401), "refused", Some(401)),
        (error(404), "refused", Some(404)),
        (error(422), "refused", Some(422)),
        (text(404, ""), "refused", Some(404)),
        (text(404, "{}"), "unknown", Some(404)),
        (html(404), "unknown", Some(404)),
        (html(400), "unknown", Some(400)),
        (text(403, ""), "unknown", Some(403)),
        (text(422, r#"{"ticket": {}}"#), "unknown", Some(422)),
        (error(429), "rate limited", None),
        (html(429), "unknown", Some(429)),
        (text(429, ""), "unknown", Some(429)),
        (error(500), "unknown", Some(500)),
        (html(502), "unknown", Some(502)),
        (text(302, ""), "unknown", Some(302)),
    ] {
        let answer = once(template, post()).await;
        assert_eq!(status_of(&answer), (kind, status), "{answer:?}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_enough_for_a_delete_only() {
    let answer = once(ResponseTemplate::new(204), delete()).await;
    assert!(matches!(answer, Answer::Accepted { status: 204, body: Value::Null, .. }));
    let answer = once(html(200), delete()).await;
    assert_eq!(status_of(&answer), ("unknown", Some(200)));
}

#[tokio::test]
async fn what_was_said_is_kept() {
    let template = ResponseTemplate::new(200)
        .insert_header("date", "Mon, 02 Nov 2026 10:00:30 GMT")
        .set_body_json(json!({"id": 5, "user_token": "secret"}));
    let Answer::Accepted { body, date, .. } = once(template, post()).await else {
        panic!("not accepted");
    };
    assert_eq!(body, json!({"id": 5, "user_token": null}));
    assert_eq!(date, "2026-11-02T10:00:30Z".parse().ok());

    let template = ResponseTemplate::new(422).set_body_json(json!({"message": ["Body is blank"]}));
    assert_eq!(
        once(template, post()).await,
        Answer::Refused { status: 422, message: "Body is blank".to_owned() }
    );
    let Answer::Unknown { cause, .. } = once(html(502), post()).await else {
        panic!("not unknown");
    };
    assert_eq!(
        cause,
        "answered 502: an HTML page titled \"Oops\" from something in between, not Syncro's answer"
    );
}

#[tokio::test]
async fn a_rate_limit_says_how_long_and_stops_everybody() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(error(429).insert_header("retry-after", "1"))
        .mount(&server)
        .await;
    let dir = tempfile::tempdir().unwrap();
    let base = format!("{}/api/v1", server.uri());
    let sender = Sender::new(transport(&base, dir.path()).0);
    let turn = sender.turn().await;
    let began = std::time::Instant::now();
    let answer = sender.send(post(), turn, &Permit::for_tests()).await;
    assert_eq!(
        answer,
        Answer::RateLimited { wait: Duration::from_secs(1), message: "no".to_owned() }
    );
    let (other, seen) = transport(&base, dir.path());
    drop(other.turn().await);
    assert!(began.elapsed() > Duration::from_millis(900));
    assert!(seen.all().contains("RateLimited"));
}

#[tokio::test]
async fn redirects_are_not_followed_whatever_their_number() {
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        Mock::given(path("/api/v1/tickets/7/comment"))
            .respond_with(
                ResponseTemplate::new(status)
                    .insert_header("location", format!("{}/elsewhere?api_key={KEY}", server.uri())),
            )
            .expect(1)
            .mount(&server)
            .await;
        Mock::given(path("/elsewhere"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": 1})))
            .expect(0)
            .mount(&server)
            .await;
        let answer = send(&format!("{}/api/v1", server.uri()), post()).await;
        assert_eq!(status_of(&answer), ("unknown", Some(status)));
        assert!(format!("{answer:?}").contains("redirected to the path /elsewhere\""));
    }
}

#[tokio::test]
async fn a_post_goes_out_once_whatever_the_server_does() {
    let truncated = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"comment\":";
    for (then, status, words) in [
        (Then::HangUp, None, "closed before the answer was complete"),
        (Then::Sleep, None, "timed out after 600 ms"),
        (Then::Say("nonsense\r\n\r\n".to_owned()), None, ""),
        (Then::Say(truncated.to_owned()), Some(200), "closed before the answer was complete"),
        (Then::Say(answer("500 Oops", "text/html", "<h1>")), Some(500), "HTML page"),
        (Then::Say(answer("503 Oops", "text/plain", "")), Some(503), "empty"),
    ] {
        let server = Raw::start(then.clone());
        let answer = send(&server.base, post()).await;
        assert_eq!(status_of(&answer), ("unknown", status), "{then:?}: {answer:?}");
        assert!(format!("{answer:?}").contains(words), "{answer:?}");
        // Long enough for a second one to arrive, had there been one.
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(server.requests().len(), 1, "{then:?}");
    }
}

#[tokio::test]
async fn a_connection_that_was_never_made_never_left() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = send(&format!("http://127.0.0.1:{port}/api/v1"), post()).await;
    assert_eq!(refused, Answer::NeverLeft { cause: "connection refused".to_owned() });
}

#[tokio::test]
async fn the_request_is_what_the_server_needs() {
    let server = Raw::start(Then::Say(answer("200 OK", "application/json", "{\"id\":1}")));
    let answer = send(&server.base, post()).await;
    assert_eq!(status_of(&answer), ("accepted", Some(200)));
    let requests = server.requests();
    let request = requests[0].to_lowercase();
    assert!(
        request
            .starts_with("post /api/v1/tickets/7/comment?api_key=fake-key-do-not-use http/1.1\r\n")
    );
    assert!(request.contains("content-type: application/json\r\n"));
    assert!(request.contains("accept: application/json\r\n"));
    assert!(request.contains(&format!("user-agent: syncro/{}\r\n", env!("CARGO_PKG_VERSION"))));
    assert!(requests[0].ends_with(r#"{"subject":"Update","body":"Done"}"#));

    let server = Raw::start(Then::HangUp);
    let _unknown = send(&server.base, delete()).await;
    assert!(!server.requests()[0].to_lowercase().contains("content-type"));
}

#[tokio::test]
async fn a_server_that_echoes_the_key_cannot_leak_it() {
    let server = Raw::start(Then::Echo);
    let Answer::Refused { message, .. } = send(&server.base, post()).await else {
        panic!("not refused");
    };
    assert!(message.contains("api_key=[key]"), "{message}");
}

#[tokio::test]
async fn a_path_cannot_lead_elsewhere() {
    for bad in
        ["@evil.example/x", "tickets", "", ".evil.example/x", "/../x", "/%2e%2e/v10/x", "/../../x"]
    {
        let server = MockServer::start().await;
        Mock::given(method("POST")).respond_with(error(500)).expect(0).mount(&server).await;
        let write = Write { method: Method::Post, path: bad.to_owned(), body: None };
        let answer = send(&format!("{}/api/v1", server.uri()), write).await;
        assert_eq!(status_of(&answer), ("never left", None), "{bad}");
    }
}

#[tokio::test]
async fn a_post_that_dies_on_a_kept_connection_is_not_sent_again() {
    let server = Raw::start(Then::AnswerOne);
    let dir = tempfile::tempdir().unwrap();
    let sender = Sender::new(transport(&server.base, dir.path()).0);
    for expected in ["accepted", "unknown"] {
        let turn = sender.turn().await;
        let answer = sender.send(post(), turn, &Permit::for_tests()).await;
        assert_eq!(status_of(&answer).0, expected, "{answer:?}");
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_turn_that_is_not_used_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = crate::api::testing::connection("http://127.0.0.1:9/api/v1", dir.path());
    connection.pace.requests = 1;
    let observer = Arc::new(crate::api::observe::Unobserved);
    let sender = Sender::new(Arc::new(Transport::new(connection, observer).unwrap()));
    drop(sender.turn().await);
    let next = tokio::time::timeout(Duration::from_secs(1), sender.turn()).await;
    assert!(next.is_ok());
}

#[tokio::test]
async fn an_answer_does_not_repeat_the_secrets_that_were_sent() {
    let write = || Write { body: Some(json!({"password": "hunter-two", "pin": 7})), ..post() };
    let refusal = json!({"error": "'hunter-two' is too short"});
    let answer = once(ResponseTemplate::new(422).set_body_json(refusal), write()).await;
    assert_eq!(answer, Answer::Refused { status: 422, message: "'***' is too short".to_owned() });
    let echo = json!({"id": 7, "pin": 7, "password": "hunter-two"});
    let answer = once(ResponseTemplate::new(200).set_body_json(echo), write()).await;
    let Answer::Accepted { body, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(body, json!({"id": 7, "pin": "***", "password": "***"}));
}
