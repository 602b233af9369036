//! What `init` shows: before it writes, the lines that would be new or gone, with any key masked; afterwards, what was
//! written and what to type next.

use serde_json::{Value, json};
use url::Url;

use super::key::Kept;
use super::said::{preview, within};
use super::scene::Scene;
use crate::api::resources::users::Me;
use crate::config::edit::{Answers, Edited, masked};
use crate::error::Result;
use crate::render::sanitise;
use crate::render::setting::changed_lines;

/// Everything that would be written.
pub(super) struct Plan<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) base: &'a Url,
    pub(super) me: &'a Me,
    pub(super) answers: &'a Answers,
    pub(super) kept: &'a Kept,
    pub(super) edited: &'a Edited,
}

impl Plan<'_> {
    /// What stands somewhere already and would not any more.
    pub(super) fn replaced(&self) -> Vec<String> {
        let mut replaced = self.edited.replaced.clone();
        if let (true, Some(file)) = (self.kept.is_another, &self.kept.file) {
            replaced.push(format!("the key in {}", file.display()));
        }
        replaced
    }

    /// The file as it would be, on stdout, since the plan is the answer.
    pub(super) fn dry_run(&self) -> Result<()> {
        let (scene, ui) = (self.scene, &self.scene.start.ui);
        let text = self.masked(&self.edited.text)?;
        if scene.start.run.json {
            let mut answer = json(scene, "dry_run", self.me, self.answers, self.kept);
            answer["text"] = text.into();
            answer["replaced"] = self.replaced().into();
            return scene.start.json(&answer);
        }
        preview(ui, &self.heading());
        ui.stdout(&text)
    }

    /// The lines that would change, on stderr.
    pub(super) fn preview(&self) -> Result<()> {
        let ui = &self.scene.start.ui;
        let old = self.scene.before.text.as_deref().unwrap_or_default();
        let old = self.masked(old)?;
        let new = self.masked(&self.edited.text)?;
        preview(ui, &format!("\n{}\n", self.heading()));
        match changed_lines(&old, &new, ui.preview_colour()) {
            changes if changes.is_empty() => ui.preview("  the file stays unchanged\n"),
            changes => ui.preview(&changes),
        }
        Ok(())
    }

    fn masked(&self, text: &str) -> Result<String> {
        masked(&self.scene.before.path.display().to_string(), text)
    }

    fn heading(&self) -> String {
        let before = &self.scene.before;
        let state = match (&before.text, &before.profile) {
            (None, None) => "new".to_owned(),
            (None, Some(profile)) => format!("new, profile {profile}"),
            (Some(_), None) => "changed".to_owned(),
            (Some(_), Some(profile)) => format!("changed, profile {profile}"),
        };
        let mut text = format!(
            "File      {} ({state})\nAccount   {}\nUser      {} <{}>\nKey       {}\n",
            before.path.display(),
            self.base,
            self.me.user_name,
            self.me.user_email,
            self.kept.says()
        );
        for line in self.replaced() {
            text.push_str(&format!("Replaced  {line}\n"));
        }
        text
    }
}

/// What was written, and what to type next.
pub(super) fn done(scene: &Scene<'_>, me: &Me, answers: &Answers, kept: &Kept) -> Result<()> {
    let ui = &scene.start.ui;
    for warning in overruling(scene, answers) {
        ui.warn(&warning);
    }
    if let Some(old) = left_behind(scene, kept) {
        ui.note(&old);
    }
    if scene.start.run.json {
        return scene.start.json(&json(scene, "done", me, answers, kept));
    }
    let profile = answers
        .profile
        .as_ref()
        .map_or_else(String::new, |profile| format!(" --profile {profile}"));
    let labor: Vec<&str> = answers.labor.iter().map(|labor| labor.key.as_str()).collect();
    let mut text = format!("Configuration {}\nKey {}\n", scene.before.path.display(), kept.says());
    if !labor.is_empty() {
        text.push_str(&format!("Labor types {}\n", labor.join(", ")));
    }
    text.push_str(&format!("Next: syncro{profile} doctor\n"));
    ui.stdout(&within(&sanitise::text(&text), ui.width()))
}

/// Where the old key still is, when the configuration no longer names that place.
fn left_behind(scene: &Scene<'_>, kept: &Kept) -> Option<String> {
    let old = scene.before.key_file(&scene.environment)?;
    let is_new = kept.place.is_some() && kept.file.as_deref() != Some(old.as_path());
    (is_new && old.exists()).then(|| {
        format!(
            "the old key is still in {}; delete the file when nothing else needs it",
            old.display()
        )
    })
}

/// What the environment says that goes before the file just written.
fn overruling(scene: &Scene<'_>, answers: &Answers) -> Vec<String> {
    let environment = &scene.environment;
    let hosts = [
        ("SYNCRO_BASE_URL", environment.base_url.is_some()),
        ("SYNCRO_SUBDOMAIN", environment.subdomain.is_some()),
    ];
    let hosts: Vec<&str> =
        hosts.into_iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect();
    if environment.api_key.is_none() || answers.profile.is_some() {
        return hosts
            .iter()
            .map(|name| {
                format!("{name} is set, and the configuration's key is never sent to a host from the environment: unset it")
            })
            .collect();
    }
    // Without the variable's key, what names the host would stop every command.
    vec![match hosts.as_slice() {
        [] => "SYNCRO_API_KEY is set and overrides the key in the configuration until you unset it"
            .to_owned(),
        [host] => format!(
            "SYNCRO_API_KEY is set, and so is {host}: they override the configuration until you unset both"
        ),
        hosts => format!(
            "SYNCRO_API_KEY is set, and so are {}: they override the configuration until you unset them all",
            hosts.join(" and ")
        ),
    }]
}

fn json(scene: &Scene<'_>, outcome: &str, me: &Me, answers: &Answers, kept: &Kept) -> Value {
    let labor: Vec<Value> = answers
        .labor
        .iter()
        .map(|labor| {
            json!({
                "name": labor.key,
                "product_id": labor.product_id,
                "unit": labor.unit.word(),
            })
        })
        .collect();
    json!({
        "outcome": outcome,
        "config": scene.before.path,
        "profile": answers.profile,
        "user": {"id": me.user_id, "name": me.user_name, "email": me.user_email},
        "key_store": kept.word(),
        "key_file": kept.file,
        "labor": labor,
    })
}
