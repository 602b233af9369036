//! Ctrl-C: the first asks for an end after the step in flight, the second for one at once. Nothing here ends the
//! process: whoever runs the command looks and decides.

use console::Term;
use tokio::sync::watch;

use super::{Modal, Ui};

/// How often a person has asked for an end. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Interrupts(watch::Receiver<u32>);

impl Interrupts {
    /// Watches for Ctrl-C from now on. Must be called within a runtime.
    #[must_use]
    pub fn install(ui: &Ui) -> Self {
        let (sender, receiver) = watch::channel(0);
        let ui = ui.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                count(&ui, &sender);
            }
        });
        Self(receiver)
    }

    /// One that nobody interrupts.
    #[must_use]
    pub fn never() -> Self {
        Self(watch::channel(0).1)
    }

    /// Whether an end was asked for: begin no new step.
    #[must_use]
    pub fn requested(&self) -> bool {
        *self.0.borrow() >= 1
    }

    /// Ends at the first Ctrl-C, or at once when there was one.
    pub async fn wait(&self) {
        self.reached(1).await;
    }

    /// Ends at the second Ctrl-C: stop at once.
    pub async fn forced(&self) {
        self.reached(2).await;
    }

    async fn reached(&self, wanted: u32) {
        let mut receiver = self.0.clone();
        // Without a sender nobody will ever ask.
        if receiver.wait_for(|count| *count >= wanted).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Counts one Ctrl-C and says what it does.
fn count(ui: &Ui, sender: &watch::Sender<u32>) {
    // An editor handles its own Ctrl-C; the terminal sends the signal to both.
    if ui.modal() == Modal::Editor {
        return;
    }
    let before = *sender.borrow();
    if before == 0 && ui.modal() == Modal::Nothing {
        ui.preview("stopping after the step in flight; Ctrl-C again to stop at once");
    }
    if before == 1 {
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

    #[tokio::test(flavor = "current_thread")]
    async fn the_first_asks_and_the_second_forces() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (sender, receiver) = watch::channel(0);
        let interrupts = Interrupts(receiver);
        assert!(!interrupts.requested());
        assert!(timeout(SOON, interrupts.wait()).await.is_err());
        count(&ui, &sender);
        assert!(interrupts.requested());
        timeout(SOON, interrupts.wait()).await.unwrap();
        assert!(timeout(SOON, interrupts.forced()).await.is_err());
        count(&ui, &sender);
        timeout(SOON, interrupts.forced()).await.unwrap();
        assert_eq!(err.text().matches("Ctrl-C again").count(), 1);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_editor_keeps_its_ctrl_c() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (sender, receiver) = watch::channel(0);
        let guard = ui.enter(Modal::Editor);
        count(&ui, &sender);
        drop(guard);
        assert!(!Interrupts(receiver).requested());
        assert_eq!(err.text(), "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn nobody_interrupts_never() {
        let interrupts = Interrupts::never();
        assert!(timeout(SOON, interrupts.wait()).await.is_err());
    }
}
