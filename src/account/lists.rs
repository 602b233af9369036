//! The account's own lists: statuses, types, priorities, users. Both GETs at once, and then a day without any: the lists
//! are kept in the state folder, and read again before a word is called unknown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cache::{self, CacheFile};
use crate::api::ids::{AppointmentTypeId, TicketTypeId, UserId};
use crate::api::resources::settings::{self, AccountSettings, Named, TicketSettings};
use crate::api::{Error as ApiError, Reader, Record};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::Names;
use crate::operations::choice::choice;

/// Which list a word is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// A ticket's status.
    Status,
    /// A ticket's priority.
    Priority,
    /// A ticket's `problem_type`.
    IssueType,
    /// A ticket's type.
    TicketType,
    /// An appointment's type.
    AppointmentType,
    /// An asset's type.
    AssetType,
}

impl Which {
    /// What a person calls an entry of it.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Priority => "priority",
            Self::IssueType => "issue type",
            Self::TicketType => "ticket type",
            Self::AppointmentType => "appointment type",
            Self::AssetType => "asset type",
        }
    }
}

/// The account's lists, kept or just read.
#[derive(Debug, Clone)]
pub struct Lists {
    words: Words,
    /// Whether they may be out of date.
    kept: bool,
    refused: Refused,
}

/// Which of the two GETs the key may not make.
#[derive(Debug, Clone, Copy, Default)]
struct Refused {
    tickets: bool,
    account: bool,
}

/// Says of a word that it is taken as it was typed, since the key may not read those of the account.
pub(super) fn warn_unchecked(ctx: &Context, what: &str, typed: &str) {
    let text = format!(
        "the {what} \"{typed}\" cannot be checked: the API key cannot read the account's settings (403)"
    );
    // Whoever is asked about the same word again knows it.
    if !ctx.ui().warned().contains(&text) {
        ctx.ui().warn(&text);
    }
}

/// What the two GETs said.
type Answers = (Result<Record<TicketSettings>, ApiError>, Result<AccountSettings, ApiError>);

/// What is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Words {
    read_at: Timestamp,
    statuses: Option<Vec<String>>,
    priorities: Option<Vec<String>>,
    issue_types: Option<Vec<String>>,
    ticket_types: Vec<Named<TicketTypeId>>,
    appointment_types: Vec<Named<AppointmentTypeId>>,
    asset_types: Vec<String>,
    users: Vec<Named<UserId>>,
}

impl Lists {
    /// The lists as kept, or as the account has them now.
    ///
    /// # Errors
    /// Those of the two GETs; one that the key may not make leaves its lists empty.
    pub async fn read(ctx: &Context, reader: &Reader) -> Result<Self> {
        match Self::kept(ctx) {
            Some(kept) => Ok(kept),
            None => {
                // What travels beside the first read of this command is not asked for twice.
                let account = async {
                    match reader.settings_beside().await {
                        Some(settings) => Ok(settings.clone()),
                        None => reader.get(settings::account()).await.map(|record| record.view),
                    }
                };
                Self::of(ctx, tokio::join!(reader.get(settings::tickets()), account))
            }
        }
    }

    /// The lists as kept, without a request.
    #[must_use]
    pub fn kept(ctx: &Context) -> Option<Self> {
        let kept: Option<Words> = file(ctx).ok()?.read();
        let words = kept.filter(|words| cache::is_young(words.read_at))?;
        Some(Self { words, kept: true, refused: Refused::default() })
    }

    /// The lists as the account has them now.
    ///
    /// # Errors
    /// As for [`Lists::read`].
    pub async fn fresh(ctx: &Context, reader: &Reader) -> Result<Self> {
        let account = async { reader.get(settings::account()).await.map(|record| record.view) };
        Self::of(ctx, tokio::join!(reader.get(settings::tickets()), account))
    }

    fn of(ctx: &Context, (tickets, account): Answers) -> Result<Self> {
        let tickets = tickets.map(|record| record.view);
        let (tickets, account) = match (allowed(tickets), allowed(account)) {
            (Err(error), _) | (_, Err(error)) => return Err(error.into()),
            (Ok((None, Some(why))), Ok((None, _))) => return Err(why.into()),
            (Ok((tickets, _)), Ok((account, _))) => (tickets, account),
        };
        let refused = Refused { tickets: tickets.is_none(), account: account.is_none() };
        let whole = !refused.tickets && !refused.account;
        if let Some(account) = &account {
            ctx.account_facts()?.keep(account);
        }
        let words = Words::of(tickets, account);
        // Half a set would be asked for again anyway.
        if whole {
            file(ctx)?.write(&words);
        }
        Ok(Self { words, kept: false, refused })
    }

