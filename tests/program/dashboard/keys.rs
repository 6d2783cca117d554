//! What keys do.

use std::sync::Arc;

use neural_sculpting::experiment::launch_request::LaunchRequest;
use neural_sculpting::tui::Input;
use neural_sculpting::tui::command::{Command, Target};
use neural_sculpting::tui::keys::{self, Action, Context, names};
use neural_sculpting::tui::snapshot::{Forecast, Page, Query, Snapshot};
use neural_sculpting::tui::sort::{Column, Grouping, Sort};
use neural_sculpting::tui::state::{Overlay, Screen, Tab};

use super::drive::Dashboard;
use super::fixture::{self, id};

fn busy() -> Dashboard {
    Dashboard::new(fixture::busy(), 80, 24)
}

fn empty() -> Dashboard {
    Dashboard::new(fixture::empty(), 80, 24)
}

#[test]
fn two_keys_launch_a_preset_from_a_fresh_start() {
    let dashboard = empty().press("b enter");
    assert_eq!(dashboard.commands, [Command::Launch(LaunchRequest::new("figure-6"))]);
    assert_eq!(dashboard.ui.screen, Screen::Monitor);
    let dashboard = busy().press("n a enter");
    assert_eq!(dashboard.commands, [Command::Launch(LaunchRequest::new("quickstart"))]);
}

#[test]
fn a_question_can_be_answered_with_no() {
    for no in ["esc", "n", "q", "ctrl-c"] {
        let dashboard = busy().press(&format!("x {no}"));
        assert!(dashboard.commands.is_empty() && dashboard.ui.overlay.is_none(), "{no}");
    }
    assert!(empty().press("a esc").ui.overlay.is_none());
}

#[test]
fn a_launch_is_changed_before_it_starts() {
    let mut dashboard = empty().press("b down down").write("0..9").press("tab").write("quick");
    let request =
        LaunchRequest { seeds: "0..9".to_owned(), grid: "quick".to_owned(), ..LaunchRequest::new("figure-6") };
    assert_eq!(dashboard.ui.launch_request(), Some(request.clone()));
    dashboard.snapshot.forecast =
        Some(Forecast { request: request.clone(), trials: 360, ..Forecast::default() }.into());
    let dashboard = dashboard.press("enter");
    assert_eq!((dashboard.commands, dashboard.ui.screen), (vec![Command::Launch(request)], Screen::Monitor));
    // A launch that is not counted yet, wrong or already done is refused.
    let typed = || empty().press("b").write("x");
    assert!(typed().press("enter").commands.is_empty());
    let request = typed().ui.launch_request().unwrap();
    for (problem, done) in [(Some("no depths".to_owned()), 0), (None, 5)] {
        let mut dashboard = typed();
        dashboard.snapshot.forecast =
            Some(Forecast { request: request.clone(), trials: 5, done, problem, ..Forecast::default() }.into());
        assert!(dashboard.press("enter").commands.is_empty());
    }
    assert_eq!(
        empty().press("o").write("mine").press("enter").ui.launch_request(),
        Some(LaunchRequest::new("mine.toml"))
    );
}

#[test]
fn quitting_asks_while_work_is_running() {
    assert_eq!(empty().press("q").commands, [Command::Quit]);
    assert!(busy().press("q").commands.is_empty());
    for leave in ["q q", "q enter", "q l", "ctrl-c ctrl-c"] {
        assert_eq!(busy().press(leave).commands, [Command::Quit], "{leave}");
    }
    assert_eq!(busy().press("q p").commands, [Command::Pause(Target::All), Command::Quit]);
    // What is typed after a q may be meant for the shell.
    assert!(busy().press("q c").commands.is_empty() && busy().press("q c l e a r").commands.is_empty());
    assert_eq!(busy().press("q c enter").commands, [Command::Cancel(Target::All), Command::Quit]);
    assert!(busy().press("q esc").ui.overlay.is_none());
}

#[test]
fn numbers_and_tab_switch_screens() {
    for (keys, screen) in [
        ("2", Screen::Launch),
        ("3", Screen::Monitor),
        ("3 1", Screen::Catalog),
        ("tab", Screen::Launch),
        ("tab tab tab", Screen::Catalog),
        ("backtab", Screen::Monitor),
        ("2 esc", Screen::Catalog),
        ("3 esc", Screen::Catalog),
        ("4", Screen::Trial),
        ("3 enter", Screen::Trial),
        ("3 enter esc", Screen::Monitor),
        ("enter q", Screen::Catalog),
        ("enter 3 4", Screen::Trial),
        ("enter 3 4 esc", Screen::Monitor),
    ] {
        assert_eq!(busy().press(keys).ui.screen, screen, "{keys}");
    }
}

