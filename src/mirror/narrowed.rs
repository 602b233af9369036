//! What is asked of a list of the mirror: which of its records, in what order, on which page.

use super::kinds::Kind;
use crate::api::{Asked, Error as ApiError};

/// So many records are on a page where nobody says how many.
const PAGE: usize = 100;

/// What is asked for is nothing that a mirror has.
pub(super) const fn never(what: String) -> ApiError {
    ApiError::NotMirrored { what, by: None }
}

/// What is asked of a list.
#[derive(Debug)]
pub(super) struct Narrowed {
    pub(super) test: String,
    pub(super) order: String,
    pub(super) values: Vec<rusqlite::types::Value>,
    pub(super) page: usize,
    pub(super) per_page: usize,
}

impl Narrowed {
    /// All of a kind, in the order that the server has.
    pub(super) fn of(kind: Kind) -> Self {
        let order = match kind {
            Kind::Tickets => "CAST(number AS INTEGER) DESC, id DESC",
            Kind::Comments | Kind::Invoices | Kind::Payments | Kind::Estimates => {
                "julianday(json ->> '$.created_at') DESC, id DESC"
            }
            Kind::Timers | Kind::Alerts | Kind::Timelogs => "id DESC",
            _ => "id",
        };
        let test = String::from("kind = ?");
        let values = vec![kind.name().to_owned().into()];
        Self { test, order: order.to_owned(), values, page: 1, per_page: PAGE }
    }

    /// The same without customers that are disabled, whom lists do not show unless that is asked for.
    pub(super) fn enabled(kind: Kind) -> Self {
        let all = Self::of(kind);
        match kind {
            Kind::Customers => {
                all.that("coalesce(json ->> '$.disabled', 0) NOT IN (1, '1', 'true')")
            }
            _ => all,
        }
    }

    pub(super) fn that(mut self, test: &str) -> Self {
        self.test.push_str(" AND ");
        self.test.push_str(test);
        self
    }

    pub(super) fn and(self, test: &str, value: rusqlite::types::Value) -> Self {
        let mut list = self.that(test);
        list.values.push(value);
        list
    }

    /// The same in the order of a field: `business_name ASC`.
    pub(super) fn sorted(mut self, by: &str, asked: &Asked<'_>) -> Result<Self, ApiError> {
        let (field, way) = by.split_once(' ').unwrap_or((by, "ASC"));
        let is_name = field.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if !is_name || !["ASC", "DESC"].contains(&way) {
            return Err(never(format!("{} sorted by {by}", asked.what())));
        }
        self.order = format!("lower(coalesce(json ->> '$.{field}', '')) {way}, id");
        Ok(self)
    }
}
