//! The silhouette index (Rousseeuw 1987), by the chosen distance.

use super::Clustering;

/// Mean over units of (b - a) / max(a, b): a the mean distance to the rest of its cluster, b the least mean distance
/// to another cluster. A unit alone in its cluster counts 0, as does one with a = b = 0. Undefined for k = 1 and k = N.
pub(super) fn values(clustering: &Clustering<'_>) -> Vec<Option<f64>> {
    let units = clustering.tree.units();
    let mut values = vec![None; units];
    let mut state = State::new(clustering);
    clustering.tree.replay(|merge| {
        state.merge(merge.numbers, merge.first.iter().chain(merge.second));
        if merge.clusters_left > 1 {
            values[merge.clusters_left - 1] = Some(state.mean());
        }
    });
    values
}

/// Sums of distances from each unit to each cluster; a merged cluster takes the place of one of its parts.
struct State {
    units: usize,
    /// `[unit, place]`.
    sums: Vec<f64>,
    /// Units in the cluster at each place, 0 where none is.
    sizes: Vec<usize>,
    /// The place of each unit's cluster.
    place: Vec<usize>,
    /// The place of each numbered cluster of the dendrogram.
    place_of: Vec<usize>,
    /// The place of the nearest other cluster of each unit.
    nearest: Vec<usize>,
    /// The mean distance to it when it was found, at most the present one.
    nearest_mean: Vec<f64>,
}

impl State {
    fn new(clustering: &Clustering<'_>) -> Self {
        let units = clustering.tree.units();
        let pairs = (0..units).flat_map(|i| (0..units).map(move |j| (i, j)));
        let mut state = Self {
            units,
            sums: pairs.map(|(i, j)| clustering.distances.get(i, j)).collect(),
            sizes: vec![1; units],
            place: (0..units).collect(),
            place_of: (0..units).collect(),
            nearest: vec![0; units],
            nearest_mean: vec![0.0; units],
        };
        for unit in 0..units {
            state.set_nearest(unit);
        }
        state
    }

    fn mean_to(&self, unit: usize, place: usize) -> f64 {
        self.sums[unit * self.units + place] / self.sizes[place] as f64
    }

    fn set_nearest(&mut self, unit: usize) {
        let others = (0..self.units).filter(|&place| self.sizes[place] > 0 && place != self.place[unit]);
        let nearest = others.min_by(|&a, &b| self.mean_to(unit, a).total_cmp(&self.mean_to(unit, b)));
        self.nearest[unit] = nearest.unwrap_or(self.place[unit]);
        self.nearest_mean[unit] = self.mean_to(unit, self.nearest[unit]);
    }

    fn merge<'a>(&mut self, numbers: [usize; 2], members: impl Iterator<Item = &'a usize>) {
        let [keep, drop] = numbers.map(|number| self.place_of[number]);
        self.place_of.push(keep);
        self.sizes[keep] += self.sizes[drop];
        self.sizes[drop] = 0;
        for row in self.sums.chunks_exact_mut(self.units) {
            row[keep] += row[drop];
        }
        for &unit in members {
            self.place[unit] = keep;
        }
        // A merged cluster is no nearer than the nearer of its parts: elsewhere the nearest stays what it was.
        for unit in 0..self.units {
            if ![keep, drop].contains(&self.nearest[unit]) {
                continue;
            }
            let elsewhere = self.place[unit] != keep;
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
        let place = self.place[unit];
        if self.sizes[place] == 1 {
            return 0.0;
        }
        let within = self.sums[unit * self.units + place] / (self.sizes[place] - 1) as f64;
        let between = self.mean_to(unit, self.nearest[unit]);
        let larger = within.max(between);
        if larger > 0.0 { (between - within) / larger } else { 0.0 }
    }
}
