//! Comments: the ticket's conversation. They mail customers and can be neither edited nor removed.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::api::fields::{self, Unread};
use crate::api::folder::{COMMENTS, TICKETS};
use crate::api::ids::{CommentId, TicketId, UserId};
use crate::api::request::{List, Write};

/// A comment. No GET returns whether it was mailed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Comment {
    /// Which.
    pub id: CommentId,
    /// Its ticket, where the list is of several.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub ticket_id: Option<TicketId>,
    /// Its headline.
    #[serde(default, deserialize_with = "fields::text")]
    pub subject: String,
    /// Its text: plain, with `<br>` or with HTML, as the server likes.
    #[serde(default, deserialize_with = "fields::text")]
    pub body: String,
    /// The author's name.
    #[serde(default, deserialize_with = "fields::text")]
    pub tech: String,
    /// Whether the customer cannot see it.
    #[serde(default, deserialize_with = "fields::flag")]
    pub hidden: bool,
    /// The author, when a user wrote it.
    #[serde(default, deserialize_with = "fields::id")]
    pub user_id: Option<UserId>,
    /// When.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// What a comment is that the customer can see.
pub const PUBLIC: &str = "public";

impl Comment {
    /// Whether the customer can see it, in a word; with a question mark where nobody can tell.
    #[must_use]
    pub fn privacy(&self) -> &'static str {
        match self.unreadable.judged("hidden", self.hidden) {
            Some(true) => "private",
            Some(false) => PUBLIC,
            None => "private?",
        }
    }
}

/// Comments asked for per page; the server's own 10 would cost a second round trip on most tickets.
const PER_PAGE: u32 = 100;

/// `GET /tickets/{id}/comments`: all comments, newest first. The ticket's own page may hold only the first one.
#[must_use]
pub fn of_ticket(id: TicketId) -> List<Comment> {
    paged(id, PER_PAGE)
}

/// `GET /tickets/{id}/comments`: the newest comment, and no more.
#[must_use]
pub fn newest(id: TicketId) -> List<Comment> {
    paged(id, 1).enough(1)
}

/// So many pages of the comments of all tickets at most: a server that does not know the filter gives everybody's.
const PAGES: u64 = 20;

/// `GET /ticket_comments`: the comments of one ticket, from the list of all of them. Not every account has it.
#[must_use]
pub fn among_all(id: TicketId) -> List<Comment> {
    let list = COMMENTS.list().asking("per_page", PER_PAGE).unless_longer_than(PAGES);
    list.filter("ticket_id", Some(id), move |one: &Comment| one.ticket_id == Some(id))
}

/// `GET /ticket_comments`: the comments of all tickets, as long pages as there are.
#[cfg(feature = "offline")]
#[must_use]
pub fn everywhere<T>() -> List<T> {
    COMMENTS.list().asking("per_page", PER_PAGE)
}

fn paged(id: TicketId, per_page: u32) -> List<Comment> {
    List::new(TICKETS.below(id, "comments"), "comments")
        .asking("sort_direction", "DESC")
        .asking("per_page", per_page)
}

/// What adds a comment to a ticket.
pub const ADD: &str = "comment";

/// What a new comment says and who gets to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComment {
    /// Its headline; required.
    pub subject: String,
    /// Its text, lines ending in `<br>`; required.
    pub body: String,
    /// Whether the customer cannot see it.
    pub hidden: bool,
    /// Whether no mail goes out.
    pub do_not_email: bool,
    /// The name that it is shown under, where it is not the key's owner's.
    pub tech: Option<String>,
}

/// `POST /tickets/{id}/comment`, flat: wrapped in `comment` the server finds no body (422). `ticket` is an id, or what
/// stands for it until it is known.
#[must_use]
pub fn create(ticket: impl std::fmt::Display, comment: &NewComment) -> Write {
    let mut body = json!({
        "subject": comment.subject,
        "body": comment.body,
        "hidden": comment.hidden,
        "do_not_email": comment.do_not_email,
    });
    if let Some(tech) = &comment.tech {
        body["tech"] = json!(tech);
    }
    TICKETS.act(ticket, ADD, body)
}
