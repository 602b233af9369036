//! The way to the API, for whoever asks why it does not work: the proxy in use, and whose certificate the other end
//! shows. Connects and shakes hands as the transport does, and hangs up: no request is made, and no key is needed.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use super::certificate::Certificate;
use super::error::Error;
use super::{causes, shapes, transport, trust};

/// The longest head of a proxy's answer.
const LONGEST_HEAD: usize = 8192;

/// What was found on the way, as far as it went.
#[derive(Debug, Clone, Default)]
pub struct Route {
    /// The proxy, as `host:port`.
    pub proxy: Option<String>,
    /// What the other end showed; `None` for plain http, and where the way ended before.
    pub certificate: Option<Certificate>,
    /// Why the way ended before its end, in words for people.
    pub obstacle: Option<String>,
    /// Whether the obstacle is that the certificate is not trusted.
    pub is_distrusted: bool,
    /// Whether the rest of the way was not looked at: a kind of proxy that only the transport speaks with.
    pub is_unknown: bool,
}

/// Goes the way to `base` once.
///
/// # Errors
/// When a CA file cannot be read.
pub async fn look(
    base: &Url,
    ca_file: Option<&Path>,
    extra_ca: Option<&Path>,
    timeout: Duration,
) -> Result<Route, Error> {
    let witness = Arc::new(Witness::new(ca_file, extra_ca)?);
    let proxy = proxy(base);
    let mut route =
        Route { proxy: proxy.as_ref().map(|proxy| address(proxy.uri())), ..Route::default() };
    if let Some(proxy) = &proxy
        && proxy.uri().scheme_str() != Some("http")
    {
        route.is_unknown = true;
        return Ok(route);
    }
    let way = async {
        let stream = connect(base, proxy.as_ref()).await?;
        if base.scheme() == "https" {
            shake_hands(base, stream, Arc::clone(&witness)).await?;
        }
        Ok(())
    };
    let limit = transport::connect_timeout(timeout);
    route.obstacle = match tokio::time::timeout(limit, way).await {
        Ok(result) => result.err(),
        Err(_) => Some(format!("no answer within {} s", limit.as_secs().max(1))),
    };
    let seen = witness.seen();
    route.is_distrusted = seen.distrust.is_some();
    route.certificate = seen.certificate.as_ref().and_then(|der| Certificate::read(der));
    if let Some(why) = &seen.distrust {
        route.obstacle = Some(format!("TLS: {}", shapes::one_line(why)));
    }
    Ok(route)
}

/// The proxy for `base`, chosen as the transport chooses it.
fn proxy(base: &Url) -> Option<Intercept> {
    if transport::is_loopback(base) {
        return None;
    }
    let target = base.as_str().parse().ok()?;
    Matcher::from_system().intercept(&target)
}

/// `host:port`, and nothing that was written before it.
fn address(proxy: &hyper::Uri) -> String {
    let host = proxy.host().unwrap_or_default();
    proxy.port_u16().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A connection to the API's host, through the proxy if there is one.
async fn connect(base: &Url, proxy: Option<&Intercept>) -> Result<TcpStream, String> {
    let host = host(base);
    let port = base.port_or_known_default().unwrap_or(443);
    let Some(proxy) = proxy else {
        return open(&host, port).await;
    };
    let at = proxy.uri().host().unwrap_or_default();
    let stream = open(at, proxy.uri().port_u16().unwrap_or(80)).await;
    let mut stream = stream.map_err(|why| format!("the proxy {at}: {why}"))?;
    let mut asked = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(auth) = proxy.basic_auth().and_then(|auth| auth.to_str().ok()) {
        asked.push_str(&format!("Proxy-Authorization: {auth}\r\n"));
    }
    asked.push_str("\r\n");
    let answered = async {
        stream.write_all(asked.as_bytes()).await?;
        status(&mut stream).await
    };
    match answered.await {
        Ok(200..=299) => Ok(stream),
        Ok(407) => Err(format!("the proxy {at} asks for a log-in (407)")),
        Ok(status) => Err(format!("the proxy {at} would not connect ({status})")),
        Err(error) => Err(format!("the proxy {at}: {}", words(&error))),
    }
}

async fn open(host: &str, port: u16) -> Result<TcpStream, String> {
    let found = tokio::net::lookup_host((host, port)).await;
    let addresses: Vec<_> = found.map_err(|_| format!("the name {host} was not found"))?.collect();
    let stream = TcpStream::connect(addresses.as_slice()).await;
    stream.map_err(|error| words(&error))
}

/// The status of an answer whose head is read to its end.
async fn status(stream: &mut TcpStream) -> io::Result<u16> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        head.push(stream.read_u8().await?);
    }
    let text = String::from_utf8_lossy(&head);
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok());
    status.ok_or_else(|| io::Error::other("it does not answer as a proxy does"))
}

async fn shake_hands(base: &Url, stream: TcpStream, witness: Arc<Witness>) -> Result<(), String> {
    let name = ServerName::try_from(host(base)).map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(transport::provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        // It believes what the transport believes, and remembers what it saw.
        .with_custom_certificate_verifier(witness)
        .with_no_client_auth();
    let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let mut stream = shaken.map_err(|error| match causes::tls(&error) {
        Some(tls) => format!("TLS: {}", shapes::one_line(&tls.to_string())),
        None => words(&error),
    })?;
    // The handshake was all; how the other end takes the farewell is nobody's concern.
    stream.shutdown().await.unwrap_or_default();
    Ok(())
}

/// The host without the brackets of an IPv6 address.
fn host(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default();
    host.trim_matches(['[', ']']).to_owned()
}

fn words(error: &io::Error) -> String {
    causes::io_words(error.kind())
        .map_or_else(|| shapes::one_line(&causes::deepest(error)), ToOwned::to_owned)
}

/// Judges a certificate as the transport does, and remembers it.
#[derive(Debug)]
struct Witness {
    judge: rustls_platform_verifier::Verifier,
    seen: Mutex<Seen>,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    certificate: Option<Vec<u8>>,
    distrust: Option<String>,
}

impl Witness {
    fn new(ca_file: Option<&Path>, extra_ca: Option<&Path>) -> Result<Self, Error> {
        let extra = trust::authorities(ca_file, extra_ca)?;
        let provider = transport::provider();
        let judge = if extra.is_empty() {
            rustls_platform_verifier::Verifier::new(provider)
        } else {
            rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)
        };
        Ok(Self {
            judge: judge.map_err(|error| Error::Setup(error.to_string()))?,
            seen: Mutex::default(),
        })
    }

    fn seen(&self) -> Seen {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self.judge.verify_server_cert(certificate, chain, name, ocsp, now);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen {
            certificate: Some(certificate.to_vec()),
            distrust: verdict.as_ref().err().map(ToString::to_string),
        };
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}
