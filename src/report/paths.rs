//! The weights of a network as text: path products as heat maps, separability tests in words, and unit reuse.

use super::detection::Section;
use super::names::{Labels, short};
use super::numbers::counted;
use super::text::{length, printable, wrapped};
use super::{Charset, pixels};
use crate::analysis::paths::{PathAnalysis, SIGNIFICANCE, Welch};
use crate::network::Architecture;

/// The most rows of the heat map.
const MAX_ROWS: usize = 48;

/// The most maps of pixels.
const MAX_MAPS: usize = 48;

/// Columns of a cell with a number.
const CELL: usize = 9;

/// Path products, tests if there are any, and reuse if there are hidden layers. Indented by two columns, no row is wider
/// than `width`. The path products of pixels are a map for each output.
#[must_use]
pub fn sections(
    found: &PathAnalysis,
    architecture: &Architecture,
    labels: Labels<'_>,
    percent: f64,
    width: usize,
    charset: Charset,
) -> Vec<Section> {
    let width = width.saturating_sub(2);
    let sections = [
        ("Path products".to_owned(), products(&found.pi, labels, width, charset)),
        (
            "Separability".to_owned(),
            found.welch.iter().flat_map(|test| wrapped(&sentence(test, labels), width, 2)).collect(),
        ),
        (format!("Fewest units for {percent}% of the products"), reuse(found, architecture)),
    ];
    let sections = sections.into_iter().filter(|(_, rows)| !rows.is_empty());
    sections.map(|(title, rows)| Section { title, rows }).collect()
}

/// A map for each output if inputs are pixels, or else a table.
fn products(pi: &[Vec<f64>], labels: Labels<'_>, width: usize, charset: Charset) -> Vec<String> {
    let Some(shape) = labels.shape else {
        return table(pi, labels, width, charset);
    };
    let shown = &labels.outputs[..labels.outputs.len().min(MAX_MAPS)];
    let mut rows = pixels::maps(pi, shape, shown, width, charset);
    let rest = labels.outputs.len() - shown.len();
    rows.extend((rest > 0).then(|| format!("and {} more (see --json)", counted(rest, "output"))));
    rows.extend(legend("the greatest of the map", width, charset));
    rows
}

/// A heat map with one row per input and one column per output, shaded relative to the greatest product. Numbers are
/// added if they fit. Of more than 48 inputs those with the greatest sums of products are shown, greatest first. Columns
/// that do not fit are left out.
fn table(pi: &[Vec<f64>], labels: Labels<'_>, width: usize, charset: Charset) -> Vec<String> {
    let name = |names: &[String], at: usize| printable(names.get(at).map_or("?", String::as_str), charset);
    let shown = strongest(pi);
    let inputs: Vec<String> = shown.iter().map(|&input| name(labels.inputs, input)).collect();
    let outputs: Vec<String> = (0..pi.first().map_or(0, Vec::len)).map(|at| name(labels.outputs, at)).collect();
    let names = inputs.iter().map(|name| length(name)).max().unwrap_or(0) + 1;
    let greatest = pi.iter().flatten().copied().fold(0.0, f64::max);
    let room = width.saturating_sub(names);
    let with_numbers = outputs.len() * CELL <= room;
    let cell = if with_numbers { CELL } else { outputs.iter().map(|name| length(name)).max().unwrap_or(1) + 1 };
    let columns = outputs.len().min(room / cell);
    let heads = outputs[..columns].iter().map(|name| format!("{name:>cell$}"));
    let mut rows = vec![format!("{:names$}{}", "", heads.collect::<String>())];
    for (name, &input) in inputs.iter().zip(&shown) {
        let cells = pi[input][..columns].iter().map(|&product| {
            let glyph = shade(product, greatest, charset);
            if with_numbers { format!("{:>7} {glyph}", number(product)) } else { format!("{glyph:>cell$}") }
        });
        rows.push(format!("{name:names$}{}", cells.collect::<String>()));
    }
    rows.extend(left_out(pi.len(), outputs.len() - columns));
    rows.extend(legend(&format!("the greatest, {}", number(greatest)), width, charset));
    rows
}

/// All inputs in order, or those with the greatest sums of products, greatest first.
fn strongest(pi: &[Vec<f64>]) -> Vec<usize> {
    let mut inputs: Vec<usize> = (0..pi.len()).collect();
    if pi.len() > MAX_ROWS {
        let sums: Vec<f64> = pi.iter().map(|products| products.iter().sum()).collect();
        inputs.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
        inputs.truncate(MAX_ROWS);
    }
    inputs
}

fn left_out(inputs: usize, columns: usize) -> Option<String> {
    let few = (inputs > MAX_ROWS).then(|| format!("the {MAX_ROWS} strongest of {}", counted(inputs, "input")));
    let more = (columns > 0).then(|| format!("and {}", counted(columns, "more output")));
    let parts: Vec<String> = [few, more].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{} (see --json)", parts.join(", ")))
}

/// Glyphs for 0 and for each quarter of the greatest product.
fn glyphs(charset: Charset) -> [char; 5] {
    match charset {
        Charset::Unicode => ['·', '░', '▒', '▓', '█'],
        Charset::Ascii => ['.', '-', '+', '*', '#'],
    }
}

/// The shade of a product.
pub(super) fn shade(product: f64, greatest: f64, charset: Charset) -> char {
    let glyphs = glyphs(charset);
    match product / greatest {
        _ if product == 0.0 => glyphs[0],
        share if share <= 0.25 => glyphs[1],
        share if share <= 0.5 => glyphs[2],
        share if share <= 0.75 => glyphs[3],
        _ => glyphs[4],
    }
}

