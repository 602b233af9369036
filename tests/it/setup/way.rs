//! The way to the account: the proxy, and certificates that are public, an office's own, or not trusted.

use syncro::sandbox::KEY;

use super::doctor::is;
use super::{Newcomer, secret};
use crate::support::{ISSUER, Manners, Office, Ran, Running};

const GOOD: &str = "subdomain = \"acme\"\n[labor.remote]\nproduct_id = 17340021\n";

fn doctor(newcomer: &Newcomer, office: &Office, trusts: bool) -> Ran {
    newcomer.write(GOOD);
    let mut command = newcomer.command(&["doctor", "--json"]);
    command
        .env_remove("SYNCRO_BASE_URL")
        .env("SYNCRO_SUBDOMAIN", "acme")
        .env("SYNCRO_API_KEY", KEY)
        .envs(office.variables());
    if !trusts {
        command.env_remove("SSL_CERT_FILE");
    }
    let ran = Running::start(command).wait();
    secret(&ran);
    ran
}

#[test]
fn proxy_and_issuer_are_named() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners { logged: true, ..Manners::default() });
    let ran = doctor(&newcomer, &office, true);
    ran.ends(0);
    is(&ran, "host", "ok", &["acme.syncromsp.com is reachable"]);
    is(&ran, "proxy", "ok", &[&office.address()]);
    is(&ran, "certificate", "ok", &[ISSUER]);
    is(&ran, "account", "ok", &["Robin Ashgrove"]);
    let asked = office.asked();
    assert!(asked.len() >= 2, "{asked:?}");
    assert!(asked.iter().all(|host| host == "acme.syncromsp.com:443"));
}

#[test]
fn an_inspected_connection_is_visible() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    let ran = doctor(&newcomer, &office, true);
    ran.ends(0);
    is(
        &ran,
        "certificate",
        "warning",
        &[ISSUER, "not a public authority", "including the API key"],
    );
}

#[test]
fn an_authority_that_is_not_trusted_is_named_and_gets_no_key() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    let ran = doctor(&newcomer, &office, false);
    ran.ends(1);
    is(&ran, "certificate", "problem", &["not trusted", ISSUER, "ca_file"]);
    is(&ran, "host", "problem", &["TLS"]);
    assert!(newcomer.env.log().is_empty());
}

#[test]
fn a_proxy_that_lets_nobody_through() {
    let newcomer = Newcomer::new();
    for (status, said) in [(407, "asks for a log-in"), (403, "would not connect (403)")] {
        let office = Office::open(
            newcomer.env.base(),
            Manners { refuses: Some(status), ..Manners::default() },
        );
        let ran = doctor(&newcomer, &office, true);
        ran.ends(1);
        is(&ran, "host", "problem", &[said, "HTTPS_PROXY"]);
        is(&ran, "proxy", "ok", &[&office.address()]);
    }
}

#[test]
fn no_proxy_is_asked_where_none_is_to_be() {
    let newcomer = Newcomer::new();
    let office = Office::open(newcomer.env.base(), Manners::default());
    newcomer.write("");
    let mut command = newcomer.command(&["doctor", "--json"]);
    command.env("SYNCRO_API_KEY", KEY).envs(office.variables());
    let ran = Running::start(command).wait();
    is(ran.ends(0), "proxy", "ok", &["none"]);
    assert!(office.asked().is_empty());
}

#[test]
fn a_ca_file_that_cannot_be_read_is_a_wrong_setting() {
    let newcomer = Newcomer::new();
    newcomer.write("ca_file = \"gone.pem\"\n");
    let mut command = newcomer.command(&["doctor", "--json"]);
    command.env("SYNCRO_API_KEY", KEY);
    let ran = Running::start(command).wait();
    ran.ends(10);
    let said = super::doctor::check(&ran, "host");
    assert_eq!(said["state"], "problem");
    assert!(said["message"].as_str().unwrap().contains("gone.pem"), "{ran}");
}

/// As in a container that holds the program alone.
#[test]
#[cfg(target_os = "linux")]
fn a_machine_that_trusts_nobody_is_told_what_it_lacks() {
    let newcomer = Newcomer::new();
    newcomer.write("");
    let empty = newcomer.env.dir().join("none");
    std::fs::create_dir(&empty).unwrap();
    let mut command = newcomer.command(&["tickets"]);
    command.env("SYNCRO_BASE_URL", "https://acme.syncromsp.com/api/v1");
    command.env("SYNCRO_API_KEY", KEY).env_remove("SSL_CERT_FILE").env("SSL_CERT_DIR", empty);
    let ran = Running::start(command).wait();
    ran.ends(10).says("error: this machine has no certificate authorities");
    ran.says("`ca-certificates`").says("`ca_file`");
}
