//! How many classes a network gets right, where some outputs are classes.

use std::ops::Range;

use super::sensitivity::{MOST_ROWS, forward};
use crate::network::Network;
use crate::task::Rows;

/// The share of classes right, 0 to 1, over all rows and all `groups` of output columns of which exactly one is 1 in
/// every row. A class is right if its output is higher than all others of its group, so a tie is wrong. `None` without
/// groups or rows.
///
/// ```
/// use neural_sculpting::network::{Architecture, Network};
/// use neural_sculpting::task::Rows;
/// use neural_sculpting::train::classes_right;
///
/// // The first output is the input, the second one 0.5: the first is higher in the second row only.
/// let mut network = Network::zeros(&"1,2".parse::<Architecture>()?);
/// (network.weights[0], network.biases[0]) = (vec![1.0, 0.0], vec![0.0, 0.5]);
/// let rows = Rows::new(1, vec![0.0, 1.0], vec![1.0, 0.0, 1.0, 0.0]);
/// assert_eq!(classes_right(&network, &rows, &[0..2]), Some(0.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub fn classes_right(network: &Network, rows: &Rows, groups: &[Range<usize>]) -> Option<f64> {
    let strip = rows.count.min(MOST_ROWS);
    let widths = network.architecture().widths();
    let mut activations: Vec<Vec<f32>> = widths.iter().map(|width| vec![0.0; width * strip]).collect();
    let mut right = 0_u64;
    for first in (0..rows.count).step_by(strip.max(1)) {
        let range = first..(first + strip).min(rows.count);
        forward(network, rows, (range.clone(), strip), &mut activations);
        let logits = activations.last()?;
        for (lane, row) in range.enumerate() {
            let (output, logit) = (rows.output(row), |unit: usize| logits[unit * strip + lane]);
            let is_right = |group: &&Range<usize>| {
                let class = (*group).clone().find(|&unit| output[unit] == 1.0);
                class.is_some_and(|class| (*group).clone().all(|other| other == class || logit(class) > logit(other)))
            };
            right += groups.iter().filter(is_right).count() as u64;
        }
    }
    let all = rows.count * groups.len();
    (all > 0).then(|| right as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Outputs are the inputs, in two groups of two and three.
    #[test]
    fn classes_of_a_hand_made_table() {
        let mut network = Network::zeros(&"5,5".parse().unwrap());
        (0..5).for_each(|unit| network.weights[0][unit * 5 + unit] = 1.0);
        let inputs = vec![
            0.9, 0.1, 0.2, 0.3, 0.1, // first and second class
            0.9, 0.1, 0.3, 0.3, 0.1, // a tie in the second group
            -0.5, -0.6, 0.1, 0.2, 0.3, // both wrong
        ];
        let outputs = vec![1., 0., 0., 1., 0., 1., 0., 0., 1., 0., 0., 1., 0., 1., 0.];
        let rows = Rows::new(5, inputs, outputs);
        assert_eq!(classes_right(&network, &rows, &[0..2, 2..5]), Some(3.0 / 6.0));
        assert_eq!(classes_right(&network, &rows, std::slice::from_ref(&(0..2))), Some(2.0 / 3.0));
        assert_eq!(classes_right(&network, &rows, &[]), None);
    }

    /// More rows than are computed together: row `n` is class 1 if `n` is odd, and the network says so for all but the
    /// first 30 rows.
    #[test]
    fn all_rows_count() {
        let mut network = Network::zeros(&"1,2".parse().unwrap());
        network.weights[0] = vec![-1.0, 1.0];
        let value = |row: u8| if (row % 2 == 1) == (row >= 30) { 1.0 } else { -1.0 };
        let inputs = (0..150).map(value).collect();
        let outputs = (0..150).flat_map(|row: u8| [f32::from(1 - row % 2), f32::from(row % 2)]).collect();
        assert_eq!(
            classes_right(&network, &Rows::new(1, inputs, outputs), std::slice::from_ref(&(0..2))),
            Some(120.0 / 150.0)
        );
    }
}
