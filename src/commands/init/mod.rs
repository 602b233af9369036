//! `syncro init`: asks for account and key, sees with Syncro whose the key is and which products are labor, and writes
//! configuration and key. Every answer is a flag too; a script is asked nothing and gets nothing replaced unforced.

mod key;
mod labor;
mod said;
mod scene;
mod show;

use url::Url;

use crate::config::edit::{Answers, Edited, KeyPlace, edited};
use crate::config::subdomain::{self, Account};
use crate::config::{Environment, Existing, zones};
use crate::context::Start;
use crate::error::{Error, Result};

use self::key::Kept;
use self::scene::{Facts, Scene};

pub use self::scene::InitArgs;

/// Runs `syncro init`.
///
/// # Errors
/// Exit 2 when an answer is missing that nobody can be asked for, 4 for a wrong key, 5 when something would be replaced,
/// 10 when a file cannot be written. Nothing was written then.
pub async fn run(start: &Start, args: &InitArgs) -> Result<()> {
    let scene = Scene::new(start, args)?;
    let account = scene.account().await?;
    let base = scene.base(&account)?;
    let (key, facts) = key::obtain(&scene, &account, &base).await?;
    scene.confirm_owner(&facts).await?;
    let kept = key.keep(&scene, &account)?;
    let answers = scene.answers(account, &kept, &facts).await?;
    let edited = scene.edited(&answers)?;
    let plan = show::Plan {
        scene: &scene,
        base: &base,
        me: &facts.me,
        answers: &answers,
        kept: &kept,
        edited: &edited,
    };
    if start.run.dry_run {
        return plan.dry_run();
    }
    scene.confirm(&plan).await?;
    let (answers, kept) = scene.write(answers, kept, &edited)?;
    show::done(&scene, &facts.me, &answers, &kept)
}

impl<'a> Scene<'a> {
    fn new(start: &'a Start, args: &'a InitArgs) -> Result<Self> {
        let environment = Environment::of_process()?;
        if start.overrides.sandbox || environment.sandbox {
            return Err(
                Error::usage("the practice server needs no setup").hint(
                    "try: syncro --sandbox whoami; to set up an account, run `init` without --sandbox and SYNCRO_SANDBOX",
                ),
            );
        }
        let asks = start.ui.is_interactive() && !start.run.yes;
        if !asks && !start.run.yes && !start.run.dry_run {
            return Err(Error::usage("cannot ask without a terminal").hint(
                "use --yes to write the settings from the flags, or --dry-run to preview them",
            ));
        }
        let before = Existing::find(&start.overrides, &environment)?;
        Ok(Self { start, args, environment, before, asks })
    }

    /// The account: from the flag, the environment, a person, or as it was.
    async fn account(&self) -> Result<Account> {
        if let Some(typed) = &self.args.subdomain {
            return Account::read(typed).map_err(|why| Error::usage(format!("--subdomain {why}")));
        }
        let given = match &self.environment.subdomain {
            Some(typed) => Some(
                Account::read(typed)
                    .map_err(|why| Error::configuration(format!("SYNCRO_SUBDOMAIN {why}")))?,
            ),
            None => self.before.account().cloned(),
        };
        if !self.asks {
            return given.ok_or_else(|| {
                Error::usage("the account is missing")
                    .hint("use --subdomain NAME: acme for acme.syncromsp.com")
            });
        }
        self.start
            .blocking(move |ui| {
                let prompt = "Syncro account, or its address";
                let shown = given.as_ref().map(ToString::to_string);
                ui.input(prompt, shown.as_deref(), |typed| match &given {
                    // The address of one that the configuration names may be any.
                    Some(given) if given.to_string() == typed => Ok(given.clone()),
                    _ => Account::read(typed).map_err(|why| format!("it {why}")),
                })
            })
            .await
    }

    /// The API's base; one that the environment names is asked in the account's stead, and not written down.
    fn base(&self, account: &Account) -> Result<Url> {
        match &self.environment.base_url {
            Some(typed) => {
                let base = subdomain::whole_base(typed)
                    .map_err(|why| Error::configuration(format!("SYNCRO_BASE_URL {why}")))?;
                self.start.ui.note(&format!("note: using {base} from SYNCRO_BASE_URL"));
                Ok(base)
            }
            None => account.base().map_err(|why| Error::usage(format!("--subdomain {why}"))),
        }
    }

    /// Whose the key is, before anything else is asked.
    async fn confirm_owner(&self, facts: &Facts) -> Result<()> {
        let me = &facts.me;
        let owner = format!("{} <{}>", me.user_name, me.user_email);
        if let Some(user) = self.args.user.as_deref().filter(|user| !me.is_named(user)) {
            return Err(Error::refused(format!("the key belongs to {owner}, not to {user}"))
                .nothing_written()
                .hint("create an API token of that user in Syncro, Admin > API Tokens"));
        }
        let text = format!(
            "The key belongs to {owner}, id {}. Everything you do with it is done as that user.",
            me.user_id
        );
        said::preview(&self.start.ui, &text);
        if !self.asks {
            return Ok(());
        }
        let go_on = self.start.blocking(|ui| ui.ask_question("Use this key?"));
        match go_on.await? {
            true => Ok(()),
            false => Err(Error::cancelled()
                .hint("create an API token of your own user in Syncro, Admin > API Tokens")),
        }
    }

