//! Clusters within layers as text: assignments, the table of the quality index, and the reasons for each K.

use std::collections::BTreeSet;

use super::names::{layer, of_units, short};
use super::text::{length, wrapped};
use crate::detect::{DecidedBy, Detection, DetectionSettings, LayerClusters, Quality, QualityAt, SeparabilityTest};

/// One row per layer: the number of units on a path, K, and the units of each cluster. Inputs and outputs have their names,
/// hidden units their index from 0.
#[must_use]
pub fn assignments(detection: &Detection, inputs: &[String], outputs: &[String], width: usize) -> Vec<String> {
    let layers = detection.kept_units.len();
    let mut rows = vec!["layer     units    K  clusters".to_owned()];
    for found in &detection.layers {
        let names = of_units(&detection.kept_units[found.layer], found.layer, layers, inputs, outputs);
        let mut groups = vec![Vec::new(); found.k];
        for (name, &cluster) in names.into_iter().zip(&found.clusters) {
            if let Some(group) = groups.get_mut(cluster) {
                group.push(name);
            }
        }
        let head = format!("{:8} {:6} {:4}  ", layer(found.layer, layers), found.units, found.k);
        rows.extend(wrapped_groups(head, &groups, width));
    }
    rows
}

/// The most rows for the clusters of one layer.
const GROUP_LINES: usize = 4;

fn wrapped_groups(head: String, groups: &[Vec<String>], width: usize) -> Vec<String> {
    let indent = length(&head);
    let mut rows = vec![head];
    for (index, group) in groups.iter().enumerate() {
        let group = format!("{{{}}}", short(group, 24));
        let last = rows.len() - 1;
        if length(&rows[last]) > indent && length(&rows[last]) + 1 + length(&group) > width {
            if rows.len() == GROUP_LINES {
                rows.push(format!("{}and {} more", " ".repeat(indent), groups.len() - index));
                return rows;
            }
            rows.push(format!("{}{group}", " ".repeat(indent)));
        } else {
            let gap = if length(&rows[last]) > indent { " " } else { "" };
            rows[last].push_str(gap);
            rows[last].push_str(&group);
        }
    }
    rows
}

/// The quality index of each layer (rows) at each k (columns), with a star at the chosen K. If not all columns fit, the
/// last ones give way to the chosen K and, given room, to N - 1 and N.
#[must_use]
pub fn table(detection: &Detection, width: usize) -> Vec<String> {
    let most = detection.layers.iter().map(|found| found.units).max().unwrap_or(0);
    let cell = (most.to_string().len() + 1).max(8);
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

/// The values of k to show, with `None` for a gap.
fn columns(detection: &Detection, most: usize, room: usize) -> Vec<Option<usize>> {
    if most <= room {
        return (1..=most).map(Some).collect();
    }
    let chosen: Vec<usize> = detection.layers.iter().map(|found| found.k).collect();
    let ends = detection.layers.iter().flat_map(|found| [found.units.saturating_sub(1), found.units]);
    let all: Vec<usize> = chosen.iter().copied().chain(ends).collect();
    with_gap(&all, room).or_else(|| with_gap(&chosen, room)).unwrap_or_else(|| (1..=room).map(Some).collect())
}

/// As many k from 1 on as fit, a gap, and the later ones of `wanted`.
fn with_gap(wanted: &[usize], room: usize) -> Option<Vec<Option<usize>>> {
    let late = |first: usize| wanted.iter().copied().filter(move |&k| k > first).collect::<BTreeSet<usize>>();
    let first = (1..room).rev().find(|&first| first + 1 + late(first).len() <= room)?;
    Some((1..=first).map(Some).chain([None]).chain(late(first).into_iter().map(Some)).collect())
}

/// A cell of the table: with a star after the chosen k, and a dash if the index is undefined.
fn value(found: &LayerClusters, k: usize) -> String {
    let star = if k == found.k { '*' } else { ' ' };
    match found.quality.get(k - 1) {
        None if k == found.k => "*".to_owned(),
        None => String::new(),
        Some(QualityAt { m: None, .. }) => format!("-{star}"),
        Some(QualityAt { m: Some(m), .. }) => format!("{m:.3}{star}"),
    }
}

/// A few sentences per layer: what decided its K, and the observed and expected common successors of both tests.
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
        return "a single unit is one cluster.".to_owned();
    };
    let verdict = match (found.decided_by, separate.positive && single.positive) {
        (DecidedBy::Single, false) => "The two sides are one cluster: K = 1.".to_owned(),
        (DecidedBy::Separate, false) => format!("The nearest two are separable: K = {}.", found.k),
        (DecidedBy::Single, true) if single.z > separate.z => {
            "Both tests hold, the second more clearly: K = 1.".to_owned()
        }
        (DecidedBy::Single, true) => "Both tests hold equally clearly, which counts as one cluster: K = 1.".to_owned(),
        (DecidedBy::Separate, true) => format!("Both tests hold, the first more clearly: K = {}.", found.k),
        (DecidedBy::Quality, _) if !separate.positive && !single.positive => {
            format!("Neither test holds: K = {}.", found.k)
        }
        (DecidedBy::Quality, _) => format!("K = {}.", found.k),
    };
    let tests = format!(
        "Test 1, nearest two: {}. Test 2, sides at k = 2: {}.",
        outcome(separate, "separable"),
        outcome(single, "one cluster")
    );
    format!("{} {tests} {verdict}", occasion(found, settings))
}

