//! Results on weights, laid out as in the paper: depth by width for table 1 and figures 34 to 36, path products for
//! figures 1b, 3a and 4a, and bars by width for figures 2b, 3b and 4b.

use super::bars::{BAR, Heat, bar, heat};
use super::build::Report;
use super::paper;
use super::shares::{share, trials};
use super::weights::WeightsCell;
use crate::prune::Stages;
use crate::report::Charset;
use crate::report::detection::Section;
use crate::report::numbers::counted;
use crate::report::paths::{number, shade};

/// The most widths side by side.
const COLUMNS: usize = 4;

/// The sections on weights; most reports have none.
#[must_use]
pub fn sections(report: &Report, charset: Charset) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut families: Vec<(&str, Stages)> = Vec::new();
    for cell in &report.weights {
        if !families.contains(&(&cell.task, cell.stages)) {
            families.push((&cell.task, cell.stages));
        }
    }
    for (task, stages) in families {
        let family: Vec<&WeightsCell> =
            report.weights.iter().filter(|cell| cell.task == task && cell.stages == stages).collect();
        sections.extend(products(&family, report, charset));
        sections.extend(separable(&family, charset));
        if report.figure == Some("34-36") {
            sections.extend([0, 1].map(|test| tests(&family, test)));
        }
        // For a figure, only what the paper has numbers for.
        if report.figure.is_none() || family.iter().any(|cell| cell.paper_n90.is_some()) {
            sections.extend(reuse(&family, charset));
        }
    }
    sections
}

