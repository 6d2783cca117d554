//! Clusters within layers as text: assignments, the table of the quality index, and why K is what it is.

use super::names::{layer, of_units, short};
use super::text::{length, wrapped};
use crate::detect::{DecidedBy, Detection, DetectionSettings, LayerClusters, Quality, QualityAt, SeparabilityTest};

/// One row a layer: its kept units, K, and the units of each cluster; inputs by name, hidden units by index from 0.
#[must_use]
pub fn assignments(detection: &Detection, inputs: &[String], outputs: &[String], width: usize) -> Vec<String> {
    let layers = detection.kept_units.len();
    let mut rows = vec!["layer     units    K  clusters".to_owned()];
    for found in &detection.layers {
        let names = of_units(&detection.kept_units[found.layer], found.layer, layers, inputs, outputs);
        let groups = (0..found.k).map(|cluster| {
            let members = names.iter().zip(&found.clusters).filter(|(_, of)| **of == cluster);
            format!("{{{}}}", short(&members.map(|(name, _)| name.clone()).collect::<Vec<_>>(), 24))
        });
        let groups: Vec<String> = groups.collect();
        let head = format!("{:8} {:6} {:4}  ", layer(found.layer, layers), found.units, found.k);
        rows.extend(wrapped_groups(head, &groups, width));
    }
    rows
}

/// The most lines that the clusters of one layer take.
const GROUP_LINES: usize = 4;

fn wrapped_groups(head: String, groups: &[String], width: usize) -> Vec<String> {
    let indent = length(&head);
    let mut rows = vec![head];
    for (index, group) in groups.iter().enumerate() {
        let last = rows.len() - 1;
        if length(&rows[last]) > indent && length(&rows[last]) + 1 + length(group) > width {
            if rows.len() == GROUP_LINES {
                rows.push(format!("{}and {} more", " ".repeat(indent), groups.len() - index));
                return rows;
            }
            rows.push(format!("{}{group}", " ".repeat(indent)));
        } else {
            let gap = if length(&rows[last]) > indent { " " } else { "" };
            rows[last].push_str(&format!("{gap}{group}"));
        }
    }
    rows
}

/// The quality index of each layer (rows) at each k (columns), the chosen K marked with a star. Where columns do not
/// fit, the last ones give way to those of the chosen K, N - 1 and N.
#[must_use]
pub fn table(detection: &Detection, width: usize) -> Vec<String> {
    let most = detection.layers.iter().map(|found| found.units).max().unwrap_or(0);
    let cell = (most.to_string().len() + 1).max(9);
    let columns = columns(detection, most, (width.saturating_sub(FIRST)) / cell);
    let heads = columns.iter().map(|column| match column {
        Some(k) => format!("{k:>0$} ", cell - 1),
        None => format!("{:>1$} ", "..", cell - 1),
    });
    let mut rows = vec![format!("{:FIRST$}{}", "k", heads.collect::<String>()).trim_end().to_owned()];
    for found in &detection.layers {
        let cells =
            columns.iter().map(|column| format!("{:>cell$}", column.map_or(String::new(), |k| value(found, k))));
        let name = layer(found.layer, detection.kept_units.len());
        rows.push(format!("{name:FIRST$}{}", cells.collect::<String>()).trim_end().to_owned());
    }
    rows
}

/// Columns for the names of layers.
const FIRST: usize = 9;

