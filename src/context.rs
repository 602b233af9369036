//! What a command gets: settings, the terminal, interrupts, and the API's reader and sender, built when first used.

#[cfg(feature = "offline")]
mod mirror;
mod prompt;
mod show;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use jiff::{Timestamp, Zoned};
use serde_json::Value;
use url::Url;

use crate::account::{Absent, AccountCache, TicketNumbers};
use crate::api::pace::Pace;
use crate::api::resources::users::Me;
use crate::api::{ApiKey, Connection, Kept, Observer, Reader, Sender, Transport};
use crate::config::{Overrides, Settings, sandbox_wanted, subdomain};
use crate::error::{Error, Kind, Result};
use crate::output::Output;
use crate::render::outcome_json::several_json;
use crate::sandbox;
use crate::texts::{Place, Texts};
use crate::ui::{Interrupts, Ui};
use crate::write::{Account, Journals};

/// What the global flags say of how a command runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run {
    /// `--json`.
    pub json: bool,
    /// `--yes`.
    pub yes: bool,
    /// `--dry-run`.
    pub dry_run: bool,
    /// Whether the command shows amounts or judges times, which are the account's own.
    pub needs_facts: bool,
    /// `--offline`.
    pub offline: bool,
}

/// What a command gets that runs without settings: it is there to make them, or to say what is wrong with them.
pub struct Start {
    /// The terminal.
    pub ui: Ui,
    /// How to run.
    pub run: Run,
    /// In which form the answer is printed.
    pub output: Rc<Output>,
    /// Whether Ctrl-C was pressed.
    pub interrupts: Interrupts,
    /// What a person wrote in this run.
    pub texts: Rc<Texts>,
    /// What the global flags say of the settings.
    pub overrides: Overrides,
    /// Whether the command itself says what is unfinished.
    pub tells_pending: Rc<Cell<bool>>,
}

impl Start {
    /// The settings that the flags and the environment choose: the practice server's, or the account's.
    ///
    /// # Errors
    /// Exit 10, naming file and field.
    pub fn settings(&self) -> Result<Settings> {
        settings_of(&self.overrides)
    }

    /// A context over checked settings. Nothing is opened or sent.
    #[must_use]
    pub fn context(&self, settings: Settings) -> Context {
        Context {
            ui: self.ui.clone(),
            run: self.run,
            output: Rc::clone(&self.output),
            settings,
            interrupts: self.interrupts.clone(),
            texts: Rc::clone(&self.texts),
            transport: OnceCell::new(),
            sandbox: OnceCell::new(),
            facts: OnceCell::new(),
            answers: RefCell::default(),
            is_unconfirmed: Cell::new(false),
            tells_pending: Rc::clone(&self.tells_pending),
            kept: OnceCell::new(),
        }
    }

    /// Prints JSON, filtered where that was asked for.
    ///
    /// # Errors
    /// When stdout cannot be written, or the filter stops with an error.
    pub fn json(&self, value: &Value) -> Result<()> {
        self.output.json(&self.ui, value)
    }

    /// Runs a prompt on a thread of its own, as [`Context::blocking`] does.
    ///
    /// # Errors
    /// Those of the prompt.
    pub async fn blocking<R: Send + 'static>(
        &self,
        prompt: impl FnOnce(&Ui) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        prompt::blocking(&self.ui, &self.interrupts, prompt).await
    }
}

/// Everything a command needs.
pub struct Context {
    ui: Ui,
    run: Run,
    output: Rc<Output>,
    settings: Settings,
    interrupts: Interrupts,
    texts: Rc<Texts>,
    transport: OnceCell<Arc<Transport>>,
    sandbox: OnceCell<sandbox::Server>,
    facts: OnceCell<AccountCache>,
    answers: RefCell<Vec<Value>>,
    /// Whether the command needs a confirmation that nobody can give.
    is_unconfirmed: Cell<bool>,
    /// Whether the command itself says what is unfinished.
    tells_pending: Rc<Cell<bool>>,
    /// What is kept of the account, where the command shows that and asks nobody.
    kept: OnceCell<Arc<dyn Kept>>,
}

impl Context {
    /// The terminal.
    #[must_use]
    pub const fn ui(&self) -> &Ui {
        &self.ui
    }

    /// How to run.
    #[must_use]
    pub const fn how(&self) -> Run {
        self.run
    }

