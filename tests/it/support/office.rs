//! An office between the program and the account: a proxy that answers for every host itself, with certificates of an
//! authority of its own, and hands what it reads to the practice server. So a key can go to `acme.syncromsp.com`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, CustomExtension, DnType, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// Who issues its certificates.
pub(crate) const ISSUER: &str = "Larkspur Trust (Larkspur CA 1)";

/// How an office differs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manners {
    /// Whether its certificates look like those of the public logs.
    pub(crate) logged: bool,
    /// What the proxy says instead of letting anybody through.
    pub(crate) refuses: Option<u16>,
}

/// The office, until it is dropped.
pub(crate) struct Office {
    address: SocketAddr,
    authority: PathBuf,
    asked: Arc<Mutex<Vec<String>>>,
    _folder: tempfile::TempDir,
    _open: oneshot::Sender<()>,
}

/// What its connections need.
#[derive(Clone)]
struct Desk {
    acceptor: TlsAcceptor,
    upstream: String,
    manners: Manners,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Office {
    /// Opens one in front of the server at `base`.
    pub(crate) fn open(base: &str, manners: Manners) -> Self {
        let folder = super::folder();
        let authority = folder.path().join("office-ca.pem");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (pem, acceptor) = certified(manners.logged);
        std::fs::write(&authority, pem).unwrap();
        let upstream = base.trim_start_matches("http://");
        let desk = Desk {
            acceptor,
            upstream: upstream.split('/').next().unwrap().to_owned(),
            manners,
            asked: Arc::clone(&asked),
        };
        let (open, closed) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = desk.attend(listener) => {}
                    _ = closed => {}
                }
            });
        });
        Self { address: told.recv().unwrap(), authority, asked, _folder: folder, _open: open }
    }

    /// The variables that lead through it: `HTTPS_PROXY`, and `SSL_CERT_FILE`, without which it is not trusted.
    pub(crate) fn variables(&self) -> [(String, String); 2] {
        [
            ("HTTPS_PROXY".to_owned(), format!("http://{}", self.address)),
            ("SSL_CERT_FILE".to_owned(), self.authority.display().to_string()),
        ]
    }

    /// `host:port` of the proxy.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// The hosts that were asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Desk {
    async fn attend(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let desk = self.clone();
            // Whoever does not like what it gets goes away.
            tokio::spawn(async move { desk.serve(stream).await.unwrap_or_default() });
        }
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let host = head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(host);
        if let Some(status) = self.manners.refuses {
            let answer = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
            return stream.write_all(answer.as_bytes()).await;
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        let mut client = self.acceptor.accept(stream).await?;
        let mut server = TcpStream::connect(&self.upstream).await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        Ok(())
    }
}

/// The authority's certificate, and a server that it vouches for.
fn certified(logged: bool) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "Larkspur Trust");
    params.distinguished_name.push(DnType::CommonName, "Larkspur CA 1");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();
    let issuer = rcgen::Issuer::from_params(&params, &ca_key);
    let names = ["*.syncromsp.com", "*.shield.syncromsp.com", "*.repairshopr.com"];
    let mut params = CertificateParams::new(names.map(str::to_owned)).unwrap();
    if logged {
        let receipts = [1, 3, 6, 1, 4, 1, 11_129, 2, 4, 2];
        params.custom_extensions.push(CustomExtension::from_oid_content(&receipts, vec![4, 0]));
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
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
    (ca.pem(), TlsAcceptor::from(Arc::new(config)))
}
