//! The dashboard in a real pseudo-terminal: launch, watch, leave, come back; and ends of all kinds.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// Generous, for machines that do other things too.
const LONG: Duration = Duration::from_mins(4);

/// A dashboard in a terminal of its own.
struct Session {
    screen: Arc<Mutex<vt100::Parser>>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    /// Tells the reader of the screen to close its end, after what it reads next.
    closing: Arc<AtomicBool>,
    child: Box<dyn Child + Send + Sync>,
}

impl Session {
    /// Opens the dashboard on the catalog in `folder`.
    fn open(folder: &Path, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sculpt"));
        for (name, value) in environment(folder) {
            command.env(name, value);
        }
        command.env_remove("NO_COLOR");
        command.env_remove("LC_ALL");
        let child = pty.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0)));
        let mut out = pty.master.try_clone_reader().unwrap();
        let shown = Arc::clone(&screen);
        let closing = Arc::new(AtomicBool::new(false));
        let close = Arc::clone(&closing);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                if close.load(Ordering::Relaxed) {
                    return;
                }
                shown.lock().unwrap_or_else(PoisonError::into_inner).process(&bytes[..count]);
            }
        });
        let keys = pty.master.take_writer().unwrap();
        Self { screen, master: Some(pty.master), keys: Some(keys), closing, child }
    }

    fn press(&mut self, keys: &str) {
        let writer = self.keys.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Launches the two trials of `quickstart` on the slowest engine, which leaves time to look at them, from a file of
    /// one's own in `folder`.
    fn launch_slow(&mut self, folder: &Path) {
        let text = format!("engine = 'burn-ndarray'\n{}", include_str!("../presets/quickstart.toml"));
        let file = folder.join("own.toml");
        std::fs::write(&file, text).unwrap();
        self.wait_for("quickstart");
        self.press("o");
        self.wait_for("file");
        self.press(&format!("{}\r", file.display()));
        self.wait_for("2 trials; about ");
        self.press("\r");
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner).screen().contents()
    }

    /// Waits until the screen is as `fits` wants it.
    fn wait(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let since = Instant::now();
        loop {
            let text = self.text();
            if fits(&text) {
                return text;
            }
            assert!(since.elapsed() < LONG, "waited in vain for {what}:\n{text}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait_for(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Waits for the end of the process; answers with its exit code.
    fn ended(&mut self) -> u32 {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(since.elapsed() < LONG, "it does not end:\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Quits and leaves the work running; on a fast machine it may be done by now, and then there is no question.
    fn leave(&mut self) {
        self.press("q");
        let since = Instant::now();
        while self.child.try_wait().unwrap().is_none() && !self.text().contains("leave it running") {
            assert!(since.elapsed() < LONG, "neither a question nor the end:\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
        if self.child.try_wait().unwrap().is_none() {
            self.press("\r");
        }
        assert_eq!(self.ended(), 0);
    }

    /// Is the terminal as it was before?
    fn assert_restored(&self) {
        let since = Instant::now();
        loop {
            let parser = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
            let screen = parser.screen();
            if !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste() {
                return;
            }
            drop(parser);
            assert!(since.elapsed() < LONG, "the terminal is not given back");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn environment(folder: &Path) -> Vec<(&'static str, std::ffi::OsString)> {
    vec![
        ("SCULPT_CATALOG", folder.join("catalog").into()),
        ("XDG_CACHE_HOME", folder.join("cache").into()),
        ("XDG_CONFIG_HOME", folder.join("config").into()),
        ("TERM", "xterm-256color".into()),
        ("LANG", "C.UTF-8".into()),
    ]
}

/// The command without a terminal; answers with what it prints.
fn sculpt(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sculpt"));
    let output = command.args(arguments).envs(environment(folder)).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Waits until `count` trials of the catalog are finished.
fn wait_for_finished(folder: &Path, count: usize) {
    let since = Instant::now();
    loop {
        let lines = sculpt(folder, &["list", "--json", "--filter", "status=finished"]);
        if lines.matches("\"finished\"").count() >= count {
            return;
        }
        assert!(since.elapsed() < LONG, "the work does not end: {lines}");
        thread::sleep(Duration::from_millis(200));
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Launch two trials, see them move, leave it running, come back, open both trials.
fn journey(columns: u16, rows: u16) {
    let folder = folder();
    let mut session = Session::open(folder.path(), columns, rows);
    session.launch_slow(folder.path());
    let before = session.wait("a trial that runs", |text| text.contains(" rounds so far"));
    session.wait("it to move", |text| text != before);
    session.leave();
    session.assert_restored();
    wait_for_finished(folder.path(), 2);

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
        session.wait_for("the metric of each cut");
        session.press("l");
        session.wait_for("─ M1 ─");
        session.press("l");
        session.wait_for("┌M1");
        // Back to the dense network, whose units are detected anew, and on to the end again.
        session.press("<");
        session.wait("the dense network", |text| text.contains("step 1 of") && text.contains("┌M1"));
        session.press(">l\u{1b}");
        session.wait_for("latest first");
    }
    session.press("q");
    assert_eq!(session.ended(), 0);
    session.assert_restored();
}

#[test]
fn quickstart_is_launched_by_its_key() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("quickstart");
    session.press("a");
    session.wait_for("Launch quickstart?");
    session.press("\r");
    wait_for_finished(folder.path(), 2);
    session.press("1");
    session.wait("both trials", |text| text.matches("✓ finished").count() == 2);
    session.press("r");
    session.wait_for("2 trials done.");
    session.press("q");
    session.wait("the catalog again", |text| text.matches("✓ finished").count() == 2);
    session.press("q");
    assert_eq!(session.ended(), 0);
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
fn the_work_goes_on_when_the_terminal_is_gone() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.launch_slow(folder.path());
    session.wait_for(" rounds so far");
    // The connection drops: all ends of the terminal are closed.
    session.closing.store(true, Ordering::Relaxed);
    session.keys = None;
    session.master = None;
    session.ended();
    wait_for_finished(folder.path(), 2);
}

#[test]
fn a_signal_ends_it_quietly() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("quickstart");
    let pid = session.child.process_id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(session.ended(), 0);
    session.assert_restored();
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("Welcome");
    for (columns, rows) in [(20, 5), (200, 60), (80, 24)] {
        session.screen.lock().unwrap().screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        session.master.as_ref().unwrap().resize(size).unwrap();
        session.wait("the line below the head", |text| {
            let rule = text.lines().find(|line| line.starts_with("──"));
            rule.map_or(columns == 20 && text.contains("quickstart"), |rule| {
                rule.chars().count() == usize::from(columns)
            })
        });
    }
    session.press("q");
    assert_eq!(session.ended(), 0);
}

#[test]
fn keys_are_changed_by_a_file_and_text_is_copied() {
    let folder = folder();
    let settings = folder.path().join("config").join("neural-sculpting");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("dashboard.toml"), "[keys]\nhelp = 'H'\n").unwrap();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("Welcome");
    session.press("H");
    session.wait("the list of keys", |text| text.contains("keys, 1-") && text.contains("this list"));
    session.press("q");
    session.wait("the list to go", |text| !text.contains("keys, 1-"));
    session.press("q");
    assert_eq!(session.ended(), 0);
    std::fs::write(settings.join("dashboard.toml"), "[keys]\n\nhelp = 'q'\n").unwrap();
    let mut session = Session::open(folder.path(), 80, 24);
    assert_eq!(session.ended(), 1);
    session.wait_for("dashboard.toml, line 3");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sculpt"));
    let output = command.envs(environment(folder.path())).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("needs a terminal") && message.contains("sculpt list"), "{message}");
}
