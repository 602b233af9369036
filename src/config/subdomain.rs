//! Hosts: from `acme`, or an address pasted from a browser, to the API's base; and which bases may be given whole.
//! Messages never repeat what was given, since an address may carry credentials.

use url::{Host, Url};

/// Where every account lives.
const DOMAIN: &str = "syncromsp.com";

/// The account's name in what was typed: `acme`, `acme.syncromsp.com` or any address of the account.
///
/// # Errors
/// Why it is none of these.
pub fn label(typed: &str) -> Result<String, &'static str> {
    let typed = typed.trim().to_ascii_lowercase();
    let rest =
        typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
    let is_address = rest.len() != typed.len();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let label = match host.strip_suffix(DOMAIN).and_then(|l| l.strip_suffix('.')) {
        Some(label) => label,
        None if is_address || host != rest => {
            return Err("is not an address of the form https://acme.syncromsp.com");
        }
        None => host,
    };
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

/// The API's base for an account.
///
/// # Errors
/// When `label` is not a host name's part.
pub fn base(label: &str) -> Result<Url, &'static str> {
    Url::parse(&format!("https://{label}.{DOMAIN}/api/v1"))
        .map_err(|_| "does not make a valid address")
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
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("has no host"),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err("must use https; plain http works only for this machine"),
        _ => return Err("must begin with https://"),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_the_label() {
        for typed in [
            "acme",
            " ACME ",
            "acme.syncromsp.com",
            "https://acme.syncromsp.com",
            "https://acme.syncromsp.com/tickets/12?x=1#top",
            "http://acme.syncromsp.com/",
        ] {
            assert_eq!(label(typed).as_deref(), Ok("acme"), "{typed}");
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
        ] {
            assert!(label(typed).is_err(), "{typed}");
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
}
