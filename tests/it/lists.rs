//! Lists that a server gives in part, without its filters, or too large: what is shown, what is said, and what it costs.

use crate::support::TestEnv;

/// Thirty megabytes may take ten times the largest body that is read, whatever they hold.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_is_bounded_whatever_an_answer_holds() {
    const BODY: usize = 30 << 20;
    const MOST: u64 = 10 * (32 << 10);
    let repeated = |part: &str, size: usize| part.repeat(size / part.len());
    let numbered = |part: fn(usize) -> String, count: usize| {
        let parts: Vec<String> = (1..=count).map(part).collect();
        parts.join(",")
    };
    let wrapped = |rows: &str| format!("{{\"tickets\":[{rows}]}}");
    let shapes = [
        ("numbers", wrapped(&format!("{}0", repeated("0,", BODY))), 8),
        ("few numbers", wrapped(&format!("{}0", repeated("0,", 520_000))), 8),
        ("empty objects", wrapped(&format!("{}{{}}", repeated("{},", BODY))), 8),
        ("small objects", wrapped(&format!("{}{{}}", repeated("{\"a\":0},", 2_300_000))), 8),
        ("depth", wrapped(&repeated("[", BODY)), 8),
        ("members", wrapped(&format!("{{{}}}", numbered(|n| format!("\"k{n}\":0"), 2_500_000))), 8),
        (
            "some members",
            wrapped(&format!("{{{}}}", numbered(|n| format!("\"k{n}\":0"), 520_000))),
            8,
        ),
        (
            "a long subject",
            wrapped(&format!(
                "{{\"id\":1,\"number\":1,\"subject\":\"{}\"}}",
                repeated("long ", BODY)
            )),
            0,
        ),
        (
            "long subjects",
            wrapped(&numbered(
                |n| {
                    format!(
                        "{{\"id\":{n},\"number\":{n},\"subject\":\"{}\"}}",
                        "long ".repeat(60_000)
                    )
                },
                100,
            )),
            0,
        ),
        ("tickets", wrapped(&numbered(|n| format!("{{\"id\":{n},\"number\":{n}}}"), 87_000)), 0),
    ];
    let env = TestEnv::new();
    for (name, body, code) in shapes {
        assert!(body.len() <= 32 << 20, "{name}: {}", body.len());
        let server = wiremock::MockServer::start().await;
        let answer = wiremock::ResponseTemplate::new(200).set_body_raw(body, "application/json");
        wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
        for args in [
            &["tickets", "--status", "all", "--all", "--json"][..],
            &["tickets", "--status", "all"],
        ] {
            let mut command = env.command();
            command.args(args).env("SYNCRO_BASE_URL", format!("{}/api/v1", server.uri()));
            let (ran, most) = crate::support::Running::start(command).wait_measured();
            let said = &ran.stderr[..ran.stderr.len().min(300)];
            assert_eq!(ran.code, code, "{name}, {args:?}: {said}");
            assert!(most <= MOST, "{name}, {args:?}: {} MiB", most >> 10);
        }
    }
}
