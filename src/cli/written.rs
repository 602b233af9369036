//! The text that stands in a command line, and what it is about: it is kept before anything is read.

use clap::{ArgMatches, Command};

use crate::commands::create;
use crate::context::Context;
use crate::error::Result;
use crate::texts::{Early, Place};
use crate::workflow;

/// What a command line has of a text, or may be asked for.
#[derive(Debug)]
pub(super) struct Written {
    called: String,
    /// What tells the record, in the order of the command line.
    about: Vec<String>,
    text: Option<String>,
    private: bool,
    html: bool,
}

/// What the matches of a command that sends a text have of it.
pub(super) fn of(described: &Command, matches: &ArgMatches, called: &str) -> Option<Written> {
    let texts = workflow::text_args(called);
    if texts.is_empty() {
        return None;
    }
    let (mut command, mut matches) = (described, matches);
    while let Some((name, below)) = matches.subcommand() {
        (command, matches) = (command.find_subcommand(name)?, below);
    }
    let value = |id: &str| {
        let value = matches.try_get_raw(id).ok()??.next()?;
        Some(value.to_string_lossy().into_owned())
    };
    let flag = |id: &str| matches.try_get_one::<bool>(id).ok().flatten() == Some(&true);
    let is_text = |id: &str| texts.iter().any(|(arg, _)| *arg == id);
    let places = command.get_positionals().map(|arg| arg.get_id().as_str());
    Some(Written {
        called: called.to_owned(),
        about: places.filter(|id| !is_text(id)).filter_map(value).collect(),
        // A dash is standard input, which is not read yet.
        text: texts.iter().find_map(|(arg, _)| value(arg)).filter(|text| text != "-"),
        private: flag("hidden"),
        html: flag("html"),
    })
}

impl Written {
    /// Where its text waits as long as only what was typed is known of its record.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub(super) fn place(&self, ctx: &Context) -> Result<Place> {
        let texts = workflow::text_args(&self.called);
        let named = texts.first().map_or(self.called.as_str(), |(_, named)| named);
        let place = ctx.place(named, 0)?.meant(self.private, self.html);
        Ok(place.early(&self.about.join(" ")))
    }

    /// Has the text kept from now on; `asked` says that a person was asked for it in this run.
    pub(super) fn begin(&self, ctx: &Context, asked: bool) {
        // Without an address nothing can be read, and that is said.
        let Ok(place) = self.place(ctx) else { return };
        let texts = workflow::text_args(&self.called);
        let args = texts.iter().map(|(arg, _)| *arg).collect();
        let hint = workflow::how_used(&self.called);
        let headed = hint.map(|_| workflow::OFFERED);
        ctx.texts().begin(Early { place, args, hint, headed });
        let Some(text) = self.text.as_deref().filter(|_| !ctx.how().dry_run) else { return };
        match (self.called.as_str(), self.about.as_slice()) {
            ("create", [customer, subject]) => {
                create::hold_early(ctx, (customer, subject), text, self.html);
            }
            // What was asked for stands in it.
            _ if ctx.texts().place().is_some_and(|held| held.is_form()) => {}
            _ => ctx.texts().hold_early(text, !asked),
        }
    }
}
