//! Concluding a trial: detecting the modules of its best network, and writing its final files; or recording its failure.

use std::sync::Arc;

use super::event::Event;
use super::session::{Directive, Session};
use super::shared::Shared;
use crate::analysis::{Purity, criteria};
use crate::catalog::{Completion, Error, OwnedTrial, Part, Result, TrialFolder, TrialResult, Utc, Verdict};
use crate::detect::{Detection, DetectionSettings, detect};
use crate::experiment::queued::QueuedTrial;
use crate::experiment::store;
use crate::network::{Network, safetensors};
use crate::prune::{Required, Stages, Tree, WalkRecord};
use crate::task::Task;
use crate::train::{KernelClass, classes_right};

/// Writes the final files of a finished trial, closes it and reports it.
pub(super) fn conclude(shared: &Shared<'_>, session: &Arc<Session>) {
    let written = {
        let inner = session.lock();
        write(&session.queued, &session.owned, &inner.tree)
    };
    let (result, verdict) = match written {
        Ok(written) => written,
        Err(error) => return fail(shared, session, &error.to_string(), "writing the result"),
    };
    let mut times = session.times();
    times.finished = Some(Utc::now());
    let ended = session
        .owned
        .write_times(&times)
        .and_then(|()| session.owned.write_result(&result))
        .and_then(|()| session.owned.remove_part(Part::State))
        .and_then(|()| session.owned.remove_progress());
    if let Err(error) = ended {
        return fail(shared, session, &error.to_string(), "writing the result");
    }
    let mut queue = shared.lock();
    queue.close(session);
    queue.summary.done += 1;
    queue.count(result.status, verdict.as_ref());
    drop(queue);
    let (id, wall_s) = (session.id().clone(), Some(times.wall_s));
    shared.context.emit(Event::Done { id, result: Box::new(result), verdict, wall_s });
}

/// Closes a trial that cannot continue: saves its progress, records the failure, and reports it. Does so only once.
pub(super) fn fail(shared: &Shared<'_>, session: &Arc<Session>, message: &str, place: &str) {
    session.set_directive(Directive::Release);
    let mut queue = shared.lock();
    if !queue.close(session) {
        return;
    }
    queue.summary.failed += 1;
    drop(queue);
    // On a full disk neither can be written, but the event still reports the failure.
    let _ = session.save();
    let _ = session.owned.write_failure(message, place);
    shared.context.emit(Event::Failed { id: session.id().clone(), message: message.to_owned() });
}

/// Writes all files except the result, which comes last.
fn write(queued: &QueuedTrial, owned: &OwnedTrial, tree: &Tree) -> Result<(TrialResult, Option<Verdict>)> {
    let plan = &queued.trial.plan;
    // The best walk of a finished tree exists and fits the architecture, unless the saved state was damaged.
    let missing = || Error::State(queued.id.to_string());
    let best = tree.best(plan).ok_or_else(missing)?;
    let network = best.network.network(&plan.architecture).ok_or_else(missing)?;
    let walks: Vec<&WalkRecord> = tree.finished_walks().collect();
    owned.write_part(Part::Walks, &store::walks_to_bytes(&walks))?;
    owned.write_part(Part::Network, &safetensors::to_bytes(&network, queued.id.as_str()))?;
    let untrained = tree.is_untrained(plan);
    let verdict = if untrained { untrained_verdict(owned, queued)? } else { Some(judge(owned, queued, &network)?) };
    let classes = classes_right(&network, &queued.trial.task.validation, &queued.trial.task.one_hot);
    let result = TrialResult { classes_right: classes, ..result(queued, tree, &best, walks.len(), verdict.as_ref()) };
    Ok((result, verdict))
}

#[allow(clippy::cast_precision_loss)]
fn result(
    queued: &QueuedTrial,
    tree: &Tree,
    best: &WalkRecord,
    walks: usize,
    verdict: Option<&Verdict>,
) -> TrialResult {
    let plan = &queued.trial.plan;
    let weights = plan.architecture.weights();
    let of = best.best.accuracy.of as f64;
    TrialResult {
        format: TrialResult::FORMAT,
        status: if tree.is_untrained(plan) { Completion::Untrained } else { Completion::Finished },
        kernel: KernelClass::detect().to_string(),
        accuracy: best.best.accuracy.fraction(),
        loss: best.best.loss,
        density: best.edges as f64 / weights as f64,
        edges: best.edges as u64,
        hidden_units: best.hidden_units as u64,
        weights_dense: weights as u64,
        p_u: best.p_u,
        p_e: best.p_e,
        rounds: tree.rounds(),
        walks: walks as u64,
        required_accuracy: tree.required(plan).map_or_else(|| share(plan.required), |bits| bits as f64 / of),
        module_count: verdict.filter(|verdict| verdict.module_count > 0).map(|verdict| verdict.module_count),
        classes_right: None,
    }
}

/// The required accuracy, 0 to 1, of a dense network that missed it.
pub(super) fn share(required: Required) -> f64 {
    match required {
        Required::Threshold(share) => share,
        // Under `Dense`, a dense network never misses the required accuracy.
        Required::Perfect | Required::Dense => 1.0,
    }
}

