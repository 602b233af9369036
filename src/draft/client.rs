//! The second and last file that names the HTTP library: asks an Ollama host which models it has, and one of them for
//! an answer. It knows neither the Syncro key nor its address, follows nothing, and repeats nothing. Plain http goes
//! to this machine and to private addresses only, and never through a proxy.

use std::error::Error as StdError;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::Value;
use url::{Host as UrlHost, Url};

use crate::hosts;

/// No answer is larger; a list of models is a few kilobytes.
const LARGEST: usize = 4 << 20;

/// The words for an address that plain http may not reach.
const TOO_FAR: &str = "plain http works only for this machine and private addresses; use https";

/// A host that may be asked.
#[derive(Debug)]
pub(super) struct Host {
    client: reqwest::Client,
    base: String,
}

impl Host {
    /// A client for this address alone. Nothing is sent.
    pub(super) fn new(url: &Url) -> Result<Self, String> {
        // A second installation fails and changes nothing.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("syncro/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        match url.scheme() {
            "http" => {
                if literal(url).is_some_and(|address| !is_near(address)) {
                    return Err(TOO_FAR.to_owned());
                }
                // No certificate is looked at, so the system's need not be read.
                builder = builder.no_proxy().tls_certs_only([]);
                builder = builder.dns_resolver(std::sync::Arc::new(Near));
            }
            "https" if hosts::is_here(url) => builder = builder.no_proxy(),
            "https" => {}
            other => return Err(format!("{other} is not http")),
        }
        let client = builder.build().map_err(|error| why(error, None))?;
        let mut base = url.clone();
        base.set_query(None);
        base.set_fragment(None);
        Ok(Self { client, base: base.as_str().trim_end_matches('/').to_owned() })
    }

    /// `GET /api/tags`: the names of the models that are there.
    pub(super) async fn models(&self, limit: Duration) -> Result<Vec<String>, String> {
        let request = self.client.get(format!("{}/api/tags", self.base));
        let answer = exchange(request, limit).await?;
        let models = answer.get("models").and_then(Value::as_array);
        let models = models.ok_or("its answer is not an Ollama answer")?;
        let name = |model: &Value| {
            let name = model.get("name").or_else(|| model.get("model"))?;
            name.as_str().map(str::to_owned)
        };
        Ok(models.iter().filter_map(name).collect())
    }

    /// `POST /api/chat`: what the model wrote.
    pub(super) async fn chat(&self, body: &Value, limit: Duration) -> Result<String, String> {
        let request = self.client.post(format!("{}/api/chat", self.base));
        let answer = exchange(request.json(body), limit).await?;
        let content = answer.pointer("/message/content").and_then(Value::as_str);
        content.map(str::to_owned).ok_or_else(|| "its answer is not an Ollama answer".to_owned())
    }
}

/// Sends one request and reads the whole JSON answer, all within `limit`.
async fn exchange(request: reqwest::RequestBuilder, limit: Duration) -> Result<Value, String> {
    let answer = request.timeout(limit).send().await;
    let mut answer = answer.map_err(|error| why(error, Some(limit)))?;
    let status = answer.status();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| why(error, Some(limit)))? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err("its answer is too large".to_owned());
        }
        bytes.extend_from_slice(&chunk);
    }
    let value: Option<Value> = serde_json::from_slice(&bytes).ok();
    if status.is_success() {
        return value.ok_or_else(|| "its answer is not JSON".to_owned());
    }
    let said = value.as_ref().and_then(|value| value.get("error")?.as_str());
    Err(match said {
        Some(said) => format!("it answered {} ({})", status.as_u16(), short(said)),
        None => format!("it answered {}", status.as_u16()),
    })
}

/// A server's own words, on one line and not too many.
fn short(said: &str) -> String {
    crate::render::sanitise::one_line(said).chars().take(200).collect()
}

/// Why there is no answer. The library's outermost words hold the address, which may hold a log-in.
fn why(error: reqwest::Error, limit: Option<Duration>) -> String {
    let error = error.without_url();
    if let (true, Some(limit)) = (error.is_timeout(), limit) {
        let limit = match limit.subsec_millis() {
            0 => format!("{} s", limit.as_secs()),
            _ => format!("{} ms", limit.as_millis()),
        };
        return format!("no answer within {limit}");
    }
    let mut deepest: &dyn StdError = &error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    short(&deepest.to_string())
}

/// The address, where it is written as one.
fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        UrlHost::Ipv4(address) => Some(address.into()),
        UrlHost::Ipv6(address) => Some(address.into()),
        UrlHost::Domain(_) => None,
    }
}

/// Whether an address is this machine's or one of a network at hand, which no router passes on to the world.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_near(mapped.into()),
            None => {
                address == Ipv6Addr::LOCALHOST
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            }
        },
    }
}

/// Finds near addresses only: what is checked is what is connected to.
struct Near;

impl Resolve for Near {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let near: Vec<SocketAddr> = found.filter(|one| is_near(one.ip())).collect();
            if near.is_empty() {
                return Err(TOO_FAR.into());
            }
            Ok(Box::new(near.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_near() {
        for near in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.20",
            "169.254.1.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in [
            "8.8.8.8",
            "172.32.0.1",
            "100.64.0.1",
            "192.169.0.1",
            "0.0.0.0",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "::",
        ] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
        let host = |url: &str| Host::new(&url.parse().unwrap()).map(|_| ());
        assert_eq!(host("http://203.0.113.7:11434"), Err(TOO_FAR.to_owned()));
        assert_eq!(host("http://[2001:db8::1]/"), Err(TOO_FAR.to_owned()));
        assert_eq!(host("https://203.0.113.7"), Ok(()));
        assert_eq!(host("http://192.168.1.20:11434/"), Ok(()));
        assert!(host("ftp://127.0.0.1").is_err());
    }

    #[tokio::test]
    async fn names_lead_to_near_addresses_only() {
        let resolved = |name: &str| Near.resolve(name.parse().unwrap());
        assert!(resolved("localhost").await.unwrap().count() > 0);
        let Err(far) = resolved("203.0.113.7").await else {
            unreachable!("a far address was found")
        };
        assert_eq!(far.to_string(), TOO_FAR);
    }

    #[test]
    fn hosts_are_named_without_their_log_in() {
        let named = |url: &str| hosts::name(&url.parse().unwrap());
        assert_eq!(named("http://sam:secret@gpu.lan:11434/x"), "gpu.lan:11434");
        assert_eq!(named("https://ai.example.com"), "ai.example.com");
        assert_eq!(named("http://[::1]:1234/"), "[::1]:1234");
    }
}
