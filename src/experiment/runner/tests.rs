//! What becomes of a run when a worker panics.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::{Event, Options, run};
use crate::catalog::{Catalog, State};
use crate::experiment::launch_request::LaunchRequest;
use crate::experiment::queued;
use crate::experiment::tuning::Answers;

#[test]
fn a_panic_in_a_worker_fails_its_trial_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(Some(folder.path())).unwrap();
    let asked = LaunchRequest { grid: "quick".to_owned(), ..LaunchRequest::new("quickstart") };
    let planned = asked.outline().unwrap().plan(&Answers::default(), &|_| true).unwrap();
    let mut trials = queued::write_down(&catalog, &planned).unwrap();
    // No task fits this network, which nothing that reads trials from outside would let pass.
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
    // The catalog says the same: what failed and why, and that nobody runs it.
    let live = catalog.live_runs().unwrap();
    assert!(live.runs().is_empty());
    let states: Vec<State> = ids.iter().map(|id| catalog.trial(id).state(&live).unwrap()).collect();
    assert_eq!(states, [State::Failed, State::Finished]);
    assert_eq!(catalog.trial(&ids[0]).failure().unwrap().unwrap().message, failures[0].1);
}
