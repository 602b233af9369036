//! The one table of the operations: method, path, the name that faults know it by, and the handler.
//!
//! Faults, the answer to what is not offered, and the tests read it. What a request does is left to the handlers.

use serde_json::json;

use super::call::Call;
use super::reply::Reply;
use super::state::{State, Table};
use super::value::integer;
use super::{
    alerts, all_comments, appointment_writes, appointments, assets, blueprints, bounds, comments,
    contacts, contracts, customers, email, estimates, invoice_lines, invoices, lines, patches,
    payments, phones, products, schedules, search, settings, ticket_writes, tickets, timelogs,
    timers,
};

/// The path that all of the API lies under.
pub(super) const PREFIX: &str = "/api/v1";

/// Function that answers a request; the ids are those of its path.
#[derive(Clone, Copy)]
enum Handler {
    /// The same to everybody.
    Fixed(fn() -> Reply),
    List(fn(&State, &Call) -> Reply),
    Show(fn(&State, &Call, i64) -> Reply),
    Create(fn(&mut State, &Call) -> Reply),
    Change(fn(&mut State, &Call, i64) -> Reply),
    /// Of a record that belongs to another: the owner's id comes first.
    Part(fn(&mut State, &Call, i64, i64) -> Reply),
}
use Handler::{Change, Create, Fixed, List, Part, Show};

