//! Lists: which pages are asked for, when it ends, and what a broken one becomes.

use super::*;

/// A list of `total` things, `per` a page.
struct Pages {
    ids: Vec<u64>,
    per: usize,
    meta: bool,
    /// Whether `meta` counts the records, too.
    counts: bool,
    /// Whether `page` is obeyed.
    obeys: bool,
    /// Whether `meta` says which page it really is.
    says: bool,
    slow: bool,
}

impl Pages {
    fn new(total: u64, per: usize) -> Self {
        Self {
            ids: (1..=total).collect(),
            per,
            meta: true,
            counts: true,
            obeys: true,
            says: true,
            slow: false,
        }
    }
}

impl Respond for Pages {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let asked = request
            .url
            .query_pairs()
            .find(|(name, _)| name == "page")
            .map_or(1, |(_, page)| page.parse().unwrap());
        let page = if self.obeys { asked } else { 1_usize };
        let things: Vec<Value> = self
            .ids
            .iter()
            .skip((page - 1) * self.per)
            .take(self.per)
            .map(|id| json!({ "id": id }))
            .collect();
        let mut body = json!({ "things": things });
        if self.meta {
            body["meta"] = json!({
                "total_pages": self.ids.len().div_ceil(self.per),
                "page": if self.says { page } else { asked },
            });
            if self.counts {
                body["meta"]["total_entries"] = json!(self.ids.len());
            }
        }
        let template = ResponseTemplate::new(200).set_body_json(body);
        if self.slow { template.set_delay(Duration::from_millis(200)) } else { template }
    }
}

async fn pages(pages: Pages) -> Bench {
    let bench = Bench::new().await;
    Mock::given(path("/api/v1/things")).respond_with(pages).mount(&bench.server).await;
    bench
}

fn ids(listing: &Listing<Thing>) -> Vec<u64> {
    listing.items.iter().map(|thing| thing.id).collect()
}

#[tokio::test]
async fn all_pages_come_in_order_and_the_rest_side_by_side() {
    let mut list = Pages::new(70, 10);
    list.slow = true;
    let bench = pages(list).await;
    let began = Instant::now();
    let listing = bench.list().await;
    assert_eq!(ids(&listing), (1..=70).collect::<Vec<_>>());
    assert_eq!((listing.total, listing.complete), (Some(70), true));
    assert_eq!(bench.hits().await, 7);
    // Two round trips of 200 ms, not seven.
    assert!(began.elapsed() < Duration::from_millis(1000), "{:?}", began.elapsed());
}

#[tokio::test]
async fn without_meta_it_goes_on_until_an_empty_page() {
    let mut list = Pages::new(45, 25);
    list.meta = false;
    let bench = pages(list).await;
    let listing = bench.list().await;
    assert_eq!(listing.items.len(), 45);
    assert!(listing.complete);
    assert_eq!(bench.hits().await, 3);
}

#[tokio::test]
async fn without_meta_a_repeated_page_is_the_end() {
    let mut list = Pages::new(20, 25);
    list.meta = false;
    list.obeys = false;
    let bench = pages(list).await;
    let listing = bench.list().await;
    assert_eq!(listing.items.len(), 20);
    assert!(listing.complete);
    assert_eq!(bench.hits().await, 2);
}

#[tokio::test]
async fn a_server_that_ignores_the_page_is_not_asked_for_all_of_them() {
    let mut list = Pages::new(500, 10);
    list.obeys = false;
    let bench = pages(list).await;
    let listing = bench.list().await;
    assert_eq!(listing.items.len(), 10);
    assert!(!listing.complete);
    assert!(bench.hits().await <= 7);
}

/// Of a list of which the ends are enough, what is newest may be on the last page.
#[tokio::test]
async fn a_last_page_that_is_another_one_is_no_end() {
    let list = || List::<Thing>::new("/things", "things").ends();
    let bench = pages(Pages::new(60, 10)).await;
    let ends = bench.reader().all(list()).await.unwrap();
    assert_eq!(ids(&ends), (1..=10).chain(51..=60).collect::<Vec<_>>());
    for (total, says) in [(60, true), (60, false), (20, true), (15, false)] {
        let bench = pages(Pages { obeys: false, says, ..Pages::new(total, 10) }).await;
        let error = bench.reader().all(list()).await.unwrap_err();
        let last = total.div_ceil(10);
        assert_eq!(error.to_string(), format!("GET /things: page {last} was not returned"));
    }
}

