//! Consensus of units over many networks: how often two inputs, or two outputs, share a module.
//!
//! The share of networks in which two units are in the same module is a similarity kernel over units. Average-linkage
//! clustering of `-ln(share)` (linfa-hierarchical) gives groups of units that belong together across all networks, even
//! if no two networks agree completely (co-association: A. L. N. Fred, A. K. Jain, "Combining multiple clusterings
//! using evidence accumulation", 2005).
//!
//! ```
//! use neural_sculpting::analysis::consensus::consensus;
//!
//! // Three networks, each with weight 1, and the module of each of their four outputs.
//! let networks = [
//!     (1.0, vec![Some(0), Some(0), Some(1), Some(1)]),
//!     (1.0, vec![Some(5), Some(5), Some(7), Some(7)]),
//!     (1.0, vec![Some(0), Some(0), Some(0), Some(1)]),
//! ];
//! let found = consensus(&networks, 4).expect("some weight is above 0");
//! assert_eq!(found.groups, [0, 0, 1, 1]);
//! assert!((found.together[1][2] - 1.0 / 3.0).abs() < 1e-12);
//! ```

use linfa::traits::Transformer;
use linfa_hierarchical::{HierarchicalCluster, Method};
use linfa_kernel::{Kernel, KernelInner, KernelMethod};
use ndarray::Array2;

use super::ModuleGraph;
use crate::detect::by_first_appearance;

/// Which units to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Inputs. An input that a network does not use shares a module with no other.
    Inputs,
    /// Outputs.
    Outputs,
}

/// Groups of units are merged if they share a module in more than this share of the networks, by average linkage.
pub const TOGETHER: f64 = 0.5;

/// How often units share a module, and the groups that follow from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Consensus {
    /// `[units, units]`, 0 to 1: the share of networks in which two units share a module; 1 on the diagonal.
    pub together: Vec<Vec<f64>>,
    /// The group of each unit, numbered by first appearance.
    pub groups: Vec<usize>,
    /// `[units, units]`, 0 to 1: the share of networks that agree with the groups on whether two units are together.
    pub stability: Vec<Vec<f64>>,
}

/// The consensus of networks, each given as its weight and the module of each of `units` inputs or outputs
/// ([`modules`]). Weights are 0 or more; they let several networks of a trial share one vote. `None` if no weight is
/// above 0.
#[must_use]
pub fn consensus(networks: &[(f64, Vec<Option<usize>>)], units: usize) -> Option<Consensus> {
    let total: f64 = networks.iter().map(|(weight, _)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mut together = vec![vec![0.0; units]; units];
    for (weight, modules) in networks {
        for (i, row) in together.iter_mut().enumerate() {
            for (j, share) in row.iter_mut().enumerate() {
                if i == j || (modules[i].is_some() && modules[i] == modules[j]) {
                    *share += weight / total;
                }
            }
        }
    }
    let groups = clusters(&together);
    let stable = |i: usize, j: usize| if groups[i] == groups[j] { together[i][j] } else { 1.0 - together[i][j] };
    let stability = (0..units).map(|i| (0..units).map(|j| stable(i, j)).collect()).collect();
    Some(Consensus { together, groups, stability })
}

/// The module of each of `units` inputs or outputs in a structure; `None` for those that it does not use.
#[must_use]
pub fn modules(graph: &ModuleGraph, side: Side, units: usize) -> Vec<Option<usize>> {
    let mut modules = vec![None; units];
    for (number, module) in graph.modules().iter().enumerate() {
        let held = match side {
            Side::Inputs => &module.inputs,
            Side::Outputs => &module.outputs,
        };
        for &unit in held {
            if let Some(slot) = modules.get_mut(unit) {
                *slot = Some(number);
            }
        }
    }
    modules
}

/// Groups of units by average linkage: merged while their mean distance, `-ln(share)`, is below that of [`TOGETHER`].
fn clusters(together: &[Vec<f64>]) -> Vec<usize> {
    let units = together.len();
    if units < 2 {
        return (0..units).collect();
    }
    let labels = Array2::from_shape_vec((units, units), together.concat()).ok().and_then(|matrix| {
        let kernel = Kernel { inner: KernelInner::Dense(matrix), method: KernelMethod::Linear };
        let clustering = HierarchicalCluster::default().with_method(Method::Average).max_distance(-TOGETHER.ln());
        clustering.transform(kernel).ok().map(|clustered| clustered.targets)
    });
    // The matrix is square and the distance positive, so there always are labels. Their numbering is random.
    by_first_appearance(&labels.unwrap_or_else(|| (0..units).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::GraphModule;

    fn of(networks: &[(f64, &[Option<usize>])], units: usize) -> Consensus {
        let networks: Vec<_> = networks.iter().map(|(weight, modules)| (*weight, modules.to_vec())).collect();
        consensus(&networks, units).unwrap()
    }

    const A: Option<usize> = Some(0);
    const B: Option<usize> = Some(1);

    #[test]
    fn shares_groups_and_stability_by_hand() {
        // Three of four trials find {1,2},{3,4}; one finds {1,2,3} and does not use input 4.
        let found = of(&[(3.0, &[A, A, B, B]), (1.0, &[A, A, A, None])], 4);
        assert_eq!(found.together[0], [1.0, 1.0, 0.25, 0.0]);
        assert_eq!(found.together[2], [0.25, 0.25, 1.0, 0.75]);
        assert_eq!(found.groups, [0, 0, 1, 1]);
        assert_eq!(found.stability[0], [1.0, 1.0, 0.75, 1.0]);
        assert_eq!(found.stability[3], [1.0, 1.0, 0.75, 1.0]);
    }

    #[test]
    fn groups_are_numbered_by_first_appearance() {
        for _ in 0..20 {
            let found = of(&[(1.0, &[B, A, B, A, Some(2), None])], 6);
            assert_eq!(found.groups, [0, 1, 0, 1, 2, 3]);
        }
    }

    #[test]
    fn half_of_the_detections_is_not_enough() {
        assert_eq!(of(&[(1.0, &[A, A]), (1.0, &[A, B])], 2).groups, [0, 1]);
        assert_eq!(of(&[(1.1, &[A, A]), (1.0, &[A, B])], 2).groups, [0, 0]);
    }

    #[test]
    fn modules_of_either_side_and_the_smallest_cases() {
        let module = |inputs: &[usize], outputs: &[usize]| GraphModule {
            inputs: inputs.to_vec(),
            outputs: outputs.to_vec(),
            layers: None,
        };
        // Inputs 1 and 3 together, input 2 unused; output 2 with input 4.
        let graph = ModuleGraph::new(vec![module(&[0, 2], &[0]), module(&[3], &[1])], vec![(0, 1)]).unwrap();
        assert_eq!(modules(&graph, Side::Inputs, 4), [A, None, A, B]);
        assert_eq!(modules(&graph, Side::Outputs, 2), [A, B]);
        assert_eq!(of(&[(1.0, &[A])], 1).together, [[1.0]]);
        assert_eq!(of(&[(1.0, &[])], 0).groups, Vec::<usize>::new());
        assert!(consensus(&[], 2).is_none());
        assert!(consensus(&[(0.0, vec![A, B])], 2).is_none());
    }
}
