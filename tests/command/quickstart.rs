//! The first command of a newcomer.

use crate::util::Sandbox;

#[test]
fn quickstart_finds_the_true_modules_of_both_tasks() {
    let sandbox = Sandbox::new();
    let told = sandbox.done(&["run", "quickstart"]);
    assert!(told.last().starts_with("2 done in "), "{told:?}");
    assert!(told.last().ends_with("; the true modules found in 2 of 2"), "{told:?}");
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
    }
    let again = sandbox.done(&["run", "quickstart"]);
    assert!(again.last().starts_with("2 done before in "), "{again:?}");
    assert_eq!(sandbox.sessions(), [1, 1]);
}
