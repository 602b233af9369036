//! An account may lack a newer list: it is asked for once, and for a day the older way is taken without asking again.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use syncro::account::Absent;
use syncro::api::observe::Unobserved;
use syncro::api::{Error, List, Reader, Transport};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::files;
use crate::transport::connection;

struct Account {
    server: MockServer,
    dir: tempfile::TempDir,
}

impl Account {
    async fn answering(template: ResponseTemplate) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(template).mount(&server).await;
        Self { server, dir: tempfile::tempdir().unwrap() }
    }

    /// What a run of the program with that profile finds, and how often the server was asked until then.
    async fn run(&self, whose: &str) -> (Result<Option<usize>, Error>, usize) {
        let base = format!("{}/api/v1", self.server.uri());
        let connection = connection(&base, &self.dir.path().join("pace"));
        let reader =
            Reader::new(Arc::new(Transport::new(connection, Arc::new(Unobserved)).unwrap()));
        let list = List::<Value>::new("/ticket_comments", "comments").asking("ticket_id", 7);
        let found = Absent::new(self.dir.path(), whose).list(&reader, list).await;
        let found = found.map(|listing| listing.map(|listing| listing.items.len()));
        (found, self.server.received_requests().await.unwrap().len())
    }

    /// As if what is remembered had been put down so many hours before.
    fn hours_later(&self, hours: i64) {
        for path in remembered(self.dir.path()) {
            let text = std::fs::read(&path).unwrap();
            let mut paths: Value = serde_json::from_slice(&text).unwrap();
            for at in paths.as_object_mut().unwrap().values_mut() {
                let then: jiff::Timestamp = at.as_str().unwrap().parse().unwrap();
                *at = json!(then - jiff::SignedDuration::from_hours(hours));
            }
            std::fs::write(path, paths.to_string()).unwrap();
        }
    }
}

fn remembered(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = files(dir);
    found.retain(|path| path.extension().is_some_and(|end| end == "json"));
    found
}

#[tokio::test]
async fn a_list_that_is_not_there_is_asked_for_once_a_day() {
    let page = "<html>The page you were looking for does not exist</html>";
    let answers = [
        ResponseTemplate::new(404),
        ResponseTemplate::new(404).set_body_json(json!({"error": "Not found"})),
        ResponseTemplate::new(404).set_body_raw(page, "text/html"),
    ];
    for answer in answers {
        let account = Account::answering(answer).await;
        for (whose, asked) in [("acme", 1), ("acme", 1), ("acme-sam", 2), ("acme", 2)] {
            let (found, requests) = account.run(whose).await;
            assert_eq!((found.unwrap(), requests), (None, asked), "{whose}");
        }
        account.hours_later(23);
        assert_eq!(account.run("acme").await.1, 2);
        account.hours_later(2);
        assert_eq!(account.run("acme").await.1, 3);
        // The other way round, a clock that was put back makes nothing last for ever.
        account.hours_later(-48);
        assert_eq!(account.run("acme").await.1, 4);
    }
}

#[tokio::test]
async fn only_what_is_not_there_is_remembered() {
    let refused = ResponseTemplate::new(401).set_body_json(json!({"error": "Not authorized"}));
    let account = Account::answering(refused).await;
    for asked in [1, 2] {
        let (found, requests) = account.run("acme").await;
        assert!(matches!(found, Err(Error::NotAuthorised { .. })), "{found:?}");
        assert_eq!(requests, asked);
    }
    let empty = ResponseTemplate::new(200).set_body_json(json!({"comments": []}));
    let account = Account::answering(empty).await;
    assert_eq!(account.run("acme").await.0.unwrap(), Some(0));
    assert!(remembered(account.dir.path()).is_empty());
}
