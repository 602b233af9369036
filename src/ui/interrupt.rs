//! Ctrl-C: the first asks for an end after the step in flight, the second for one at once; so does another signal that ends
//! programs, but at a prompt, which it ends as Ctrl-C does. Nothing here ends the process: whoever runs the command looks
//! and decides.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
#[cfg(unix)]
use std::time::Duration;

use console::Term;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{oneshot, watch};

use super::terminal::{Modal, Ui};

/// How often a person has asked for an end, and whether something is under way that should be finished first. Cheap to
/// clone.
#[derive(Debug, Clone)]
pub struct Interrupts {
    count: watch::Receiver<u32>,
    held: Held,
    /// Whether something was under way that has an answer to Ctrl-C.
    begun: Arc<AtomicBool>,
}

/// What is under way, innermost last: what the first Ctrl-C is answered with.
#[derive(Debug, Clone, Default)]
struct Held(Arc<Mutex<Vec<&'static str>>>);

impl Held {
    fn list(&self) -> MutexGuard<'_, Vec<&'static str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While one of these lives the first Ctrl-C only asks.
#[derive(Debug)]
#[must_use = "Ctrl-C ends the program at once when this is dropped"]
pub struct Hold(Held);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.list().pop();
    }
}

impl Interrupts {
    /// Watches for Ctrl-C from now on. Must be called within a runtime.
    #[must_use]
    pub fn install(ui: &Ui) -> Self {
        let (sender, count) = watch::channel(0);
        let held = Held::default();
        #[cfg(unix)]
        watch_endings(ui, &sender);
        let (ui, holds) = (ui.clone(), held.clone());
        // Now, not when the task first runs: the line editor puts back after a line what it has found before it, which
        // would end the program at the next Ctrl-C, whatever is under way.
        if let Ok(mut typed) = ctrl_c() {
            tokio::spawn(async move {
                while typed.recv().await.is_some() {
                    let says = holds.list().last().copied();
                    note(&ui, &sender, says);
                }
            });
        }
        Self { count, held, begun: Arc::default() }
    }

    /// One that nobody interrupts.
    #[must_use]
    pub fn never() -> Self {
        let count = watch::channel(0).1;
        let held = Held::default();
        Self { count, held, begun: Arc::default() }
    }

    /// Makes the first Ctrl-C ask only, until the hold is dropped; it is answered with `says`, if that is anything.
    pub fn hold(&self, says: &'static str) -> Hold {
        if !says.is_empty() {
            self.begun.store(true, Ordering::SeqCst);
        }
        self.held.list().push(says);
        Hold(self.held.clone())
    }

    /// Whether something was under way until now that has an answer to Ctrl-C: writes.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::SeqCst)
    }

    /// Says whether that has left anything, where it is known by now.
    pub fn set_begun(&self, begun: bool) {
        self.begun.store(begun, Ordering::SeqCst);
    }

    /// Whether an end was asked for: begin no new step.
    #[must_use]
    pub fn requested(&self) -> bool {
        *self.count.borrow() >= 1
    }

    /// Ends at the first Ctrl-C, or at once when there was one.
    pub async fn wait(&self) {
        self.reached(1).await;
    }

    /// Ends when the program should end at once: at the first Ctrl-C while nothing is held, else at the second; `true`
    /// where something was under way that has an answer to Ctrl-C.
    pub async fn at_once(&self) -> bool {
        self.reached(1).await;
        if !self.held.list().is_empty() {
            self.reached(AT_ONCE).await;
        }
        self.held.list().iter().any(|says| !says.is_empty())
    }

    async fn reached(&self, wanted: u32) {
        let mut receiver = self.count.clone();
        // Without a sender nobody will ever ask.
        if receiver.wait_for(|count| *count >= wanted).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn ctrl_c() -> io::Result<Signal> {
    signal(SignalKind::interrupt())
}

#[cfg(not(unix))]
fn ctrl_c() -> io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}

/// So often Ctrl-C asks for an end at once, whatever is held.
const AT_ONCE: u32 = 2;

/// Listens for the signals that end programs: what a person has typed is kept then, and the terminal put in order. Only
/// where somebody types: elsewhere they end the program by themselves, and who has them ignored, as nohup does, is not
/// overruled. On Windows a console that closes ends no prompt, and leaves no time to.
#[cfg(unix)]
fn watch_endings(ui: &Ui, sender: &watch::Sender<u32>) {
    if !ui.is_interactive() {
        return;
    }
    for (kind, code) in ENDINGS {
        let Ok(mut signals) = signal(kind) else {
            continue;
        };
        let (ui, sender) = (ui.clone(), sender.clone());
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                ui.0.ending.get_or_init(|| code);
                end(&ui, &sender).await;
            }
        });
    }
}

/// The signals that end programs, and the exit code of each.
#[cfg(unix)]
const ENDINGS: [(SignalKind, u8); 2] =
    [(SignalKind::hangup(), 129), (SignalKind::terminate(), 143)];

/// Ends once a signal came that ends programs, where somebody types.
async fn ended(ui: &Ui) {
    #[cfg(unix)]
    if ui.is_interactive()
        && let [Ok(mut first), Ok(mut second)] = ENDINGS.map(|(kind, _)| signal(kind))
    {
        let code = tokio::select! {
            Some(()) = first.recv() => ENDINGS[0].1,
            Some(()) = second.recv() => ENDINGS[1].1,
            else => return,
        };
        ui.0.ending.get_or_init(|| code);
        return;
    }
    let _ = ui;
    std::future::pending::<()>().await;
}

