//! Pages that are read side by side: whatever a server makes of them, they have the memory of one answer together, and what
//! is kept of them is what is shown.

use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::{Account, Running, Setup, TestEnv};

/// Ten times the largest body that is read, in KiB.
pub(super) const MOST: u64 = 10 * (32 << 10);

/// So many pages has each list.
const PAGES: usize = 10;

/// What a page of a hostile list holds: its rows, each after its number.
#[derive(Debug, Clone, Copy)]
struct Page {
    /// How many on the first page, and how many on each other one.
    rows: [usize; 2],
    /// How often the filling stands in each row.
    words: usize,
}

/// A server whose lists all have such pages; all else is answered by an account.
struct Hostile {
    account: Account,
    page: Page,
}

const LISTS: [(&str, &str); 3] =
    [("/payments", "payments"), ("/customers", "customers"), ("/comments", "comments")];

impl Respond for Hostile {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let Some((_, name)) = LISTS.iter().find(|(end, _)| path.ends_with(end)) else {
            let query = request.url.query().unwrap_or_default();
            let (status, body) = self.account.call("GET", &format!("{path}?{query}"), None);
            return ResponseTemplate::new(status).set_body_json(body);
        };
        let mut asked = request.url.query_pairs();
        let page =
            asked.find(|(name, _)| name == "page").map_or(1, |(_, page)| page.parse().unwrap());
        let filling = "word ".repeat(self.page.words);
        let first = page * 1_000_000;
        let rows = first..first + self.page.rows[usize::from(page > 1)];
        let rows: Vec<String> =
            rows.map(|id| format!("{{\"id\":{id},\"body\":\"{filling}\"}}")).collect();
        let meta = format!("{{\"page\":{page},\"total_pages\":{PAGES}}}");
        let body = format!("{{\"{name}\":[{}],\"meta\":{meta}}}", rows.join(","));
        assert!(body.len() <= 32 << 20, "{}", body.len());
        ResponseTemplate::new(200).set_body_raw(body, "application/json")
    }
}

/// As many tiny rows as are read of one answer.
const TINY: usize = 87_000;

/// As many long ones as fill it.
const LONG: usize = 100;

/// As many that all pages together are as long as an answer may be.
const SHOWN: usize = 5_500;

#[tokio::test]
async fn pages_side_by_side_have_the_memory_of_one_answer() {
    // What it holds is looked at, not how long a busy machine takes to read it.
    let env = TestEnv::of(Setup { timeout: "60", ..Setup::default() });
    let payments = ["payment", "list", "--customer", "31204551", "--all"];
    let limited = ["payment", "list", "--json"];
    let comments = ["ticket", "32181", "--all-comments", "--json"];
    let paginated = ["api", "GET", "customers", "--paginate"];
    let hostile = [
        ("tiny", [TINY; 2], &payments[..]),
        ("tiny after one", [1, TINY], &payments),
        ("tiny after one, with a limit", [1, TINY], &limited),
        ("long after one", [1, LONG], &payments),
        ("shown", [SHOWN; 2], &comments),
        ("shown after one", [1, SHOWN], &paginated),
    ];
    for (name, rows, args) in hostile {
        let words = match rows[1] {
            TINY => 0,
            LONG => 60_000,
            _ => 100,
        };
        let page = Page { rows, words };
        let is_empty = args == payments;
        let server = MockServer::builder().start().await;
        let hostile = Hostile { account: env.account(), page };
        Mock::given(any()).respond_with(hostile).mount(&server).await;
        let mut command = env.command();
        command.args(args).env("SYNCRO_BASE_URL", format!("{}/api/v1", server.uri()));
        let (ran, most) = Running::start(command).wait_measured();
        println!("{name}: {} MiB", most >> 10);
        assert_eq!(ran.code, 0, "{name}, {args:?}: {}", &ran.stderr[..ran.stderr.len().min(300)]);
        assert_eq!(ran.stdout.is_empty(), is_empty, "{name}, {args:?}");
        assert!(most <= MOST, "{name}, {args:?}: {} MiB", most >> 10);
    }
}

/// A server whose lists of tickets are not sorted. That of one status has a record that nobody can read, and a page that is
/// more than its share of what is read side by side.
struct Unsorted(Account);

impl Respond for Unsorted {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let asked = |name: &str| {
            let found = request.url.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        let Some(status) = asked("status").filter(|_| path == "/tickets") else {
            let query = request.url.query().unwrap_or_default();
            let (status, body) = self.0.call("GET", &format!("{path}?{query}"), None);
            return ResponseTemplate::new(status).set_body_json(body);
        };
        let row = |id: u64| json!({"id": id, "number": id, "subject": "Till", "status": status});
        let rows = match (asked("page"), status.as_str()) {
            (None, "New") => json!([row(1), {"id": {"odd": 1}, "status": status}, row(5)]),
            (None, _) => json!([row(2), row(6)]),
            (Some(_), _) => {
                let mut long = row(if status == "New" { 3 } else { 4 });
                long["unheard_of"] = vec![0; 150_000].into();
                json!([long])
            }
        };
        let meta = json!({"total_pages": 2, "page": asked("page").map_or(1, |_| 2)});
        ResponseTemplate::new(200).set_body_json(json!({"tickets": rows, "meta": meta}))
    }
}

/// What is amiss with a list is said once, however often it was read.
#[tokio::test]
async fn what_is_read_again_is_told_once() {
    for statuses in ["New", "New,Resolved"] {
        let env = TestEnv::new();
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Unsorted(env.account())).mount(&server).await;
        let base = format!("{}/api/v1", server.uri());
        let args = ["tickets", "--status", statuses, "--limit", "1"];
        let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*base)]);
        let said = ran.ends(0).stderr.matches("skipped a record").count();
        assert_eq!(said, 1, "{statuses}: {ran}");
    }
}
