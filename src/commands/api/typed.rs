//! What is typed for `syncro api`: the path with its query, and fields, each checked before anything is asked or sent.

use crate::error::{Error, Result};
pub(super) use crate::operations::body::{put, value};

/// A path below the API's base, and its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// With its leading slash.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
}

impl Path {
    /// Its parts.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }
}

/// Reads a path. Whatever could lead elsewhere, or show the key, is refused.
///
/// # Errors
/// Exit 2.
pub(super) fn path(typed: &str) -> Result<Path> {
    let wrong = |why: &str| {
        Err(Error::usage(format!("the path {why}"))
            .nothing_sent()
            .hint("use a path like tickets/108443837 or /customers?query=quill"))
    };
    let typed = typed.trim();
    let lower = typed.to_lowercase();
    if lower.contains("://") || typed.starts_with("//") {
        return wrong("is a full address; use only the part after the API's base URL");
    }
    if lower.contains("api_key") || lower.contains("api%5fkey") {
        return wrong("contains api_key; the key is added automatically");
    }
    if typed.contains(['\\', '#', '{', '}', '<', '>', '"', '|', '^', '`'])
        || typed.chars().any(|c| c.is_control() || c.is_whitespace())
    {
        return wrong("contains an invalid character; encode it (%20)");
    }
    let (path, query) = typed.split_once('?').unwrap_or((typed, ""));
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix("api/v1/").unwrap_or(path);
    if path.is_empty() || path.contains("//") {
        return wrong("is empty");
    }
    let dots = |part: &str| {
        let part = part.to_lowercase().replace("%2e", ".");
        part == ".." || part == "." || part.contains("%2f") || part.contains("%5c")
    };
    if path.split('/').any(dots) {
        return wrong("points outside the API");
    }
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Ok(Path { path: format!("/{}", path.trim_end_matches('/')), query })
}

/// A field as it is typed, `key=value`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn field(typed: &str) -> std::result::Result<(String, String), String> {
    let (key, value) = typed.split_once('=').ok_or_else(|| "use key=value".to_owned())?;
    let key = key.trim();
    if key.is_empty() {
        return Err("a field needs a name".to_owned());
    }
    if key.to_lowercase().contains("api_key") {
        return Err("the key is added automatically".to_owned());
    }
    Ok((key.to_owned(), value.to_owned()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    #[test]
    fn a_path_leads_nowhere_else() {
        assert_eq!(path("tickets").unwrap().path, "/tickets");
        assert_eq!(path("/api/v1/tickets/").unwrap().path, "/tickets");
        let found = path("customers?query=quill%20feather&page=2").unwrap();
        assert_eq!(found.query[0], ("query".to_owned(), "quill feather".to_owned()));
        for wrong in [
            "",
            "/",
            "//elsewhere.example/x",
            "https://elsewhere.example/tickets",
            "tickets/../me",
            "tickets/%2e%2e/me",
            "tickets\\1",
            "tickets?api_key=x",
            "tickets?API_KEY=x",
            "a b",
            "tickets#x",
            "tickets/{id}",
            "a//b",
            "tickets%2f..%2fme",
        ] {
            assert!(path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fields_are_typed_and_nest_once() {
        assert_eq!(value("120.10").to_string(), "120.10");
        assert_eq!(value("007"), json!("007"));
        assert_eq!(value("+1"), json!("+1"));
        assert_eq!(value("5560900001"), json!(5_560_900_001_u64));
        assert_eq!(value("null"), Value::Null);
        assert_eq!(value("1.2.3"), json!("1.2.3"));
        let mut body = Map::new();
        put(&mut body, "a", json!(1)).unwrap();
        put(&mut body, "b[c]", json!(2)).unwrap();
        put(&mut body, "l[]", json!(3)).unwrap();
        put(&mut body, "l[]", json!(4)).unwrap();
        assert_eq!(Value::Object(body.clone()), json!({"a": 1, "b": {"c": 2}, "l": [3, 4]}));
        for wrong in ["a", "a[x]", "a[]", "d[e][f]", "d[e"] {
            assert!(put(&mut body, wrong, json!(0)).is_err(), "{wrong}");
        }
        assert!(field("api_key=x").is_err());
        assert!(field("x").is_err());
    }
}
