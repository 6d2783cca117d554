//! Tags, notes, and trials beside each other.

use super::util::Sandbox;

const TWO: &str = "grid = { p_u = [50.0], p_e = [2.0] }\nseeds = [0, 1]\n[[trials]]\ntasks = [\"4-2-4\"]\ndepths = [1]\n\
                   widths = [6]\nlearning_rate = 0.05\nbatch_size = 4\nepochs = 5\n";

#[test]
fn trials_are_tagged_noted_and_compared() {
    let sandbox = Sandbox::with(TWO);
    sandbox.done(&["run", "own.toml"]);
    let ids: Vec<String> = sandbox.list().iter().map(|trial| trial["id"].as_str().unwrap().to_owned()).collect();
    let told = sandbox.done(&["tag", &ids[0], &ids[1], "--add", "fast,odd"]);
    assert_eq!(told.out.matches("fast, odd").count(), 2, "{told:?}");
    sandbox.done(&["tag", &ids[0], "--remove", "fast"]);
    assert_eq!(sandbox.done(&["list", "--filter", "tag=fast", "--json"]).json().len(), 1);
    sandbox.done(&["note", &ids[0], "so clean"]);
    assert_eq!(sandbox.done(&["note", &ids[0]]).last(), "so clean");
    assert_eq!(sandbox.done(&["list", "--filter", "note~clean", "--json"]).json()[0]["id"], ids[0].as_str());
    sandbox.done(&["note", &ids[0], ""]);
    assert_eq!(sandbox.done(&["note", &ids[0]]).last(), "no note");
    let page = sandbox.done(&["compare", &ids[0], &ids[1]]).out;
    let row = page.lines().find(|line| line.trim_start().starts_with("seed")).unwrap();
    let mut seeds: Vec<&str> = row.split_whitespace().skip(1).collect();
    seeds.sort_unstable();
    assert_eq!(seeds, ["0", "1"], "{page}");
    assert!(page.contains("adjusted Rand index") && !page.contains("learning rate"), "{page}");
    for wrong in [&["tag", &ids[0], "--add", "a b"][..], &["compare", &ids[0]], &["note", &ids[0], "a\nb"]] {
        let told = sandbox.sculpt(wrong);
        assert!(matches!(told.code, Some(1 | 2)) && told.err.lines().count() == 1, "{wrong:?}: {told:?}");
    }
}
