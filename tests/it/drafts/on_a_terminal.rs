//! Drafts at a terminal: shown, edited, asked about.

use super::*;
use crate::support::CTRL_C;

const PROMPT: &str = "[y/N/p";
const QUESTION: &str = "[y/N]";

/// The comment, the line and the invoice are there, each once.
#[track_caller]
fn billed(env: &TestEnv) {
    let (_, lines, invoices) = env.state(TILL).counts();
    assert_eq!((lines, invoices), (1, 1));
    let writes = env.writes();
    let comments = writes.iter().filter(|line| line.path.ends_with("/comment"));
    assert_eq!(comments.count(), 1);
}

#[test]
fn a_draft_is_edited_seen_and_sent() {
    let (model, env) = one(with("body", "Hello Imelda,\n\nthe layout is on the new till."));
    let editor =
        env.editor("sed -i 's/Hello/Dear/; s/^Subject: .*/Subject: Your receipts/' \"$1\"");
    let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
    let preview = terminal.expect(PROMPT);
    let by = format!("Drafted by qwen3:14b on {}, edited by you", model.host());
    for shown in
        ["| Your receipts", "| Dear Imelda,", "\"Copied the gift layout to the new till\"", &by]
    {
        assert!(preview.contains(shown), "{shown}: {preview}");
    }
    assert!(env.writes().is_empty());
    terminal.reply(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    billed(&env);
    let saw = env.editor_saw();
    assert!(saw.starts_with("Subject: Gift receipts\n\nHello Imelda,\n"), "{saw}");
    let about =
        ["It is emailed to the customer.", "Ticket: #32181 ", "Customer: Quillfeather Books"];
    for shown in [&["Drafted by qwen3:14b on"][..], &about].concat() {
        assert!(saw.contains(&format!("# {shown}")), "{shown}: {saw}");
    }
    let sent = &env.writes()[0].body;
    assert_eq!(sent["subject"], "Your receipts");
    assert_eq!(sent["body"], "Dear Imelda,<br><br>the layout is on the new till.");
}

/// The page of a draft is left with its headline above it: that is none of the text.
#[test]
fn a_page_that_is_left_open_keeps_its_headline_apart() {
    let (_model, env) = one(says_good());
    let typed = ["comment", "32181", "--draft", NOTES];
    let editor =
        env.editor("sed -i 's/^Subject: .*/Subject: Your receipts/' \"$1\"\nkill -9 $PPID");
    let terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
    assert_eq!(terminal.end().0, 137);
    let mut terminal = env.terminal(&typed[..2]);
    terminal.answer("[Y/n]", "y");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let sent = &env.writes()[0].body;
    assert_eq!(sent["subject"], "Your receipts", "{shown}");
    assert!(!sent["body"].as_str().unwrap().contains("Subject"), "{sent}");
}

/// On every command that takes notes: the editor, the preview with the host, and only then the comment.
#[test]
fn comment_close_and_create_send_what_a_person_has_edited() {
    let number = &["comment", "32181"][..];
    for (args, writes) in [
        (number, 1),
        (&["close", "32181", "--no-log"], 2),
        (&["create", "31204551", "Gift receipts again"], 2),
    ] {
        let (model, env) = one(says_good());
        let editor = env.editor("sed -i 's/new till/other till/' \"$1\"");
        let typed = [args, &["--draft", NOTES]].concat();
        let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
        if args[0] == "create" {
            terminal.answer("Enter to continue:", "");
        }
        let preview = terminal.expect(PROMPT);
        let by = format!("Drafted by qwen3:14b on {}, edited by you", model.host());
        for shown in ["is on the other till now", &by] {
            assert!(preview.contains(shown), "{args:?}, {shown}: {preview}");
        }
        assert!(env.writes().is_empty(), "{args:?}");
        terminal.reply(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{args:?}: {shown}");
        let sent = env.writes();
        assert_eq!(sent.len(), writes, "{args:?}");
        let comment = sent.iter().find(|line| line.path.ends_with("/comment"));
        let body = comment.unwrap().body["body"].to_string();
        assert!(body.contains("is on the other till now"), "{args:?}: {body}");
    }
}

#[test]
fn a_model_drafts_while_the_rest_is_asked() {
    let (model, env) = one(says_good());
    let editor = env.editor("echo 'And so on.' > \"$1\"");
    let args = ["bill", "32181", "--draft", NOTES];
    let mut terminal = env.terminal_with(&args, &[("EDITOR", &editor)]);
    terminal.expect("Minutes");
    crate::support::until("the model was asked", || model.chats().len() == 1);
    terminal.say("30");
    terminal.expect("Labor type");
    terminal.say("1");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("| And so on."), "{preview}");
    // Whose headline is gone has the ordinary one.
    assert!(preview.contains("| Update"), "{preview}");
    terminal.reply(PROMPT, "");
    assert_eq!(terminal.end().0, 9);
    untouched(&env);
}

#[test]
fn a_draft_that_is_left_alone_is_asked_about() {
    for (answer, shown) in [("y", "not edited"), ("", "| by hand")] {
        let (_model, env) = one(says_good());
        let mut terminal = env.terminal(&DRAFTED);
        let question = terminal.expect(QUESTION);
        assert!(question.contains("The draft is unchanged"), "{question}");
        terminal.reply(QUESTION, answer);
        if answer.is_empty() {
            terminal.expect("Comment (Enter opens the editor):");
            terminal.say("by hand");
        }
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains(shown), "{preview}");
        assert_eq!(preview.contains("Drafted by"), answer == "y", "{preview}");
        terminal.reply(PROMPT, "y");
        assert_eq!(terminal.end().0, 0);
        billed(&env);
    }
}

