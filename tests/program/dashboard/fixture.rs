//! Made-up catalogs.

use std::sync::Arc;

use neural_sculpting::analysis::criteria::by_name;
use neural_sculpting::analysis::paths::{PathAnalysis, PathSettings, analyze};
use neural_sculpting::catalog::{
    About, Completion, FORMAT, Failure, Point, Progress, Specification, State, Times, Trial, TrialGroup, TrialId,
    TrialResult, TrialRow, Utc, Verdict,
};
use neural_sculpting::detect::{DetectionSettings, detect};
use neural_sculpting::experiment::details::{Clustered, TrialDetails};
use neural_sculpting::experiment::launch_request::LaunchRequest;
use neural_sculpting::network::{Condensed, Mask, Network};
use neural_sculpting::prune::{Grid, Plan, Required, RoundRecord, SparseNetwork, Stages, Trajectory, WalkRecord};
use neural_sculpting::report::certificate::sentences;
use neural_sculpting::report::experiment::Report;
use neural_sculpting::report::experiment::cells::{Cell, Rate, Vote};
use neural_sculpting::report::experiment::paper::PaperCount;
use neural_sculpting::task::builtin;
use neural_sculpting::train::{Accuracy, EngineChoice, Epoch, Hyperparameters, Stage};
use neural_sculpting::tui::loaded_report::{LoadedReport, ReportRequest};
use neural_sculpting::tui::snapshot::{
    Event, Experiment, Forecast, Live, Moment, OpenedTrial, Page, Preset, Query, Run, Snapshot, Step, Totals,
};
use neural_sculpting::tui::state::UiState;

/// The id of the trial with this number.
pub fn id(number: u64) -> TrialId {
    let hash = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{hash:016x}{:04x}", number & 0xffff).parse().unwrap()
}

/// A finished trial.
pub fn row(number: u64) -> TrialRow {
    let (task, arch) = match number % 4 {
        0 => ("4-1-2-16", "4,24,24,16"),
        1 => ("4-2-4", "4,24,4"),
        2 => ("6-3-3-3", "6,36,36,36,3"),
        _ => ("4-1-4", "4,48,48,4"),
    };
    TrialRow {
        id: id(number),
        status: State::Finished,
        task: task.to_owned(),
        architecture: arch.parse().unwrap(),
        seed: number / 4,
        accuracy: Some(1.0),
        density: Some(0.0262 + 0.001 * number as f64),
        edges: Some(28 + number),
        hidden_units: Some(5),
        p_u: Some(15.0),
        p_e: Some(1.5),
        rounds: Some(812),
        wall_s: Some(41.3 + 50.0 * number as f64),
        cpu_s: None,
        module_count: Some(3),
        true_modules: Some(number % 5 != 2),
        experiments: vec![if number % 4 == 1 { "quickstart" } else { "figure-6" }.to_owned()],
        tags: if number == 9 { vec!["favorite".to_owned()] } else { Vec::new() },
        note: String::new(),
        learning_rate: 0.05,
        batch_size: 8,
        epochs: 20,
        stages: Stages::UnitEdge,
        engine: EngineChoice::BurnNdarray,
        created: Utc::from_millisecond(1_795_360_933_120),
    }
}

fn unfinished(number: u64, status: State) -> TrialRow {
    let begun = !matches!(status, State::Queued);
    TrialRow {
        status,
        accuracy: begun.then_some(0.984_375),
        density: begun.then_some(0.41),
        edges: begun.then_some(433),
        hidden_units: begun.then_some(31),
        rounds: begun.then_some(97),
        wall_s: begun.then_some(8.25),
        module_count: None,
        true_modules: None,
        ..row(number)
    }
}

pub fn presets() -> Arc<Vec<Preset>> {
    let preset = |name: &str, title: &str, description: &str, trials, done, seconds| Preset {
        name: name.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        hyperparameters: String::new(),
        trials,
        at_first: trials,
        done,
        seconds: Some(seconds),
    };
    Arc::new(vec![
        preset(
            "quickstart",
            "Quick start",
            "Two tasks of the paper, one trial each: separable sub-functions, and a reused one.",
            2,
            0,
            62.0,
        ),
        preset(
            "figure-6",
            "Figure 6: success rates of the four validation graphs",
            "Function graphs with input separable, reused, both and no sub-functions; depths 1 to 3, widths 24, 36 and \
             48, seeds 0, 1, 2 and 5, the paper's grid. Dense networks that miss 100% end as untrained.",
            144,
            12,
            11_200.0,
        ),
    ])
}

