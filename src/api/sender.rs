//! The writing half of the API: sends one confirmed request once, and says what is known of it.

use std::sync::Arc;

use super::answer::Answer;
use super::request::Write;
use super::transport::Transport;
use crate::write::Permit;

/// Sends writes; needs a permit for each, which only a confirmation makes.
#[derive(Clone)]
pub struct Sender {
    #[expect(dead_code, reason = "stub")]
    transport: Arc<Transport>,
}

impl Sender {
    /// A sender over `transport`.
    #[must_use]
    pub const fn new(transport: Arc<Transport>) -> Self {
        Self { transport }
    }

    /// Waits for its turn in the rate window. Done before the journal's intent, so that a stop while waiting leaves
    /// no doubt behind.
    pub async fn turn(&self) -> Turn {
        Turn(())
    }

    /// Sends `write` exactly once: no retry, no redirect.
    pub async fn send(&self, _write: Write, _turn: Turn, _permit: &Permit) -> Answer {
        Answer::NeverLeft {
            cause: "stub".into(),
        }
    }
}

/// A place in the rate window, given back when the answer is in.
#[must_use]
pub struct Turn(());
