//! What a person or a system wrote, as text: UTF-8 or UTF-16 by its mark, with lines that end as they like.

/// Bytes as text, by their byte order mark, else UTF-8.
///
/// # Errors
/// What is wrong with bytes that are no text, as the rest of a sentence.
pub fn decoded(bytes: &[u8]) -> Result<String, String> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        bytes => utf8(bytes),
    }?;
    if text.contains('\0') {
        return Err("is not text, or is UTF-16 without a byte order mark".to_owned());
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec())
        .map_err(|_| "is neither UTF-8 nor UTF-16 with a byte order mark".to_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let pairs = bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok().filter(|_| whole).ok_or_else(|| "is broken UTF-16".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn any_system_may_have_written_it() {
        let text = "Ærlig\r\ntalt \u{1f642}\r";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", little.as_slice()].concat(),
            [b"\xfe\xff", big.as_slice()].concat(),
        ] {
            assert_eq!(decoded(&bytes).unwrap(), "Ærlig\ntalt \u{1f642}\n");
        }
        for bytes in [&b"a\xffb"[..], b"\xff\xfea", b"\xff\xfe\x00\xd8", b"a\0b\0"] {
            assert!(decoded(bytes).is_err(), "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40)) {
            if let Ok(text) = decoded(&bytes) {
                proptest::prop_assert!(!text.contains(['\r', '\0']));
            }
        }
    }
}
