//! Amounts and quantities as people type them, in flags and in the configuration: read in one way, and refused where
//! Syncro would keep something else. What is read here is far inside the bounds of a `Decimal`, so that a product of two
//! cannot leave them.

use rust_decimal::Decimal;

/// Nothing that is billed comes near it; a typing error does.
const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// Reads an amount of money: `120`, `120.00`, `$120`. A third decimal is refused even where it is 0: `1.500` is one and a
/// half to some and fifteen hundred to others.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn amount(typed: &str) -> Result<Decimal, String> {
    let wrong = |usual: &str| Err(format!("invalid amount \"{typed}\": use {usual}"));
    match plain(typed.trim().trim_start_matches('$')) {
        Some(amount) if amount.scale() > 2 => wrong("whole cents, like 81.53"),
        Some(amount) if amount.abs() < MOST => Ok(amount),
        Some(_) => wrong("less than a billion"),
        None => wrong("dollars and cents, like 120 or 81.53"),
    }
}

/// Reads a quantity: `2`, `1.5`, `-1`.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn quantity(typed: &str) -> Result<Decimal, String> {
    let wrong = |usual: &str| Err(format!("invalid quantity \"{typed}\": use {usual}"));
    match plain(typed.trim()) {
        Some(quantity) if quantity.scale() > 4 => wrong("at most four decimals, like 0.3333"),
        Some(quantity) if quantity.abs() < MOST => Ok(quantity),
        Some(_) => wrong("less than a billion"),
        None => wrong("a number, like 2 or 1.5"),
    }
}

/// Digits with at most one point and a minus before them; `None` for anything else, and for what no decimal holds.
fn plain(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sound = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().any(|byte| byte.is_ascii_digit());
    sound.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_one_way() {
        for (typed, read) in [
            ("120", "120"),
            (" $81.53 ", "81.53"),
            ("-5.5", "-5.5"),
            ("0", "0"),
            ("999999999.99", "999999999.99"),
        ] {
            assert_eq!(amount(typed).map(|amount| amount.to_string()).as_deref(), Ok(read));
        }
        for wrong in [
            "",
            "$",
            ".",
            "-",
            "1.500",
            "$1.500",
            "1,500",
            "1,50",
            "81.535",
            "0.0125",
            "1e3",
            "1_000",
            "--5",
            "1.2.3",
            "1000000000",
            "-1000000000",
            "800000000000000000000000000",
            "79228162514264337593543950335",
            "99999999999999999999999999999999999999",
        ] {
            assert!(amount(wrong).is_err_and(|text| text.contains("invalid amount")), "{wrong}");
        }
    }

    #[test]
    fn quantities_have_four_decimals() {
        assert_eq!(quantity("0.3333"), Ok(Decimal::new(3333, 4)));
        assert_eq!(quantity("-1"), Ok(Decimal::NEGATIVE_ONE));
        for wrong in ["", "$2", "0.33333", "2 h", "70000000000000000000000000000"] {
            assert!(
                quantity(wrong).is_err_and(|text| text.contains("invalid quantity")),
                "{wrong}"
            );
        }
    }
}
