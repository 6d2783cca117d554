//! Made-up trials, counted by hand.

use std::sync::Arc;

use super::cell_trials::by_cell;
use super::cells::{Cell, Rate, cells, median};
use super::line::lines;
use super::paper::PaperCount;
use super::settings::{self, SettingsCell};
use super::trials::{Finished, Near, ReportTrial, TrialOutcome, Weights};
use super::{Report, ReportOptions, draws, grids, markdown, table, text, weights};
use crate::analysis::vote::{BallotEntry, VoteSettings};
use crate::analysis::{GraphModule, ModuleGraph};
use crate::detect::DetectionSettings;
use crate::prune::{Grid, Plan, Required, Stages};
use crate::report::Charset;
use crate::task::{Task, builtin};
use crate::train::Hyperparameters;

/// Two groups of outputs apart, or all in one module.
fn graph(apart: bool) -> ModuleGraph {
    let outputs: Vec<Vec<usize>> =
        if apart { vec![(0..16).step_by(2).collect(), (1..16).step_by(2).collect()] } else { vec![(0..16).collect()] };
    let mut modules = vec![GraphModule { inputs: (0..4).collect(), outputs: Vec::new(), layers: Some(2) }];
    let edges = (1..=outputs.len()).map(|module| (0, module)).collect();
    modules.extend(outputs.into_iter().map(|outputs| GraphModule { inputs: Vec::new(), outputs, layers: Some(2) }));
    ModuleGraph::new(modules, edges).unwrap()
}

/// A trial of `4-1-2-16` whose networks have these edges, each being right or not.
fn trial(task: &Arc<Task>, architecture: &str, outcome: TrialOutcome) -> ReportTrial {
    let hyperparameters = Hyperparameters {
        learning_rate: 0.1,
        batch_size: 8,
        epochs: 40,
        weight_decay: 1e-4,
        noise: 0.1,
        patience: None,
    };
    let plan = Plan {
        architecture: architecture.parse().unwrap(),
        seed: 0,
        hyperparameters,
        stages: Stages::UnitEdge,
        grid: Grid::quick(),
        required: Required::Perfect,
        regrow: false,
    };
    ReportTrial { task: Arc::clone(task), plan, outcome }
}

fn finished(networks: &[(usize, bool)]) -> TrialOutcome {
    let near = |&(edges, right): &(usize, bool)| Near {
        found: BallotEntry { edges, walks: 1, graph: graph(right), certified: None },
        right: vec![right],
    };
    TrialOutcome::Finished(Box::new(Finished { near: networks.iter().map(near).collect(), ..Finished::default() }))
}

/// Four trials of three hidden layers: wrong, but as sparse as right; right; untrained; not done.
fn four() -> Vec<ReportTrial> {
    let task = Arc::new(builtin::get("4-1-2-16").unwrap());
    vec![
        trial(&task, "4,24,24,24,16", finished(&[(30, false), (30, true), (32, true)])),
        trial(&task, "4,36,36,36,16", finished(&[(36, true), (37, false)])),
        trial(&task, "4,48,48,48,16", TrialOutcome::Untrained),
        trial(&task, "4,48,48,48,16", TrialOutcome::Missing),
    ]
}

fn cells_of(trials: &[ReportTrial], figure: Option<&'static str>) -> Vec<Cell> {
    by_cell(trials, false, false).iter().flat_map(|group| cells(group, figure, &ReportOptions::default())).collect()
}

fn report(cells: Vec<Cell>) -> Report {
    Report {
        name: "made-up".to_owned(),
        title: None,
        about: None,
        figure: Some("6"),
        done: 3,
        missing: 1,
        seeds: vec![0, 1],
        hyperparameters: vec!["hyperparameters: as published for 1 network".to_owned()],
        accepted: (70, Some(70)),
        vote_of: None,
        repeated: 0,
        cells,
        weights: Vec::new(),
        settings: Vec::new(),
        problems: Vec::new(),
    }
}

