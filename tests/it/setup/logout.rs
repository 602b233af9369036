//! `logout`: the key is taken from where it is kept, and from nowhere else.

use serde_json::json;
use syncro::sandbox::KEY;

use super::{Newcomer, secret, with_key};
use crate::support::{TestEnv, bill, files};

const NAMED: &str = "# Ours.\nsubdomain = \"acme\"\napi_key_file = \"acme.key\"\n";

/// One with a key file.
fn office() -> Newcomer {
    let newcomer = Newcomer::new();
    newcomer.write(NAMED);
    std::fs::write(newcomer.key_file(), format!("{KEY}\n")).unwrap();
    newcomer
}

#[test]
fn the_key_file_goes_and_nothing_else() {
    let office = office();
    std::fs::write(office.folder().join("other.key"), "T-another\n").unwrap();
    let ran = office.run(&["logout", "--yes"]);
    ran.ends(0).says("Remove the API key in ");
    assert!(
        ran.stdout.contains("still valid") && ran.stdout.contains("Admin > API Tokens"),
        "{ran}"
    );
    secret(&ran);
    assert!(with_key(office.env.dir()).is_empty());
    let mut left = files(&office.folder());
    left.sort();
    assert_eq!(left, [office.config(), office.folder().join("other.key")]);
    assert_eq!(office.written(), NAMED);
    assert!(office.env.log().is_empty());
    // The second time there is nothing to do.
    let ran = office.run(&["logout"]);
    assert!(ran.ends(0).stdout.starts_with("nothing to remove: "), "{ran}");
}

/// What a link leads to has the key; the link alone has nothing.
#[cfg(unix)]
#[test]
fn a_linked_key_file_goes_with_its_link() {
    let office = office();
    let real = office.folder().join("real.key");
    std::fs::rename(office.key_file(), &real).unwrap();
    std::os::unix::fs::symlink(&real, office.key_file()).unwrap();
    office.run(&["logout", "--yes"]).ends(0).says("Remove the API key in ");
    assert!(with_key(office.env.dir()).is_empty());
    assert_eq!(files(&office.folder()), [office.config()]);
    assert!(std::fs::symlink_metadata(office.key_file()).is_err());
}

/// Where the configuration stays as it is, nobody waits for whoever writes it.
#[cfg(unix)]
#[test]
fn a_key_file_goes_while_another_writes_the_configuration() {
    let office = office();
    let config = office.config();
    let name = config.file_name().unwrap().to_string_lossy();
    let lock = std::fs::File::create(config.with_file_name(format!(".{name}.lock"))).unwrap();
    lock.lock().unwrap();
    office.run(&["logout", "--yes"]).ends(0).says("Remove the API key in ");
    assert!(with_key(office.env.dir()).is_empty());
    assert_eq!(office.written(), NAMED);
}

/// What is said to the command that prints the key may be the key.
#[test]
fn a_change_beside_a_key_command_shows_nothing_that_is_said_to_it() {
    let newcomer = Newcomer::new();
    newcomer.write(&format!(
        "subdomain = \"acme\"\napi_key_command = [\"echo\", \"{KEY}\"]\nuser = \"a\"\n\
         [profiles]\nkim = {{ user = \"k\", api_key_command = [\"echo\", \"{KEY}\"] }}\n"
    ));
    for profile in [&[][..], &["--profile", "kim"]] {
        let args = [&["config", "set", "user", "bo", "--dry-run"], profile].concat();
        let ran = newcomer.run(&args);
        ran.ends(0).says("bo");
        secret(&ran);
    }
}

