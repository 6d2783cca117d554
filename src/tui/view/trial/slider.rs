//! A walk's trajectory as a slider: which of its networks is shown, and its numbers.

use ratatui::text::{Line, Span};

use crate::report::numbers::{self, counted, or_dash};
use crate::tui::snapshot::{Detail, Round, Way};
use crate::tui::state::TrialUi;
use crate::tui::theme::Theme;
use crate::tui::view::widgets::gauge::slider;

/// The greatest width of the slider.
const WIDEST: usize = 40;

/// The slider, in one line; empty without a trajectory.
pub(super) fn line<'a>(detail: &Detail, ui: &TrialUi, width: usize, theme: Theme) -> Line<'a> {
    let Some((way, place, steps)) = place(detail, ui) else { return Line::default() };
    let round = &way.rounds[steps[place]];
    let walk = if ui.walk == 0 { String::new() } else { format!("walk {} of {}, ", ui.walk + 1, detail.ways.len()) };
    let name = format!(" {walk}step {} of {} ", place + 1, steps.len());
    let facts = facts(detail, round);
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
pub(super) fn short(detail: &Detail, ui: &TrialUi) -> Option<String> {
    let (_, place, steps) = place(detail, ui).filter(|_| ui.step(detail).is_some())?;
    Some(format!("step {}/{}", place + 1, steps.len()))
}

/// The walk that is shown, the position of the current step, and the rounds of all steps.
fn place<'a>(detail: &'a Detail, ui: &TrialUi) -> Option<(&'a Way, usize, Vec<usize>)> {
    let way = detail.ways.get(ui.walk)?;
    let steps: Vec<usize> = way.steps().collect();
    let last = steps.len().checked_sub(1)?;
    let place = ui.round.and_then(|round| steps.iter().position(|&step| step == round)).unwrap_or(last);
    Some((way, place, steps))
}

/// Facts about the network, the most important first.
fn facts(detail: &Detail, round: &Round) -> Vec<String> {
    let pruning = round.stage == "unit" || round.stage == "edge";
    let stage = if pruning { format!("{} {}", round.stage, numbers::step(round.p)) } else { round.stage.clone() };
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let density = round.edges as f64 / detail.specification.plan.architecture.weights() as f64;
    vec![
        format!("{stage:<12}"),
        format!("{:>6} left", counted(round.edges, "edge")),
        counted(round.hidden_units, "unit"),
        format!("density {}", numbers::density(density)),
        format!("accuracy {}", or_dash(round.accuracy, numbers::accuracy)),
    ]
}
