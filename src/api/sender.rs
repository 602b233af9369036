//! The writing half of the API: sends one confirmed request once, and says what is known of it. The table of what
//! proves what is `judge`; in doubt the answer is [`Answer::Unknown`], never a guess.

use std::sync::Arc;

use serde_json::Value;

use super::answer::Answer;
use super::pace::Slot;
use super::request::Write;
use super::room::Room;
use super::secret::Sent;
use super::shapes::Content;
use super::transport::{Failure, Outgoing, Reach, Response, Transport};
use crate::write::Permit;

/// Sends writes; needs a permit for each, which only a confirmation makes.
#[derive(Clone)]
pub struct Sender {
    transport: Arc<Transport>,
}

/// A place in the rate window, given back when the answer is in, or when it is dropped.
#[must_use]
pub struct Turn(Slot);

impl Sender {
    /// A sender over `transport`.
    #[must_use]
    pub const fn new(transport: Arc<Transport>) -> Self {
        Self { transport }
    }

    /// Waits for its turn in the rate window. Done before the journal's intent, so that a stop while waiting leaves
    /// no doubt behind.
    pub async fn turn(&self) -> Turn {
        Turn(self.transport.turn().await)
    }

    /// Sends `write` exactly once: no retry, no redirect. The answer does not repeat the secrets of its body.
    ///
    /// Dropping the future before its end leaves the outcome unknown.
    pub async fn send(&self, write: Write, turn: Turn, _permit: &Permit) -> Answer {
        let outgoing = Outgoing {
            method: write.method.name(),
            path: &write.path,
            query: &[],
            body: write.body.as_ref(),
            fresh: false,
            room: Room::WHOLE,
        };
        let mut answer = match self.transport.exchange(turn.0, &outgoing).await {
            Ok(response) => judge(write.is_answered_with_nothing(), response),
            Err(failure) => no_answer(failure),
        };
        answer.hide(&Sent::of(&write.body));
        if let Answer::RateLimited { wait, .. } = &answer {
            self.transport.block(*wait);
        }
        answer
    }
}

/// What a whole answer proves.
fn judge(bare: bool, response: Response) -> Answer {
    match response.status {
        200..=299 => accepted(bare, response),
        300..=399 => {
            let to = response.location.as_deref().unwrap_or("nowhere");
            unknown(&response, &format!("redirected to {to}"))
        }
        // 501: the server does not have the operation, so nothing of it landed either.
        400..=499 | 501 => declined(response),
        _ => unknown(&response, &words(&response.content)),
    }
}

/// 2xx: only JSON says that the API itself answered. An empty answer to a DELETE is usual, and is proved by a look
/// like every other; to an e-mail or print it is all the yes there is.
fn accepted(bare: bool, response: Response) -> Answer {
    let Response { status, content, date, .. } = response;
    match content {
        Content::Json(body) if !body.is_null() => Answer::Accepted { status, body, date },
        Content::Empty if bare => Answer::Accepted { status, body: Value::Null, date },
        other => Answer::Unknown {
            cause: format!("answered {status} with {}", other.describe()),
            status: Some(status),
        },
    }
}

/// 4xx and 501: only the API's own words, or its empty 404, prove that nothing landed. A proxy's page proves nothing.
fn declined(response: Response) -> Answer {
    let status = response.status;
    match (status, response.content.message()) {
        (429, Some(message)) => Answer::RateLimited { wait: response.wait, message },
        (_, Some(message)) => Answer::Refused { status, message },
        (404, None) if response.content == Content::Empty => {
            Answer::Refused { status, message: "not found".to_owned() }
        }
        (_, None) => unknown(&response, &words(&response.content)),
    }
}

/// What an answer of any shape says, for people.
fn words(content: &Content) -> String {
    content.message().unwrap_or_else(|| content.describe())
}

fn unknown(response: &Response, what: &str) -> Answer {
    Answer::Unknown {
        cause: format!("answered {}: {what}", response.status),
        status: Some(response.status),
    }
}

/// What the lack of a whole answer proves: something only if there never was a connection.
fn no_answer(failure: Failure) -> Answer {
    let Failure { reach, status, cause } = failure;
    match reach {
        Reach::NotConnected | Reach::Refused => Answer::NeverLeft { cause },
        Reach::Sent | Reach::TooLarge => Answer::Unknown { cause, status },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests;
