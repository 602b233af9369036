//! A journal that is torn or damaged never doubles anything, wherever it ends and whichever line says nothing any more.

use std::path::Path;

use crate::support::{BILLED, Problems, Setup, TILL, TestEnv, bill, files, many};

/// Copies of files, put back before each try.
struct Kept(Vec<(std::path::PathBuf, Vec<u8>)>);

impl Kept {
    fn of(dirs: &[&Path]) -> Self {
        let all = dirs.iter().flat_map(|dir| files(dir));
        Self(all.map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect())
    }

    fn put_back(&self) {
        for (path, bytes) in &self.0 {
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// Where a file of this content is cut: in the first line here and there, then around every end of a line and in its
/// middle, and at every byte of the last line.
fn cuts(text: &[u8]) -> Vec<usize> {
    let ends: Vec<usize> = (1..=text.len()).filter(|at| text[at - 1] == b'\n').collect();
    let mut cuts: Vec<usize> = vec![0, 1, ends[0] / 2];
    let mut start = ends[0];
    for end in &ends {
        cuts.extend([end - 1, *end, end + 1]);
        if start < *end {
            cuts.push(usize::midpoint(start, *end));
        }
        start = *end;
    }
    if let [.., before, last] = ends.as_slice() {
        cuts.extend(*before..*last);
    }
    cuts.retain(|cut| *cut < text.len());
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Never two, whatever becomes of the journal; `resume` and then the same bill again.
fn never_twice(env: &TestEnv, what: &str, problems: &mut Problems) {
    for args in [vec!["resume", "--yes", "--json"], bill(&["--yes", "--json"])] {
        let ran = env.run(&args);
        let (comments, lines, invoices) = env.state(TILL).counts();
        problems.unless(comments <= 1 && lines <= 1 && invoices <= 1, || {
            format!(
                "{what}, {}: {comments} comments, {lines} lines, {invoices} invoices: {}",
                args[0],
                ran.brief()
            )
        });
        problems.unless([0, 1, 3, 5, 6, 10].contains(&ran.code), || {
            format!("{what}, {}: {}", args[0], ran.brief())
        });
        if ran.code == 0 && args[0] == "bill" {
            problems.same(what, env.state(TILL).ours(), BILLED);
        }
    }
}

#[test]
fn a_torn_journal_never_doubles() {
    let faults = [
        "comment=hang-after",
        "line=hang-after",
        "invoice-create=hang-after",
        "ticket-update=hang-before",
    ];
    many("torn journals", &faults, |fault, problems| {
        let env = TestEnv::of(Setup {
            faults: vec![(*fault).to_owned()],
            timeout: "60",
            settle: "0.05",
            resend_after: "0.05",
            ..Setup::default()
        });
        let running = env.spawn(&bill(&["--yes"]));
        env.until_logged(|line| line.fault.is_some());
        assert_eq!(running.kill().code, -1);
        let plan = env.journal().remove(0).path;
        let account = env.dir().join("account");
        let kept = Kept::of(&[&account, &env.state_dir()]);
        let whole = std::fs::read(&plan).unwrap();
        let cuts = cuts(&whole);
        println!("    {fault}: {} cuts of {} bytes", cuts.len(), whole.len());
        for cut in cuts {
            for path in files(&env.state_dir().join("journal")) {
                std::fs::remove_file(path).unwrap();
            }
            kept.put_back();
            std::fs::write(&plan, &whole[..cut]).unwrap();
            never_twice(&env, &format!("cut at {cut} of {}", whole.len()), problems);
        }
    });
}

#[test]
fn a_damaged_line_in_the_middle_is_looked_for() {
    let env = TestEnv::of(Setup {
        faults: vec!["invoice-create=hang-after".to_owned()],
        timeout: "60",
        ..Setup::default()
    });
    let running = env.spawn(&bill(&["--yes"]));
    env.until_logged(|line| line.fault.is_some());
    assert_eq!(running.kill().code, -1);
    let plan = env.journal().remove(0).path;
    let account = env.dir().join("account");
    let kept = Kept::of(&[&account, &env.state_dir()]);
    let whole = std::fs::read(&plan).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    let mut problems = Problems::default();
    for line in ends.windows(2) {
        kept.put_back();
        let mut damaged = whole.clone();
        damaged[usize::midpoint(line[0], line[1])] ^= 1;
        std::fs::write(&plan, damaged).unwrap();
        never_twice(&env, &format!("damaged after {}", line[0]), &mut problems);
    }
    assert!(problems.is_empty(), "{problems:?}");
}
