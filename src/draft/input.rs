//! What a model is told of a text that is to be written.

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A comment that the customer reads.
    Reply,
    /// A comment that only colleagues read.
    Note,
    /// The last comment, which says how it was solved.
    Resolution,
    /// The first comment of a new ticket: what is wrong or wanted.
    Request,
}

/// What a model is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The technician's own words.
    pub typed: String,
    /// What the text is for.
    pub purpose: Purpose,
    /// The ticket's number, if there is one yet.
    pub ticket: Option<String>,
    /// The ticket's subject.
    pub subject: Option<String>,
    /// The customer's name.
    pub customer: Option<String>,
}
