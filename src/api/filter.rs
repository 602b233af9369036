//! What of a list is wanted, as one value: what the server is asked for, and the same again of each record, since it ignores
//! what it does not know. So neither goes without the other.

/// Whether a record is wanted.
type Fits<T> = Box<dyn Fn(&T) -> bool>;

/// What of a list is wanted: what fits all of them.
pub struct Filters<T> {
    fits: Vec<Fits<T>>,
    /// Whether the server, if it knows all that it is asked for, leaves nothing to be left out here.
    pub(super) same: bool,
}

impl<T> Filters<T> {
    pub(super) const NONE: Self = Self { fits: Vec::new(), same: true };

    /// Whether a record is wanted.
    #[must_use]
    pub fn fit(&self, one: &T) -> bool {
        self.fits.iter().all(|fits| fits(one))
    }

    pub(super) fn add(&mut self, fits: impl Fn(&T) -> bool + 'static) {
        self.fits.push(Box::new(fits));
    }

    pub(super) const fn is_none(&self) -> bool {
        self.fits.is_empty()
    }
}
