//! What is known after one write was sent: the rows of the table that decide everything that follows. Causes stay
//! apart from here up; nothing above turns them into strings before the write engine has judged them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

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
