//! The index follows the trials' folders, and is rebuilt after any damage.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use neural_sculpting::catalog::{
    Catalog, Error, Experiment, Filter, Index, Marker, Page, Point, Progress, RunEnd, RunId, Scope, State, TrialFolder,
    TrialId,
};
use serde_json::Value;

use super::fixture::{Fixture, about, owned, plan, result, specification};

fn statuses(index: &mut Index) -> Vec<(TrialId, State)> {
    let rows = index.query(&Filter::default(), None, Page::default()).unwrap();
    let mut statuses: Vec<_> = rows.into_iter().map(|row| (row.id, row.status)).collect();
    statuses.sort();
    statuses
}

/// Sets the folder's modification time back by a minute.
fn settle(trial: &TrialFolder) {
    fs::File::open(trial.path()).unwrap().set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
}

#[test]
fn the_index_follows_the_folders() {
    let fixture = Fixture::new();
    let cache = tempfile::tempdir().unwrap();
    let trials: Vec<TrialFolder> = (0..5).map(|seed| fixture.trial(seed)).collect();
    let mut index = Index::open_in(&fixture.catalog, cache.path()).unwrap();
    let mut check = |scope: Scope| {
        let refreshed = index.refresh(scope).unwrap();
        assert!(refreshed.problems.is_empty());
        let found = statuses(&mut index);
        assert_eq!(found.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), fixture.catalog.trial_ids().unwrap());
        for (id, state) in found {
            assert_eq!(state, fixture.catalog.state(&id).unwrap(), "{scope:?}");
        }
        (refreshed.changed, refreshed.removed)
    };
    for scope in [Scope::All, Scope::Live] {
        trials.iter().for_each(settle);
        check(Scope::All);
        assert_eq!(check(scope), (0, 0), "nothing has changed");
        let run = fixture.catalog.start_run(plan(&[&trials[0], &trials[1]])).unwrap();
        assert_eq!(check(scope), (2, 0), "queued, without a change of their folders");
        let session = owned(trials[0].claim(run.id()).unwrap());
        let mut progress = Progress::new(1);
        progress.push(Point { accuracy: 0.75, density: 0.5, loss: 0.1, walk: 1 });
        session.write_progress(&progress).unwrap();
        assert_eq!(check(scope), (1, 0));
        trials[1].put_mark(Marker::Paused, Some(run.id())).unwrap();
        check(scope);
        trials.iter().for_each(settle);
        check(scope);
        run.end(RunEnd::Interrupted, "").unwrap();
        assert_eq!(check(scope), (1, 0), "stale, without a change of its folder; the other stays paused");
        drop(session);
        check(scope);
        trials[1].remove_mark(Marker::Paused).unwrap();
        fixture.catalog.delete(&[trials[4].id().clone()]).unwrap();
        assert_eq!(check(scope).1, 1);
        fixture.catalog.undelete(None).unwrap();
        check(scope);
    }
    let session = owned(trials[2].claim(&RunId::new()).unwrap());
    session.write_result(&result()).unwrap();
    drop(session);
    check(Scope::Live);
    trials[2].tag(&["later".to_owned()], &[]).unwrap();
    check(Scope::All);
    assert_eq!(index.count(&"tag=later status=finished".parse().unwrap()).unwrap(), 1);
}

#[test]
fn running_trials_show_their_progress() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let session = owned(trial.claim(&RunId::new()).unwrap());
    let mut progress = Progress::new(84);
    let mut index = Index::in_memory(&fixture.catalog).unwrap();
    for density in [1.0, 0.5, 0.25] {
        progress.push(Point { accuracy: 1.0, density, loss: 0.0, walk: 1 });
        session.write_progress(&progress).unwrap();
        index.refresh(Scope::Live).unwrap();
        let row = index.row(trial.id()).unwrap().unwrap();
        assert_eq!((row.status, row.density, row.rounds), (State::Running, Some(density), Some(progress.rounds_done)));
    }
}

#[test]
fn the_index_follows_experiments() {
    let fixture = Fixture::new();
    let trials: Vec<TrialFolder> = (0..3).map(|seed| fixture.trial(seed)).collect();
    trials.iter().for_each(settle);
    let mut index = Index::in_memory(&fixture.catalog).unwrap();
    index.refresh(Scope::All).unwrap();
    for (name, members) in [("b", &trials[..2]), ("a", &trials[..1]), ("b", &trials[..3])] {
        let ids = members.iter().map(|trial| trial.id().clone()).collect();
        fixture.catalog.save_experiment(&Experiment::new(name, "", ids, Value::Null, Value::Null)).unwrap();
        index.refresh(Scope::Live).unwrap();
    }
    assert_eq!(index.row(trials[0].id()).unwrap().unwrap().experiments, ["a", "b"]);
    assert_eq!(index.count(&"experiment=b".parse().unwrap()).unwrap(), 3);
    assert_eq!(index.count(&"experiment=b experiment!=a".parse().unwrap()).unwrap(), 2);
}

#[test]
fn damaged_trials_are_reported_and_the_others_listed() {
    let fixture = Fixture::new();
    let trials: Vec<TrialFolder> = (0..4).map(|seed| fixture.trial(seed)).collect();
    fs::write(trials[0].path().join("trial.json"), "{\"torn").unwrap();
    fs::write(trials[1].path().join("trial.json"), "{\"format\": 7}").unwrap();
    fs::write(trials[2].path().join("result.json"), "").unwrap();
    fs::create_dir_all(fixture.folder.path().join("trials/zz/not-a-trial")).unwrap();
    fs::create_dir_all(fixture.folder.path().join("experiments/broken")).unwrap();
    fs::write(fixture.folder.path().join("experiments/broken/1.json"), "[").unwrap();
    let mut index = Index::in_memory(&fixture.catalog).unwrap();
    for _ in 0..2 {
        let mut problems: Vec<String> =
            index.refresh(Scope::All).unwrap().problems.iter().map(Error::to_string).collect();
        problems.sort();
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(problems.iter().any(|problem| problem.contains("format 7")));
    }
    let states = statuses(&mut index);
    assert_eq!(states.len(), 2);
    assert!(states.contains(&(trials[2].id().clone(), State::Failed)), "a damaged result");
}

