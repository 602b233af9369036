//! What people at Windows write into the file, and how Windows writes it.

use super::*;

const QUOTES: &str = r" | put a path with backslashes in single quotes: 'C:\Users\sam\logs'";

#[test]
fn a_path_in_double_quotes_is_told_of_single_ones() {
    for (line, said) in [
        (r#"session_logs = "C:\Users\sam\logs""#, "config.toml:2: "),
        (r#"api_key_file = "C:\keys\acme.key""#, "config.toml:2: "),
        (r#"ca_file = "C:\office.pem""#, "config.toml:2: "),
        (r#"ca_file = "C:\xyz\office.pem""#, "config.toml:2: "),
        (r#"session_logs = "\\nas\share""#, "config.toml:2: "),
        // Each escape is a good one, and the path is none.
        (r#"session_logs = "C:\temp""#, "config.toml:2: session_logs contains a control character"),
        (r#"ca_file = "D:\new.pem""#, "config.toml:2: ca_file contains a control character"),
    ] {
        let shown = complaint(&format!("subdomain = \"acme\"\n{line}\n"));
        assert!(shown.starts_with(said) && shown.ends_with(QUOTES), "{line}: {shown}");
    }
}

#[test]
fn no_other_mistake_is_told_of_quotes() {
    for line in [
        r#"session_logs = "C:/logs"#,
        r"session_logs = C:\logs",
        r"session_logs = 'C:\logs' x",
        r#"subdomain = "acme""#,
        r#"auth = "\"basic\"""#,
    ] {
        let shown = complaint(&format!("subdomain = \"acme\"\n{line}\n"));
        assert!(!shown.contains("single quotes"), "{line}: {shown}");
    }
    let settings = settings("subdomain = \"acme\"\nsession_logs = 'C:\\Users\\sam'\n");
    let logs = settings.session_logs.unwrap();
    assert!(logs.display().to_string().ends_with(r"C:\Users\sam"), "{}", logs.display());
}

#[test]
fn a_file_that_powershell_wrote_is_named_as_what_it_is() {
    let office = Office::new("");
    let utf16 = |unit: fn(u16) -> [u8; 2], mark: &[u8]| {
        let text = "subdomain = \"acme\"\r\n".encode_utf16().flat_map(unit);
        mark.iter().copied().chain(text).collect::<Vec<u8>>()
    };
    for (bytes, what) in [
        (utf16(u16::to_le_bytes, &[0xff, 0xfe]), "it is UTF-16, not UTF-8"),
        (utf16(u16::to_be_bytes, &[0xfe, 0xff]), "it is UTF-16, not UTF-8"),
        (utf16(u16::to_le_bytes, &[]), "it is UTF-16, not UTF-8"),
        (utf16(u16::to_be_bytes, &[]), "it is UTF-16, not UTF-8"),
        (b"subdomain = \"acme\"\nuser = \"S\xf8ren\"\n".to_vec(), "it is not UTF-8"),
    ] {
        std::fs::write(office.file(), bytes).unwrap();
        let error = office.error();
        assert!(error.message.ends_with(&format!("cannot be read: {what}")), "{error}");
        let name = office.file().display().to_string();
        let hint = hints(&error).join(" ");
        assert!(hint.contains("-Encoding utf8") && hint.matches(&name).count() == 2, "{hint}");
    }
    // The mark that `-Encoding utf8` puts there is no mistake, nor are its line ends.
    std::fs::write(office.file(), b"\xef\xbb\xbfsubdomain = \"acme\"\r\nuser = \"sam\"\r\n")
        .unwrap();
    assert_eq!(office.load().unwrap().user.as_deref(), Some("sam"));
}