#[test]
fn trials_are_counted_by_three_selections() {
    let cells = cells_of(&four(), Some("6"));
    assert_eq!(cells.len(), 1);
    let cell = &cells[0];
    assert_eq!((cell.trials, cell.untrained, cell.missing), (3, 1, 1));
    assert_eq!((cell.blind.successes, cell.published_rule.successes), (1, 2));
    assert_eq!(cell.paper, Some(PaperCount { successes: Some(11), of: 12 }));
    // All splits of 12 successes over 3 and 12 trials: 1 has C(3,1) C(12,11) / C(15,12) = 36 / 455, 0 has 1 / 455.
    assert!((cell.blind.p.unwrap() - 37.0 / 455.0).abs() < 1e-9, "{:?}", cell.blind);
    assert_eq!(cell.blind.compatible(), Some(true));
    let vote = cell.vote.as_ref().unwrap();
    // In both trials one walk of two, since 32 edges are two more than the best.
    assert!((vote.share - 0.5).abs() < 1e-9 && vote.right && vote.trials == 2, "{vote:?}");
    assert_eq!((vote.tied, vote.runner_up_share), (2, 0.5));
    assert!(vote.structure.starts_with("either x1-x4 > ") && vote.structure.contains(" or x1-x4 > "), "{vote:?}");
    assert_eq!((cell.sparsest_right, cell.sparsest_wrong), (Some(30), Some(30)));
    assert_eq!(cell.edges, Some(33.0));
    assert!(cell.published_edges.is_some_and(|edges| (25.0..45.0).contains(&edges)));
}

#[test]
fn depths_are_apart_or_together() {
    let mut trials = four();
    let task = Arc::clone(&trials[0].task);
    trials.push(trial(&task, "4,24,16", finished(&[(40, false)])));
    let depths = |pooled| by_cell(&trials, pooled, false).iter().map(|group| group.depth).collect::<Vec<_>>();
    assert_eq!((depths(false), depths(true)), (vec![Some(1), Some(3)], vec![None]));
    let tuned: Vec<_> = by_cell(&trials, false, true).iter().map(|group| group.tuned).collect();
    assert_eq!(tuned, [Some((0.1, 8)); 2]);
}

#[test]
fn other_experiments_have_no_counts_of_the_paper() {
    let cells = cells_of(&four(), None);
    assert_eq!((cells[0].paper, cells[0].figure, cells[0].blind.p), (None, None, None));
}

#[test]
fn nothing_done_is_no_answer() {
    let cells = cells_of(&four()[3..], Some("6"));
    assert_eq!((cells[0].trials, cells[0].missing), (0, 1));
    assert!(cells[0].vote.is_none() && cells[0].blind.p.is_none() && cells[0].edges.is_none());
    let rows = text::page(&report(cells), 80, Charset::Ascii);
    assert!(rows.iter().any(|row| row.contains("0/1")), "{rows:#?}");
}

#[test]
fn the_page_fits_eighty_columns_and_says_what_is_missing() {
    let report = report(cells_of(&four(), Some("6")));
    for charset in [Charset::Unicode, Charset::Ascii] {
        let rows = text::page(&report, 80, charset);
        assert!(rows.iter().all(|row| row.chars().count() <= 80), "{rows:#?}");
        assert_eq!(rows.iter().all(|row| row.is_ascii()), charset == Charset::Ascii);
        assert!(
            rows.iter().any(|row| row.contains("3/4") && row.contains("11/12") && row.contains("tie")),
            "{rows:#?}"
        );
    }
}

#[test]
fn tables_have_a_line_per_cell() {
    let report = report(cells_of(&four(), Some("6")));
    let mut bytes = Vec::new();
    table::csv(&report, &mut bytes).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let titles = reader.headers().unwrap().clone();
    let place = |title: &str| titles.iter().position(|other| other == title).unwrap();
    let (paper, ratio) = (place("paper_successes"), place("edges_ratio"));
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((records.len(), &records[0][paper]), (1, "11"));
    let shown: f64 = records[0][ratio].parse().unwrap();
    assert!((shown - report.cells[0].edges_ratio().unwrap()).abs() < 1e-4);
    let rows = markdown::page(&report);
    let table: Vec<&String> = rows.iter().filter(|row| row.starts_with('|')).collect();
    assert_eq!(table.len(), 6, "one of successes, one of answers");
    let bars = |rows: &[&String]| rows.iter().map(|row| row.matches('|').count()).collect::<Vec<_>>();
    for table in [&table[..3], &table[3..]] {
        assert!(bars(table).windows(2).all(|pair| pair[0] == pair[1]), "{table:#?}");
    }
    assert!(table[2].contains("11/12") && table[2].contains("0.0813"), "{table:#?}");
    assert_eq!(lines(&report).len(), 1);
}

