//! Each screen at 80x24 and 120x40, in color and in ASCII without color.

use neural_sculpting::report::pixels::Style;
use neural_sculpting::tui::loaded_report::LoadedReport;
use neural_sculpting::tui::snapshot::{Forecast, Run, Snapshot};
use neural_sculpting::tui::theme::Theme;

use super::drive::{Dashboard, styles, text};
use super::{fixture, image_fixture};

/// Draws `dashboard(columns, rows)` in both sizes and both themes, and compares with the snapshots.
fn check(name: &str, dashboard: impl Fn(u16, u16) -> Dashboard) {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let dashboard = dashboard(columns, rows);
        let color = dashboard.buffer(Theme::unicode());
        let plain = dashboard.screen(Theme::ascii());
        assert!(plain.is_ascii(), "{name} is not ASCII:\n{plain}");
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), format!("{}\n{}", text(&color), styles(&color)));
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}_ascii"), plain);
    }
}

#[test]
fn welcome() {
    check("welcome", |columns, rows| Dashboard::new(fixture::empty(), columns, rows));
}

#[test]
fn catalog() {
    check("catalog", |columns, rows| Dashboard::new(fixture::busy(), columns, rows).press("j j j"));
}

#[test]
fn catalog_in_groups() {
    check("catalog_in_groups", |columns, rows| {
        let mut dashboard = Dashboard::new(fixture::busy(), columns, rows).press("b j");
        dashboard.snapshot.page = fixture::groups(&dashboard.ui).into();
        dashboard
    });
}

#[test]
fn catalog_while_it_is_read() {
    check("catalog_while_it_is_read", |columns, rows| {
        let snapshot = Snapshot { reading: Some((34_000, 100_000)), ..Snapshot::default() };
        Dashboard::new(snapshot, columns, rows)
    });
}

#[test]
fn marks_and_a_note() {
    check("marks_and_a_note", |columns, rows| {
        Dashboard::new(fixture::busy(), columns, rows).press("j m m N").write("so clean")
    });
}

#[test]
fn compare() {
    check("compare", |columns, rows| {
        let snapshot = Snapshot { compared: fixture::compared(), ..fixture::busy() };
        Dashboard::new(snapshot, columns, rows).press("m m c")
    });
}

#[test]
fn report() {
    check("report", |columns, rows| {
        let snapshot = Snapshot { report: Some(fixture::reported("figure-6").into()), ..fixture::busy() };
        Dashboard::new(snapshot, columns, rows).press("e j j r")
    });
}

#[test]
fn report_while_trials_are_read() {
    check("report_while_trials_are_read", |columns, rows| {
        let reported = LoadedReport { read: 90, total: 144, result: None, ..fixture::reported("figure-6") };
        let snapshot = Snapshot { report: Some(reported.into()), ..fixture::busy() };
        Dashboard::new(snapshot, columns, rows).press("e j j r")
    });
}

#[test]
fn filter() {
    check("filter", |columns, rows| {
        Dashboard::new(fixture::busy(), columns, rows).press("/").write("task=4-2-4 density<0.05")
    });
}

#[test]
fn experiments() {
    check("experiments", |columns, rows| Dashboard::new(fixture::busy(), columns, rows).press("e j"));
}

#[test]
fn launch() {
    check("launch", |columns, rows| Dashboard::new(fixture::busy(), columns, rows).press("2 j"));
}

#[test]
fn launch_question() {
    check("launch_question", |columns, rows| {
        let mut dashboard = Dashboard::new(fixture::empty(), columns, rows).press("b down down").write("0..9");
        let request = dashboard.ui.launch_request().unwrap();
        dashboard.snapshot.forecast = Some(fixture::forecast(request).into());
        dashboard
    });
}

#[test]
fn launch_with_an_error() {
    check("launch_with_an_error", |columns, rows| {
        let mut dashboard = Dashboard::new(fixture::empty(), columns, rows).press("b").write("deep");
        let request = dashboard.ui.launch_request().unwrap();
        let problem = Some("`deep` is not a depth; write a list such as 1,2 or a range such as 1..3".to_owned());
        dashboard.snapshot.forecast = Some(Forecast { request, problem, ..Forecast::default() }.into());
        dashboard
    });
}

#[test]
fn monitor() {
    check("monitor", |columns, rows| Dashboard::new(fixture::busy(), columns, rows).press("3"));
}

#[test]
fn monitor_of_nothing() {
    check("monitor_of_nothing", |columns, rows| Dashboard::new(fixture::empty(), columns, rows).press("3"));
}

#[test]
fn a_search_for_hyperparameters_is_shown() {
    let mut snapshot = fixture::empty();
    let note = "searching for hyperparameters, 12 of 36 found".to_owned();
    snapshot.runs.push(Run {
        name: "figure-6".to_owned(),
        trials: 0,
        running: 0,
        note,
        ..fixture::busy().runs.remove(0)
    });
    let screen = Dashboard::new(snapshot, 80, 24).press("3").screen(Theme::ascii());
    assert!(screen.contains("figure-6: searching for hyperparameters, 12 of 36 found"), "{screen}");
    assert!(!screen.contains("Nothing is running"), "{screen}");
}

