//! A made-up trial on pairs of images, 28 x 56 pixels.

use neural_sculpting::detect::{Detection, DetectionSettings, Hierarchy, ModuleEdge, ModuleNode, detect};
use neural_sculpting::experiment::details::Clustered;
use neural_sculpting::network::{Architecture, Condensed, Mask};
use neural_sculpting::task::Shape;
use neural_sculpting::tui::snapshot::{Moment, OpenedTrial, Step};

use super::fixture;

const SHAPE: Shape = Shape { height: 28, width: 56 };

/// The image of a pixel, 0 or 1, if the pixel is in the middle of it.
fn side(pixel: usize) -> Option<usize> {
    let (row, column) = (pixel / SHAPE.width, pixel % SHAPE.width);
    let (down, across) = (row as f64 - 13.5, (column % 28) as f64 - 13.5);
    ((down / 12.0).powi(2) + (across / 10.0).powi(2) < 1.0).then_some(column / 28)
}

/// The edges that are left: in each layer, the first half of the first eight units for the left image and the others for the
/// right one. The first `whole` layers have all their edges.
fn mask(architecture: &Architecture, whole: usize) -> Mask {
    let layers = architecture.matrices().enumerate().map(|(layer, (outputs, inputs))| {
        let last = layer + 2 == architecture.widths().len();
        let image_of = |unit: usize, at: usize| match at {
            0 => side(unit),
            _ if last && at == layer + 1 => Some(unit / 10),
            _ => (unit < 8).then_some(unit / 4),
        };
        let kept = |weight: usize| {
            let (to, from) = (weight / inputs, weight % inputs);
            let image = image_of(from, layer);
            let picked = layer > 0 || (from * 7 + to * 3) % 5 < 2;
            layer < whole || picked && image.is_some() && image == image_of(to, layer + 1)
        };
        (0..outputs * inputs).map(kept).collect()
    });
    Mask::from_layers(architecture, layers.collect())
}

/// A finished trial of this architecture, whose inputs are pixels.
pub fn detail(architecture: &str) -> OpenedTrial {
    let architecture: Architecture = architecture.parse().unwrap();
    let mut opened = fixture::detail();
    let mask = mask(&architecture, 0);
    let network = Condensed::new(&mask);
    let detection = with_a_stray_pixel(detect(&network, &DetectionSettings::default()));
    let details = &mut opened.details;
    details.trial.specification.plan.architecture = architecture;
    let about = &mut details.trial.about;
    (about.task, about.shape) = ("digits-pair".to_owned(), Some(SHAPE));
    about.inputs = SHAPE.names().collect();
    about.outputs =
        ["left", "right"].iter().flat_map(|side| (0..10).map(move |digit| format!("{side}{digit}"))).collect();
    details.row.task = "digits-pair".to_owned();
    details.row.architecture = details.trial.specification.plan.architecture.clone();
    details.detection = Some((DetectionSettings::default(), detection));
    OpenedTrial { network: Some(network), certificate: Vec::new(), paths: Some(fixture::weighed(&mask)), ..opened }
}

/// Makes the first kept pixel a module of its own, as happens in trials on digits.
fn with_a_stray_pixel(mut detection: Detection) -> Detection {
    let module = detection.module_count;
    detection.modules[0][0] = module;
    let pixel = detection.hierarchy.nodes[0].units[0].remove(0);
    let mut node = detection.hierarchy.nodes[0].clone();
    node.module = module;
    node.units.iter_mut().for_each(Vec::clear);
    node.units[0] = vec![pixel];
    detection.hierarchy.nodes.push(node);
    detection.module_count += 1;
    detection.hierarchy.edges.push(ModuleEdge { from: module, to: 0, edges: 3 });
    detection
}

/// The reader's answer for round 3 of the best walk, after which the first layer still has all its edges.
pub fn moment(detail: &OpenedTrial, whole: usize) -> Moment {
    let network = Condensed::new(&mask(&detail.plan().architecture, whole));
    let detection = detect(&network, &detail.settings());
    Moment {
        id: detail.id().clone(),
        step: Step { walk: 0, round: 3 },
        clustered: Some(Clustered { network, detection }),
    }
}

/// The best network with every unit a module of its own.
pub fn shattered(detail: &OpenedTrial) -> Moment {
    let mut moment = moment(detail, 0);
    let clustered = moment.clustered.as_mut().unwrap();
    let detection = &mut clustered.detection;
    let layers = detection.kept_units.len();
    let (mut nodes, mut module) = (Vec::new(), 0);
    for layer in 0..layers {
        for (unit, of) in detection.kept_units[layer].iter().zip(&mut detection.modules[layer]) {
            let mut units = vec![Vec::new(); layers];
            units[layer].push(*unit);
            *of = module;
            nodes.push(ModuleNode { module, units });
            module += 1;
        }
    }
    for found in &mut detection.layers {
        found.k = found.units;
        found.clusters = (0..found.units).collect();
    }
    let mut edges = Vec::new();
    for layer in 0..layers - 1 {
        for (to, feeders) in clustered.network.feeders(layer).iter().enumerate() {
            let to = detection.modules[layer + 1][to];
            edges.extend(feeders.iter().map(|&from| ModuleEdge { from: detection.modules[layer][from], to, edges: 1 }));
        }
    }
    detection.module_count = module;
    detection.hierarchy = Hierarchy { nodes, edges };
    moment
}
