//! What `resume` takes for settled, what it stops at before it asks, and whose plans it takes.
#![cfg(unix)]

use crate::support::{CTRL_C, Setup, TILL, Terminal, TestEnv, bill};

/// A bill whose first line has lost its price, and whose second one was lost; the lost one stays young.
fn lost_beside_a_wrong_one() -> TestEnv {
    let faults = ["line@1=lost-price", "line@2=close-before"].map(str::to_owned).to_vec();
    let env = TestEnv::of(Setup { faults, resend_after: "60", ..Setup::default() });
    env.run(&bill(&["--add", "travel", "--yes"])).ends(6);
    env
}

/// A lost write that stops for another reason is absent only where it was old enough to be sent again: until then it may land.
#[test]
fn what_is_too_young_to_be_sent_again_is_not_known_to_be_absent() {
    let another: fn(&mut Terminal) = |terminal| {
        terminal.answer("[y/N]", "n");
        terminal.answer("[y/N]", "y");
    };
    let interrupted: fn(&mut Terminal) = |terminal| {
        terminal.expect("too early to send it again");
        terminal.send(CTRL_C);
    };
    for (by_hand, way) in [(true, another), (false, interrupted)] {
        let env = lost_beside_a_wrong_one();
        if by_hand {
            env.account().line(TILL, "1", "85", "By hand");
        }
        let sent = env.writes().len();
        let mut terminal = env.terminal_of(300, &["resume"]);
        terminal.answer("[y/N/p", "y");
        way(&mut terminal);
        let (code, shown) = terminal.end();
        assert_ne!(code, 0, "{shown}");
        assert_eq!(env.writes().len(), sent, "{shown}");
        let story = env.journal()[0].story();
        assert!(!story.iter().any(|line| line.contains("not_landed")), "{story:?}: {shown}");
        assert!(shown.contains("perhaps written"), "{shown}");
    }
}
