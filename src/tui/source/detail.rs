//! All that is known of the open trial.

use crate::catalog::{Labels, Result, TrialFolder};
use crate::experiment::details::{TrialDetails, path_analysis};
use crate::prune::{RoundRecord, WalkRecord};
use crate::report::certificate::sentences;
use crate::train::{Epoch, Stage};
use crate::tui::snapshot::{Detail, Round, Walk, Way};

/// The trial as it is shown, from what was read of its folder.
///
/// # Errors
/// The trial is missing, or a file that everything depends on is damaged.
pub(super) fn read(folder: &TrialFolder, details: TrialDetails) -> Result<Detail> {
    let best = details.best_walk();
    let ways = details.trajectories().into_iter().map(way).collect();
    let network = details.clustered().map(|clustered| clustered.network);
    let walks = details.walks.iter().map(|walk| self::walk(walk, best.is_some_and(|best| std::ptr::eq(best, walk))));
    let walks = walks.collect();
    let task = details.task(folder.catalog()).ok();
    let state = details.row.status;
    let labels = Labels { tags: details.row.tags.clone(), note: details.row.note.clone() };
    let row = super::list::row(details.row);
    let (settings, detection) = details.detection.unzip();
    // Without its table, a trial is shown without what the table says.
    let judged = detection.as_ref().zip(task.as_ref().filter(|task| task.is_complete()));
    let certificate = judged.map(|(detection, task)| sentences(detection, task)).unwrap_or_default();
    // And so it is without what its weights say.
    let structure = task.as_ref().and_then(|task| path_analysis(folder, task).ok()?).map(|(structure, _)| structure);
    Ok(Detail {
        row,
        specification: details.trial.specification,
        about: details.trial.about,
        result: details.result,
        times: details.times,
        failure: details.failure.filter(|_| state == crate::catalog::State::Failed),
        verdict: details.verdict,
        labels,
        detection,
        certificate,
        settings: settings.unwrap_or_default(),
        network,
        structure,
        ways,
        walks,
        problem: None,
    })
}

fn way(record: &WalkRecord) -> Way {
    let rounds = record.trajectory.iter().flat_map(|trajectory| &trajectory.rounds);
    Way { p_u: record.p_u, p_e: record.p_e, rounds: rounds.map(round).collect() }
}

fn round(record: &RoundRecord) -> Round {
    let stage = match record.stage {
        Stage::Dense => "dense",
        Stage::Unit => "unit",
        Stage::Retrain => "retrain",
        Stage::Edge => "edge",
    };
    Round {
        stage: stage.to_owned(),
        p: record.p,
        accepted: record.accepted,
        accuracy: record.best.map(accuracy),
        loss: record.best.map(|best| best.loss),
        hidden_units: record.hidden_units as u64,
        edges: record.edges as u64,
    }
}

fn walk(record: &WalkRecord, best: bool) -> Walk {
    Walk {
        p_u: record.p_u,
        p_e: record.p_e,
        accuracy: Some(accuracy(record.best)),
        edges: record.edges as u64,
        hidden_units: record.hidden_units as u64,
        rounds: u64::from(record.rounds),
        best,
    }
}

fn accuracy(epoch: Epoch) -> f64 {
    epoch.accuracy.fraction()
}
