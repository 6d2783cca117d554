//! The catalog as its users see it: trials, owners, runs, requests, experiments, trash.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use neural_sculpting::catalog::{
    About, Catalog, Claim, Completion, Error, Experiment, FORMAT, Marker, Outcome, OwnedTrial, Part, Point, Progress,
    Request, RunId, RunPlan, Selection, Specification, State, Times, TrialFolder, TrialId, TrialResult, Utc, Verdict,
};
use neural_sculpting::prune::{Grid, Plan, Required, Stages};
use neural_sculpting::train::{EngineChoice, Hyperparameters};
use serde_json::{Value, json};

/// A catalog in a folder of its own, with some trials.
struct Fixture {
    folder: tempfile::TempDir,
    catalog: Catalog,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(Some(folder.path())).unwrap();
        Self { folder, catalog }
    }

    fn trial(&self, seed: u64) -> TrialFolder {
        self.catalog.create_trial(specification(seed), about()).unwrap()
    }

    fn state(&self, trial: &TrialFolder) -> State {
        self.catalog.state(trial.id()).unwrap()
    }
}

fn specification(seed: u64) -> Specification {
    Specification {
        format: FORMAT,
        task: "0123abcd".to_owned(),
        plan: Plan {
            architecture: "4,24,4".parse().unwrap(),
            seed,
            hyperparameters: Hyperparameters {
                learning_rate: 0.001,
                batch_size: 4,
                epochs: 60,
                weight_decay: 1e-4,
                noise: 0.1,
            },
            stages: Stages::UnitEdge,
            grid: Grid { p_u: vec![5.0, 10.0], p_e: vec![0.5] },
            required: Required::Perfect,
        },
        engine: EngineChoice::BurnNdarray,
    }
}

fn about() -> About {
    About {
        task: "4-2-4".to_owned(),
        inputs: vec!["x1".to_owned()],
        outputs: vec!["y1".to_owned()],
        kernel: "avx2".to_owned(),
        program: "0.1.0".to_owned(),
        created: Utc::now(),
        host: "here".to_owned(),
    }
}

fn result() -> TrialResult {
    TrialResult {
        format: FORMAT,
        status: Completion::Finished,
        accuracy: 1.0,
        loss: 0.001,
        density: 0.04,
        edges: 20,
        hidden_units: 6,
        weights_dense: 192,
        p_u: Some(5.0),
        p_e: Some(0.5),
        rounds: 900,
        walks: 84,
        required_accuracy: 1.0,
        module_count: None,
    }
}

fn owned(claim: Claim) -> OwnedTrial {
    match claim {
        Claim::Owned(owned) => owned,
        other => panic!("not claimed: {other:?}"),
    }
}

fn plan(trials: &[&TrialFolder]) -> RunPlan {
    let queue = trials.iter().map(|trial| trial.id().clone()).collect();
    RunPlan { experiments: vec!["figure-6".to_owned()], queue, jobs: 2 }
}

#[test]
fn a_trial_is_written_once_and_read_back() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let before = fs::read(trial.path().join("trial.json")).unwrap();
    fixture.catalog.create_trial(specification(1), About { program: "9.9".to_owned(), ..about() }).unwrap();
    assert_eq!(fs::read(trial.path().join("trial.json")).unwrap(), before);

    let owned = owned(trial.claim(&RunId::new()).unwrap());
    owned.write_part(Part::Network, b"weights").unwrap();
    owned.write_times(&Times::session(None).plus(1.0, 0.5)).unwrap();
    let mut progress = Progress::new(84);
    progress.push(Point { accuracy: 0.5, density: 1.0, loss: f64::NAN });
    owned.write_progress(&progress).unwrap();
    owned.write_result(&result()).unwrap();
    owned.release().unwrap();
    trial.write_detection("ab12", b"{}").unwrap();
    let verdict = Verdict { settings: "ab12".into(), module_count: 3, success: Some(true), criterion: "exact".into() };
    trial.write_verdict(&verdict).unwrap();

    let read = Catalog::open_read(Some(fixture.folder.path())).unwrap().trial(trial.id());
    assert_eq!(read.trial().unwrap().specification, specification(1));
    assert_eq!(read.part(Part::Network).unwrap().unwrap(), b"weights");
    assert_eq!(read.part(Part::Walks).unwrap(), None);
    assert_eq!(read.times().unwrap().unwrap().wall_s, 1.0);
    assert_eq!(read.progress().unwrap().rounds_done, 1);
    assert_eq!(read.result().unwrap().unwrap(), result());
    assert_eq!(read.verdict().unwrap().unwrap(), verdict);
    assert_eq!(read.detections().unwrap(), ["ab12"]);
    assert!(read.detection("../../trial").is_err());
}

