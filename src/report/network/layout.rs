//! Positions of units.

use super::drawing::{Cell, Subject};
use super::edges::are_drawn;
use crate::report::Charset;
use crate::report::names::of_units;
use crate::report::pixels::{Map, Style as Pixels};
use crate::report::text::{length, printable};

/// The positions of all units.
pub(super) struct Layout {
    pub layers: Vec<Layer>,
}

/// The units of a layer, from left to right.
pub(super) struct Layer {
    boxes: Vec<ModuleBox>,
    style: Style,
    /// The column of each unit of the condensed layer.
    pub columns: Vec<usize>,
    /// The module of each unit of the condensed layer.
    pub modules: Vec<usize>,
    /// The map that takes the place of the boxes if the units are pixels.
    picture: Vec<Vec<Cell>>,
    /// Columns of the map without its legend.
    across: usize,
}

/// The units of one module in a layer, in one box.
struct ModuleBox {
    module: usize,
    /// Positions in the condensed layer, from left to right.
    units: Vec<usize>,
    /// The names of these units.
    names: Vec<String>,
    /// The column of the box's left side.
    left: usize,
    /// Columns within the box.
    inner: usize,
}

/// How a layer is drawn: the richest that fits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Boxes with the names of units.
    Names,
    /// Boxes with a dot for each unit, and spaces between.
    Dots,
    /// Boxes with a dot for each unit.
    Tight,
    /// Boxes whose dots stand for several units.
    Folded,
    /// No boxes: the symbol of the module for each unit, or for several.
    Bare,
}

