//! The account as most tests know it, beside one in which each report finds something: their lists are shown together.

use super::TestEnv;

/// Both of them.
pub(crate) struct Both {
    plain: TestEnv,
    slipped: TestEnv,
}

impl Both {
    pub(crate) fn new() -> Self {
        Self { plain: TestEnv::new(), slipped: TestEnv::slipped() }
    }

    /// The one in which a command has something to show.
    pub(crate) fn of(&self, args: &[&str]) -> &TestEnv {
        match args {
            [
                "report",
                "alerts" | "assets" | "close" | "drift" | "duplicates" | "patches" | "recurring"
                | "time",
                ..,
            ]
            | ["today", ..] => &self.slipped,
            _ => &self.plain,
        }
    }
}