#[test]
fn weights_next_to_the_paper() {
    let task = Arc::new(builtin::get("4-1-2-16").unwrap());
    let with = |n90: [usize; 2]| {
        let weights = Some(Weights { n90: n90.to_vec(), ..Weights::default() });
        let outcome = TrialOutcome::Finished(Box::new(Finished { weights, ..Finished::default() }));
        trial(&task, "4,24,24,16", outcome)
    };
    let cells = weights::cells(&[with([3, 2]), with([4, 2])], Some("4"));
    assert_eq!(
        (cells.len(), cells[0].n90.clone(), cells[0].paper_n90.clone()),
        (1, vec![3.5, 2.0], Some(vec![3.0, 2.0]))
    );
    assert!(weights::cells(&[with([3, 2])], Some("6")).is_empty(), "figure 6 has no weights");
    let shown = Report { figure: Some("4"), weights: cells, ..report(Vec::new()) };
    let bars = grids::sections(&shown, Charset::Ascii);
    // Of 3.5, the greatest mean, 3 and 2 are 5.1 and 3.4 columns of 6.
    let rows = [
        "1     24       2     0  ######   3.50  #####.   3.00",
        "2     24       2     0  ###...   2.00  ###...   2.00",
    ];
    assert_eq!(bars[0].rows[1..].iter().map(|row| row.trim_start()).collect::<Vec<_>>(), rows);

    let task = Arc::new(builtin::get("4-2-4").unwrap());
    let with = |separable: bool| {
        let tests = vec![Some((-2.0, 0.04)), Some((-1.0, 0.2))];
        let weights = Some(Weights { separable: Some(separable), tests, ..Weights::default() });
        let mut trial =
            trial(&task, "4,24,4", TrialOutcome::Finished(Box::new(Finished { weights, ..Finished::default() })));
        trial.plan.stages = Stages::Dense;
        trial.plan.seed = 1;
        trial
    };
    let cells = weights::cells(&[with(true), with(true), with(false)], Some("table 1"));
    assert_eq!((cells[0].separable, cells[0].trials, cells[0].paper_separable), (Some(2), 3, Some(true)));
    let shown = Report { figure: Some("34-36"), weights: cells, ..report(Vec::new()) };
    let sections = grids::sections(&shown, Charset::Ascii);
    let last = |section: usize| sections[section].rows.last().unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(last(0), ["1", "**", "2/3", "yes"]);
    assert_eq!((last(1), last(2)), (vec!["1", "-2.00*", "-19.43*"], vec!["1", "-1.00", "-8.50*"]));
}

#[test]
fn path_products_next_to_the_papers() {
    let task = Arc::new(builtin::get("4-2-4").unwrap());
    let with = |seed: u64, greatest: f64| {
        let products = vec![vec![greatest, 0.0, 0.0, 0.0]; 4];
        let weights = Some(Weights { products, ..Weights::default() });
        let outcome = TrialOutcome::Finished(Box::new(Finished { weights, ..Finished::default() }));
        let mut trial = trial(&task, "4,48,48,48,4", outcome);
        trial.plan.seed = seed;
        trial
    };
    let cells = weights::cells(&[with(0, 11.5), with(1, 12.5)], Some("3"));
    let report = Report { figure: Some("3"), weights: cells, ..report(Vec::new()) };
    let map = &grids::sections(&report, Charset::Ascii)[0];
    assert!(map.title.contains("seed 1"));
    assert_eq!(
        map.rows[4].split_whitespace().collect::<Vec<_>>(),
        ["x3", "12.5", "#", "0", ".", "0", ".", "0", ".", "0", ".", "0", ".", "72.4", "#", "72.4", "#"]
    );
    assert!(map.rows.iter().all(|row| row.len() <= 78), "{:#?}", map.rows);
}

