//! The map of an image's pixels by module.

use super::{Fold, words};
use crate::detect::Detection;
use crate::report::network::Cell;
use crate::report::numbers::{counted, thousands};
use crate::report::text::length;
use crate::task::Shape;

/// How a map is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Half blocks in the colors of modules, two pixels to a character. Needs colors and Unicode.
    Blocks,
    /// A letter for each pixel's module.
    Letters,
}

/// The number of colors of modules. Pixels of later modules are letters, whatever the style.
const COLORS: usize = 5;

/// The most modules in the legend.
const LEGEND: usize = 10;

/// The narrowest legend that is drawn beside a map.
const NARROWEST: usize = 8;

/// The modules of an image's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Height and width of the image.
    pub(in crate::report) shape: Shape,
    /// The module of each pixel, row by row; `None` for pruned pixels.
    pub(in crate::report) modules: Vec<Option<usize>>,
}

/// An entry of a map's legend.
pub(in crate::report) struct Entry {
    /// The character that it explains.
    sign: Option<Cell>,
    /// The module that it is about.
    pub module: Option<usize>,
    /// What it says.
    pub text: String,
}

impl Map {
    /// The map of a network whose inputs are the pixels of an image, row by row; pixels without a path are pruned.
    #[must_use]
    pub fn new(shape: Shape, detection: &Detection) -> Self {
        let mut modules = vec![None; shape.pixels()];
        if let (Some(kept), Some(found)) = (detection.kept_units.first(), detection.modules.first()) {
            for (&input, &module) in kept.iter().zip(found) {
                if let Some(pixel) = modules.get_mut(input) {
                    *pixel = Some(module);
                }
            }
        }
        Self { shape, modules }
    }

    /// The map in at most `width` columns, with a legend beside it or, if there is no room, below it. Images that are too
    /// wide or too tall are shrunk.
    #[must_use]
    pub fn draw(&self, width: usize, style: Style) -> Vec<Vec<Cell>> {
        let mut rows = self.picture(width, style);
        let used = rows.first().map_or(0, Vec::len);
        let beside = width.saturating_sub(used + 2);
        if beside < NARROWEST {
            rows.extend(self.rows(width, width, style));
            return rows;
        }
        for (number, line) in self.rows(beside, width, style).enumerate() {
            if number == rows.len() {
                rows.push(vec![Cell::EMPTY; used]);
            }
            rows[number].extend([Cell::EMPTY; 2].into_iter().chain(line));
        }
        rows
    }

    /// The map alone, in at most `width` columns.
    pub(in crate::report) fn picture(&self, width: usize, style: Style) -> Vec<Vec<Cell>> {
        let fold = self.fold(width, style);
        let (across, down) = fold.size(self.shape);
        let halves = if style == Style::Blocks { 2 } else { 1 };
        let height = fold.rows / halves;
        let at = |line: usize, half: usize, column: usize| {
            let (top, left) = (line * fold.rows + half * height, column * fold.columns);
            self.most(top..top + height, left..left + fold.columns)
        };
        let cell = |line: usize, column: usize| match style {
            Style::Blocks => block(at(line, 0, column), at(line, 1, column)),
            Style::Letters => letter(at(line, 0, column)),
        };
        (0..down).map(|line| (0..across).map(|column| cell(line, column)).collect()).collect()
    }

    /// The column, in a map of at most `width` columns, of each pixel in a row.
    pub(in crate::report) fn columns(&self, width: usize, style: Style) -> Vec<usize> {
        let fold = self.fold(width, style);
        (0..self.shape.width).map(|column| column / fold.columns).collect()
    }

    fn fold(&self, width: usize, style: Style) -> Fold {
        Fold::new(self.shape, if style == Style::Blocks { 2 } else { 1 }, width)
    }

    /// The module of most kept pixels in these rows and columns, the first one of several.
    fn most(&self, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> Option<usize> {
        let columns = columns.start..columns.end.min(self.shape.width);
        let rows = rows.start..rows.end.min(self.shape.height);
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for row in rows {
            let line = &self.modules[row * self.shape.width..][columns.clone()];
            for module in line.iter().copied().flatten() {
                match counts.iter_mut().find(|(other, _)| *other == module) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((module, 1)),
                }
            }
        }
        counts.into_iter().max_by_key(|&(module, count)| (count, std::cmp::Reverse(module))).map(|(module, _)| module)
    }

