//! A server that takes what it is told and stores something else, as an account's automation does.

use serde_json::Value;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::Account;

/// What is stored instead: `POST /payments`, and the body as it was sent.
type Change = fn(&str, &mut Value);

/// What is told instead of an answer: of which account, `GET /customers/7`, and the answer as it came.
type Tell = Box<dyn Fn(&Account, &str, &mut Value) + Send + Sync>;

/// Such a server.
pub(crate) struct Altered {
    server: MockServer,
}

struct Passes {
    account: Account,
    change: Change,
    tell: Tell,
}

impl Respond for Passes {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let what = format!("{} {path}", request.method);
        let mut body: Option<Value> = serde_json::from_slice(&request.body).ok();
        if let Some(body) = &mut body {
            (self.change)(&what, body);
        }
        let query = request.url.query().map(|query| format!("?{query}"));
        let whole = format!("{path}{}", query.unwrap_or_default());
        let (status, mut answer) =
            self.account.call(request.method.as_str(), &whole, body.as_ref());
        (self.tell)(&self.account, &what, &mut answer);
        let template = ResponseTemplate::new(status);
        match answer {
            Value::Null => template,
            answer => template.set_body_json(answer),
        }
    }
}

impl Altered {
    /// A server over `account` that stores what `change` makes of each body.
    pub(crate) async fn of(account: Account, change: Change) -> Self {
        Self::between(Passes { account, change, tell: Box::new(|_, _, _| ()) }).await
    }

    /// A server over `account` that tells what `tell` makes of each answer.
    pub(crate) async fn telling(
        account: Account,
        tell: impl Fn(&Account, &str, &mut Value) + Send + Sync + 'static,
    ) -> Self {
        Self::between(Passes { account, change: |_, _| (), tell: Box::new(tell) }).await
    }

    async fn between(passes: Passes) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(passes).mount(&server).await;
        Self { server }
    }

    /// Has one method and path, below the API's base, answered so from now on; the account never hears of it.
    pub(crate) async fn answering(&self, what: (&str, &str), status: u16, answer: &Value) {
        let template = ResponseTemplate::new(status).set_body_json(answer);
        let whole = format!("/api/v1{}", what.1);
        let mock = Mock::given(method(what.0)).and(path(whole)).respond_with(template);
        mock.with_priority(1).mount(&self.server).await;
    }

    /// The same over the server at that address, with its faults.
    pub(crate) async fn over(base: &str, change: Change) -> Self {
        Self::of(Account::new(base, syncro::sandbox::KEY), change).await
    }

    /// The API's address.
    pub(crate) fn base(&self) -> String {
        format!("{}/api/v1", self.server.uri())
    }

    /// How often that was asked for: `POST /payments`.
    pub(crate) async fn asked(&self, what: &str) -> usize {
        let requests = self.server.received_requests().await.unwrap();
        let asked = requests.iter().filter(|request| {
            let path = request.url.path().trim_start_matches("/api/v1");
            format!("{} {path}", request.method) == what
        });
        asked.count()
    }
}
