//! Trial specifications: everything that a trial's networks depend on, and nothing else.

use serde::{Deserialize, Serialize};

use super::ids::is_hex;
use super::{Error, Result, TrialId};
use crate::prune::Plan;
use crate::train::EngineChoice;

/// The version of the catalog's files, and of the specifications that ids are computed from.
pub const FORMAT: u32 = 1;

/// A trial's specification. Trials with the same specification are the same trial.
///
/// It does not include detection settings, experiments, or criteria for the true modules, which do not affect the
/// training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Specification {
    /// The version of the specification, see [`FORMAT`].
    pub format: u32,
    /// The hash of the task's content, in lower-case hexadecimal.
    pub task: String,
    /// Architecture, seed, hyperparameters, stages, grid and required accuracy.
    pub plan: Plan,
    /// The engine that computes the rounds.
    pub engine: EngineChoice,
}

impl Specification {
    /// Checks the specification and returns its canonical form, which its id is computed from.
    ///
    /// # Errors
    /// The plan is invalid, or the task's hash is not lower-case hexadecimal.
    pub fn canonical(self) -> Result<Self> {
        if !is_hex(&self.task) || self.task.len() > 64 {
            return Err(Error::Id { what: "a task", text: self.task });
        }
        Ok(Self { format: FORMAT, plan: self.plan.checked()?, ..self })
    }

    /// The trial's id: a hash of the specification as compact JSON.
    ///
    /// Only in their [`Self::canonical`] form do equivalent specifications have the same id.
    ///
    /// # Panics
    /// Never, because plain data can always be written as JSON.
    #[must_use]
    pub fn id(&self) -> TrialId {
        TrialId::of(&serde_json::to_vec(self).expect("plain data has a JSON form"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::prune::{Grid, Required, Stages};
    use crate::train::Hyperparameters;

    pub(in crate::catalog) fn specification(seed: u64) -> Specification {
        let hyperparameters = Hyperparameters {
            learning_rate: 0.001,
            batch_size: 4,
            epochs: 60,
            weight_decay: 1e-4,
            noise: 0.1,
            patience: None,
        };
        let plan = Plan {
            architecture: "4,24,4".parse().unwrap(),
            seed,
            hyperparameters,
            stages: Stages::UnitEdge,
            grid: Grid { p_u: vec![5.0, 10.0], p_e: vec![0.5] },
            required: Required::Perfect,
            regrow: false,
        };
        Specification { format: FORMAT, task: "0123abcd".to_owned(), plan, engine: EngineChoice::BurnNdarray }
    }

    #[test]
    fn canonical_forms_and_ids_never_change() {
        let specification = specification(7).canonical().unwrap();
        assert_eq!(
            serde_json::to_string(&specification).unwrap(),
            "{\"format\":1,\"task\":\"0123abcd\",\"plan\":{\"architecture\":[4,24,4],\"seed\":7,\"hyperparameters\":\
             {\"learning_rate\":0.001,\"batch_size\":4,\"epochs\":60,\"weight_decay\":0.0001,\"noise\":0.1},\
             \"stages\":\"unit+edge\",\"grid\":{\"p_u\":[5.0,10.0],\"p_e\":[0.5]},\"required\":\"perfect\"},\
             \"engine\":\"burn-ndarray\"}"
        );
        assert_eq!(specification.id().as_str(), "544740a1c49857ae9d66");
        assert_ne!(specification.id(), super::tests::specification(8).id());
    }

    /// Files of earlier versions do not have these settings.
    #[test]
    fn settings_beyond_the_paper_are_written_only_when_set() {
        let mut changed = specification(7);
        (changed.plan.hyperparameters.patience, changed.plan.regrow) = (Some(5), true);
        let text = serde_json::to_string(&changed).unwrap();
        assert!(
            text.contains("\"noise\":0.1,\"patience\":5}")
                && text.contains("\"required\":\"perfect\",\"regrow\":true}")
        );
        assert_eq!(serde_json::from_str::<Specification>(&text).unwrap(), changed);
        let plain = serde_json::to_string(&specification(7)).unwrap();
        assert_eq!(serde_json::from_str::<Specification>(&plain).unwrap(), specification(7));
        let mut patient = specification(7);
        patient.plan.hyperparameters.patience = Some(5);
        let mut regrowing = specification(7);
        regrowing.plan.regrow = true;
        let ids = [specification(7), patient, regrowing, changed].map(|one| one.id());
        assert!((0..4).all(|place| !ids[..place].contains(&ids[place])));
    }

    #[test]
    fn a_task_hash_is_hexadecimal() {
        let mut wrong = specification(0);
        wrong.task = "../x".to_owned();
        assert!(wrong.canonical().unwrap_err().to_string().contains("../x"));
    }
}
