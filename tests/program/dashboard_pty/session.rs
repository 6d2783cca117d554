//! A dashboard in a pseudo-terminal of its own.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};
use tempfile::TempDir;

/// How long to wait for anything; generous, for busy machines.
pub const LONG: Duration = Duration::from_mins(4);

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_sculpt");

/// A dashboard in a terminal of its own.
pub struct Session {
    pub screen: Arc<Mutex<vt100::Parser>>,
    /// All bytes sent to the terminal.
    pub sent: Arc<Mutex<Vec<u8>>>,
    pub master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    /// Makes the thread that reads the terminal close its end after its next read.
    closing: Arc<AtomicBool>,
    child: Box<dyn Child + Send + Sync>,
}

impl Session {
    /// Opens the dashboard on the catalog in `folder`.
    pub fn open(folder: &Path, columns: u16, rows: u16) -> Self {
        Self::start(folder, CommandBuilder::new(PROGRAM), columns, rows)
    }

    /// Opens a shell that runs `script`, in which `$0` is the program.
    pub fn shell(folder: &Path, script: &str) -> Self {
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script, PROGRAM]);
        Self::start(folder, command, 80, 24)
    }

    fn start(folder: &Path, mut command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).unwrap();
        for (name, value) in environment(folder) {
            command.env(name, value);
        }
        command.env_remove("NO_COLOR");
        command.env_remove("LC_ALL");
        let child = pty.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0)));
        let mut out = pty.master.try_clone_reader().unwrap();
        let shown = Arc::clone(&screen);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&sent);
        let closing = Arc::new(AtomicBool::new(false));
        let close = Arc::clone(&closing);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                if close.load(Ordering::Relaxed) {
                    return;
                }
                all.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes[..count]);
                shown.lock().unwrap_or_else(PoisonError::into_inner).process(&bytes[..count]);
            }
        });
        let keys = pty.master.take_writer().unwrap();
        Self { screen, sent, master: Some(pty.master), keys: Some(keys), closing, child }
    }

    pub fn press(&mut self, keys: &str) {
        let writer = self.keys.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Sends a signal to the process in the terminal.
    pub fn signal(&self, signal: Signal) {
        send(self.child.process_id().unwrap(), signal);
    }

    /// Drops the connection: closes all ends of the terminal.
    pub fn hang_up(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        self.keys = None;
        self.master = None;
        self.ended();
    }

    /// The process in the terminal.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Launches the two trials of `quickstart` from a file in `folder`, slowed down to leave time to watch them: on the
    /// slower engine if it is built, or else with many epochs per round.
    pub fn launch_slow(&mut self, folder: &Path) {
        let quick = include_str!("../../../presets/quickstart.toml");
        let text = match (cfg!(feature = "burn"), cfg!(debug_assertions)) {
            (true, _) => format!("engine = 'burn-ndarray'\n{quick}"),
            (false, true) => quick.replace("epochs = ", "epochs = 1"),
            (false, false) => quick.replace("epochs = ", "epochs = 20"),
        };
        let file = folder.join("own.toml");
        std::fs::write(&file, text).unwrap();
        self.wait_for("quickstart");
        self.press("o");
        self.wait_for("file");
        self.press(&format!("{}\r", file.display()));
        self.wait_for("2 trials; ");
        self.press("\r");
    }

    pub fn text(&self) -> String {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner).screen().contents()
    }

    /// Waits until the screen's text `fits`.
    pub fn wait(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let since = Instant::now();
        loop {
            let text = self.text();
            if fits(&text) {
                return text;
            }
            assert!(since.elapsed() < LONG, "{what} did not appear:\n{text}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn wait_for(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Waits for the process to end; returns its exit code.
    pub fn ended(&mut self) -> u32 {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(since.elapsed() < LONG, "the process does not end:\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Quits and leaves trials running; on a fast machine they may be done by now, and then there is no question.
    pub fn leave(&mut self) {
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

    /// Quits while nothing is running.
    pub fn quit(&mut self) {
        self.press("q");
        assert_eq!(self.ended(), 0);
        self.assert_restored();
    }

    /// Waits until the terminal is restored: its screen, cursor, paste mode, line mode and echo.
    pub fn assert_restored(&self) {
        let since = Instant::now();
        while self.is_taken() || self.is_raw() {
            assert!(since.elapsed() < LONG, "the terminal is not restored");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Has the dashboard taken over the screen?
    pub fn is_taken(&self) -> bool {
        let parser = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let screen = parser.screen();
        screen.alternate_screen() || screen.hide_cursor() || screen.bracketed_paste()
    }

    /// Is the terminal in raw mode?
    pub fn is_raw(&self) -> bool {
        let name = self.master.as_ref().unwrap().tty_name().unwrap();
        let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap();
        let terminal = OpenOptions::new().read(true).write(true).custom_flags(flags).open(name).unwrap();
        let modes = tcgetattr(&terminal).unwrap().local_modes;
        !modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

pub fn send(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid.try_into().unwrap()).unwrap(), signal).unwrap();
}

fn environment(folder: &Path) -> Vec<(&'static str, OsString)> {
    vec![
        ("SCULPT_CATALOG", folder.join("catalog").into()),
        ("XDG_CACHE_HOME", folder.join("cache").into()),
        ("XDG_CONFIG_HOME", folder.join("config").into()),
        ("TERM", "xterm-256color".into()),
        ("LANG", "C.UTF-8".into()),
    ]
}

/// The command without a terminal.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).envs(environment(folder));
    command
}

/// What the command prints without a terminal.
pub fn sculpt(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder, arguments).output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{arguments:?} is not a command");
    String::from_utf8(output.stdout).unwrap()
}

/// The states of all trials.
pub fn states(folder: &Path) -> Vec<String> {
    let lines = sculpt(folder, &["list", "--json"]);
    let state =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["status"].as_str().unwrap().to_owned();
    lines.lines().map(state).collect()
}

/// Waits until all `count` trials of the catalog are finished or untrained.
pub fn wait_for_done(folder: &Path, count: usize) -> Vec<String> {
    let since = Instant::now();
    loop {
        let states = states(folder);
        if states.iter().filter(|state| matches!(&***state, "finished" | "untrained")).count() >= count {
            return states;
        }
        assert!(since.elapsed() < LONG, "the trials do not finish: {states:?}");
        thread::sleep(Duration::from_millis(200));
    }
}

/// The process id of the latest run.
pub fn runner(folder: &Path) -> u32 {
    let runs = std::fs::read_dir(folder.join("catalog/runs")).unwrap().map(|entry| entry.unwrap().path());
    let mut runs: Vec<_> = runs.map(|run| run.join("run.json")).filter(|file| file.exists()).collect();
    runs.sort();
    let text = std::fs::read_to_string(runs.last().unwrap()).unwrap();
    let run: serde_json::Value = serde_json::from_str(&text).unwrap();
    run["process"]["pid"].as_u64().unwrap().try_into().unwrap()
}

pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}
