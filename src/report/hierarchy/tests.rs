//! Drawings of made-up hierarchies.

use proptest::prelude::*;

use super::draw;
use crate::detect::{Detection, Hierarchy, ModuleEdge, ModuleNode};
use crate::report::Charset;
use crate::report::names::numbered;
use crate::report::text::length;

/// A detection of modules given as units per layer, and edges (from, to, count).
fn detection(modules: &[Vec<Vec<usize>>], edges: &[(usize, usize, usize)]) -> Detection {
    let layers = modules[0].len();
    let of_layer = |layer: usize| {
        let mut units: Vec<(usize, usize)> = Vec::new();
        for (module, node) in modules.iter().enumerate() {
            units.extend(node[layer].iter().map(|&unit| (unit, module)));
        }
        units.sort_unstable();
        units
    };
    let units: Vec<Vec<(usize, usize)>> = (0..layers).map(of_layer).collect();
    let described = crate::detect::LayerClusters {
        layer: 0,
        units: 1,
        k: 1,
        quality: Vec::new(),
        clusters: vec![0],
        decided_by: crate::detect::DecidedBy::Single,
        separate: None,
        single: None,
    };
    Detection {
        condensed_arch: units.iter().map(Vec::len).collect(),
        kept_units: units.iter().map(|layer| layer.iter().map(|pair| pair.0).collect()).collect(),
        tied: false,
        layers: vec![described],
        modules: units.iter().map(|layer| layer.iter().map(|pair| pair.1).collect()).collect(),
        module_count: modules.len(),
        hierarchy: Hierarchy {
            nodes: modules
                .iter()
                .enumerate()
                .map(|(module, units)| ModuleNode { module, units: units.clone() })
                .collect(),
            edges: edges.iter().map(|&(from, to, edges)| ModuleEdge { from, to, edges }).collect(),
        },
    }
}

fn drawn(detection: &Detection, width: usize, charset: Charset) -> String {
    let inputs = detection.kept_units[0].iter().max().map_or(0, |&last| last + 1);
    let last = detection.kept_units.len() - 1;
    let outputs = detection.kept_units[last].iter().max().map_or(0, |&last| last + 1);
    let lines = draw(detection, &numbered("x", inputs), &numbered("y", outputs), width, charset);
    for line in &lines {
        assert!(length(line) <= width, "{line}");
    }
    format!("\n{}\n", lines.join("\n"))
}

/// Six modules over five layers; two edges pass a level.
fn six_modules() -> Detection {
    let odd: Vec<usize> = (0..16).step_by(2).collect();
    let even: Vec<usize> = (1..16).step_by(2).collect();
    detection(
        &[
            vec![vec![0, 1, 2, 3], vec![0, 1], vec![], vec![], vec![]],
            vec![vec![4, 5], vec![2], vec![], vec![], vec![]],
            vec![vec![6, 7], vec![3], vec![], vec![], vec![]],
            vec![vec![], vec![], vec![0, 1, 2], vec![], vec![]],
            vec![vec![], vec![], vec![], vec![0, 1], odd],
            vec![vec![], vec![], vec![], vec![2], even],
        ],
        &[(0, 3, 4), (1, 3, 12), (2, 4, 1), (3, 4, 6), (3, 5, 3), (0, 5, 2)],
    )
}

#[test]
fn a_reused_module() {
    let found = detection(
        &[
            vec![vec![0, 1, 2, 3], vec![4, 7, 9], vec![]],
            vec![vec![], vec![], vec![0, 2, 4, 6]],
            vec![vec![], vec![], vec![1, 3, 5, 7]],
        ],
        &[(0, 1, 8), (0, 2, 4)],
    );
    insta::assert_snapshot!("reused", drawn(&found, 80, Charset::Unicode));
    insta::assert_snapshot!("reused_ascii", drawn(&found, 80, Charset::Ascii));
    insta::assert_snapshot!("reused_narrow", drawn(&found, 40, Charset::Unicode));
}

#[test]
fn six_modules_over_five_layers() {
    insta::assert_snapshot!("six", drawn(&six_modules(), 80, Charset::Unicode));
    insta::assert_snapshot!("six_ascii", drawn(&six_modules(), 80, Charset::Ascii));
    insta::assert_snapshot!("six_narrow", drawn(&six_modules(), 40, Charset::Ascii));
}