/// Method, pattern, fault name (empty: only `read`, `write` and `any` strike it), handler.
///
/// `{ticket}` is the id of a ticket that there is; of `{id}` the handler decides what it may be. `?number` stands for
/// a query that has the parameter.
struct Route(&'static str, &'static str, &'static str, Handler);

/// The first row that fits a request is its own.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    Route("GET", "me", "me", List(settings::me)),
    Route("GET", "tickets?number", "find", List(tickets::list)),
    Route("GET", "tickets", "tickets", List(tickets::list)),
    Route("GET", "tickets/settings", "settings", List(settings::tickets)),
    Route("GET", "tickets/{ticket}", "ticket", Show(tickets::get)),
    Route("GET", "tickets/{ticket}/comments", "comments", Show(comments::list)),
    Route("GET", "ticket_comments", "all-comments", List(all_comments::list)),
    Route("GET", "customers", "customers", List(customers::list)),
    Route("GET", "customers/autocomplete", "customers", List(customers::autocomplete)),
    Route("GET", "customers/latest", "customers", List(customers::latest)),
    Route("GET", "customers/{customer}", "customer", Show(customers::get)),
    Route("GET", "customers/{customer}/phones", "phones", Show(phones::list)),
    Route("GET", "contacts", "contacts", List(contacts::list)),
    Route("GET", "contacts/{contact}", "contact", Show(contacts::get)),
    Route("GET", "customer_assets", "assets", List(assets::list)),
    Route("GET", "customer_assets/{asset}", "asset", Show(assets::get)),
    Route("GET", "customer_assets/{id}/patches", "asset", Show(patches::list)),
    Route("GET", "payments", "payments", List(payments::list)),
    Route("GET", "payments/{payment}", "payment", Show(payments::get)),
    Route("GET", "products", "products", List(products::list)),
    Route("GET", "products/barcode", "products", List(products::barcode)),
    Route("GET", "products/categories", "products", Fixed(products::categories)),
    Route("GET", "products/{product}", "product", Show(products::get)),
    Route("GET", "invoices", "invoices", List(invoices::list)),
    Route("GET", "invoices/{invoice_or_number}", "invoice", Show(invoices::get)),
    Route("GET", "settings", "settings", List(settings::account)),
    Route("GET", "appointment_types", "settings", Fixed(appointments::types)),
    Route("GET", "appointment_types/{id}", "settings", Show(appointments::one_type)),
    Route("GET", "users", "users", List(settings::users)),
    Route("GET", "users/{user}", "users", Show(settings::user)),
    Route("GET", "search", "search", List(search::search)),
    Route("GET", "ticket_timers", "timers", List(timers::list)),
    Route("GET", "appointments", "appointments", List(appointments::list)),
    Route("GET", "appointments/{appointment}", "appointment", Show(appointments::get)),
    Route("GET", "invoices/{invoice}/ticket", "", Show(invoices::ticket)),
    Route("GET", "line_items", "", List(invoice_lines::list)),
    Route("GET", "payment_methods", "", Fixed(payments::methods)),
    Route("GET", "estimates", "estimates", List(estimates::list)),
    Route("GET", "estimates/{estimate_or_number}", "estimate", Show(estimates::get)),
    Route("GET", "contracts", "contracts", List(contracts::list)),
    Route("GET", "contracts/{id}", "contract", Show(contracts::get)),
    Route("GET", "schedules", "schedules", List(schedules::list)),
    Route("GET", "schedules/{schedule}", "schedule", Show(schedules::get)),
    Route("GET", "timelogs", "timelogs", List(timelogs::list)),
    Route("GET", "timelogs/last", "timelogs", List(timelogs::last)),
    Route("GET", "rmm_alerts", "alerts", List(alerts::list)),
    Route("GET", "rmm_alerts/{alert}", "", Show(alerts::get)),
    Route("POST", "customers", "customer-create", Create(customers::create)),
    Route("PUT", "customers/{customer}", "customer-update", Change(customers::update)),
    Route("DELETE", "customers/{customer}", "customer-delete", Change(customers::delete)),
    Route("POST", "customers/{customer}/phones", "phone", Change(phones::create)),
    Route("PUT", "customers/{customer}/phones/{id}", "phone", Part(phones::update)),
    Route("DELETE", "customers/{customer}/phones/{id}", "phone", Part(phones::delete)),
    Route("POST", "contacts", "contact-create", Create(contacts::create)),
    Route("PUT", "contacts/{contact}", "contact-update", Change(contacts::update)),
    Route("DELETE", "contacts/{contact}", "contact-delete", Change(contacts::delete)),
    Route("POST", "customer_assets", "asset-create", Create(assets::create)),
    Route("PUT", "customer_assets/{asset}", "asset-update", Change(assets::update)),
    Route("POST", "products", "product-write", Create(products::create)),
    Route("PUT", "products/{product}", "product-write", Change(products::update)),
    Route("POST", "payments", "payment-create", Create(payments::create)),
    Route("PUT", "invoices/{invoice}", "invoice-update", Change(invoices::update)),
    Route("POST", "invoices/{invoice}/email", "invoice-email", Change(email::invoice)),
    Route("POST", "invoices/{invoice}/publish", "invoice-publish", Change(invoices::publish)),
    Route("POST", "invoices/{invoice}/convert_to_draft", "invoice-draft", Change(invoices::draft)),
    Route("POST", "invoices/{invoice}/print", "invoice-print", Change(email::print_invoice)),
    Route("POST", "invoices/{invoice}/line_items", "invoice-line", Change(invoice_lines::create)),
    Route("PUT", "invoices/{invoice}/line_items/{id}", "invoice-line", Part(invoice_lines::update)),
    Route("DELETE", "invoices/{invoice}/line_items/{id}", "invoice-line", Part(invoice_lines::delete)),
    Route("POST", "tickets/{ticket}/comment", "comment", Change(comments::create)),
    Route("POST", "tickets/{ticket}/add_line_item", "line", Change(lines::add)),
    Route("PUT", "tickets/{ticket}/update_line_item", "line-update", Change(lines::update)),
    Route("POST", "tickets/{ticket}/remove_line_item", "line-remove", Change(lines::remove)),
    Route("POST", "invoices", "invoice-create", Create(invoices::create)),
    Route("DELETE", "invoices/{id}", "invoice-delete", Change(invoices::delete)),
    Route("POST", "tickets", "ticket-create", Create(ticket_writes::create)),
    Route("PUT", "tickets/{ticket}", "ticket-update", Change(ticket_writes::update)),
    Route("DELETE", "tickets/{ticket}", "ticket-delete", Change(ticket_writes::delete)),
    Route("POST", "appointments", "appointment-create", Create(appointment_writes::create)),
    Route("PUT", "appointments/{appointment}", "appointment-update", Change(appointment_writes::update)),
    Route("DELETE", "appointments/{appointment}", "appointment-delete", Change(appointment_writes::delete)),
    Route("POST", "tickets/{ticket}/timer_entry", "timer-add", Change(timers::start)),
    Route("PUT", "tickets/{ticket}/update_timer_entry", "timer-update", Change(timers::update)),
    Route("POST", "tickets/{ticket}/charge_timer_entry", "timer-charge", Change(timers::charge)),
    Route("POST", "tickets/{ticket}/delete_timer_entry", "timer-delete", Change(timers::delete)),
    Route("PATCH", "ticket_timers/{timer}", "timer-billable", Change(timers::patch)),
    Route("POST", "tickets/{ticket}/print", "", Change(ticket_writes::print)),
    Route("POST", "tickets/{ticket}/attach_file_url", "", Change(ticket_writes::attach)),
    Route("POST", "tickets/{ticket}/delete_attachment", "", Change(ticket_writes::detach)),
    Route("POST", "estimates", "estimate-create", Create(estimates::create)),
    Route("PUT", "estimates/{estimate_or_number}", "estimate-update", Change(estimates::update)),
    Route("DELETE", "estimates/{estimate_or_number}", "estimate-delete", Change(estimates::delete)),
    Route("POST", "estimates/{estimate_or_number}/email", "", Change(email::estimate)),
    Route("POST", "estimates/{estimate_or_number}/print", "", Change(email::print_estimate)),
    Route("POST", "estimates/{estimate_or_number}/convert_to_invoice", "estimate-convert", Change(estimates::convert)),
    Route("POST", "estimates/{estimate_or_number}/line_items", "estimate-line", Change(estimates::add_line)),
    Route("PUT", "estimates/{estimate_or_number}/line_items/{id}", "estimate-line", Part(estimates::update_line)),
    Route("DELETE", "estimates/{estimate_or_number}/line_items/{id}", "estimate-line", Part(estimates::delete_line)),
    Route("POST", "contracts", "contract-create", Create(contracts::create)),
    Route("PUT", "contracts/{contract}", "contract-update", Change(contracts::update)),
    Route("DELETE", "contracts/{contract}", "contract-delete", Change(contracts::delete)),
    Route("POST", "schedules", "schedule-create", Create(schedules::create)),
    Route("PUT", "schedules/{schedule}", "schedule-update", Change(schedules::update)),
    Route("DELETE", "schedules/{schedule}", "schedule-delete", Change(schedules::delete)),
    Route("POST", "schedules/{schedule}/line_items", "schedule-line", Change(schedules::add_line)),
    Route("POST", "schedules/{schedule}/add_line_item", "schedule-line", Change(schedules::add_line)),
    Route("POST", "schedules/{schedule}/remove_line_item", "schedule-line", Change(schedules::remove_line)),
    Route("PUT", "schedules/{schedule}/line_items/{id}", "schedule-line", Part(schedules::update_line)),
    Route("DELETE", "schedules/{schedule}/line_items/{id}", "schedule-line", Part(schedules::delete_line)),
    Route("POST", "ticket_timers", "timer-begin", Create(timers::begin)),
    Route("POST", "ticket_timers/{timer}/start", "timer-start", Change(timers::resume)),
    Route("POST", "ticket_timers/{timer}/pause", "timer-pause", Change(timers::pause)),
    Route("POST", "ticket_timers/{timer}/stop", "timer-stop", Change(timers::stop)),
    Route("GET", "ticket_blueprints", "", Fixed(blueprints::list)),
    Route("POST", "ticket_blueprints/{id}/apply", "blueprint", Change(blueprints::apply)),
    Route("POST", "rmm/public_scripts/{asset}/schedule", "script", Change(blueprints::run)),
    Route("POST", "rmm_alerts", "", Create(alerts::create)),
    Route("DELETE", "rmm_alerts/{alert}", "", Change(alerts::resolve)),
    Route("POST", "rmm_alerts/{alert}/mute", "", Change(alerts::mute)),
];