/// What figure 6 with ten seeds amounts to.
pub fn forecast(request: LaunchRequest) -> Forecast {
    Forecast {
        request,
        trials: 360,
        at_first: 360,
        done: 12,
        seconds: 27_400.0,
        bytes: 31_000_000,
        workers: 2,
        depths: "1-3".to_owned(),
        widths: "24,36,48".to_owned(),
        seeds: "0-9".to_owned(),
        grid: "84 walks per trial".to_owned(),
        hyperparameters: "hyperparameters by the paper's rule, 30 of 36 searches to do".to_owned(),
        problem: None,
    }
}

/// An empty catalog.
pub fn empty() -> Snapshot {
    Snapshot {
        loaded: true,
        catalog: "/home/ada/.local/share/neural-sculpting".to_owned(),
        presets: presets(),
        ..Snapshot::default()
    }
}

/// A catalog with two running trials, a queued one, and others in every state.
pub fn busy() -> Snapshot {
    let mut rows: Vec<TrialRow> = vec![
        unfinished(0, State::Running),
        unfinished(1, State::Running),
        unfinished(2, State::Queued),
        unfinished(3, State::Paused),
        unfinished(4, State::Failed),
        unfinished(5, State::Stale),
        unfinished(6, State::Cancelled),
        TrialRow {
            status: State::Untrained,
            accuracy: Some(0.9375),
            module_count: None,
            true_modules: Some(false),
            ..row(7)
        },
    ];
    rows.extend((8..48).map(row));
    Snapshot {
        totals: totals(&rows),
        experiments: Arc::new(vec![
            Experiment { name: "quickstart".to_owned(), trials: 2, done: 0 },
            Experiment { name: "figure-6".to_owned(), trials: 144, done: 41 },
        ]),
        page: Arc::new(page(rows)),
        runs: vec![Run {
            id: "20261122T152213.123Z-9f3a61c0".to_owned(),
            name: "quickstart".to_owned(),
            trials: 3,
            done: 0,
            running: 2,
            workers: 2,
            pid: 4242,
            host: None,
            note: String::new(),
        }],
        live: vec![live(0), live(1)],
        events: vec![
            event(1, "15:22:13", State::Running, "4-2-4, seed 0: training"),
            event(0, "15:22:14", State::Running, "4-1-2-16, seed 0: training"),
            event(4, "15:23:40", State::Failed, "4-1-2-16, seed 1: failed, press p to resume: the disk is full"),
        ],
        ..empty()
    }
}

pub fn page(rows: Vec<TrialRow>) -> Page {
    let query = UiState::new(80, 24).query();
    Page { query: Query { limit: 424, ..query }, total: rows.len() as u64, rows, groups: Vec::new() }
}

pub fn totals(rows: &[TrialRow]) -> Totals {
    let mut totals = Totals::default();
    for row in rows {
        let index = State::ALL.iter().position(|&state| state == row.status).unwrap();
        totals.0[index] += 1;
    }
    totals
}

fn event(number: u64, time: &str, state: State, text: &str) -> Event {
    Event { time: time.to_owned(), id: id(number), state, text: text.to_owned() }
}

fn live(number: u64) -> Live {
    let edge = number == 0;
    let progress = Progress {
        stage: if edge { Stage::Edge } else { Stage::Unit },
        p_u: Some(15.0),
        p_e: edge.then_some(1.5),
        walk: if edge { 14 } else { 1 },
        round: 9,
        p: 86.5,
        accuracy: if edge { 1.0 } else { 0.984_375 },
        loss: 0.003,
        density: 0.1123,
        units: 12,
        edges: 119,
        rounds_done: 97 + number,
        fraction: 0.168,
        eta_s: Some(43.0),
        updated: Utc::from_millisecond(1_795_360_933_120),
        recent: recent(),
        ..Progress::new(84)
    };
    let row = TrialRow { experiments: vec!["quickstart".to_owned()], ..unfinished(number, State::Running) };
    Live { row, progress: Some(progress) }
}