/// Whether the tests decide, and why.
fn occasion(found: &LayerClusters, settings: &DetectionSettings) -> String {
    let index = if settings.quality == Quality::Modularity { "M" } else { settings.quality.name() };
    if found.units == 2 {
        return "two units, so the tests decide.".to_owned();
    }
    let Some(QualityAt { k, m: Some(m) }) = settings.quality.best(&found.quality) else {
        return format!("{index} is defined for no k from 2 to N - 1, so the tests decide.");
    };
    let best = match settings.quality {
        Quality::Modularity => format!("lowest {index} at k = {k} ({m:.3})"),
        _ => format!("best {index} at k = {k} ({m:.3})"),
    };
    if k == 2 || k + 1 == found.units {
        let end = if k == 2 { "k = 2" } else { "k = N - 1" };
        format!("{best}; at {end} the tests decide.")
    } else if settings.quality == Quality::Modularity && m > settings.modularity_threshold {
        format!("{best} is above the threshold {}, so the tests decide.", settings.modularity_threshold)
    } else {
        format!("{best}, so no tests are needed.")
    }
}

fn outcome(test: &SeparabilityTest, claim: &str) -> String {
    let answer = if test.positive { "" } else { "not " };
    format!(
        "{} of {} later units in common, {:.2} expected, Z = {:.2}, {answer}{claim}",
        test.o_ij, test.g, test.expected, test.z
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::detect;
    use crate::network::{Architecture, Condensed, Mask};
    use crate::report::names::numbered;

    /// Figure 38: 4-1-2-16, condensed to 4,3,3,2,16.
    fn found(settings: &DetectionSettings) -> Detection {
        let rows = "010011100111 111011011 101010 01100110011001100110011001100110";
        let architecture = Architecture::new(vec![4, 3, 3, 2, 16]).unwrap();
        let layers = rows.split(' ').map(|bits| bits.chars().map(|bit| bit == '1').collect()).collect();
        detect(&Condensed::new(&Mask::from_layers(&architecture, layers)), settings)
    }

    #[test]
    fn figure_38_in_text() {
        let settings = DetectionSettings::default();
        let found = found(&settings);
        let rows = assignments(&found, &numbered("x", 4), &numbered("y", 16), 78);
        insta::assert_snapshot!("assignments", rows.join("\n"));
        insta::assert_snapshot!("table", table(&found, 78).join("\n"));
        insta::assert_snapshot!("table_narrow", table(&found, 36).join("\n"));
        let reasons = reasons(&found, &settings, 78);
        assert!(reasons.iter().all(|line| length(line) <= 78));
        insta::assert_snapshot!("reasons", reasons.join("\n"));
    }

    #[test]
    fn the_reason_for_the_tests_is_given() {
        let settings = DetectionSettings::default();
        let mut layer = found(&settings).layers.remove(0);
        let at = |k: usize, m: f64| QualityAt { k, m: Some(m) };
        layer.units = 5;
        layer.quality = vec![at(1, 0.0), at(2, -0.1), at(3, -0.3), at(4, -0.1), at(5, 0.0)];
        assert!(reason(&layer, &settings).starts_with("lowest M at k = 3 (-0.300), so no tests are needed."));
        let high = DetectionSettings { modularity_threshold: -0.4, ..settings };
        assert!(reason(&layer, &high).contains("above the threshold -0.4, so the tests decide."));
    }

    #[test]
    fn wide_tables_keep_the_chosen_columns() {
        let cut = |k: usize| QualityAt { k, m: Some(-0.25) };
        let mut found = found(&DetectionSettings::default());
        found.layers[0].units = 1200;
        found.layers[0].k = 600;
        found.layers[0].quality = (1..=1200).map(cut).collect();
        let rows = table(&found, 78);
        let head: Vec<&str> = rows[0].split_whitespace().collect();
        assert_eq!(head, ["k", "1", "2", "3", "4", "..", "600", "1199", "1200"]);
        assert!(rows[1].contains("-0.250*"), "{rows:?}");
        assert!(rows.iter().all(|row| length(row) <= 78));
    }
}