/// Operations of the API that this server does not offer: methods, and the path with a `-` for each id.
#[rustfmt::skip]
const NOT_OFFERED: &[(&str, &str)] = &[
    ("POST", "appointment_types"),
    ("PUT DELETE", "appointment_types/-"),
    ("GET", "callerid"),
    ("GET POST", "canned_responses"),
    ("GET", "canned_responses/settings"),
    ("PATCH DELETE", "canned_responses/-"),
    ("GET", "customer_assets/chat_information_by_ids"),
    ("GET", "customer_assets/-/installed_applications"),
    ("GET", "customer_assets/assets_by_contact/-"),
    ("GET POST", "customers/-/payment_profiles"),
    ("GET PUT DELETE", "customers/-/payment_profiles/-"),
    ("GET", "items"),
    ("GET POST", "leads"),
    ("GET PUT", "leads/-"),
    ("GET", "new_ticket_forms"),
    ("GET", "new_ticket_forms/-"),
    ("POST", "new_ticket_forms/-/process_form"),
    ("POST", "otp_login"),
    ("GET POST", "policy_folders"),
    ("GET PUT DELETE", "policy_folders/-"),
    ("GET POST", "portal_users"),
    ("POST", "portal_users/create_invitation"),
    ("PUT DELETE", "portal_users/-"),
    ("POST", "products/-/add_images"),
    ("DELETE", "products/-/delete_image"),
    ("PUT", "products/-/location_quantities"),
    ("GET POST", "products/-/product_serials"),
    ("POST", "products/-/product_serials/attach_to_line_item"),
    ("PUT", "products/-/product_serials/-"),
    ("GET POST", "products/-/product_skus"),
    ("PUT DELETE", "products/-/product_skus/-"),
    ("GET POST", "purchase_orders"),
    ("GET PUT", "purchase_orders/-"),
    ("POST", "purchase_orders/-/attachments"),
    ("POST", "purchase_orders/-/create_po_line_item"),
    ("POST", "purchase_orders/-/receive"),
    ("GET", "settings/printing"),
    ("GET", "settings/tabs"),
    ("GET POST", "tickets/-/worksheet_results"),
    ("GET PUT DELETE", "tickets/-/worksheet_results/-"),
    ("PUT", "timelogs"),
    ("POST", "user_devices"),
    ("GET PUT", "user_devices/-"),
    ("GET POST", "vendors"),
    ("GET PUT", "vendors/-"),
    ("GET POST", "wiki_pages"),
    ("GET PUT DELETE", "wiki_pages/-"),
];

