//! What an answer's body is, before anybody believes it: JSON, nothing, an HTML page, or noise. The API words its
//! errors in nine shapes; here each becomes one line. Pure functions: nothing here sends or waits.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

/// The longest message kept from a server, in characters; more would bury what the program itself has to say.
const LONGEST_MESSAGE: usize = 300;

/// The longest wait that a 429 can ask for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What a body holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Nothing, or white space.
    Empty,
    /// JSON, `null` included.
    Json(Value),
    /// A web page, described for people: never the API's own word.
    Html(String),
    /// Neither; why it could not be read.
    Garbled(String),
}

impl Content {
    /// Reads a body by its content type and its first character: proxies answer with pages whatever was asked for.
    pub(super) fn read(content_type: Option<&str>, body: &str) -> Self {
        let body = body.trim_start_matches('\u{feff}').trim();
        if body.is_empty() {
            return Self::Empty;
        }
        let typed_html = content_type.is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            kind.contains("text/html") || kind.contains("xhtml")
        });
        if typed_html || body.starts_with('<') {
            return Self::Html(describe_page(body));
        }
        match serde_json::from_str(body) {
            Ok(value) => Self::Json(value),
            Err(error) => Self::Garbled(error.to_string()),
        }
    }

    /// The API's own words, if this is one of its error shapes.
    pub(super) fn message(&self) -> Option<String> {
        match self {
            Self::Json(value) => message(value),
            _ => None,
        }
    }

    /// What came, for people who expected something else.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Empty => "an empty answer".to_owned(),
            Self::Json(Value::Null) => "null".to_owned(),
            Self::Json(_) => "JSON of an unknown shape".to_owned(),
            Self::Html(page) => page.clone(),
            Self::Garbled(why) => format!("an answer that is not JSON ({why})"),
        }
    }
}

/// How many values a JSON body has at most, counted without reading it: each begins the text, follows a comma, or is the
/// first in its brackets.
pub(super) fn values(body: &str) -> usize {
    let (mut count, mut in_text) = (1_usize, false);
    // From one quote to the next, which is looked for faster than byte by byte.
    for piece in body.split('"') {
        if !in_text {
            count += piece.bytes().filter(|byte| b",[{".contains(byte)).count();
        }
        let escapes = piece.bytes().rev().take_while(|byte| *byte == b'\\').count();
        in_text = !in_text || escapes % 2 == 1;
    }
    count
}

/// The members that an error's words stand in, the most telling first.
const SPEAKING: [&str; 4] = ["error", "errors", "message", "instructions"];

/// The message of an error in one of the API's shapes; `None` for any other JSON.
pub(super) fn message(value: &Value) -> Option<String> {
    let object = value.as_object()?;
    let said = SPEAKING.iter().filter_map(|name| errors(object.get(*name)?));
    said.chain(bare(object)).map(|text| one_line(&text)).find(|line| !line.is_empty())
}

/// The message of an error in the place of a record that has nothing around it.
pub(super) fn refusal(value: &Value) -> Option<String> {
    let is = |name: &str| value.get(name).is_some_and(|said| !said.is_null());
    let failed = is("error") || is("errors") || value.get("success") == Some(&Value::Bool(false));
    if failed && !is("id") { message(value) } else { None }
}

/// `{"field": ["…"]}` with nothing around it, as some validations answer.
fn bare(object: &Map<String, Value>) -> Option<String> {
    let lists = object.values().all(|said| said.as_array().is_some_and(|list| !list.is_empty()));
    lists.then(|| joined(object.iter().map(|(field, said)| about(field, said)))).flatten()
}

/// `"…"`, `["…"]`, `{"field": ["…"]}`, `{"record": {"field": ["…"]}}`, `[{"field", "message"}]`.
fn errors(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => joined(fields.iter().map(|(field, said)| match said {
            Value::Object(inner) => joined(inner.iter().map(|(field, said)| about(field, said))),
            said => about(field, said),
        })),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            joined(list.iter().map(|entry| match entry {
                Value::Object(object) => {
                    let said = object.get("message")?;
                    match object.get("field").and_then(Value::as_str) {
                        Some(field) => about(field, said),
                        None => texts(said),
                    }
                }
                other => texts(other),
            }))
        }
        other => texts(other),
    }
}

/// `field: message`.
fn about(field: &str, said: &Value) -> Option<String> {
    texts(said).map(|text| format!("{field}: {text}"))
}

