//! One dendrogram a layer, cut anywhere.

use clap::ValueEnum;
use kodama::Method;
use serde::{Deserialize, Serialize};

use super::distance::Distances;

/// Which two clusters are merged next (Table 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Linkage {
    /// Least average distance over all pairs.
    Average,
    /// Least greatest distance of a pair.
    Complete,
    /// Least distance of a pair.
    Single,
    /// Least growth of the squared Euclidean distances to the centres.
    Ward,
}

impl Linkage {
    /// The name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Complete => "complete",
            Self::Single => "single",
            Self::Ward => "ward",
        }
    }

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
