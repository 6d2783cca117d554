//! Failures: panicking workers, required accuracies that are missed, and how jobs are named.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::conclude::share;
use super::session::job_name;
use super::{Event, Options, run};
use crate::catalog::{Catalog, State};
use crate::experiment::launch_request::LaunchRequest;
use crate::experiment::queued;
use crate::experiment::tuning::Answers;
use crate::prune::{Job, Required};

#[test]
fn a_panic_in_a_worker_fails_its_trial_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(Some(folder.path())).unwrap();
    let request = LaunchRequest { grid: "quick".to_owned(), ..LaunchRequest::new("quickstart") };
    let planned = request.outline().unwrap().plan(&Answers::default(), &|_| true).unwrap();
    let mut trials = queued::write_down(&catalog, &planned).unwrap();
    // This network does not fit its task. Trials that come from files are checked for that.
    trials[0].trial.plan.architecture = "5,24,24,17".parse().unwrap();
    let ids: Vec<_> = trials.iter().map(|queued| queued.id.clone()).collect();

    let failures = Mutex::new(Vec::new());
    let tell = |event: Event| {
        if let Event::Failed { id, message } = event {
            failures.lock().unwrap().push((id, message));
        }
    };
    let options = Options { experiments: vec!["quickstart".to_owned()], jobs: 2, force: false };
    let summary = run(&catalog, trials, &options, &AtomicBool::new(false), &tell).unwrap();

    assert_eq!((summary.done, summary.failed, summary.left), (1, 1, 0));
    let failures = failures.into_inner().unwrap();
    assert!(failures.len() == 1 && failures[0].0 == ids[0], "{failures:?}");
    assert!(failures[0].1.starts_with("a worker panicked: "), "{failures:?}");
    assert_eq!(catalog.trial(&ids[0]).failure().unwrap().unwrap().place, "the dense round");
    // The catalog agrees, and no run is alive.
    let live = catalog.live_runs().unwrap();
    assert!(live.runs().is_empty());
    let states: Vec<State> = ids.iter().map(|id| catalog.trial(id).state(&live).unwrap()).collect();
    assert_eq!(states, [State::Failed, State::Finished]);
    assert_eq!(catalog.trial(&ids[0]).failure().unwrap().unwrap().message, failures[0].1);
}

#[test]
fn a_missed_accuracy_is_the_one_that_was_required() {
    assert_eq!(share(Required::Threshold(0.98)), 0.98);
    assert_eq!(share(Required::Perfect), 1.0);
}

#[test]
fn jobs_are_named_in_words() {
    let request = LaunchRequest { grid: "35,70/0.5,1".to_owned(), ..LaunchRequest::new("quickstart") };
    let planned = request.outline().unwrap().plan(&Answers::default(), &|_| true).unwrap();
    let name = |job| job_name(job, &planned.trials[0].plan);
    assert_eq!(name(Job::Dense), "the dense round");
    assert_eq!(name(Job::Unit { branch: 1 }), "the unit walk with p_u = 70%");
    assert_eq!(name(Job::Edge { branch: 0, index: 1 }), "the edge walk with p_u = 35% and p_e = 1%");
}