#[test]
fn quit_question() {
    check("quit_question", |columns, rows| Dashboard::new(fixture::busy(), columns, rows).press("3 q"));
}

#[test]
fn help() {
    check("help", |columns, rows| Dashboard::new(fixture::busy(), columns, rows).press("?"));
}

/// The dashboard with trial 8 opened, on the tab that `keys` lead to.
fn trial(columns: u16, rows: u16, keys: &str) -> Dashboard {
    let keys = format!("j j j j j j j j enter {keys}");
    Dashboard::new(fixture::opened(fixture::detail()), columns, rows).press(&keys)
}

#[test]
fn trial_overview() {
    check("trial_overview", |columns, rows| trial(columns, rows, ""));
}

#[test]
fn trial_rounds() {
    check("trial_rounds", |columns, rows| trial(columns, rows, "l"));
}

#[test]
fn trial_clusters() {
    check("trial_clusters", |columns, rows| trial(columns, rows, "l l"));
}

#[test]
fn trial_modularity() {
    check("trial_modularity", |columns, rows| trial(columns, rows, "l l l"));
}

#[test]
fn trial_hierarchy() {
    check("trial_hierarchy", |columns, rows| trial(columns, rows, "l l l l"));
}

#[test]
fn trial_network() {
    check("trial_network", |columns, rows| trial(columns, rows, "l l l l l"));
}

#[test]
fn trial_network_at_a_step() {
    check("trial_network_at_a_step", |columns, rows| {
        let mut dashboard = trial(columns, rows, "l l l l l < . . .");
        dashboard.snapshot.moment = Some(fixture::moment().into());
        dashboard
    });
}

#[test]
fn trial_paths() {
    check("trial_paths", |columns, rows| trial(columns, rows, "l l l l l l"));
}

/// The dashboard with a trial on pairs of images opened, on the tab that `keys` lead to.
fn image(columns: u16, rows: u16, keys: &str) -> Dashboard {
    let keys = format!("j j j j j j j j enter {keys}");
    Dashboard::new(fixture::opened(image_fixture::detail("1568,24,24,20")), columns, rows).press(&keys)
}

#[test]
fn image_overview() {
    check("image_overview", |columns, rows| image(columns, rows, ""));
}

#[test]
fn image_clusters() {
    check("image_clusters", |columns, rows| image(columns, rows, "l l"));
}

#[test]
fn image_hierarchy() {
    check("image_hierarchy", |columns, rows| image(columns, rows, "l l l l"));
}

#[test]
fn image_network() {
    check("image_network", |columns, rows| image(columns, rows, "l l l l l"));
}

#[test]
fn image_network_at_a_step() {
    check("image_network_at_a_step", |columns, rows| {
        let mut dashboard = image(columns, rows, "l l l l l < . . .");
        let opened = dashboard.snapshot.opened.as_deref().unwrap();
        dashboard.snapshot.moment = Some(image_fixture::moment(opened, 1).into());
        dashboard
    });
}

#[test]
fn image_of_many_modules() {
    check("image_of_many_modules", |columns, rows| {
        let mut dashboard = image(columns, rows, "l l < . . .");
        let opened = dashboard.snapshot.opened.as_deref().unwrap();
        dashboard.snapshot.moment = Some(image_fixture::shattered(opened).into());
        dashboard
    });
}

#[test]
fn image_paths() {
    check("image_paths", |columns, rows| image(columns, rows, "l l l l l l"));
}

#[test]
fn the_end_of_a_map_can_be_scrolled_to() {
    let mut dashboard = image(80, 24, "l l G");
    let blocks = dashboard.ui.trial.scroll;
    dashboard.ui.pixels = Style::Letters;
    let dashboard = dashboard.press("G");
    assert_eq!(dashboard.ui.trial.scroll, blocks + 14, "letters are twice as tall");
    let screen = dashboard.screen(Theme { palette: None, ..Theme::unicode() });
    assert!(screen.contains("M3"), "{screen}");
}

#[test]
fn trial_that_failed() {
    check("trial_that_failed", |columns, rows| {
        Dashboard::new(fixture::opened(fixture::failed()), columns, rows).press("j j j j enter")
    });
}

#[test]
fn the_smallest_terminal() {
    let sizes = |name: &str, dashboard: Dashboard| {
        insta::assert_snapshot!(format!("smallest_{name}"), dashboard.screen(Theme::unicode()));
    };
    sizes("welcome", Dashboard::new(fixture::empty(), 20, 5));
    sizes("catalog", Dashboard::new(fixture::busy(), 20, 5));
    sizes("launch", Dashboard::new(fixture::busy(), 20, 5).press("2"));
    sizes("monitor", Dashboard::new(fixture::busy(), 20, 5).press("3"));
    sizes("trial", trial(20, 5, ""));
    sizes("help", Dashboard::new(fixture::busy(), 20, 5).press("?"));
    sizes("quit", Dashboard::new(fixture::busy(), 20, 5).press("q"));
}