/// Detects and stores a network's modules under all settings, and writes the verdict on the first.
fn judge(folder: &TrialFolder, queued: &QueuedTrial, network: &Network) -> Result<Verdict> {
    let first = queued.detection();
    let detection = keep_detection(folder, &first, network)?;
    let verdict = verdict(queued, &first, &detection);
    folder.write_verdict(&verdict)?;
    for settings in queued.detections.iter().skip(1) {
        keep_detection(folder, settings, network)?;
    }
    Ok(verdict)
}

fn keep_detection(folder: &TrialFolder, settings: &DetectionSettings, network: &Network) -> Result<Detection> {
    let detection = detect(&network.condense(), settings);
    folder.write_detection(&settings_hash(settings), &detection_bytes(&detection))?;
    Ok(detection)
}

fn verdict(queued: &QueuedTrial, settings: &DetectionSettings, detection: &Detection) -> Verdict {
    Verdict {
        settings: settings_hash(settings),
        module_count: detection.module_count as u64,
        true_modules: criterion_of(queued).and_then(|_| criteria::finds_true_modules(&queued.trial.task, detection)),
        criterion: criterion(queued),
        purity: purity(&queued.trial.task, detection),
    }
}

/// How far the images of a task are separated; `None` for other tasks.
fn purity(task: &Task, detection: &Detection) -> Option<Purity> {
    let truth = task.truth.as_ref().filter(|_| task.shape.is_some())?;
    Some(Purity::of(truth, detection))
}

/// The verdict on an untrained trial: it does not find the true modules, if any are known.
fn untrained_verdict(folder: &TrialFolder, queued: &QueuedTrial) -> Result<Option<Verdict>> {
    if criterion_of(queued).is_none() {
        return Ok(None);
    }
    let settings = settings_hash(&queued.detection());
    let verdict =
        Verdict { settings, module_count: 0, true_modules: Some(false), criterion: criterion(queued), purity: None };
    folder.write_verdict(&verdict)?;
    Ok(Some(verdict))
}

/// The criterion for the true modules; `None` if none are known, or if nothing is pruned. The paper looks for modules in
/// sparse networks; a dense network is one module, whatever it has learned.
fn criterion_of(queued: &QueuedTrial) -> Option<&'static criteria::Criterion> {
    criteria::strictest(&queued.trial.task).filter(|_| queued.trial.plan.stages != Stages::Dense)
}

fn criterion(queued: &QueuedTrial) -> String {
    criterion_of(queued).map_or_else(String::new, |criterion| criterion.name.to_owned())
}

/// Counts and reports a trial that was done before.
pub(super) fn report_known(shared: &Shared<'_>, queued: &QueuedTrial, result: TrialResult) {
    match known(&shared.context.catalog.trial(&queued.id), queued, result.status) {
        Ok(verdict) => {
            shared.lock().count(result.status, verdict.as_ref());
            shared.context.emit(Event::Done { id: queued.id.clone(), result: Box::new(result), verdict, wall_s: None });
        }
        Err(error) => shared.context.warn(&error),
    }
}

/// The verdict on a trial that was done before, under its current settings. Detects its modules under the settings that
/// have not been used yet. An untrained trial has no modules.
fn known(folder: &TrialFolder, queued: &QueuedTrial, status: Completion) -> Result<Option<Verdict>> {
    let verdict = folder.verdict()?;
    if status == Completion::Untrained {
        return Ok(verdict);
    }
    let first = settings_hash(&queued.detection());
    let used = folder.detections()?;
    let missing: Vec<_> =
        queued.detections.iter().filter(|settings| !used.contains(&settings_hash(settings))).collect();
    let judged = verdict.as_ref().is_some_and(|verdict| verdict.settings == first);
    if judged && missing.is_empty() {
        return Ok(verdict);
    }
    let Some(bytes) = folder.part(Part::Network)? else { return Ok(verdict) };
    let Ok((_, network)) = safetensors::from_bytes(&bytes) else { return Ok(verdict) };
    for settings in missing.iter().filter(|settings| settings_hash(settings) != first) {
        keep_detection(folder, settings, &network)?;
    }
    if judged {
        return Ok(verdict);
    }
    if used.contains(&first) {
        // The stored verdict is on another experiment's settings, and stays.
        let stored = folder.detection(&first)?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        return Ok(stored.map(|detection| self::verdict(queued, &queued.detection(), &detection)).or(verdict));
    }
    let only = QueuedTrial { detections: Arc::from([queued.detection()]), ..queued.clone() };
    judge(folder, &only, &network).map(Some)
}

/// The hash of detection settings, which names the detection's file.
///
/// # Panics
/// Never, because plain data can always be written as JSON.
#[must_use]
pub fn settings_hash(settings: &DetectionSettings) -> String {
    let text = serde_json::to_vec(settings).expect("plain data has a JSON form");
    blake3::hash(&text).to_hex()[..12].to_owned()
}

fn detection_bytes(detection: &Detection) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(detection).expect("plain data has a JSON form");
    bytes.push(b'\n');
    bytes
}
