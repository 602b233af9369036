//! Hosts: from `acme`, or an address pasted from a browser, to the API's base; and which bases may be given whole.
//! Messages never repeat what was given, since an address may carry credentials.

use std::fmt;

use url::Url;

use crate::hosts;

/// Where accounts live.
const DOMAIN: &str = "syncromsp.com";

/// Where older accounts live, with the same API.
const ELSEWHERE: [&str; 2] = ["shield.syncromsp.com", "repairshopr.com"];

/// Where the API lies on a host.
pub(super) const API_PATH: &str = "/api/v1";

/// Where an account lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// `acme` of acme.syncromsp.com.
    Subdomain(String),
    /// Elsewhere: the API's whole base.
    Base(Url),
}

impl Account {
    /// The account in what was typed: `acme`, `acme.syncromsp.com`, `acme.repairshopr.com`, or any address of it.
    ///
    /// # Errors
    /// Why it is none of these.
    pub fn read(typed: &str) -> Result<Self, &'static str> {
        let typed = typed.trim().to_ascii_lowercase();
        let https = typed.strip_prefix("https://");
        let rest = https.or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
        let is_address = rest.len() != typed.len();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let below = |domain: &str| host.strip_suffix(domain).and_then(|l| l.strip_suffix('.'));
        if let Some(label) = ELSEWHERE.iter().find_map(|domain| below(domain)) {
            checked(label)?;
            return configured_base(&format!("https://{host}")).map(Self::Base);
        }
        match below(DOMAIN) {
            Some(label) => checked(label),
            None if is_address || host != rest => {
                Err("is not an address of the form https://acme.syncromsp.com")
            }
            None => checked(host),
        }
        .map(Self::Subdomain)
    }

    /// The API's base.
    ///
    /// # Errors
    /// When the name is not a host name's part.
    pub fn base(&self) -> Result<Url, &'static str> {
        match self {
            Self::Subdomain(label) => Url::parse(&format!("https://{label}.{DOMAIN}{API_PATH}"))
                .map_err(|_| "does not make a valid address"),
            Self::Base(base) => Ok(base.clone()),
        }
    }

    /// What the key of it is called: `acme`, `acme-repairshopr-com`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Subdomain(label) => label.clone(),
            Self::Base(base) => base.host_str().unwrap_or_default().replace(['.', ':'], "-"),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subdomain(label) => f.write_str(label),
            Self::Base(base) => write!(f, "{base}"),
        }
    }
}

fn checked(label: &str) -> Result<String, &'static str> {
    let fits = (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-');
    if fits {
        Ok(label.to_owned())
    } else {
        Err("must be the first part of your Syncro address: `acme` for acme.syncromsp.com")
    }
}

/// A base in the configuration: `https` only; a host alone has the API where all have it.
///
/// # Errors
/// Why the key cannot be sent there.
pub fn configured_base(typed: &str) -> Result<Url, &'static str> {
    let mut base = whole_base(typed)?;
    if base.scheme() != "https" {
        return Err("must use https");
    }
    if base.path() == "/" {
        base.set_path(API_PATH);
    }
    Ok(base)
}

