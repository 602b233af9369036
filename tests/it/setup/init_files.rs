//! What `init` does to files: rights, comments, what is there already, profiles, and what cannot write.

use std::path::Path;

use syncro::sandbox::KEY;

use super::{Newcomer, secret, with_key};
use crate::support::{Manners, Office, files};

const ENOUGH: [&str; 6] = ["init", "--subdomain", "acme", "--key-file", "-", "--yes"];

const OLD: &str = "\
# The office's own, since 2019.
subdomain = \"acme\"   # not acme-test
user = \"robin@lanternfish.example\"

[tickets] # as agreed in May
closed = [\"Resolved\", \"Invoiced\", \"Closed\"]

# Remote first.
[labor.remote]
product_id = 17340022  # for now
rate = \"110.00\"
";

fn init(newcomer: &Newcomer, more: &[&str]) -> crate::support::Ran {
    let ran = newcomer.fed(&[&ENOUGH[..], more].concat(), KEY.as_bytes());
    secret(&ran);
    ran
}

#[cfg(unix)]
#[test]
fn only_their_owner_can_read_what_is_new() {
    use super::mode;
    let newcomer = Newcomer::new();
    let _ran = init(&newcomer, &[]).ends(0);
    assert_eq!(mode(&newcomer.folder()), 0o700);
    assert_eq!(mode(&newcomer.config()), 0o600);
    assert_eq!(mode(&newcomer.key_file()), 0o600);
    // A wider key file is narrowed, the configuration's rights are its owner's business.
    use std::os::unix::fs::PermissionsExt as _;
    for path in [newcomer.config(), newcomer.key_file()] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let _ran = init(&newcomer, &["--labor", "remote=17340021"]).ends(0);
    assert_eq!(mode(&newcomer.config()), 0o644);
    assert_eq!(mode(&newcomer.key_file()), 0o600);
    assert_eq!(files(&newcomer.folder()).len(), 2, "nothing is left beside them");
}

#[test]
fn what_is_new_is_added_and_every_comment_stays() {
    let newcomer = Newcomer::new();
    newcomer.write(OLD);
    let ran = init(&newcomer, &["--labor", "travel=17340025:each", "--timezone", "Europe/Oslo"]);
    ran.ends(0);
    assert_eq!(
        newcomer.written(),
        "\
# The office's own, since 2019.
subdomain = \"acme\"   # not acme-test
user = \"robin@lanternfish.example\"
api_key_file = \"acme.key\"
timezone = \"Europe/Oslo\"

[tickets] # as agreed in May
closed = [\"Resolved\", \"Invoiced\", \"Closed\"]

# Remote first.
[labor.remote]
product_id = 17340022  # for now
rate = \"110.00\"

[labor.travel]
product_id = 17340025  # Travel - Trip Charge, $45.00
unit = \"each\"
"
    );
}

#[test]
fn nothing_is_replaced_unless_forced() {
    let newcomer = Newcomer::new();
    newcomer.write(OLD);
    let more = ["--labor", "remote=17340021"];
    let ran = init(&newcomer, &more);
    ran.ends(5)
        .says("labor.remote.product_id: 17340022 -> 17340021")
        .says("--force")
        .says("nothing was written");
    assert_eq!(newcomer.written(), OLD);
    assert!(with_key(newcomer.env.dir()).is_empty());

    let ran = init(&newcomer, &["--labor", "remote=17340021", "--force"]);
    ran.ends(0).says("Replaced");
    let changed = OLD
        .replace("17340022", "17340021")
        .replace("\n\n[tickets]", "\napi_key_file = \"acme.key\"\n\n[tickets]");
    assert_eq!(newcomer.written(), changed);
}

#[test]
fn another_user_or_key_is_a_replacement_too() {
    let newcomer = Newcomer::new();
    newcomer.write(&OLD.replace("robin@", "mika@"));
    let ran = init(&newcomer, &[]);
    ran.ends(5).says("user: \"mika@lanternfish.example\" -> \"robin@lanternfish.example\"");

    let newcomer = Newcomer::new();
    newcomer.write(OLD);
    std::fs::write(newcomer.key_file(), "another-key\n").unwrap();
    let ran = init(&newcomer, &[]);
    ran.ends(5).says("the key in ").says("acme.key");
    assert_eq!(std::fs::read_to_string(newcomer.key_file()).unwrap(), "another-key\n");
    assert_eq!(newcomer.written(), OLD);
    let _ran = init(&newcomer, &["--force"]).ends(0);
    assert_eq!(std::fs::read_to_string(newcomer.key_file()).unwrap(), format!("{KEY}\n"));

    let newcomer = Newcomer::new();
    newcomer.write("subdomain = \"acme\"\n# the vault\napi_key_command = [\"pass\", \"syncro\"]\n");
    init(&newcomer, &[]).ends(5).says("api_key_command -> api_key_file");
    let _ran = init(&newcomer, &["--force"]).ends(0);
    assert!(newcomer.written().contains("# the vault\napi_key_file = \"acme.key\"\n"));
}

#[test]
fn a_profile_is_set_up_beside_what_is_there() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    newcomer.write(OLD);
    let ran = init(&newcomer, &["--profile", "sam", "--labor", "remote=17340021"]);
    ran.ends(0).says("profile sam");
    assert!(ran.stdout.contains("syncro --profile sam doctor"), "{ran}");
    assert_eq!(
        newcomer.written().strip_prefix(OLD).unwrap(),
        "\n[profiles.sam]\napi_key_file = \"acme-sam.key\"\n\n[profiles.sam.labor.remote]\n\
         product_id = 17340021  # Labor - Remote, $120.00\n"
    );
    let ran = newcomer.through(&office, &["whoami", "--profile", "sam"], b"");
    assert!(ran.ends(0).stdout.contains("acme-sam.key"), "{ran}");

    let before = newcomer.written();
    let ran = init(&newcomer, &["--profile", "sam", "--labor", "remote=17340026"]);
    ran.ends(5).says("profiles.sam.labor.remote.product_id");
    assert_eq!(newcomer.written(), before);
}

#[test]
fn a_profile_of_another_account_names_it() {
    let newcomer = Newcomer::new();
    newcomer.write(OLD);
    let args = ["init", "--subdomain", "bluebird", "--key-file", "-", "--yes", "--profile", "b"];
    let _ran = newcomer.fed(&args, KEY.as_bytes()).ends(0);
    assert!(
        newcomer.written().contains(
            "[profiles.b]\nsubdomain = \"bluebird\"\napi_key_file = \"bluebird-b.key\"\n"
        ),
        "{}",
        newcomer.written()
    );
}

#[test]
fn running_it_again_changes_nothing() {
    let newcomer = Newcomer::new();
    let more = ["--labor", "remote=17340021", "--timezone", "Europe/Oslo"];
    let _ran = init(&newcomer, &more).ends(0);
    let before = newcomer.written();
    init(&newcomer, &more).ends(0).says("the file stays unchanged");
    assert_eq!(newcomer.written(), before);
}

#[test]
fn a_configuration_that_is_none_is_left_alone() {
    let newcomer = Newcomer::new();
    for text in ["subdomain = \n", "[tikets]\n", "subdomain = \"acme\"\nlabor = 3\n"] {
        newcomer.write(text);
        let ran = init(&newcomer, &["--force"]);
        ran.ends(10).says("fix that first");
        assert_eq!(newcomer.written(), text);
    }
    assert!(newcomer.env.log().is_empty());
    let folder = newcomer.folder();
    let args = [&ENOUGH[..], &["--config", folder.to_str().unwrap()]].concat();
    newcomer.fed(&args, KEY.as_bytes()).ends(10).says("is a folder");
}

#[test]
fn what_cannot_be_written_is_said() {
    let newcomer = Newcomer::new();
    let file = newcomer.env.dir().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let below = file.join("config.toml");
    let args = [&ENOUGH[..], &["--config", below.to_str().unwrap()]].concat();
    let ran = newcomer.fed(&args, KEY.as_bytes());
    ran.ends(10).says("cannot write");
    secret(&ran);
    assert!(with_key(newcomer.env.dir()).is_empty());
}

#[test]
fn session_logs_are_meant_from_where_they_are_typed() {
    let newcomer = Newcomer::new();
    let _ran = init(&newcomer, &["--session-logs", "clients"]).ends(0);
    let home = newcomer.env.dir().join("home");
    // A folder of macOS is in another one than it says; one of Windows gets a longer name by this.
    let home = if cfg!(unix) { home.canonicalize().unwrap() } else { home };
    let whole = home.join("clients");
    let written: toml::Table = newcomer.written().parse().unwrap();
    assert_eq!(written["session_logs"].as_str().map(Path::new), Some(whole.as_path()));
}

#[test]
fn the_platforms_folder_is_the_default() {
    let newcomer = Newcomer::new();
    let mut command = newcomer.command(&ENOUGH);
    command.env_remove("SYNCRO_CONFIG");
    let ran = crate::support::Running::fed(command, KEY.as_bytes()).wait();
    ran.ends(0);
    let home = newcomer.env.dir().join("home");
    let made = files(&home);
    let named = |name: &str| made.iter().any(|path| path.ends_with(Path::new("syncro").join(name)));
    assert!(named("config.toml") && named("acme.key"), "{made:?}");
}

#[test]
fn a_new_profile_leaves_the_other_key_in_use() {
    let newcomer = Newcomer::new();
    newcomer.write("subdomain = \"elsewhere\"\napi_key_file = \"elsewhere.key\"\n");
    std::fs::write(newcomer.folder().join("elsewhere.key"), "another-key\n").unwrap();
    let ran = init(&newcomer, &["--profile", "sam", "--force"]);
    assert!(!ran.ends(0).stderr.contains("the old key"), "{ran}");
    // What the profile itself leaves behind is named.
    newcomer.write("[profiles.sam]\nsubdomain = \"elsewhere\"\napi_key_file = \"elsewhere.key\"\n");
    init(&newcomer, &["--profile", "sam", "--force"]).ends(0).says("the old key is still in ");
}

#[test]
fn an_old_key_that_stays_behind_is_named() {
    let newcomer = Newcomer::new();
    newcomer.write("subdomain = \"elsewhere\"\napi_key_file = \"elsewhere.key\"\n");
    let old = newcomer.folder().join("elsewhere.key");
    std::fs::write(&old, "another-key\n").unwrap();
    let ran = init(&newcomer, &["--force"]);
    ran.ends(0).says("the old key is still in ").says("elsewhere.key");
    assert!(old.exists());
    let again = init(&newcomer, &["--force"]);
    assert!(!again.ends(0).stderr.contains("old key"), "{again}");
}
