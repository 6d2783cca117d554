//! The Davies-Bouldin index (1979) on the feature vectors.

use super::super::bits::ones;
use super::Clustering;
use super::calinski_harabasz::column_sums;

/// Mean over clusters of the greatest (S_a + S_b) / M_ab: S the mean Euclidean distance of a cluster's units to its
/// centre, M the distance of two centres. Undefined for k = 1, k = N, without scatter within any cluster, and where
/// two centres coincide.
pub(super) fn values(clustering: &Clustering<'_>) -> Vec<Option<f64>> {
    let units = clustering.tree.units();
    let mut values = vec![None; units];
    let mut state = State::new(clustering);
    clustering.tree.replay(|merge| {
        let members: Vec<&[u64]> = merge.first.iter().chain(merge.second).map(|&unit| clustering.rows[unit]).collect();
        state.merge(merge.numbers, &members);
        if merge.clusters_left > 1 {
            values[merge.clusters_left - 1] = state.mean();
        }
    });
    values
}

/// Scatters and distances of the clusters that are left; a merged cluster takes the place of one of its parts.
struct State {
    units: usize,
    centres: Vec<Vec<f64>>,
    scatter: Vec<f64>,
    /// Distance of the centres at two places, `[place, place]`.
    apart: Vec<f64>,
    left: Vec<usize>,
    place_of: Vec<usize>,
}

impl State {
    fn new(clustering: &Clustering<'_>) -> Self {
        let units = clustering.tree.units();
        let centres: Vec<Vec<f64>> = clustering.rows.iter().map(|row| centre(std::slice::from_ref(row))).collect();
        let pairs = (0..units).flat_map(|i| (0..units).map(move |j| (i, j)));
        Self {
            units,
            apart: pairs.map(|(i, j)| distance(&centres[i], &centres[j])).collect(),
            scatter: vec![0.0; units],
            left: (0..units).collect(),
            place_of: (0..units).collect(),
            centres,
        }
    }

    fn merge(&mut self, numbers: [usize; 2], members: &[&[u64]]) {
        let [keep, drop] = numbers.map(|number| self.place_of[number]);
        self.place_of.push(keep);
        self.left.retain(|&place| place != drop);
        self.centres[drop] = Vec::new();
        self.centres[keep] = centre(members);
        self.scatter[keep] =
            members.iter().map(|row| distance_to(row, &self.centres[keep])).sum::<f64>() / members.len() as f64;
        for &other in &self.left {
            let apart = distance(&self.centres[keep], &self.centres[other]);
            self.apart[keep * self.units + other] = apart;
            self.apart[other * self.units + keep] = apart;
        }
    }

    fn mean(&self) -> Option<f64> {
        if self.left.iter().all(|&place| self.scatter[place] < 1e-9) {
            return None;
        }
        let worst = |&a: &usize| {
            let others = self.left.iter().filter(move |&&b| b != a);
            let ratio = |&b: &usize| (self.scatter[a] + self.scatter[b]) / self.apart[a * self.units + b];
            others
                .map(ratio)
                .fold(0.0, |worst: f64, ratio| if ratio.is_nan() { f64::INFINITY } else { worst.max(ratio) })
        };
        let mean = self.left.iter().map(worst).sum::<f64>() / self.left.len() as f64;
        mean.is_finite().then_some(mean)
    }
}

fn centre(rows: &[&[u64]]) -> Vec<f64> {
    column_sums(rows).into_iter().map(|sum| f64::from(sum) / rows.len() as f64).collect()
}

fn distance(first: &[f64], second: &[f64]) -> f64 {
    first.iter().zip(second).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// Distance of a binary vector to a centre.
fn distance_to(row: &[u64], centre: &[f64]) -> f64 {
    let away: f64 = centre.iter().map(|c| c * c).sum();
    let near: f64 = ones(row).map(|column| 1.0 - 2.0 * centre[column]).sum();
    (away + near).max(0.0).sqrt()
}