#[test]
fn damaged_newer_and_foreign_files_are_told_and_never_a_panic() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let file = trial.path().join("trial.json");
    let whole = fs::read_to_string(&file).unwrap();
    for torn in [&whole[..whole.len() / 2], "", "\0\0\0\0", "[]", "{\"format\": \"x\"}"] {
        fs::write(&file, torn).unwrap();
        let message = trial.trial().unwrap_err().to_string();
        assert!(message.contains("trial.json") && message.contains("run it again"), "{message}");
    }
    fs::write(&file, "{\"format\": 2, \"all\": \"new\"}").unwrap();
    assert!(matches!(trial.trial(), Err(Error::Newer { found: 2, .. })));
    fs::write(&file, whole.replace("\"seed\": 1", "\"seed\": 2")).unwrap();
    assert!(trial.trial().unwrap_err().to_string().contains("does not belong"));
    fs::write(trial.path().join("result.json"), "{").unwrap();
    assert!(trial.evidence().unwrap_err().to_string().contains("result.json"));
    fs::write(trial.path().join("progress"), "{").unwrap();
    assert!(trial.progress().is_none(), "progress may be lost");
}

#[test]
fn a_trial_is_found_by_any_unique_prefix() {
    let fixture = Fixture::new();
    let ids: Vec<TrialId> = (0..40).map(|seed| fixture.trial(seed).id().clone()).collect();
    assert_eq!(fixture.catalog.trial_ids().unwrap().len(), 40);
    for id in &ids {
        assert_eq!(&fixture.catalog.resolve(id.as_str()).unwrap(), id);
        assert_eq!(&fixture.catalog.resolve(&id.as_str()[..10].to_uppercase()).unwrap(), id);
    }
    let message = fixture.catalog.resolve("").unwrap_err().to_string();
    assert!(message.contains("no trial"), "{message}");
    let many = (0..16).map(|digit| format!("{digit:x}"));
    let ambiguous = many.map(|digit| fixture.catalog.resolve(&digit)).find_map(|found| match found {
        Err(error @ Error::Ambiguous { .. }) => Some(error.to_string()),
        _ => None,
    });
    assert!(ambiguous.unwrap().contains("fits"));
    assert!(fixture.catalog.resolve("../..").is_err());
}

#[test]
fn states_follow_the_evidence() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    assert_eq!(fixture.state(&trial), State::Stale, "nobody will run it");

    let run = fixture.catalog.start_run(plan(&[&trial])).unwrap();
    assert_eq!(fixture.state(&trial), State::Queued);
    trial.put_mark(Marker::Paused, Some(run.id())).unwrap();
    assert_eq!(fixture.state(&trial), State::Paused);

    let session = owned(trial.claim(run.id()).unwrap());
    assert_eq!(fixture.state(&trial), State::Running, "claiming forgets the pause");
    assert!(matches!(trial.claim(run.id()).unwrap(), Claim::Held(owner) if &owner.run == run.id()));
    session.write_failure("a worker stopped", "walk 3").unwrap();
    assert_eq!(fixture.state(&trial), State::Failed);
    session.release().unwrap();
    assert_eq!(fixture.state(&trial), State::Failed);

    let later = fixture.catalog.start_run(plan(&[&trial])).unwrap();
    run.end(Outcome::Completed, "").unwrap();
    assert_eq!(fixture.state(&trial), State::Queued, "a later run takes it up again");
    let session = owned(trial.claim(later.id()).unwrap());
    trial.put_mark(Marker::Cancelled, Some(later.id())).unwrap();
    session.release().unwrap();
    assert_eq!(fixture.state(&trial), State::Cancelled);
    assert!(trial.remove_mark(Marker::Cancelled).unwrap());
    assert_eq!(fixture.state(&trial), State::Queued);

    let session = owned(trial.claim(later.id()).unwrap());
    session.write_result(&TrialResult { status: Completion::Untrained, ..result() }).unwrap();
    assert_eq!(fixture.state(&trial), State::Untrained);
    session.release().unwrap();
    assert!(matches!(trial.claim(later.id()).unwrap(), Claim::Done(_)));

    let again = owned(trial.claim_again(later.id()).unwrap());
    again.reset().unwrap();
    assert_eq!(fixture.state(&trial), State::Running);
    drop(again);
    later.end(Outcome::Stopped, "").unwrap();
    assert_eq!(fixture.state(&trial), State::Stale);
}

