//! stub
/// stub
#[derive(Debug)]
pub struct Permit(());

#[cfg(test)]
impl Permit {
    /// A permit without a confirmation, for tests of the sender alone.
    pub(crate) const fn for_tests() -> Self {
        Self(())
    }
}
