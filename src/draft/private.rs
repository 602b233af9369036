//! What a model has no need to see: e-mail addresses are replaced by marks before a text goes out, and put back into
//! what comes in.

/// The addresses that were taken out.
#[derive(Debug, Default)]
pub(super) struct Private {
    addresses: Vec<String>,
}

impl Private {
    /// The text with a mark in place of each e-mail address; the same address has the same mark.
    pub(super) fn hide(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((start, end)) = address(rest) {
            out.push_str(&rest[..start]);
            let found = &rest[start..end];
            let known = self.addresses.iter().position(|one| one == found);
            let index = known.unwrap_or_else(|| {
                self.addresses.push(found.to_owned());
                self.addresses.len() - 1
            });
            out.push_str(&mark(index));
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }

    /// The text with the addresses back in their places.
    pub(super) fn restore(&self, text: &str) -> String {
        let marked = self.addresses.iter().enumerate();
        marked.fold(text.to_owned(), |text, (index, address)| text.replace(&mark(index), address))
    }
}

/// Letters, not figures: a figure in an answer must come from what was typed.
fn mark(index: usize) -> String {
    let mut letters = String::new();
    let mut left = index;
    loop {
        let letter = u32::try_from(left % 26).unwrap_or_default();
        letters.insert(0, char::from_u32(u32::from('A') + letter).unwrap_or('A'));
        if left < 26 {
            break;
        }
        left = left / 26 - 1;
    }
    format!("[email {letters}]")
}

/// Where the first e-mail address begins and ends.
fn address(text: &str) -> Option<(usize, usize)> {
    text.match_indices('@').find_map(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        let local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
        let domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
        let start = before.len() - tail(before, local);
        let length = behind.find(|c| !domain(c)).unwrap_or(behind.len());
        let length = behind[..length].trim_end_matches(['.', '-']).len();
        (start < at && length > 0).then_some((start, at + 1 + length))
    })
}

/// How many bytes at the end of a text fit.
fn tail(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.chars().rev().take_while(|c| fits(*c)).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_and_come_back() {
        let typed = "Moved imelda@quill.example to (tomas.b+x@mail.example), told imelda@quill.example. Call @ noon";
        let mut private = Private::default();
        let hidden = private.hide(typed);
        assert_eq!(hidden, "Moved [email A] to ([email B]), told [email A]. Call @ noon");
        assert_eq!(private.restore(&hidden), typed);
        assert_eq!(mark(25), "[email Z]");
        assert_eq!(mark(26), "[email AA]");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_hidden_can_be_restored(text in "[a-z@. \\-é]{0,40}") {
            let mut private = Private::default();
            let hidden = private.hide(&text);
            proptest::prop_assert_eq!(private.restore(&hidden), text);
            proptest::prop_assert_eq!(address(&hidden), None);
        }
    }
}
