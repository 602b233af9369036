//! As much of a server's certificate as a person wants to know: who issued it, for whom, until when, and whether it
//! stands in the public logs, as every public authority's does. Trust is not judged here.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// `2.5.4.3`.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// `2.5.4.10`.
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
/// `1.3.6.1.4.1.11129.2.4.2`: the logs' receipts.
const RECEIPTS: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const OBJECT_ID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const LONG_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Who vouches: organisation and name.
    pub issuer: String,
    /// Whom for.
    pub subject: String,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// Whether it stands in the public logs: one made by an office's inspecting proxy does not.
    pub is_logged: bool,
}

impl Certificate {
    /// Reads the certificate's bytes; `None` when they are none.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(der, SEQUENCE)?;
        let (body, _) = expect(certificate, SEQUENCE)?;
        let body = match element(body)? {
            (VERSION, _, rest) => rest,
            _ => body,
        };
        let (_serial, rest) = next(body)?;
        let (_algorithm, rest) = next(rest)?;
        let (issuer, rest) = expect(rest, SEQUENCE)?;
        let (validity, rest) = expect(rest, SEQUENCE)?;
        let (subject, mut rest) = expect(rest, SEQUENCE)?;
        let (_from, until) = next(validity)?;
        let mut is_logged = false;
        while let Some((tag, inside, after)) = element(rest) {
            if tag == EXTENSIONS {
                is_logged = has_receipts(inside);
            }
            rest = after;
        }
        Some(Self {
            issuer: name(issuer),
            subject: name(subject),
            expires: element(until).and_then(|(tag, text, _)| time(tag, text)),
            is_logged,
        })
    }
}

/// Tag, contents, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if digits.len() > 4 {
            return None;
        }
        let length = digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
        (length, rest)
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some((tag, inside, after))
}

/// The contents of the next element, and what follows.
fn next(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    element(bytes).map(|(_, inside, after)| (inside, after))
}

/// The same, of an element that must have this tag.
fn expect(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    element(bytes).and_then(|(tag, inside, after)| (tag == wanted).then_some((inside, after)))
}

/// Organisation and common name of a distinguished name: "Example Trust (Example CA 1)".
fn name(mut sets: &[u8]) -> String {
    let (mut organisation, mut common) = (None, None);
    while let Some((set, after)) = expect(sets, SET) {
        if let Some((pair, _)) = expect(set, SEQUENCE)
            && let Some((kind, value)) = expect(pair, OBJECT_ID)
            && let Some((tag, value, _)) = element(value)
        {
            match kind {
                ORGANISATION => organisation = Some(text(tag, value)),
                COMMON_NAME => common = Some(text(tag, value)),
                _ => {}
            }
        }
        sets = after;
    }
    match (organisation, common) {
        (Some(organisation), Some(common)) => format!("{organisation} ({common})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "nobody named".to_owned(),
    }
}

/// A string as far as it can be read.
fn text(tag: u8, bytes: &[u8]) -> String {
    let text = if tag == BMP_STRING {
        let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    super::shapes::one_line(&text)
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
fn time(tag: u8, bytes: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let whole = match (tag, text.get(..2)?.parse::<u8>().ok()?) {
        (LONG_TIME, _) => text.to_owned(),
        (UTC_TIME, 0..50) => format!("20{text}"),
        (UTC_TIME, _) => format!("19{text}"),
        _ => return None,
    };
    let civil = DateTime::strptime("%Y%m%d%H%M%S", &whole).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Whether the logs' receipts are among the extensions.
fn has_receipts(inside: &[u8]) -> bool {
    let Some((mut extensions, _)) = expect(inside, SEQUENCE) else {
        return false;
    };
    while let Some((extension, after)) = next(extensions) {
        if expect(extension, OBJECT_ID).is_some_and(|(id, _)| id == RECEIPTS) {
            return true;
        }
        extensions = after;
    }
    false
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, CustomExtension, DnType, KeyPair};

    use super::*;

    fn certificate(receipts: bool) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["acme.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::OrganizationName, "Caf\u{e9} Trust");
        params.distinguished_name.push(DnType::CommonName, "Office CA 1");
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        if receipts {
            let id: Vec<u64> = vec![1, 3, 6, 1, 4, 1, 11_129, 2, 4, 2];
            params.custom_extensions.push(CustomExtension::from_oid_content(&id, vec![4, 0]));
        }
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn issuer_end_and_receipts_are_read() {
        for receipts in [false, true] {
            let read = Certificate::read(&certificate(receipts)).unwrap();
            assert_eq!(read.issuer, "Caf\u{e9} Trust (Office CA 1)");
            assert_eq!(read.subject, read.issuer);
            assert_eq!(read.expires.unwrap().to_string(), "2031-02-03T00:00:00Z");
            assert_eq!(read.is_logged, receipts);
        }
    }

    #[test]
    fn both_kinds_of_time_are_read() {
        let read = |tag, text: &str| time(tag, text.as_bytes()).map(|at| at.to_string());
        let expected = Some("2049-12-31T23:59:59Z".to_owned());
        assert_eq!(read(UTC_TIME, "491231235959Z"), expected);
        assert_eq!(read(LONG_TIME, "20491231235959Z"), expected);
        assert_eq!(read(UTC_TIME, "991231235959Z").as_deref(), Some("1999-12-31T23:59:59Z"));
        assert_eq!(read(UTC_TIME, "4912312359Z"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), cut in 0..600_usize, at in 0..600_usize, to in any::<u8>()) {
            let _any = Certificate::read(&bytes);
            let mut whole = certificate(true);
            whole.truncate(whole.len().min(cut));
            if let Some(byte) = whole.get_mut(at) {
                *byte = to;
            }
            let _any = Certificate::read(&whole);
        }
    }
}
