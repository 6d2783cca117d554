//! The dendrogram of a layer, which can be cut anywhere.

use kodama::Method;

use super::choice::choices;
use super::distance::Distances;

choices! {
    /// Which two clusters are merged next (Table 4 of the paper).
    "linkage" Linkage {
        Average = "average": "The pair with the least average distance between their units",
        Complete = "complete": "The pair with the least distance between their farthest units",
        Single = "single": "The pair with the least distance between their nearest units",
        Ward = "ward": "The pair whose merger adds least to the squared distances (euclidean distances only)",
    }
}

impl Linkage {
    fn method(self) -> Method {
        match self {
            Self::Average => Method::Average,
            Self::Complete => Method::Complete,
            Self::Single => Method::Single,
            Self::Ward => Method::Ward,
        }
    }
}

/// The merges from one cluster per unit to a single cluster, nearest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dendrogram {
    units: usize,
    /// Clusters are numbered as they appear: first the units, then the cluster of each merge.
    merges: Vec<[usize; 2]>,
}

impl Dendrogram {
    /// Clusters the units of a layer.
    pub(crate) fn new(distances: &Distances, linkage: Linkage) -> Self {
        let units = distances.units();
        let mut triangle = distances.condensed().to_vec();
        let tree = kodama::linkage(&mut triangle, units, linkage.method());
        Self { units, merges: tree.steps().iter().map(|step| [step.cluster1, step.cluster2]).collect() }
    }

    /// Number of units.
    pub(crate) fn units(&self) -> usize {
        self.units
    }

    /// Calls `each` with the merges, nearest first.
    pub(crate) fn replay(&self, mut each: impl FnMut(&Merge<'_>)) {
        let mut members: Vec<Vec<usize>> = (0..self.units).map(|unit| vec![unit]).collect();
        for (step, &[a, b]) in self.merges.iter().enumerate() {
            let (first, second) = (std::mem::take(&mut members[a]), std::mem::take(&mut members[b]));
            each(&Merge {
                remaining: self.units - step - 1,
                numbers: [a, b],
                becomes: self.units + step,
                first: &first,
                second: &second,
            });
            members.push(joined(first, second));
        }
    }

    /// The cluster of each unit after cutting into `clusters`, numbered by first appearance.
    pub(crate) fn cut(&self, clusters: usize) -> Vec<usize> {
        let mut number: Vec<usize> = (0..self.units).collect();
        self.replay(|merge| {
            if merge.remaining >= clusters {
                for &unit in merge.first.iter().chain(merge.second) {
                    number[unit] = merge.becomes;
                }
            }
        });
        by_first_appearance(&number)
    }
}

/// A merge of two clusters.
pub(crate) struct Merge<'a> {
    /// Number of clusters after the merge.
    pub remaining: usize,
    /// Numbers of the two clusters.
    pub numbers: [usize; 2],
    /// Number of the merged cluster.
    pub becomes: usize,
    /// Units of the first.
    pub first: &'a [usize],
    /// Units of the second.
    pub second: &'a [usize],
}

/// Appends the shorter list to the longer.
fn joined(first: Vec<usize>, second: Vec<usize>) -> Vec<usize> {
    let (mut long, short) = if first.len() >= second.len() { (first, second) } else { (second, first) };
    long.extend(short);
    long
}

/// Renumbers labels as 0, 1, .. in order of first appearance.
pub(crate) fn by_first_appearance(labels: &[usize]) -> Vec<usize> {
    let mut seen = std::collections::HashMap::new();
    labels
        .iter()
        .map(|label| {
            let next = seen.len();
            *seen.entry(*label).or_insert(next)
        })
        .collect()
}
