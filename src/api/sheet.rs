//! One page of a list as it came, for whoever keeps all of them and decides alone how many to read.

use serde_json::Value;

use super::error::Error;
use super::reader::Reader;
use super::request::List;

/// A page.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its records.
    pub records: Vec<Value>,
    /// How many pages there are, where the server says so.
    pub last: Option<u64>,
    /// How many records there are, where the server says so.
    pub total: Option<u64>,
    /// Whether the server sent page one whatever was asked for.
    pub ignores_page: bool,
}

impl Reader {
    /// Reads one page of a list, and nothing beside it.
    ///
    /// # Errors
    /// See [`Error`]; retries are used up by then.
    pub async fn sheet<T>(&self, list: &List<T>, number: u64) -> Result<Sheet, Error> {
        let page = self.page(&list.ask, &list.shape.many, number).await?;
        self.has_shown(&list.ask.path);
        let ignores_page = page.ignores_page();
        Ok(Sheet { records: page.items, last: page.last, total: page.total, ignores_page })
    }
}
