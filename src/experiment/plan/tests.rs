//! Presets compared with the paper, and users' experiments.

use super::*;
use crate::experiment::{definition, presets};
use crate::prune::Plan;
use crate::train::Hyperparameters;

fn outline(text: &str) -> Result<Outline, String> {
    Outline::new("own", text, &definition::parse(text).unwrap(), &Overrides::default(), Path::new(""))
}

fn preset(name: &str) -> Outline {
    presets::get(name).unwrap().outline(&Overrides::default()).unwrap()
}

/// All trials, with the hyperparameters that searches start from.
fn trials(outline: &Outline) -> Vec<PlannedTrial> {
    outline.plan(&Answers::default(), &|_| true).unwrap().trials
}

/// The numbers of trials (tasks, depths, widths, seeds) and detections are those of the paper.
#[test]
fn presets_have_the_trials_of_the_paper() {
    for (name, trials, detections) in [
        ("quickstart", 2, 1),
        ("digits-demo", 1, 1),
        ("table-1", 3 * 3 * 4, 1),
        ("figure-2", 7 * 4 + 1, 1),
        ("figure-3", 7 * 4 + 1, 1),
        ("figure-4", 7 * 4 + 1, 1),
        ("figure-6", 4 * 3 * 3 * 4, 1),
        ("figure-8", 5 * 3 * 3 * 4, 1),
        ("figure-10", 5 * 5 * 3 * 3 * 4, 1),
        ("figure-12", 5 * 4 * 3 * 4, 1),
        ("table-2", 2 * 3 * 20 * 4, 1),
        ("table-3", 3 * (28 + 20) * 4, 1),
        ("table-4", 144, (3 * 3 + 1) * 4),
        ("figures-34-36", 3 * 3 * 3 * 4, 1),
    ] {
        let outline = preset(name);
        assert_eq!((outline.most_trials(), outline.detections.len()), (trials, detections), "{name}");
        assert_eq!(self::trials(&outline).len(), trials, "{name}");
    }
    let figures = ["figure-6", "figure-8", "figure-10", "figure-12"];
    assert_eq!(figures.iter().map(|name| preset(name).most_trials()).sum::<usize>(), 1464);
    assert_eq!(presets::ALL.len(), 18);
}

/// The figures have exactly the networks of the published table.
#[test]
fn figures_have_the_published_networks() {
    let table = include_str!("../../../presets/hyperparameters.csv");
    let mut of_table: Vec<(String, String)> = Vec::new();
    for line in csv::Reader::from_reader(table.as_bytes()).records() {
        let line = line.unwrap();
        if &line[0] != "digits" {
            of_table.push((line[1].to_owned(), line[2].to_owned()));
        }
    }
    let names = ["figure-2", "figure-6", "figure-8", "figure-10", "figure-12"];
    let network = |cell: Cell| (cell.task.name.clone(), cell.plan.architecture.to_string());
    let mut of_figures: Vec<_> = names.iter().flat_map(|name| preset(name).cells).map(network).collect();
    for list in [&mut of_table, &mut of_figures] {
        list.sort();
        list.dedup();
    }
    assert_eq!(of_figures, of_table);
}

#[test]
fn figure_4_and_table_4_train_what_figure_6_does() {
    let known: Vec<Plan> = trials(&preset("figure-6")).into_iter().map(|trial| trial.plan).collect();
    let shared = |name: &str| trials(&preset(name)).iter().filter(|trial| known.contains(&trial.plan)).count();
    assert_eq!((shared("table-4"), shared("figure-4")), (144, 3 * 4 + 1));
}

#[test]
fn the_rule_starts_from_published_hyperparameters() {
    let trials = trials(&preset("figure-6"));
    let last = &trials[143];
    assert_eq!(last.plan.architecture.to_string(), "4,48,48,48,4");
    assert_eq!((last.plan.seed, last.plan.hyperparameters.epochs), (5, 30));
    // One cell of table 2 has the published learning rate and batch size: 40 epochs, as in figure 6.
    let starts: Vec<_> = preset("table-2").cells.iter().map(|cell| cell.plan.clone()).collect();
    let epochs = |rate, batch| {
        let plan = starts.iter().find(|plan| {
            let settings = &plan.hyperparameters;
            plan.architecture.to_string() == "4,24,24,16"
                && (settings.learning_rate, settings.batch_size) == (rate, batch)
        });
        plan.unwrap().hyperparameters.epochs
    };
    assert_eq!((epochs(0.1, 8), epochs(0.1, 4), epochs(0.05, 8)), (40, 10, 10));
}

