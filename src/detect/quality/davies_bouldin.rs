//! The Davies-Bouldin index (1979) of the feature vectors, in one pass over the merges.

use super::super::bits::{count, count_common};
use super::LayerView;

/// Mean over clusters of the greatest (S_a + S_b) / M_ab, where S is the mean Euclidean distance of the units of a
/// cluster to its center and M the distance between two centers. Undefined for k = 1, for k = N, without scatter within
/// any cluster, and if two centers coincide.
///
/// Features are bits, so everything follows from integer counts of common bits. Let G_ab be the sum of these counts
/// over all pairs of a unit of a and a unit of b. Then M_ab^2 = G_aa / n_a^2 - 2 G_ab / (n_a n_b) + G_bb / n_b^2, and
/// merging clusters adds their G. Each pair of clusters is updated in constant time, and each pair of units is visited
/// once.
pub(super) fn values(layer: &LayerView<'_>) -> Vec<Option<f64>> {
    let units = layer.tree.units();
    let mut values = vec![None; units];
    let mut state = State::new(layer.rows);
    layer.tree.replay(|merge| {
        state.merge(merge.numbers, merge.first, merge.second);
        if merge.remaining > 1 {
            values[merge.remaining - 1] = state.mean();
        }
    });
    values
}

/// The current clusters, each in a slot. A merged cluster takes the slot of one of its parts.
struct State<'a> {
    rows: &'a [&'a [u64]],
    /// For each unit: its bits in common with all units of its cluster, including itself, summed.
    own: Vec<u64>,
    /// G for each pair of slots, `[slot, slot]`.
    common: Vec<u64>,
    /// M for each pair of slots, `[slot, slot]`.
    apart: Vec<f64>,
    /// Number of units of each cluster.
    sizes: Vec<u64>,
    /// S of each cluster.
    scatter: Vec<f64>,
    /// For each cluster: its greatest ratio, and the slot of the other cluster.
    worst: Vec<(f64, usize)>,
    /// The slots that have a cluster.
    occupied: Vec<usize>,
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
            occupied: (0..units).collect(),
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

    /// The distance of two centers. It is computed from integers, so it is exactly 0 if they coincide.
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
        self.occupied.retain(|&slot| slot != drop);
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

    /// Updates G between the merged cluster and all clusters.
    fn add_common(&mut self, keep: usize, drop: usize) {
        let units = self.rows.len();
        for other in 0..units {
            self.common[keep * units + other] += self.common[drop * units + other];
        }
        for &other in &self.occupied {
            self.common[other * units + keep] = self.common[keep * units + other];
        }
        // With itself: G_aa + G_ab, which the row has by now, and G_ab + G_bb.
        self.common[keep * units + keep] += self.common[keep * units + drop];
    }

    /// S. The squared distance of a unit to its center is its number of bits, minus twice its common bits with the
    /// cluster over n, plus G / n^2.
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
        for index in 0..self.occupied.len() {
            let other = self.occupied[index];
            let apart = self.centers_apart(keep, other);
            self.apart[keep * units + other] = apart;
            self.apart[other * units + keep] = apart;
        }
    }

    /// Only ratios with the merged cluster have changed. A cluster whose worst ratio was with one of its parts has to
    /// search again, unless the new ratio is even worse.
    fn update_worst(&mut self, keep: usize, drop: usize) {
        for index in 0..self.occupied.len() {
            let slot = self.occupied[index];
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
        let others = self.occupied.iter().filter(|&&other| other != slot);
        others.fold((0.0, slot), |worst, &other| {
            let ratio = self.ratio(slot, other);
            if ratio > worst.0 { (ratio, other) } else { worst }
        })
    }

    /// The ratio of two clusters; infinite if their centers coincide.
    fn ratio(&self, a: usize, b: usize) -> f64 {
        let apart = self.apart[a * self.rows.len() + b];
        if apart > 0.0 { (self.scatter[a] + self.scatter[b]) / apart } else { f64::INFINITY }
    }

    fn mean(&self) -> Option<f64> {
        if self.occupied.iter().all(|&slot| self.scatter[slot] == 0.0) {
            return None;
        }
        let mean = self.occupied.iter().map(|&slot| self.worst[slot].0).sum::<f64>() / self.occupied.len() as f64;
        mean.is_finite().then_some(mean)
    }
}
