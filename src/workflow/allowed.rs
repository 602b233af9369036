//! What was overridden or answered of a plan when it was made, as it says so itself.

use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::operations::{Allowed, Finding};
use crate::write::Plan;

/// Where a plan keeps them.
const ALLOWED: &str = "allowed";

/// The request of a plan of which that was overridden or answered.
pub(super) fn noted(allowed: &Allowed) -> Value {
    json!({ ALLOWED: allowed })
}

/// What was overridden or answered of a plan when it was made.
#[must_use]
pub fn allowed_of(plan: &Plan) -> Allowed {
    Allowed::deserialize(&plan.request[ALLOWED]).unwrap_or_default()
}

/// Whether a finding of a plan was among it.
#[must_use]
pub fn was_allowed(plan: &Plan, finding: &Finding) -> bool {
    allowed_of(plan).lets(finding)
}