/// Two concurrent walks, in which density falls and the loss jumps now and then.
fn recent() -> Vec<Point> {
    (0..60_u32)
        .map(|step| {
            let round = f64::from(step / 2);
            let loss = if step % 14 > 11 { 0.2 } else { 0.003 * (1.0 + round / 5.0) };
            let pace = if step % 2 == 0 { 8.0 } else { 14.0 };
            Point { accuracy: 1.0, density: (-round / pace).exp(), loss, walk: 13 + u64::from(step % 2) }
        })
        .collect()
}

/// The trial in [`opened`]: a sub-function of all inputs that feeds two others.
pub fn detail() -> OpenedTrial {
    let architecture = "4,24,24,16".parse().unwrap();
    let plan = Plan {
        architecture,
        seed: 2,
        hyperparameters: Hyperparameters {
            learning_rate: 0.05,
            batch_size: 8,
            epochs: 20,
            weight_decay: 1e-4,
            noise: 0.1,
            patience: None,
        },
        stages: Stages::UnitEdge,
        grid: Grid::paper(),
        required: Required::Perfect,
        regrow: false,
    };
    let network = Condensed::new(&sparse(&plan));
    let paths = Some(weighed(&sparse(&plan)));
    let detection = detect(&network, &DetectionSettings::default());
    let names = |prefix: &str, count| (1..=count).map(|number| format!("{prefix}{number}")).collect();
    let details = TrialDetails {
        trial: Trial {
            format: FORMAT,
            id: id(8),
            specification: Specification {
                format: FORMAT,
                task: "ab12".to_owned(),
                plan,
                engine: EngineChoice::BurnNdarray,
            },
            about: About {
                task: "4-1-2-16".to_owned(),
                inputs: names("x", 4),
                outputs: names("y", 16),
                kernel: "avx512".to_owned(),
                program: "0.1.0".to_owned(),
                created: Utc::from_millisecond(1_795_360_933_120),
                host: "nimbus".to_owned(),
                shape: None,
                data: None,
                truth: None,
            },
        },
        row: TrialRow {
            tags: vec!["favorite".to_owned()],
            note: "the cleanest of them".to_owned(),
            edges: Some(34),
            density: Some(0.0322),
            ..row(8)
        },
        chosen: None,
        result: Some(result()),
        times: Some(Times {
            wall_s: 41.3,
            cpu_s: 80.2,
            sessions: 1,
            started: Utc::from_millisecond(1_795_360_933_120),
            finished: None,
        }),
        progress: None,
        failure: None,
        verdict: Some(Verdict {
            settings: "0123456789ab".to_owned(),
            module_count: detection.module_count as u64,
            true_modules: Some(true),
            criterion: "hidden-units".to_owned(),
            purity: None,
        }),
        detection: Some((DetectionSettings::default(), detection.clone())),
        walks: walks(),
    };
    OpenedTrial {
        certificate: sentences(&detection, &builtin::get("4-1-2-16").unwrap()),
        network: Some(network),
        paths,
        details,
    }
}

fn result() -> TrialResult {
    TrialResult {
        format: TrialResult::FORMAT,
        status: Completion::Finished,
        kernel: "avx512".to_owned(),
        accuracy: 1.0,
        loss: 0.000_321,
        density: 0.0322,
        edges: 34,
        hidden_units: 5,
        weights_dense: 1056,
        p_u: Some(15.0),
        p_e: Some(1.5),
        rounds: 812,
        walks: 84,
        required_accuracy: 1.0,
        module_count: Some(3),
        classes_right: None,
    }
}

