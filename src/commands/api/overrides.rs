//! The guards of the commands that `syncro api` stands in for, one flag each, by the names that they have there.

use std::collections::BTreeSet;

use crate::commands::bill::guards::Guard;
use crate::commands::resolve::TicketArg;
use crate::commands::text;
use crate::workflow::Allowed;

macro_rules! overrides {
    ($($(#[$doc:meta])+ $field:ident = $flag:expr,)*) => {
        /// The guards that may be overridden, one flag each.
        #[derive(Debug, Clone, Default, clap::Args)]
        #[command(next_help_heading = text::OVERRIDES)]
        pub struct Overrides {
            /// Number of the ticket that is deleted, once more
            #[arg(long, value_name = "NUMBER")]
            pub number: Option<TicketArg>,
            $($(#[$doc])+ #[arg(long)] pub $field: bool,)*
        }

        impl Overrides {
            /// Those that were given.
            pub(super) fn allowed(&self) -> Allowed {
                let all = [$((self.$field, $flag),)*];
                crate::workflow::allowed(all)
            }
        }
    };
}

overrides! {
    /// Invoice a ticket that has an invoice, pay an invoice that is paid
    again = "--again",
    /// Delete a ticket although it has invoices
    invoiced = "--invoiced",
    /// Touch a line item although it is on an invoice
    invoiced_line = "--invoiced-line",
    /// Touch a timer entry although it is charged
    charged_timer = "--charged-timer",
    /// Touch or mail an invoice although it is paid
    paid = "--paid",
    /// Enter a payment of more than is open
    over = "--over",
    /// Allow a line that costs nothing, mail an invoice of nothing
    zero = "--zero",
    /// Allow hours or amounts out of the ordinary
    large = "--large",
    /// Add a line item although the same one is there
    same_line = "--same-line",
    /// Add a comment although you wrote the same one within a day
    same_comment = "--same-comment",
    /// Enter a payment although the invoice has one of the same amount
    same_payment = "--same-payment",
    /// Make a ticket although an open one has the same subject
    same_subject = "--same-subject",
    /// Make a customer although one has the same name or address
    same_customer = "--same-customer",
    /// Make a contact although one has the same name or address
    same_contact = "--same-contact",
    /// Make an asset although one has the same name or serial number
    same_asset = "--same-asset",
    /// Make an appointment although one begins then on the ticket
    same_time = "--same-time",
    /// Allow an appointment that begins in the past
    past = "--past",
    /// Enter time although it overlaps time of the same user
    overlap = "--overlap",
    /// Start a timer, or make an invoice, although a timer runs
    timer_running = "--timer-running",
    /// Delete a contact although open tickets name it
    open_tickets = "--open-tickets",
    /// Disable or delete a customer in spite of open tickets or unpaid invoices
    open_work = "--open-work",
    /// Allow text that looks like a credential
    allow_secrets = "--allow-secrets",
}

impl Overrides {
    /// Those of an invoice's.
    pub(super) fn of_bill(&self) -> BTreeSet<Guard> {
        [
            (self.again, Guard::Again),
            (self.zero, Guard::Zero),
            (self.timer_running, Guard::TimerRunning),
            (self.large, Guard::Large),
        ]
        .into_iter()
        .filter_map(|(given, guard)| given.then_some(guard))
        .collect()
    }
}