    /// In which form the answer is printed.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Prints a read's JSON, filtered where that was asked for.
    ///
    /// # Errors
    /// When stdout cannot be written, or the filter stops with an error.
    pub fn json(&self, value: &Value) -> Result<()> {
        self.output.json(&self.ui, value)
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether Ctrl-C was pressed, and the wait for it.
    #[must_use]
    pub const fn interrupts(&self) -> &Interrupts {
        &self.interrupts
    }

    /// Whether this is the practice server.
    #[must_use]
    pub const fn is_sandbox(&self) -> bool {
        self.settings.sandbox_dir.is_some()
    }

    /// Has the command end before its first request: nobody can confirm what it would write. What is wrong with its values is
    /// said before that.
    pub fn cannot_confirm(&self) {
        self.is_unconfirmed.set(true);
    }

    /// Has the command's end say nothing of unfinished writes: it has named one, and what finishes it.
    pub fn told_pending(&self) {
        self.tells_pending.set(true);
    }

    /// Whether that is so.
    #[must_use]
    pub fn has_told_pending(&self) -> bool {
        self.tells_pending.get()
    }

    /// That somebody can confirm what the command would write, or it writes nothing.
    ///
    /// # Errors
    /// Exit 2 without terminal, `--yes` and `--dry-run`.
    pub fn confirmable(&self) -> Result<()> {
        if !self.is_unconfirmed.get() {
            return Ok(());
        }
        Err(Error::unconfirmed().nothing_sent())
    }

    /// The reader. What the command needs of the account's settings travels beside its first read.
    ///
    /// # Errors
    /// Exit 10 when key or address are missing or wrong; those of [`Context::confirmable`].
    pub fn reader(&self) -> Result<Reader> {
        self.confirmable()?;
        let reader = self.transport().map(Reader::new)?.remembering(Arc::new(self.absent()?));
        let facts = self.account_facts()?;
        Ok(if self.run.needs_facts { facts.beside(reader) } else { reader })
    }

    /// The account's currency, zone and business hours, as far as they are known.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn account_facts(&self) -> Result<&AccountCache> {
        if let Some(facts) = self.facts.get() {
            return Ok(facts);
        }
        let cache = AccountCache::new(&self.settings.state_dir, &self.whose()?);
        let cache = if self.run.offline { cache.unkept() } else { cache };
        Ok(self.facts.get_or_init(|| cache))
    }

    /// Learns how the account writes dates, unless it is known.
    ///
    /// # Errors
    /// Exit 10 when key or address are missing or wrong.
    pub async fn learn_dates(&self) -> Result<()> {
        let facts = self.account_facts()?;
        if facts.get().is_none() {
            let reader = match self.run.offline {
                true => self.reader_to_show()?,
                false => self.transport().map(Reader::new)?,
            };
            facts.beside(reader).settings_beside().await;
        }
        Ok(())
    }