    async fn answers(&self, account: Account, kept: &Kept, facts: &Facts) -> Result<Answers> {
        let labor = labor::choose(self, facts).await?;
        let timezone = self.timezone(facts).await?;
        let session_logs = self.session_logs().await?;
        let user = self.args.user.clone().or_else(|| {
            // A name that was written by hand and still fits may stay.
            let fits = self.before.user().is_some_and(|user| facts.me.is_named(user));
            (!fits).then(|| match facts.me.user_email.trim() {
                "" => facts.me.user_name.clone(),
                email => email.to_owned(),
            })
        });
        // A profile has the account of the file unless it names another.
        let account = Some(account).filter(|account| self.before.account() != Some(account));
        Ok(Answers {
            profile: self.before.profile.clone(),
            account,
            key: kept.place.clone(),
            user: user.filter(|user| !user.trim().is_empty()),
            timezone,
            session_logs,
            labor,
        })
    }

    /// The zone; without a flag nobody but a person is asked, and the system's is not written down.
    async fn timezone(&self, facts: &Facts) -> Result<Option<String>> {
        if let Some(typed) = &self.args.timezone {
            return match zones::named(typed) {
                Ok(_) => Ok(Some(typed.clone())),
                Err(near) => {
                    let error = Error::usage(format!("--timezone: {typed:?} is not a time zone"));
                    Err(match near {
                        Some(near) => error.hint(format!("did you mean {near:?}?")),
                        None => error.hint("use one like Europe/Oslo"),
                    })
                }
            };
        }
        if !self.asks || self.before.has_timezone() {
            return Ok(None);
        }
        let system = jiff::tz::TimeZone::system();
        let default = facts
            .zone
            .clone()
            .or_else(|| system.iana_name().map(str::to_owned))
            .unwrap_or_else(|| "UTC".to_owned());
        let zone = self.start.blocking(move |ui| {
            ui.input("Time zone", Some(&default), |typed| match zones::named(typed) {
                Ok(_) => Ok(typed.trim().to_owned()),
                Err(Some(near)) => Err(format!("unknown time zone; did you mean {near}?")),
                Err(None) => Err("use a time zone like Europe/Oslo".to_owned()),
            })
        });
        zone.await.map(Some)
    }

    async fn session_logs(&self) -> Result<Option<String>> {
        let typed = match &self.args.session_logs {
            Some(typed) => typed.clone(),
            None if !self.asks || self.before.has_session_logs() => return Ok(None),
            None => {
                let typed = self.start.blocking(|ui| {
                    ui.input("Folder for session logs (Enter for none)", None, |typed| {
                        Ok(typed.trim().to_owned())
                    })
                });
                typed.await?
            }
        };
        if typed.trim().is_empty() {
            return Ok(None);
        }
        if typed.starts_with('~') {
            return Ok(Some(typed));
        }
        // In the file it would be taken from the file's folder, and here it was typed in another.
        let whole = std::path::absolute(&typed)
            .map_err(|error| Error::usage(format!("--session-logs {typed}: {error}")))?;
        Ok(Some(whole.display().to_string()))
    }

    fn edited(&self, answers: &Answers) -> Result<Edited> {
        let name = self.before.path.display().to_string();
        edited(&name, self.before.text.as_deref(), answers)
    }

    /// Shows everything and asks; in a script only --force replaces.
    async fn confirm(&self, plan: &show::Plan<'_>) -> Result<()> {
        plan.preview()?;
        let replaced = plan.replaced();
        if !self.asks {
            if !replaced.is_empty() && !self.args.force {
                return Err(Error::refused(format!(
                    "this would be replaced: {}",
                    replaced.join(", ")
                ))
                .nothing_written()
                .hint("use --force to replace it, or --profile NAME to add a profile"));
            }
            return Ok(());
        }
        let question = match replaced.is_empty() || self.args.force {
            true => "Write this?",
            false => "Write this and replace the existing settings?",
        };
        match self.start.blocking(move |ui| ui.ask_question(question)).await? {
            true => Ok(()),
            false => Err(Error::cancelled()),
        }
    }

    /// Writes the key first: a configuration must not name a key that is not there.
    fn write(
        &self,
        mut answers: Answers,
        mut kept: Kept,
        edited: &Edited,
    ) -> Result<(Answers, Kept)> {
        let mut text = edited.text.clone();
        let before = kept.place.clone();
        kept.write(self)?;
        if kept.place != before {
            answers.key.clone_from(&kept.place);
            text = self.edited(&answers)?.text;
        }
        if self.before.text.as_deref() != Some(text.as_str()) {
            self.before.write(&text).map_err(|error| match &kept.place {
                Some(KeyPlace::File(_) | KeyPlace::Keyring(_)) => {
                    error.hint("the key has been stored already").next("init", "try again")
                }
                _ => error,
            })?;
        }
        Ok((answers, kept))
    }
}
