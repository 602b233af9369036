//! The customers outside the story: enough for several pages, and names that are hard on searches,
//! tables and file names.
//!
//! Their places in the list are their ids, so new ones go to its end. No name shares a word with
//! those of the story, which is told with searches for them.

use serde_json::json;

use super::super::state::{State, Table};
use super::super::value::{Record, instant, integer, record, text};
use super::super::{contacts, customers, phones};
use super::people::{self, contact};
use super::{DAY, ago};

/// Business (empty for a person), first name, last name, mail address (empty for none).
type Client = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const CLIENTS: [Client; 56] = [
    ("Stonecrop Opticians", "Perpetua", "Askeland", "perpetua@stonecrop.example"),
    ("Stonecrop Opticians Ltd", "Ambrose", "Tallis", "office@stonecrop-ltd.example"),
    ("Stonecrop", "Ines", "Varga", "ines@stonecrop-holding.example"),
    ("Wren & Otter", "Cosima", "Wren", "cosima@wrenotter.example"),
    ("WREN & OTTER", "Barnaby", "Otterley", "barnaby@wren-otter-west.example"),
    ("1881", "Ottilie", "Marchbank", "hello@house1881.example"),
    ("31204551", "Numa", "Digby", "numa@digits.example"),
    ("../Escape & Sons", "Horace", "Escape", "horace@escape-sons.example"),
    ("CON", "Connor", "Okafor-Nye", "connor@con-stage.example"),
    ("Who? \"Quoted\" <Signs>: a|b*c", "Tabitha", "Signe", "tabitha@signs.example"),
    ("C:\\Temp Staffing", "Rufus", "Temple", "rufus@temp-staffing.example"),
    ("East/West Couriers", "Adaeze", "Osvest", "dispatch@east-west.example"),
    ("Trailing Plumbing. . .", "Gideon", "Sandoval", "gideon@trailing-plumbing.example"),
    ("  Spaces   Within  ", "Lorcan", "Spacey", "lorcan@spaces.example"),
    ("מאפיית הגשר", "נועה", "ברק", "noa@hagesher.example"),
    ("Øre & Ånd Lydstudio", "Åse", "Ørbeck", "aase@oreogand.example"),
    ("花屋ひだまり 🌻", "陽菜", "Tachibana", "hina@hidamari.example"),
    ("Zero\u{200b}width\u{202e}gnirts\u{202c} \u{1b}[31mStudio\u{1b}[0m", "Ezra", "Nullman", "ezra@zerowidth.example"),
    ("The Honourable Fellowship of Independent Clockmakers, Barometer Menders and Allied Instrument Trades of the Upper Valley", "Winifred", "Clocksworth-Abernathy", "secretary@clockmakers.example"),
    ("Vantage Point Cinema (moved away)", "Silas", "Overton", ""),
    ("", "Marisol", "Quenby", "marisol@quenby.example"),
    ("", "Marisol", "Quenby", "m.quenby@otherpost.example"),
    ("", "Theo", "Vanterbrook", "theo@vanterbrook.example"),
    ("", "Jun", "Halloway", ""),
    ("Halloway Cycles", "Jun", "Halloway", "jun@halloway-cycles.example"),
    ("Pettigrew Joinery", "Mabel", "Pettigrew", "shared@pettigrew.example"),
    ("Pettigrew Roofing", "Mabel", "Pettigrew", "shared@pettigrew.example"),
    ("Saltmarsh Pharmacy", "Ikenna", "Saltmarsh", "counter@saltmarsh.example"),
    ("Saltmarsh Pharmacy East", "Ikenna", "Saltmarsh", "east@saltmarsh.example"),
    ("Larkspur Brewery", "Ottokar", "Hopfner", "ottokar@larkspur.example"),
    ("Larkspur Taproom", "Ottokar", "Hopfner", "taproom@larkspur.example"),
    ("Kestrel Legal", "Philippa", "Ashdown-Roe", "philippa@kestrel-legal.example"),
    ("Juniper Yoga Rooms", "Saoirse", "Fallon", "saoirse@juniper-rooms.example"),
    ("Bellweather Insurance", "Dmitri", "Bellweather", "dmitri@bellweather.example"),
    ("Thistledown Florist", "Prudence", "Thistle", "prudence@thistledown.example"),
    ("Ironbark Gym", "Kofi", "Mensah-Dale", "kofi@ironbark.example"),
    ("Marrow & Vale Butchers", "Ulla", "Marrow", "ulla@marrowvale.example"),
    ("Pinnacle Scaffolding", "Bram", "Gravenor", "bram@pinnacle-scaffold.example"),
    ("Redshank Ferries", "Ingrid", "Solberg-Hay", "quay@redshank.example"),
    ("Cloudberry Cafe", "Aino", "Lehtinen", "aino@cloudberry.example"),
    ("Obsidian Tattoo", "Jax", "Morrowind", "jax@obsidian-ink.example"),
    ("Hazelmere Cattery", "Dorothea", "Hazel", "dorothea@hazelmere.example"),
    ("Crimson Curtain Theatre", "Lucian", "Prosper", "stage@crimson-curtain.example"),
    ("Gable End Property", "Nadira", "Gable", "nadira@gable-end.example"),
    ("Foxglove Toys", "Piers", "Underhill", "piers@foxglove-toys.example"),
    ("Amberglow Candles", "Esme", "Draycott", "esme@amberglow.example"),
    ("Driftwood Surf Hire", "Kai", "Pelagius", "kai@driftwood-surf.example"),
    ("Copse & Hollow Camping", "Rowan", "Copse", "rowan@copsehollow.example"),
    ("Millrace Printworks", "Edda", "Millrace", "edda@millrace.example"),
    ("Quartz Lapidary", "Zebedee", "Quartz", "zeb@quartz-lapidary.example"),
    ("Rookery Farm Shop", "Hester", "Rook", "hester@rookery-farm.example"),
    ("Swansdown Bedding", "Clement", "Swann", "clement@swansdown.example"),
    ("Umber Paint Supply", "Yasmin", "Umber", "yasmin@umber-paint.example"),
    ("Yarrow Herbals", "Tindra", "Yarrow", "tindra@yarrow-herbals.example"),
    ("Zephyr Kites", "Matteo", "Zefiro", "matteo@zephyr-kites.example"),
    ("Bluebell Laundry", "Ngaio", "Bell", ""),
];

