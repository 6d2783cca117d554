//! Catalogs and trials for tests.

use neural_sculpting::catalog::{
    About, Catalog, Claim, Completion, FORMAT, OwnedTrial, RunPlan, Specification, State, Trial, TrialFolder,
    TrialResult, Utc,
};
use neural_sculpting::prune::{Grid, Plan, Required, Stages};
use neural_sculpting::train::{EngineChoice, Hyperparameters};

/// A catalog in a temporary folder.
pub struct Fixture {
    pub folder: tempfile::TempDir,
    pub catalog: Catalog,
}

impl Fixture {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(Some(folder.path())).unwrap();
        Self { folder, catalog }
    }

    pub fn trial(&self, seed: u64) -> TrialFolder {
        self.catalog.create_trial(specification(seed), about()).unwrap()
    }

    pub fn state(&self, trial: &TrialFolder) -> State {
        self.catalog.state(trial.id()).unwrap()
    }
}

pub fn specification(seed: u64) -> Specification {
    Specification {
        format: FORMAT,
        task: "0123abcd".to_owned(),
        plan: Plan {
            architecture: "4,24,4".parse().unwrap(),
            seed,
            hyperparameters: Hyperparameters {
                learning_rate: 0.001,
                batch_size: 4,
                epochs: 60,
                weight_decay: 1e-4,
                noise: 0.1,
                patience: None,
            },
            stages: Stages::UnitEdge,
            grid: Grid { p_u: vec![5.0, 10.0], p_e: vec![0.5] },
            required: Required::Perfect,
            regrow: false,
        },
        engine: EngineChoice::BurnNdarray,
    }
}

pub fn about() -> About {
    About {
        task: "4-2-4".to_owned(),
        inputs: vec!["x1".to_owned()],
        outputs: vec!["y1".to_owned()],
        kernel: "avx2".to_owned(),
        program: "0.1.0".to_owned(),
        created: Utc::now(),
        host: "here".to_owned(),
        shape: None,
        data: None,
        truth: None,
    }
}

pub fn result() -> TrialResult {
    TrialResult {
        format: FORMAT,
        status: Completion::Finished,
        kernel: "avx2".to_owned(),
        accuracy: 1.0,
        loss: 0.001,
        density: 0.04,
        edges: 20,
        hidden_units: 6,
        weights_dense: 192,
        p_u: Some(5.0),
        p_e: Some(0.5),
        rounds: 900,
        walks: 84,
        required_accuracy: 1.0,
        module_count: None,
        classes_right: None,
    }
}

pub fn owned(claim: Claim) -> OwnedTrial {
    match claim {
        Claim::Owned(owned) => owned,
        other => panic!("not claimed: {other:?}"),
    }
}

pub fn plan(trials: &[&TrialFolder]) -> RunPlan {
    let queue = trials.iter().map(|trial| trial.id().clone()).collect();
    RunPlan { experiments: vec!["figure-6".to_owned()], queue, jobs: 2 }
}

/// Adds `count` finished trials without syncing each to disk. Their densities cycle through 0 to 0.999.
pub fn fill(catalog: &Catalog, count: u64) {
    for seed in 0..count {
        let mut specification = specification(seed);
        specification.plan.architecture = ["4,24,4", "4,24,24,4"][(seed % 2) as usize].parse().unwrap();
        let specification = specification.canonical().unwrap();
        let trial = catalog.trial(&specification.id());
        std::fs::create_dir_all(trial.path()).unwrap();
        let file = Trial { format: FORMAT, id: specification.id(), specification, about: about() };
        let (density, module_count) = ((seed % 1000) as f64 / 1000.0, Some(seed % 5));
        let result = TrialResult { density, module_count, ..result() };
        let write = |name: &str, bytes: Vec<u8>| std::fs::write(trial.path().join(name), bytes).unwrap();
        write("trial.json", serde_json::to_vec(&file).unwrap());
        write("result.json", serde_json::to_vec(&result).unwrap());
    }
}