#[test]
fn the_trial_under_the_cursor_is_opened_then_its_neighbors() {
    let dashboard = busy().press("j j enter");
    assert_eq!(dashboard.ui.trial.id, Some(id(2)));
    let dashboard = dashboard.press("l l J");
    assert_eq!((dashboard.ui.trial.id.clone(), dashboard.ui.trial.tab), (Some(id(3)), Tab::Clusters));
    let dashboard = dashboard.press("K K esc");
    assert_eq!((dashboard.ui.catalog.list.cursor, dashboard.ui.screen), (1, Screen::Catalog));
    assert_eq!(busy().press("enter h").ui.trial.tab, Tab::Paths);
}

#[test]
fn the_steps_of_a_walk_are_shown_one_by_one() {
    let at = |keys: &str| {
        let keys = format!("j j j j j j j j enter {keys}");
        let dashboard = Dashboard::new(fixture::opened(fixture::detail()), 80, 24).press(&keys);
        dashboard.ui.trial.step(dashboard.ui.opened(&dashboard.snapshot).unwrap()).map(|step| (step.walk, step.round))
    };
    // In the best walk, round 6 and every seventh edge round from round 9 on were not accepted.
    assert_eq!(at(""), None);
    assert_eq!(at(","), Some((0, 27)));
    assert_eq!(at("< . . ."), Some((0, 3)));
    assert_eq!(at("< , ."), Some((0, 1)));
    assert_eq!(at("< . . . . . ."), Some((0, 8)));
    assert_eq!(at(", , . . ."), None);
    assert_eq!(at("< >"), None);
    assert_eq!(at("w"), Some((1, 8)));
    assert_eq!(at("w ,"), Some((1, 5)));
    assert_eq!(at("w w"), None);
}

#[test]
fn the_cursor_stays_on_its_trial_while_the_list_changes() {
    let mut dashboard = busy().press("j j j");
    let mut rows = dashboard.snapshot.page.rows.clone();
    rows.rotate_right(5);
    dashboard.snapshot.page = Arc::new(fixture::page(rows));
    dashboard.take(Input::News);
    assert_eq!((dashboard.ui.catalog.list.cursor, dashboard.ui.catalog.selected.clone()), (8, Some(id(3))));
}

#[test]
fn a_filter_is_typed_applied_and_removed() {
    let dashboard = busy().press("j j /").write("task=4-2-5").press("backspace").write("4").press("enter");
    assert_eq!(dashboard.ui.query().filter, "task=4-2-4");
    assert_eq!(dashboard.ui.catalog.list.cursor, 0);
    assert_eq!(dashboard.press("esc").ui.query().filter, "");
    assert_eq!(busy().press("/").write("seed=1").press("esc").ui.query().filter, "");
    let mut dashboard = busy().press("/");
    dashboard.take(Input::Paste("seed<2\u{1b}\n".to_owned()));
    assert_eq!(dashboard.press("enter").ui.query().filter, "seed<2");
}

#[test]
fn a_wrong_filter_is_reported_and_can_be_corrected() {
    let dashboard = busy().press("/").write("color=red").press("enter");
    let Some(Overlay::Prompt(input)) = &dashboard.ui.overlay else { panic!("the prompt stays open") };
    assert!(input.problem.is_some());
    assert_eq!(dashboard.ui.query().filter, "");
    assert_eq!(dashboard.press("ctrl-u").write("seed=1").press("enter").ui.query().filter, "seed=1");
}

#[test]
fn an_experiment_is_chosen() {
    let dashboard = busy().press("e j j enter");
    assert_eq!(dashboard.ui.query().experiment.as_deref(), Some("figure-6"));
    assert_eq!(dashboard.press("e enter").ui.query().experiment, None);
}

#[test]
fn columns_are_sorted_reversed_and_reset() {
    let sorted = |keys: &str| busy().press(keys).ui.query().sort;
    let by = |descending| Sort::By { column: Column::Task, descending };
    assert_eq!(sorted("l s"), by(false));
    assert_eq!(sorted("l s s"), by(true));
    assert_eq!(sorted("l s s s"), Sort::Latest);
}