    /// Whether they may be out of date.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        self.kept
    }

    /// Whether the key may not read a list: a word of it is not checked.
    #[must_use]
    pub const fn hides(&self, which: Which) -> bool {
        match which {
            Which::Status | Which::TicketType | Which::AppointmentType => self.refused.tickets,
            Which::Priority | Which::IssueType | Which::AssetType => self.refused.account,
        }
    }

    /// What ids are called, and the words.
    #[must_use]
    pub fn as_names(&self) -> Names {
        let words = &self.words;
        let users = words.users.iter().map(|one| (one.id, one.name.clone()));
        let appointments = words.appointment_types.iter().map(|one| (one.id, one.name.clone()));
        let tickets = words.ticket_types.iter().map(|one| (one.id, one.name.clone()));
        Names {
            users: users.collect(),
            appointment_types: appointments.collect(),
            ticket_types: tickets.collect(),
            statuses: self.names(Which::Status),
            priorities: self.names(Which::Priority),
            issue_types: self.names(Which::IssueType),
        }
    }

    /// The entries of a list, as people read them.
    #[must_use]
    pub fn names(&self, which: Which) -> Vec<String> {
        let words = &self.words;
        match which {
            Which::Status => words.statuses.clone().unwrap_or_default(),
            Which::Priority => filled(words.priorities.as_deref()),
            Which::IssueType => filled(words.issue_types.as_deref()),
            Which::TicketType => offered(&words.ticket_types),
            Which::AppointmentType => offered(&words.appointment_types),
            Which::AssetType => filled(Some(&words.asset_types)),
        }
    }

    /// The entry that was meant, as [`choice`] finds it; what is not in a kept list is looked for in the account's own.
    ///
    /// # Errors
    /// Exit 2 for a word that the account does not have.
    pub async fn choose(
        &mut self,
        ctx: &Context,
        reader: &Reader,
        which: Which,
        typed: &str,
    ) -> Result<String> {
        let mut found = self.chosen(which, typed);
        if found.is_err() && self.kept {
            *self = Self::fresh(ctx, reader).await?;
            found = self.chosen(which, typed);
        }
        if found.is_ok() && self.hides(which) {
            warn_unchecked(ctx, which.what(), typed);
        }
        found
    }

    fn chosen(&self, which: Which, typed: &str) -> Result<String> {
        let words = &self.words;
        let unread = match which {
            Which::Status if words.statuses.is_none() => settings::tickets().path().to_owned(),
            Which::Priority if words.priorities.is_none() => settings::account().path().to_owned(),
            Which::IssueType if words.issue_types.is_none() => {
                settings::account().path().to_owned()
            }
            _ => return choice(which.what(), typed, &self.names(which)),
        };
        let what = which.what();
        let text = format!(
            "GET {unread}: no {what} of the account can be read, so \"{typed}\" may be none"
        );
        Err(Error::new(Kind::Unavailable, text).nothing_written())
    }

    /// A ticket type by name or id: what is sent, and what is shown.
    ///
    /// # Errors
    /// As for [`Lists::choose`].
    pub async fn ticket_type(
        &mut self,
        ctx: &Context,
        reader: &Reader,
        typed: &str,
    ) -> Result<(TicketTypeId, String)> {
        let which = Which::TicketType;
        if let Some(found) = by_id(&self.words.ticket_types, typed, |id| id.0) {
            return Ok(found);
        }
        let name = self.choose(ctx, reader, which, typed).await?;
        by_name(&self.words.ticket_types, &name).ok_or_else(|| none_known(which, typed))
    }

    /// An appointment type by name or id: what is sent, and what is shown.
    ///
    /// # Errors
    /// As for [`Lists::choose`].
    pub async fn appointment_type(
        &mut self,
        ctx: &Context,
        reader: &Reader,
        typed: &str,
    ) -> Result<(AppointmentTypeId, String)> {
        let which = Which::AppointmentType;
        if let Some(found) = by_id(&self.words.appointment_types, typed, |id| id.0) {
            return Ok(found);
        }
        let name = self.choose(ctx, reader, which, typed).await?;
        by_name(&self.words.appointment_types, &name).ok_or_else(|| none_known(which, typed))
    }

    /// The entry of a list with ids that has this id: the id, and what is shown.
    #[must_use]
    pub fn with_id(&self, which: Which, typed: &str) -> Option<(u64, String)> {
        match which {
            Which::TicketType => {
                by_id(&self.words.ticket_types, typed, |id| id.0).map(|(id, name)| (id.0, name))
            }
            Which::AppointmentType => by_id(&self.words.appointment_types, typed, |id| id.0)
                .map(|(id, name)| (id.0, name)),
            Which::Status | Which::Priority | Which::IssueType | Which::AssetType => None,
        }
    }

    /// The entry of a list with ids that is called so: the id, and what is shown.
    #[must_use]
    pub fn with_name(&self, which: Which, name: &str) -> Option<(u64, String)> {
        match which {
            Which::TicketType => {
                by_name(&self.words.ticket_types, name).map(|(id, name)| (id.0, name))
            }
            Which::AppointmentType => {
                by_name(&self.words.appointment_types, name).map(|(id, name)| (id.0, name))
            }
            Which::Status | Which::Priority | Which::IssueType | Which::AssetType => None,
        }
    }

    /// Who works here.
    #[must_use]
    pub fn users(&self) -> &[Named<UserId>] {
        &self.words.users
    }
}

