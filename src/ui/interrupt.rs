//! Ctrl-C: the first asks for an end after the step in flight, the second for one at once. Nothing here ends the
//! process: whoever runs the command looks and decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use console::Term;
use tokio::sync::watch;

use super::{Modal, Ui};

/// How often a person has asked for an end, and whether something is under way that should be finished first. Cheap to
/// clone.
#[derive(Debug, Clone)]
pub struct Interrupts {
    count: watch::Receiver<u32>,
    held: Arc<AtomicUsize>,
}

/// While one of these lives the first Ctrl-C only asks: a write is under way.
#[derive(Debug)]
#[must_use = "Ctrl-C ends the program at once when this is dropped"]
pub struct Hold(Arc<AtomicUsize>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Interrupts {
    /// Watches for Ctrl-C from now on. Must be called within a runtime.
    #[must_use]
    pub fn install(ui: &Ui) -> Self {
        let (sender, count) = watch::channel(0);
        let held = Arc::new(AtomicUsize::new(0));
        let (ui, holds) = (ui.clone(), Arc::clone(&held));
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                note(&ui, &sender, holds.load(Ordering::SeqCst) > 0);
            }
        });
        Self { count, held }
    }

    /// One that nobody interrupts.
    #[must_use]
    pub fn never() -> Self {
        Self {
            count: watch::channel(0).1,
            held: Arc::default(),
        }
    }

    /// Makes the first Ctrl-C ask only, until the hold is dropped.
    pub fn hold(&self) -> Hold {
        self.held.fetch_add(1, Ordering::SeqCst);
        Hold(Arc::clone(&self.held))
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

    /// Ends when the program should end at once: at the first Ctrl-C while nothing is held, else at the second.
    pub async fn at_once(&self) {
        self.reached(1).await;
        if self.held.load(Ordering::SeqCst) > 0 {
            self.reached(2).await;
        }
    }

    async fn reached(&self, wanted: u32) {
        let mut receiver = self.count.clone();
        // Without a sender nobody will ever ask.
        if receiver.wait_for(|count| *count >= wanted).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Counts one Ctrl-C and says what it does.
fn note(ui: &Ui, sender: &watch::Sender<u32>, held: bool) {
    // An editor handles its own Ctrl-C; the terminal sends the signal to both.
    if ui.modal() == Modal::Editor {
        return;
    }
    let before = *sender.borrow();
    if before == 0 && held && ui.modal() == Modal::Nothing {
        ui.preview("stopping after the step in flight; Ctrl-C again to stop at once");
    }
    if before == 1 || !held {
        ui.clear_status();
        if ui.0.terminal.stderr {
            drop(Term::stderr().show_cursor());
        }
    }
    sender.send_replace(before.saturating_add(1));
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::super::{UiFlags, testing};
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn interrupts() -> (Interrupts, watch::Sender<u32>) {
        let (sender, count) = watch::channel(0);
        (
            Interrupts {
                count,
                held: Arc::default(),
            },
            sender,
        )
    }

    #[tokio::test(flavor = "current_thread")]
    async fn while_held_the_first_asks_and_the_second_forces() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, sender) = interrupts();
        let _hold = interrupts.hold();
        assert!(!interrupts.requested());
        assert!(timeout(SOON, interrupts.wait()).await.is_err());
        note(&ui, &sender, true);
        assert!(interrupts.requested());
        timeout(SOON, interrupts.wait()).await.unwrap();
        assert!(timeout(SOON, interrupts.at_once()).await.is_err());
        note(&ui, &sender, true);
        timeout(SOON, interrupts.at_once()).await.unwrap();
        assert_eq!(err.text().matches("Ctrl-C again").count(), 1);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn with_nothing_under_way_the_first_ends_it() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, sender) = interrupts();
        drop(interrupts.hold());
        note(&ui, &sender, false);
        timeout(SOON, interrupts.at_once()).await.unwrap();
        assert_eq!(err.text(), "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_editor_keeps_its_ctrl_c() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, sender) = interrupts();
        let guard = ui.enter(Modal::Editor);
        note(&ui, &sender, true);
        drop(guard);
        assert!(!interrupts.requested());
        assert_eq!(err.text(), "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn nobody_interrupts_never() {
        let interrupts = Interrupts::never();
        assert!(timeout(SOON, interrupts.wait()).await.is_err());
    }
}
