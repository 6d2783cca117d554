//! What people do: launch, watch, leave, come back, look at the results.

use super::session::{Session, command, folder, states, wait_for_done};

/// Launches two trials, watches them, leaves them running, comes back, and opens both.
fn journey(columns: u16, rows: u16) {
    let folder = folder();
    let mut session = Session::open(folder.path(), columns, rows);
    session.launch_slow(folder.path());
    let before = session.wait("a running trial", |text| text.contains(" rounds so far"));
    session.wait("progress", |text| text != before);
    session.leave();
    session.assert_restored();
    wait_for_done(folder.path(), 2);

    let mut session = Session::open(folder.path(), columns, rows);
    session.wait("both trials", |text| text.matches("✓ finished").count() == 2 && text.contains("4-1-2-16"));
    for move_down in ["", "j"] {
        session.press(move_down);
        session.press("\r");
        session.wait_for("required");
        session.press("l");
        session.wait_for("the best walk");
        session.press("l");
        session.wait_for("clusters within each layer");
        session.press("l");
        session.wait_for("modularity M of each cut");
        session.press("l");
        session.wait_for("─ M1 ─");
        session.press("l");
        session.wait_for("┌M1");
        // Back to the dense network, whose modules are detected now, and forward to the end again.
        session.press("<");
        session.wait("the dense network", |text| text.contains("step 1 of") && text.contains("┌M1"));
        session.press(">l");
        session.wait_for("path products");
        session.press("l\u{1b}");
        session.wait_for("latest first");
    }
    session.quit();
}

#[test]
fn quickstart_is_launched_by_its_key() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("quickstart");
    session.press("a");
    session.wait_for("Launch quickstart?");
    session.press("\r");
    wait_for_done(folder.path(), 2);
    session.press("1");
    session.wait("both trials", |text| text.matches("✓ finished").count() == 2);
    session.press("r");
    session.wait_for("2 trials done.");
    session.press("q");
    session.wait("the catalog again", |text| text.matches("✓ finished").count() == 2);
    session.quit();
}

#[test]
#[cfg_attr(debug_assertions, ignore = "144 trials take too long without optimizations")]
fn figure_6_is_launched_by_two_keys_and_survives_a_dropped_connection() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    let text = session.wait_for("figure-6");
    let line = text.lines().find(|line| line.contains("figure-6")).unwrap();
    let key = line.split_whitespace().next().unwrap().trim_start_matches('▸');
    // The two keys: the letter in front of it, and enter.
    session.press(key);
    session.wait_for("Launch figure-6?");
    session.press("\r");
    session.wait_for("of 144 trials done");
    session.hang_up();

    // Its trials are found again, running or done, and all of them finish.
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait("its trials", |text| text.contains("144"));
    let states = wait_for_done(folder.path(), 144);
    assert_eq!(states.len(), 144);
    session.press("1g");
    session.wait("the last trial", |text| text.contains("✓ finished") && !text.contains("●"));
    session.quit();
    // Nothing is left to do, and nothing is damaged.
    let again = command(folder.path(), &["run", "figure-6"]).output().unwrap();
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(again.status.success() && said.lines().last().unwrap().contains("144"), "{said}");
    let doctor = command(folder.path(), &["doctor"]).output().unwrap();
    assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
}

#[test]
fn trials_are_launched_left_and_found_again() {
    journey(80, 24);
}

#[test]
fn the_same_on_a_larger_terminal() {
    journey(120, 40);
}

#[test]
fn the_bell_option_rings_and_notifies_when_all_runs_have_finished() {
    let folder = folder();
    let mut session = Session::shell(folder.path(), "exec \"$0\" --bell");
    session.wait_for("quickstart");
    session.press("a\r");
    wait_for_done(folder.path(), 2);
    let rung = b"\x1b]9;sculpt: all runs finished\x07\x07";
    let sent = std::sync::Arc::clone(&session.sent);
    session.wait("the bell", |_| sent.lock().unwrap().windows(rung.len()).any(|bytes| bytes == rung));
    drop(session);
    assert_eq!(states(folder.path()), ["finished", "finished"]);
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("Welcome");
    for (columns, rows) in [(80_u16, 24_u16), (20, 5), (200, 60), (80, 24)] {
        session.screen.lock().unwrap().screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        let size = portable_pty::PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        session.master.as_ref().unwrap().resize(size).unwrap();
        session.wait("the line below the head", |text| {
            let rule = text.lines().find(|line| line.starts_with("──"));
            rule.map_or(columns == 20 && text.contains("quickstart"), |rule| {
                rule.chars().count() == usize::from(columns)
            })
        });
    }
    session.quit();
}

#[test]
fn keys_are_changed_by_a_file() {
    let folder = folder();
    let settings = folder.path().join("config").join("neural-sculpting");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("dashboard.toml"), "[keys]\nhelp = 'H'\n").unwrap();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("Welcome");
    session.press("H");
    session.wait("the list of keys", |text| text.contains("keys, 1-") && text.contains("show these keys"));
    session.press("q");
    session.wait("the list to go", |text| !text.contains("keys, 1-"));
    session.quit();
    std::fs::write(settings.join("dashboard.toml"), "[keys]\n\nhelp = 'q'\n").unwrap();
    let mut session = Session::open(folder.path(), 80, 24);
    assert_eq!(session.ended(), 1);
    session.wait_for("dashboard.toml, line 3");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let folder = folder();
    let output = command(folder.path(), &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("needs a terminal") && message.contains("sculpt list"), "{message}");
}
