//! Which certificate authorities are trusted beside the system's: the configuration's `ca_file` and `SSL_CERT_FILE`.
//! Both add to the system's store and never replace it.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::Error;

/// The certificates of both files, and of the system's store where the second would replace it.
///
/// # Errors
/// When a file cannot be read, holds no certificate, or one that cannot be used; the message names file and reason.
pub(super) fn authorities(
    ca_file: Option<&Path>,
    extra_ca: Option<&Path>,
) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut found = Vec::new();
    for path in [ca_file, extra_ca].into_iter().flatten() {
        found.extend(
            bundle(path)
                .map_err(|why| Error::Setup(format!("the CA file {} {why}", path.display())))?,
        );
    }
    if extra_ca.is_some() {
        found.extend(replaced_store());
    }
    found.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    found.dedup();
    Ok(found)
}

/// The certificates of a PEM file, each checked; else why not, to follow the file's name.
fn bundle(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut found = Vec::new();
    for (index, der) in CertificateDer::pem_slice_iter(&bytes).enumerate() {
        let number = index + 1;
        let der = der.map_err(|error| format!("is not a PEM file: {error}"))?;
        rustls::RootCertStore::empty()
            .add(der.clone())
            .map_err(|error| format!("cannot be used: certificate {number}: {error}"))?;
        found.push(der);
    }
    if found.is_empty() {
        return Err("holds no certificate".to_owned());
    }
    Ok(found)
}

/// The system's own store. On these systems the library reads `SSL_CERT_FILE` *instead* of it, and here the variable
/// adds to it.
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
fn replaced_store() -> Vec<CertificateDer<'static>> {
    const BUNDLES: [&str; 6] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ];
    let Some(bytes) = BUNDLES.iter().find_map(|path| std::fs::read(path).ok()) else {
        return Vec::new();
    };
    CertificateDer::pem_slice_iter(&bytes)
        .flatten()
        // One odd certificate among the system's is not this program's business.
        .filter(|der| rustls::RootCertStore::empty().add(der.clone()).is_ok())
        .collect()
}

/// Elsewhere the system is always asked.
#[cfg(not(all(unix, not(target_vendor = "apple"), not(target_os = "android"))))]
fn replaced_store() -> Vec<CertificateDer<'static>> {
    Vec::new()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn ssl_cert_file_adds_to_the_systems_store() {
        let system = replaced_store();
        let key = rcgen::KeyPair::generate().unwrap();
        let office = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), office.pem()).unwrap();
        let all = authorities(None, Some(file.path())).unwrap();
        assert!(all.contains(office.der()));
        assert!(system.iter().all(|der| all.contains(der)));
        // The configuration's file replaces nothing, so that the system's store is left to the system.
        let named = authorities(Some(file.path()), None).unwrap();
        assert_eq!(named, [office.der().clone()]);
    }
}