#[tokio::test]
async fn records_that_move_between_pages_come_once() {
    let mut list = Pages::new(0, 3);
    list.ids = vec![1, 2, 3, 3, 4, 5, 5, 6];
    let bench = pages(list).await;
    assert_eq!(ids(&bench.list().await), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn enough_is_enough() {
    let bench = pages(Pages::new(800, 25)).await;
    let list = List::<Thing>::new("/things", "things").enough(30);
    let listing = bench.reader().all(list).await.unwrap();
    assert_eq!(listing.items.len(), 50);
    assert_eq!((listing.total, listing.complete), (Some(800), false));
    assert_eq!(bench.hits().await, 2);
}

#[tokio::test]
async fn what_is_enough_is_counted_in_what_is_kept() {
    let bench = pages(Pages::new(800, 25)).await;
    let list = || List::<Thing>::new("/things", "things").enough(3);
    let rare = |thing: &Thing| thing.id.is_multiple_of(100);
    let listing = bench.reader().all(list().keep(rare)).await.unwrap();
    assert_eq!(ids(&listing), [100, 200, 300]);
    assert_eq!((listing.dropped, listing.complete), (297, false));
    assert_eq!(bench.hits().await, 13);
    let none = bench.reader().all(list().keep(|_| false)).await.unwrap();
    assert_eq!((ids(&none), none.complete), (Vec::new(), true));
}

#[tokio::test]
async fn a_list_that_was_left_with_enough_is_not_its_end() {
    for counts in [true, false] {
        let list = Pages { counts, ..Pages::new(125, 25) };
        let bench = pages(list).await;
        let list = || List::<Thing>::new("/things", "things").enough(3);
        let rare = |thing: &Thing| thing.id.is_multiple_of(20);
        let some = bench.reader().all(list().keep(rare)).await.unwrap();
        assert_eq!((ids(&some), some.complete, some.short), (vec![20, 40, 60], false, false));
        // What is enough with the last page is all.
        let last = bench.reader().all(list().keep(|thing| thing.id > 122)).await.unwrap();
        assert_eq!((ids(&last), last.complete), (vec![123, 124, 125], true));
    }
}

#[tokio::test]
async fn there_are_at_least_as_many_as_full_pages_hold() {
    let bench = pages(Pages::new(790, 25)).await;
    let list = || List::<Thing>::new("/things", "things");
    let some = bench.reader().all(list().enough(30)).await.unwrap();
    assert_eq!((some.at_least, some.complete), (776, false));
    assert_eq!(bench.list().await.at_least, 790);

    let mut bare = Pages::new(60, 25);
    bare.meta = false;
    let bench = pages(bare).await;
    // Whether there is more shows on the page after what is enough.
    let some = bench.reader().all(list().enough(50)).await.unwrap();
    assert_eq!((some.items.len(), some.complete), (60, false));
    assert_eq!(bench.hits().await, 3);
}

#[tokio::test]
async fn a_list_that_is_too_long_is_left_after_its_first_page() {
    let bench = pages(Pages::new(100, 25)).await;
    let list = |pages| List::<Thing>::new("/things", "things").unless_longer_than(pages);
    let whole = bench.reader().all(list(4)).await.unwrap();
    assert_eq!((whole.items.len(), whole.complete), (100, true));
    let first = bench.reader().all(list(3)).await.unwrap();
    assert_eq!((first.items.len(), first.complete), (25, false));
    assert_eq!(bench.hits().await, 5);
}

#[tokio::test]
async fn some_objects_come_bare_or_wrapped() {
    let bench = Bench::new().await;
    for (at, body) in [
        ("wrapped", json!({"thing": {"id": 7}})),
        ("bare", json!({"id": 7, "more": "kept"})),
        ("null", json!({"thing": null})),
        ("nothing", json!(null)),
        ("foreign", json!({"error": "no"})),
    ] {
        Mock::given(path(format!("/api/v1/{at}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&bench.server)
            .await;
    }
    let get = |at: &str| Get::<Thing>::new(format!("/{at}"), Some("thing")).bare_too();
    for at in ["wrapped", "bare"] {
        assert_eq!(bench.reader().get(get(at)).await.unwrap().id, 7, "{at}");
    }
    for at in ["null", "nothing", "foreign"] {
        let error = bench.reader().get(get(at)).await.unwrap_err();
        let refused = matches!(&error, Error::Refused { message, .. } if message == "no");
        assert!(refused == (at == "foreign"), "{at}: {error}");
        assert!(refused || matches!(error, Error::Foreign { .. }), "{at}: {error}");
    }
    let strict = Get::<Thing>::new("/bare", Some("thing"));
    assert!(bench.reader().get(strict).await.is_err());
}

#[tokio::test]
async fn wrapped_elements_and_pairs_are_understood() {
    let body = json!({"appointments": [{"appointment": {"id": 5_560_000_001_u64}}], "users": [[1, "Ann"], [2, "Bo"]]});
    let bench = Bench::with(ResponseTemplate::new(200).set_body_json(body)).await;
    let list = List::<Thing>::new("/appointments", "appointments").unwrapping("appointment");
    let listing = bench.reader().all(list).await.unwrap();
    assert_eq!(ids(&listing), [5_560_000_001]);
    let list = List::<(u64, String)>::new("/users", "users");
    let listing = bench.reader().all(list).await.unwrap();
    assert_eq!(listing.items.len(), 2);
    assert_eq!(listing.items[1].view, (2, "Bo".to_owned()));
}

#[tokio::test]
async fn one_broken_page_breaks_the_list_and_names_the_record() {
    let bench = Bench::new().await;
    Mock::given(query_param_is_missing("page"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(
                json!({"things": [{"id": 1}], "meta": {"total_pages": "2", "page": 1}}),
            ),
        )
        .mount(&bench.server)
        .await;
    Mock::given(query_param("page", "2"))
        .respond_with(ResponseTemplate::new(200).set_body_json(
            json!({"things": [{"id": 2}, {"id": null}], "meta": {"total_pages": 2, "page": 2}}),
        ))
        .mount(&bench.server)
        .await;
    let list = List::<Thing>::new("/things", "things");
    let error = bench.reader().all(list).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /things: things[2].id cannot be read: null instead of a whole number that is not negative"
    );
}
