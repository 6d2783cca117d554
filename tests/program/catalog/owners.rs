//! Ownership of trials within a process and between processes.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use neural_sculpting::catalog::{Catalog, Claim, Error, Part, Point, Progress, RunId, State, TrialFolder, Utc};
use serde_json::{Value, json};

use super::fixture::{Fixture, about, owned, plan, result, specification};

/// The full name of a test of this file.
fn here(test: &str) -> String {
    format!("{}::{test}", module_path!().split_once("::").unwrap().1)
}

/// The number of sessions of the trial.
fn sessions(trial: &TrialFolder) -> usize {
    let names = fs::read_dir(trial.path()).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_str().unwrap().starts_with("owner.")).count()
}

/// Not a real test: the tests below start it as another process. Claims the trial, writes its answer, and waits.
#[test]
fn child_claims() {
    let (Ok(path), Ok(seed)) = (std::env::var("CHILD_CATALOG"), std::env::var("CHILD_SEED")) else { return };
    let catalog = Catalog::open(Some(&PathBuf::from(path))).unwrap();
    let trial = catalog.create_trial(specification(seed.parse().unwrap()), about()).unwrap();
    let run = catalog.start_run(plan(&[&trial])).unwrap();
    let claim = trial.claim(run.id()).unwrap();
    let word = match &claim {
        Claim::Owned(_) => "owned",
        Claim::Held(_) => "held",
        Claim::Done(_) => "done",
    };
    fs::write(std::env::var("CHILD_ANSWER").unwrap(), word).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

/// Not a real test: the tests below start it as another process. Owns a trial and keeps writing its files.
#[test]
fn child_writes() {
    let Ok(path) = std::env::var("CHILD_WRITES") else { return };
    let catalog = Catalog::open(Some(&PathBuf::from(path))).unwrap();
    let session = owned(catalog.create_trial(specification(1), about()).unwrap().claim(&RunId::new()).unwrap());
    let mut progress = Progress::new(1);
    for round in 0_u8.. {
        progress.push(Point { accuracy: 1.0, density: 0.5, loss: 0.1, walk: 1 });
        session.write_progress(&progress).unwrap();
        session.write_part(Part::State, &[round; 100_000]).unwrap();
        session.write_failure(&"long ".repeat(usize::from(round)), "nowhere").unwrap();
        if round == u8::MAX {
            break;
        }
    }
}

#[test]
fn a_killed_writer_leaves_whole_files() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let written = Cell::new(0);
    for _ in 0..8 {
        let before = sessions(&trial);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &here("child_writes")])
            .env("CHILD_WRITES", fixture.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let whole = || {
            let state = trial.part(Part::State).unwrap().unwrap_or_default();
            assert!(state.is_empty() || (state.len() == 100_000 && state.iter().all(|byte| *byte == state[0])));
            written.set(written.get() + usize::from(!state.is_empty()));
            trial.failure().unwrap();
            if let Ok(progress) = fs::read(trial.path().join("progress")) {
                serde_json::from_slice::<Progress>(&progress).unwrap();
            }
        };
        let since = Instant::now();
        while sessions(&trial) == before {
            assert!(since.elapsed() < Duration::from_secs(60), "the other process does not begin to write");
            std::thread::sleep(Duration::from_millis(1));
        }
        let end = Instant::now() + Duration::from_millis(150);
        while Instant::now() < end {
            whole();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        whole();
        // Unfinished temporary files remain, and are removed once they are old.
        let begun = |name: &str| name.starts_with('.') && name.ends_with(".tmp");
        for entry in fs::read_dir(trial.path()).unwrap().map(Result::unwrap) {
            if begun(entry.file_name().to_str().unwrap()) {
                let file = fs::File::options().write(true).open(entry.path()).unwrap();
                file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
            }
        }
        owned(trial.claim(&RunId::new()).unwrap());
        let names = fs::read_dir(trial.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(!names.into_iter().any(|name| begun(name.to_str().unwrap())));
    }
    assert!(written.get() > 8, "the state was seen {} times", written.get());
}

#[test]
fn an_owner_that_was_replaced_cannot_write() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let halted = owned(trial.claim(&RunId::new()).unwrap());
    forge_owner(&trial, 0, &[("host", json!("far-away")), ("boot", json!("other"))]);
    let taker = owned(trial.claim(&RunId::new()).unwrap());
    assert!(matches!(halted.write_part(Part::State, b"old"), Err(Error::Lost(_))));
    assert!(matches!(halted.write_result(&result()), Err(Error::Lost(_))));
    drop(halted);
    assert!(matches!(trial.claim(&RunId::new()).unwrap(), Claim::Held(owner) if owner == *taker.owner()));
}

struct ChildClaim {
    child: Child,
    answer: PathBuf,
}

