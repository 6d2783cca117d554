//! The text about each module, for its box or the list.

use super::super::Charset;
use super::super::names::{layer, of_units, short};
use super::super::numbers::counted;
use super::super::text::{length, printable};
use crate::detect::{Detection, ModuleEdge};

/// Puts modules into words.
pub(super) struct Describer<'a> {
    pub detection: &'a Detection,
    pub input_names: &'a [String],
    pub output_names: &'a [String],
    pub charset: Charset,
}

impl Describer<'_> {
    /// `M1` for module 0.
    pub(super) fn title(module: usize) -> String {
        format!("M{}", module + 1)
    }

    /// A line for each layer in which the module has units, such as `layer 1  3 units`, with about `limit` columns for units.
    pub(super) fn lines(&self, module: usize, limit: usize) -> Vec<String> {
        let parts = self.parts(module, limit.saturating_sub(9));
        let longest = parts.iter().map(|(name, _)| length(name)).max().unwrap_or(0);
        parts.into_iter().map(|(name, units)| format!("{name:longest$}  {units}")).collect()
    }

    /// The name of each layer in which the module has units, and these units.
    pub(super) fn parts(&self, module: usize, limit: usize) -> Vec<(String, String)> {
        let node = &self.detection.hierarchy.nodes[module];
        let layers = node.units.len();
        let part = |(index, units): (usize, &Vec<usize>)| {
            let units = if index == 0 || index + 1 == layers {
                let names = of_units(units, index, layers, self.input_names, self.output_names);
                printable(&short(&names, limit), self.charset)
            } else {
                counted(units.len(), "unit")
            };
            (layer(index, layers), units)
        };
        node.units.iter().enumerate().filter(|(_, units)| !units.is_empty()).map(part).collect()
    }

    /// Modules of one output that nothing feeds, which a note names instead of the drawing.
    pub(super) fn alone(&self) -> Vec<bool> {
        let hierarchy = &self.detection.hierarchy;
        let lone = |units: &[Vec<usize>]| units.iter().rev().skip(1).all(Vec::is_empty);
        let mut alone: Vec<bool> = hierarchy.nodes.iter().map(|node| lone(&node.units)).collect();
        for edge in &hierarchy.edges {
            alone[edge.to] = false;
        }
        alone
    }

    /// What the drawing does not show: inputs and outputs without a path, circles and ties.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let last = self.detection.kept_units.len() - 1;
        let used = &self.detection.kept_units[0];
        let mut is_used = vec![false; self.input_names.len()];
        for &input in used {
            if let Some(used) = is_used.get_mut(input) {
                *used = true;
            }
        }
        let unused = self.input_names.iter().zip(&is_used).filter(|(_, used)| !**used);
        let unused: Vec<String> = unused.map(|(name, _)| name.clone()).collect();
        let alone = self.alone();
        let constant: Vec<usize> = (0..alone.len())
            .filter(|&module| alone[module])
            .flat_map(|module| self.detection.hierarchy.nodes[module].units[last].clone())
            .collect();
        let constant = of_units(&constant, last, last + 1, self.input_names, self.output_names);
        if self.detection.layers.is_empty() {
            notes
                .push("No path from an input to an output is left, so every output is a module of its own.".to_owned());
        } else if !unused.is_empty() {
            notes.push(format!("Unused inputs: {}", printable(&short(&unused, 50), self.charset)));
        }
        if !constant.is_empty() && !self.detection.layers.is_empty() {
            let names = printable(&short(&constant, 50), self.charset);
            notes.push(format!("Outputs without a path, each a module of its own: {names}"));
        }
        notes.extend(self.circles());
        if self.detection.tied {
            notes.push("Tied: if the hidden units were numbered differently, the modules could differ.".to_owned());
        }
        notes
    }

    fn circles(&self) -> Vec<String> {
        let hierarchy = &self.detection.hierarchy;
        let describe = |circle: Vec<usize>| {
            let back = hierarchy.edges.iter().filter(|edge| is_back(edge, &circle));
            let back: Vec<String> = back
                .map(|edge| {
                    let (from, to) = (Self::title(edge.from), Self::title(edge.to));
                    format!("{from} also feeds {to} ({})", counted(edge.edges, "edge"))
                })
                .collect();
            let members: Vec<String> = circle.iter().map(|&module| Self::title(module)).collect();
            format!("Circle of {}: {}", members.join(", "), back.join(", "))
        };
        hierarchy.cycles().into_iter().map(describe).collect()
    }
}

/// Whether the edge leads back within a circle of modules.
pub(super) fn is_back(edge: &ModuleEdge, circle: &[usize]) -> bool {
    edge.from > edge.to && circle.contains(&edge.from) && circle.contains(&edge.to)
}
