//! How long a round takes on this machine, to compare engines.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Engine, Hyperparameters, Stage, Stream, StreamName, initial_network, round};
use crate::network::{Architecture, Mask, Network};
use crate::task::{BOOLEAN_NOISE, Kind, MAX_TABLE_INPUTS, Rows, Split, Task};

/// A round to measure.
#[derive(Clone, Debug)]
pub struct Case {
    /// A task of random bits.
    pub task: Task,
    /// Random initial weights under a mask.
    pub network: Network,
    /// How the round trains.
    pub settings: Hyperparameters,
}

impl Case {
    /// A case with `rows` rows, and about the share `density` of the weights, 0 to 1.
    ///
    /// Like pruning, the mask removes units first: it keeps the share `sqrt(density)` of each hidden layer, and of the
    /// weights between these as many as `density` requires. Inputs are noisy if there are few enough for a complete
    /// table.
    #[must_use]
    pub fn new(architecture: &Architecture, rows: usize, batch_size: usize, epochs: usize, density: f64) -> Self {
        let name = StreamName { seed: 0, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 };
        let stream = &mut Stream::new(&name);
        let mut network = initial_network(architecture, stream);
        let mask = mask(architecture, density, stream);
        network.apply_mask(mask);
        let mut bits = |count: usize| (0..count).map(|_| if stream.below(2) == 1 { 1.0 } else { 0.0 }).collect();
        let (inputs, outputs) = (architecture.inputs(), architecture.outputs());
        let rows = Arc::new(Rows::new(inputs, bits(rows * inputs), bits(rows * outputs)));
        let is_boolean = inputs <= MAX_TABLE_INPUTS;
        let task = Task {
            name: "bench".to_owned(),
            inputs: (1..=inputs).map(|number| format!("x{number}")).collect(),
            outputs: (1..=outputs).map(|number| format!("y{number}")).collect(),
            kind: if is_boolean { Kind::Boolean } else { Kind::Real },
            rows: Arc::clone(&rows),
            training: Arc::clone(&rows),
            validation: rows,
            split: Split::Same,
            truth: None,
            shape: None,
            data: None,
            one_hot: Vec::new(),
        };
        let noise = if is_boolean { BOOLEAN_NOISE } else { 0.0 };
        let settings =
            Hyperparameters { learning_rate: 0.001, batch_size, epochs, weight_decay: 1e-4, noise, patience: None };
        Self { task, network, settings }
    }

    /// Number of optimizer steps in a round.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.settings.epochs * self.task.training.count.div_ceil(self.settings.batch_size)
    }

    /// The wall-clock time of a round.
    #[must_use]
    pub fn time(&self, engine: &dyn Engine) -> Duration {
        let mut stream = Stream::new(&StreamName { seed: 0, stage: Stage::Edge, p_u: 0.0, p_e: 0.0, round: 0 });
        let start = Instant::now();
        let result =
            round(engine, &self.task, &self.network, &self.settings, &mut stream, &mut |_| ControlFlow::Continue(()));
        let taken = start.elapsed();
        std::hint::black_box(result);
        taken
    }
}

/// Keeps about the share `density` of the weights (see [`Case::new`]), and at least one per layer.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares of counts")]
fn mask(architecture: &Architecture, density: f64, stream: &mut Stream) -> Mask {
    let share = density.clamp(0.0, 1.0).sqrt();
    let widths = architecture.widths();
    let last = widths.len() - 1;
    let stays = |layer: usize| match layer {
        _ if layer == 0 || layer == last => widths[layer],
        _ => ((widths[layer] as f64 * share).round() as usize).max(1),
    };
    let among: usize = (0..last).map(|layer| stays(layer) * stays(layer + 1)).sum();
    let wanted = density * architecture.weights() as f64 / among as f64;
    let threshold = (wanted * f64::from(1 << 24)) as u32;
    let layers = architecture.matrices().enumerate().map(|(layer, (outputs, inputs))| {
        let mut kept = vec![false; outputs * inputs];
        for to in 0..stays(layer + 1) {
            for from in 0..stays(layer) {
                kept[to * inputs + from] = stream.below(1 << 24) < threshold;
            }
        }
        kept[0] = true;
        kept
    });
    let layers = layers.collect();
    Mask::from_layers(architecture, layers)
}

/// A turn lasts at least this long, so that a short round is measured as it runs in a trial: after others like it, not
/// with caches and branch predictors filled by another engine, which costs up to half of its speed.
const TURN: Duration = Duration::from_millis(10);

/// The median time of a round with each engine. The engines take turns, `turns` each, of one or more rounds.
#[must_use]
pub(crate) fn medians(case: &Case, engines: &[&dyn Engine], turns: usize) -> Vec<Duration> {
    let rounds: Vec<u32> = engines.iter().map(|engine| rounds_in(TURN, case.time(*engine))).collect();
    let mut times = vec![Vec::with_capacity(turns); engines.len()];
    for _ in 0..turns {
        for ((times, engine), &rounds) in times.iter_mut().zip(engines).zip(&rounds) {
            times.push((0..rounds).map(|_| case.time(*engine)).sum::<Duration>() / rounds);
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
        .collect()
}

/// How many rounds of duration `round` fill a turn, at least one.
fn rounds_in(turn: Duration, round: Duration) -> u32 {
    u32::try_from(turn.as_nanos() / round.as_nanos().max(1)).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_have_the_density_and_the_steps_asked_for() {
        let architecture: Architecture = "8,48,48,16".parse().unwrap();
        for density in [0.02, 0.1, 0.5, 1.0] {
            let case = Case::new(&architecture, 100, 32, 3, density);
            let kept = case.network.mask.kept() as f64 / architecture.weights() as f64;
            assert!((kept / density - 1.0).abs() < 0.25, "{density}: {kept}");
            assert!(case.network.mask.every_layer_keeps_a_weight());
            assert_eq!(case.steps(), 3 * 4);
        }
        let smallest = Case::new(&architecture, 1, 1, 1, 0.0).network.mask;
        assert!(smallest.every_layer_keeps_a_weight());
    }

    #[test]
    fn turns_have_at_least_one_round() {
        assert_eq!(rounds_in(TURN, TURN * 2), 1);
        assert_eq!(rounds_in(TURN, TURN / 4), 5);
        assert!(rounds_in(TURN, Duration::ZERO) > 1_000_000);
    }
}