#[test]
fn several_detection_settings() {
    let task = Arc::new(builtin::get("4-2-4").unwrap());
    let with = |by_settings: [(bool, bool); 2]| {
        let by_settings = by_settings.to_vec();
        trial(&task, "4,24,4", TrialOutcome::Finished(Box::new(Finished { by_settings, ..Finished::default() })))
    };
    let trials = [with([(true, true), (false, true)]), with([(false, false), (false, false)])];
    let two = [DetectionSettings::default(), DetectionSettings::digits()];
    let counts = |cell: &SettingsCell| (cell.trials, cell.blind.successes, cell.published_rule.successes);
    let found = settings::cells(&trials, &two);
    assert_eq!(found.iter().map(counts).collect::<Vec<_>>(), [(2, 1, 1), (2, 0, 1)]);
    assert_eq!(found[0].paper_rate, Some(0.99));
    assert!(settings::cells(&trials, &two[..1]).is_empty());
}

#[test]
fn votes_are_drawn_from_the_seeds() {
    let task = Arc::new(builtin::get("4-1-2-16").unwrap());
    let with = |seed: u64, right: bool| {
        let mut trial = trial(&task, "4,24,24,16", finished(&[(30, right)]));
        trial.plan.seed = seed;
        trial
    };
    let mut all: Vec<ReportTrial> = (0..4).map(|seed| with(seed, seed > 0)).collect();
    let groups_of =
        |all: &[ReportTrial], seeds| draws::drawn(&by_cell(all, false, false)[0], 1, seeds, &VoteSettings::default());
    // One seed of four is wrong: of single seeds a quarter; of two a half of the draws has it, and then they tie.
    let one = groups_of(&all, 1).unwrap()[0];
    assert!((0.68..0.82).contains(&one.share()) && one.right_by_tie == 0, "{one:?}");
    let two = groups_of(&all, 2).unwrap()[0];
    assert!(two.right == draws::DRAWS && (400..600).contains(&two.right_by_tie), "{two:?}");
    let four = groups_of(&all, 4).unwrap()[0];
    assert_eq!((four.right, four.right_by_tie, four.from), (draws::DRAWS, 0, 4));
    assert_eq!(groups_of(&all, 1).unwrap(), [one], "the draws are always the same");
    assert!(groups_of(&all, 5).is_none() && groups_of(&all, 0).is_none());
    // What is not done has no seed to draw.
    all[3].outcome = TrialOutcome::Missing;
    assert!(groups_of(&all, 4).is_none());
}

#[test]
fn medians_and_rates() {
    assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![1.0, 4.0]), median(Vec::new())), (Some(2.0), Some(2.5), None));
    let paper = |successes| Some(PaperCount { successes, of: 4 });
    assert_eq!(Rate::new(2, 4, paper(None)).p, None, "an X cannot be compared");
    assert!((Rate::new(4, 4, paper(Some(0))).p.unwrap() - 2.0 / 70.0).abs() < 1e-9);
    assert_eq!(Rate::new(4, 4, paper(Some(0))).compatible(), Some(false));
}

#[test]
fn what_belongs_together_is_counted_by_trials() {
    // One trial is split between its two sparsest networks, all outputs in one module or in two; one says two.
    let cells = cells_of(&four(), None);
    let units = cells[0].units.as_ref().unwrap();
    assert_eq!(units.line(), "x1-x4 (100%) and y1,y3..y15 | y2,y4..y16 (75%)");
    assert_eq!(units.outputs.stability[0][..3], [1.0, 0.75, 1.0]);
    let page =
        text::page(&report(cells), 80, Charset::Unicode).join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("together: x1-x4 (100%) and y1,y3..y15 | y2,y4..y16 (75%)"), "{page}");
}
