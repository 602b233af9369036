//! Customers, contacts, assets and alerts through `api`: what is there already, what is open, what is left out.

use super::{body, done, refused, run, shown};
use crate::support::TestEnv;

#[test]
fn an_alert_that_is_deleted_is_resolved() {
    let env = TestEnv::new();
    let alerts = env.account().get("/rmm_alerts")["rmm_alerts"].take();
    let path = format!("rmm_alerts/{}", alerts[0]["id"]);
    shown(&env, &["DELETE", &path], &["resolved", "Low disk space"]);
    let json = done(&env, &["DELETE", &path]);
    assert_eq!(json["writes"][0]["outcome"], "done");
    let alert = env.account().get(&format!("/{path}"))["rmm_alert"].take();
    assert_eq!(alert["resolved"], true);
    run(&env, &["DELETE", &path]).is_so_already();
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn booleans_that_are_left_out_go_along_as_they_are() {
    for (path, field, kept) in [
        (
            "customers/31204551",
            "phone=555-0199",
            &["get_sms", "opt_out", "no_email", "disabled"][..],
        ),
        ("contacts/7804551", "mobile=555-0198", &["opt_out"]),
        ("appointments/5560900004", "start_at=2036-03-19T14:00:00Z", &["all_day", "do_not_email"]),
    ] {
        let env = TestEnv::new();
        let args = ["PUT", path, "-f", field];
        shown(&env, &args, kept);
        let before = env.account().get(&format!("/{path}"));
        let inside = ["customer", "appointment"].iter();
        let before = inside.filter_map(|name| before.get(name)).next().unwrap_or(&before);
        done(&env, &args);
        for name in kept {
            assert_eq!(body(&env)[name], before[name], "{path} {name}");
        }
    }
    let env = TestEnv::new();
    // In its own name's member nothing can be added to it, so it is said.
    let wrapped = ["PUT", "customers/31204551", "-F", "customer[phone]=1"];
    shown(&env, &wrapped, &["may reset", "no_email"]);
    let product = "products/17340021";
    shown(&env, &["PUT", product, "-F", "description=Remote"], &["taxable", "default"]);
    // What is there and is replaced as a whole is named.
    shown(
        &env,
        &["PUT", "contacts/7804551", "-F", "properties[phone]=1"],
        &["title", "as a whole"],
    );
}

#[test]
fn what_is_there_already_is_not_made_again() {
    let env = TestEnv::new();
    let same = |list: &'static str, fields: &[&'static str], flag: &str| {
        let mut args = vec!["POST", list];
        for field in fields {
            args.extend(["-F", field]);
        }
        refused(&env, &args, 5, flag);
    };
    let of = "customer_id=31204551";
    same("contacts", &[of, "name=imelda quill"], "--same-contact");
    same("contacts", &[of, "name=Ada", "email=IMELDA@quillfeather.example"], "--same-contact");
    same("customers", &["business_name=quillfeather  books"], "--same-customer");
    same(
        "customers",
        &["business_name=Ada Finch", "email=imelda@quillfeather.example"],
        "--same-customer",
    );
    same("customer_assets", &[of, "name=till-1"], "--same-asset");
    same("customer_assets", &[of, "name=Other", "asset_serial=LF-000117"], "--same-asset");
    same("tickets", &[of, "subject=Till will not print gift receipts"], "--same-subject");
    refused(&env, &["POST", "contacts", "-F", "customer_id=1", "-F", "name=Ada"], 3, "no customer");
    shown(
        &env,
        &["POST", "tickets", "-F", of, "-F", "subject=Till prints blanks"],
        &["Quillfeather Books", "#32181", "unassigned"],
    );
    done(&env, &["POST", "contacts", "-F", of, "-F", "name=Imelda Quill", "--same-contact"]);
}

#[test]
fn customers_and_contacts_with_open_work_are_asked_about() {
    let env = TestEnv::new();
    refused(&env, &["DELETE", "contacts/7804551"], 5, "--open-tickets");
    // In every form that a server may take for yes.
    for yes in ["disabled=true", "disabled=2", "disabled=TRUE", "customer[disabled]=yes"] {
        let put = ["PUT", "customers/31204551", "-F", yes];
        refused(&env, &put, 5, "--open-work");
    }
    refused(&env, &["DELETE", "customers/31204551"], 2, "--name");
    let named = ["--name", "Quillfeather Books"];
    refused(&env, &[&["DELETE", "customers/31204551"], &named[..]].concat(), 5, "--open-work");
    shown(&env, &["DELETE", "contacts/7804553"], &["Bea Quill", "for good"]);
    done(&env, &["DELETE", "contacts/7804551", "--open-tickets"]);
}