/// The reader's answer for round 3 of the best walk: two units that all inputs feed, and every edge after them.
pub fn moment() -> Moment {
    let detail = detail();
    let plan = detail.plan();
    let layers = plan.architecture.matrices().enumerate().map(|(layer, (outputs, inputs))| {
        let alive = |unit: usize| unit % 8 == 3 || layer == 0;
        (0..outputs * inputs)
            .map(|weight| alive(weight % inputs) && (layer == 2 || (weight / inputs) % 8 == 3))
            .collect()
    });
    let network = Condensed::new(&Mask::from_layers(&plan.architecture, layers.collect()));
    let detection = detect(&network, &detail.settings());
    Moment { id: id(8), step: Step { walk: 0, round: 3 }, clustered: Some(Clustered { network, detection }) }
}

/// The path analysis of made-up weights on the edges of a mask.
pub fn weighed(mask: &Mask) -> PathAnalysis {
    let mut network = Network::zeros(mask.architecture());
    for (layer, weights) in network.weights.iter_mut().enumerate() {
        for (place, weight) in weights.iter_mut().enumerate().filter(|(place, _)| mask.layer(layer)[*place]) {
            *weight = 0.5 + (place % 7) as f32 / 4.0;
        }
    }
    network.mask = mask.clone();
    let groups = vec!["1,2:1,3".parse().unwrap()];
    analyze(&network, &PathSettings { groups, ..PathSettings::default() }).unwrap()
}

/// All inputs into three units, these into two, each of those into every other output.
fn sparse(plan: &Plan) -> Mask {
    let mut layers: Vec<Vec<bool>> =
        plan.architecture.matrices().map(|(outputs, inputs)| vec![false; outputs * inputs]).collect();
    for unit in [7, 12, 16] {
        for input in 0..4 {
            layers[0][unit * 4 + input] = true;
        }
        for later in [3, 21] {
            layers[1][later * 24 + unit] = true;
        }
    }
    for output in 0..16 {
        layers[2][output * 24 + if output % 2 == 0 { 3 } else { 21 }] = true;
    }
    Mask::from_layers(&plan.architecture, layers)
}

/// An evaluation with this many of 16 output bits correct.
fn epoch(right: u64) -> Epoch {
    Epoch { epoch: 20, accuracy: Accuracy { right, of: 16 }, loss: 0.004_2 }
}

fn rounds() -> Vec<RoundRecord> {
    let round = |stage, p, accepted, hidden_units, edges| RoundRecord {
        stage,
        p,
        accepted,
        best: Some(epoch(if accepted { 16 } else { 15 })),
        engine: None,
        hidden_units,
        edges,
    };
    let mut rounds = vec![round(Stage::Dense, 0.0, true, 48, 1056)];
    rounds
        .extend((1..=6).map(|step| round(Stage::Unit, 15.0 * step as f64, step < 6, 48 - 7 * step, 1056 / (step + 1))));
    rounds.push(RoundRecord { best: None, ..round(Stage::Unit, 97.5, false, 13, 150) });
    rounds.push(round(Stage::Retrain, 0.0, true, 13, 150));
    rounds.extend((1..=20).map(|step| round(Stage::Edge, 80.0 + step as f64 * 0.75, step % 7 != 0, 6, 150 - 5 * step)));
    rounds
}

/// The walks of the grid, with the trajectories of the best one and of a near-best one.
fn walks() -> Vec<WalkRecord> {
    let (grid, network) = (Grid::paper(), SparseNetwork::new(&Network::zeros(&"4,24,24,16".parse().unwrap())));
    let steps = grid.p_u.iter().flat_map(|&p_u| [None, Some(0.5), Some(1.5)].map(|p_e| (p_u, p_e)));
    steps
        .map(|(p_u, p_e)| WalkRecord {
            p_u: Some(p_u),
            p_e,
            best: epoch(16),
            edges: if p_e.is_some() { 34 + (p_u - 15.0).abs() as usize } else { 180 },
            hidden_units: 6,
            rounds: 11,
            burn_rounds: 0,
            network: network.clone(),
            trajectory: match (p_u, p_e) {
                (15.0, Some(1.5)) => Some(Trajectory { rounds: rounds(), gone: Vec::new() }),
                (20.0, Some(0.5)) => Some(Trajectory { rounds: rounds()[..9].to_vec(), gone: Vec::new() }),
                _ => None,
            },
        })
        .collect()
}

