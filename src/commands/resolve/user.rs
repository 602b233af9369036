//! A user by id, name, part of a name, `me`, or the mail address of the key's owner: the only one that the list of users
//! leaves to be known.

use std::str::FromStr;

use super::choice::near_misses;
use crate::api::Reader;
use crate::api::ids::UserId;
use crate::api::resources::users::{self, Users};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;

/// A user as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserArg {
    /// The key's owner.
    Me,
    /// A user's id.
    Id(UserId),
    /// A name, part of one, or a mail address.
    Typed(String),
}

impl FromStr for UserArg {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        // Of invisible characters alone, it would be part of every name.
        let text = if names::folded(typed).is_empty() { "" } else { typed.trim() };
        let id = text.strip_prefix("id:").unwrap_or(text);
        if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
            let id = id.parse().map_err(|_| "invalid user id: use digits".to_owned())?;
            return Ok(Self::Id(UserId(id)));
        }
        match text {
            "" => Err("use an id, a name, or `me`".to_owned()),
            text if text.eq_ignore_ascii_case("me") => Ok(Self::Me),
            text => Ok(Self::Typed(text.to_owned())),
        }
    }
}

impl std::fmt::Display for UserArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Me => f.write_str("me"),
            Self::Id(id) => write!(f, "id:{id}"),
            Self::Typed(text) => f.write_str(text),
        }
    }
}

/// The user's id and full name.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when several have that name.
pub async fn user(ctx: &Context, reader: &Reader, typed: &UserArg) -> Result<(UserId, String)> {
    let text = match typed {
        UserArg::Me => {
            let me = reader.get(users::me()).await?.view;
            return Ok((me.user_id, me.user_name));
        }
        UserArg::Typed(text) if text.contains('@') => return by_mail(ctx, reader, text).await,
        UserArg::Id(_) => None,
        UserArg::Typed(text) => Some(text),
    };
    let all = readable(ctx, &reader.get(users::all()).await?.view);
    match (typed, text) {
        (UserArg::Id(id), _) => all
            .iter()
            .find(|(known, _)| known == id)
            .cloned()
            .ok_or_else(|| unknown(&format!("with id {id}"), "", &all)),
        (_, text) => named(text.map_or("", String::as_str), all),
    }
}

/// The users of a list that can be read; one odd entry does not lose the others.
fn readable(ctx: &Context, all: &Users) -> Vec<(UserId, String)> {
    let known = all.known();
    match all.users.len().saturating_sub(known.len()) {
        0 => {}
        1 => ctx.ui().note("skipped a user that cannot be read"),
        more => ctx.ui().note(&format!("skipped {more} users that cannot be read")),
    }
    known
}

async fn by_mail(ctx: &Context, reader: &Reader, mail: &str) -> Result<(UserId, String)> {
    let (me, all) = tokio::try_join!(reader.get(users::me()), reader.get(users::all()))?;
    if me.user_email.trim().eq_ignore_ascii_case(mail) {
        return Ok((me.view.user_id, me.view.user_name));
    }
    let what = format!("with the email address {mail}");
    Err(unknown(&what, "", &readable(ctx, &all))
        .hint("the API shows only your own email address; use an id or a name"))
}

/// By the whole name, else by words that each begin one of its words, else by any part of it.
///
/// # Errors
/// As for [`user`].
pub fn named(typed: &str, all: Vec<(UserId, String)>) -> Result<(UserId, String)> {
    let wanted = names::plain(typed);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let whole = |name: &str| name.split_whitespace().eq(words.iter().copied());
    let begins = |name: &str| {
        let parts: Vec<&str> = name.split_whitespace().collect();
        words.iter().all(|word| parts.iter().any(|part| part.starts_with(word)))
    };
    let holds = |name: &str| name.contains(words.join(" ").as_str());
    let ways: [&dyn Fn(&str) -> bool; 3] = [&whole, &begins, &holds];
    for way in ways {
        let mut found: Vec<&(UserId, String)> =
            all.iter().filter(|(_, name)| way(&names::plain(name))).collect();
        found.dedup_by_key(|(id, _)| *id);
        match found.as_slice() {
            [] => {}
            [one] => return Ok((*one).clone()),
            several => {
                let list: Vec<String> =
                    several.iter().map(|(id, name)| format!("{name} (id {id})")).collect();
                let what = format!("{} users match \"{typed}\"\n{}", list.len(), list.join("\n"));
                return Err(Error::usage(what).hint("use the id or the full name"));
            }
        }
    }
    Err(unknown(&format!("\"{typed}\""), typed, &all))
}

fn unknown(what: &str, typed: &str, all: &[(UserId, String)]) -> Error {
    let names = || all.iter().map(|(_, name)| name.as_str());
    let error = Error::none(format!("user {what}"));
    match near_misses(typed, names()).as_slice() {
        [] => {
            error.hint(format!("users are: {}, and `me`", names().collect::<Vec<_>>().join(", ")))
        }
        near => error.hint(format!("did you mean {}?", near.join(" or "))),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn all() -> Vec<(UserId, String)> {
        [(1, "Robin Ashgrove"), (2, "Rob Ash"), (3, "Ines Okoro"), (4, "Robin Tveit")]
            .map(|(id, name)| (UserId(id), name.to_owned()))
            .into()
    }

    #[test]
    fn names_may_be_shortened_while_they_are_clear() {
        for (typed, id) in [
            ("robin ashgrove", 1),
            ("Rob Ash", 2),
            ("ashg", 1),
            ("ines", 3),
            ("koro", 3),
            ("r tv", 4),
        ] {
            assert_eq!(named(typed, all()).unwrap().0, UserId(id), "{typed}");
        }
        let error = named("robin", all()).unwrap_err();
        assert_eq!(error.kind, Kind::Usage);
        assert_eq!(
            error.message,
            "2 users match \"robin\"\nRobin Ashgrove (id 1)\nRobin Tveit (id 4)"
        );
    }

    #[test]
    fn a_near_miss_is_suggested() {
        let error = named("Inez", all()).unwrap_err();
        assert_eq!(error.kind, Kind::NotFound);
        assert_eq!(error.hint_lines().collect::<Vec<_>>(), ["did you mean Ines Okoro?"]);
        let error = named("zebra", all()).unwrap_err();
        assert_eq!(
            error.hint_lines().collect::<Vec<_>>(),
            ["users are: Robin Ashgrove, Rob Ash, Ines Okoro, Robin Tveit, and `me`"]
        );
    }

    #[test]
    fn me_and_ids_are_no_names() {
        assert_eq!("me".parse(), Ok(UserArg::Me));
        assert_eq!("id:7".parse(), Ok(UserArg::Id(UserId(7))));
        assert_eq!("7".parse(), Ok(UserArg::Id(UserId(7))));
        assert_eq!("Mel".parse(), Ok(UserArg::Typed("Mel".to_owned())));
        assert!(" ".parse::<UserArg>().is_err());
    }
}
