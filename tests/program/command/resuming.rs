//! Runs that are killed and taken up again give the same bytes as those that are left alone.

use std::fs;
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::process::Signal;

use super::util::{LONG, MEDIUM, Sandbox, Started, wait_until};

/// What [`LONG`] gives undisturbed.
pub static UNDISTURBED: LazyLock<Sandbox> = LazyLock::new(|| {
    let sandbox = Sandbox::with(LONG);
    sandbox.done(&["run", "own.toml", "--jobs", "2"]);
    assert_eq!(sandbox.results().len(), 10, "two trials of five files");
    sandbox
});

const RUN: &[&str] = &["run", "own.toml"];
const RESUME: &[&str] = &["resume", "--all"];

/// Starts with each of `starts` in turn and kills at moments drawn from `seed`: early, and soon after the state was
/// kept, in turn; lets the last one end.
fn killed(jobs: &str, seed: u64, starts: [&[&str]; 5]) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let sandbox = Sandbox::with(LONG);
    let start = |command: &[&str]| sandbox.start(&[command, &["--jobs", jobs]].concat());
    for (number, command) in starts[..4].iter().enumerate() {
        let mut run = start(command);
        // At first there is nothing to be resumed.
        sandbox.wait_for("owner.0");
        let early = number % 2 == 0;
        wait_until("state", || early || run.has_ended() || sandbox.has("state"));
        sleep(Duration::from_millis(random.random_range(0..if early { 600 } else { 300 })));
        let told = run.kill();
        assert_eq!((told.code, told.err.as_str()), (None, ""), "the run ended too soon: {told:?}");
        assert!(sandbox.states().contains(&"stale".to_owned()));
    }
    let told = start(starts[4]).end();
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains("resumed"), "no state was kept: {told:?}");
    assert!(sandbox.results() == UNDISTURBED.results(), "the results differ");
}

#[test]
fn killed_with_one_job() {
    killed("1", 1, [RUN, RUN, RESUME, RUN, RUN]);
}

#[test]
fn killed_with_two_jobs() {
    killed("2", 2, [RUN, RESUME, RUN, RESUME, RESUME]);
}

/// A run of [`MEDIUM`] that was interrupted, and one that was not.
fn interrupted(signal: Signal) -> (Sandbox, Sandbox) {
    let (sandbox, twin) = (Sandbox::with(MEDIUM), Sandbox::with(MEDIUM));
    let run = sandbox.start(&["run", "own.toml", "--jobs", "1"]);
    sandbox.wait_for("progress");
    let told = interrupt(run, signal);
    assert!(told.contains("2 unfinished"), "{told}");
    assert!(told.ends_with("`sculpt resume --all` continues the unfinished ones"), "{told}");
    assert_eq!(sandbox.states(), ["paused", "paused"]);
    twin.done(&["run", "own.toml"]);
    (sandbox, twin)
}

/// The last line of an interrupted run.
fn interrupt(run: Started, signal: Signal) -> String {
    run.signal(signal);
    let told = run.end();
    assert_eq!((told.code, told.err.as_str()), (Some(130), ""), "{told:?}");
    told.last().to_owned()
}

#[test]
fn interrupted_runs_keep_their_state() {
    for signal in [Signal::INT, Signal::TERM] {
        let (sandbox, twin) = interrupted(signal);
        let told = sandbox.done(&["resume", "--all"]);
        assert!(told.out.contains("resumed"), "{told:?}");
        assert!(sandbox.results() == twin.results(), "the results differ");
    }
}

#[test]
fn walks_with_all_settings_keep_their_state() {
    let text = &format!("regrow = true\npatience = 5\n{MEDIUM}");
    let (sandbox, twin) = (Sandbox::with(text), Sandbox::with(text));
    let run = sandbox.start(&["run", "own.toml", "--jobs", "1"]);
    sandbox.wait_for("progress");
    interrupt(run, Signal::INT);
    sandbox.done(&["resume", "--all"]);
    twin.done(&["run", "own.toml"]);
    assert!(sandbox.results() == twin.results(), "the results differ");
}

#[test]
fn a_torn_state_costs_time_and_not_results() {
    let (sandbox, twin) = interrupted(Signal::HUP);
    let path = sandbox.trials().into_iter().map(|trial| trial.join("state")).find(|path| path.exists()).unwrap();
    let state = fs::read(&path).unwrap();
    fs::write(&path, &state[..state.len() / 2]).unwrap();
    let told = sandbox.done(&["resume", "--all"]);
    assert!(told.out.contains("started") && !told.out.contains("resumed"), "{told:?}");
    assert!(sandbox.results() == twin.results(), "the results differ");
}
