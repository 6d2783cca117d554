//! Filters and sort orders give the same answers in memory and in the index.

use std::fs;

use neural_sculpting::catalog::{
    About, Catalog, Completion, Filter, Index, Key, Labels, Page, Scope, Sort, TrialResult, TrialRow, Verdict,
};
use proptest::prelude::*;

use super::fixture::{Fixture, about, owned, result, specification};

/// A catalog with many kinds of trials, and their rows from the index.
fn catalog_of_all_sorts(seed: u64) -> (Fixture, Index, Vec<TrialRow>) {
    let fixture = Fixture::new();
    for number in seed..seed + 40 {
        let mut specification = specification(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (number % 60));
        let widths = [vec![4, 24, 4], vec![4, 12, 24, 4], vec![4, 4]];
        specification.plan.architecture = widths[number as usize % 3].clone().try_into().unwrap();
        if specification.plan.architecture.depth() == 0 {
            specification.plan.stages = neural_sculpting::prune::Stages::Edge;
        }
        specification.plan.hyperparameters.learning_rate = [0.001, 0.01][number as usize % 2];
        let task = ["4-2-4", "4-1-2-16", "MNIST pair", "é"][number as usize % 4].to_owned();
        let trial = fixture.catalog.create_trial(specification, About { task, ..about() }).unwrap();
        let owned = owned(trial.claim(&neural_sculpting::catalog::RunId::new()).unwrap());
        if number % 2 == 0 {
            let status = if number % 8 == 0 { Completion::Untrained } else { Completion::Finished };
            let density = (number % 7) as f64 / 50.0;
            owned.write_result(&TrialResult { status, density, edges: number % 5 * 10, ..result() }).unwrap();
        }
        owned.release().unwrap();
        if number % 3 == 0 {
            let success = [None, Some(true), Some(false)][number as usize / 3 % 3];
            let verdict = Verdict {
                settings: "ab".into(),
                module_count: number % 4,
                true_modules: success,
                criterion: "x".into(),
                purity: None,
            };
            trial.write_verdict(&verdict).unwrap();
        }
        if number % 5 == 0 {
            let labels = Labels { tags: vec!["Odd".into(), "x".into()], note: "look Again".into() };
            fs::write(trial.path().join("labels.json"), serde_json::to_vec(&labels).unwrap()).unwrap();
        }
    }
    let mut index = Index::in_memory(&fixture.catalog).unwrap();
    index.refresh(Scope::All).unwrap();
    let rows = index.query(&Filter::default(), None, Page::default()).unwrap();
    assert_eq!(rows.len(), 40);
    (fixture, index, rows)
}

fn term() -> impl Strategy<Value = String> {
    let op = prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">=", "~"]);
    let value = prop_oneof![
        prop::sample::select(
            "4-2-4 4-1-2-16 \"MNIST pair\" mnist é É 4,24,4 4,12,24,4 finished stale untrained true false unit+edge dense \
             burn-ndarray odd Odd x look \"look Again\" again 2026 2026-11-22T \"\" 0 1 2 3 10 20 0.02 0.04 0.5 0.001 24 a b1 4"
                .split(' ')
                .map(|word| if word.starts_with('"') && !word.ends_with('"') { format!("{word}\"") } else { word.into() })
                .collect::<Vec<String>>()
        ),
        (0_u64..).prop_map(|number| number.to_string()),
        (0.0..1.0_f64).prop_map(|number| number.to_string()),
    ];
    let keys: Vec<&str> = Key::all().map(Key::name).collect();
    let comparison =
        (prop::sample::select(keys), op, value.clone()).prop_map(|(key, op, value)| format!("{key}{op}{value}"));
    prop_oneof![4 => comparison, 1 => value]
}

