//! The situations from offices that the program was made right for, by the numbers that they are known by, and the tests
//! that hold each. Where one is met again, its tests are found here; a name that is no test's any more is missed.

use std::collections::BTreeSet;
use std::path::Path;

/// A situation, in a few words, and what holds it, named as the test runs print it.
struct Situation {
    number: u8,
    is: &'static str,
    held_by: &'static [&'static str],
}

const fn situation(number: u8, is: &'static str, held_by: &'static [&'static str]) -> Situation {
    Situation { number, is, held_by }
}

const ALL: [Situation; 54] = [
    situation(
        1,
        "a line item has a discount",
        &[
            "amounts::a_discount_is_part_of_every_amount",
            "amounts::a_discount_that_nobody_can_explain_is_said_and_bills_nothing",
            "guard_reach::a_discount_counts_in_what_a_line_comes_to",
            "billing::amount_tests::not_a_cent_is_off",
        ],
    ),
    situation(2, "a payment has failed", &["amounts::a_failed_payment_pays_nothing"]),
    situation(
        3,
        "somebody has marked time as not billable",
        &[
            "bill_waiting::time_that_is_not_billable_is_shown_and_asked_about",
            "billable::a_mark_counts_whatever_is_counted_beside_it",
            "billable::what_is_set_is_what_is_billed",
        ],
    ),
    situation(
        4,
        "the account rounds time up",
        &[
            "bill_rounded::each_way_of_rounding_is_kept",
            "bill_rounded::it_is_kept_unless_the_labor_type_says_otherwise",
            "timers::account::time_that_is_rounded_in_the_accounts_way_is_said",
        ],
    ),
    situation(
        5,
        "the account lacks the status of a billed ticket",
        &[
            "bill_rules::known::a_status_that_the_account_lacks_is_refused_before_anything_is_written",
            "resume::a_refused_status_is_replaced",
        ],
    ),
    situation(
        6,
        "a contact wants no email",
        &[
            "guard_reach::a_comment_to_a_disabled_contact_is_not_said_to_be_emailed",
            "guard_reach::whoever_wants_no_email_is_asked_about_whatever_is_emailed",
            "asked_once::comment_and_close_ask_before_the_text_is_written",
        ],
    ),
    situation(
        7,
        "a product is not sold any more",
        &[
            "parity::guards::a_guard_fires_and_its_flag_lets_pass",
            "bill_terminal::an_answer_is_none_to_another_finding_of_its_guard",
        ],
    ),
    situation(
        8,
        "an end of time in another spelling",
        &[
            "unreadable::dates_and_flags_are_read_in_each_spelling",
            "unreadable::an_end_that_says_nothing_is_no_running_timer",
            "api::reading::tests::a_moment_has_many_spellings",
        ],
    ),
    situation(
        9,
        "a flag in another spelling",
        &[
            "unreadable::a_flag_that_says_nothing_is_neither_yes_nor_no",
            "unreadable::dates_and_flags_are_read_in_each_spelling",
            "api::reading::tests::a_flag_has_three_states",
        ],
    ),
    situation(
        10,
        "a price with a comma",
        &[
            "unreadable::a_price_with_an_ambiguous_comma_bills_nothing",
            "api::reading::tests::a_comma_that_may_be_one_of_decimals_is_unreadable",
        ],
    ),
    situation(
        11,
        "an account in another currency and zone",
        &[
            "account::every_amount_has_the_accounts_own_symbol",
            "account::other_signs_have_their_own_digits",
            "account::doctor_names_currency_zone_and_hours",
        ],
    ),
    situation(
        12,
        "one odd entry among the users",
        &["unreadable::one_odd_user_does_not_lose_the_others"],
    ),
    situation(
        13,
        "prices of parts of a cent",
        &[
            "amounts::parts_of_a_cent_are_refused_before_they_are_lost",
            "extremes::more_decimals_than_are_kept_are_refused_before_anything_is_sent",
            "nouns::invoices::what_is_open_is_what_the_invoice_says_is_due",
            "billing::money::tests::an_amount_is_shown_with_all_its_decimals",
        ],
    ),
    situation(
        14,
        "a line item on an invoice without its mark",
        &[
            "amounts::what_an_invoice_has_is_not_uninvoiced",
            "guard_reach::a_line_on_an_invoice_waits_for_none_without_its_mark",
        ],
    ),
    situation(
        15,
        "a server that counts more rows than it gives",
        &[
            "lists::rows_that_the_server_counts_and_does_not_give_are_missed",
            "lists::an_incomplete_look_is_no_absence",
            "absent::comments_that_the_ticket_does_not_give_are_read_from_those_of_all",
        ],
    ),
    situation(
        16,
        "a property with dots and blanks in its name",
        &["office::a_property_has_any_name"],
    ),
    situation(
        17,
        "a page of a proxy in the place of an answer",
        &["refusals::a_page_of_something_in_between_is_not_syncros_word"],
    ),
    situation(
        18,
        "a refusal that looks like an answer",
        &["refusals::an_error_in_the_place_of_what_was_asked_for_is_the_servers_word"],
    ),
    situation(
        19,
        "a comment that is only a picture",
        &[
            "ticket::a_comment_without_words_says_what_it_is",
            "render::html_tests::pictures_and_data_are_named",
        ],
    ),
    situation(
        20,
        "attachments, assets and tags of a ticket",
        &["ticket::what_hangs_on_a_ticket_is_on_its_page_a_line_each"],
    ),
    situation(
        21,
        "names that only look the same",
        &["unreadable::names_that_look_the_same_are_the_same"],
    ),
    situation(22, "a credit", &["amounts::a_credit_is_never_overdue"]),
    situation(
        23,
        "the account charges new time by itself",
        &[
            "timers::account::time_that_is_charged_at_once_is_said",
            "timers::live::a_stop_that_charges_is_told_and_makes_one_line",
            "timers::live::a_stop_that_charges_for_nothing_fails_its_check",
            "timers::live::a_stop_that_makes_no_line_is_done_and_says_so",
        ],
    ),
    situation(
        24,
        "a product without a name",
        &["bill_rules::known::a_product_without_a_name_is_given_one"],
    ),
    situation(
        25,
        "stopped time waits beside what is billed",
        &[
            "bill_waiting::a_script_names_it_and_writes_nothing",
            "bill_waiting::it_stands_on_the_ticket_page",
            "bill_waiting::on_a_terminal::it_is_offered_before_anything_is_asked",
            "bill_waiting::time_that_a_stop_has_charged_is_not_typed_once_more",
        ],
    ),
    situation(
        26,
        "the same mistake by another command",
        &[
            "secrets::what_a_customer_may_read_is_looked_at_in_every_write",
            "secrets::so_many_hours_on_one_line_are_asked_about",
            "parity::guards::every_guard_of_every_write_has_a_row",
        ],
    ),
    situation(
        27,
        "newer requests that make invoices and take time",
        &[
            "api_guards::documents::an_estimate_becomes_one_invoice",
            "api_guards::documents::an_invoice_without_a_ticket_is_made_once_a_day",
            "api_guards::live::a_timer_is_marked_as_billable_or_not",
            "absent::without_the_list_of_all_timers_the_tickets_own_are_taken",
            "absent::an_account_that_has_none_of_them_is_said_to_have_none",
            "absent::one_record_is_not_gone_where_the_account_has_none_of_its_kind",
        ],
    ),
    situation(
        28,
        "a ticket keeps its status when its invoice goes",
        &[
            "billable::the_line_of_charged_time_is_not_removed_without_a_word",
            "money::a_ticket_is_not_left_invoiced_without_an_invoice",
            "guard_reach::a_status_or_a_removal_names_what_it_leaves_behind",
        ],
    ),
    situation(
        29,
        "labor that is meant to be free",
        &["bill_rules::free::labor_that_is_meant_to_be_free_is_billed_as_it_is"],
    ),
    situation(
        30,
        "angle brackets in a text",
        &["conversation::angle_brackets_are_sent_so_that_the_customer_sees_them"],
    ),
    situation(
        31,
        "a mistyped option beside a text",
        &[
            "options::an_unknown_option_is_no_text_of_any_command",
            "options::an_option_never_is_the_value_of_another",
            "options::the_near_option_is_named",
            "options::text_with_a_leading_dash_is_typed_after_an_equals_sign_or_two_dashes",
        ],
    ),
    situation(
        32,
        "a telephone number kept as digits",
        &["office::a_telephone_number_is_the_same_by_its_digits"],
    ),
    situation(
        33,
        "the job title of a contact",
        &["office::a_title_lives_beside_the_other_properties"],
    ),
    situation(
        34,
        "each shape of a refusal",
        &["refusals::a_documented_refusal_is_one_whatever_its_shape"],
    ),
    situation(
        35,
        "doubt about one path",
        &["refusals::doubt_about_one_path_stands_in_no_other_way"],
    ),
    situation(
        36,
        "records with and without a wrapping",
        &[
            "refusals::an_invoice_is_read_flat_or_wrapped",
            "refusals::a_put_of_a_contact_or_an_asset_has_its_name",
        ],
    ),
    situation(
        37,
        "numbers beyond all use",
        &[
            "extremes::an_amount_beyond_all_use_is_a_wrong_value",
            "extremes::no_number_makes_anything_panic",
            "extremes::the_practice_server_refuses_what_it_cannot_compute",
        ],
    ),
    situation(
        38,
        "pages of what is no list",
        &["api::a_get_prints_the_answer_and_all_pages_of_a_list"],
    ),
    situation(
        39,
        "a remembered id is another ticket's",
        &[
            "lists::a_remembered_id_that_is_another_tickets_is_looked_up_and_forgotten",
            "lists::a_ticket_of_another_number_is_never_shown",
        ],
    ),
    situation(
        40,
        "practice that teaches what is not so",
        &[
            "practice::what_practice_does_not_offer_is_a_refusal",
            "sandbox::specification::the_key_comes_in_any_of_its_ways",
            "sandbox::specification::what_is_not_offered_says_so",
            "sandbox::specification::removals_answer_in_words",
            "sandbox::specification::customers_have_digits_and_addresses_and_machines_a_meta",
            "timers::live::a_timer_of_the_practice_account_can_be_paused",
        ],
    ),
    situation(
        41,
        "a ticket moves to another customer with its contact",
        &[
            "references::a_ticket_that_moves_leaves_its_contact_behind",
            "references::a_ticket_that_moves_takes_a_contact_of_its_new_customer",
            "references::a_new_tickets_contact_gets_its_comment",
            "references::contact_and_type_are_read_back",
            "doubt::recipient::a_comment_is_not_sent_to_another_contact",
        ],
    ),
    situation(
        42,
        "hours that are covered and not debited",
        &[
            "bill_rules::prepaid::hours_that_are_covered_without_a_debit_are_a_lost_price",
            "billing::check_tests::a_price_is_lost_or_it_is_not",
        ],
    ),
    situation(
        43,
        "a block covers another line than predicted",
        &[
            "bill_rules::prepaid::a_block_that_covers_another_product_than_predicted_is_right",
            "billing::check_tests::the_lines_tell_right_from_wrong",
        ],
    ),
    situation(
        44,
        "a ticket moves between the last look and a write",
        &[
            "doubt::moved::a_ticket_that_moves_between_a_cut_and_its_resume_is_left_alone",
            "doubt::moved::a_ticket_that_moves_while_a_write_waits_is_left_alone",
        ],
    ),
    situation(
        45,
        "what was previewed changes before a resume",
        &[
            "doubt::moved::a_block_that_changes_between_a_cut_and_its_resume_stops_the_bill",
            "doubt::previewed::what_was_previewed_and_is_no_longer_so_is_not_written",
            "doubt::recipient::a_plan_whose_ticket_is_called_otherwise_is_shown_and_asked_about",
            "doubt::moved::what_was_read_a_moment_ago_is_not_read_again",
        ],
    ),
    situation(
        46,
        "more decimals than are kept",
        &["extremes::more_decimals_than_are_kept_are_refused_before_anything_is_sent"],
    ),
    situation(
        47,
        "a field that is stored otherwise, or not at all",
        &[
            "doubt::stored::a_customer_stored_in_another_form_is_made_with_its_contacts",
            "doubt::stored::what_is_not_stored_of_a_change_is_a_warning",
            "doubt::stored::a_change_of_which_a_part_is_stored_is_done_with_a_warning",
        ],
    ),
    situation(
        48,
        "a small answer that takes a lot of memory",
        &[
            "lists::memory_is_bounded_whatever_an_answer_holds",
            "lists::side_by_side::pages_side_by_side_have_the_memory_of_one_answer",
            "lists::hostile::records_side_by_side_have_the_memory_of_one_answer",
        ],
    ),
    situation(
        49,
        "a ticket with a hundred thousand comments",
        &[
            "lists::five_comments_of_a_hundred_thousand_cost_no_more_requests_than_five_of_five",
            "lists::all_comments_are_read_where_they_are_asked_for",
        ],
    ),
    situation(
        50,
        "an answer that names another record",
        &[
            "doubt::moved::an_answer_about_another_record_is_not_followed",
            "lists::a_record_with_another_id_than_was_asked_for_is_never_shown",
        ],
    ),
    situation(
        51,
        "a clock that is set anew",
        &[
            "doubt::clocks::the_servers_clock_tells_how_old_a_sending_is",
            "pacing::a_clock_that_is_set_anew_widens_no_window",
        ],
    ),
    situation(
        52,
        "any umask, and links in the state folder",
        &["safety::what_is_kept_is_private_whatever_the_umask_and_no_link_leads_elsewhere"],
    ),
    situation(
        53,
        "a filter that the server ignores",
        &[
            "lists::every_filter_is_repeated_here",
            "lists::looks_repeat_their_filters",
            "tickets::filters::every_filter_holds_even_where_the_server_ignores_it",
        ],
    ),
    situation(
        54,
        "control characters that were typed",
        &["options::what_is_typed_does_not_steer_the_terminal"],
    ),
];

/// Whether that is a test of the program or of its rooms.
fn is_test(named: &str) -> bool {
    let (modules, name) = named.rsplit_once("::").unwrap();
    // A module within a file is found by its file.
    let within = |modules: &str| {
        ["::tests", "::on_a_terminal"]
            .iter()
            .find_map(|name| modules.strip_suffix(name).map(str::to_owned))
    };
    let path = within(modules).unwrap_or_else(|| modules.to_owned()).replace("::", "/");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [
        format!("tests/it/{path}.rs"),
        format!("tests/it/{path}/mod.rs"),
        format!("src/{path}.rs"),
    ];
    let texts = files.iter().filter_map(|file| std::fs::read_to_string(root.join(file)).ok());
    texts.into_iter().any(|text| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let is_it = |line: &&str| {
            let bare = line.trim_start_matches("async ").strip_prefix("fn ");
            bare.and_then(|bare| bare.strip_prefix(name)).is_some_and(|rest| rest.starts_with('('))
        };
        let at = lines.iter().position(is_it);
        // What marks it as a test stands right above it.
        let marks = at.map(|at| lines[..at].iter().rev().take_while(|line| line.starts_with("#[")));
        marks.is_some_and(|mut marks| marks.any(|mark| mark.ends_with("test]")))
    })
}

#[test]
fn each_situation_has_tests_that_are_there() {
    let numbers: Vec<u8> = ALL.iter().map(|one| one.number).collect();
    assert_eq!(numbers, (1..=54).collect::<Vec<u8>>());
    let words: BTreeSet<&str> = ALL.iter().map(|one| one.is).collect();
    assert_eq!(words.len(), ALL.len(), "each is another one");
    let mut missing: Vec<&&str> = Vec::new();
    for Situation { number, is, held_by } in &ALL {
        assert!(!held_by.is_empty(), "{number}, {is}: nothing holds it");
        missing.extend(held_by.iter().filter(|name| !is_test(name)));
    }
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
    assert!(!is_test("situations::is_test") && !is_test("amounts::nothing_of_the_kind"));
    let tests: usize = ALL.iter().map(|one| one.held_by.len()).sum();
    println!("situations: {} held by {tests} tests", ALL.len());
}
