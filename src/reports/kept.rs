//! What of each record reports need: its members by their paths. Nothing else is kept of what is read for them, no comments'
//! texts, no fields that nobody looks at.

/// Of a ticket in a list, where its own page is read as well.
pub const LISTED: [&str; 4] = ["id", "number", "customer_id", "created_at"];

/// Of a ticket's own page.
pub const TICKET: [&str; 38] = [
    "id",
    "number",
    "subject",
    "status",
    "customer_id",
    "customer_business_then_name",
    "created_at",
    "updated_at",
    "resolved_at",
    "user.full_name",
    "line_items.id",
    "line_items.name",
    "line_items.description",
    "line_items.quantity",
    "line_items.price_retail",
    "line_items.retail_cents",
    "line_items.line_discount_percent",
    "line_items.discount_dollars",
    "line_items.converted",
    "line_items.product_id",
    "line_items.product_category",
    "line_items.user_id",
    "line_items.created_at",
    "ticket_timers.id",
    "ticket_timers.ticket_id",
    "ticket_timers.user_id",
    "ticket_timers.start_time",
    "ticket_timers.end_time",
    "ticket_timers.active_duration",
    "ticket_timers.elapsed_seconds",
    "ticket_timers.notes",
    "ticket_timers.recorded",
    "ticket_timers.billable",
    "ticket_timers.billable_time",
    "ticket_timers.billable_override",
    "ticket_timers.product_id",
    "ticket_timers.ticket_line_item_id",
    "ticket_timers.status",
];

/// Of an open ticket in a list.
pub const OPEN: [&str; 14] = [
    "id",
    "number",
    "subject",
    "status",
    "priority",
    "customer_id",
    "customer_business_then_name",
    "created_at",
    "due_date",
    "user.full_name",
    "customer_reply",
    "sla_name",
    "sla_breached",
    "sla_breaching_soon",
];

/// Of a comment.
pub const COMMENT: [&str; 4] = ["id", "user_id", "hidden", "created_at"];

/// Of an invoice, in a list or on its own page.
pub const INVOICE: [&str; 26] = [
    "id",
    "number",
    "ticket_id",
    "customer_id",
    "customer_business_then_name",
    "date",
    "due_date",
    "created_at",
    "subtotal",
    "total",
    "balance_due",
    "is_paid",
    "status",
    "line_items.item",
    "line_items.name",
    "line_items.quantity",
    "line_items.price",
    "line_items.product_id",
    "payments.id",
    "payments.payment_amount",
    "payments.amount",
    "payments.success",
    "payments.applied_at",
    "payments.created_at",
    "payments.customer_id",
    "payments.invoice_ids.id",
];

/// Of a payment.
pub const PAYMENT: [&str; 8] = [
    "id",
    "payment_amount",
    "amount",
    "success",
    "applied_at",
    "created_at",
    "customer_id",
    "invoice_ids.id",
];

/// Of a customer.
pub const CUSTOMER: [&str; 5] =
    ["id", "business_then_name", "business_name", "fullname", "prepay_hours"];

/// Of a product.
pub const PRODUCT: [&str; 4] = ["id", "price_retail", "category_path", "product_category"];

/// Of a recurring invoice.
pub const SCHEDULE: [&str; 15] = [
    "id",
    "customer_id",
    "name",
    "frequency",
    "next_run",
    "paused",
    "invoice_unbilled_ticket_charges",
    "subtotal",
    "lines.id",
    "lines.name",
    "lines.quantity",
    "lines.asset_type_id",
    "lines.recurring_type_id",
    "lines.one_time_charge",
    "lines.device_ids.id",
];

/// Of an asset.
pub const ASSET: [&str; 2] = ["id", "asset_type"];

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;

#[cfg(test)]
pub(super) use tests::{Change, change};
