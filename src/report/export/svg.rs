//! A picture of the network in SVG: the units of each layer, boxed by module, and every edge.

use crate::report::names::of_units;
use crate::report::network::Subject;

/// The colors of Okabe and Ito, which are distinct for people with any color blindness.
const COLORS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#999999"];

/// Distances in pixels: between units of a module, between modules, between layers, and around the picture.
const UNIT: usize = 34;
const GAP: usize = 18;
const LAYER: usize = 110;
const MARGIN: usize = 30;

/// The picture, with each layer centered and the units of a module together.
#[must_use]
pub fn picture(subject: Subject<'_>) -> String {
    let layers: Vec<Vec<Placed>> = (0..subject.network.kept().len()).map(|layer| placed(subject, layer)).collect();
    let wide = |layer: &Vec<Placed>| layer.last().map_or(0, |last| last.x + UNIT);
    let widest = layers.iter().map(wide).max().unwrap_or(0);
    let (width, height) = (widest + 2 * MARGIN, (layers.len() - 1) * LAYER + UNIT + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    let shift = |layer: usize| MARGIN + (widest - wide(&layers[layer])) / 2 + UNIT / 2;
    let level = |layer: usize| MARGIN + UNIT / 2 + layer * LAYER;
    let center = |layer: usize, unit: usize| {
        let found = layers[layer].iter().find(|placed| placed.unit == unit);
        shift(layer) + found.map_or(0, |placed| placed.x)
    };
    for layer in 0..layers.len() - 1 {
        for (to, feeders) in subject.network.feeders(layer).iter().enumerate() {
            for &from in feeders {
                let module = subject.detection.modules[layer][from];
                svg.push_str(&format!(
                    "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-opacity=\"0.7\"/>\n",
                    center(layer, from),
                    level(layer),
                    center(layer + 1, to),
                    level(layer + 1),
                    color(module)
                ));
            }
        }
    }
    for (layer, units) in layers.iter().enumerate() {
        for group in units.chunk_by(|a, b| a.module == b.module) {
            svg.push_str(&boxed(group, shift(layer), level(layer)));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// A unit of a layer.
struct Placed {
    /// The position among the units on a path.
    unit: usize,
    module: usize,
    name: String,
    x: usize,
}

fn placed(subject: Subject<'_>, layer: usize) -> Vec<Placed> {
    let kept = &subject.network.kept()[layer];
    let names = of_units(kept, layer, subject.network.kept().len(), subject.inputs, subject.outputs);
    let modules = &subject.detection.modules[layer];
    let mut units: Vec<Placed> =
        names.into_iter().enumerate().map(|(unit, name)| Placed { unit, module: modules[unit], name, x: 0 }).collect();
    units.sort_by_key(|unit| unit.module);
    let mut x = 0;
    let mut before = None;
    for unit in &mut units {
        x += if before.is_some_and(|before| before != unit.module) { GAP } else { 0 };
        (unit.x, before) = (x, Some(unit.module));
        x += UNIT;
    }
    units
}

/// The units of one module in their box.
fn boxed(group: &[Placed], shift: usize, y: usize) -> String {
    let (first, last, module) = (group[0].x, group[group.len() - 1].x, group[0].module);
    let (left, half) = (shift + first - UNIT / 2, UNIT / 2);
    let mut svg = format!(
        "<rect x=\"{left}\" y=\"{}\" width=\"{}\" height=\"{UNIT}\" rx=\"6\" fill=\"white\" stroke=\"{}\"/>\n\
         <text x=\"{left}\" y=\"{}\" fill=\"{}\">M{}</text>\n",
        y - half,
        last - first + UNIT,
        color(module),
        y - half - 3,
        color(module),
        module + 1
    );
    for unit in group {
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
            shift + unit.x,
            y + 4,
            escaped(&unit.name)
        ));
    }
    svg
}

fn color(module: usize) -> &'static str {
    COLORS[module % COLORS.len()]
}

fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{DetectionSettings, detect};
    use crate::network::{Architecture, Condensed, Mask};

    #[test]
    fn every_unit_and_every_edge_is_there() {
        let architecture = Architecture::new(vec![3, 2, 2]).unwrap();
        let layers = vec![vec![true, true, false, false, false, true], vec![true, false, false, true]];
        let network = Condensed::new(&Mask::from_layers(&architecture, layers));
        let detection = detect(&network, &DetectionSettings::default());
        let names = ["a<b".to_owned(), "b".to_owned(), "c".to_owned()];
        let subject = Subject { network: &network, detection: &detection, inputs: &names, outputs: &names };
        let svg = picture(subject);
        assert_eq!(svg.matches("<line").count(), network.edges());
        let units: usize = network.widths().iter().sum();
        assert_eq!(svg.matches("text-anchor").count(), units);
        assert!(svg.contains("a&lt;b") && svg.trim_end().ends_with("</svg>"), "{svg}");
    }
}