/// What the shades mean, relative to the greatest of something.
fn legend(greatest: &str, width: usize, charset: Charset) -> Vec<String> {
    let [none, quarter, half, most, all] = glyphs(charset);
    let text = format!("{none} no path, {quarter} up to 25%, {half} 50%, {most} 75%, {all} 100% of {greatest}");
    wrapped(&text, width, 2)
}

/// A number in at most seven columns, with at least two significant digits where they fit.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        0.001..0.1 => format!("{value:.4}"),
        0.1..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        100.0..100_000.0 => format!("{value:.0}"),
        1e-99..1e100 => format!("{value:.1e}"),
        size if size.is_finite() => format!("{value:.0e}"),
        _ => "inf".to_owned(),
    }
}

/// A test in words.
fn sentence(test: &Welch, labels: Labels<'_>) -> String {
    // Units are numbered from 1.
    let named = |names: &[String], units: &[usize]| {
        let names = units.iter().filter_map(|unit| names.get(unit.checked_sub(1)?).cloned());
        short(&names.collect::<Vec<_>>(), 30)
    };
    let (inputs, outputs) = (named(labels.inputs, &test.inputs), named(labels.outputs, &test.outputs));
    let means = format!(
        "{inputs}: the mean product is {} to {outputs} and {} to the other outputs.",
        number(test.own_mean),
        number(test.other_mean)
    );
    let statistic = match (test.t, test.df, test.p) {
        (Some(t), Some(df), Some(p)) => format!("t = {t:.3}, df = {df:.1}, one-sided p = {}", number(p)),
        _ => "No t (a single product, or no variance)".to_owned(),
    };
    let verdict = if test.reject {
        format!("equal means are rejected at the {SIGNIFICANCE} level, so {inputs} and {outputs} belong together.")
    } else {
        format!("equal means are not rejected at the {SIGNIFICANCE} level.")
    };
    format!("{means} {statistic}: {verdict}")
}

/// One row per hidden layer.
fn reuse(found: &PathAnalysis, architecture: &Architecture) -> Vec<String> {
    let layers = found.n90.iter().zip(architecture.hidden()).zip(1..);
    layers.map(|((units, width), layer)| format!("layer {layer}  {units} of {width}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::paths::{PathSettings, analyze};
    use crate::network::Network;
    use crate::report::names::numbered;
    use crate::task::Shape;

    /// A network with `outputs` outputs whose halves are separate except for one weak weight.
    fn network(outputs: usize) -> Network {
        let mut network = Network::zeros(&Architecture::new(vec![4, 2, outputs]).unwrap());
        network.weights[0] = vec![1.5, -2.0, 0.0, 0.0, 0.0, 0.01, 300.0, 7.25];
        network.weights[1] = (0..outputs).flat_map(|y| if y % 2 == 0 { [1.0, 0.0] } else { [0.0, 0.4] }).collect();
        network
    }

    fn text(outputs: usize, width: usize, charset: Charset) -> String {
        let network = network(outputs);
        let settings =
            PathSettings { groups: vec!["1,2:1,3".parse().unwrap(), "3:2,4".parse().unwrap()], percent: 90.0 };
        let found = analyze(&network, &settings).unwrap();
        let (inputs, names) = (numbered("x", 4), numbered("y", outputs));
        let labels = Labels { inputs: &inputs, outputs: &names, shape: None };
        let sections = sections(&found, network.architecture(), labels, 90.0, width, charset);
        let lines: Vec<String> = sections.into_iter().flat_map(Section::indented).collect();
        assert!(lines.iter().all(|line| length(line) <= width), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn numbers_and_shades() {
        insta::assert_snapshot!(text(4, 80, Charset::Unicode));
    }

    #[test]
    fn shades_alone_where_numbers_do_not_fit() {
        insta::assert_snapshot!(text(16, 80, Charset::Ascii));
    }

    #[test]
    fn columns_that_do_not_fit_are_left_out() {
        assert!(text(30, 40, Charset::Unicode).contains("and 22 more outputs (see --json)"));
    }

    #[test]
    fn of_many_inputs_the_strongest_are_shown() {
        let (inputs, outputs) = (numbered("x", 100), numbered("y", 2));
        let labels = Labels { inputs: &inputs, outputs: &outputs, shape: None };
        let pi: Vec<Vec<f64>> = (0..100_u32).map(|input| vec![f64::from(input * 37 % 100), 0.0]).collect();
        let rows = table(&pi, labels, 40, Charset::Ascii);
        // 27 * 37 = 999, 54 * 37 = 1998.
        assert!(rows[1].starts_with("x28") && rows[2].starts_with("x55"), "{rows:#?}");
        assert_eq!(rows[49], "the 48 strongest of 100 inputs (see --json)");
        let shape = Some(Shape { height: 10, width: 10 });
        let rows = products(&pi, Labels { shape, ..labels }, 40, Charset::Ascii);
        assert!(rows[0].starts_with("y1, up to ") && rows[0].contains("y2, up to 0"), "{rows:#?}");
        assert!(rows.iter().all(|row| length(row) <= 40), "{rows:#?}");
    }

    #[test]
    fn numbers_take_at_most_seven_columns() {
        let values = [0.0, 0.001_234, 0.012_34, 0.5, 9.999, 99.96, 12_345.6, 1e9, 1.23e-12, 1e-200, 1e300];
        let shown = values.map(number);
        assert_eq!(
            shown.each_ref().map(String::as_str),
            ["0", "0.0012", "0.0123", "0.500", "10.00", "100.0", "12346", "1.0e9", "1.2e-12", "1e-200", "1e300"]
        );
        assert!(shown.iter().all(|text| text.len() <= 7));
    }
}