impl Layout {
    /// Places the units in `width` columns, layer by layer, with each box and unit near the units that feed it.
    pub fn new(subject: Subject<'_>, width: usize, pixels: Pixels) -> Self {
        let count = subject.network.kept().len();
        let mut layers: Vec<Layer> = Vec::with_capacity(count);
        for layer in 0..count {
            // The mean column of the units that feed each unit; units that nothing feeds stay in order on the left. Units
            // whose edges are not drawn stay in order, too.
            let pull: Vec<f64> = match layers.last() {
                Some(before) if are_drawn(subject.network, layer - 1) => {
                    subject.network.feeders(layer - 1).iter().map(|from| mean(from, &before.columns)).collect()
                }
                _ => vec![0.0; subject.network.kept()[layer].len()],
            };
            let image = subject.labels.shape.filter(|_| layer == 0);
            layers.push(match image {
                Some(shape) => Layer::image(subject, &Map::new(shape, subject.detection), width, pixels),
                None => Layer::new(subject, layer, &pull, width),
            });
        }
        // Center each layer; a map only as far as its legend has room.
        let widest = layers.iter().map(Layer::end).max().unwrap_or(0);
        for layer in &mut layers {
            let drawn = layer.picture.iter().map(Vec::len).max().unwrap_or(0);
            layer.shift(((widest - layer.end()) / 2).min(width.saturating_sub(drawn)));
        }
        Self { layers }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few columns")]
fn mean(units: &[usize], columns: &[usize]) -> f64 {
    let sum: usize = units.iter().map(|&unit| columns[unit]).sum();
    sum as f64 / units.len().max(1) as f64
}

impl Layer {
    #[expect(clippy::cast_precision_loss, reason = "a few units")]
    fn new(subject: Subject<'_>, layer: usize, pull: &[f64], width: usize) -> Self {
        let kept = &subject.network.kept()[layer];
        let layers = subject.network.kept().len();
        let modules = subject.detection.modules.get(layer).cloned().unwrap_or_default();
        let names = of_units(kept, layer, layers, subject.labels.inputs, subject.labels.outputs);
        let mut sorted: Vec<usize> = (0..kept.len()).collect();
        sorted.sort_by_key(|&unit| modules[unit]);
        let mut boxes: Vec<(f64, ModuleBox)> = sorted
            .chunk_by(|&a, &b| modules[a] == modules[b])
            .map(|units| {
                let (module, mut units) = (modules[units[0]], units.to_vec());
                let center = units.iter().map(|&unit| pull[unit]).sum::<f64>() / units.len() as f64;
                // People look for inputs and outputs by name, so they keep their order.
                if layer > 0 && layer + 1 < layers {
                    units.sort_by(|&a, &b| pull[a].total_cmp(&pull[b]));
                }
                let names = units.iter().map(|&unit| printable(&names[unit], Charset::Unicode)).collect();
                (center, ModuleBox { module, units, names, left: 0, inner: 0 })
            })
            .collect();
        boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut boxes: Vec<ModuleBox> = boxes.into_iter().map(|(_, module_box)| module_box).collect();
        let style = spread(&mut boxes, width);
        let mut columns = vec![0; kept.len()];
        for module_box in &boxes {
            for (place, &unit) in module_box.units.iter().enumerate() {
                columns[unit] = module_box.column(place, style);
            }
        }
        Self { boxes, style, columns, modules, picture: Vec::new(), across: 0 }
    }

    /// The inputs as a map of pixels.
    fn image(subject: Subject<'_>, map: &Map, width: usize, style: Pixels) -> Self {
        let across = map.columns(width, style);
        let columns = subject.network.kept()[0].iter().map(|input| across[input % across.len()]).collect();
        let modules = subject.detection.modules.first().cloned().unwrap_or_default();
        let (picture, last) = (map.draw(width, style), across.last().map_or(0, |last| last + 1));
        Self { boxes: Vec::new(), style: Style::Bare, columns, modules, picture, across: last }
    }

    /// The column after the last box, or after a map without its legend.
    fn end(&self) -> usize {
        if !self.picture.is_empty() {
            return self.across;
        }
        let border = if self.style == Style::Bare { 0 } else { 2 };
        self.boxes.iter().map(|module_box| module_box.left + module_box.inner + border).max().unwrap_or(0)
    }

    fn shift(&mut self, columns: usize) {
        for left in self.boxes.iter_mut().map(|module_box| &mut module_box.left).chain(&mut self.columns) {
            *left += columns;
        }
        for row in &mut self.picture {
            row.splice(0..0, vec![Cell::EMPTY; columns]);
        }
    }

    /// The number of lines of the layer.
    pub fn height(&self) -> usize {
        if !self.picture.is_empty() {
            return self.picture.len();
        }
        if self.style == Style::Bare { 1 } else { 3 }
    }

    /// The layer in `width` columns.
    pub fn draw(&self, width: usize, charset: Charset) -> Vec<Vec<Cell>> {
        if !self.picture.is_empty() {
            return self.picture.clone();
        }
        let mut rows = vec![vec![Cell::EMPTY; width]; self.height()];
        for module_box in &self.boxes {
            module_box.draw(&mut rows, self.style, charset);
        }
        if self.boxes.is_empty() {
            write(&mut rows[0], 0, "no units left", None);
        }
        rows
    }
}

/// Places the boxes and returns the richest style that fits.
fn spread(boxes: &mut [ModuleBox], width: usize) -> Style {
    let units: usize = boxes.iter().map(|module_box| module_box.units.len()).sum();
    let room = width.saturating_sub(3 * boxes.len());
    for style in [Style::Names, Style::Dots, Style::Tight, Style::Folded] {
        let mut used = 0;
        for module_box in boxes.iter_mut() {
            module_box.left = used;
            let content = match style {
                Style::Folded => (module_box.units.len() * room / units.max(1)).clamp(1, module_box.units.len()),
                style => module_box.content(style),
            };
            module_box.inner = content.max(length(&label(module_box.module)));
            used += module_box.inner + 3;
        }
        // The last box has no gap after it.
        if used <= width + 1 {
            return style;
        }
    }
    let folds = units.div_ceil(width.max(1)).max(1);
    let mut before = 0;
    for module_box in boxes {
        module_box.left = before / folds;
        before += module_box.units.len();
        module_box.inner = (before.div_ceil(folds)).saturating_sub(module_box.left).max(1);
    }
    Style::Bare
}

impl ModuleBox {
    /// Columns of the units.
    fn content(&self, style: Style) -> usize {
        let count = self.units.len();
        match style {
            Style::Names => self.names.iter().map(|name| length(name)).sum::<usize>() + count.saturating_sub(1),
            Style::Dots => 2 * count - 1,
            _ => count,
        }
    }

    /// The middle column of the unit at `place`.
    fn column(&self, place: usize, style: Style) -> usize {
        let start = self.left + 1;
        match style {
            Style::Names => {
                let before: usize = self.names[..place].iter().map(|name| length(name) + 1).sum();
                start + before + length(&self.names[place]).saturating_sub(1) / 2
            }
            Style::Dots => start + 2 * place,
            Style::Tight => start + place,
            Style::Folded => start + place * self.inner / self.units.len(),
            Style::Bare => self.left + place * self.inner / self.units.len(),
        }
    }

    fn draw(&self, rows: &mut [Vec<Cell>], style: Style, charset: Charset) {
        let module = Some(self.module);
        let dot = if charset == Charset::Unicode { "●" } else { "o" };
        if style == Style::Bare {
            for column in 0..self.inner {
                write(&mut rows[0], self.left + column, &sign(self.module).to_string(), module);
            }
            return;
        }
        let [corners, lines] = match charset {
            Charset::Unicode => [['┌', '┐', '└', '┘'], ['─', '│', '│', '─']],
            Charset::Ascii => [['+', '+', '+', '+'], ['-', '|', '|', '-']],
        };
        let right = self.left + self.inner + 1;
        let label = label(self.module);
        let fill = |used: usize| lines[0].to_string().repeat(self.inner.saturating_sub(used));
        let top = format!("{}{label}{}{}", corners[0], fill(length(&label)), corners[1]);
        let count = if style == Style::Folded { self.units.len().to_string() } else { String::new() };
        let count = if length(&count) <= self.inner { count } else { String::new() };
        let bottom = format!("{}{count}{}{}", corners[2], fill(length(&count)), corners[3]);
        write(&mut rows[0], self.left, &top, module);
        write(&mut rows[2], self.left, &bottom, module);
        write(&mut rows[1], self.left, &lines[1].to_string(), module);
        write(&mut rows[1], right, &lines[2].to_string(), module);
        for (place, name) in self.names.iter().enumerate() {
            if style == Style::Names {
                let before: usize = self.names[..place].iter().map(|name| length(name) + 1).sum();
                write(&mut rows[1], self.left + 1 + before, &printable(name, charset), module);
            } else {
                write(&mut rows[1], self.column(place, style), dot, module);
            }
        }
    }
}

/// The name of a module.
fn label(module: usize) -> String {
    format!("M{}", module + 1)
}

/// The symbol of a module: its number, or a letter from 10 on.
fn sign(module: usize) -> char {
    let signs = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    signs.chars().nth(module).unwrap_or('+')
}

fn write(row: &mut [Cell], left: usize, text: &str, module: Option<usize>) {
    for (symbol, cell) in text.chars().zip(row.iter_mut().skip(left)) {
        *cell = Cell::new(symbol, module);
    }
}
