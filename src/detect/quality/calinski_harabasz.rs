//! The Caliński-Harabasz index (1974) of the feature vectors.

use super::super::bits::ones;
use super::LayerView;

/// (between / (k - 1)) / (within / (N - k)): sums of squared Euclidean distances, from the centers of the clusters to
/// the center of all units, and from the units to the centers of their clusters. Undefined for k = 1, for k = N, and
/// without scatter within the clusters.
pub(super) fn values(layer: &LayerView<'_>) -> Vec<Option<f64>> {
    let units = layer.tree.units();
    let mut sums = ClusterSums::new(layer);
    let all = scatter(&column_sums(layer.rows), units);
    let mut values = vec![None; units];
    let mut scatters = vec![0.0; units];
    let mut within = 0.0;
    layer.tree.replay(|merge| {
        let merged = sums.merge(merge.numbers, merge.first.len() + merge.second.len());
        within += merged - scatters[merge.numbers[0]] - scatters[merge.numbers[1]];
        scatters.push(merged);
        let k = merge.remaining;
        // The scatter of a cluster is 0 or at least s (n - s) / n >= 1/2.
        if k > 1 && within > 0.25 {
            values[k - 1] = Some((all - within) / (k - 1) as f64 / (within / (units - k) as f64));
        }
    });
    values
}

/// For each cluster of the dendrogram: how many of its units have each bit.
struct ClusterSums {
    sums: Vec<Vec<u32>>,
}

impl ClusterSums {
    fn new(layer: &LayerView<'_>) -> Self {
        Self { sums: layer.rows.iter().map(|row| column_sums(std::slice::from_ref(row))).collect() }
    }

    /// Merges two clusters and returns the scatter of the merged one, which has `size` units.
    fn merge(&mut self, numbers: [usize; 2], size: usize) -> f64 {
        let [mut first, second] = numbers.map(|number| std::mem::take(&mut self.sums[number]));
        for (sum, more) in first.iter_mut().zip(second) {
            *sum += more;
        }
        let scatter = scatter(&first, size);
        self.sums.push(first);
        scatter
    }
}

/// For each bit: how many rows have it.
pub(super) fn column_sums(rows: &[&[u64]]) -> Vec<u32> {
    let mut sums = vec![0; rows.first().map_or(0, |row| row.len() * 64)];
    for row in rows {
        for column in ones(row) {
            sums[column] += 1;
        }
    }
    sums
}

/// Sum of squared distances of `size` binary vectors to their center: s (n - s) / n for each column with s ones.
fn scatter(sums: &[u32], size: usize) -> f64 {
    let size = size as u64;
    let products: u64 = sums.iter().map(|&sum| u64::from(sum) * (size - u64::from(sum))).sum();
    products as f64 / size as f64
}
