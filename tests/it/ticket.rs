//! `syncro ticket`: the page, the JSON, and what the server's text may not do to a terminal.

use serde_json::{Value, json};

use crate::support::{Altered, TestEnv, ticket_id};

/// Nothing that steers a terminal or turns text around.
fn harmless(text: &str) -> bool {
    text.chars().all(|c| {
        let odd = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        c == '\n' || !c.is_control() && !odd
    })
}

#[test]
fn the_page_has_the_last_five_comments_and_says_so() {
    let env = TestEnv::new();
    let ran = env.run(&["ticket", "32174"]);
    ran.ends(0);
    assert!(ran.stdout.contains("32174") && ran.stdout.contains("Northlight"), "{ran}");
    assert!(ran.stdout.contains("37"), "how many there are: {ran}");
    let all = env.run(&["ticket", "32174", "--all-comments"]);
    all.ends(0);
    assert!(all.stdout.lines().count() > 2 * ran.stdout.lines().count());
    for text in [&ran.stdout, &all.stdout] {
        assert!(harmless(text), "{}", text.escape_debug());
    }
}

#[test]
fn json_has_every_comment_newest_first_and_every_field() {
    let env = TestEnv::new();
    let json = env.run(&["ticket", "32174", "--json"]).ends(0).json().unwrap();
    let comments = json["comments"].as_array().unwrap();
    assert_eq!(comments.len(), 37);
    let made: Vec<&str> =
        comments.iter().map(|comment| comment["created_at"].as_str().unwrap()).collect();
    assert!(made.is_sorted_by(|newer, older| newer >= older), "{made:?}");
    let there = env.state(32_174).comments;
    let ids = |all: &[Value]| {
        let mut ids: Vec<u64> = all.iter().map(|one| one["id"].as_u64().unwrap()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(comments), ids(&there));
    let odd = env.run(&["ticket", "32171", "--json"]).ends(0).json().unwrap();
    assert_eq!(odd["weather_at_opening"]["birds"][1], "gull");
    assert_eq!(odd["9lives"], true);
}

#[test]
fn every_seeded_ticket_is_shown() {
    let env = TestEnv::new();
    for number in (32_140..=32_181).rev() {
        let number = number.to_string();
        let ran = env.run(&["ticket", &number, "--all-comments"]);
        ran.ends(0);
        assert!(ran.stdout.contains(&number), "{ran}");
        assert!(harmless(&ran.stdout), "{number}: {}", ran.stdout.escape_debug());
        assert!(!ran.stdout.contains("portal_key"), "{ran}");
    }
}

#[test]
fn the_page_tells_how_it_stands_with_billing() {
    let env = TestEnv::new();
    for (number, shown) in
        [("32177", "67409"), ("32176", "67410"), ("32178", "89.50"), ("32180", "12.5")]
    {
        let ran = env.run(&["ticket", number]);
        ran.ends(0);
        assert!(ran.stdout.contains(shown), "{shown}: {ran}");
    }
}

#[test]
fn three_ways_to_name_it_and_one_to_miss() {
    let env = TestEnv::new();
    let page = env.run(&["ticket", "32181"]);
    page.ends(0);
    let id = format!("id:{}", ticket_id(32_181));
    for named in ["#32181", &id] {
        assert_eq!(env.run(&["ticket", named]).ends(0).stdout, page.stdout, "{named}");
    }
    for named in ["99999", "id:99999", "108443837"] {
        let ran = env.run(&["ticket", named, "--json"]);
        assert_eq!(ran.ends(3).error()["kind"], "not_found");
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    env.run(&["ticket", "the-till"]).ends(2);
}

#[cfg(unix)]
#[test]
fn a_terminal_is_never_overrun() {
    use unicode_width::UnicodeWidthStr as _;

    let env = TestEnv::new();
    for columns in [80, 200] {
        for number in ["32174", "32172", "32171", "32178"] {
            let terminal = env.terminal_of(columns, &["ticket", number, "--all-comments"]);
            let (code, shown) = terminal.end();
            assert_eq!(code, 0, "{shown}");
            for line in shown.lines() {
                assert!(line.width() <= columns, "{} columns of {columns}: {line}", line.width());
            }
            assert!(harmless(&shown), "{}", shown.escape_debug());
        }
    }
}

#[test]
fn what_hangs_on_a_ticket_is_on_its_page_a_line_each() {
    let env = TestEnv::new();
    let ran = env.run(&["ticket", "32156"]);
    for line in [
        "Parent     id:108442566\n",
        "Assets     SRV-01\n",
        "Tags       email, urgent\n",
        "SLA        Standard care, breached\n",
        "Contract   Care, monthly (id 310026)\n",
        "Properties Mailbox: archive@harrowfinch.example, Bounces: 3\n",
        "Attached   bounce.eml\n",
    ] {
        assert!(ran.ends(0).stdout.contains(line), "{line}: {ran}");
    }
    let plain = env.run(&["ticket", "32181"]);
    for label in ["Parent", "Tags", "SLA", "Contract", "Properties", "Attached"] {
        assert!(!plain.ends(0).stdout.contains(label), "{label}: {plain}");
    }
}

/// What an account shows of a comment without words.
#[tokio::test]
async fn a_comment_without_words_says_what_it_is() {
    let env = TestEnv::new();
    let path = format!("/tickets/{}/comments", ticket_id(32181));
    let mut answer = env.account().get(&path);
    let data = format!("data:image/png;base64,{}", "A".repeat(136_000));
    let bodies = ["<img src=\"https://files.example/1.png\">", "", data.as_str()];
    let comments = answer["comments"].as_array_mut().unwrap();
    for (comment, body) in comments.iter_mut().zip(bodies) {
        comment["body"] = json!(body);
    }
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", &path), 200, &answer).await;
    let ran = env.run_with(&["ticket", "32181"], &[("SYNCRO_BASE_URL", &server.base())]);
    for text in ["\n    [picture]\n", "\n    [no text]\n", "\n    [data, 136 kB]\n"] {
        assert!(ran.ends(0).stdout.contains(text), "{text}: {ran}");
    }
}
