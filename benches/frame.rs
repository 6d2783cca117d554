//! Drawing one frame of every dashboard screen at 200x60.

#![allow(clippy::pedantic)] // pedantic lints are for the program, not for its tests

use criterion::{Criterion, criterion_group, criterion_main};
use neural_sculpting::tui::snapshot::Snapshot;
use neural_sculpting::tui::theme::Theme;
use neural_sculpting::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[path = "../tests/program/dashboard/drive.rs"]
#[allow(dead_code)]
mod drive;
#[path = "../tests/program/dashboard/fixture.rs"]
#[allow(dead_code)]
mod fixture;

use drive::Dashboard;

fn frames(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame");
    for (name, keys) in [
        ("catalog", ""),
        ("catalog, in groups", "b"),
        ("catalog, experiments", "e"),
        ("launch", "2"),
        ("launch, form", "2 j enter"),
        ("monitor", "3"),
        ("overview", "j j j j j j j j enter"),
        ("rounds", "j j j j j j j j enter l"),
        ("clusters", "j j j j j j j j enter l l"),
        ("modularity", "j j j j j j j j enter l l l"),
        ("hierarchy", "j j j j j j j j enter l l l l"),
        ("network", "j j j j j j j j enter l l l l l"),
        ("structure", "j j j j j j j j enter l l l l l l"),
        ("compare", "m m c"),
        ("report", "e j j r"),
        ("help", "?"),
        ("question", "x"),
    ] {
        let report = Some(fixture::reported("figure-6").into());
        let snapshot = Snapshot { compared: fixture::compared(), report, ..fixture::opened(fixture::detail()) };
        let mut dashboard = Dashboard::new(snapshot, 200, 60).press(keys);
        if dashboard.ui.catalog.group.is_some() {
            dashboard.snapshot.page = fixture::groups(&dashboard.ui).into();
        }
        dashboard.snapshot.forecast = dashboard.ui.launch_request().map(|asked| fixture::forecast(asked).into());
        let mut terminal = Terminal::new(TestBackend::new(200, 60)).unwrap();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let draw = |frame: &mut ratatui::Frame<'_>| {
                    view::draw(frame, &dashboard.snapshot, &dashboard.ui, Theme::unicode());
                };
                terminal.draw(draw).unwrap();
            });
        });
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
