use super::*;
use crate::detect::{DetectionSettings, detect};
use crate::network::{Architecture, Condensed, Mask};
use crate::report::names::{Labels, numbered};
use crate::task::Shape;

/// Draws the network with these masks, given as one string per output unit of each matrix.
fn drawn(widths: &[usize], layers: &[&[&str]], room: (usize, usize), charset: Charset) -> Vec<String> {
    let architecture = Architecture::new(widths.to_vec()).unwrap();
    let layers = layers.iter().map(|rows| rows.concat().chars().map(|c| c == '1').collect()).collect();
    let network = Condensed::new(&Mask::from_layers(&architecture, layers));
    let detection = detect(&network, &DetectionSettings::default());
    let (inputs, outputs) = (numbered("x", widths[0]), numbered("y", widths[widths.len() - 1]));
    let labels = Labels { inputs: &inputs, outputs: &outputs, shape: None };
    lines(Subject { network: &network, detection: &detection, labels }, room, charset)
}

/// Two separate functions of two inputs each.
const TWO: [&[&str]; 2] = [&["1100", "0011"], &["10", "01"]];

#[test]
fn two_separate_functions_are_apart() {
    let picture = drawn(&[4, 2, 2], &TWO, (40, 0), Charset::Ascii);
    assert_eq!(picture[..3], ["         +M1---+ +M2---+", "inputs   |x1 x2| |x3 x4|", "         +-----+ +-----+"]);
    // Three layers of three lines, three lines between each.
    assert_eq!(picture.len(), 15);
    assert!(picture.iter().all(|line| line.is_ascii() && line.len() <= 40));
    assert!(picture[7].contains("|0 | |1 |"), "{picture:#?}");
    assert!(picture[13].contains("|y1| |y2|"), "{picture:#?}");
}

#[test]
fn every_edge_has_a_line_that_reaches_both_its_ends() {
    let picture = drawn(&[1, 1, 1], &[&["1"], &["1"]], (30, 0), Charset::Unicode);
    for row in [3, 4, 5, 9, 10, 11] {
        assert_eq!(picture[row].trim(), "\u{2847}", "{picture:#?}");
    }
    let ascii = drawn(&[1, 1, 1], &[&["1"], &["1"]], (30, 0), Charset::Ascii);
    assert_eq!(ascii[3].trim(), "|");
}

/// Checks that a layer whose units are all of module 1 shows each of them, or says how many there are.
fn check_layer(picture: &[String], name: &str, units: usize) {
    let row =
        picture.iter().position(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}: {picture:#?}"));
    let shown = |row: usize| picture[row].chars().skip(MARGIN).collect::<String>();
    assert!(shown(row - 1).contains("M1"), "{name}: {picture:#?}");
    let dots = shown(row).matches(['●', 'o']).count();
    let count = if dots > 0 { dots } else { shown(row).replace(['│', '|'], " ").split_whitespace().count() };
    assert!(count == units || dots > 0 && shown(row + 1).contains(&units.to_string()), "{name}: {picture:#?}");
}

#[test]
fn any_network_fits_any_width() {
    let dense = |outputs: usize, inputs: usize| vec!["1".repeat(inputs); outputs];
    for (inputs, hidden, outputs) in [(3, 24, 2), (300, 7, 90), (1, 1, 1)] {
        let (first, second) = (dense(hidden, inputs), dense(outputs, hidden));
        let layers: [Vec<&str>; 2] = [&first, &second].map(|rows| rows.iter().map(String::as_str).collect());
        for width in [0, 20, 33, 80, 140] {
            for charset in [Charset::Unicode, Charset::Ascii] {
                let picture = drawn(&[inputs, hidden, outputs], &[&layers[0], &layers[1]], (width, 40), charset);
                assert!(picture.iter().all(|line| line.chars().count() <= width.max(NARROWEST)), "{picture:#?}");
                for (name, units) in [("inputs", inputs), ("layer 1", hidden), ("outputs", outputs)] {
                    check_layer(&picture, name, units);
                }
                // Every line between the layers has a part of an edge.
                assert!(picture.iter().all(|line| !line.is_empty()), "{picture:#?}");
            }
        }
    }
}

#[test]
fn separate_units_that_fill_the_width_are_signs_of_their_modules() {
    let rows: Vec<String> =
        (0..30).map(|unit| (0..30).map(|from| if from == unit { '1' } else { '0' }).collect()).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let picture = drawn(&[30, 30, 30], &[&rows, &rows], (60, 0), Charset::Ascii);
    assert_eq!(picture[0], "inputs   123456789abcdefghijklmnopqrstu");
    assert_eq!(picture.len(), 3 + 6);
}

#[test]
fn a_network_without_a_path_is_drawn_too() {
    let picture = drawn(&[2, 2, 2], &[&["10", "01"], &["00", "00"]], (40, 0), Charset::Unicode);
    assert!(picture[0].contains("no units left") || picture[1].contains("no units left"), "{picture:#?}");
    assert!(picture.iter().any(|line| line.contains("y1")), "{picture:#?}");
}

/// Two images of 2 x 4 pixels, each with a hidden unit and an output of its own; the corners are pruned.
fn two_images() -> (Condensed, crate::detect::Detection) {
    let architecture = Architecture::new(vec![16, 2, 2]).unwrap();
    let rows = ["0111000001100000", "0000111000001111"];
    let layers = [rows.concat(), "1001".to_owned()];
    let layers = layers.iter().map(|bits| bits.chars().map(|c| c == '1').collect()).collect();
    let network = Condensed::new(&Mask::from_layers(&architecture, layers));
    let detection = detect(&network, &DetectionSettings::default());
    (network, detection)
}

#[test]
fn pixels_are_a_map_from_whose_columns_edges_leave() {
    let (network, detection) = two_images();
    let (inputs, outputs) = (numbered("x", 16), numbered("y", 2));
    let shape = Some(Shape { height: 2, width: 8 });
    let subject = Subject {
        network: &network,
        detection: &detection,
        labels: Labels { inputs: &inputs, outputs: &outputs, shape },
    };
    insta::assert_snapshot!("two_images", lines(subject, (70, 0), Charset::Ascii).join("\n"));
    let blocks = draw(subject, (70, 0), Charset::Unicode, Style::Blocks);
    let map: String = blocks[0][MARGIN..MARGIN + 8].iter().map(|cell| cell.symbol).collect();
    assert_eq!(map, "·██▀███▄");
    let modules: Vec<Option<usize>> = blocks[0][MARGIN + 1..MARGIN + 8].iter().map(|cell| cell.module).collect();
    assert_eq!(modules, [0, 0, 0, 1, 1, 1, 1].map(Some));
    assert!(draw(subject, (10, 0), Charset::Unicode, Style::Blocks).iter().all(|row| row.len() <= NARROWEST));
}

#[test]
fn of_very_many_edges_only_the_number_is_shown() {
    let row = "1".repeat(150);
    let rows: Vec<&str> = vec![&row; 150];
    let picture = drawn(&[150, 150, 1], &[&rows, &[&row]], (60, 0), Charset::Ascii);
    assert!(picture.iter().any(|line| line.trim() == "22,500 edges"), "{picture:#?}");
}
