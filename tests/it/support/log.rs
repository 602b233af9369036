//! The request log of the practice server, read back.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// One request as the server saw it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) started_us: u64,
    pub(crate) ended_us: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Without the key.
    pub(crate) query: String,
    pub(crate) fault: Option<String>,
    pub(crate) body: Value,
    pub(crate) cache_control: Option<String>,
}

impl Line {
    /// `GET tickets?status=New&page=2`: method, path and parameters, without the key.
    pub(crate) fn asked(&self) -> String {
        let path = self.path.trim_start_matches("/api/v1/");
        let parameters = self.query.split('&');
        let parameters: Vec<&str> =
            parameters.filter(|one| !one.is_empty() && !one.starts_with("api_key=")).collect();
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{}", self.method, parameters.join("&"))
    }

    /// `POST comment`, `GET tickets/108443837`: the method and what it is about.
    pub(crate) fn what(&self) -> String {
        let path = self.path.trim_start_matches("/api/v1/");
        match self.method.as_str() {
            "GET" => format!("GET {path}"),
            method => format!("{method} {}", path.rsplit('/').next().unwrap_or(path)),
        }
    }
}

pub(super) fn read(path: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    // A line without its end is still being written.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_by_key(|line| line.started_us);
    lines
}