    /// The present, as [`Reader::now`] has it: ages are those of the server, whatever this machine's clock says.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let transport = self.transport.get();
        transport.map_or_else(Timestamp::now, |there| Reader::new(Arc::clone(there)).now())
    }

    /// The same as people read it: in the zone that is configured.
    #[must_use]
    pub fn present(&self) -> Zoned {
        self.now().to_zoned(self.settings.timezone.clone())
    }

    /// The sender. It sends nothing without a permit.
    ///
    /// # Errors
    /// As [`Context::reader`].
    pub fn sender(&self) -> Result<Sender> {
        self.transport().map(Sender::new)
    }

    fn transport(&self) -> Result<Arc<Transport>> {
        if let Some(transport) = self.transport.get() {
            return Ok(Arc::clone(transport));
        }
        if self.run.offline {
            return Err(not_offline());
        }
        let settings = &self.settings;
        let connection = Connection {
            base: self.base()?,
            key: settings.key.read()?,
            auth: settings.auth,
            ca_file: settings.ca_file.clone(),
            extra_ca: settings.extra_ca.clone(),
            timeout: settings.write.timeout,
            pace: self.pace(),
        };
        let observer: Arc<dyn Observer> = Arc::new(self.ui.clone());
        let transport = Arc::new(Transport::new(connection, observer)?);
        Ok(Arc::clone(self.transport.get_or_init(|| transport)))
    }

    /// The rate window and where it is kept.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let settings = &self.settings;
        Pace {
            dir: settings.state_dir.join("pace"),
            requests: settings.rate.requests,
            per: settings.rate.per,
        }
    }

    /// Where the API is; in the sandbox, its server is started for it.
    ///
    /// # Errors
    /// Exit 10 when no address is configured, exit 1 when the sandbox cannot be started.
    pub fn base(&self) -> Result<Url> {
        let Some(dir) = &self.settings.sandbox_dir else {
            return self.settings.base.clone().ok_or_else(no_account);
        };
        if self.sandbox.get().is_none() {
            let server = sandbox::start(sandbox::Options::new(dir.clone())).map_err(|error| {
                Error::new(Kind::Failure, format!("cannot start the sandbox: {error}"))
                    .next("sandbox reset", "reset it")
            })?;
            // Somebody else cannot have set it: this is the only thread that does.
            self.sandbox
                .set(server)
                .map_err(|_| Error::new(Kind::Failure, "the sandbox was started twice"))?;
        }
        let base = self.sandbox.get().map(sandbox::Server::base_url).unwrap_or_default();
        base.parse().map_err(|error| {
            Error::new(Kind::Failure, format!("the sandbox's address {base} is wrong: {error}"))
        })
    }

    /// The API's place, by which pacing, locks and remembered numbers are kept; the sandbox's port changes and is left
    /// out.
    ///
    /// # Errors
    /// Exit 10 when no address is configured.
    pub fn host(&self) -> Result<String> {
        if self.is_sandbox() {
            return Ok("sandbox".to_owned());
        }
        self.base().map(|base| subdomain::place_name(&base))
    }

    /// Host and profile, by which what is remembered of an account is kept.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn whose(&self) -> Result<String> {
        let host = self.host()?;
        Ok(match &self.settings.profile {
            Some(profile) => format!("{host}-{profile}"),
            None => host,
        })
    }

    /// The account that a plan is for.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn account(&self, me: &Me) -> Result<Account> {
        Ok(Account {
            base: self.base_name()?,
            profile: self.settings.profile.clone(),
            owner: me.user_id,
            owner_name: me.user_name.clone(),
            owner_email: me.user_email.clone(),
            config: self.settings.config.clone(),
        })
    }

    /// As [`Settings::program`].
    #[must_use]
    pub fn program(&self) -> String {
        self.settings.program()
    }

    /// The account's address as plans keep it.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn base_name(&self) -> Result<String> {
        self.settings.base_name().ok_or_else(no_account)
    }

    /// The journal.
    #[must_use]
    pub fn journals(&self) -> Journals {
        Journals::new(&self.settings.state_dir)
    }

    /// What a person wrote in this run.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Where a text waits that was written for `command` and a record of this id.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn place(&self, command: &str, id: u64) -> Result<Place> {
        Ok(Place::new(&self.settings.state_dir, &self.whose()?, command, id))
    }

    /// The remembered ticket numbers.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn ticket_numbers(&self) -> Result<TicketNumbers> {
        let numbers = TicketNumbers::new(&self.settings.state_dir, &self.host()?);
        Ok(if self.run.offline { numbers.unkept() } else { numbers })
    }

    /// The lists that the account does not have.
    ///
    /// # Errors
    /// As [`Context::host`].
    fn absent(&self) -> Result<Absent> {
        Ok(Absent::new(&self.settings.state_dir, &self.whose()?))
    }

    /// Keeps what a plan became for `--json`, which prints one object however many plans there were.
    pub fn answer(&self, answer: Value) {
        if self.run.json {
            self.answers.borrow_mut().push(answer);
        }
    }

    /// Adds what came after the latest plan to what is kept of it.
    pub fn answer_also(&self, member: &str, value: Value) {
        if let Some(answer) = self.answers.borrow_mut().last_mut() {
            answer[member] = value;
        }
    }

    /// How many plans have been answered for.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.answers.borrow().len()
    }

    /// Prints what was kept, if anything was.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn print_answers(&self) -> Result<()> {
        let mut answers = self.answers.take();
        let mut answer = match answers.len() {
            0 => return Ok(()),
            1 => answers.remove(0),
            _ => several_json(answers, self.is_sandbox()),
        };
        // Who reads the answer sees all that was warned of on stderr.
        if let Some(warnings) = answer["warnings"].as_array_mut() {
            for warning in self.ui.warned().into_iter().map(Value::String) {
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
        self.output.outcome(&self.ui, &answer)
    }

    /// Runs a prompt on a thread of its own: connections must be looked after while a person thinks, or the first
    /// write would go out on one that the server has closed meanwhile.
    ///
    /// # Errors
    /// Those of the prompt.
    pub async fn blocking<R: Send + 'static>(
        &self,
        prompt: impl FnOnce(&Ui) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        prompt::blocking(&self.ui, &self.interrupts, prompt).await
    }
}

/// The error of what only Syncro knows.
fn not_offline() -> Error {
    Error::new(Kind::NotFound, "this is not in the mirror: only Syncro has it")
}

fn no_account() -> Error {
    Error::configuration("no subdomain is configured")
}

/// The settings that flags and environment choose: the practice server's, or the account's.
///
/// # Errors
/// Exit 10, naming file and field.
pub fn settings_of(overrides: &Overrides) -> Result<Settings> {
    if sandbox_wanted(overrides.sandbox)? {
        return Settings::sandbox(sandbox::config(), ApiKey::new(sandbox::KEY));
    }
    Settings::load(overrides)
}