    /// The pixels of each module that has some, by module.
    fn groups(&self) -> Vec<(usize, Vec<usize>)> {
        let most = self.modules.iter().copied().flatten().max();
        let mut groups: Vec<(usize, Vec<usize>)> =
            (0..most.map_or(0, |last| last + 1)).map(|module| (module, Vec::new())).collect();
        for (pixel, module) in self.modules.iter().enumerate() {
            if let Some(module) = module {
                groups[*module].1.push(pixel);
            }
        }
        groups.retain(|(_, pixels)| !pixels.is_empty());
        groups
    }

    /// The legend as rows of characters.
    fn rows(&self, room: usize, width: usize, style: Style) -> impl Iterator<Item = Vec<Cell>> {
        self.legend(room, width, style).into_iter().map(|Entry { sign, module, text }| {
            let space = sign.map(|_| Cell::EMPTY);
            let text = text.chars().map(|symbol| Cell::new(symbol, module)).collect::<Vec<_>>();
            sign.into_iter().chain(space).chain(text).collect()
        })
    }

    /// An entry for each of the modules with most pixels, and what else is to be said of a map `width` columns wide, in
    /// `room` columns.
    pub(in crate::report) fn legend(&self, room: usize, width: usize, style: Style) -> Vec<Entry> {
        let sign = |module: Option<usize>| if style == Style::Blocks { block(module, module) } else { letter(module) };
        let mut groups = self.groups();
        let mut rest = Vec::new();
        if groups.len() > LEGEND {
            groups.sort_by_key(|(_, pixels)| std::cmp::Reverse(pixels.len()));
            rest = groups.split_off(LEGEND - 1);
            groups.sort_by_key(|&(module, _)| module);
        }
        let mut entries: Vec<Entry> = groups
            .iter()
            .map(|(module, pixels)| {
                let name = format!("M{}", module + 1);
                let described = self.described(pixels, room.saturating_sub(3 + length(&name)));
                let module = Some(*module);
                Entry { sign: Some(sign(module)), module, text: format!("{name} {described}") }
            })
            .collect();
        // The longest of some texts that fits.
        let mut note = |sign: Option<Cell>, texts: &[String]| {
            let room = room.saturating_sub(if sign.is_some() { 2 } else { 0 });
            let text = texts.iter().find(|text| length(text) <= room).or(texts.last());
            entries.extend(text.map(|text| Entry { sign, module: None, text: text.clone() }));
        };
        if !rest.is_empty() {
            let pixels: usize = rest.iter().map(|(_, pixels)| pixels.len()).sum();
            let more = format!("and {}", counted(rest.len(), "more module"));
            note(None, &[format!("{more} with {}", counted(pixels, "pixel")), more, format!("+{}", rest.len())]);
        }
        let pruned = self.modules.iter().filter(|module| module.is_none()).count();
        if pruned > 0 {
            let (of, pruned) = (thousands(self.modules.len()), thousands(pruned));
            let texts = [format!("{pruned} of {of} pixels pruned"), format!("{pruned} pruned"), pruned];
            note(Some(sign(None)), &texts);
        }
        let fold = self.fold(width, style);
        if fold.columns > 1 {
            let size = format!("{} x {}", fold.rows, fold.columns);
            note(None, &[format!("each character is {size} pixels"), format!("{size} pixels"), size]);
        }
        entries
    }

    /// Pixels in words that fit, if possible.
    fn described(&self, pixels: &[usize], room: usize) -> String {
        let places = pixels.iter().map(|pixel| (pixel / self.shape.width + 1, pixel % self.shape.width + 1));
        let text = match places.clone().collect::<Vec<_>>()[..] {
            [(row, column)] => format!("r{row}c{column}"),
            _ => words::of(places.collect(), room).unwrap_or_else(|| counted(pixels.len(), "pixel")),
        };
        if length(&text) <= room { text } else { thousands(pixels.len()) }
    }
}

/// `A` for module 0, .., `Z`, `a`, .., `z`, and `+` for all others; a dot for pruned pixels.
fn letter(module: Option<usize>) -> Cell {
    let symbol = module.map_or('.', |module| ('A'..='Z').chain('a'..='z').nth(module).unwrap_or('+'));
    Cell::new(symbol, module)
}

