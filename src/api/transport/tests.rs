//! Trust and its lack: a server certified by an authority of its own, known and unknown.

use std::net::SocketAddr;

use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::api::testing::{self, KEY, Seen};

/// An authority, and a server that it certifies.
struct Office {
    ca_pem: String,
    address: SocketAddr,
}

impl Office {
    async fn open() -> Self {
        let mut params = rcgen::CertificateParams::default();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
        let ca_key = rcgen::KeyPair::generate().unwrap();
        let ca = params.self_signed(&ca_key).unwrap();
        let issuer = rcgen::Issuer::from_params(&params, &ca_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not trust the certificate goes away here.
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut request = [0; 4096];
                    let _read = stream.read(&mut request).await.unwrap();
                    let answer = testing::answer("200 OK", "application/json", "{\"id\":1}");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    stream.shutdown().await.unwrap();
                });
            }
        });
        Self { ca_pem: ca.pem(), address }
    }

    async fn ask(&self, change: impl FnOnce(&mut Connection)) -> Result<Response, Failure> {
        let dir = tempfile::tempdir().unwrap();
        let base = format!("https://localhost:{}/api/v1", self.address.port());
        let mut connection = testing::connection(&base, dir.path());
        connection.timeout = Duration::from_secs(5);
        change(&mut connection);
        get(connection).await
    }

    fn ca_file(&self) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &self.ca_pem).unwrap();
        file
    }
}

async fn get(connection: Connection) -> Result<Response, Failure> {
    let transport = Transport::new(connection, Arc::new(Seen::default())).unwrap();
    let (method, room) = ("GET", Room::WHOLE);
    let outgoing = Outgoing { method, path: "/me", query: &[], body: None, fresh: false, room };
    let slot = transport.turn().await;
    transport.exchange(slot, &outgoing).await
}

#[tokio::test]
async fn an_unknown_authority_means_that_nothing_left() {
    let office = Office::open().await;
    let failure = office.ask(|_| ()).await.unwrap_err();
    assert_eq!(failure.reach, Reach::Refused);
    assert!(failure.cause.starts_with("TLS: "), "{}", failure.cause);
    assert!(!format!("{failure:?}").contains(KEY));
}

#[tokio::test]
async fn the_offices_own_authority_is_trusted_once_named() {
    let office = Office::open().await;
    let file = office.ca_file();
    let path = file.path().to_owned();
    let response = office.ask(|connection| connection.ca_file = Some(path)).await;
    assert_eq!(response.unwrap().status, 200);
    let path = file.path().to_owned();
    let response = office.ask(|connection| connection.extra_ca = Some(path)).await;
    assert_eq!(response.unwrap().status, 200);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_means_that_nothing_left() {
    let server = testing::Raw::start(testing::Then::Say("nonsense\r\n".to_owned()));
    let dir = tempfile::tempdir().unwrap();
    let base = server.base.replace("http:", "https:");
    let failure = get(testing::connection(&base, dir.path())).await.unwrap_err();
    assert_eq!(failure.reach, Reach::NotConnected, "{failure:?}");
}

#[tokio::test]
async fn a_connection_that_takes_too_long_means_that_nothing_left() {
    // Accepted by the system, never by the program: the handshake gets no answer.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let base = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let failure = get(testing::connection(&base, dir.path())).await.unwrap_err();
    assert_eq!(failure.reach, Reach::NotConnected, "{failure:?}");
    assert_eq!(failure.cause, "no connection within 540 ms");
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let connection = testing::connection("http://127.0.0.1:9/api/v1", dir.path());
    assert!(!format!("{connection:?}").contains(KEY));
    let outgoing = Outgoing {
        method: "GET",
        path: "/me?api_key=fake-key-do-not-use",
        query: &[("echo".into(), KEY.to_owned())],
        body: None,
        fresh: false,
        room: Room::WHOLE,
    };
    let seen = Arc::new(Seen::default());
    let observer = Arc::clone(&seen) as Arc<dyn Observer>;
    let transport = Transport::new(connection, observer).unwrap();
    let slot = transport.turn().await;
    let failure = transport.exchange(slot, &outgoing).await.unwrap_err();
    let said = format!("{failure:?} {}", seen.all());
    assert!(!said.contains(KEY), "{said}");
    assert!(said.contains("/me?api_key=***&api_key=[key]&echo=[key]"), "{said}");
}
