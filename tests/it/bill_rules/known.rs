//! What can be known before the first write is never learnt from a refusal after it.

use serde_json::json;

use crate::support::{Altered, TestEnv, bill};

#[tokio::test]
async fn a_product_without_a_name_is_given_one() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    let (_, mut product) = env.account().call("GET", "/products/17340021", None);
    product["product"]["name"] = json!(" ");
    server.answering(("GET", "/products/17340021"), 200, &product).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let lines = ["line", "add", "32181", "--labor", "remote", "--minutes", "30", "--yes"];
    for args in [&bill(&["--yes"])[..], &lines] {
        env.run_with(args, &there)
            .ends(5)
            .says("has no name, and none is configured; nothing was written")
            .says("hint: set a name for the product in Syncro, or set `name` in [labor.remote]");
    }
    assert!(env.writes().is_empty());
}
