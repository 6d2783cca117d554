//! Several ways to detect modules in the networks of one training.

use std::collections::BTreeSet;
use std::fs;

use super::util::{SHORT, Sandbox, files};

#[test]
fn more_detections_train_nothing() {
    let sandbox = Sandbox::with(SHORT);
    sandbox.done(&["run", "own.toml"]);
    let kept = |name: &str| -> BTreeSet<_> {
        files(&sandbox.catalog().join("trials"))
            .into_iter()
            .filter(|file| file.to_string_lossy().contains(name))
            .collect()
    };
    let (first, verdict) = (kept("/detections/"), fs::read(kept("verdict.json").pop_first().unwrap()).unwrap());
    assert_eq!(first.len(), 1);

    let more = "[detection]\nlinkage = ['average', 'single']\nquality = ['modularity', 'silhouette']\n";
    sandbox.write("more.toml", &format!("{SHORT}{more}"));
    let told = sandbox.done(&["run", "more.toml"]);
    assert!(told.last().starts_with("1 already done"), "{told:?}");
    let all = kept("/detections/");
    assert!(all.len() == 4 && all.is_superset(&first), "{all:?}");
    assert_eq!(fs::read(kept("verdict.json").pop_first().unwrap()).unwrap(), verdict, "the first way counts");
    assert_eq!(sandbox.sessions(), [1]);

    // Asked for at once, the same is found.
    let twin = Sandbox::new();
    twin.write("more.toml", &format!("{SHORT}{more}"));
    twin.done(&["run", "more.toml"]);
    assert!(twin.results() == sandbox.results(), "the results differ");
}

#[test]
fn other_settings_tell_their_own_verdict() {
    let sandbox = Sandbox::with(SHORT);
    let right = |told: &str| told.split("found in ").nth(1).unwrap().to_owned();
    let first = right(sandbox.done(&["run", "own.toml"]).last());
    // By this index the modules are wrong.
    sandbox.write("other.toml", &format!("{SHORT}[detection]\nquality = 'davies-bouldin'\n"));
    assert_ne!(right(sandbox.done(&["run", "other.toml"]).last()), first);
    let again = right(sandbox.done(&["run", "own.toml"]).last());
    assert_eq!(first, again, "each experiment counts by its own settings");
}
