//! A picture of the network in SVG: the units of each layer, boxed by module, and every edge. Inputs that are pixels are a
//! map.

use super::COLORS;
use crate::report::names::of_units;
use crate::report::network::Subject;
use crate::report::pixels::{Map, Style};
use crate::task::Shape;

/// Distances in pixels: between units of a module, between modules, between layers, and around the picture.
const UNIT: usize = 34;
const GAP: usize = 18;
const LAYER: usize = 110;
const MARGIN: usize = 30;

/// The width of a map that sets the size of its pixels, and of its legend.
const IMAGE: usize = 448;
const LEGEND: usize = 320;

/// The picture, with each layer centered and the units of a module together.
#[must_use]
pub fn picture(subject: Subject<'_>) -> String {
    let image = subject.labels.shape.map(Image::new);
    let count = subject.network.kept().len();
    let layers: Vec<Vec<Placed>> = (0..count).map(|layer| placed(subject, layer)).collect();
    let wide = |layer: usize| match image {
        Some(image) if layer == 0 => image.across() + 2 * LEGEND,
        _ => layers[layer].last().map_or(0, |last| last.x + UNIT),
    };
    let widest = (0..count).map(wide).max().unwrap_or(0);
    let above = image.map_or(UNIT, Image::down);
    let (width, height) = (widest + 2 * MARGIN, above + (count - 1) * LAYER + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    let shift = |layer: usize| MARGIN + (widest - wide(layer)) / 2 + UNIT / 2;
    let level = |layer: usize| MARGIN + above - UNIT / 2 + layer * LAYER;
    let corner = (MARGIN + (widest - image.map_or(0, Image::across)) / 2, MARGIN);
    let centers: Vec<Vec<(usize, usize)>> = (0..count)
        .map(|layer| match image {
            Some(image) if layer == 0 => {
                subject.network.kept()[0].iter().map(|&input| image.center(input, corner)).collect()
            }
            _ => centers(&layers[layer], (shift(layer), level(layer))),
        })
        .collect();
    for layer in 0..count - 1 {
        for (to, feeders) in subject.network.feeders(layer).iter().enumerate() {
            for &from in feeders {
                let ((x1, y1), (x2, y2)) = (centers[layer][from], centers[layer + 1][to]);
                let color = color(subject.detection.modules[layer][from]);
                svg.push_str(&format!(
                    "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{color}\" stroke-opacity=\"0.7\"/>\n"
                ));
            }
        }
    }
    if let Some(image) = image {
        svg.push_str(&image.drawn(&Map::new(image.shape, subject.detection), corner));
    }
    for (layer, units) in layers.iter().enumerate().skip(usize::from(image.is_some())) {
        for group in units.chunk_by(|a, b| a.module == b.module) {
            svg.push_str(&boxed(group, shift(layer), level(layer)));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The centers of the units of a layer, by position among the units on a path.
fn centers(units: &[Placed], (shift, level): (usize, usize)) -> Vec<(usize, usize)> {
    let mut centers = vec![(shift, level); units.len()];
    for unit in units {
        centers[unit.unit].0 += unit.x;
    }
    centers
}

/// The image whose pixels the inputs are.
#[derive(Clone, Copy)]
struct Image {
    shape: Shape,
    /// The side of a pixel.
    side: usize,
}

impl Image {
    fn new(shape: Shape) -> Self {
        Self { shape, side: (IMAGE / shape.width).clamp(2, 24) }
    }

    fn across(self) -> usize {
        self.shape.width * self.side
    }

    fn down(self) -> usize {
        self.shape.height * self.side
    }

    /// The upper left corner of a pixel of an image with its own at `corner`.
    fn place(self, pixel: usize, corner: (usize, usize)) -> (usize, usize) {
        (corner.0 + pixel % self.shape.width * self.side, corner.1 + pixel / self.shape.width * self.side)
    }

    fn center(self, pixel: usize, corner: (usize, usize)) -> (usize, usize) {
        let (x, y) = self.place(pixel, corner);
        (x + self.side / 2, y + self.side / 2)
    }

    /// The pixels in the colors of their modules, and the legend.
    fn drawn(self, map: &Map, corner: (usize, usize)) -> String {
        let (left, top) = corner;
        let (width, height, side) = (self.across(), self.down(), self.side);
        let mut svg =
            format!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"#eeeeee\"/>\n");
        for (pixel, module) in map.modules.iter().enumerate() {
            let Some(module) = *module else { continue };
            let (x, y) = self.place(pixel, corner);
            let (row, column) = (pixel / self.shape.width + 1, pixel % self.shape.width + 1);
            svg.push_str(&format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" fill=\"{}\">\
                 <title>r{row}c{column} M{}</title></rect>\n",
                color(module),
                module + 1
            ));
        }
        for (line, entry) in map.legend(60, usize::MAX, Style::Letters).into_iter().enumerate() {
            svg.push_str(&format!(
                "<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n",
                left + width + 12,
                top + 11 + 16 * line,
                entry.module.map_or("#555555", color),
                escaped(&entry.text)
            ));
        }
        svg
    }
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
    let names = of_units(kept, layer, subject.network.kept().len(), subject.labels.inputs, subject.labels.outputs);
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
    use crate::report::names::Labels;

    #[test]
    fn every_unit_and_every_edge_is_there() {
        let architecture = Architecture::new(vec![3, 2, 2]).unwrap();
        let layers = vec![vec![true, true, false, false, false, true], vec![true, false, false, true]];
        let network = Condensed::new(&Mask::from_layers(&architecture, layers));
        let detection = detect(&network, &DetectionSettings::default());
        let names = ["a<b".to_owned(), "b".to_owned(), "c".to_owned()];
        let labels = Labels { inputs: &names, outputs: &names, shape: None };
        let subject = Subject { network: &network, detection: &detection, labels };
        let svg = picture(subject);
        assert_eq!(svg.matches("<line").count(), network.edges());
        let units: usize = network.widths().iter().sum();
        assert_eq!(svg.matches("text-anchor").count(), units);
        assert!(svg.contains("a&lt;b") && svg.trim_end().ends_with("</svg>"), "{svg}");
    }

    #[test]
    fn pixels_are_a_map() {
        let architecture = Architecture::new(vec![6, 2, 2]).unwrap();
        let first = [true, true, false, false, false, false, false, false, true, false, true, false];
        let layers = vec![first.to_vec(), vec![true, false, false, true]];
        let network = Condensed::new(&Mask::from_layers(&architecture, layers));
        let detection = detect(&network, &DetectionSettings::default());
        let names: Vec<String> = (0..6).map(|name| name.to_string()).collect();
        let shape = Some(Shape { height: 2, width: 3 });
        let labels = Labels { inputs: &names, outputs: &names, shape };
        let svg = picture(Subject { network: &network, detection: &detection, labels });
        assert_eq!(svg.matches("<line").count(), network.edges());
        assert_eq!(svg.matches("<title>").count(), 4, "{svg}");
        // The fifth pixel is in the middle of the second row; pixels are 24 wide and 24 tall.
        let at = |name: &str| {
            let line = svg.lines().find(|line| line.contains(&format!("<title>{name} "))).unwrap();
            let number = |key: &str| line.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap();
            (number(" x").parse::<usize>().unwrap(), number(" y").parse::<usize>().unwrap())
        };
        assert_eq!((at("r2c2").0 - at("r1c1").0, at("r2c2").1 - at("r1c1").1), (24, 24));
        assert!(svg.contains("2 of 6 pixels pruned") && !svg.contains(">inputs<"), "{svg}");
    }
}