fn rebuilt_after(spoil: impl Fn(&Path)) {
    let spoil = |file: &Path| {
        let whole = fs::read(file).unwrap();
        spoil(file);
        assert_ne!(fs::read(file).ok(), Some(whole), "the index is as it was");
    };
    let fixture = Fixture::new();
    let cache = tempfile::tempdir().unwrap();
    super::fixture::fill(&fixture.catalog, 300);
    let mut index = Index::open_in(&fixture.catalog, cache.path()).unwrap();
    index.refresh(Scope::All).unwrap();
    let file = index.file().unwrap().to_owned();

    // While it is open ..
    spoil(&file);
    index.refresh(Scope::All).unwrap();
    assert_eq!(index.count(&Filter::default()).unwrap(), 300);
    assert_eq!(statuses(&mut index).len(), 300);
    fixture.trial(300);
    index.refresh(Scope::All).unwrap();
    assert_eq!(statuses(&mut index).len(), 301);
    drop(index);

    // .. and before it is opened.
    spoil(&file);
    let mut index = Index::open_in(&fixture.catalog, cache.path()).unwrap();
    index.refresh(Scope::All).unwrap();
    assert_eq!(statuses(&mut index).len(), 301);
    assert_eq!(index.file(), Some(&*file));
}

#[test]
fn a_deleted_index_is_rebuilt() {
    rebuilt_after(|file| fs::remove_file(file).unwrap());
}

#[test]
fn an_overwritten_index_is_rebuilt() {
    rebuilt_after(|file| fs::write(file, "this is not a database, whatever SQLite thinks ".repeat(100)).unwrap());
}

#[test]
fn an_index_with_damaged_pages_is_rebuilt() {
    rebuilt_after(|file| {
        let mut bytes = fs::read(file).unwrap();
        bytes[4096..].fill(0x5a);
        fs::write(file, bytes).unwrap();
    });
}

#[test]
fn an_index_of_another_version_is_rebuilt() {
    rebuilt_after(|file| {
        let mut bytes = fs::read(file).unwrap();
        // The header has the version at byte 60. An open database is read again when the counter at byte 24 changes.
        bytes[63] = 99;
        bytes[27] = bytes[27].wrapping_add(1);
        fs::write(file, bytes).unwrap();
    });
}

#[test]
fn without_a_writable_folder_the_index_is_in_memory() {
    let fixture = Fixture::new();
    fixture.trial(1);
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut index = Index::open_in(&fixture.catalog, &file.path().join("below")).unwrap();
    index.refresh(Scope::All).unwrap();
    assert_eq!(index.count(&Filter::default()).unwrap(), 1);
    assert!(index.file().is_none());
}

#[test]
fn several_threads_can_refresh_one_index() {
    let fixture = Fixture::new();
    let cache = tempfile::tempdir().unwrap();
    let catalog: &Catalog = &fixture.catalog;
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let cache = cache.path();
            scope.spawn(move || {
                let mut index = Index::open_in(catalog, cache).unwrap();
                for seed in 0..50 {
                    catalog.create_trial(specification(thread * 1000 + seed), about()).unwrap();
                    index.refresh(if seed % 2 == 0 { Scope::All } else { Scope::Live }).unwrap();
                    assert!(index.count(&Filter::default()).unwrap() > usize::try_from(seed).unwrap());
                }
                index.refresh(Scope::All).unwrap();
                assert!(index.file().is_some(), "no thread had to fall back to memory");
            });
        }
    });
    let mut index = Index::open_in(catalog, cache.path()).unwrap();
    index.refresh(Scope::All).unwrap();
    assert_eq!(statuses(&mut index).len(), 200);
}

#[test]
fn two_thousand_trials_are_listed_quickly() {
    let fixture = Fixture::new();
    let cache = tempfile::tempdir().unwrap();
    super::fixture::fill(&fixture.catalog, 2_000);
    let mut index = Index::open_in(&fixture.catalog, cache.path()).unwrap();
    let timed = |what: &str, limit_ms: u128, action: &mut dyn FnMut()| {
        let start = Instant::now();
        action();
        let elapsed = start.elapsed().as_millis();
        println!("{what}: {elapsed} ms");
        assert!(elapsed < limit_ms, "{what}: {elapsed} ms");
    };
    // The limits leave room for a slow disk and a busy machine.
    timed("first refresh", 20_000, &mut || assert_eq!(index.refresh(Scope::All).unwrap().changed, 2_000));
    std::thread::sleep(Duration::from_millis(2100));
    index.refresh(Scope::All).unwrap();
    timed("refresh", 3_000, &mut || assert_eq!(index.refresh(Scope::All).unwrap().changed, 0));
    timed("live refresh", 3_000, &mut || assert_eq!(index.refresh(Scope::Live).unwrap().changed, 0));
    let filter: Filter = "task=4-2-4 density<0.5 depth>=1".parse().unwrap();
    timed("query", 1_000, &mut || {
        let page = Page { offset: 100, limit: Some(50) };
        assert_eq!(index.query(&filter, Some("-density".parse().unwrap()), page).unwrap().len(), 50);
    });
}
