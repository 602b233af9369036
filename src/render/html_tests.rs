//! Comments as text: what is plain, what is HTML, and what is neither.

use super::*;
use proptest::prelude::*;

#[test]
fn plain_text_passes_as_it_is() {
    for body in [
        "a < b and c > d",
        "Value was <none>, again <none>",
        "Mail from <sam@example.com>",
        "Vec<T> and press <b> or <a>",
        "&amp; stays, and so does\n\n\n  indentation",
        "if (a <b && c> d)",
    ] {
        assert_eq!(to_text(body), body);
    }
}

#[test]
fn breaks_end_lines_once() {
    assert_eq!(
        to_text(
            "Hello,<br><br>the printer works.<br />\r\nRegards<BR>Sam &amp; Kim <sam@example.com>"
        ),
        "Hello,\n\nthe printer works.\nRegards\nSam & Kim <sam@example.com>"
    );
    assert_eq!(to_text("one\ntwo<br>three"), "one\ntwo\nthree");
}

#[test]
fn paragraphs_lists_links_and_cells() {
    let body = "<html><head><style>p { color: red }</style></head><body><p>Dear\n  Kim,</p>\
            <p>We did:</p><ul><li>a <b>new</b> roller</li><li>cleaning<ol><li>inside</li><li>outside</li></ol></li></ul>\
            <p>See <a href=\"https://example.com/r?a=1&amp;b=2\">the report</a>, \
            <a href='https://example.com'>https://example.com/</a> or \
            <a href=\"mailto:kim@example.com\">kim@example.com</a>.</p>\
            <table><tr><th>Part</th><th>Price</th></tr><tr><td>Roller</td><td>&euro;20</td></tr></table>\
            <img src=\"x\" alt=\"Logo\"><script>alert(1)</script></body></html>";
    assert_eq!(
        to_text(body),
        "\
Dear Kim,

We did:

- a new roller
- cleaning
  1. inside
  2. outside

See the report (https://example.com/r?a=1&b=2), https://example.com/ or kim@example.com.

Part | Price
Roller | €20

[Logo]"
    );
}

#[test]
fn newer_tags_are_tags_and_words_in_brackets_are_words() {
    for (body, text) in [
        ("<p>Look:</p><video controls><source src=\"x\">no video</video>", "Look:\n\nno video"),
        ("<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/><text>x</text></svg>Done", "Done"),
        ("<p>Done<svg viewBox=\"0 0 1 1\"/> today", "Done today"),
        ("<details><summary>Log</summary>all well</details><p>", "Log\nall well"),
        ("press <button> and see <video>", "press <button> and see <video>"),
        // What never ends hides nothing.
        ("Logo <svg> fixed.<br>Call <b>me</b>", "Logo fixed.\nCall me"),
        ("<p>use <style> then the rest", "use then the rest"),
    ] {
        assert_eq!(to_text(body), text, "{body}");
    }
}

#[test]
fn pictures_and_data_are_named() {
    let data =
        |length: usize| format!("data:image/png;base64,{}", "iVBORw0K+/".repeat(length / 10));
    for (body, text) in [
        ("<img src=\"https://x.example/1.png\">".to_owned(), "[picture]"),
        (format!("<p><img src=\"{}\"></p>", data(400_000)), "[picture]"),
        (format!("See {} here", data(136_000)), "See [data, 136 kB] here"),
        (format!("{0}\n{0}", data(2_000)), "[data, 2 kB]\n[data, 2 kB]"),
        ("Hi<br><img src=x width=1 height=1>".to_owned(), "Hi"),
        ("some data: see below; data:,x".to_owned(), "some data: see below; data:,x"),
    ] {
        assert_eq!(to_text(&body), text);
    }
}

#[test]
fn preformatted_text_keeps_its_shape() {
    assert_eq!(to_text("<p>Log:</p><pre>a  b\n  c\n</pre>end"), "Log:\n\na  b\n  c\nend");
}

#[test]
fn markup_of_word_processors_goes() {
    assert_eq!(to_text("<!DOCTYPE html><!-- [if mso]><p>x</p> --><div>Hi<o:p></o:p></div>"), "Hi");
}

#[test]
fn what_entities_and_links_smuggle_is_sanitised() {
    assert_eq!(to_text("a&#27;[31mb&#x202e;c<br>"), "abc");
    assert_eq!(
        to_text("<p><a href=\"https://acme.example/?portal_key=abc\">portal</a></p>"),
        "portal (https://acme.example/?portal_key=***)"
    );
    assert_eq!(to_text("<p><a href=\"javascript:x()\">go</a></p>"), "go");
}

#[test]
fn long_and_broken_bodies_take_no_time() {
    for piece in ["<a ", "<p", "<!--", "<p x=\"", "<b><i>", "&am", "<ul><li>", "<a href=x>"] {
        let body = format!("<br>{}", piece.repeat(2_000_000 / piece.len()));
        assert!(to_text(&body).len() <= 2 * LONGEST + 2_000_000);
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(body in any::<String>()) {
        prop_assert!(!to_text(&body).chars().any(sanitise::is_unsafe));
    }

    #[test]
    fn any_soup_of_tags_is_survived(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<br>"), Just("<p"), Just("</p>"), Just("<a href=\"x"), Just("'>"), Just("<ul><li>"),
                Just("</ul></ul>"), Just("<pre>"), Just("&#x1b;"), Just("&"), Just(";"), Just("<!--"), Just("-->"),
                Just("<script>"), Just("</script>"), Just("\r\n"), Just("日"), Just("</a>"), Just("="), Just("<td>"),
            ],
            0..40,
        )
    ) {
        let text = to_text(&parts.concat());
        prop_assert!(!text.chars().any(sanitise::is_unsafe));
    }
}
