//! Condensing: dropping the units that are on no path from an input to an output.

use super::mask::Mask;
use super::perceptron::Network;

/// The units and edges of a network that are on a path from an input to an output.
///
/// Hidden units without an incoming or an outgoing edge, and inputs without an outgoing edge, are dropped until nothing
/// changes. Output units always stay.
///
/// ```
/// use neural_sculpting::network::{Architecture, Condensed, Mask};
///
/// let architecture: Architecture = "3,2,1".parse()?;
/// // Hidden unit 0 reads x1 and x2; hidden unit 1 reads x3 but feeds nothing.
/// let layers = vec![vec![true, true, false, false, false, true], vec![true, false]];
/// let condensed = Condensed::new(&Mask::from_layers(&architecture, layers));
/// assert_eq!(condensed.kept(), [vec![0, 1], vec![0], vec![0]]);
/// assert_eq!(condensed.edges(), 3);
/// # Ok::<(), neural_sculpting::network::ArchitectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condensed {
    kept: Vec<Vec<usize>>,
    /// `edges[l][j]`: the positions in layer `l` of the kept units that feed the `j`-th kept unit of layer `l + 1`.
    edges: Vec<Vec<Vec<usize>>>,
}

impl Condensed {
    /// Condenses a network with this mask.
    #[must_use]
    pub fn new(mask: &Mask) -> Self {
        let alive = mask.on_a_path();
        let last = alive.len() - 1;
        let kept: Vec<Vec<usize>> =
            alive.iter().map(|layer| (0..layer.len()).filter(|&unit| layer[unit]).collect()).collect();
        let edges = (0..last)
            .map(|layer| {
                let feeders = |&to: &usize| {
                    (0..kept[layer].len()).filter(|&from| mask.is_kept(layer, kept[layer][from], to)).collect()
                };
                kept[layer + 1].iter().map(feeders).collect()
            })
            .collect();
        Self { kept, edges }
    }

    /// For each layer, inputs first: the indices in the original network of the kept units, ascending.
    #[must_use]
    pub fn kept(&self) -> &[Vec<usize>] {
        &self.kept
    }

    /// For each kept unit of layer `layer + 1`: which kept units of `layer` feed it, as positions among these,
    /// ascending.
    #[must_use]
    pub fn feeders(&self, layer: usize) -> &[Vec<usize>] {
        &self.edges[layer]
    }

    /// Widths of the condensed layers. A layer may be empty.
    #[must_use]
    pub fn widths(&self) -> Vec<usize> {
        self.kept.iter().map(Vec::len).collect()
    }

    /// Number of edges.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.edges.iter().flatten().map(Vec::len).sum()
    }

    /// Number of kept hidden units.
    #[must_use]
    pub fn hidden_units(&self) -> usize {
        self.kept[1..self.kept.len() - 1].iter().map(Vec::len).sum()
    }
}

impl Network {
    /// Condenses the network. A masked weight is not an edge, and neither is a kept weight that is exactly 0.
    #[must_use]
    pub fn condense(&self) -> Condensed {
        let layers = self.weights.iter().enumerate().map(|(layer, weights)| {
            weights.iter().zip(self.mask.layer(layer)).map(|(&weight, &kept)| kept && weight != 0.0).collect()
        });
        Condensed::new(&Mask::from_layers(self.architecture(), layers.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Architecture;

    fn mask(widths: &[usize], layers: &[&[&str]]) -> Mask {
        let architecture = Architecture::new(widths.to_vec()).unwrap();
        let layers = layers.iter().map(|rows| rows.concat().chars().map(|c| c == '1').collect()).collect();
        Mask::from_layers(&architecture, layers)
    }

    #[test]
    fn dead_ends_are_dropped_until_nothing_changes() {
        // Hidden unit 1 feeds only unit 0 of the next layer, which feeds nothing: both go, and input 1 with them.
        let mask = mask(&[3, 2, 2, 1], &[&["100", "010"], &["01", "10"], &["01"]]);
        let condensed = Condensed::new(&mask);
        assert_eq!(condensed.kept(), [vec![0], vec![0], vec![1], vec![0]]);
        assert_eq!(condensed.edges(), 3);
        assert_eq!(condensed.hidden_units(), 2);
    }

    #[test]
    fn a_mask_has_the_counts_of_its_condensed_network() {
        let mask = mask(&[3, 2, 2, 1], &[&["100", "010"], &["01", "10"], &["01"]]);
        assert_eq!(mask.counts(), (2, 3));
    }

    #[test]
    fn outputs_stay_when_no_path_is_left() {
        let mask = mask(&[2, 2, 2], &[&["10", "01"], &["00", "00"]]);
        let condensed = Condensed::new(&mask);
        assert_eq!(condensed.widths(), [0, 0, 2]);
        assert_eq!(condensed.edges(), 0);
    }

    #[test]
    fn units_fed_by_bias_alone_are_dropped() {
        let mask = mask(&[1, 2, 1], &[&["0", "1"], &["11"]]);
        assert_eq!(Condensed::new(&mask).kept(), [vec![0], vec![1], vec![0]]);
    }
}
