//! All engines compared with finite differences, and with each other.

use super::*;
use crate::network::{Architecture, Mask, Network};
use crate::task::{InputKind, Rows, Split, Task};

/// A network with biases, a pruned unit, a dead end and some masked weights; and a task of random rows for it.
fn case(widths: &str, rows: usize, seed: u64) -> (Network, Task) {
    let architecture: Architecture = widths.parse().unwrap();
    let mut stream = Stream::new(&StreamName { seed, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 });
    let mut network = initial_network(&architecture, &mut stream);
    network.biases.iter_mut().for_each(|biases| stream.normals(biases));
    let mut mask = Mask::full(&architecture);
    mask.prune_unit(1, 2);
    let last = architecture.matrices().len() - 1;
    let kept = |layer: usize| {
        let inputs = architecture.widths()[layer];
        // Unit 3 of the last hidden layer is reached but leads nowhere.
        let leads = move |index: usize| layer < last || index % inputs != 3;
        let kept = mask.layer(layer).iter().enumerate();
        kept.map(|(index, &kept)| kept && index % 7 != 3 && leads(index)).collect::<Vec<_>>()
    };
    let layers = (0..=last).map(kept).collect();
    network.apply_mask(Mask::from_layers(&architecture, layers));
    let mut inputs = vec![0.0; rows * architecture.inputs()];
    stream.normals(&mut inputs);
    let outputs = (0..rows * architecture.outputs()).map(|index| f32::from(u8::from(index % 3 == 0))).collect();
    (network, task(Rows::new(architecture.inputs(), inputs, outputs)))
}

fn task(rows: Rows) -> Task {
    let rows = std::sync::Arc::new(rows);
    let name = |column: usize| format!("{column}");
    Task {
        name: "random".to_owned(),
        inputs: (0..rows.input_width()).map(name).collect(),
        outputs: (0..rows.output_width()).map(name).collect(),
        kind: InputKind::Real,
        rows: rows.clone(),
        training: rows.clone(),
        validation: rows,
        split: Split::Same,
        truth: None,
        shape: None,
        data: None,
        one_hot: Vec::new(),
    }
}

fn settings(batch_size: usize) -> Hyperparameters {
    Hyperparameters { learning_rate: 0.05, batch_size, epochs: 3, weight_decay: 1e-4, noise: 0.1, patience: None }
}

/// The edge engine as it computes wide networks, on any network.
struct Wide(KernelClass);

impl Engine for Wide {
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a> {
        Box::new(wide::WideLearner::new(self.0, task, network, settings))
    }

    fn kind(&self) -> Computed {
        Computed::Edges
    }
}

/// Every engine that runs here, the edge engine once per kernel class.
fn engines() -> Vec<(String, Box<dyn Engine>)> {
    let mut engines: Vec<(String, Box<dyn Engine>)> = Vec::new();
    for choice in [EngineChoice::BurnNdarray, EngineChoice::BurnFlex] {
        engines.extend(choice.engine().ok().map(|engine| (choice.to_string(), engine)));
    }
    for class in KernelClass::ALL.into_iter().filter(|class| class.is_here()) {
        engines.push((format!("edges, {class}"), Box::new(EdgeEngine(class))));
        engines.push((format!("wide, {class}"), Box::new(Wide(class))));
    }
    engines
}

fn order(rows: usize) -> Vec<u32> {
    (0..).take(rows).collect()
}

/// The loss in double precision, by its definition.
fn loss_of(network: &Network, rows: &Rows) -> f64 {
    let out = rows.output_width();
    let mut sum = 0.0;
    for (row, targets) in rows.outputs.chunks(out).enumerate() {
        let mut activations: Vec<f64> = rows.input(row).iter().map(|&x| f64::from(x)).collect();
        for (layer, (weights, biases)) in network.weights.iter().zip(&network.biases).enumerate() {
            let sums = weights.chunks(activations.len()).zip(biases).map(|(weights, &bias)| {
                let terms = weights.iter().zip(&activations).map(|(&weight, x)| f64::from(weight) * x);
                f64::from(bias) + terms.sum::<f64>()
            });
            let last = layer + 1 == network.weights.len();
            activations = sums.map(|sum| if last { sum } else { sum.max(0.0) }).collect();
        }
        for (z, &y) in activations.iter().zip(targets) {
            let probability = 1.0 / (1.0 + (-z).exp());
            sum -= if y > 0.5 { probability.ln() } else { (1.0 - probability).ln() };
        }
    }
    sum / rows.outputs.len() as f64
}