/// Which k to show, `None` for a gap.
fn columns(detection: &Detection, most: usize, room: usize) -> Vec<Option<usize>> {
    if most <= room {
        return (1..=most).map(Some).collect();
    }
    let ends = |found: &LayerClusters| [found.k, found.units.saturating_sub(1), found.units];
    let mut wanted: Vec<usize> = detection.layers.iter().flat_map(ends).filter(|&k| k > 0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    // A gap takes a column of its own.
    let first = (1..room).rev().find(|&first| first + 1 + wanted.iter().filter(|&&k| k > first).count() <= room);
    let first = first.unwrap_or(room.saturating_sub(1));
    let late = wanted.into_iter().filter(|&k| k > first).map(Some);
    (1..=first).map(Some).chain([None]).chain(late).take(room.max(1)).collect()
}

/// A cell of the table: a star behind the chosen k, a dash where the index is undefined.
fn value(found: &LayerClusters, k: usize) -> String {
    let star = if k == found.k { '*' } else { ' ' };
    match found.modularity.get(k - 1) {
        None if k == found.k => "*".to_owned(),
        None => String::new(),
        Some(QualityAt { m: None, .. }) => format!("-{star}"),
        Some(QualityAt { m: Some(m), .. }) => format!("{m:.3}{star}"),
    }
}

/// A sentence or two a layer: what chose its K, with the observed and expected common successors of both tests.
#[must_use]
pub fn reasons(detection: &Detection, settings: &DetectionSettings, width: usize) -> Vec<String> {
    let layers = detection.kept_units.len();
    let sentence = |found: &LayerClusters| {
        let text = format!("{}: {}", layer(found.layer, layers), reason(found, settings));
        wrapped(&text, width, 2)
    };
    detection.layers.iter().flat_map(sentence).collect()
}

/// Why a layer has the number of clusters it has.
#[must_use]
pub fn reason(found: &LayerClusters, settings: &DetectionSettings) -> String {
    let (Some(separate), Some(single)) = (&found.separate, &found.single) else {
        return "one unit is one cluster.".to_owned();
    };
    let verdict = match (found.decided_by, separate.positive && single.positive) {
        (DecidedBy::Single, false) => "The two sides are one: K = 1.".to_owned(),
        (DecidedBy::Separate, false) => format!("The nearest two are separable: K = {}.", found.k),
        (DecidedBy::Single, true) if single.z > separate.z => "Both hold, one cluster more clearly: K = 1.".to_owned(),
        (DecidedBy::Single, true) => "Both hold equally clearly, which counts as one cluster: K = 1.".to_owned(),
        (DecidedBy::Separate, true) => format!("Both hold, separate units more clearly: K = {}.", found.k),
        (DecidedBy::Quality, _) if !separate.positive && !single.positive => format!("Neither holds: K = {}.", found.k),
        (DecidedBy::Quality, _) => format!("K = {}.", found.k),
    };
    let tests = format!(
        "Test 1, nearest two: {}. Test 2, sides at k = 2: {}.",
        outcome(separate, "separable"),
        outcome(single, "one cluster")
    );
    format!("{} {tests} {verdict}", occasion(found, settings))
}

/// Whether the tests were asked, and why.
fn occasion(found: &LayerClusters, settings: &DetectionSettings) -> String {
    let index = if settings.quality == Quality::Modularity { "M" } else { settings.quality.name() };
    if found.units == 2 {
        return "two units, so the tests decide.".to_owned();
    }
    let Some(QualityAt { k, m: Some(m) }) = settings.quality.best(&found.modularity) else {
        return format!("{index} is defined for no k from 2 to N - 1, so the tests decide.");
    };
    let best = format!("{index} is best at k = {k} ({m:.3})");
    if k == 2 || k + 1 == found.units {
        let end = if k == 2 { "k = 2" } else { "k = N - 1" };
        format!("{best}; at {end} the tests decide.")
    } else if settings.quality == Quality::Modularity && m > settings.modularity_threshold {
        format!("{best}, above the threshold {}, so the tests decide.", settings.modularity_threshold)
    } else {
        format!("{best}, so the tests are not asked.")
    }
}

fn outcome(test: &SeparabilityTest, claim: &str) -> String {
    let answer = if test.positive { "" } else { "not " };
    format!(
        "{} of {} later units in common, {:.2} expected, Z = {:.2}, {answer}{claim}",
        test.o_ij, test.g, test.expected, test.z
    )
}
