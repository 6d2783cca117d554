//! Color refinement: units of the same color get different colors if their neighbors differ in color, until nothing
//! changes.

use super::graph::UnitGraph;

/// Refines `colors` in place and returns the number of rounds. A color is the number of units with lower colors, so
/// classes keep their order and a unit alone in its class keeps its color.
pub(super) fn refine(graph: &UnitGraph, colors: &mut [u32]) -> u64 {
    let mut classes = 0;
    for round in 1.. {
        let signatures: Vec<(u32, u64, u64)> = (0..graph.units())
            .map(|unit| (colors[unit], digest(&graph.feeders[unit], colors), digest(&graph.fed[unit], colors)))
            .collect();
        let refined = rank(&signatures, colors);
        if refined == classes {
            return round;
        }
        classes = refined;
    }
    0
}

/// A number for the multiset of colors of `units`. Two multisets may have the same number by chance (about 1 in 2^64),
/// in which case two units are merely not distinguished.
fn digest(units: &[u32], colors: &[u32]) -> u64 {
    units.iter().fold(0, |sum: u64, &unit| sum.wrapping_add(mix(colors[unit as usize])))
}

/// The finalizer of SplitMix64: a fixed function that scatters well.
fn mix(color: u32) -> u64 {
    let mut z = (u64::from(color) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Colors units by the order of their signatures; returns the number of classes.
fn rank(signatures: &[(u32, u64, u64)], colors: &mut [u32]) -> usize {
    let mut order: Vec<usize> = (0..signatures.len()).collect();
    order.sort_unstable_by_key(|&unit| signatures[unit]);
    let (mut classes, mut color) = (0, 0);
    for (position, &unit) in order.iter().enumerate() {
        if position == 0 || signatures[order[position - 1]] != signatures[unit] {
            classes += 1;
            color = position as u32;
        }
        colors[unit] = color;
    }
    classes
}

/// Moves `unit` before the others of its color.
pub(super) fn single_out(colors: &[u32], unit: u32) -> Vec<u32> {
    let color = colors[unit as usize];
    let mut singled = colors.to_vec();
    for (other, value) in singled.iter_mut().enumerate() {
        if colors[other] == color && other != unit as usize {
            *value += 1;
        }
    }
    singled
}

/// The units ordered by color, and by number within a color.
pub(super) fn by_color(colors: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..colors.len() as u32).collect();
    order.sort_by_key(|&unit| colors[unit as usize]);
    order
}
