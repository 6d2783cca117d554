//! A catalog of its own and the command in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Eight trials, half a second each.
pub const EIGHT: &str = "
[[trials]]
tasks = ['4-2-4', '6-3-3-3']
hidden = [[24]]
seeds = '0..3'
epochs = 20
learning_rate = 0.05
grid = { p_u = [5.0, 10.0, 20.0, 40.0], p_e = [0.5, 1.0, 2.0] }
";

/// An experiment of one trial with this engine and number of epochs, then a short one.
macro_rules! long {
    ($engine:literal, $epochs:literal) => {
        concat!(
            "engine = '",
            $engine,
            "'\n[[trials]]\ntasks = ['4-1-2-16']\nhidden = [[24, 24]]\nepochs = ",
            $epochs,
            "\n[[trials]]\ntasks = ['4-2-4']\nhidden = [[24]]\nepochs = 20\ngrid = 'quick'\n"
        )
    };
}

/// One trial of several seconds, then a short one. Uses burn, the slower engine, if it is built.
pub const LONG: &str = match (cfg!(feature = "burn"), cfg!(debug_assertions)) {
    (true, _) => long!("burn-ndarray", "80"),
    (false, true) => long!("edges", "80"),
    (false, false) => long!("edges", "4000"),
};

/// One trial of about a second, and a short one after it.
pub const MEDIUM: &str = "
[[trials]]
tasks = ['4-1-2-16']
hidden = [[24, 24]]
grid = { p_u = [5.0, 10.0, 20.0, 30.0], p_e = [0.5, 1.0, 2.0] }
[[trials]]
tasks = ['4-2-4']
hidden = [[24]]
epochs = 20
grid = 'quick'
";

/// One trial of a fraction of a second.
pub const SHORT: &str = "
[[trials]]
tasks = ['4-2-4']
hidden = [[24]]
epochs = 20
grid = 'quick'
";

/// A folder with a catalog, which need not exist yet, and the files of a test.
pub struct Sandbox {
    folder: TempDir,
}

/// What a command left.
#[derive(Debug)]
pub struct Told {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Told {
    /// The last line of standard output.
    pub fn last(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }

    /// Standard output as JSON lines.
    pub fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A sandbox with an experiment `own.toml`.
    pub fn with(experiment: &str) -> Self {
        let sandbox = Self::new();
        sandbox.write("own.toml", experiment);
        sandbox
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn catalog(&self) -> PathBuf {
        self.path("catalog")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sculpt"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("SCULPT_CATALOG", self.catalog()).env("XDG_CACHE_HOME", self.path("cache"));
        command
    }

    /// Runs `sculpt` to its end.
    pub fn sculpt(&self, arguments: &[&str]) -> Told {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs `sculpt` to its end, which must be a good one.
    pub fn done(&self, arguments: &[&str]) -> Told {
        let told = self.sculpt(arguments);
        assert_eq!(told.code, Some(0), "{arguments:?}: {told:?}");
        told
    }

    /// Starts `sculpt`.
    pub fn start(&self, arguments: &[&str]) -> Started {
        let child = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Started(Some(child))
    }

    /// `sculpt list --json`.
    pub fn list(&self) -> Vec<Value> {
        self.done(&["list", "--json"]).json()
    }

    /// The states of all trials, sorted.
    pub fn states(&self) -> Vec<String> {
        let mut states: Vec<_> = self.list().iter().map(|line| line["status"].as_str().unwrap().to_owned()).collect();
        states.sort_unstable();
        states
    }

    /// The folders of all trials, sorted.
    pub fn trials(&self) -> Vec<PathBuf> {
        let folders = |path: &Path| {
            let entries = fs::read_dir(path).into_iter().flatten();
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect::<Vec<_>>()
        };
        let mut trials: Vec<_> =
            folders(&self.catalog().join("trials")).iter().flat_map(|shard| folders(shard)).collect();
        trials.sort_unstable();
        trials
    }

    /// The files that are the same after any interruption, by trial and name.
    pub fn results(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let lasting = |path: &Path| {
            let name = path.file_name().unwrap().to_string_lossy();
            ["result.json", "walks", "network.safetensors", "verdict.json"].contains(&&*name)
                || path.parent().is_some_and(|parent| parent.ends_with("detections"))
        };
        let root = self.catalog().join("trials");
        let files = files(&root).into_iter().filter(|path| lasting(path));
        files.map(|path| (path.strip_prefix(&root).unwrap().to_owned(), fs::read(&path).unwrap())).collect()
    }

    /// How often work on each trial was begun.
    pub fn sessions(&self) -> Vec<u64> {
        let times = |trial: PathBuf| fs::read(trial.join("times.json")).unwrap();
        let sessions = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap()["sessions"].as_u64().unwrap();
        self.trials().into_iter().map(times).map(sessions).collect()
    }

    /// Has any trial this file?
    pub fn has(&self, file: &str) -> bool {
        self.trials().iter().any(|trial| trial.join(file).exists())
    }

    /// Waits until a trial has this file.
    pub fn wait_for(&self, file: &str) {
        wait_until(file, || self.has(file));
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A detached run would stay.
            let _ = self.command(&["cancel", "--all"]).output();
        }
    }
}

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort_unstable();
    found
}

/// Waits until something has come true.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
        sleep(Duration::from_millis(10));
    }
}

/// A command at work; killed if the test ends before it.
pub struct Started(Option<Child>);

impl Started {
    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(self.0.as_ref().unwrap());
        kill_process(pid, signal).unwrap();
    }

    /// Is it over?
    pub fn has_ended(&mut self) -> bool {
        self.0.as_mut().is_some_and(|child| child.try_wait().unwrap().is_some())
    }

    /// Waits for its end.
    pub fn end(mut self) -> Told {
        self.0.take().unwrap().wait_with_output().unwrap().into()
    }

    /// Kills it with `kill -9`.
    pub fn kill(mut self) -> Told {
        self.0.as_mut().unwrap().kill().unwrap();
        self.end()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
