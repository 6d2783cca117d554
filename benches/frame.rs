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

#[path = "../tests/program/dashboard/image_fixture.rs"]
#[allow(dead_code)]
mod image_fixture;

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
    images(criterion);
}

/// A trial on pairs of images, 1,568 inputs: its best network, a dense one, and one whose units are modules of their own.
fn images(criterion: &mut Criterion) {
    let detail = image_fixture::detail("1568,392,392,20");
    let moments = [
        ("best", "", None),
        ("dense", " < . . .", Some(image_fixture::moment(&detail, usize::MAX))),
        ("shattered", " < . . .", Some(image_fixture::shattered(&detail))),
    ];
    let snapshot = fixture::opened(detail);
    let mut group = criterion.benchmark_group("frame of 1,568 inputs");
    let tabs = ["overview", "rounds", "clusters", "modularity", "hierarchy", "network", "paths"];
    for (name, step, moment) in moments {
        for (number, tab) in tabs.iter().enumerate() {
            let keys = format!("j j j j j j j j enter {}{step} j", "l ".repeat(number));
            let snapshot = Snapshot { moment: moment.clone().map(Into::into), ..snapshot.clone() };
            let dashboard = Dashboard::new(snapshot, 200, 60).press(&keys);
            let mut terminal = Terminal::new(TestBackend::new(200, 60)).unwrap();
            group.bench_function(format!("{name}, {tab}"), |bencher| {
                bencher.iter(|| {
                    let draw = |frame: &mut ratatui::Frame<'_>| {
                        view::draw(frame, &dashboard.snapshot, &dashboard.ui, Theme::unicode());
                    };
                    terminal.draw(draw).unwrap();
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
