//! Pages that are read side by side: whatever a server makes of them, they have the memory of one answer together, and what
//! is kept of them is what is shown.

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