/// The derivative of the loss in a parameter, as a finite difference.
fn difference(network: &Network, rows: &Rows, at: impl Fn(&mut Network) -> &mut f32) -> f64 {
    let shifted = |shift: f32| {
        let mut moved = network.clone();
        *at(&mut moved) += shift;
        (f64::from(*at(&mut moved)), loss_of(&moved, rows))
    };
    let ((low, below), (high, above)) = (shifted(-1e-3), shifted(1e-3));
    (above - below) / (high - low)
}

#[test]
fn gradients_equal_finite_differences() {
    // 11 rows leave some lanes empty in every class.
    let (network, task) = case("4,6,5,3", 11, 3);
    let reached = network.mask.reached_from_inputs();
    for (name, engine) in engines() {
        let gradients = engine.learner(&task, &network, &settings(11)).gradients(&order(11), &[]);
        for layer in 0..network.weights.len() {
            for index in 0..network.weights[layer].len() {
                let numeric = difference(&network, &task.training, |network| &mut network.weights[layer][index]);
                let expected = if network.mask.layer(layer)[index] { numeric } else { 0.0 };
                assert!((f64::from(gradients.weights[layer][index]) - expected).abs() < 3e-5, "{name}");
            }
            for (unit, &reached) in reached[layer + 1].iter().enumerate() {
                let numeric = difference(&network, &task.training, |network| &mut network.biases[layer][unit]);
                let expected = if reached { numeric } else { 0.0 };
                assert!((f64::from(gradients.biases[layer][unit]) - expected).abs() < 3e-5, "{name}");
            }
        }
    }
}

/// The distance between two sets of numbers, relative to the norm of the first.
fn apart(a: &[Vec<f32>], b: &[Vec<f32>]) -> f64 {
    let pairs = || a.iter().flatten().zip(b.iter().flatten());
    let squares: f64 = pairs().map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    (squares / pairs().map(|(a, _)| f64::from(*a).powi(2)).sum::<f64>()).sqrt()
}

#[test]
fn engines_agree_on_gradients_and_on_parameters_after_an_epoch() {
    for seed in 0..20 {
        for (widths, rows, batch) in [("4,24,24,16", 16, 8), ("6,36,12", 64, 20), ("8,48,48,48,48,16", 256, 32)] {
            let (network, task) = case(widths, rows, seed);
            let mut noise = vec![0.0; task.training.count * task.training.input_width()];
            Stream::new(&StreamName { seed, stage: Stage::Edge, p_u: 0.0, p_e: 0.0, round: 1 }).normals(&mut noise);
            let settings = Hyperparameters { learning_rate: 0.001, ..settings(batch) };
            let mut first = None;
            for (name, engine) in engines() {
                let mut learner = engine.learner(&task, &network, &settings);
                let found = learner.gradients(&order(batch), &noise[..batch * task.training.input_width()]);
                learner.epoch(&order(rows), &noise);
                let left = learner.into_kept();
                let (gradients, parameters) = first.get_or_insert_with(|| (found.clone(), left.clone()));
                assert!(apart(&gradients.weights, &found.weights) < 1e-5, "{name}, {widths}, seed {seed}");
                assert!(apart(&gradients.biases, &found.biases) < 1e-5, "{name}, {widths}, seed {seed}");
                let worst = parameters.weights.iter().chain(&parameters.biases).flatten();
                let worst = worst.zip(left.weights.iter().chain(&left.biases).flatten());
                let worst = worst.map(|(a, b)| (a - b).abs()).fold(0.0_f32, f32::max);
                assert!(worst < 1e-4, "{name}, {widths}, seed {seed}: {worst}");
            }
        }
    }
}

#[test]
fn steps_of_adam_equal_those_worked_by_hand() {
    // One weight of 0.5 and one bias of 0; input 1, output 0, learning rate 0.1, L2 1e-4. The gradient of both is
    // sigmoid(weight + bias) plus 1e-4 times the parameter. The first step moves each by 0.1.
    let mut network = Network::zeros(&"1,1".parse().unwrap());
    network.weights[0][0] = 0.5;
    let task = task(Rows::new(1, vec![1.0], vec![0.0]));
    let settings = Hyperparameters { learning_rate: 0.1, ..settings(1) };
    for (name, engine) in engines() {
        for (steps, weight, bias) in [(1, 0.400_000_002, -0.099_999_998), (2, 0.300_289_404, -0.199_710_565)] {
            let mut learner = engine.learner(&task, &network, &settings);
            (0..steps).for_each(|_| learner.epoch(&[0], &[]));
            let left = learner.into_kept();
            assert!((f64::from(left.weights[0][0]) - weight).abs() < 1e-6, "{name}, {steps} steps");
            assert!((f64::from(left.biases[0][0]) - bias).abs() < 1e-6, "{name}, {steps} steps");
        }
    }
}