#[test]
fn hyperparameters_by_policy() {
    let block = "[[trials]]
tasks = ['4-2-4']
hidden = [[24]]
";
    let settings = |more: &str| {
        let cell = outline(&format!("{block}{more}")).unwrap().cells.remove(0);
        let Hyperparameters { learning_rate, batch_size, epochs, .. } = cell.plan.hyperparameters;
        let free = cell.question().map(|question| (question.lower_rate, question.more_epochs));
        ((learning_rate, batch_size, epochs), free)
    };
    assert_eq!(settings(""), ((0.05, 8, 15), None));
    assert_eq!(
        settings(
            "hyperparameters = 'published'
epochs = 9"
        ),
        ((0.05, 8, 9), None)
    );
    assert_eq!(settings("hyperparameters = 'rule'"), ((0.05, 8, 15), Some((true, true))));
    assert_eq!(
        settings(
            "hyperparameters = 'rule'
learning_rate = 0.1"
        ),
        ((0.1, 8, 10), Some((false, true)))
    );
    assert_eq!(
        settings(
            "hyperparameters = 'rule'
epochs = 25"
        ),
        ((0.05, 8, 25), Some((true, false)))
    );
    assert_eq!(
        settings(
            "hyperparameters = 'rule'
batch_size = 4"
        ),
        ((0.05, 4, 10), Some((true, true)))
    );
    let given = "hyperparameters = 'rule'
learning_rate = 0.2
batch_size = 4
epochs = 3";
    assert_eq!(settings(given), ((0.2, 4, 3), None));
    let own = block.replace("[[24]]", "[[25]]");
    let start = outline(&format!("{own}hyperparameters = 'rule'")).unwrap().cells[0].plan.hyperparameters;
    assert_eq!((start.learning_rate, start.batch_size, start.epochs), (0.1, 8, 10));
}

#[test]
fn cells_are_combined_in_order() {
    let text = "seeds = '0..1'
[[trials]]
tasks = ['4-2-4']
hidden = [[4], [3, 3]]
epochs = 5
                learning_rate = [0.1, 0.01]
batch_size = [2, 4]";
    let trials = trials(&outline(text).unwrap());
    let summary = |trial: &PlannedTrial| {
        let settings = &trial.plan.hyperparameters;
        (trial.plan.architecture.depth(), settings.batch_size, settings.learning_rate, trial.plan.seed)
    };
    assert_eq!(trials.len(), 16);
    let first: Vec<_> = trials.iter().take(5).map(summary).collect();
    assert_eq!(first, [(1, 2, 0.1, 0), (1, 2, 0.1, 1), (1, 2, 0.01, 0), (1, 2, 0.01, 1), (1, 4, 0.1, 0)]);
    assert_eq!(summary(&trials[15]), (2, 4, 0.01, 1));
}

#[test]
fn errors_name_the_line_of_the_block() {
    let refuse = |text: &str, words: &[&str]| {
        let message = outline(text).unwrap_err();
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    };
    refuse(
        "seeds = [1]
[[trials]]
tasks = ['4-2-5']
hidden = [[4]]",
        &["line 2: ", "4-2-5"],
    );
    let block = |rest: &str| {
        format!(
            "

[[trials]]
tasks = ['4-2-4']
hidden = [[4]]
{rest}"
        )
    };
    refuse(&block("hyperparameters = 'published'"), &["line 3: ", "published no hyperparameters", "4,4,4"]);
    refuse(
        &block(
            "hyperparameters = 'rule'
learning_rate = 0.1
epochs = 10",
        ),
        &["line 3: ", "nothing to choose"],
    );
    refuse(
        &block(
            "hyperparameters = 'rule'
required = 'dense'",
        ),
        &["line 3: ", "threshold = 0.95"],
    );
    refuse(&block("grid = { p_e = [1.0] }"), &["line 3: ", "no p_u"]);
    refuse(
        &block(
            "seeds = '0..99999'
learning_rate = [1,2,3,4,5,6,7,8,9,10,11]",
        ),
        &["1000000 trials"],
    );
}
