//! A server that does not do as it is asked: it answers from the account, but another question. Most often one without any
//! of the filters, as the API does with parameters that it does not know.

use std::collections::HashMap;

use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::Account;

/// The parameters of a request.
pub(crate) type Asked = HashMap<String, String>;

/// What is answered instead: status and body.
type Instead = fn(&Account, &str, &Asked) -> (u16, Value);

/// Such a server.
pub(crate) struct Deaf {
    server: MockServer,
}

struct Answers {
    account: Account,
    instead: Instead,
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let asked: Asked = request.url.query_pairs().into_owned().collect();
        let (status, body) = (self.instead)(&self.account, path, &asked);
        let template = ResponseTemplate::new(status);
        match body {
            // As the API says that there is nothing.
            Value::Null => template,
            body => template.set_body_json(body),
        }
    }
}

/// As if there were no parameter but the page.
pub(crate) fn unfiltered(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    match asked.get("page") {
        Some(page) => account.call("GET", &format!("{path}?page={page}"), None),
        None => account.call("GET", path, None),
    }
}

impl Deaf {
    /// A server over `account` that answers `instead`.
    pub(crate) async fn of(account: Account, instead: Instead) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Answers { account, instead }).mount(&server).await;
        Self { server }
    }

    /// How many requests it has answered.
    pub(crate) async fn answered(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    /// The API's address.
    pub(crate) fn base(&self) -> String {
        format!("{}/api/v1", self.server.uri())
    }
}