/// A trial that failed.
pub fn failed() -> OpenedTrial {
    let mut details = detail().details;
    (details.trial.id, details.trial.specification.plan.seed) = (id(4), 1);
    let TrialRow { tags, note, .. } = details.row;
    details.row = TrialRow { tags, note, ..unfinished(4, State::Failed) };
    (details.result, details.verdict, details.detection) = (None, None, None);
    details.walks = Vec::new();
    details.failure = Some(Failure {
        message: "the disk is full".to_owned(),
        place: "edge walk 14, round 9".to_owned(),
        run: None,
        utc: Utc::from_millisecond(0),
    });
    OpenedTrial { details, network: None, certificate: Vec::new(), paths: None }
}

/// The catalog grouped by task.
pub fn groups(ui: &UiState) -> Page {
    let group = |name: &str, finished, running, successes| {
        let mut states = [0; State::ALL.len()];
        for (count, state) in states.iter_mut().zip(State::ALL) {
            *count = match state {
                State::Finished => finished,
                State::Running => running,
                _ => 0,
            };
        }
        TrialGroup {
            name: name.to_owned(),
            states,
            judged: finished,
            successes,
            least_density: (finished > 0).then_some(0.0262),
        }
    };
    let groups = vec![group("4-1-2-16", 12, 1, 11), group("4-2-4", 4, 1, 2), group("6-3-3-3", 0, 0, 0)];
    Page { query: ui.query(), total: 3, rows: Vec::new(), groups }
}

/// Marked trials: the opened one, and one from another seed whose inputs all lead to all outputs.
pub fn compared() -> Vec<Arc<TrialDetails>> {
    let first = TrialDetails { walks: Vec::new(), ..detail().details };
    let mut second = first.clone();
    (second.trial.id, second.row.id, second.row.seed) = (id(9), id(9), 5);
    second.trial.specification.plan.seed = 5;
    second.trial.specification.plan.hyperparameters.learning_rate = 0.01;
    second.detection = Some((DetectionSettings::default(), moment().clustered.unwrap().detection));
    second.result = second.result.map(|result| TrialResult { edges: 66, density: 0.0625, ..result });
    vec![Arc::new(first), Arc::new(second)]
}

/// The busy catalog with one trial opened.
pub fn opened(detail: OpenedTrial) -> Snapshot {
    Snapshot { opened: Some(Arc::new(detail)), ..busy() }
}

/// The first report of an experiment with one cell.
pub fn reported(experiment: &str) -> LoadedReport {
    let paper = Some(PaperCount { successes: Some(11), of: 12 });
    let vote = Vote {
        right: true,
        tied: 1,
        share: 0.52,
        interval: (0.46, 0.58),
        runner_up_share: 0.2,
        runner_up: None,
        trials: 253,
        edges: 31,
        structure: "x1-x4 > y1,y3..y15 + y2,y4..y16".to_owned(),
        certified: Some(true),
    };
    let cell = Cell {
        figure: Some("6"),
        task: "4-1-2-16".to_owned(),
        depth: Some(3),
        criterion: &by_name("4-1-2-16")[0],
        tuned: None,
        trials: 300,
        untrained: 47,
        missing: 0,
        sparsest_right: None,
        sparsest_wrong: None,
        units: None,
        blind: Rate::new(140, 300, paper),
        published_rule: Rate::new(151, 300, paper),
        vote: Some(vote),
        drawn: None,
        paper,
        edges: Some(32.0),
        published_edges: Some(32.0),
    };
    let report = Report {
        name: experiment.to_owned(),
        title: Some("Figure 6".to_owned()),
        about: Some("The four validation graphs: separable, reused, both, and neither".to_owned()),
        figure: Some("6"),
        done: 300,
        missing: 0,
        seeds: Vec::new(),
        hyperparameters: Vec::new(),
        accepted: (25_200, Some(25_200)),
        vote_of: None,
        repeated: 0,
        cells: vec![cell],
        weights: Vec::new(),
        settings: Vec::new(),
        problems: Vec::new(),
    };
    let request = ReportRequest { experiment: experiment.to_owned(), attempt: 0 };
    LoadedReport { request, read: 300, total: 300, result: Some(Ok(Arc::new(report))) }
}
