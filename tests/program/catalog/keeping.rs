//! Experiments, tags, notes and the trash.

use std::fs;

use neural_sculpting::catalog::{Error, Experiment, RunId, State, TrialFolder, TrialId};
use serde_json::{Value, json};

use super::fixture::{Fixture, owned};

#[test]
fn an_experiment_is_the_union_of_its_files() {
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
fn experiments_saved_at_the_same_time_are_merged() {
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
fn trials_deleted_together_are_restored_together() {
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
fn tags_and_notes_are_stored() {
    let fixture = Fixture::new();
    let trial = fixture.trial(1);
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    trial.tag(&words(&["b", "a", "b"]), &[]).unwrap();
    assert_eq!(trial.tag(&words(&["c"]), &words(&["b"])).unwrap().tags, ["a", "c"]);
    trial.set_note(" look again ").unwrap();
    assert_eq!(trial.labels().unwrap().note, "look again");
    assert!(matches!(trial.tag(&words(&["two words"]), &[]), Err(Error::Tag(_))));
}
