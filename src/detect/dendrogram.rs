//! One dendrogram a layer, cut anywhere.

use kodama::Method;

use super::choice::choices;
use super::distance::Distances;

choices! {
    /// Which two clusters are merged next (Table 4 of the paper).
    "linkage" Linkage {
        Average = "average": "The pair with the least average distance between their units",
        Complete = "complete": "The pair with the least distance between their farthest units",
        Single = "single": "The pair with the least distance between their nearest units",
        Ward = "ward": "The pair whose merger adds least to the squared distances from the centers; needs euclidean distances",
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

/// The merges that take `units` clusters of one unit to one cluster of all, nearest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dendrogram {
    units: usize,
    /// Clusters are numbered as they appear: units first, then one by each merge.
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

    /// Goes through the merges, nearest first.
    pub(crate) fn replay(&self, mut each: impl FnMut(&Merge<'_>)) {
        let mut members: Vec<Vec<usize>> = (0..self.units).map(|unit| vec![unit]).collect();
        for (step, &[a, b]) in self.merges.iter().enumerate() {
            let (first, second) = (std::mem::take(&mut members[a]), std::mem::take(&mut members[b]));
            each(&Merge {
                clusters_left: self.units - step - 1,
                numbers: [a, b],
                becomes: self.units + step,
                first: &first,
                second: &second,
            });
            members.push(joined(first, second));
        }
    }

    /// The cluster of each unit when `clusters` are left, numbered by first appearance.
    pub(crate) fn cut(&self, clusters: usize) -> Vec<usize> {
        let mut number: Vec<usize> = (0..self.units).collect();
        self.replay(|merge| {
            if merge.clusters_left >= clusters {
                for &unit in merge.first.iter().chain(merge.second) {
                    number[unit] = merge.becomes;
                }
            }
        });
        by_first_appearance(&number)
    }
}

/// One step of a dendrogram.
pub(crate) struct Merge<'a> {
    /// Number of clusters after the step.
    pub clusters_left: usize,
    /// Numbers of the two clusters.
    pub numbers: [usize; 2],
    /// Number of the cluster that they become.
    pub becomes: usize,
    /// Units of the one.
    pub first: &'a [usize],
    /// Units of the other.
    pub second: &'a [usize],
}

/// Appends the shorter list to the longer.
fn joined(first: Vec<usize>, second: Vec<usize>) -> Vec<usize> {
    let (mut long, short) = if first.len() >= second.len() { (first, second) } else { (second, first) };
    long.extend(short);
    long
}

/// Renumbers labels 0, 1, .. in the order in which they first appear.
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
