//! The silhouette index (Rousseeuw 1987) under the chosen distance.

use super::LayerView;

/// Mean over units of (b - a) / max(a, b), where a is the mean distance to the other units of the cluster and b the
/// least mean distance to another cluster. A unit alone in its cluster counts 0, as does one with a = b = 0. Undefined
/// for k = 1 and k = N.
pub(super) fn values(layer: &LayerView<'_>) -> Vec<Option<f64>> {
    let units = layer.tree.units();
    let mut values = vec![None; units];
    let mut state = State::new(layer);
    layer.tree.replay(|merge| {
        state.merge(merge.numbers, merge.first.iter().chain(merge.second));
        if merge.remaining > 1 {
            values[merge.remaining - 1] = Some(state.mean());
        }
    });
    values
}

/// Sums of distances from each unit to each cluster. A merged cluster takes the slot of one of its parts.
struct State {
    units: usize,
    /// Sum of distances, `[unit, slot]`.
    sums: Vec<f64>,
    /// Number of units in the cluster of each slot; 0 if it has none.
    sizes: Vec<usize>,
    /// The slot of each unit's cluster.
    slot: Vec<usize>,
    /// The slot of each numbered cluster of the dendrogram.
    slot_of: Vec<usize>,
    /// The slot of the nearest other cluster of each unit.
    nearest: Vec<usize>,
    /// The mean distance to that cluster when it was found, which is at most the current one.
    nearest_mean: Vec<f64>,
}

impl State {
    fn new(layer: &LayerView<'_>) -> Self {
        let units = layer.tree.units();
        let pairs = (0..units).flat_map(|i| (0..units).map(move |j| (i, j)));
        let mut state = Self {
            units,
            sums: pairs.map(|(i, j)| layer.distances.get(i, j)).collect(),
            sizes: vec![1; units],
            slot: (0..units).collect(),
            slot_of: (0..units).collect(),
            nearest: vec![0; units],
            nearest_mean: vec![0.0; units],
        };
        for unit in 0..units {
            state.set_nearest(unit);
        }
        state
    }

    fn mean_to(&self, unit: usize, slot: usize) -> f64 {
        self.sums[unit * self.units + slot] / self.sizes[slot] as f64
    }

    fn set_nearest(&mut self, unit: usize) {
        let others = (0..self.units).filter(|&slot| self.sizes[slot] > 0 && slot != self.slot[unit]);
        let nearest = others.min_by(|&a, &b| self.mean_to(unit, a).total_cmp(&self.mean_to(unit, b)));
        self.nearest[unit] = nearest.unwrap_or(self.slot[unit]);
        self.nearest_mean[unit] = self.mean_to(unit, self.nearest[unit]);
    }

    fn merge<'a>(&mut self, numbers: [usize; 2], members: impl Iterator<Item = &'a usize>) {
        let [keep, drop] = numbers.map(|number| self.slot_of[number]);
        self.slot_of.push(keep);
        self.sizes[keep] += self.sizes[drop];
        self.sizes[drop] = 0;
        for row in self.sums.chunks_exact_mut(self.units) {
            row[keep] += row[drop];
        }
        for &unit in members {
            self.slot[unit] = keep;
        }
        // A merged cluster is no nearer than the nearer of its parts, so other nearest clusters remain.
        for unit in 0..self.units {
            if ![keep, drop].contains(&self.nearest[unit]) {
                continue;
            }
            let elsewhere = self.slot[unit] != keep;
            if elsewhere && self.mean_to(unit, keep) <= self.nearest_mean[unit] {
                self.nearest[unit] = keep;
            } else {
                self.set_nearest(unit);
            }
        }
    }

    fn mean(&self) -> f64 {
        (0..self.units).map(|unit| self.silhouette(unit)).sum::<f64>() / self.units as f64
    }

    fn silhouette(&self, unit: usize) -> f64 {
        let slot = self.slot[unit];
        if self.sizes[slot] == 1 {
            return 0.0;
        }
        let within = self.sums[unit * self.units + slot] / (self.sizes[slot] - 1) as f64;
        let between = self.mean_to(unit, self.nearest[unit]);
        let larger = within.max(between);
        if larger > 0.0 { (between - within) / larger } else { 0.0 }
    }
}