/// Two pixels, one above the other, as blocks; the letter of a module that has no color of its own.
fn block(top: Option<usize>, bottom: Option<usize>) -> Cell {
    if let Some(late) = [top, bottom].into_iter().flatten().find(|&module| module >= COLORS) {
        return letter(Some(late));
    }
    match (top, bottom) {
        (None, None) => Cell::new('·', None),
        (Some(_), None) => Cell::new('▀', top),
        (None, Some(_)) => Cell::new('▄', bottom),
        (Some(above), Some(below)) if above == below => Cell::new('█', top),
        (Some(_), Some(_)) => Cell { symbol: '▀', module: top, behind: bottom },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of letters, `.` for pruned pixels.
    fn map(rows: &[&str]) -> Map {
        let shape = Shape { height: rows.len(), width: rows[0].len() };
        let module = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".find(c);
        Map { shape, modules: rows.concat().chars().map(module).collect() }
    }

    fn text(rows: &[Vec<Cell>]) -> Vec<String> {
        rows.iter().map(|row| row.iter().map(|cell| cell.symbol).collect::<String>().trim_end().to_owned()).collect()
    }

    /// The modules in the upper and the lower halves of a row of blocks, as letters.
    fn halves(row: &[Cell]) -> [String; 2] {
        let sign = |module: Option<usize>| letter(module).symbol;
        let of = |cell: &Cell| match cell.symbol {
            '█' => (cell.module, cell.module),
            '▀' => (cell.module, cell.behind),
            '▄' => (None, cell.module),
            '·' => (None, None),
            other => panic!("{other}"),
        };
        [row.iter().map(|cell| sign(of(cell).0)).collect(), row.iter().map(|cell| sign(of(cell).1)).collect()]
    }

    const SMALL: [&str; 5] = ["AA..BB", "AAC.BB", ".A..B.", "......", "D..BBA"];

    #[test]
    fn letters_are_the_pixels() {
        assert_eq!(text(&map(&SMALL).picture(80, Style::Letters)), SMALL);
        let past = Map { shape: Shape { height: 1, width: 3 }, modules: vec![Some(25), Some(26), Some(52)] };
        assert_eq!(text(&past.picture(80, Style::Letters)), ["Za+"]);
    }

    #[test]
    fn half_blocks_are_the_pixels() {
        let picture = map(&SMALL).picture(80, Style::Blocks);
        let read: Vec<String> = picture.iter().flat_map(|row| halves(row)).collect();
        assert_eq!(read[..5], SMALL);
        assert_eq!(read[5], "......", "below the image");
    }

    #[test]
    fn modules_without_a_color_of_their_own_are_letters() {
        let picture = map(&["AFA", "FFE"]).picture(80, Style::Blocks);
        assert_eq!(text(&picture), ["FF▀"]);
        assert_eq!((picture[0][0].module, picture[0][2].behind), (Some(5), Some(4)));
    }

    #[test]
    fn a_wide_image_is_shrunk_to_the_module_of_most_pixels() {
        let wide = map(&["AABBBB..", "ABBB.B..", "........", "C......D"]);
        assert_eq!(text(&wide.picture(4, Style::Letters)), ["ABB.", "C..D"]);
        assert_eq!(wide.columns(4, Style::Letters), [0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(text(&wide.picture(8, Style::Letters))[0], "AABBBB..");
    }

    #[test]
    fn the_legend_is_beside_or_below() {
        let small = map(&SMALL);
        let beside = text(&small.draw(60, Style::Letters));
        assert_eq!(
            beside,
            [
                "AA..BB  A M1 6 pixels in columns 1-6 (rows 1-5)",
                "AAC.BB  B M2 7 pixels in columns 4-6 (rows 1-5)",
                ".A..B.  C M3 r2c3",
                "......  D M4 r5c1",
                "D..BBA  . 15 of 30 pixels pruned",
            ]
        );
        let narrow = text(&small.draw(22, Style::Letters));
        assert_eq!(narrow[0], "AA..BB  A M1 6 pixels");
        assert_eq!(narrow[4], "D..BBA  . 15 pruned");
        let below = text(&small.draw(15, Style::Blocks));
        assert_eq!(below[2], "▀··▀▀▀");
        assert_eq!(below[3], "█ M1 6 pixels");
        assert!(below.iter().all(|line| length(line) <= 15), "{below:?}");
    }

    #[test]
    fn of_many_modules_the_greatest_are_in_the_legend() {
        let rows: [String; 2] = ["A".repeat(20), ('B'..='U').collect()];
        let lines = text(&map(&[&rows[0], &rows[1]]).draw(70, Style::Letters));
        assert_eq!(lines[0], "AAAAAAAAAAAAAAAAAAAA  A M1 row 1, columns 1-20");
        assert_eq!(lines[9].trim(), "and 12 more modules with 12 pixels");
        assert_eq!(lines.len(), 10);
    }
}