/// Sorted and without repetitions.
fn each_once(values: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn name(family: &[&WeightsCell]) -> String {
    format!("{}, {}", family[0].task, family[0].stages)
}

/// Our values on the left and the paper's on the right, with a row per depth and a column per width.
fn by_depth_and_width(
    family: &[&WeightsCell],
    wide: [usize; 2],
    texts: impl Fn(&WeightsCell) -> [String; 2],
) -> Vec<String> {
    let depths = each_once(family.iter().map(|cell| cell.depth));
    let widths = each_once(family.iter().map(|cell| cell.width));
    let mut rows = Vec::new();
    for widths in widths.chunks(COLUMNS) {
        let line = |name: &str, halves: [Vec<String>; 2]| {
            let half = |side: usize| -> String {
                halves[side].iter().map(|text| format!("{text:>w$}", w = wide[side])).collect()
            };
            format!("{name:>6}{}   {}", half(0), half(1)).trim_end().to_owned()
        };
        let titles: Vec<String> = widths.iter().map(ToString::to_string).collect();
        let has_paper = family.iter().any(|cell| !texts(cell)[1].is_empty());
        let (ours, theirs) = (wide[0] * widths.len(), wide[1] * widths.len());
        let paper = if has_paper { "paper, seed 1" } else { "" };
        rows.push(format!("{:>6}{:>ours$}   {paper:>theirs$}", "width", "ours").trim_end().to_owned());
        rows.push(line("layers", [titles.clone(), if has_paper { titles } else { Vec::new() }]));
        for &depth in &depths {
            let cells =
                widths.iter().map(|&width| family.iter().find(|cell| (cell.depth, cell.width) == (depth, width)));
            let (ours, theirs) =
                cells.map(|cell| cell.map_or_else(Default::default, |cell| texts(cell).into())).unzip();
            rows.push(line(&depth.to_string(), [ours, theirs]));
        }
    }
    rows
}

/// The number of networks in which all null hypotheses are rejected.
fn separable(family: &[&WeightsCell], charset: Charset) -> Option<Section> {
    let texts = |cell: &WeightsCell| {
        let ours = cell.separable.map_or_else(String::new, |count| {
            let trained = cell.trials - cell.untrained;
            let tone = heat(Heat::Share(share(count, trained)), charset);
            let tone: String = tone.chars().skip(1).take(2).collect();
            format!("{tone} {:>5}", format!("{count}/{trained}"))
        });
        let theirs = cell.paper_separable.map_or("", |yes| if yes { "yes" } else { "no" });
        [ours, theirs.to_owned()]
    };
    family.iter().any(|cell| cell.separable.is_some()).then(|| Section {
        title: format!("{}: networks with separable inputs (both null hypotheses rejected)", name(family)),
        rows: by_depth_and_width(family, [11, 6], texts),
    })
}

/// The t of a test in the networks that the paper shows.
fn tests(family: &[&WeightsCell], test: usize) -> Section {
    let shown = |statistic: Option<(f64, f64)>| {
        let star = |(t, p): (f64, f64)| if t < 0.0 && p < paper::WELCH_LEVEL { '*' } else { ' ' };
        statistic.map_or_else(String::new, |(t, p)| format!("{t:.2}{}", star((t, p))))
    };
    let texts = |cell: &WeightsCell| {
        let ours = cell.shown.as_ref().and_then(|network| network.tests.get(test).copied().flatten());
        [ours, paper::welch(cell.stages, cell.depth, cell.width, test)].map(shown)
    };
    let title = format!("{}: t of test {}, seed {}; * marks p < 0.05", name(family), test + 1, paper::SHOWN_SEED);
    Section { title, rows: by_depth_and_width(family, [10, 10], texts) }
}

/// Path products next to the paper's.
fn products(family: &[&WeightsCell], report: &Report, charset: Charset) -> Option<Section> {
    let theirs = report.figure.and_then(paper::products)?;
    let is_shown = |cell: &&&WeightsCell| cell.task == "4-2-4" && (cell.depth, cell.width) == paper::PRODUCTS_OF;
    let cell = family.iter().find(is_shown)?;
    let ours = &cell.shown.as_ref()?.products;
    let greatest = |pi: &[Vec<f64>]| pi.iter().flatten().copied().fold(0.0, f64::max);
    let half = |pi: &[Vec<f64>], row: usize| {
        let text = |&product: &f64| format!(" {:>6} {}", number(product), shade(product, greatest(pi), charset));
        pi[row].iter().map(text).collect::<String>()
    };
    let heads: String = (1..=theirs[0].len()).map(|output| format!("  {:>7}", format!("y{output}"))).collect();
    let wide = heads.len();
    let mut rows = vec![format!("{:3}{:>wide$}  {:>wide$}", "", "ours", "paper"), format!("{:3}{heads}  {heads}", "")];
    let row = |input: usize| format!("x{:<2}{}  {}", input + 1, half(ours, input), half(&theirs, input));
    rows.extend((0..theirs.len()).map(row));
    let layers = counted(cell.depth, "hidden layer");
    let title = format!("{}, {layers} of {}: path products, seed {}", name(family), cell.width, paper::SHOWN_SEED);
    Some(Section { title, rows })
}

/// Bars of N90 by width, one section per depth.
fn reuse(family: &[&WeightsCell], charset: Charset) -> Vec<Section> {
    let section = |depth: usize| {
        let cells: Vec<&&WeightsCell> =
            family.iter().filter(|cell| cell.depth == depth && !cell.n90.is_empty()).collect();
        let all = cells.iter().flat_map(|cell| cell.n90.iter().chain(cell.paper_n90.iter().flatten()));
        let greatest = all.copied().fold(1.0, f64::max);
        let text = |mean: Option<&f64>| {
            mean.map_or_else(String::new, |&mean| format!("{} {mean:>6.2}", bar(mean / greatest, charset)))
        };
        let mut rows = vec![format!(
            "{:>5} {:>6} {:>7} {:>5}  {:w$}  paper",
            "layer",
            "width",
            "trials",
            "untr.",
            "ours",
            w = BAR + 7
        )];
        for layer in 0..depth {
            for cell in &cells {
                let (ours, theirs) =
                    (text(cell.n90.get(layer)), text(cell.paper_n90.as_ref().and_then(|n| n.get(layer))));
                let done = trials(cell.trials, cell.missing);
                let row =
                    format!("{:>5} {:>6} {done:>7} {:>5}  {ours}  {theirs}", layer + 1, cell.width, cell.untrained);
                rows.push(row.trim_end().to_owned());
            }
        }
        let layers = counted(depth, "hidden layer");
        let title = format!("{}, {layers}: mean N90 of the trials", name(family));
        (!cells.is_empty()).then_some(Section { title, rows })
    };
    each_once(family.iter().map(|cell| cell.depth)).into_iter().filter_map(section).collect()
}