/// Ends what reads from the terminal, or else the program.
#[cfg(unix)]
async fn end(ui: &Ui, sender: &watch::Sender<u32>) {
    use nix::sys::signal::{Signal, kill};
    // The prompt tells what stood in its line, as when somebody interrupts it from outside. One that does not read yet, as
    // after an editor, hears nothing of the first time.
    let mut asked = false;
    while ui.modal() == Modal::Prompt && kill(nix::unistd::Pid::this(), Signal::SIGINT).is_ok() {
        asked = true;
        tokio::time::sleep(AGAIN).await;
    }
    if !asked {
        sender.send_modify(|count| *count = count.saturating_add(AT_ONCE));
    }
}

/// After so long a prompt that is still there is asked to end again.
#[cfg(unix)]
const AGAIN: Duration = Duration::from_millis(100);

/// Does what waits for nothing, so that nobody else can look for Ctrl-C meanwhile, or for another signal that ends
/// programs; `true` is set when one comes.
pub fn watched<T>(ui: &Ui, work: impl FnOnce(&AtomicBool) -> T) -> T {
    let asked = Arc::new(AtomicBool::new(false));
    let (heard, ui) = (Arc::clone(&asked), ui.clone());
    let listens = async move {
        tokio::select! {
            Ok(()) = tokio::signal::ctrl_c() => {}
            () = ended(&ui) => {}
        }
        heard.store(true, Ordering::Relaxed);
    };
    beside(listens, || work(&asked))
}

/// Waits for another program that has the terminal, and ends it where a signal comes that ends this one.
pub(super) fn with_program<T>(ui: &Ui, id: u32, work: impl FnOnce() -> T) -> T {
    let ui = ui.clone();
    let listens = async move {
        ended(&ui).await;
        terminate(id);
    };
    beside(listens, work)
}

/// Does something while `listens` does, on a thread of its own.
fn beside<T>(listens: impl Future<Output = ()> + Send + 'static, work: impl FnOnce() -> T) -> T {
    let (done, over) = oneshot::channel::<()>();
    // Without a thread or its runtime the work is only not interrupted.
    drop(thread::Builder::new().spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            tokio::select! {
                () = listens => {}
                _ = over => {}
            }
        });
    }));
    let result = work();
    drop(done);
    result
}

#[cfg(unix)]
fn terminate(id: u32) {
    use nix::sys::signal::{Signal, kill};
    if let Ok(id) = i32::try_from(id) {
        kill(nix::unistd::Pid::from_raw(id), Signal::SIGTERM).unwrap_or_default();
    }
}

#[cfg(not(unix))]
const fn terminate(_id: u32) {}

/// Counts one Ctrl-C and says what it does; `held` is what is under way.
fn note(ui: &Ui, sender: &watch::Sender<u32>, held: Option<&str>) {
    // An editor handles its own Ctrl-C; the terminal sends the signal to both.
    if ui.modal() == Modal::Editor {
        return;
    }
    let before = *sender.borrow();
    // A prompt that is asked to end more than once is one that ends, and may keep what stands in its line.
    if before > 0 && ui.ended_by().is_some() && ui.modal() == Modal::Prompt {
        return;
    }
    match held {
        Some(says) if before == 0 => {
            if !says.is_empty() && ui.modal() == Modal::Nothing {
                ui.preview(says);
            }
        }
        _ => {
            ui.clear_status();
            if ui.0.terminal.stderr {
                drop(Term::stderr().show_cursor());
            }
        }
    }
    sender.send_replace(before.saturating_add(1));
}

/// Interrupts that a test makes.
#[cfg(test)]
pub(super) mod counted {
    use super::*;

    /// None so far, and what counts them.
    pub(in super::super) fn interrupts() -> (Interrupts, watch::Sender<u32>) {
        let (sender, count) = watch::channel(0);
        (Interrupts { count, ..Interrupts::never() }, sender)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::super::{UiFlags, testing};
    use super::counted::interrupts;
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test(flavor = "current_thread")]
    async fn while_held_the_first_asks_and_the_second_forces() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, sender) = interrupts();
        let _hold = interrupts.hold("finishing");
        assert!(!interrupts.requested());
        assert!(timeout(SOON, interrupts.wait()).await.is_err());
        note(&ui, &sender, Some("finishing"));
        assert!(interrupts.requested());
        timeout(SOON, interrupts.wait()).await.unwrap();
        assert!(timeout(SOON, interrupts.at_once()).await.is_err());
        note(&ui, &sender, Some("finishing"));
        assert!(timeout(SOON, interrupts.at_once()).await.unwrap());
        assert_eq!(err.text().matches("finishing").count(), 1);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn with_nothing_under_way_the_first_ends_it() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, sender) = interrupts();
        drop(interrupts.hold("finishing"));
        note(&ui, &sender, None);
        timeout(SOON, interrupts.at_once()).await.unwrap();
        assert_eq!(err.text(), "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_editor_keeps_its_ctrl_c() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, sender) = interrupts();
        let guard = ui.enter(Modal::Editor);
        note(&ui, &sender, Some("finishing"));
        drop(guard);
        assert!(!interrupts.requested());
        assert_eq!(err.text(), "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn after_ctrl_c_at_a_prompt_its_signal_counts_without_words() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &["^C"]);
        let (interrupts, sender) = interrupts();
        let _hold = interrupts.hold("");
        assert!(ui.ask_yes("Send?", false).is_err());
        let asked = err.text();
        note(&ui, &sender, Some(""));
        assert!(interrupts.requested());
        assert_eq!(err.text(), asked);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn nobody_interrupts_never() {
        let interrupts = Interrupts::never();
        assert!(timeout(SOON, interrupts.wait()).await.is_err());
    }
}