#[test]
fn looking_writes_nothing() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let session = owned(trial.claim(&RunId::new()).unwrap());
    let listing = |folder: &TrialFolder| {
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        (names, fs::metadata(folder.path()).unwrap().modified().unwrap())
    };
    let before = listing(&trial);
    let _ = (fixture.state(&trial), trial.evidence(), trial.claim(&RunId::new()), trial.labels(), trial.detections());
    assert_eq!(listing(&trial), before);
    drop(session);
}

// Owners in other processes.

/// Not a test of its own: what the tests below start as another process. Claims the trial, says so, and waits.
#[test]
#[ignore = "a part of other tests"]
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
    std::thread::sleep(std::time::Duration::from_secs(60));
}

struct ChildClaim {
    child: Child,
    answer: PathBuf,
}

impl ChildClaim {
    fn start(fixture: &Fixture, seed: u64, name: &str) -> Self {
        let answer = fixture.folder.path().join(name);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_claims", "--ignored"])
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
                _ => std::thread::sleep(std::time::Duration::from_millis(10)),
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
fn of_many_processes_one_takes_over_from_a_dead_one() {
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
fn of_many_threads_one_at_a_time_owns_a_trial() {
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
fn an_owner_on_another_machine_lives_by_its_heartbeat() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let run = fixture.catalog.start_run(plan(&[])).unwrap();
    let _session = owned(trial.claim(run.id()).unwrap());
    forge_owner(&trial, 0, &[("host", json!("far-away")), ("boot", json!("other")), ("pid", json!(1))]);
    assert_eq!(fixture.state(&trial), State::Running, "its heart beats");
    let heartbeat = fixture.folder.path().join("runs").join(run.id().as_str()).join("heartbeat");
    let age = |seconds: u64| {
        let then = Utc::from_millisecond(Utc::now().millisecond() - i64::try_from(seconds).unwrap() * 1000);
        fs::write(&heartbeat, json!({"updated": then, "jobs": 1, "running": []}).to_string()).unwrap();
        let file = fs::File::options().write(true).open(&heartbeat).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(seconds)).unwrap();
    };
    age(100);
    assert_eq!(fixture.state(&trial), State::Running);
    age(130);
    assert_eq!(fixture.state(&trial), State::Stale);
    fs::remove_file(&heartbeat).unwrap();
    assert_eq!(fixture.state(&trial), State::Stale);
}

#[test]
fn after_a_restart_of_the_machine_and_after_torn_sessions_a_trial_is_free() {
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
    // A loss of power can lose the first sessions and keep later ones.
    fs::remove_file(trial.path().join("owner.0")).unwrap();
    let last = owned(trial.claim(&run).unwrap());
    assert!(trial.path().join("owner.3").exists());
    assert!(matches!(trial.claim(&run).unwrap(), Claim::Held(_)));
    drop(last);
}

// Runs.

#[test]
fn requests_reach_a_run_once_and_in_order() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let run = fixture.catalog.start_run(plan(&[&trial])).unwrap();
    let some = Selection::Trials(vec![trial.id().clone()]);
    let sent = [Request::Pause(some), Request::Workers(3), Request::Resume(Selection::All), Request::Stop];
    for request in &sent {
        fixture.catalog.send(run.id(), request).unwrap();
    }
    let received: Vec<Request> = run.requests().unwrap().into_iter().map(|request| request.unwrap()).collect();
    assert_eq!(received, sent);
    assert!(run.requests().unwrap().is_empty());

    let control = fixture.folder.path().join("runs").join(run.id().as_str()).join("control");
    fs::write(control.join("x.json"), "{\"explode\": 1}").unwrap();
    let answers = run.requests().unwrap();
    assert!(answers[0].as_ref().unwrap_err().to_string().contains("x.json"));
    assert!(run.requests().unwrap().is_empty(), "told once");

    let id = run.id().clone();
    run.end(Outcome::Completed, "all done").unwrap();
    assert!(fixture.catalog.send(&id, &Request::Stop).unwrap_err().to_string().contains("has ended"));
    assert_eq!(fixture.catalog.run(&id).unwrap().ended.unwrap().message, "all done");
}

#[test]
fn old_runs_are_cleaned_up_and_live_ones_stay() {
    let fixture = Fixture::new();
    let live = fixture.catalog.start_run(plan(&[])).unwrap();
    for _ in 0..5 {
        fixture.catalog.start_run(plan(&[])).unwrap().end(Outcome::Completed, "").unwrap();
    }
    assert_eq!(fixture.catalog.clean_runs(2).unwrap(), 3);
    let runs = fixture.catalog.runs().unwrap();
    assert_eq!(runs.iter().filter(|run| run.alive).map(|run| &run.info.id).collect::<Vec<_>>(), [live.id()]);
    assert_eq!(runs.len(), 3);
    live.beat(7, &[]).unwrap();
    assert_eq!(fixture.catalog.run(live.id()).unwrap().heartbeat.unwrap().jobs, 7);
}

// Experiments, labels, trash.

#[test]
fn an_experiment_is_the_union_of_what_was_asked() {
    let fixture = Fixture::new();
    let ids: Vec<TrialId> = (0..4).map(|seed| fixture.trial(seed).id().clone()).collect();
    let ask = |preset: &str, trials: &[usize]| {
        let trials = trials.iter().map(|&index| ids[index].clone()).collect();
        let experiment = Experiment::new("figure-6", preset, trials, json!({"t_m": -0.2}), Value::Null);
        std::thread::sleep(std::time::Duration::from_millis(2));
        fixture.catalog.save_experiment(&experiment).unwrap()
    };
    ask("first", &[2, 0]);
    ask("first", &[0]);
    let folder = fixture.folder.path().join("experiments/figure-6");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing new, nothing written");
    let whole = ask("second", &[0, 1, 3]);
    assert_eq!(whole.trials, [2, 0, 1, 3].map(|index| ids[index].clone()));
    assert_eq!(whole.preset, "second");
    assert_eq!(fixture.catalog.experiment_names().unwrap(), ["figure-6"]);
    assert!(matches!(fixture.catalog.experiment("figure-7"), Err(Error::Unknown { .. })));
    let escape = Experiment { name: "../x".to_owned(), ..whole };
    assert!(matches!(fixture.catalog.save_experiment(&escape), Err(Error::Name { .. })));
}

#[test]
fn processes_that_ask_at_once_lose_nothing() {
    let fixture = Fixture::new();
    let ids: Vec<TrialId> = (0..16).map(|seed| fixture.trial(seed).id().clone()).collect();
    std::thread::scope(|scope| {
        for id in &ids {
            let experiment = Experiment::new("all", "", vec![id.clone()], Value::Null, Value::Null);
            let catalog = &fixture.catalog;
            scope.spawn(move || catalog.save_experiment(&experiment).unwrap());
        }
    });
    assert_eq!(fixture.catalog.experiment("all").unwrap().trials.len(), 16);
}

#[test]
fn what_is_deleted_together_comes_back_together() {
    let fixture = Fixture::new();
    let trials: Vec<TrialFolder> = (0..3).map(|seed| fixture.trial(seed)).collect();
    let ids: Vec<TrialId> = trials.iter().map(|trial| trial.id().clone()).collect();
    fixture.catalog.delete(&ids[..1]).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(2));
    fixture.catalog.delete(&ids[1..]).unwrap();
    assert!(fixture.catalog.trial_ids().unwrap().is_empty());
    assert!(matches!(fixture.catalog.delete(&ids[..1]), Err(Error::Unknown { .. })));
    assert_eq!(fixture.catalog.undelete(None).unwrap().len(), 2);
    assert_eq!(fixture.state(&trials[1]), State::Stale);
    owned(trials[1].claim(&RunId::new()).unwrap());
    fixture.trial(0);
    assert!(matches!(fixture.catalog.undelete(Some(&ids[0].as_str()[..6])), Err(Error::Exists(_))));
    assert_eq!(fixture.catalog.empty_trash().unwrap(), 1);
    assert!(fixture.catalog.undelete(None).is_err());
}

#[test]
fn tags_and_notes_are_kept() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    trial.tag(&words(&["b", "a", "b"]), &[]).unwrap();
    assert_eq!(trial.tag(&words(&["c"]), &words(&["b"])).unwrap().tags, ["a", "c"]);
    trial.set_note(" look again ").unwrap();
    assert_eq!(trial.labels().unwrap().note, "look again");
    assert!(matches!(trial.tag(&words(&["two words"]), &[]), Err(Error::Tag(_))));
}
