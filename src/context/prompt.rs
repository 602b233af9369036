//! Prompts on a thread of their own: connections are looked after while a person thinks.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Kind, Result};
use crate::ui::{Interrupts, Ui, signals};

pub(super) async fn blocking<R: Send + 'static>(
    ui: &Ui,
    interrupts: &Interrupts,
    prompt: impl FnOnce(&Ui) -> Result<R> + Send + 'static,
) -> Result<R> {
    let slot = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&slot);
    let prompt = move |ui: &Ui| {
        let answer = prompt(ui)?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Ok(())
    };
    on_a_thread(ui, interrupts, Box::new(prompt)).await?;
    let answer = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    answer.ok_or_else(|| Error::new(Kind::Failure, "the prompt returned no answer"))
}

/// A prompt that keeps its answer itself.
type Prompt = Box<dyn FnOnce(&Ui) -> Result<()> + Send>;

/// [`blocking`] without the type of the answer: compiled once for all prompts.
async fn on_a_thread(ui: &Ui, interrupts: &Interrupts, prompt: Prompt) -> Result<()> {
    let own = ui.clone();
    // Ctrl-C at a prompt is the prompt's to tell, so that the command can end in an orderly way.
    let _hold = interrupts.hold("");
    let _deaf = signals::deaf();
    let reading = tokio::task::spawn_blocking(move || signals::hearing(|| prompt(&own)));
    let answer = signals::unless_interrupted(reading, ui, interrupts).await?;
    answer.map_err(|error| Error::new(Kind::Failure, format!("the prompt failed: {error}")))??;
    // A signal from outside while the prompt was open: whatever was answered, it is no yes.
    if interrupts.requested() {
        return Err(crate::ui::interrupted());
    }
    Ok(())
}