#[test]
fn masked_weights_stay_zero_and_weights_off_every_path_shrink() {
    let (network, task) = case("4,6,5,3", 8, 3);
    let live = network.mask.on_a_path();
    for (name, engine) in engines() {
        let mut learner = engine.learner(&task, &network, &settings(8));
        (0..20).for_each(|_| learner.epoch(&order(8), &[]));
        let left = learner.into_kept();
        for layer in 0..left.weights.len() {
            let masked = left.weights[layer].iter().zip(network.mask.layer(layer)).filter(|(_, kept)| !**kept);
            assert!(masked.clone().count() > 0 && masked.into_iter().all(|(weight, _)| *weight == 0.0), "{name}");
        }
        assert_eq!(left.biases[0][2], 0.0, "{name}: the bias of a pruned unit");
        // Unit 3 of the last hidden layer is reached but leads nowhere.
        assert!(!live[2][3]);
        for from in [0, 1, 4] {
            let place = 3 * 6 + from;
            if network.mask.layer(1)[place] {
                let (before, after) = (network.weights[1][place].abs(), left.weights[1][place].abs());
                assert!(after < before, "{name}: {before} became {after}");
            }
        }
    }
}

#[test]
fn evaluations_agree() {
    // 70 rows do not fit in one strip, and leave lanes empty in the last.
    let (network, task) = case("4,24,24,16", 70, 5);
    for (name, engine) in engines() {
        let mut learner = engine.learner(&task, &network, &settings(8));
        for _ in 0..2 {
            let Evaluation { right, loss } = learner.evaluate();
            let expected = loss_of(&network, &task.validation);
            assert!((loss - expected).abs() < 1e-6 * expected, "{name}: {loss} {expected}");
            let first = EdgeEngine(KernelClass::Plain).learner(&task, &network, &settings(8)).evaluate().right;
            assert_eq!(right, first, "{name}");
        }
    }
}

#[test]
fn a_network_without_paths_learns_nothing() {
    let (mut network, task) = case("4,6,5,3", 8, 3);
    let mut mask = Mask::full(network.architecture());
    (0..5).for_each(|unit| mask.prune_unit(2, unit));
    network.apply_mask(mask);
    for (name, engine) in engines() {
        let mut learner = engine.learner(&task, &network, &settings(8));
        learner.epoch(&order(8), &[]);
        assert!((learner.evaluate().loss - std::f64::consts::LN_2).abs() < 1e-6, "{name}");
        assert!(learner.into_kept().biases[2].iter().all(|&bias| bias == 0.0), "{name}");
    }
}

#[test]
fn wide_networks_skip_zeros_without_a_difference() {
    // Two thirds of the inputs are 0, and some rows and columns have nothing else. 150 units are whole panels of vectors
    // and a rest in every class.
    let (network, mut task) = case("40,150,20,3", 30, 3);
    let rows = &task.training;
    let mut inputs: Vec<f32> = (0..rows.count).flat_map(|row| rows.input(row).into_owned()).collect();
    for (index, value) in inputs.iter_mut().enumerate() {
        let (row, column) = (index / 40, index % 40);
        if (row + column) % 3 > 0 || row == 7 || column == 11 {
            *value = 0.0;
        }
    }
    task.training = std::sync::Arc::new(Rows::new(40, inputs, rows.outputs.clone()));
    task.validation = task.training.clone();
    let quiet = Hyperparameters { noise: 0.0, learning_rate: 0.001, ..settings(30) };
    for class in KernelClass::ALL.into_iter().filter(|class| class.is_here()) {
        let mut learners =
            [EdgeEngine(class).learner(&task, &network, &quiet), Wide(class).learner(&task, &network, &quiet)];
        let [ours, wide] = learners.each_mut().map(|learner| learner.gradients(&order(30), &[]));
        assert!(apart(&ours.weights, &wide.weights) < 1e-5, "{class}");
        assert!(apart(&ours.biases, &wide.biases) < 1e-5, "{class}");
        let [ours, wide] = learners.each_mut().map(|learner| {
            learner.epoch(&order(30), &[]);
            learner.evaluate()
        });
        assert_eq!(ours.right, wide.right, "{class}");
        assert!((ours.loss - wide.loss).abs() < 1e-5, "{class}");
    }
}
