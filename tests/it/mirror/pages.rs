//! What a first sync asks for beside the tickets' own pages, for its test and for the benchmark.

/// The lists, each with what is asked of it.
pub(crate) const LISTS: [&str; 17] = [
    "/ticket_comments?per_page=100",
    "/ticket_comments?per_page=100&status=Not%20Closed",
    "/tickets?page=1",
    "/tickets?status=Not%20Closed",
    "/ticket_timers?page=1",
    "/invoices?page=1",
    "/line_items?invoice_id_not_null=true",
    "/invoices?unpaid=true",
    "/payments?page=1",
    "/estimates?page=1",
    "/schedules?page=1",
    "/contracts?page=1",
    "/rmm_alerts?status=all",
    "/customers?page=1",
    "/contacts?page=1",
    "/customer_assets?page=1",
    "/products?page=1",
];

/// Who the key belongs to, the two pages of settings, the users, and a list that the account does not have.
pub(crate) const BESIDE: usize = 5;

/// With nothing changed there are no more requests than these.
pub(crate) const IDLE: usize = 25;
