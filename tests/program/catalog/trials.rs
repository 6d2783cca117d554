//! Trials: files, names and states.

use std::fs;

use neural_sculpting::catalog::{
    About, Catalog, Claim, Completion, Error, Marker, Part, Point, Progress, RunEnd, RunId, State, Times, TrialFolder,
    TrialId, TrialResult, Verdict,
};

use super::fixture::{Fixture, about, owned, plan, result, specification};

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
    progress.push(Point { accuracy: 0.5, density: 1.0, loss: f64::NAN, walk: 1 });
    owned.write_progress(&progress).unwrap();
    owned.write_result(&result()).unwrap();
    owned.release().unwrap();
    trial.write_detection("ab12", b"{}").unwrap();
    let verdict = Verdict {
        settings: "ab12".into(),
        module_count: 3,
        true_modules: Some(true),
        criterion: "exact".into(),
        purity: None,
    };
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
fn damaged_newer_and_foreign_files_are_errors() {
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
    assert!(trial.trial().unwrap_err().to_string().contains("belongs to another trial"));
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
    assert_eq!(fixture.state(&trial), State::Stale, "no run has it");

    let run = fixture.catalog.start_run(plan(&[&trial])).unwrap();
    assert_eq!(fixture.state(&trial), State::Queued);
    trial.put_mark(Marker::Paused, Some(run.id())).unwrap();
    assert_eq!(fixture.state(&trial), State::Paused);

    let session = owned(trial.claim(run.id()).unwrap());
    assert_eq!(fixture.state(&trial), State::Running, "claiming removes the pause");
    assert!(matches!(trial.claim(run.id()).unwrap(), Claim::Held(owner) if &owner.run == run.id()));
    session.write_failure("a worker stopped", "walk 3").unwrap();
    assert_eq!(fixture.state(&trial), State::Failed);
    session.release().unwrap();
    assert_eq!(fixture.state(&trial), State::Failed);

    let later = fixture.catalog.start_run(plan(&[&trial])).unwrap();
    run.end(RunEnd::Completed, "").unwrap();
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
    later.end(RunEnd::Stopped, "").unwrap();
    assert_eq!(fixture.state(&trial), State::Stale);
}

#[test]
fn reading_writes_nothing() {
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
