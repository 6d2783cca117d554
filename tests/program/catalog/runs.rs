//! Runs, and requests to them.

use std::fs;

use neural_sculpting::catalog::{Request, RunEnd, Selection};

use super::fixture::{Fixture, plan};

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
    assert!(run.requests().unwrap().is_empty(), "reported once");

    let id = run.id().clone();
    run.end(RunEnd::Completed, "all done").unwrap();
    assert!(fixture.catalog.send(&id, &Request::Stop).unwrap_err().to_string().contains("has ended"));
    assert_eq!(fixture.catalog.run(&id).unwrap().ended.unwrap().message, "all done");
}

#[test]
fn old_runs_are_removed_and_live_ones_stay() {
    let fixture = Fixture::new();
    let live = fixture.catalog.start_run(plan(&[])).unwrap();
    for _ in 0..5 {
        fixture.catalog.start_run(plan(&[])).unwrap().end(RunEnd::Completed, "").unwrap();
    }
    assert_eq!(fixture.catalog.clean_runs(2).unwrap(), 3);
    let runs = fixture.catalog.runs().unwrap();
    assert_eq!(runs.iter().filter(|run| run.alive).map(|run| &run.info.id).collect::<Vec<_>>(), [live.id()]);
    assert_eq!(runs.len(), 3);
    live.beat(7, &[]).unwrap();
    assert_eq!(fixture.catalog.run(live.id()).unwrap().heartbeat.unwrap().jobs, 7);
}
