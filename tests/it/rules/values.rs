//! Values as the server gives them back, by value: the same where only the clothes differ.

use serde_json::json;
use syncro::write::{normal_text as text, same_value as same};

#[test]
fn values_are_compared_by_what_they_mean() {
    for (one, other) in [
        (json!("0.50"), json!(0.5)),
        (json!("2026-05-23T14:00:00Z"), json!("2026-05-23T10:00:00-04:00")),
        (json!("2026-05-23"), json!("2026-05-23T00:00:00.000-07:00")),
        (json!("2026-05-23"), json!("2026-05-23 00:00:00 UTC")),
        (json!("2026-05-23"), json!("2026-05-23 00:00:00 -0700")),
        (json!("2026-05-23"), json!("Sat, 23 May 2026 00:00:00 -0700")),
        (json!("2026-05-23T14:00:00Z"), json!("2026-05-23 14:00:00 UTC")),
        (json!(null), json!("")),
        (json!(true), json!("1")),
        (json!("a<br>b"), json!("a\nb")),
        (json!("on &lt;server&gt;"), json!("on <server>")),
        (json!("+1 (555) 111-2222"), json!("15551112222")),
    ] {
        assert!(same(&one, &other), "{one} {other}");
        assert!(same(&other, &one), "{other} {one}");
    }
    for (one, other) in [
        (json!("0.5"), json!("0.51")),
        (json!("(555) 111-2222"), json!("5551112223")),
        (json!("10.0.10.25"), json!("100.1.0.25")),
        (json!("2026-05-23"), json!("2026-05-24T00:00:00Z")),
        (json!("2026-05-23"), json!("2026-05-24 00:00:00 UTC")),
        (json!("2026-05-23T14:00:00Z"), json!("2026-05-23T14:00:01Z")),
        (json!(false), json!(null)),
        (json!("a"), json!("b")),
        (json!([1]), json!([1, 2])),
    ] {
        assert!(!same(&one, &other), "{one} {other}");
    }
}

#[test]
fn clothes_do_not_matter() {
    assert_eq!(text("a<br>b &amp; c"), text("a\r\nb & c "));
    assert_eq!(text("<div>a <b>b</b></div>"), "a b");
    assert_eq!(text("x < 5 and y > 3"), "x < 5 and y > 3");
    assert_ne!(text("a b"), text("a c"));
}