/// A base given whole, in `SYNCRO_BASE_URL`.
///
/// # Errors
/// Why the key cannot be sent there.
pub fn whole_base(typed: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(typed.trim().trim_end_matches('/'))
        .map_err(|_| "is not an address like https://acme.syncromsp.com/api/v1")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with the path: no `?` and no `#`");
    }
    if url.host().is_none() {
        return Err("has no host");
    }
    match url.scheme() {
        "https" => {}
        "http" if hosts::is_here(&url) => {}
        "http" => return Err("must use https; plain http works only for this machine"),
        _ => return Err("must begin with https://"),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Where the pages are that people see, by the API's base: nothing of what a request carries is in it.
#[must_use]
pub fn web_root(base: &Url) -> Url {
    let mut root = base.clone();
    let path = base.path().trim_end_matches('/');
    root.set_path(path.strip_suffix(API_PATH).unwrap_or(path));
    root.set_query(None);
    root.set_fragment(None);
    root
}

/// Host, port and folder of an API; the folder that all have is left out.
#[must_use]
pub fn place_name(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default().to_owned();
    let port = base.port().map(|port| port.to_string());
    let path = base.path().trim_matches('/');
    let folder = (path != "api/v1").then(|| path.replace('/', "-"));
    let parts = [Some(host), port, folder].into_iter().flatten();
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_the_account() {
        for typed in [
            "acme",
            " ACME ",
            "acme.syncromsp.com",
            "https://acme.syncromsp.com",
            "https://acme.syncromsp.com/tickets/12?x=1#top",
            "http://acme.syncromsp.com/",
        ] {
            assert_eq!(Account::read(typed), Ok(Account::Subdomain("acme".to_owned())), "{typed}");
        }
        for (typed, host) in [
            ("acme.repairshopr.com", "acme.repairshopr.com"),
            ("https://Acme.shield.syncromsp.com/customers/7?x=1", "acme.shield.syncromsp.com"),
            ("http://acme.repairshopr.com/", "acme.repairshopr.com"),
            ("https://acme.repairshopr.com/api/v1", "acme.repairshopr.com"),
        ] {
            let account = Account::read(typed).unwrap();
            assert_eq!(account.base().unwrap().as_str(), format!("https://{host}/api/v1"));
            assert_eq!(Account::read(&account.to_string()), Ok(account), "{typed}");
        }
    }

    #[test]
    fn other_hosts_and_odd_names_are_refused() {
        for typed in [
            "",
            "a b",
            "acme.example.com",
            "https://acme.example.com/x.syncromsp.com",
            "https://acme",
            "acme/../evil",
            "-acme",
            "acme-",
            "evil.com/.syncromsp.com",
            "user@acme.syncromsp.com",
            "a.b.syncromsp.com",
            ".syncromsp.com",
            "syncromsp.com",
            "repairshopr.com",
            "a.b.repairshopr.com",
            "evil.com/.repairshopr.com",
            "https://user@acme.repairshopr.com",
            "acme.shield.syncromsp.com.example.com",
        ] {
            assert!(Account::read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn whole_bases() {
        for (typed, kept) in [
            ("http://127.0.0.1:8080/api/v1", "http://127.0.0.1:8080/api/v1"),
            ("http://127.0.0.1:8080/api/v1/", "http://127.0.0.1:8080/api/v1"),
            ("http://[::1]:9/api/v1", "http://[::1]:9/api/v1"),
            ("http://localhost:9/v1", "http://localhost:9/v1"),
            ("https://psa.example.com/api/v1", "https://psa.example.com/api/v1"),
        ] {
            assert_eq!(whole_base(typed).map(String::from).as_deref(), Ok(kept));
        }
        for typed in [
            "http://psa.example.com/api/v1",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "https://sam:pass@psa.example.com/api/v1",
            "https://psa.example.com/api/v1?api_key=1",
            "https://psa.example.com/api/v1#x",
            "ftp://127.0.0.1/",
            "acme",
            "",
        ] {
            assert!(whole_base(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn pages_lie_beside_the_api_and_tell_no_key() {
        for (base, root) in [
            ("https://acme.syncromsp.com/api/v1", "https://acme.syncromsp.com/"),
            ("http://127.0.0.1:9/desk/api/v1/?api_key=k#x", "http://127.0.0.1:9/desk"),
            ("https://desk.example/", "https://desk.example/"),
        ] {
            assert_eq!(web_root(&Url::parse(base).unwrap()).as_str(), root);
        }
    }

    #[test]
    fn two_accounts_of_a_host_are_told_apart() {
        for (base, name) in [
            ("https://acme.example/api/v1/", "acme.example"),
            ("https://acme.example/api/v1", "acme.example"),
            ("http://127.0.0.1:8080/api/v1/", "127.0.0.1-8080"),
            ("https://acme.example/a/api/v1", "acme.example-a-api-v1"),
            ("https://acme.example/b/api/v1", "acme.example-b-api-v1"),
            ("https://acme.example", "acme.example"),
        ] {
            assert_eq!(base.parse().map(|base| place_name(&base)), Ok(name.to_owned()));
        }
    }
}