#[test]
fn filters_agree_in_the_index_and_in_memory() {
    let (_fixture, index, rows) = catalog_of_all_sorts(0);
    let index = std::cell::RefCell::new(index);
    let keys: Vec<Key> = Key::all().collect();
    let config = ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() };
    let counts = std::cell::Cell::new((0, 0));
    proptest!(config, |(terms in prop::collection::vec(term(), 1..3), key in prop::sample::select(keys), down: bool)| {
        // Some combinations are invalid, such as `depth=true`.
        let Ok(filter) = terms.join(" ").parse::<Filter>() else { return Ok(()) };
        let sort: Sort = format!("{}{}", if down { "-" } else { "" }, key.name()).parse().unwrap();
        let mut expected: Vec<&TrialRow> = rows.iter().filter(|row| filter.matches(row)).collect();
        expected.sort_by(|a, b| sort.compare(a, b));
        let found = index.borrow_mut().query(&filter, Some(sort), Page::default()).unwrap();
        prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected.clone());
        prop_assert_eq!(index.borrow_mut().count(&filter).unwrap(), expected.len());
        let (understood, some) = counts.get();
        counts.set((understood + 1, some + usize::from(!expected.is_empty())));
    });
    let (understood, some) = counts.get();
    assert!(understood > 500 && some > 100, "the property was hardly tested: {understood} filters, {some} with trials");
}

#[test]
fn groups_count_what_filters_find() {
    let (_fixture, mut index, rows) = catalog_of_all_sorts(200);
    let filter: Filter = "depth>=1".parse().unwrap();
    for key in [Key::Task, Key::Status, Key::Tag, Key::Depth] {
        let groups = index.groups(&filter, key).unwrap();
        assert!(groups.is_sorted_by(|a, b| a.name < b.name) && groups.len() > 1, "{groups:?}");
        for group in &groups {
            let quoted = format!("\"{}\"", group.name);
            let value = if key == Key::Depth { &group.name } else { &quoted };
            let is = if group.name.is_empty() { String::new() } else { format!("{}={value}", key.name()) };
            let fits: Filter = format!("depth>=1 {is}").parse().unwrap();
            let fitting: Vec<&TrialRow> = rows
                .iter()
                .filter(|row| fits.matches(row))
                .filter(|row| !group.name.is_empty() || row.tags.is_empty())
                .collect();
            assert_eq!(group.trials(), fitting.len() as u64, "{group:?}");
            assert_eq!(group.successes, fitting.iter().filter(|row| row.true_modules == Some(true)).count() as u64);
            assert_eq!(group.judged, fitting.iter().filter(|row| row.true_modules.is_some()).count() as u64);
            assert_eq!(group.least_density, fitting.iter().filter_map(|row| row.density).reduce(f64::min));
        }
    }
}

#[test]
fn filters_find_the_trials_they_describe() {
    let (_fixture, mut index, rows) = catalog_of_all_sorts(100);
    let mut count = |filter: &str| index.count(&filter.parse().unwrap()).unwrap();
    assert_eq!(count(""), 40);
    assert_eq!(count("depth=2"), rows.iter().filter(|row| row.depth() == 2).count());
    assert_eq!(count("true_modules=yes") + count("true_modules!=yes"), 40, "no verdict is not yes");
    assert_eq!(count("density<9") + count("density>=9"), count("status=finished") + count("status=untrained"));
    assert_eq!(count("density!=9"), 40);
    assert_eq!(count("tag=odd"), 0);
    assert_eq!((count("tag~odd"), count("tag=Odd")), (8, 8));
    assert_eq!(count("created<=2999"), 40);
    assert_eq!(count(&rows[3].id.as_str()[..12]), 1);
    assert_eq!(count(&format!("id={}", rows[3].id.as_str().to_uppercase())), 1);
    assert_eq!(count("mnist"), 10);
    assert_eq!(count(&format!("seed={}", rows[5].seed)), 1);
    let page = Page { offset: 35, limit: Some(10) };
    assert_eq!(index.query(&Filter::default(), Some("-seed".parse().unwrap()), page).unwrap().len(), 5);
}

#[test]
fn planned_trials_can_be_filtered() {
    let row = TrialRow::planned(&specification(1), "4-2-4", neural_sculpting::catalog::Utc::now());
    let passes = |filter: &str| filter.parse::<Filter>().unwrap().matches(&row);
    assert!(
        passes("task=4-2-4 depth=1 seed<2 arch=4,24,4 stages=unit+edge") && !passes("seed>=2") && !passes("density<1")
    );
}

#[test]
fn a_missing_catalog_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none");
    let catalog = Catalog::open_read(Some(&path)).unwrap();
    let mut index = Index::open(&catalog).unwrap();
    assert!(index.refresh(Scope::All).unwrap().problems.is_empty());
    assert_eq!((index.count(&Filter::default()).unwrap(), index.file()), (0, None));
    assert!(!path.exists());
}
