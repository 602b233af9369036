//! What of a list is wanted, as one value: what the server is asked for, and the same again of each record, since it ignores
//! what it does not know. So neither goes without the other.

/// Whether a record is wanted; `None` where it has a value that cannot be read, so that nobody can tell.
type Fits<T> = Box<dyn Fn(&T) -> Option<bool>>;

/// What of a list is wanted: what fits all of them.
pub struct Filters<T> {
    fits: Vec<Fits<T>>,
    /// Whether the server, if it knows all that it is asked for, leaves nothing to be left out here.
    pub(super) same: bool,
}

impl<T> Filters<T> {
    pub(super) const NONE: Self = Self { fits: Vec::new(), same: true };

    /// Whether a record is wanted; `None` where only a value that cannot be read would tell.
    #[must_use]
    pub fn fit(&self, one: &T) -> Option<bool> {
        let mut is_clear = true;
        for fits in &self.fits {
            match fits(one) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => is_clear = false,
            }
        }
        is_clear.then_some(true)
    }

    pub(super) fn add<R: Into<Option<bool>>>(&mut self, fits: impl Fn(&T) -> R + 'static) {
        self.fits.push(Box::new(move |one| fits(one).into()));
    }

    pub(super) const fn is_none(&self) -> bool {
        self.fits.is_empty()
    }
}