#[test]
fn a_draft_that_is_emptied_is_none() {
    let (_model, env) = one(says_good());
    for script in [": > \"$1\"", "echo 'Subject: only this' > \"$1\""] {
        let editor = env.editor(script);
        let terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        assert!(shown.contains("no comment was written; nothing was sent"), "{shown}");
        untouched(&env);
    }
}

#[test]
fn an_invented_figure_that_stays_is_asked_about() {
    let (_model, env) = one(with("body", "It took 30 minutes."));
    // First only something else is changed, then the figure goes.
    let editor = env.editor(
        "if grep -q Well \"$1\"; then sed -i 's/ 30 minutes/ a while/' \"$1\"; \
         else sed -i 's/It/Well, it/' \"$1\"; fi",
    );
    let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
    terminal.expect("the text has 30 minutes, which is not in your notes");
    let question = terminal.expect(QUESTION);
    assert!(question.contains("30 minutes came from the model, not from you"), "{question}");
    terminal.reply(QUESTION, "");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("| Well, it took a while."), "{preview}");
    assert!(env.editor_saw().contains("# ! The text has 30 minutes"));
    terminal.reply(PROMPT, "");
    assert_eq!(terminal.end().0, 9);

    let editor = env.editor("sed -i 's/It/Well, it/' \"$1\"");
    let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
    terminal.answer(QUESTION, "y");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("| Well, it took 30 minutes."), "{preview}");
    terminal.reply(PROMPT, "");
    assert_eq!(terminal.end().0, 9);
    untouched(&env);
}

#[test]
fn without_a_model_the_notes_are_where_the_person_begins() {
    let env = env(&[Ollama::dead()]);
    let editor = env.editor("sed -i '1s/^/Dear all, /' \"$1\"");
    let mut terminal = env.terminal_with(&DRAFTED, &[("EDITOR", &editor)]);
    terminal.expect("no draft: cannot reach a model: ");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("| Dear all, copied gift layout"), "{preview}");
    assert!(!preview.contains("Drafted by"), "{preview}");
    terminal.reply(PROMPT, "y");
    assert_eq!(terminal.end().0, 0);
    assert!(env.editor_saw().starts_with(NOTES), "{}", env.editor_saw());
    billed(&env);
}

#[test]
fn notes_that_are_left_alone_are_asked_about() {
    for (answer, code) in [("y", 0), ("", 9)] {
        let env = env(&[Ollama::dead()]);
        let mut terminal = env.terminal(&DRAFTED);
        let question = terminal.expect(QUESTION);
        assert!(question.contains("Your notes are unchanged"), "{question}");
        terminal.reply(QUESTION, answer);
        if answer == "y" {
            terminal.answer(PROMPT, "y");
        }
        assert_eq!(terminal.end().0, code);
        if answer == "y" {
            billed(&env);
            let sent = &env.writes()[0].body["body"];
            assert_eq!(sent, NOTES);
        } else {
            untouched(&env);
        }
    }
}

#[test]
fn yes_is_no_reader() {
    let (model, env) = one(says_good());
    let (code, shown) = env.terminal(&[&DRAFTED[..], &["--yes"]].concat()).end();
    assert_eq!(code, 2, "{shown}");
    assert!(model.asked().is_empty() && env.log().is_empty());
}

#[test]
fn ctrl_c_does_not_wait_for_the_model() {
    let model = Ollama::start(&["qwen3:14b"], Chat::Never);
    let env = env(&[model.url()]);
    let mut terminal = env.terminal(&DRAFTED);
    terminal.expect("is writing a draft");
    crate::support::until("the model was asked", || model.chats().len() == 1);
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    untouched(&env);
}

#[test]
fn a_credential_of_the_model_is_a_question_of_the_guard() {
    let (_model, env) = one(with("body", "Your password: hunter-two"));
    let mut terminal = env.terminal(&DRAFTED);
    terminal.answer(QUESTION, "y");
    let question = terminal.expect(QUESTION);
    assert!(question.contains("the customer can read it"), "{question}");
    terminal.say("");
    assert_eq!(terminal.end().0, 9);
    untouched(&env);
}
