//! Where a text has tags of HTML, and what they are called.

/// The names of tags that HTML has.
const KNOWN: &str = "a abbr address article aside audio b big blockquote body br button caption center cite code \
    col colgroup dd del details div dl dt em figcaption figure font footer form h1 h2 h3 h4 h5 h6 \
    head header hr html i iframe img input ins kbd label li link main mark meta nav noscript ol p \
    picture pre q s samp script section small source span strike strong style sub summary sup svg table \
    tbody td tfoot th thead title tr track tt u ul video wbr";

/// A tag and where it lies.
pub(super) struct Tag<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: &'a str,
    pub(super) rest: &'a str,
    pub(super) closing: bool,
}

impl Tag<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The tag's name, if HTML has one of that name.
pub(super) fn known(tag: &Tag<'_>) -> Option<&'static str> {
    KNOWN.split(' ').find(|known| tag.is(known))
}

/// Finds what looks like tags and comments; anything else with a `<` is text.
pub(super) struct Tags<'a> {
    body: &'a str,
    at: usize,
    /// Characters that may still be scanned for the ends of tags: bounds the work for text made of `<a <a <a`.
    budget: usize,
    /// Whether no comment ends any more: found out once.
    comments_end: bool,
}

impl<'a> Tags<'a> {
    pub(super) fn of(body: &'a str) -> Self {
        Self { body, at: 0, budget: 8 * body.len() + 1024, comments_end: false }
    }

    /// The tag that begins at `start`, where a `<` stands.
    fn tag(&mut self, start: usize) -> Option<Tag<'a>> {
        let inner = self.body.get(start + 1..)?;
        if let Some(comment) = inner.strip_prefix("!--") {
            if self.comments_end {
                return None;
            }
            let Some(end) = comment.find("-->") else {
                self.comments_end = true;
                return None;
            };
            let end = end + "!--".len() + "-->".len();
            return Some(Tag { start, end: start + 1 + end, name: "!", rest: "", closing: false });
        }
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let name_end =
            inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '!' | '?')))?;
        let (name, rest) = inner.split_at(name_end);
        if name.is_empty() || !rest.starts_with(['>', '/', ' ', '\t', '\n', '\r']) {
            return None;
        }
        let close = self.close(rest)?;
        let end = start + 1 + usize::from(closing) + name_end + close + 1;
        Some(Tag { start, end, name, rest: &rest[..close], closing })
    }

    /// Where the `>` stands that ends a tag: not inside a quoted value.
    fn close(&mut self, rest: &str) -> Option<usize> {
        let mut quote = None;
        let mut before = b' ';
        for (at, &byte) in rest.as_bytes().iter().enumerate() {
            self.budget = self.budget.checked_sub(1)?;
            match quote {
                Some(open) if byte == open => quote = None,
                Some(_) => {}
                None if byte == b'>' => return Some(at),
                None if byte == b'<' => return None,
                None if matches!(byte, b'"' | b'\'') && before == b'=' => quote = Some(byte),
                None => {}
            }
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
        }
        None
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let start = self.at + self.body.get(self.at..)?.find('<')?;
            self.at = start + 1;
            if let Some(tag) = self.tag(start) {
                self.at = tag.end;
                return Some(tag);
            }
        }
    }
}
