//! Random keys, resizes and news: nothing panics, and keys always lead back to the first screen and out.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use neural_sculpting::tui::Input;
use neural_sculpting::tui::command::Command;
use neural_sculpting::tui::keys::{self, Context, names};
use neural_sculpting::tui::snapshot::{Page, Snapshot};
use neural_sculpting::tui::state::Screen;
use neural_sculpting::tui::theme::Theme;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use super::drive::Dashboard;
use super::fixture;
use crate::full::amount;

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Paste(String),
    Resize(u16, u16),
    News(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let known: Vec<String> = keys::bindings()
        .flat_map(|binding| binding.keys)
        .filter(|key| **key != "a-z")
        .map(|key| (*key).to_owned())
        .collect();
    let step = prop_oneof![
        8 => prop::sample::select(known).prop_map(Step::Key),
        2 => any::<char>().prop_filter("a key", |key| !key.is_control()).prop_map(|key| Step::Key(key.to_string())),
        1 => "\\PC{0,12}".prop_map(Step::Paste),
        1 => (0..200_u16, 0..70_u16).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        1 => (0..5_u8).prop_map(Step::News),
    ];
    prop::collection::vec(step, 1..60)
}

/// The catalog at a later time.
fn later(which: u8) -> Snapshot {
    match which {
        0 => Snapshot::default(),
        1 => fixture::empty(),
        2 => fixture::busy(),
        3 => Snapshot {
            compared: fixture::compared(),
            report: Some(fixture::reported("figure-6").into()),
            ..fixture::opened(fixture::detail())
        },
        _ => {
            let mut snapshot = fixture::opened(fixture::failed());
            snapshot.live.clear();
            snapshot.page = Arc::new(Page { rows: Vec::new(), total: 9, ..Page::clone(&snapshot.page) });
            snapshot
        }
    }
}

/// Seconds by default and with `SCULPT_TEST_FULL=1`; `SCULPT_TEST_SECONDS` overrides both.
const SECONDS: (f64, f64) = (5.0, 60.0);

#[test]
fn nothing_traps_the_user() {
    let seconds = amount("SCULPT_TEST_SECONDS", SECONDS.0, SECONDS.1);
    let config = ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() };
    let (since, mut count, seen) = (Instant::now(), 0, RefCell::new(HashSet::new()));
    while since.elapsed().as_secs_f64() < seconds {
        // A runner stops after its cases, so each round has a new one.
        let driven = |(steps, ascii)| drive(steps, ascii, &mut seen.borrow_mut());
        TestRunner::new(config.clone()).run(&(steps(), any::<bool>()), driven).unwrap();
        count += 50;
    }
    println!("{count} sequences of keys, resizes and news in {seconds} s");
    let missed = Context::ALL.into_iter().filter(|context| !seen.borrow().contains(context)).collect::<Vec<_>>();
    assert!(missed.is_empty(), "no sequence led to {missed:?}");
}

/// Takes all steps, draws after each, and goes back to the first screen at the end; records the contexts on its way.
fn drive(steps: Vec<Step>, ascii: bool, seen: &mut HashSet<Context>) -> Result<(), TestCaseError> {
    let theme = if ascii { Theme::ascii() } else { Theme::unicode() };
    let mut dashboard = Dashboard::new(fixture::opened(fixture::detail()), 80, 24);
    for step in steps {
        match step {
            Step::Key(key) => {
                if let Some(key) = names::parse(&key) {
                    dashboard.take(Input::Key(key));
                }
            }
            Step::Paste(text) => dashboard.take(Input::Paste(text)),
            Step::Resize(columns, rows) => dashboard.take(Input::Resize(columns, rows)),
            Step::News(which) => {
                dashboard.snapshot = later(which);
                dashboard.take(Input::News);
            }
        }
        let screen = dashboard.screen(theme);
        let context = dashboard.ui.context(&dashboard.snapshot);
        seen.insert(context);
        // What the user types need not be ASCII.
        let typed = context == Context::Filter;
        prop_assert!(!ascii || screen.is_ascii() || typed || !dashboard.ui.catalog.filter.is_ascii());
    }
    leave(dashboard);
    Ok(())
}

/// `esc` leads back to the first screen, and `q` quits.
fn leave(dashboard: Dashboard) {
    let mut dashboard = dashboard.press("esc esc esc");
    assert!(dashboard.ui.overlay.is_none() && dashboard.ui.screen == Screen::Catalog, "{:?}", dashboard.ui);
    dashboard.commands.clear();
    let mut dashboard = dashboard.press("q");
    if dashboard.commands.is_empty() {
        dashboard = dashboard.press("enter");
    }
    assert_eq!(dashboard.commands, [Command::Quit]);
}
