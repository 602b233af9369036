//! Answers as values: status, body, headers, and the many shapes in which the server says no.
//!
//! Turning them into bytes is left to `serve.rs`.

use serde_json::{Value, json};

use super::value::Record;

/// Body of an answer.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Nothing,
    Json(Value),
    Html(String),
    /// Sent as JSON, whatever it is.
    Broken(String),
    Text(&'static str),
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Body,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(super) fn new(status: u16, body: Body) -> Self {
        Self { status, body, headers: Vec::new() }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::new(200, Body::Json(body))
    }

    pub(super) fn json(status: u16, body: Value) -> Self {
        Self::new(status, Body::Json(body))
    }

    /// Returns the record as it is, or what is said about one that is not there.
    pub(super) fn flat(record: Option<Record>) -> Self {
        record.map_or_else(Self::not_found, |record| Self::ok(Value::Object(record)))
    }

    /// Returns the record in an object of that name, or what is said about one that is not there.
    pub(super) fn wrapped(name: &str, record: Option<Record>) -> Self {
        record.map_or_else(Self::not_found, |record| Self::ok(json!({ name: record })))
    }

    /// Returns one page of a list, its records in an array of that name.
    pub(super) fn list<T, V: Into<Value>>(
        name: &str,
        (found, meta): (Vec<T>, Record),
        show: impl Fn(T) -> V,
    ) -> Self {
        let found: Vec<Value> = found.into_iter().map(|one| show(one).into()).collect();
        Self::ok(json!({ name: found, "meta": meta }))
    }

    /// Returns the id of the one record that is answered with, when it is wrapped in that name.
    pub(super) fn id_of(&self, name: &str) -> Option<i64> {
        match &self.body {
            Body::Json(value) => value.get(name)?.get("id")?.as_i64(),
            _ => None,
        }
    }

    /// Returns a refusal of what a body says.
    pub(super) fn invalid(problems: Value) -> Self {
        Self::json(422, json!({"success": false, "message": problems}))
    }

    /// The same, with the body.
    pub(super) fn invalid_of(body: &Record, problems: Value) -> Self {
        Self::json(422, json!({"success": false, "message": problems, "params": body}))
    }

    /// Returns the answer to anything unknown: an empty 404.
    pub(super) fn not_found() -> Self {
        Self::new(404, Body::Nothing)
    }

    pub(super) fn page(status: u16, title: &str, text: &str) -> Self {
        Self::new(
            status,
            Body::Html(format!(
                "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n\
                 <body><h1>{title}</h1><p>{text}</p></body></html>\n"
            )),
        )
    }

    /// Returns the page that a browser without a session shows.
    pub(super) fn sign_in() -> Self {
        Self::new(
            200,
            Body::Html(
                "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>\n\
                 <form action=\"/users/sign_in\" method=\"post\">\n\
                 <label>E-mail <input name=\"email\"></label>\n\
                 <label>Password <input name=\"password\" type=\"password\"></label>\n\
                 <button>Sign in</button></form></body></html>\n"
                    .to_owned(),
            ),
        )
    }

    /// Returns the answer to a body that is not declared as JSON, or is not JSON.
    pub(super) fn bad_request() -> Self {
        Self::page(400, "Bad request", "The request could not be read by this server.")
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns a refusal in one of the seven shapes that errors come in.
    pub(super) fn shaped(status: u16, shape: u8, field: &str, problem: &str) -> Self {
        let sentence = format!("{field} {problem}");
        let body = match shape {
            1 => json!({"error": sentence}),
            2 => json!({"errors": sentence}),
            3 => json!({"errors": [sentence]}),
            4 => {
                let mut fields = serde_json::Map::new();
                fields.insert(field.to_lowercase(), json!([problem]));
                json!({"errors": fields})
            }
            5 => json!({"errors": [{"field": field.to_lowercase(), "message": problem}]}),
            6 => json!({"message": [sentence]}),
            _ => json!({"success": false, "message": sentence, "params": {}}),
        };
        Self::json(status, body)
    }
}