impl ChildClaim {
    fn start(fixture: &Fixture, seed: u64, name: &str) -> Self {
        let answer = fixture.folder.path().join(name);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &here("child_claims")])
            .env("CHILD_CATALOG", fixture.folder.path())
            .env("CHILD_SEED", seed.to_string())
            .env("CHILD_ANSWER", &answer)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, answer }
    }

    fn answer(&self) -> String {
        for _ in 0..2000 {
            match fs::read_to_string(&self.answer) {
                Ok(word) if !word.is_empty() => return word,
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        panic!("no answer");
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_killed_owner_leaves_a_stale_trial_that_can_be_taken_over() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let child = ChildClaim::start(&fixture, 1, "answer");
    assert_eq!(child.answer(), "owned");
    assert_eq!(fixture.state(&trial), State::Running);
    assert_eq!(fixture.catalog.live_runs().unwrap().runs().len(), 1);
    assert!(matches!(trial.claim(&RunId::new()).unwrap(), Claim::Held(_)));
    let message = fixture.catalog.delete(&[trial.id().clone()]).unwrap_err().to_string();
    assert!(message.contains("sculpt cancel"), "{message}");
    child.kill();
    assert_eq!(fixture.state(&trial), State::Stale);
    assert!(fixture.catalog.live_runs().unwrap().runs().is_empty());
    owned(trial.claim(&RunId::new()).unwrap());
}

#[test]
fn only_one_of_many_processes_takes_over_from_a_dead_owner() {
    let fixture = Fixture::new();
    let first = ChildClaim::start(&fixture, 1, "first");
    assert_eq!(first.answer(), "owned");
    first.kill();
    let children: Vec<_> = (0..8).map(|n| ChildClaim::start(&fixture, 1, &format!("answer{n}"))).collect();
    let answers: Vec<String> = children.iter().map(ChildClaim::answer).collect();
    children.into_iter().for_each(ChildClaim::kill);
    assert_eq!(answers.iter().filter(|answer| *answer == "owned").count(), 1, "{answers:?}");
}

#[test]
fn only_one_thread_at_a_time_owns_a_trial() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let (inside, claims) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let run = RunId::new();
                for _ in 0..100 {
                    if let Claim::Owned(session) = trial.claim(&run).unwrap() {
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two owners at once");
                        claims.fetch_add(1, Ordering::SeqCst);
                        std::thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        session.release().unwrap();
                    }
                }
            });
        }
    });
    assert!(claims.into_inner() > 0);
}

/// Rewrites fields of the last session of `trial`.
fn forge_owner(trial: &TrialFolder, number: usize, changes: &[(&str, Value)]) {
    let path = trial.path().join(format!("owner.{number}"));
    let mut owner: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for (key, value) in changes {
        owner[key] = value.clone();
    }
    fs::write(&path, owner.to_string()).unwrap();
}

#[test]
fn an_owner_on_another_machine_is_alive_while_its_heartbeat_is_recent() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let run = fixture.catalog.start_run(plan(&[])).unwrap();
    let _session = owned(trial.claim(run.id()).unwrap());
    forge_owner(&trial, 0, &[("host", json!("far-away")), ("boot", json!("other")), ("pid", json!(1))]);
    assert_eq!(fixture.state(&trial), State::Running, "its heartbeat is recent");
    let heartbeat = fixture.folder.path().join("runs").join(run.id().as_str()).join("heartbeat");
    let age = |seconds: u64| {
        let then = Utc::from_millisecond(Utc::now().millisecond() - i64::try_from(seconds).unwrap() * 1000);
        fs::write(&heartbeat, json!({"updated": then, "jobs": 1, "running": []}).to_string()).unwrap();
        let file = fs::File::options().write(true).open(&heartbeat).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    };
    age(100);
    assert_eq!(fixture.state(&trial), State::Running);
    age(130);
    assert_eq!(fixture.state(&trial), State::Stale);
    fs::remove_file(&heartbeat).unwrap();
    assert_eq!(fixture.state(&trial), State::Stale);
}

#[test]
fn a_trial_can_be_claimed_after_a_reboot_and_after_damaged_sessions() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let run = RunId::new();
    std::mem::forget(owned(trial.claim(&run).unwrap()));
    assert!(matches!(trial.claim(&run).unwrap(), Claim::Held(_)));
    forge_owner(&trial, 0, &[("boot", json!("before the restart"))]);
    assert_eq!(fixture.state(&trial), State::Stale);
    std::mem::forget(owned(trial.claim(&run).unwrap()));
    fs::write(trial.path().join("owner.1"), b"").unwrap();
    std::mem::forget(owned(trial.claim(&run).unwrap()));
    forge_owner(&trial, 2, &[("start", json!(1))]);
    // A power failure can remove the first sessions and leave later ones.
    fs::remove_file(trial.path().join("owner.0")).unwrap();
    let last = owned(trial.claim(&run).unwrap());
    assert!(trial.path().join("owner.3").exists());
    assert!(matches!(trial.claim(&run).unwrap(), Claim::Held(_)));
    drop(last);
}
