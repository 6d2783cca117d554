//! The hierarchy as a list, if boxes do not fit.

use super::super::Charset;
use super::super::numbers::counted;
use super::super::text::wrapped;
use super::describe::Describer;

/// The most modules in the list.
const MOST: usize = 48;

/// A paragraph per module: its units, then the modules that it feeds.
pub(super) fn lines(text: &Describer<'_>, width: usize) -> Vec<String> {
    let arrow = if text.charset == Charset::Ascii { "->" } else { "→ " };
    let alone = text.alone();
    let mut lines = Vec::new();
    let modules: Vec<usize> = (0..text.detection.module_count).filter(|&module| !alone[module]).collect();
    for &module in modules.iter().take(MOST) {
        let parts = text.parts(module, width.saturating_sub(14));
        let parts: Vec<String> = parts.into_iter().map(|(layer, units)| format!("{layer}: {units}")).collect();
        lines.extend(wrapped(&format!("{}  {}", Describer::title(module), parts.join("; ")), width, 4));
        let fed = text.detection.hierarchy.edges.iter().filter(|edge| edge.from == module);
        let fed: Vec<String> =
            fed.map(|edge| format!("{} ({})", Describer::title(edge.to), counted(edge.edges, "edge"))).collect();
        if !fed.is_empty() {
            let fed = wrapped(&format!("{arrow} {}", fed.join(", ")), width.saturating_sub(4), 3);
            lines.extend(fed.iter().map(|line| format!("    {line}")));
        }
    }
    let rest = modules.len().saturating_sub(MOST);
    if rest > 0 {
        lines.push(format!("and {}", counted(rest, "more module")));
    }
    lines
}