#[test]
fn work_is_paused_resumed_and_cancelled() {
    let first = || Target::Trial(id(0));
    assert_eq!(busy().press("p").commands, [Command::Pause(first())]);
    assert_eq!(busy().press("3 p").commands, [Command::Pause(first())]);
    assert_eq!(busy().press("j j j p").commands, [Command::Resume(Target::Trial(id(3)))]);
    assert!(busy().press("G p").commands.is_empty(), "a finished trial");
    assert!(busy().press("x").commands.is_empty());
    assert_eq!(busy().press("x enter").commands, [Command::Cancel(first())]);
    assert_eq!(busy().press("3 X y").commands, [Command::Cancel(Target::All)]);
    assert_eq!(busy().press("P").commands, [Command::Pause(Target::All)]);
    let run = fixture::busy().runs[0].id.clone();
    assert_eq!(busy().press("3 +").commands, [Command::Workers { run: run.clone(), workers: 3 }]);
    assert_eq!(busy().press("3 -").commands, [Command::Workers { run, workers: 1 }]);
}

#[test]
fn the_cursor_reaches_the_ends_of_100_000_trials() {
    let rows: Vec<_> = (0..424).map(fixture::row).collect();
    let page = Page { total: 100_000, ..fixture::page(rows.clone()) };
    let snapshot = Snapshot { page: Arc::new(page), ..fixture::busy() };
    let mut dashboard = Dashboard::new(snapshot, 80, 24).press("G");
    assert_eq!(dashboard.ui.catalog.list.cursor, 99_999);
    let query = dashboard.ui.query();
    assert!(query.offset > 99_000 && query.offset + query.limit >= 100_000);
    dashboard.snapshot.page = Arc::new(Page { query: Query { ..query }, total: 100_000, rows, groups: Vec::new() });
    dashboard.take(Input::News);
    assert_eq!(dashboard.press("g").ui.catalog.list.cursor, 0);
}

/// Two trials that are compared.
fn compared() -> Dashboard {
    let snapshot = Snapshot { compared: fixture::compared(), ..fixture::busy() };
    Dashboard::new(snapshot, 80, 24).press("j j j j j j j j m m c")
}

#[test]
fn marked_trials_are_compared() {
    let dashboard = busy().press("m j m");
    assert_eq!(dashboard.ui.catalog.marked, [id(0), id(2)]);
    assert!(dashboard.ui.compared().is_empty());
    let dashboard = dashboard.press("c");
    assert_eq!((dashboard.ui.screen, dashboard.ui.compared()), (Screen::Compare, vec![id(0), id(2)]));
    let dashboard = dashboard.press("esc K m");
    assert_eq!(dashboard.ui.screen, Screen::Catalog);
    assert_eq!(busy().press("m c").ui.screen, Screen::Catalog, "one is not enough");
    assert_eq!(busy().press("m m m m m m m c").ui.screen, Screen::Catalog, "too many");
    assert!(busy().press("m m M").ui.catalog.marked.is_empty());
    assert!(busy().press("m k m").ui.catalog.marked.is_empty());
}

#[test]
fn trials_are_tagged_noted_deleted_and_restored() {
    let tag = |trials, text: &str| Command::Tag { trials, change: text.parse().unwrap() };
    assert_eq!(busy().press("t").write("fast -slow").press("enter").commands, [tag(vec![id(0)], "fast -slow")]);
    let two = busy().press("m m t").write("odd").press("enter");
    assert_eq!(two.commands, [tag(vec![id(0), id(1)], "odd")]);
    assert!(busy().press("t enter").commands.is_empty());
    let wrong = busy().press("t").write("a\"b").press("enter");
    assert!(matches!(&wrong.ui.overlay, Some(Overlay::Prompt(prompt)) if prompt.problem.is_some()));
    let note = busy().press("j N").write("so clean").press("enter");
    assert_eq!(note.commands, [Command::Note { trials: vec![id(1)], text: "so clean".to_owned() }]);
    assert!(busy().press("D n").commands.is_empty());
    assert_eq!(busy().press("D y").commands, [Command::Delete(vec![id(0)])]);
    assert_eq!(busy().press("m m D y u").commands, [Command::Delete(vec![id(0), id(1)]), Command::Undelete]);
}

#[test]
fn ids_and_texts_are_copied() {
    assert_eq!(busy().press("j y").commands, [Command::Copy(id(1).to_string())]);
    let dashboard = Dashboard::new(fixture::opened(fixture::detail()), 80, 24).press("j j j j j j j j enter l l l l Y");
    let [Command::Copy(text)] = &dashboard.commands[..] else { panic!("{:?}", dashboard.commands) };
    assert!(text.contains("─ M1 ─") && text.contains("x1-x4") && text.ends_with('\n'), "{text}");
}

