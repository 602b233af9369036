//! What is known after one write was sent: the rows of the table that decide everything that follows. Causes stay
//! apart from here up; nothing above turns them into strings before the write engine has judged them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::fields::{Said, to_flag};
use super::secret::Sent;

/// What one sent request is known to have done.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// 2xx with a JSON body. Whether it has the expected shape is for the step to say; it has landed only once a GET
    /// shows it.
    Accepted {
        /// The status.
        status: u16,
        /// The JSON, whole.
        body: Value,
        /// The server's clock at the answer.
        date: Option<Timestamp>,
    },
    /// A 4xx with an error in one of the API's own shapes, or an empty 404: nothing landed.
    Refused {
        /// The status.
        status: u16,
        /// The API's own words.
        message: String,
    },
    /// A 429 with the API's own JSON: nothing landed.
    RateLimited {
        /// How long it asks to wait; 60 s when it does not say.
        wait: Duration,
        /// The API's own words.
        message: String,
    },
    /// The connection was never made (name not found, refused, TLS): nothing landed.
    NeverLeft {
        /// Why.
        cause: String,
    },
    /// Everything else: reset, time-out, 5xx, 3xx, HTML, empty, not JSON, other 4xx. It may have landed.
    Unknown {
        /// Why, for people.
        cause: String,
        /// The status, if an answer began.
        status: Option<u16>,
    },
}

impl Answer {
    /// Hides the secrets that were sent, wherever it repeats them.
    pub(super) fn hide(&mut self, sent: &Sent) {
        match self {
            Self::Accepted { body, .. } => sent.hide(body),
            Self::Refused { message: said, .. }
            | Self::RateLimited { message: said, .. }
            | Self::NeverLeft { cause: said }
            | Self::Unknown { cause: said, .. } => sent.text(said),
        }
    }
}

/// Whether an answer that nothing else will confirm can be taken for a yes. Mails and prints are often answered with
/// nothing; but an error with a 200, `success: false`, and a shape whose values are all null are no yes.
#[must_use]
pub fn confirms(body: &Value) -> bool {
    let succeeded = body.get("success").map(to_flag);
    let says_no = succeeded == Some(Said::Clear(false))
        || ["error", "errors"]
            .iter()
            .any(|name| body.get(name).is_some_and(|said| !is_hollow(said)));
    !says_no && (body.is_null() || !is_hollow(body))
}

/// Whether there is nothing in it but nulls.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(is_hollow),
        Value::Object(fields) => !fields.is_empty() && fields.values().all(is_hollow),
        _ => false,
    }
}
