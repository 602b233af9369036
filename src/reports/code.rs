//! What may be wrong with a ticket, and how bad that is.

/// What is wrong with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// It counts as billed, and has no invoice.
    InvoicedNothing,
    /// It counts as billed, and lines or time wait on it.
    InvoicedLeft,
    /// It is closed, and lines or time wait on it.
    ClosedUnbilled,
    /// An invoice of nothing, with a line whose product costs something.
    ZeroInvoice,
    /// Two invoices or more.
    Twice,
    /// It is open, and has an invoice.
    OpenInvoiced,
    /// Its invoice comes to something else than its lines.
    Unequal,
    /// An invoice of nothing, of a customer with prepaid hours.
    ZeroPrepaid,
    /// A recurring invoice takes what waits.
    WaitsRecurring,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::InvoicedNothing,
        Self::InvoicedLeft,
        Self::ClosedUnbilled,
        Self::ZeroInvoice,
        Self::Twice,
        Self::OpenInvoiced,
        Self::Unequal,
        Self::ZeroPrepaid,
        Self::WaitsRecurring,
    ];

    /// The name that people and scripts read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvoicedNothing => "invoiced-nothing",
            Self::InvoicedLeft => "invoiced-left",
            Self::ClosedUnbilled => "closed-unbilled",
            Self::ZeroInvoice => "zero-invoice",
            Self::Twice => "twice",
            Self::OpenInvoiced => "open-invoiced",
            Self::Unequal => "unequal",
            Self::ZeroPrepaid => "zero-prepaid",
            Self::WaitsRecurring => "waits-recurring",
        }
    }

    /// Whether what is wrong is that something was not billed: then its time is lost, too.
    #[must_use]
    pub const fn is_unbilled(self) -> bool {
        matches!(self, Self::InvoicedNothing | Self::InvoicedLeft | Self::ClosedUnbilled)
    }

    /// How bad it is.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::InvoicedNothing
            | Self::InvoicedLeft
            | Self::ClosedUnbilled
            | Self::ZeroInvoice
            | Self::Twice => Level::Loss,
            Self::OpenInvoiced | Self::Unequal => Level::Doubt,
            Self::ZeroPrepaid | Self::WaitsRecurring => Level::Note,
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Money is lost, or asked for twice.
    Loss,
    /// Somebody should look.
    Doubt,
    /// Good to know.
    Note,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Loss, Self::Doubt, Self::Note];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Doubt => "doubt",
            Self::Note => "note",
        }
    }
}
