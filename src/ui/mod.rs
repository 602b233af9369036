//! stub
use crate::error::{Error, Result};
use serde_json::Value;
/// stub
#[derive(Clone, Default)]
pub struct Ui;
/// stub
#[derive(Default)]
pub struct UiFlags {
    /// s
    pub json: bool,
    /// s
    pub quiet: bool,
    /// s
    pub verbose: bool,
    /// s
    pub no_color: bool,
}
/// stub
pub enum Answer {
    /// s
    Yes,
    /// s
    No,
    /// s
    Payloads,
}
#[allow(missing_docs)]
impl Ui {
    pub fn new(_: UiFlags) -> Self {
        Self
    }
    pub fn note(&self, _: &str) {}
    pub fn warn(&self, _: &str) {}
    pub fn show(&self, _: &str) {}
    pub fn error(&self, _: &Error) {}
    pub fn stdout(&self, _: &str) {}
    pub fn json(&self, _: &Value) {}
    pub fn is_json(&self) -> bool {
        false
    }
    pub fn is_interactive(&self) -> bool {
        false
    }
    pub fn stdout_width(&self) -> Option<usize> {
        None
    }
    pub fn stdout_colour(&self) -> bool {
        false
    }
    pub fn styled(&self, s: &clap::builder::StyledStr) -> String {
        s.to_string()
    }
    pub fn ask_yes(&self, _: &str) -> Result<Answer> {
        Ok(Answer::No)
    }
    pub fn ask_question(&self, _: &str) -> Result<bool> {
        Ok(false)
    }
    pub fn input(
        &self,
        _: &str,
        _: Option<&str>,
        _: impl Fn(&str) -> std::result::Result<(), String>,
    ) -> Result<String> {
        Ok(String::new())
    }
    pub fn select(&self, _: &str, _: &[String]) -> Result<usize> {
        Ok(0)
    }
    pub fn editor(&self, _: &str) -> Result<Option<String>> {
        Ok(None)
    }
}
impl crate::api::Observer for Ui {
    fn request(&self, _: &crate::api::RequestLine) {}
    fn waiting(&self, _: &crate::api::Wait) {}
    fn resumed(&self) {}
}
/// stub
#[derive(Clone)]
pub struct Interrupts;
#[allow(missing_docs)]
impl Interrupts {
    pub fn install(_: Ui) -> Self {
        Self
    }
    pub fn requested(&self) -> bool {
        false
    }
    pub async fn wait(&self) {
        std::future::pending().await
    }
    pub async fn forced(&self) {
        std::future::pending().await
    }
}
