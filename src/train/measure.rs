//! How long a round takes on this machine, to compare engines.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::engine::{Computed, Evaluation, Gradients, Learner};
use super::{Engine, Hyperparameters, Stage, Stream, StreamName, initial_network, round};
use crate::network::{Architecture, Mask, Network};
use crate::task::{BOOLEAN_NOISE, InputKind, MAX_TABLE_INPUTS, Rows, Split, Task};

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
            kind: if is_boolean { InputKind::Boolean } else { InputKind::Real },
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

    /// The case with real inputs: about the share `zeros` of them, 0 to 1, is 0, the others are above 0 and at most 1.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 2^24")]
    pub fn with_zeros(mut self, zeros: f64) -> Self {
        let stream = &mut Stream::new(&StreamName { seed: 1, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 });
        let threshold = (zeros.clamp(0.0, 1.0) * f64::from(1 << 24)) as u32;
        let rows = &self.task.rows;
        let mut input =
            |_| if stream.below(1 << 24) < threshold { 0.0 } else { (stream.below(255) + 1) as f32 / 255.0 };
        let inputs = (0..rows.count * rows.input_width()).map(&mut input).collect();
        let rows = Arc::new(Rows::new(rows.input_width(), inputs, rows.outputs.clone()));
        self.settings.noise = 0.0;
        self.task.kind = InputKind::Real;
        (self.task.training, self.task.validation) = (Arc::clone(&rows), Arc::clone(&rows));
        self.task.rows = rows;
        self
    }

    /// The case with the rows of a task. Its network must have the task's inputs and outputs.
    #[must_use]
    pub fn with_task(mut self, task: Task) -> Self {
        self.settings.noise = if task.kind == InputKind::Boolean { BOOLEAN_NOISE } else { 0.0 };
        self.task = task;
        self
    }

    /// Number of optimizer steps in a round.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.settings.epochs * self.task.training.count.div_ceil(self.settings.batch_size)
    }

    /// The wall-clock times of a round.
    #[must_use]
    pub fn time(&self, engine: &dyn Engine) -> Times {
        let mut stream = Stream::new(&StreamName { seed: 0, stage: Stage::Edge, p_u: 0.0, p_e: 0.0, round: 0 });
        let watch = Stopwatch { engine, times: Arc::default() };
        let start = Instant::now();
        let result =
            round(&watch, &self.task, &self.network, &self.settings, &mut stream, &mut |_| ControlFlow::Continue(()));
        let round = start.elapsed();
        std::hint::black_box(result);
        Times { round, ..*held(&watch.times) }
    }
}

/// How long a round takes, and what of it is spent where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// The whole round.
    pub round: Duration,
    /// All its steps.
    pub steps: Duration,
    /// All its evaluations.
    pub evaluations: Duration,
}

impl Times {
    fn plus(self, other: Self) -> Self {
        Self {
            round: self.round + other.round,
            steps: self.steps + other.steps,
            evaluations: self.evaluations + other.evaluations,
        }
    }
}

impl std::ops::Div<u32> for Times {
    type Output = Self;

    fn div(self, by: u32) -> Self {
        Self { round: self.round / by, steps: self.steps / by, evaluations: self.evaluations / by }
    }
}

/// An engine whose learners are timed.
struct Stopwatch<'e> {
    engine: &'e dyn Engine,
    times: Arc<Mutex<Times>>,
}

impl Engine for Stopwatch<'_> {
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a> {
        Box::new(Timed { learner: self.engine.learner(task, network, settings), times: Arc::clone(&self.times) })
    }

    fn kind(&self) -> Computed {
        self.engine.kind()
    }
}

/// A learner of a [`Stopwatch`].
struct Timed<'a> {
    learner: Box<dyn Learner + 'a>,
    times: Arc<Mutex<Times>>,
}

impl Learner for Timed<'_> {
    fn epoch(&mut self, order: &[u32], noise: &[f32]) {
        let start = Instant::now();
        self.learner.epoch(order, noise);
        held(&self.times).steps += start.elapsed();
    }

    fn evaluate(&mut self) -> Evaluation {
        let start = Instant::now();
        let evaluation = self.learner.evaluate();
        held(&self.times).evaluations += start.elapsed();
        evaluation
    }

    fn keep(&mut self) {
        self.learner.keep();
    }

    fn into_kept(self: Box<Self>) -> Network {
        self.learner.into_kept()
    }

    fn gradients(&mut self, order: &[u32], noise: &[f32]) -> Gradients {
        self.learner.gradients(order, noise)
    }
}

fn held(times: &Mutex<Times>) -> MutexGuard<'_, Times> {
    times.lock().unwrap_or_else(PoisonError::into_inner)
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

/// The median times of a round with each engine. The engines take turns, `turns` each, of one or more rounds.
#[must_use]
pub(crate) fn medians(case: &Case, engines: &[&dyn Engine], turns: usize) -> Vec<Times> {
    let rounds: Vec<u32> = engines.iter().map(|engine| rounds_in(TURN, case.time(*engine).round)).collect();
    let mut times = vec![Vec::with_capacity(turns); engines.len()];
    for _ in 0..turns {
        for ((times, engine), &rounds) in times.iter_mut().zip(engines).zip(&rounds) {
            times.push((0..rounds).map(|_| case.time(*engine)).fold(Times::default(), Times::plus) / rounds);
        }
    }
    times.iter().map(|times| median(times)).collect()
}

/// The median of each of the times.
fn median(times: &[Times]) -> Times {
    let of = |part: fn(&Times) -> Duration| {
        let mut parts: Vec<Duration> = times.iter().map(part).collect();
        parts.sort_unstable();
        parts.get(parts.len() / 2).copied().unwrap_or_default()
    };
    Times { round: of(|times| times.round), steps: of(|times| times.steps), evaluations: of(|times| times.evaluations) }
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
    fn cases_have_the_share_of_zeros_asked_for() {
        let case = Case::new(&"40,8,4".parse().unwrap(), 200, 32, 1, 1.0).with_zeros(0.8);
        let rows = &case.task.training;
        let inputs: Vec<f32> = (0..rows.count).flat_map(|row| rows.input(row).into_owned()).collect();
        let zeros = inputs.iter().filter(|&&input| input == 0.0).count() as f64 / inputs.len() as f64;
        assert!((zeros - 0.8).abs() < 0.02 && inputs.iter().all(|input| (0.0..=1.0).contains(input)), "{zeros}");
    }

    #[test]
    fn steps_and_evaluations_are_parts_of_a_round() {
        let case = Case::new(&"8,16,4".parse().unwrap(), 64, 8, 3, 1.0);
        let times = case.time(&crate::train::EdgeEngine(crate::train::KernelClass::detect()));
        assert!(times.steps > Duration::ZERO && times.evaluations > Duration::ZERO);
        assert!(times.steps + times.evaluations <= times.round);
    }

    #[test]
    fn turns_have_at_least_one_round() {
        assert_eq!(rounds_in(TURN, TURN * 2), 1);
        assert_eq!(rounds_in(TURN, TURN / 4), 5);
        assert!(rounds_in(TURN, Duration::ZERO) > 1_000_000);
    }
}
