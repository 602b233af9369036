//! One read without its type: what is asked, and what an answer to it comes to.

use std::borrow::Cow;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode;
use super::error::Error;
use super::fields;
use super::part::Part;
use super::record::Record;
use super::shapes::{self, Content};
use super::transport::{Failure, Reach, Response};

/// A read without its type.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) path: String,
    pub(super) query: Vec<(Cow<'static, str>, String)>,
    /// The parameters by which the answer is filtered here, too.
    pub(super) fitted: Vec<Cow<'static, str>>,
    pub(super) fresh: bool,
    pub(super) retry: bool,
    pub(super) or_number: bool,
    /// What is kept of a record; all of it without a part.
    pub(super) part: Option<Part>,
    /// Whether records are left out of the answer here.
    pub(super) is_judged: bool,
}

/// Why a try gave no body.
#[derive(Debug)]
pub(super) enum Problem {
    /// Another try cannot help.
    Final(Error),
    /// Another try may help.
    Passing { cause: String, status: Option<u16> },
    /// 429.
    Limited { wait: Duration, message: String },
}

impl Ask {
    /// Method and path, for messages.
    pub(super) fn what(&self) -> String {
        format!("GET {}", self.path)
    }

    /// That the record is the one whose id ends the path, or whose number where the path takes one, too: nothing is shown of
    /// another one, and nothing written to it.
    pub(super) fn is_answered_by(&self, raw: &Value) -> Result<(), Error> {
        let asked = self.path.rsplit('/').next().and_then(|end| end.parse::<u64>().ok());
        let (Some(asked), Some(id)) = (asked, fields::to_id(&raw["id"])) else {
            return Ok(());
        };
        let by_number = self.or_number && fields::to_id(&raw["number"]) == Some(asked);
        if id == asked || by_number {
            return Ok(());
        }
        Err(Error::Another { what: self.what(), id })
    }

    pub(super) fn foreign(&self, cause: &str, status: u16) -> Error {
        Error::Foreign { what: self.what(), cause: cause.to_owned(), status: Some(status) }
    }

    /// What is Syncro's own answer, with something in it that is not what it should be.
    pub(super) fn unread(&self, cause: &str, status: u16) -> Error {
        Error::Unread { what: self.what(), cause: shapes::one_line(cause), status }
    }

    /// What one try came to: the body of a 2xx, or why there is none. The status counts first: a 502 in HTML is
    /// still a 502.
    pub(super) fn judge(&self, answer: Result<Response, Failure>) -> Result<(u16, Value), Problem> {
        let response = answer.map_err(|failure| self.no_answer(failure))?;
        let status = response.status;
        let said = response.content.message();
        let came = response.content.describe();
        match (status, response.content) {
            (200..=299, Content::Json(body)) => Ok((status, body)),
            (200..=299, _) => Err(self.last(&format!("answered {status} with {came}"), status)),
            (300..=399, _) => {
                let to = response.location.as_deref().unwrap_or("nowhere");
                Err(self.last(&format!("answered {status}, redirected to {to}"), status))
            }
            // Whoever sent a page knows nothing of the key.
            (401 | 403, Content::Html(_) | Content::Garbled(_)) => {
                Err(self.last(&format!("answered {status} with {came}"), status))
            }
            (401 | 403, _) => Err(Problem::Final(Error::NotAuthorised {
                what: self.what(),
                status,
                message: said.unwrap_or(came),
            })),
            (404, content) if said.is_some() || content == Content::Empty => {
                Err(Problem::Final(Error::NotFound { what: self.what(), by_api: true }))
            }
            (429, _) => {
                Err(Problem::Limited { wait: response.wait, message: said.unwrap_or(came) })
            }
            // 501: the server does not have the operation; asking again would not help.
            (400..=499 | 501, _) => Err(match said {
                Some(message) => Problem::Final(self.refused(message, status)),
                None => self.last(&format!("answered {status} with {came}"), status),
            }),
            _ => Err(Problem::Passing {
                cause: format!("answered {status}: {}", said.unwrap_or(came)),
                status: Some(status),
            }),
        }
    }

    fn last(&self, cause: &str, status: u16) -> Problem {
        Problem::Final(self.foreign(cause, status))
    }

    fn no_answer(&self, failure: Failure) -> Problem {
        let Failure { reach, status, cause } = failure;
        match reach {
            Reach::NotConnected | Reach::Sent => Problem::Passing { cause, status },
            Reach::Refused => {
                Problem::Final(Error::Unavailable { what: self.what(), cause, status, tries: 1 })
            }
            Reach::TooLarge => Problem::Final(Error::TooLarge { what: self.what(), cause, status }),
        }
    }

    /// The server's own words in the place of what was asked for.
    fn refused(&self, message: String, status: u16) -> Error {
        Error::Refused { what: self.what(), status, message }
    }

    /// A record that has nothing around it.
    pub(super) fn bare(&self, body: Value, status: u16) -> Result<Value, Error> {
        match shapes::refusal(&body) {
            Some(message) => Err(self.refused(message, status)),
            None => Ok(body),
        }
    }

    /// What is kept of a record.
    pub(super) fn kept(&self, mut raw: Value, status: u16) -> Result<Value, Error> {
        if let Some(part) = self.part {
            part.leave(&mut raw);
            if let Some(cause) = part.refuses(&raw) {
                return Err(Error::TooLarge { what: self.what(), cause, status: Some(status) });
            }
        }
        Ok(raw)
    }

    /// Takes `name` out of an object.
    pub(super) fn member(&self, mut body: Value, name: &str, status: u16) -> Result<Value, Error> {
        match body.get_mut(name).map(Value::take) {
            Some(Value::Null) => Err(self.foreign(&format!("\"{name}\" is null"), status)),
            Some(member) => Ok(member),
            None if body.is_null() => {
                Err(self.foreign(&format!("answered null instead of \"{name}\""), status))
            }
            None => Err(match shapes::message(&body) {
                Some(message) => self.refused(message, status),
                // Whoever is in between has no records.
                None if !body["id"].is_null() => {
                    self.unread(&format!("the answer has no \"{name}\" around its record"), status)
                }
                None => self.foreign(&format!("the answer has no \"{name}\""), status),
            }),
        }
    }

    /// Reads the typed view; an error names the field, below `place`.
    pub(super) fn record<T: DeserializeOwned>(
        &self,
        raw: Value,
        place: &str,
        status: u16,
    ) -> Result<Record<T>, Error> {
        match decode::read(&raw) {
            Ok(view) => Ok(Record { view, raw }),
            Err(failure) => {
                let cause = format!("{} cannot be read: {failure}", failure.place_in(place));
                Err(self.unread(&cause, status))
            }
        }
    }
}
