//! Whom the key belongs to, and where it came from; the key itself shows nowhere.

use syncro::sandbox::KEY;

use super::{Newcomer, SAYS, WRONG, key_command, secret};
use crate::support::{Manners, Office, Setup, TRAINEE, TestEnv};

const CONFIGURED: &str = "subdomain = \"acme\"\n";

#[test]
fn it_says_who_where_and_whence() {
    let env = TestEnv::new();
    let ran = env.run(&["whoami"]);
    ran.ends(0);
    assert_eq!(
        ran.stdout,
        format!(
            "User      Robin Ashgrove <robin@lanternfish.example>\n\
             User id   {TRAINEE}\n\
             Account   {}\n\
             Profile   none\n\
             Key from  SYNCRO_API_KEY\n\
             Settings  {}\n",
            env.base(),
            env.config_file().display()
        )
    );
    assert_eq!(ran.stderr, "");
    secret(&ran);
    let asked: Vec<String> = env.log().iter().map(crate::support::Line::what).collect();
    assert_eq!(asked, ["GET me"]);
}

#[test]
fn json_is_the_apis_own_object_without_its_token() {
    let env = TestEnv::new();
    let mut me = env.account().get("/me");
    assert!(me["user_token"].is_string(), "the server has one");
    me["user_token"] = serde_json::Value::Null;
    let ran = env.run(&["whoami", "--json"]);
    assert_eq!(ran.ends(0).json().unwrap(), me);
}

#[test]
fn every_place_of_a_key_is_named() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    std::fs::create_dir_all(newcomer.folder()).unwrap();
    std::fs::write(newcomer.key_file(), format!("{KEY}\n")).unwrap();
    super::private(&newcomer.key_file());
    for (source, said) in [
        (
            "api_key_file = \"acme.key\"".to_owned(),
            format!("api_key_file ({}", newcomer.folder().display()),
        ),
        (key_command(&[SAYS, &[KEY]].concat()), format!("api_key_command ({})", SAYS[0])),
        (format!("api_key = \"{KEY}\""), "api_key in the configuration".to_owned()),
    ] {
        newcomer.write(&format!("{CONFIGURED}{source}\n"));
        super::private(&newcomer.config());
        let ran = newcomer.through(&office, &["whoami"], b"");
        ran.ends(0);
        assert!(ran.stdout.contains(&said), "{ran}");
        assert!(ran.stdout.contains("https://acme.syncromsp.com/api/v1"), "{ran}");
        secret(&ran);
    }
    assert_eq!(office.asked().first().unwrap(), "acme.syncromsp.com:443");
}

#[test]
fn a_profile_is_named() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    newcomer.write(&format!(
        "{CONFIGURED}[profiles.sam]\n{}\nuser = \"sam@example.com\"\n",
        key_command(&[SAYS, &[KEY]].concat())
    ));
    let ran = newcomer.through(&office, &["whoami", "--profile", "sam"], b"");
    ran.ends(0).says("the configured user is sam@example.com");
    assert!(ran.stdout.contains("Profile   sam\n"), "{ran}");
}

#[test]
fn a_wrong_key_is_exit_4_and_says_which_it_was() {
    let env = TestEnv::of(Setup { key: WRONG, ..Setup::default() });
    let ran = env.run(&["whoami"]);
    ran.ends(4).says("401").says("SYNCRO_API_KEY").says("syncro init");
    assert_eq!(ran.stdout, "");
    secret(&ran);
    let error = env.run(&["whoami", "--json"]).error();
    assert_eq!(error["status"], 401);
    assert_eq!(error["kind"], "not_authorised");
}

#[test]
fn a_login_page_is_no_answer() {
    let env = TestEnv::with(&["me@*=html-before"]);
    let ran = env.run(&["whoami"]);
    ran.ends(8).says("a login page");
    secret(&ran);
}

#[test]
fn no_configured_key_goes_to_the_environments_host() {
    let newcomer = Newcomer::new();
    for source in [
        "api_key_file = \"acme.key\"",
        "api_key_keyring = \"acme\"",
        &key_command(&[SAYS, &["T1"]].concat()),
    ] {
        newcomer.write(&format!("{CONFIGURED}{source}\n"));
        std::fs::write(newcomer.key_file(), KEY).unwrap();
        newcomer.run(&["whoami"]).ends(10).says("is not sent there");
    }
    assert!(newcomer.env.log().is_empty());
}

#[test]
fn the_practice_server_says_which_flags_it_ignores() {
    let env = TestEnv::new();
    let ran = env.run(&["--sandbox", "whoami", "--profile", "sam", "--config", "none.toml"]);
    ran.ends(0).says("ignored: --config, --profile");
    assert!(ran.stdout.contains("the practice server"), "{ran}");
    let quiet = env.run(&["--sandbox", "whoami", "--profile", "sam", "-q"]);
    assert_eq!(quiet.ends(0).stderr, "");
}

/// What is printed to be typed is about the same account wherever it is pasted.
#[test]
fn what_is_to_be_typed_names_the_configuration_that_was() {
    let env = TestEnv::new();
    let other = env.config_file().with_file_name("another account.toml");
    std::fs::copy(env.config_file(), &other).unwrap();
    let path = other.display().to_string();
    let mends = |args: &[&str]| {
        let report =
            env.run(&[&["report", "uninvoiced", "--since", "2026-01-01", "--json"], args].concat());
        let report = report.ends(0).json().unwrap();
        let rows = report["rows"].as_array().unwrap().clone();
        assert!(!rows.is_empty());
        rows.iter().map(|row| row["mend"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let named = format!(" --config {}", syncro::error::quoted(&path));
    assert!(mends(&["--config", &path]).iter().all(|mend| mend.contains(&named)));
    assert!(mends(&[]).iter().all(|mend| !mend.contains("--config")));
}

#[test]
fn small_mistakes_are_told_in_plain_words() {
    let newcomer = Newcomer::new();
    std::fs::create_dir_all(newcomer.folder()).unwrap();
    let folder = newcomer.folder();
    let ran = newcomer.run(&["whoami", "--config", folder.to_str().unwrap()]);
    ran.ends(10).says("is a folder, not a configuration file");
    newcomer.write("subdomain = \"acme\"\ntimezone = \"Europe/Olso\"\n");
    newcomer.run(&["whoami"]).ends(10).says("did you mean \"Europe/Oslo\"?");
    newcomer.write(&format!("{CONFIGURED}api_key_command = [\"no-such-vault\", \"show\"]\n"));
    let mut command = newcomer.command(&["whoami"]);
    command.env_remove("SYNCRO_BASE_URL");
    crate::support::Running::start(command)
        .wait()
        .ends(10)
        .says("the program no-such-vault was not found in PATH");
    let env = TestEnv::new();
    let bare = env.base().trim_end_matches("/api/v1").to_owned();
    env.run_with(&["whoami"], &[("SYNCRO_BASE_URL", &bare)])
        .ends(3)
        .says("SYNCRO_BASE_URL does not end in /api/v1");
}
