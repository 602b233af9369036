//! From an answer as a value to one that hyper sends, and its line in the log.
//!
//! The content of an answer is left to the handlers.

use std::io;

use hyper::Response;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};

use super::log::Entry;
use super::reply::{Body, Reply};
use super::wire::Answer;

fn bytes(body: &Body) -> (Option<&'static str>, Vec<u8>) {
    const JSON: &str = "application/json; charset=utf-8";
    match body {
        Body::Nothing => (None, Vec::new()),
        Body::Json(value) => (Some(JSON), value.to_string().into_bytes()),
        Body::Broken(text) => (Some(JSON), text.clone().into_bytes()),
        Body::Html(page) => (Some("text/html; charset=utf-8"), page.clone().into_bytes()),
        Body::Text(text) => (Some("text/plain; charset=utf-8"), text.as_bytes().to_vec()),
    }
}

/// Sends the answer as it is, and notes it in the log.
pub(super) fn send(entry: &mut Entry, reply: Reply) -> io::Result<Response<Answer>> {
    let (kind, body) = bytes(&reply.body);
    let length = body.len();
    respond(entry, reply, kind, length, Answer::whole(body))
}

/// Sends the first half of the answer under the length of the whole.
pub(super) fn send_part(entry: &mut Entry, reply: Reply) -> io::Result<Response<Answer>> {
    let (kind, mut body) = bytes(&reply.body);
    let length = body.len() + 1;
    body.truncate(body.len() / 2);
    respond(entry, reply, kind, length, Answer::cut(body))
}

fn respond(
    entry: &mut Entry,
    reply: Reply,
    kind: Option<&str>,
    length: usize,
    body: Answer,
) -> io::Result<Response<Answer>> {
    let mut response = Response::builder().status(reply.status).header(CONTENT_LENGTH, length);
    if let Some(kind) = kind {
        response = response.header(CONTENT_TYPE, kind);
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let response = response.body(body).map_err(io::Error::other)?;
    entry.status = Some(reply.status);
    entry.finish();
    Ok(response)
}