const GONE: usize = 19;
/// A bakery whose name goes from right to left.
pub(super) const HAGESHER: i64 = id(14);
/// A studio whose name has accents.
pub(super) const LYDSTUDIO: i64 = id(15);
/// The one with its machines at two places.
pub(super) const SALTMARSH: i64 = id(27);
pub(super) const LARKSPUR: i64 = id(29);
pub(super) const KESTREL: i64 = id(31);

/// Returns the id of the customer at this place of the list.
const fn id(place: i64) -> i64 {
    31_205_003 + 17 * place
}

/// Further people: whose customer, which of its contacts, name, title, mail address.
#[rustfmt::skip]
const OTHERS: [(i64, i64, &str, &str, &str); 12] = [
    (people::QUILLFEATHER, 1, "Joss Pennock", "Shop assistant", "joss@quillfeather.example"),
    (people::QUILLFEATHER, 2, "Bea Quill", "Bookkeeper", "accounts@quillfeather.example"),
    (people::DENTAL, 1, "Hanne Oduya-Lind", "Practice manager", "hanne@brindlewood-dental.example"),
    (people::DENTAL, 2, "Reception", "", ""),
    (people::HARROW, 1, "Percival Harrow", "Partner", "percival@harrowfinch.example"),
    (people::MOSSGATE, 1, "Isla McMoss", "Vet", "isla@mossgate-vets.example"),
    (people::TIDEWRACK, 1, "Eirik Haugstad", "Surveyor", "eirik@tidewrack.example"),
    (people::NORTHLIGHT, 1, "Aurelio Bascom", "Architect", "aurelio@northlight.example"),
    (SALTMARSH, 1, "Ikenna Saltmarsh", "", "ikenna@saltmarsh.example"),
    (SALTMARSH, 2, "IKENNA SALTMARSH", "Pharmacist", "ikenna.private@saltmarsh.example"),
    (LARKSPUR, 1, "Freya Hopfner", "Brewer", "freya@larkspur.example"),
    (KESTREL, 1, "Night desk", "", "night@kestrel-legal.example"),
];

/// Adds the customers, contacts for them and more for those of the story, and everybody's phones.
pub(super) fn add(state: &mut State) {
    for (place, client) in (0_i64..).zip(CLIENTS) {
        add_client(state, place, client);
    }
    for (customer, which, name, title, mail) in OTHERS {
        let person = record(json!({
            "id": contact(customer) + which,
            "name": name,
            "customer_id": customer,
            "email": (!mail.is_empty()).then_some(mail),
            "phone": format!("555-02{:02}", (customer + which) % 100),
            "properties": if title.is_empty() { json!({}) } else { json!({ "title": title }) },
        }));
        add_contact(state, person);
    }
    let all: Vec<i64> =
        state.all(Table::Customers).filter_map(|customer| integer(customer, "id")).collect();
    for customer in all {
        phones::write_first(state, ago(600 * DAY), customer);
    }
}

fn add_client(state: &mut State, place: i64, (business, first, last, mail): Client) {
    let id = id(place);
    let mail = (!mail.is_empty()).then_some(mail);
    let made = instant(ago((600 - place) * DAY));
    let mut customer = record(json!({"id": id, "created_at": made, "updated_at": made}));
    customer.extend(customers::fresh());
    customer.extend(record(json!({
        "firstname": first,
        "lastname": last,
        "business_name": (!business.is_empty()).then_some(business),
        "email": mail,
        "phone": format!("555-01{:02}", id % 100),
        "mobile": (place % 5 == 0).then(|| format!("555-03{:02}", id % 100)),
        "address": format!("{} Ropewalk", 2 + place * 2),
        "city": if place % 2 == 0 { "Larkham" } else { "Upper Larkham" },
        "state": "IL",
        "zip": "60000",
        "get_sms": place % 4 == 3,
        "no_email": mail.is_none(),
        "disabled": usize::try_from(place) == Ok(GONE),
        "properties": if place % 6 == 0 { json!({"Route": "North", "Floor": "2"}) } else { json!({}) },
        "online_profile_url":
            format!("https://sandbox.example/my_profile/v2/index?portal_key=not-a-secret-{id}"),
        "prepay_hours": match place % 7 { 0 => Some("6.25"), 1 => None, _ => Some("0.0") },
        "_tax_percent": (place % 3 != 0).then_some("8.25"),
    })));
    customer.extend(customers::names(&customer));
    let person = record(json!({
        "id": contact(id),
        "name": text(&customer, "fullname"),
        "customer_id": id,
        "email": mail,
        "phone": text(&customer, "phone"),
        "properties": {"title": "Owner"},
    }));
    state.put(Table::Customers, customer);
    // People on their own are their own contacts, as in the story.
    if !business.is_empty() {
        add_contact(state, person);
    }
}

fn add_contact(state: &mut State, fields: Record) {
    let made = instant(ago(580 * DAY));
    let mut person = record(json!({"id": null, "created_at": made, "updated_at": made}));
    person.extend(contacts::fresh());
    person.extend(fields);
    state.put(Table::Contacts, person);
}