#[test]
fn groups_are_opened_and_left_again() {
    let mut dashboard = busy().press("b");
    assert_eq!(dashboard.ui.query().group, Some(Grouping::Task));
    dashboard.snapshot.page = Arc::new(fixture::groups(&dashboard.ui));
    dashboard.take(Input::News);
    let mut dashboard = dashboard.press("j enter");
    let within = Some((Grouping::Task, "4-2-4".to_owned()));
    assert_eq!((dashboard.ui.query().group, dashboard.ui.query().within), (None, within));
    dashboard.snapshot.page = busy().snapshot.page;
    let dashboard = dashboard.press("esc");
    assert_eq!((dashboard.ui.query().group, dashboard.ui.query().within), (Some(Grouping::Task), None));
    assert_eq!(dashboard.press("esc").ui.query().group, None);
    let by = |keys: &str| busy().press(keys).ui.query().group;
    assert_eq!([by("b b"), by("b b b"), by("b b b b")], [Some(Grouping::State), Some(Grouping::Experiment), None]);
}

/// A dashboard in the context, with something for every action to act on.
fn at(context: Context) -> Dashboard {
    match context {
        Context::Welcome => empty(),
        Context::Catalog => busy().press("j m m j l"),
        Context::Launch => busy().press("2 j"),
        Context::Monitor => busy().press("3 j"),
        Context::Trial => {
            Dashboard::new(fixture::opened(fixture::detail()), 80, 24).press("j j j j j j j j enter l j j j , ,")
        }
        Context::Compare => compared().press("j j j"),
        Context::Report => {
            let snapshot = Snapshot { report: Some(fixture::reported("figure-6").into()), ..fixture::busy() };
            Dashboard::new(snapshot, 80, 14).press("e j j r j j")
        }
        Context::Form => busy().press("2 j enter down down").write("0..3").press("left"),
        Context::Filter => busy().press("/").write("ab").press("left"),
        Context::Experiments => busy().press("e j"),
        Context::Help => busy().press("? j j"),
        Context::Confirm => busy().press("x"),
        Context::Quit => busy().press("q"),
    }
}

#[test]
fn a_report_is_of_the_experiment_in_question() {
    let of = |dashboard: &Dashboard| dashboard.ui.report_request().map(|request| (request.experiment, request.attempt));
    let wanted = |name: &str, time| Some((name.to_owned(), time));
    let chosen = busy().press("e j j r");
    assert_eq!((chosen.ui.screen, of(&chosen)), (Screen::Report, wanted("figure-6", 0)));
    // It is refreshed, and only requested while it is shown.
    let again = chosen.press("r");
    assert_eq!(of(&again), wanted("figure-6", 1));
    let left = again.press("esc");
    assert_eq!((left.ui.screen, of(&left)), (Screen::Catalog, None));
    assert_eq!(of(&left.press("6")), wanted("figure-6", 1));
    assert_eq!(of(&busy().press("e j enter r")), wanted("quickstart", 0), "the one whose trials are shown");
    let trial = busy().press("j j r");
    let row = trial.snapshot.page.row(2).unwrap().experiments.first().cloned();
    assert_eq!(of(&trial).map(|(name, _)| name), row, "that of the trial under the cursor");
    let none = busy().press("e r");
    assert!(none.ui.screen == Screen::Catalog && none.ui.message.is_some(), "all trials are not an experiment");
}

/// The same at the other end of a list of two, which has no middle.
fn at_the_other_end(context: Context) -> Option<Dashboard> {
    match context {
        Context::Welcome => Some(empty().press("j")),
        Context::Launch => Some(busy().press("2")),
        Context::Monitor => Some(busy().press("3")),
        _ => None,
    }
}

#[test]
fn every_key_of_the_table_reaches_something() {
    for binding in keys::bindings() {
        for (context, key) in binding.contexts.iter().flat_map(|at| binding.keys.iter().map(move |key| (*at, key))) {
            let key = names::parse(if matches!(binding.action, Action::Preset(_)) { "a" } else { key }).unwrap();
            let moves = |mut dashboard: Dashboard| {
                let before = dashboard.ui.clone();
                assert_eq!(before.context(&dashboard.snapshot), context);
                dashboard.take(Input::Key(key));
                dashboard.ui != before || !dashboard.commands.is_empty()
            };
            let moved = moves(at(context)) || at_the_other_end(context).is_some_and(moves);
            // A key that leads to a screen has no effect on that screen, and only there.
            assert_eq!(moved, !is_there(context, binding.action), "{} in {context:?}", binding.keys.join(" "));
        }
    }
}

/// Does the key lead to the screen that is already shown?
fn is_there(context: Context, action: Action) -> bool {
    matches!(
        (context, action),
        (Context::Welcome | Context::Catalog, Action::GoCatalog)
            | (Context::Launch, Action::GoLaunch)
            | (Context::Monitor, Action::GoMonitor)
            | (Context::Trial, Action::GoTrial)
            | (Context::Compare, Action::GoCompare)
            | (Context::Report, Action::GoReport)
    )
}