#[test]
fn a_key_in_the_configuration_is_taken_out_of_it() {
    let newcomer = Newcomer::new();
    let text = format!("# Ours.\nsubdomain = \"acme\"\napi_key = \"{KEY}\"\nuser = \"sam\" # me\n");
    newcomer.write(&text);
    let ran = newcomer.run(&["logout", "--yes", "--json"]);
    let json = ran.ends(0).json().unwrap();
    assert_eq!(
        json,
        json!({
            "outcome": "done", "config": newcomer.config(), "profile": null,
            "key_store": "configuration", "removed": true,
        })
    );
    secret(&ran);
    assert_eq!(newcomer.written(), "# Ours.\nsubdomain = \"acme\"\nuser = \"sam\" # me\n");
}

#[test]
fn a_profile_loses_its_own_key_alone() {
    let office = office();
    let text = format!(
        "{NAMED}[profiles.sam]\napi_key_file = \"sam.key\"\n[profiles.kim]\nuser = \"kim\"\n\
         [profiles.bob]\napi_key_file = \"acme.key\"\n"
    );
    office.write(&text);
    let sams = office.folder().join("sam.key");
    std::fs::write(&sams, format!("{KEY}\n")).unwrap();
    let ran = office.run(&["logout", "--profile", "kim", "--yes"]);
    assert!(ran.ends(0).stdout.contains("profile kim has no key of its own"), "{ran}");
    office.run(&["logout", "--profile", "sam", "--yes"]).ends(0);
    assert!(!sams.exists() && office.key_file().exists());
    office.run(&["logout", "--profile", "smm", "--yes"]).ends(10).says("no profile");
    let ran = office.run(&["logout", "--dry-run"]);
    ran.ends(0).says("also used by profile kim, profile bob");
    assert!(office.key_file().exists(), "{ran}");
}

#[test]
fn a_key_that_is_all_that_a_profile_has_is_taken_out_with_its_line() {
    let newcomer = Newcomer::new();
    let text =
        format!("subdomain = \"acme\"\nprofiles.sam.api_key = \"{KEY}\" # mine\nuser = \"me\"\n");
    newcomer.write(&text);
    let ran = newcomer.run(&["logout", "--profile", "sam", "--yes"]);
    ran.ends(0).says("(profile sam)");
    assert_eq!(newcomer.written(), "subdomain = \"acme\"\nuser = \"me\"\n");
}

#[test]
fn all_keys_go_at_once() {
    let office = office();
    let written = |key: &str| {
        format!(
            "{NAMED}[profiles.sam]\napi_key_file = \"sam.key\"\n[profiles.kim]\n{key}user = \"kim\"\n\
             [profiles.bob]\napi_key_file = \"acme.key\"\n[profiles.ann]\napi_key_command = [\"pass\"]\n"
        )
    };
    office.write(&written(&format!("api_key = \"{KEY}\"\n")));
    std::fs::write(office.folder().join("sam.key"), format!("{KEY}\n")).unwrap();
    let before = with_key(office.env.dir()).len();
    assert_eq!(before, 3);
    let ran = office.run(&["logout", "--all", "--dry-run"]);
    ran.ends(0).says("acme.key").says("sam.key").says("(profile kim)");
    ran.says("also used by profile bob");
    ran.says("Not removed: the key of profile ann is kept by pass (api_key_command), not here");
    assert!(ran.stdout.contains("Not removed: the key of profile ann is kept by pass"), "{ran}");
    assert_eq!(with_key(office.env.dir()).len(), before);
    office.run(&["logout", "--all"]).ends(2).says("--yes");
    office.run(&["logout", "--all", "--profile", "sam", "--yes"]).ends(2).says("--profile");
    let ran = office.run(&["logout", "--all", "--yes", "--json"]);
    secret(&ran);
    let key = |profile: Option<&str>, kept: &str| json!({"profile": profile, "key_store": kept, "removed": kept != "command"});
    assert_eq!(
        ran.ends(0).json().unwrap(),
        json!({
            "outcome": "done", "config": office.config(), "profile": null, "key_store": null,
            "removed": true,
            "keys": [
                key(None, "file"), key(Some("sam"), "file"), key(Some("kim"), "configuration"),
                key(Some("ann"), "command"),
            ],
        })
    );
    assert!(with_key(office.env.dir()).is_empty());
    assert_eq!(files(&office.folder()), [office.config()]);
    assert_eq!(office.written(), written(""));
    let ran = office.run(&["logout", "--all", "--yes"]);
    assert!(ran.ends(0).stdout.starts_with("nothing to remove: "), "{ran}");
}

