//! stub
/// stub
#[derive(Debug)]
pub struct Permit(());