/// A text, or several.
fn texts(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => joined(list.iter().map(|entry| entry.as_str().map(str::to_owned))),
        _ => None,
    }
}

/// All parts in one text; `None` when there are none or one is not understood.
fn joined(parts: impl Iterator<Item = Option<String>>) -> Option<String> {
    let parts = parts.collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Text as one trimmed line without control characters, cut at a length.
pub(super) fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_MESSAGE {
        return line;
    }
    let mut cut: String = line.chars().take(LONGEST_MESSAGE).collect();
    cut.push_str("...");
    cut
}

/// Names a page by what a person would see: a login form, else its title.
fn describe_page(body: &str) -> String {
    // ASCII only, so that offsets into one are offsets into the other.
    let lower = body.to_ascii_lowercase();
    let title = title(body, &lower).unwrap_or_default();
    let login = lower.contains("type=\"password\"")
        || lower.contains("type='password'")
        || ["log in", "login", "sign in"]
            .iter()
            .any(|word| title.to_ascii_lowercase().contains(word));
    let syncro = lower.contains("syncro");
    let page = match login {
        true if syncro => return "Syncro's login page".to_owned(),
        true => "a login page",
        false => "an HTML page",
    };
    let titled = if title.is_empty() { String::new() } else { format!(" titled \"{title}\"") };
    format!("{page}{titled} from something in between, not Syncro's answer")
}

/// The text of `<title>`.
fn title(body: &str, lower: &str) -> Option<String> {
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    body.get(start..end).map(one_line)
}

/// How long a 429 asks to wait, from `Retry-After` in seconds or as a date: `unsaid` without one, at most 120 s.
pub(super) fn retry_after(header: Option<&str>, now: Timestamp, unsaid: Duration) -> Duration {
    let Some(text) = header.map(str::trim) else {
        return unsaid.min(LONGEST_WAIT);
    };
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => match http_date(text) {
            // A date in the past asks for no wait at all.
            Some(until) => Duration::try_from(until.duration_since(now)).unwrap_or_default(),
            None => unsaid,
        },
    };
    wait.min(LONGEST_WAIT)
}