impl Words {
    fn of(tickets: Option<TicketSettings>, account: Option<AccountSettings>) -> Self {
        let (words, assets) =
            account.map_or((None, None), |account| (account.ticket, account.assets));
        let assets = assets.map_or_else(Vec::new, |assets| assets.asset_types);
        let asset_types = assets.iter().filter_map(|word| word.offered());
        let (priorities, issue_types) = words
            .map_or((Some(Vec::new()), Some(Vec::new())), |words| {
                (words.priorities, words.problem_types)
            });
        let tickets = tickets.unwrap_or(TicketSettings {
            statuses: Some(Vec::new()),
            ticket_types: Vec::new(),
            appointment_types: Vec::new(),
            users: Vec::new(),
            default_labor_product_id: None,
        });
        Self {
            read_at: Timestamp::now(),
            statuses: tickets.statuses,
            priorities,
            issue_types,
            ticket_types: tickets.ticket_types,
            appointment_types: tickets.appointment_types,
            asset_types: asset_types.map(str::to_owned).collect(),
            users: tickets.users,
        }
    }
}

/// The file of this account and profile.
fn file(ctx: &Context) -> Result<CacheFile> {
    let file = CacheFile::new(&ctx.settings().state_dir, "lists", &ctx.whose()?);
    // For a day, writes rest on what is kept here.
    Ok(if ctx.is_offline() { file.unkept() } else { file })
}

/// What may be read; a refusal is kept apart, since one of the two is enough to go on with.
fn allowed<T>(answer: Result<T, ApiError>) -> Result<(Option<T>, Option<ApiError>), ApiError> {
    match answer {
        Ok(view) => Ok((Some(view), None)),
        Err(error @ ApiError::NotAuthorised { .. }) => Ok((None, Some(error))),
        Err(error) => Err(error),
    }
}

fn filled(words: Option<&[String]>) -> Vec<String> {
    let filled = words.into_iter().flatten().filter(|word| !word.trim().is_empty());
    filled.cloned().collect()
}

fn offered<I>(entries: &[Named<I>]) -> Vec<String> {
    let offered = entries.iter().filter(|entry| !entry.disabled);
    offered.map(|entry| entry.name.clone()).collect()
}

fn by_name<I: Copy>(entries: &[Named<I>], name: &str) -> Option<(I, String)> {
    let found = entries.iter().find(|entry| entry.name == name && !entry.disabled)?;
    Some((found.id, found.name.clone()))
}

fn by_id<I: Copy>(
    entries: &[Named<I>],
    typed: &str,
    digits: impl Fn(I) -> u64,
) -> Option<(I, String)> {
    let typed = typed.trim();
    let wanted: u64 = typed.strip_prefix("id:").unwrap_or(typed).parse().ok()?;
    let found = entries.iter().find(|entry| digits(entry.id) == wanted)?;
    Some((found.id, found.name.clone()))
}

/// For an account without such a list: there is no id to send.
fn none_known(which: Which, typed: &str) -> Error {
    let what = which.what();
    Error::usage(format!("there is no {what} \"{typed}\": the account has none"))
}