/// Placeholders whose record must be there: of a path to another, nothing is known.
const RECORDS: [(&str, Table); 13] = [
    ("{ticket}", Table::Tickets),
    ("{customer}", Table::Customers),
    ("{contact}", Table::Contacts),
    ("{asset}", Table::Assets),
    ("{product}", Table::Products),
    ("{payment}", Table::Payments),
    ("{invoice}", Table::Invoices),
    ("{user}", Table::Users),
    ("{timer}", Table::Timers),
    ("{appointment}", Table::Appointments),
    ("{contract}", Table::Contracts),
    ("{schedule}", Table::Schedules),
    ("{alert}", Table::Alerts),
];

impl Route {
    fn pattern(&self) -> (&'static str, Option<&'static str>) {
        match self.1.split_once('?') {
            Some((path, parameter)) => (path, Some(parameter)),
            None => (self.1, None),
        }
    }

    fn fits(&self, call: &Call) -> bool {
        let (path, parameter) = self.pattern();
        self.0 == call.method
            && parameter.is_none_or(|parameter| call.asked(parameter).is_some())
            && path.split('/').count() == call.path.len()
            && path
                .split('/')
                .zip(&call.path)
                .all(|(own, asked)| own.starts_with('{') || own == asked)
    }

    /// Returns the ids in the path, or nothing when one of them is no record's.
    fn ids(&self, state: &State, call: &Call) -> Option<Vec<i64>> {
        let (path, _) = self.pattern();
        let placeholders = path.split('/').zip(&call.path).filter(|(own, _)| own.starts_with('{'));
        placeholders.map(|(own, asked)| id(state, call, own, asked)).collect()
    }

