//! A detection as titled sections of text.

use super::{Charset, clusters, hierarchy};
use crate::detect::{Detection, DetectionSettings};

/// A titled piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The title.
    pub title: String,
    /// The rows.
    pub rows: Vec<String>,
}

impl Section {
    /// An empty row, the title, and the rows indented by two columns.
    pub fn indented(self) -> impl Iterator<Item = String> {
        let rows = self.rows.into_iter().map(|row| format!("  {row}").trim_end().to_owned());
        [String::new(), self.title].into_iter().chain(rows)
    }
}

/// Clusters, the table of the quality index, the reasons for each K, and the hierarchy, without empty sections. Indented by
/// two columns, no row is wider than `width`.
#[must_use]
pub fn sections(
    detection: &Detection,
    settings: &DetectionSettings,
    inputs: &[String],
    outputs: &[String],
    width: usize,
    charset: Charset,
) -> Vec<Section> {
    let width = width.saturating_sub(2);
    let table = format!("Quality of k clusters by {}; * marks the chosen k", settings.quality.name());
    let sections = [
        ("Clusters".to_owned(), clusters::assignments(detection, inputs, outputs, width)),
        (table, clusters::table(detection, width)),
        ("Why".to_owned(), clusters::reasons(detection, settings, width)),
        ("Hierarchy".to_owned(), hierarchy::draw(detection, inputs, outputs, width, charset)),
    ];
    let sections = sections.into_iter().filter(|(_, rows)| !detection.layers.is_empty() && !rows.is_empty());
    sections.map(|(title, rows)| Section { title, rows }).collect()
}