#[test]
fn a_circle_and_what_is_not_drawn() {
    let mut found = detection(
        &[
            vec![vec![0, 1], vec![0], vec![], vec![5], vec![0]],
            vec![vec![3, 5], vec![1], vec![], vec![3], vec![1]],
            vec![vec![], vec![], vec![1, 2], vec![], vec![]],
            vec![vec![], vec![], vec![], vec![], vec![2]],
            vec![vec![], vec![], vec![], vec![], vec![4]],
        ],
        &[(0, 2, 4), (1, 2, 12), (2, 0, 1), (2, 1, 6)],
    );
    found.tied = true;
    insta::assert_snapshot!("circle", drawn(&found, 60, Charset::Unicode));
}

#[test]
fn nothing_left() {
    let mut found = detection(&[vec![vec![], vec![0]], vec![vec![], vec![1]]], &[]);
    found.layers.clear();
    insta::assert_snapshot!("nothing", drawn(&found, 60, Charset::Unicode));
}

#[test]
fn ascii_is_ascii_whatever_the_names() {
    let found = detection(&[vec![vec![0], vec![0]]], &[]);
    let lines = draw(&found, &["größe\n".to_owned()], &["出力".to_owned()], 80, Charset::Ascii);
    assert!(lines.iter().all(|line| line.is_ascii() && !line.contains('\n')), "{lines:?}");
    assert!(lines.join("").contains("gr??e?"));
}

/// Reads a drawing back: follows the line from each arrow up to its box.
fn read_back(picture: &str) -> Vec<(usize, usize, usize)> {
    let grid: Vec<Vec<char>> = picture.lines().map(|line| line.chars().collect()).collect();
    let at = |x: usize, y: usize| grid[y].get(x).copied().unwrap_or(' ');
    let module = |mut x: usize, y: usize| {
        while at(x, y) != '┌' {
            x -= 1;
        }
        let title: String = grid[y][x + 4..].iter().take_while(|c| c.is_ascii_digit()).collect();
        title.parse::<usize>().unwrap() - 1
    };
    let mut edges = Vec::new();
    for (y, cells) in grid.iter().enumerate() {
        for x in (0..cells.len()).filter(|&x| cells[x] == '▼') {
            let count: String = cells[x + 2..].iter().take_while(|c| c.is_ascii_digit()).collect();
            let (mut column, mut row, mut step) = (x, y - 1, (0_isize, -1_isize));
            while at(column, row) != '┬' {
                step = match (at(column, row), step) {
                    ('│' | '─' | '┼', straight) => straight,
                    ('┐', _) => (-1, 0),
                    ('┌', _) => (1, 0),
                    ('└' | '┘', _) => (0, -1),
                    (other, _) => panic!("{other:?} in a line of {picture}"),
                };
                column = column.checked_add_signed(step.0).unwrap();
                row = row.checked_add_signed(step.1).unwrap();
            }
            while at(column, row) != '└' {
                column -= 1;
            }
            while at(column, row) != '┌' {
                row -= 1;
            }
            edges.push((module(column, row), module(x, y + 1), count.parse().unwrap()));
        }
    }
    edges.sort_unstable();
    edges
}

proptest! {
    /// Every edge can be followed in the drawing from its arrow to where it leaves, and no other line is there.
    #[test]
    fn every_edge_can_be_followed(draws in proptest::collection::vec(0..60_usize, 45)) {
        let modules: Vec<Vec<Vec<usize>>> =
            (0..10).map(|module| (0..5).map(|layer| if layer == module / 2 { vec![module] } else { vec![] }).collect()).collect();
        let pairs = (0..10).flat_map(|to| (0..to).map(move |from| (from, to)));
        let edges: Vec<(usize, usize, usize)> = pairs
            .zip(draws)
            .filter(|((from, to), count)| from / 2 < to / 2 && *count > 40)
            .map(|((from, to), count)| (from, to, count * 37))
            .collect();
        let found = detection(&modules, &edges);
        let picture = drawn(&found, 400, Charset::Unicode);
        let mut expected = edges.clone();
        expected.sort_unstable();
        prop_assert_eq!(read_back(&picture), expected, "{}", picture);
    }
}