    fn handle(&self, state: &mut State, call: &Call) -> Reply {
        let Some(ids) = self.ids(state, call) else {
            return Reply::not_found();
        };
        match (self.3, ids.as_slice()) {
            (Fixed(answer), _) => answer(),
            (List(answer), _) => answer(state, call),
            (Create(answer), _) => answer(state, call),
            (Show(answer), [id]) => answer(state, call, *id),
            (Change(answer), [id]) => answer(state, call, *id),
            (Part(answer), [owner, id]) => answer(state, call, *owner, *id),
            _ => Reply::not_found(),
        }
    }
}

fn id(state: &State, call: &Call, placeholder: &str, asked: &str) -> Option<i64> {
    match placeholder {
        "{invoice_or_number}" => {
            invoices::find(state, asked).and_then(|found| integer(found, "id"))
        }
        "{estimate_or_number}" => estimates::find(state, call, asked),
        _ => {
            let id = asked.parse().ok()?;
            let table = RECORDS.iter().find(|(known, _)| *known == placeholder);
            table.is_none_or(|(_, table)| state.get(*table, id).is_some()).then_some(id)
        }
    }
}

fn route(call: &Call) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.fits(call) && !is_not_offered(call))
}

/// Returns the name that faults know the request by; empty for the unnamed.
pub(super) fn name(call: &Call) -> &'static str {
    route(call).map_or("", |route| route.2)
}

/// Returns all names that faults know requests by.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for Route(_, _, name, _) in ROUTES {
        if !name.is_empty() && !names.contains(name) {
            names.push(name);
        }
    }
    names
}

/// Does what the request asks for.
pub(super) fn handle(state: &mut State, call: &Call) -> Reply {
    if matches!(call.method.as_str(), "POST" | "PUT") && !call.readable {
        return Reply::bad_request();
    }
    if let Some(field) = bounds::out_of_range(&call.body) {
        return Reply::shaped(422, 3, field, "is out of range");
    }
    match route(call) {
        Some(route) => route.handle(state, call),
        None if is_not_offered(call) => {
            let path = call.path.join("/");
            let error = format!("The practice server does not offer {} /{path}", call.method);
            Reply::json(501, json!({ "error": error }))
        }
        None => Reply::not_found(),
    }
}

fn is_not_offered(call: &Call) -> bool {
    NOT_OFFERED.iter().any(|(methods, path)| {
        methods.split(' ').any(|method| method == call.method)
            && path.split('/').count() == call.path.len()
            && path.split('/').zip(&call.path).all(|(own, asked)| own == "-" || own == asked)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_known() {
        let special = ["{id}", "{invoice_or_number}", "{estimate_or_number}"];
        for route in ROUTES {
            for part in route.pattern().0.split('/').filter(|part| part.starts_with('{')) {
                let known = RECORDS.iter().any(|(name, _)| *name == part);
                assert!(known || special.contains(&part), "{}", route.1);
            }
        }
    }

    #[test]
    fn what_is_not_offered_is_no_route() {
        for (methods, path) in NOT_OFFERED {
            let call = |method: &str| Call {
                method: method.to_owned(),
                path: path.split('/').map(str::to_owned).collect(),
                ..Call::default()
            };
            for method in methods.split(' ') {
                assert_eq!(name(&call(method)), "", "{method} {path}");
            }
        }
    }
}
