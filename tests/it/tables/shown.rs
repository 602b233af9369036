//! The columns of each list at each width of a terminal.

/// The columns of each list at each width.
pub(super) const SHOWN: [(&[&str], [&str; 5]); 29] = [
    (
        &["config", "list"],
        [
            "Setting|Value",
            "Setting|Value|From",
            "Setting|Value|From",
            "Setting|Value|From|Default",
            "Setting|Value|From|Default",
        ],
    ),
    (
        &["tickets"],
        [
            "Number|Status|Customer|Subject",
            "Number|Status|Customer|Subject|Priority|Created",
            "Number|Status|Customer|Subject|Assignee|Priority|Created",
            "Number|Status|Customer|Subject|Assignee|Priority|Created|Due",
            "Number|Status|Customer|Subject|Assignee|Priority|Created|Due",
        ],
    ),
    (
        &["tickets", "--details"],
        [
            "Number|Status|Customer|Subject",
            "Number|Status|Customer|Subject|Priority|Created",
            "Number|Status|Customer|Subject|Updated|Priority|Created",
            "Number|Status|Customer|Subject|Updated|Contact|Assignee|Priority|Created",
            "Number|Status|Customer|Subject|Updated|Contact|Assignee|Priority|Created|Due",
        ],
    ),
    (
        &["search", "printer"],
        [
            "Number|Status|Customer|Subject",
            "Number|Status|Customer|Subject|Priority|Created",
            "Number|Status|Customer|Subject|Assignee|Priority|Created",
            "Number|Status|Customer|Subject|Assignee|Priority|Created|Due",
            "Number|Status|Customer|Subject|Assignee|Priority|Created|Due",
        ],
    ),
    (&["customers", "a"], ["Name|Id|Phone|Email"; 5]),
    (
        &["customers", "a", "--details"],
        [
            "Name|Id|Prepaid|Open tickets",
            "Name|Id|Phone|Email|Prepaid|Open tickets",
            "Name|Id|Phone|Email|Prepaid|Open tickets",
            "Name|Id|Phone|Email|Prepaid|Open tickets",
            "Name|Id|Phone|Email|Prepaid|Open tickets",
        ],
    ),
    (
        &["contact", "list"],
        [
            "Id|Name|Email|Phone",
            "Id|Name|Title|Email|Phone",
            "Id|Name|Title|Email|Phone",
            "Id|Name|Title|Email|Phone",
            "Id|Name|Title|Email|Phone",
        ],
    ),
    (
        &["asset", "list"],
        [
            "Id|Name|Type|Serial|Customer",
            "Id|Name|Type|Serial|Customer",
            "Id|Name|Type|Serial|Customer",
            "Id|Name|Type|Serial|Customer",
            "Id|Name|Type|Serial|Customer",
        ],
    ),
    (
        &["asset", "patches", "12390699"],
        [
            "Status|KB|Title",
            "Status|KB|Title|Date",
            "Status|KB|Title|Date|Reason",
            "Status|KB|Title|Category|Date|Reason",
            "Status|KB|Title|Category|Date|Reason",
        ],
    ),
    (
        &["line", "list", "32178"],
        [
            "Id|Qty|Price|Amount|Tax|Item",
            "Id|Qty|Price|Amount|Tax|Invoiced|Item",
            "Id|Qty|Price|Amount|Tax|Invoiced|Item",
            "Id|Qty|Price|Amount|Tax|Invoiced|Item",
            "Id|Qty|Price|Amount|Tax|Invoiced|Item",
        ],
    ),
    (
        &["timer", "list"],
        [
            "Ticket|Subject|State|Length|Id",
            "Ticket|Subject|State|Start|Length|Id",
            "Ticket|Subject|State|Start|Length|Technician|Id",
            "Ticket|Subject|State|Start|Length|Technician|Product|Id",
            "Ticket|Subject|State|Start|Length|Technician|Product|Notes|Id",
        ],
    ),
    (
        &["invoice", "list"],
        [
            "Number|Customer|Total|State|Open",
            "Number|Date|Customer|Total|State|Due|Open",
            "Number|Date|Customer|Total|State|Due|Open",
            "Number|Date|Customer|Total|State|Due|Open",
            "Number|Date|Customer|Total|State|Due|Open",
        ],
    ),
    (
        &["payment", "list"],
        [
            "Id|Date|Amount|State",
            "Id|Date|Amount|State|Customer|Reference",
            "Id|Date|Amount|State|Method|Customer|Reference",
            "Id|Date|Amount|State|Method|Customer|Reference",
            "Id|Date|Amount|State|Method|Customer|Reference",
        ],
    ),
    (
        &["appointment", "list", "--date", "2026-03-01..2026-12-31"],
        [
            "When (America/Chicago)|Summary|Id",
            "When (America/Chicago)|Summary|Customer|Ticket|Id",
            "When (America/Chicago)|Summary|Customer|Ticket|Assignee|Id",
            "When (America/Chicago)|Summary|Customer|Ticket|Assignee|Id",
            "When (America/Chicago)|Summary|Customer|Ticket|Assignee|Id",
        ],
    ),
    (
        &["report", "ar"],
        [
            "Customer|Current|31-60|61-90|Over 90|Open",
            "Customer|Id|Current|1-30|31-60|61-90|Over 90|Open",
            "Customer|Id|Current|1-30|31-60|61-90|Over 90|Open|Oldest",
            "Customer|Id|Current|1-30|31-60|61-90|Over 90|Open|Oldest|Last payment",
            "Customer|Id|Current|1-30|31-60|61-90|Over 90|Open|Oldest|Last payment|To do",
        ],
    ),
    (
        &["report", "close", "--month", "2026-03"],
        [
            "Check|State|Count|Amount",
            "Check|State|Count|Amount|At least",
            "Check|State|Count|Amount|Command",
            "Check|State|Count|Amount|At least|Command",
            "Check|State|Count|Amount|At least|Command",
        ],
    ),
    (
        &["report", "prepaid"],
        [
            "Customer|Id|Left|Waiting|After|State",
            "Customer|Id|Left|Waiting|After|Weeks|State",
            "Customer|Id|Left|Waiting|After|Weeks|State|To do",
            "Customer|Id|Left|Waiting|After|Weeks|State|To do",
            "Customer|Id|Left|Waiting|After|Weeks|State|To do",
        ],
    ),
    (
        &["report", "alerts"],
        [
            "Customer|Asset|Count|Open|No ticket",
            "Customer|Asset|Description|Count|Open|Repeats|No ticket",
            "Customer|Asset|Description|Count|Open|Repeats|No ticket|Last",
            "Customer|Customer id|Asset|Description|Count|Open|Repeats|No ticket|Last",
            "Customer|Customer id|Asset|Asset id|Description|Count|Open|Repeats|No ticket|First|Last|To do",
        ],
    ),
    (
        &["report", "assets"],
        [
            "Finding|Asset|Customer|Serial",
            "Finding|Asset|Customer|Serial|Seen",
            "Finding|Asset|Customer|Type|Serial|Seen",
            "Finding|Asset|Customer|Type|Serial|Seen|To do",
            "Finding|Asset|Id|Customer|Customer id|Type|Serial|Contact id|Seen|To do",
        ],
    ),
    (
        &["report", "duplicates"],
        [
            "Kind|Names|Same|Shared",
            "Kind|Names|Same|Shared",
            "Kind|Names|Ids|Same|Shared",
            "Kind|Names|Ids|Same|Shared|Customer|Customer id",
            "Kind|Names|Ids|Same|Shared|Customer|Customer id|To do",
        ],
    ),
    (
        &["report", "patches"],
        [
            "Customer|Asset|Missing|Failed|Critical",
            "Customer|Asset|Missing|Failed|Critical|Security|Oldest",
            "Customer|Asset|Missing|Failed|Critical|Security|Rejected|Oldest",
            "Customer|Customer id|Asset|Asset id|Missing|Failed|Critical|Security|Rejected|Oldest",
            "Customer|Customer id|Asset|Asset id|Missing|Failed|Critical|Security|Rejected|Oldest|Looked at|To do",
        ],
    ),
    (
        &["report", "recurring"],
        [
            "Finding|Schedule|Customer|Subtotal",
            "Finding|Schedule|Customer|Subtotal|Next run|Charged|Assets",
            "Finding|Schedule|Id|Customer|Subtotal|Next run|Frequency|Charged|Assets",
            "Finding|Schedule|Id|Customer|Customer id|Subtotal|Next run|Frequency|Charged|Assets",
            "Finding|Schedule|Id|Customer|Customer id|Subtotal|Next run|Frequency|Charged|Assets|Paused|Takes|To do",
        ],
    ),
    (
        &["report", "stale", "--customer", "31204655"],
        [
            "Ball|Ticket|Customer|Quiet|They said",
            "Ball|Ticket|Status|Customer|Quiet|They said|We said",
            "Ball|Ticket|Status|Customer|Quiet|They said|We said|Assignee|Due",
            "Ball|Ticket|Status|Customer|Quiet|They said|We said|Assignee|Due|SLA",
            "Ball|Ticket|Status|Customer|Customer id|Quiet|They said|We said|Last word|Assignee|Due|SLA|Priority|Subject|To do",
        ],
    ),
    (
        &["report", "time", "--since", "2026-03-10", "--until", "2026-03-10"],
        [
            "User|Day|Logged|Charged",
            "User|Day|Logged|Charged|No entry|Clocked|Used",
            "User|Id|Day|Logged|Charged|Invoiced|No entry|Clocked|Used",
            "User|Id|Day|Logged|Charged|Invoiced|No entry|Clocked|Used",
            "User|Id|Day|Logged|Charged|Invoiced|No entry|Clocked|Used|To do",
        ],
    ),
    (
        &["today", "--by", "ticket"],
        [
            "User|Day|Ticket|Logged",
            "User|Day|Ticket|Customer|Logged|Charged|No entry",
            "User|Id|Day|Ticket|Customer|Logged|Charged|Not billable|No entry",
            "User|Id|Day|Ticket|Customer|Customer id|Logged|Charged|Not billable|No entry",
            "User|Id|Day|Ticket|Customer|Customer id|Logged|Charged|Not billable|No entry",
        ],
    ),
    (
        &["report", "drift", "--since", "2026-01-01"],
        [
            "Finding|Ticket|Customer|Amount|Hours",
            "Finding|Ticket|Status|Customer|Amount|Hours",
            "Finding|Ticket|Level|Status|Customer|Amount|Hours|Since",
            "Finding|Ticket|Level|Status|Customer|Customer id|Amount|Hours|Since|Schedule",
            "Finding|Ticket|Level|Status|Customer|Customer id|Amount|Hours|Since|Schedule|Next run|To do",
        ],
    ),
    (
        &["report", "uninvoiced", "--since", "2026-01-01", "--customer", "31204655"],
        [
            "Customer|Ticket|Hours|Lines|Amount|Value",
            "Customer|Ticket|Hours|Lines|Amount|To do",
            "Customer|Customer id|Ticket|Hours|Lines|Amount|Value|Oldest",
            "Customer|Customer id|Ticket|Hours|Lines|Amount|Value|Oldest|To do",
            "Customer|Customer id|Ticket|Hours|Lines|Amount|Value|Oldest|To do",
        ],
    ),
    (
        &["unbilled", "--since", "2026-01-01", "--customer", "31204655"],
        [
            "Customer|Ticket|Hours|Lines|Amount|Value",
            "Customer|Ticket|Hours|Lines|Amount|To do",
            "Customer|Customer id|Ticket|Hours|Lines|Amount|Value|Oldest",
            "Customer|Customer id|Ticket|Hours|Lines|Amount|Value|Oldest|To do",
            "Customer|Customer id|Ticket|Hours|Lines|Amount|Value|Oldest|To do",
        ],
    ),
    (
        &["product", "list"],
        [
            "Id|Name|Price|Tax",
            "Id|Name|Price|Cost|Tax|Category",
            "Id|Name|Price|Cost|Tax|Category",
            "Id|Name|Price|Cost|Tax|Category",
            "Id|Name|Price|Cost|Tax|Category",
        ],
    ),
];
