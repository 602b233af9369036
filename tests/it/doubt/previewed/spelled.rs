//! Every write at an account whose answers are written in another way: it is previewed, sent and found to be there as at any
//! other.

use super::table::write;
use super::*;

/// What sets a day besides.
static DATED: [Write; 4] = [
    write("update 32181 --due 2027-06-30", &["ticket-update"]),
    write("invoice update 67409 --due 2027-06-30", &["invoice-update"]),
    write(
        "create 31204551 Blank --description Since~today --due 2027-03-01",
        &["ticket-create", "comment"],
    ),
    write(
        "api POST invoices -F customer_id=31204618 -F date=2027-03-01 --zero",
        &["invoice-create"],
    ),
];

/// A write, and the fault that makes the answers other ones.
struct Case(&'static Write, &'static str);

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.0, self.1)
    }
}

/// What a run ends with, what it prints and warns of but for its server's address, and how many writes it sends.
type Said = (i32, String, usize);

impl Case {
    /// What is said with these words, at an account of its own with these faults.
    fn said(&self, faults: &[&str], more: &[&str]) -> (Ran, Said) {
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        let env = self.0.env(Setup { faults, ..Setup::default() });
        let ran = self.0.run(&env, more);
        let address = env.base().trim_end_matches("/api/v1");
        let warned = ran.stderr.lines().filter(|line| line.starts_with("warning:"));
        // What a write leaves alone is sent back as it came.
        let printed = ran.stdout.lines().filter(|line| !line.contains("\"start_at\": "));
        let said: String = printed.chain(warned).collect::<Vec<_>>().join("\n");
        let said = (ran.code, said.replace(address, ""), env.writes().len());
        (ran, said)
    }

    fn check(&self, problems: &mut Problems) {
        for more in [["--dry-run"], ["--yes"]] {
            let ((plain, said), (other, then)) =
                (self.said(&[], &more), self.said(&[self.1], &more));
            // What is of the present differs by itself, in what is printed alone.
            let is_so = then == said
                || (then.0, then.2) == (said.0, said.2) && self.said(&[], &more).1 != said;
            problems.unless(is_so, || format!("{more:?}: {plain}\n== {} then\n{other}", self.1));
        }
    }
}

#[test]
fn a_write_is_the_same_however_dates_and_references_are_written() {
    let faults = ["any@*=spelled:utc", "any@*=nested"];
    let cases =
        faults.iter().flat_map(|fault| WRITES.iter().chain(&DATED).map(|write| Case(write, fault)));
    let cases: Vec<Case> = cases.collect();
    many("writes at answers written otherwise", &cases, Case::check);
}
