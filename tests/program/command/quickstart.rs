//! The first command of a newcomer.

use super::util::Sandbox;

#[test]
fn quickstart_finds_the_true_modules_of_both_tasks() {
    let sandbox = Sandbox::new();
    let told = sandbox.done(&["run", "quickstart"]);
    assert!(told.last().starts_with("2 done in "), "{told:?}");
    assert!(told.last().ends_with("; true modules found in 2 of 2"), "{told:?}");
    let trials = sandbox.list();
    assert_eq!(trials.len(), 2);
    for (task, modules, edges) in [("4-2-4", 2, 16), ("4-1-2-16", 3, 32)] {
        let trial = trials.iter().find(|trial| trial["task"] == task).unwrap();
        assert_eq!((&trial["accuracy"], &trial["success"]), (&1.0.into(), &true.into()), "{trial}");
        assert_eq!(trial["module_count"], modules, "{trial}");
        assert!(trial["edges"].as_u64().unwrap() <= edges, "{trial}");
        let page = sandbox.done(&["show", trial["id"].as_str().unwrap(), "--ascii"]).out;
        for title in ["Walks", "Rounds of the best walk", "Clusters", "Why", "Hierarchy", "+- M1"] {
            assert!(page.contains(title), "{title}: {page}");
        }
        assert!(page.lines().all(|line| line.len() <= 80 && line.is_ascii()), "{page}");
        the_trajectory_ends_at_the_best_network(&sandbox, trial["id"].as_str().unwrap());
    }
    let again = sandbox.done(&["run", "quickstart"]);
    assert!(again.last().starts_with("2 already done"), "{again:?}");
    assert_eq!(sandbox.sessions(), [1, 1]);
}

/// The drawing after the last accepted round is that of the trial; the one after the first is dense.
fn the_trajectory_ends_at_the_best_network(sandbox: &Sandbox, id: &str) {
    let shown = sandbox.done(&["show", id, "--json"]).json().remove(0);
    let rounds = shown["trajectory"].as_array().unwrap();
    let last = rounds.iter().rposition(|round| round["accepted"] == true).unwrap().to_string();
    let drawing = |arguments: &[&str]| {
        let page = sandbox.done(&[&["show", id, "--network", "--ascii"], arguments].concat()).out;
        let network = page.split_once("\nNetwork\n").unwrap().1;
        network.split("\n\n").next().unwrap().trim_end().to_owned()
    };
    assert_eq!(drawing(&[]), drawing(&["--step", &last]));
    assert_ne!(drawing(&[]), drawing(&["--step", "0"]));
    let rejected = rounds.iter().position(|round| round["accepted"] == false).unwrap().to_string();
    for wrong in [rejected.as_str(), "9999"] {
        let told = sandbox.sculpt(&["show", id, "--step", wrong]);
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.err.contains("no accepted round"), "{told:?}");
    }
}
