//! A walk's trajectory as a slider: which of its networks is shown, and its numbers.

use ratatui::text::{Line, Span};

use crate::prune::{RoundRecord, WalkRecord};
use crate::report::numbers::{self, counted, or_dash};
use crate::train::Stage;
use crate::tui::snapshot::{OpenedTrial, rounds, steps};
use crate::tui::state::TrialUi;
use crate::tui::theme::Theme;
use crate::tui::view::widgets::gauge::slider;

/// The greatest width of the slider.
const WIDEST: usize = 40;

/// The slider, in one line; empty without a trajectory.
pub(super) fn line<'a>(trial: &OpenedTrial, ui: &TrialUi, width: usize, theme: Theme) -> Line<'a> {
    let Some((walk, place, steps)) = place(trial, ui) else { return Line::default() };
    let round = &rounds(walk)[steps[place]];
    let walks = trial.recorded_walks().len();
    let walk = if ui.walk == 0 { String::new() } else { format!("walk {} of {walks}, ", ui.walk + 1) };
    let name = format!(" {walk}step {} of {} ", place + 1, steps.len());
    let facts = facts(trial, round);
    // As many facts as leave eight columns for the slider.
    let length = |count: usize| facts[..count].iter().map(|fact| fact.chars().count() + 3).sum::<usize>();
    let room = width.saturating_sub(name.chars().count() + 1);
    let count = (0..=facts.len()).rev().find(|&count| length(count) + 8 <= room).unwrap_or(0);
    let slide = room.saturating_sub(length(count)).min(WIDEST);
    let mut line = vec![Span::styled(name, theme.strong())];
    line.extend(slider(place, steps.len(), slide, theme));
    line.push(Span::raw(facts[..count].iter().map(|fact| format!("   {fact}")).collect::<String>()));
    Line::from(line)
}

/// The slider in a few characters, if there is no line for it: `step 3/20`, or nothing at the end.
pub(super) fn short(trial: &OpenedTrial, ui: &TrialUi) -> Option<String> {
    let (_, place, steps) = place(trial, ui).filter(|_| ui.step(trial).is_some())?;
    Some(format!("step {}/{}", place + 1, steps.len()))
}

/// The walk that is shown, the position of the current step, and the rounds of all steps.
fn place<'a>(trial: &'a OpenedTrial, ui: &TrialUi) -> Option<(&'a WalkRecord, usize, Vec<usize>)> {
    let walk = trial.recorded_walk(ui.walk)?;
    let steps = steps(walk);
    let last = steps.len().checked_sub(1)?;
    let place = ui.round.and_then(|round| steps.iter().position(|&step| step == round)).unwrap_or(last);
    Some((walk, place, steps))
}

/// Facts about the network, the most important first.
fn facts(trial: &OpenedTrial, round: &RoundRecord) -> Vec<String> {
    let stage = match round.stage {
        Stage::Unit | Stage::Edge => format!("{} {}", round.stage, numbers::step(round.p)),
        Stage::Dense | Stage::Retrain => round.stage.to_string(),
    };
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let density = round.edges as f64 / trial.plan().architecture.weights() as f64;
    vec![
        format!("{stage:<12}"),
        format!("{:>6} left", counted(round.edges, "edge")),
        counted(round.hidden_units, "unit"),
        format!("density {}", numbers::density(density)),
        format!("accuracy {}", or_dash(round.best, |best| numbers::accuracy(best.accuracy.fraction()))),
    ]
}