/// A profile without a key of its own has that of the file: its writes need that one.
#[test]
fn an_unfinished_write_of_a_profile_keeps_the_key_that_it_uses() {
    let env = TestEnv::with(&["line=close-before"]);
    let text = std::fs::read_to_string(env.config_file()).unwrap();
    let text = format!("api_key_file = \"acme.key\"\n{text}\n[profiles.kim]\nauth = \"query\"\n");
    std::fs::write(env.config_file(), text).unwrap();
    let key = env.dir().join("acme.key");
    std::fs::write(&key, format!("{KEY}\n")).unwrap();
    env.run(&bill(&["--yes", "--profile", "kim"])).ends(6);
    for all in [&["logout", "--yes"][..], &["logout", "--all", "--yes"]] {
        let ran = env.run(all);
        ran.ends(5).says("is not finished").says("syncro --profile kim resume");
        assert!(key.exists());
    }
}

#[test]
fn nothing_is_removed_unasked() {
    let office = office();
    for (args, code, said) in [
        (&["logout"][..], 2, "use --yes to confirm"),
        (&["logout", "--dry-run"], 0, "Remove the API key in "),
        (&["logout", "--dry-run", "--json"], 0, "Remove the API key in "),
    ] {
        office.run(args).ends(code).says(said);
        assert_eq!(with_key(office.env.dir()), [office.key_file()]);
    }
    let ran = office.run(&["--sandbox", "logout", "--yes"]);
    assert!(ran.ends(0).stdout.contains("practice server"), "{ran}");
    assert_eq!(with_key(office.env.dir()), [office.key_file()]);
    // What is no key is somebody else's file.
    std::fs::write(office.key_file(), format!("{KEY}\nthe wireless password\n")).unwrap();
    let ran = office.run(&["logout", "--yes"]);
    ran.ends(5).says("contains more than the key");
    secret(&ran);
    assert!(office.key_file().exists());
}

#[test]
fn what_is_not_kept_here_is_named() {
    let newcomer = Newcomer::new();
    newcomer.write("subdomain = \"acme\"\napi_key_command = [\"pass\", \"show\"]\n");
    let ran = newcomer.run(&["logout", "--yes"]);
    assert!(ran.ends(0).stdout.contains("the key is kept by pass"), "{ran}");
    newcomer.write("subdomain = \"acme\"\napi_key_keyring = \"acme\"\n");
    newcomer.run(&["logout", "--yes"]).ends(10).says("keyring");
    let env = TestEnv::new();
    let ran = env.run(&["logout", "--yes"]);
    ran.ends(0).says("SYNCRO_API_KEY is set and is still used");
    assert!(ran.stdout.starts_with("nothing to remove: "), "{ran}");
}

#[test]
fn an_unfinished_write_keeps_the_key() {
    let env = TestEnv::with(&["line=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    let key = env.dir().join("acme.key");
    let text = std::fs::read_to_string(env.config_file()).unwrap();
    std::fs::write(env.config_file(), format!("api_key_file = \"acme.key\"\n{text}")).unwrap();
    std::fs::write(&key, format!("{KEY}\n")).unwrap();
    let ran = env.run(&["logout", "--yes"]);
    ran.ends(5).says("is not finished").says("syncro resume");
    assert!(key.exists());
    // It was settled: then the journal stays, and the key goes.
    env.run(&["resume", "--yes"]).ends(0);
    let journal = env.journal().len();
    env.run(&["logout", "--yes"]).ends(0).says("SYNCRO_API_KEY");
    assert!(!key.exists());
    assert_eq!(env.journal().len(), journal);
}
