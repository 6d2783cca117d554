//! The Davies-Bouldin index (1979) on the feature vectors, in one pass over the merges.

use super::super::bits::{count, count_common};
use super::LayerView;

/// Mean over clusters of the greatest (S_a + S_b) / M_ab: S the mean Euclidean distance of a cluster's units to its
/// centre, M the distance of two centres. Undefined for k = 1, k = N, without scatter within any cluster, and where
/// two centres coincide.
///
/// Features are bits, so all follows from how many two units have in common, in whole numbers. With G_ab the sum of
/// that over the units of a and of b, the centres are M_ab^2 = G_aa / n_a^2 - 2 G_ab / (n_a n_b) + G_bb / n_b^2 apart,
/// and merging adds: each pair of clusters is updated at once, and each pair of units visited once.
pub(super) fn values(layer: &LayerView<'_>) -> Vec<Option<f64>> {
    let units = layer.tree.units();
    let mut values = vec![None; units];
    let mut state = State::new(layer.rows);
    layer.tree.replay(|merge| {
        state.merge(merge.numbers, merge.first, merge.second);
        if merge.clusters_left > 1 {
            values[merge.clusters_left - 1] = state.mean();
        }
    });
    values
}

/// The clusters that are left, each at a slot; a merged cluster takes the slot of one of its parts.
struct State<'a> {
    rows: &'a [&'a [u64]],
    /// For each unit, what it has in common with all units of its cluster, itself among them.
    own: Vec<u64>,
    /// G of the clusters at two slots, `[slot, slot]`.
    common: Vec<u64>,
    /// M of the clusters at two slots, `[slot, slot]`.
    apart: Vec<f64>,
    sizes: Vec<u64>,
    scatter: Vec<f64>,
    /// The greatest ratio of each cluster, and the slot of the other.
    worst: Vec<(f64, usize)>,
    /// The slots with clusters.
    left: Vec<usize>,
    /// The slot of each numbered cluster of the dendrogram.
    slot_of: Vec<usize>,
}

impl<'a> State<'a> {
    fn new(rows: &'a [&'a [u64]]) -> Self {
        let units = rows.len();
        let pairs = rows.iter().flat_map(|row| rows.iter().map(move |other| count_common(row, other) as u64));
        let mut state = Self {
            rows,
            own: rows.iter().map(|row| count(row) as u64).collect(),
            common: pairs.collect(),
            apart: vec![0.0; units * units],
            sizes: vec![1; units],
            scatter: vec![0.0; units],
            worst: vec![(0.0, 0); units],
            left: (0..units).collect(),
            slot_of: (0..units).collect(),
        };
        for slot in 0..units {
            for other in 0..units {
                state.apart[slot * units + other] = state.centers_apart(slot, other);
            }
        }
        for slot in 0..units {
            state.worst[slot] = state.find_worst(slot);
        }
        state
    }

    /// The distance of the centres at two slots; their squared difference in whole numbers, so exactly 0 where they
    /// coincide.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)] // counts of units and bits are far below 2^63
    fn centers_apart(&self, a: usize, b: usize) -> f64 {
        let units = self.rows.len();
        let common = |a: usize, b: usize| i128::from(self.common[a * units + b]);
        let (in_a, in_b) = (i128::from(self.sizes[a]), i128::from(self.sizes[b]));
        let square = in_b * in_b * common(a, a) - 2 * in_a * in_b * common(a, b) + in_a * in_a * common(b, b);
        (square as f64).sqrt() / (in_a * in_b) as f64
    }

    fn merge(&mut self, numbers: [usize; 2], first: &[usize], second: &[usize]) {
        let [keep, drop] = numbers.map(|number| self.slot_of[number]);
        self.slot_of.push(keep);
        self.left.retain(|&slot| slot != drop);
        self.sizes[keep] += self.sizes[drop];
        self.add_common(keep, drop);
        for (&a, &b) in first.iter().flat_map(|a| second.iter().map(move |b| (a, b))) {
            let common = count_common(self.rows[a], self.rows[b]) as u64;
            self.own[a] += common;
            self.own[b] += common;
        }
        self.scatter[keep] = self.mean_distance_to_center(keep, first.iter().chain(second));
        self.update_distances(keep);
        self.update_worst(keep, drop);
    }

    /// G of the merged cluster with itself and all others.
    fn add_common(&mut self, keep: usize, drop: usize) {
        let units = self.rows.len();
        for other in 0..units {
            self.common[keep * units + other] += self.common[drop * units + other];
        }
        for &other in &self.left {
            self.common[other * units + keep] = self.common[keep * units + other];
        }
        // With itself: G_aa + G_ab, in the row now, and G_ab + G_bb.
        self.common[keep * units + keep] += self.common[keep * units + drop];
    }

    /// S: a unit's squared distance to its centre is its own bits less twice its share of the cluster's, and G / n^2.
    #[allow(clippy::cast_precision_loss)]
    fn mean_distance_to_center<'m>(&self, slot: usize, members: impl Iterator<Item = &'m usize>) -> f64 {
        let size = i128::from(self.sizes[slot]);
        let all = i128::from(self.common[slot * self.rows.len() + slot]);
        let distance = |&unit: &usize| {
            let bits = count(self.rows[unit]) as i128;
            ((size * size * bits - 2 * size * i128::from(self.own[unit]) + all) as f64).sqrt()
        };
        members.map(distance).sum::<f64>() / (size * size) as f64
    }

    fn update_distances(&mut self, keep: usize) {
        let units = self.rows.len();
        for index in 0..self.left.len() {
            let other = self.left[index];
            let apart = self.centers_apart(keep, other);
            self.apart[keep * units + other] = apart;
            self.apart[other * units + keep] = apart;
        }
    }

    /// Only ratios with the merged cluster have changed: a cluster whose worst was with one of its parts looks for the
    /// worst again unless it has become worse still.
    fn update_worst(&mut self, keep: usize, drop: usize) {
        for index in 0..self.left.len() {
            let slot = self.left[index];
            let (worst, with) = self.worst[slot];
            let ratio = if slot == keep { 0.0 } else { self.ratio(slot, keep) };
            if slot != keep && ratio >= worst {
                self.worst[slot] = (ratio, keep);
            } else if slot == keep || with == keep || with == drop {
                self.worst[slot] = self.find_worst(slot);
            }
        }
    }

    fn find_worst(&self, slot: usize) -> (f64, usize) {
        let others = self.left.iter().filter(|&&other| other != slot);
        others.fold((0.0, slot), |worst, &other| {
            let ratio = self.ratio(slot, other);
            if ratio > worst.0 { (ratio, other) } else { worst }
        })
    }

    /// Infinite where the centres coincide.
    fn ratio(&self, a: usize, b: usize) -> f64 {
        let apart = self.apart[a * self.rows.len() + b];
        if apart > 0.0 { (self.scatter[a] + self.scatter[b]) / apart } else { f64::INFINITY }
    }

    fn mean(&self) -> Option<f64> {
        if self.left.iter().all(|&slot| self.scatter[slot] == 0.0) {
            return None;
        }
        let mean = self.left.iter().map(|&slot| self.worst[slot].0).sum::<f64>() / self.left.len() as f64;
        mean.is_finite().then_some(mean)
    }
}