/// An HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn each_of_the_nine_shapes_becomes_one_line() {
        for (body, expected) in [
            (json!({"date": ["can't be blank"]}), "date: can't be blank"),
            (
                json!({"customer_id": ["is missing", "is odd"], "date": ["is missing"]}),
                "customer_id: is missing; is odd; date: is missing",
            ),
            (
                json!({"error": ["Frequency is missing", "Name is missing"]}),
                "Frequency is missing; Name is missing",
            ),
            (
                json!({"success": false, "errors": {"visits": {"summary": ["is missing"], "end_at": ["is odd"]}}}),
                "summary: is missing; end_at: is odd",
            ),
            (
                json!({"record": {"id": null, "name": ""}, "errors": "Name is missing"}),
                "Name is missing",
            ),
            (
                json!({"login": false, "instructions": "Recover the second factor."}),
                "Recover the second factor.",
            ),
            (
                json!({"status": "attached", "errors": "The serial number is taken"}),
                "The serial number is taken",
            ),
            (json!({"error": "", "message": "Not found"}), "Not found"),
            (json!({"error": {"name": ["is missing"]}}), "name: is missing"),
            (json!({"error": "Rate limit exceeded"}), "Rate limit exceeded"),
            (json!({"errors": "Not found"}), "Not found"),
            (json!({"errors": ["One", "Two"]}), "One; Two"),
            (
                json!({"errors": {"body": ["can't be blank", "is odd"], "subject": "is missing"}}),
                "body: can't be blank; is odd; subject: is missing",
            ),
            (json!({"errors": [{"field": "name", "message": "is taken"}]}), "name: is taken"),
            (json!({"message": ["Body can't be blank"]}), "Body can't be blank"),
            (json!({"message": " Two\n lines "}), "Two lines"),
            (
                json!({"success": false, "message": "No such line", "params": {"id": 1}}),
                "No such line",
            ),
        ] {
            assert_eq!(message(&body).as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn other_json_is_no_message() {
        for body in [
            json!(null),
            json!([]),
            json!("error"),
            json!({}),
            json!({"error": null}),
            json!({"error": ""}),
            json!({"error": {"code": 1}}),
            json!({"errors": []}),
            json!({"errors": {}}),
            json!({"errors": {"field": {"deep": 1}}}),
            json!({"errors": [{"code": 1}]}),
            json!({"message": 7}),
            json!({"date": []}),
            json!({"date": [1]}),
            json!({"date": ["is missing"], "id": 7}),
            json!({"tickets": [{"id": 1}]}),
            json!({"errors": {"visits": {"deep": {"deeper": ["is missing"]}}}}),
            json!({"ticket": {"id": 1}}),
        ] {
            assert_eq!(message(&body), None, "{body}");
        }
    }

    #[test]
    fn long_and_coloured_messages_are_tamed() {
        let said = message(&json!({"error": format!("\u{1b}[31m{}", "x".repeat(10_000))})).unwrap();
        assert!(said.chars().count() <= LONGEST_MESSAGE + 3);
        assert!(!said.contains('\u{1b}'));
    }

    #[test]
    fn pages_are_named() {
        let page = |kind, body| Content::read(kind, body).describe();
        assert_eq!(
            page(None, "<html><title>Sign in | Syncro</title></html>"),
            "Syncro's login page"
        );
        let foreign = |kind, body| {
            let page = page(kind, body);
            page.strip_suffix(" from something in between, not Syncro's answer").map(str::to_owned)
        };
        assert_eq!(
            foreign(Some("text/html; charset=utf-8"), "no markup at all").as_deref(),
            Some("an HTML page")
        );
        assert_eq!(
            foreign(None, "\u{feff}<!DOCTYPE html><TITLE>502 Bad\n Gateway</TITLE>").as_deref(),
            Some("an HTML page titled \"502 Bad Gateway\"")
        );
        assert_eq!(
            foreign(None, "<form><input type=\"password\"></form>").as_deref(),
            Some("a login page")
        );
        assert_eq!(page(None, " \n"), "an empty answer");
        assert_eq!(page(None, "null"), "null");
        assert!(page(None, "{\"ticket\": ").starts_with("an answer that is not JSON"));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_within_reason() {
        let now = "2026-11-02T10:00:00Z".parse().unwrap();
        let unsaid = Duration::from_secs(60);
        let wait = |header| retry_after(header, now, unsaid).as_secs();
        assert_eq!(wait(None), 60);
        assert_eq!(wait(Some("7")), 7);
        assert_eq!(wait(Some("0")), 0);
        assert_eq!(wait(Some("86400")), 120);
        assert_eq!(wait(Some("soon")), 60);
        assert_eq!(wait(Some("-5")), 60);
        assert_eq!(wait(Some("Mon, 02 Nov 2026 10:00:30 GMT")), 30);
        assert_eq!(wait(Some("Mon, 02 Nov 2026 09:00:00 GMT")), 0);
        assert_eq!(wait(Some("Mon, 02 Nov 2026 12:00:00 GMT")), 120);
    }

    #[test]
    fn values_are_counted_outside_texts() {
        for (body, count) in [
            ("", 1),
            ("0", 1),
            (r#"{"a": "b"}"#, 2),
            ("[0,0,0]", 4),
            (r#"["a,[{\",,", ","]"#, 3),
            // What is empty counts as if it held one.
            (r#"{"a": [{}, {"b": [1, 2]}], "c": null}"#, 9),
        ] {
            assert_eq!(values(body), count, "{body}");
        }
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(
                    (
                        prop_oneof![
                            Just("error".to_owned()),
                            Just("errors".to_owned()),
                            Just("message".to_owned()),
                            Just("field".to_owned()),
                            ".{0,6}".prop_map(String::from),
                        ],
                        inner
                    ),
                    0..4
                )
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_makes_it_panic(value in json_value()) {
            if let Some(said) = message(&value) {
                prop_assert!(!said.is_empty());
                prop_assert!(!said.chars().any(char::is_control));
            }
        }

        #[test]
        fn no_body_makes_it_panic(kind in prop::option::of(".{0,20}"), body in ".{0,80}|<(?i:title)[^>]{0,4}>?.{0,20}(</title>)?") {
            let _described = Content::read(kind.as_deref(), &body).describe();
        }

        #[test]
        fn no_header_makes_it_wait_too_long(header in ".{0,40}|[0-9]{1,30}") {
            let hour = Duration::from_secs(3600);
            for header in [Some(header.as_str()), None] {
                prop_assert!(retry_after(header, Timestamp::UNIX_EPOCH, hour) <= LONGEST_WAIT);
            }
        }
    }
}
