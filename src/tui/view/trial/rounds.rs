//! The rounds tab: how the network shrank.

use ratatui::text::{Line, Span};

use crate::prune::{RoundRecord, WalkRecord};
use crate::report::numbers::{self, or_dash, thousands};
use crate::train::Stage;
use crate::tui::snapshot::{OpenedTrial, rounds};
use crate::tui::state::TrialUi;
use crate::tui::theme::Theme;
use crate::tui::view::widgets::gauge::gauge;
use crate::tui::view::widgets::text::heading;

pub(super) fn lines<'a>(trial: &OpenedTrial, ui: &TrialUi, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let walks = &trial.details.walks;
    let recorded = trial.recorded_walk(ui.walk);
    let rounds = recorded.map_or(&[][..], rounds);
    if rounds.is_empty() && walks.is_empty() {
        return super::absent(trial, "finished walks", width);
    }
    let mut lines = Vec::new();
    if let Some(walk) = recorded.filter(|_| !rounds.is_empty()) {
        lines.push(heading(&name(walk, ui.walk), width, theme));
        let title = format!(
            " {:>5}  {:8} {:>8}  {:10} {:>8} {:>9} {:>6} {:>6}",
            "round", "stage", "tried", "", "accuracy", "loss", "units", "edges"
        );
        lines.push(Line::styled(title, theme.quiet()));
        let most = rounds.iter().map(|round| round.edges).max().unwrap_or(1).max(1);
        let shown = ui.step(trial).map(|step| step.round);
        lines.extend(rounds.iter().enumerate().map(|(number, round)| {
            let line = self::round(number, round, most, width, theme);
            if shown == Some(number) { line.style(theme.selected()) } else { line }
        }));
        lines.push(Line::default());
    }
    if !walks.is_empty() {
        lines.push(heading("all walks", width, theme));
        let title =
            format!("   {:>8} {:>8} {:>9} {:>7} {:>7} {:>7}", "p_u", "p_e", "accuracy", "units", "edges", "rounds");
        lines.push(Line::styled(title, theme.quiet()));
        let best = trial.details.best_walk();
        let is_best = |walk: &WalkRecord| best.is_some_and(|best| std::ptr::eq(best, walk));
        lines.extend(walks.iter().map(|walk| self::walk(walk, is_best(walk), theme)));
    }
    lines
}

/// The name of a walk: `the best walk`, or by its initial step sizes.
fn name(walk: &WalkRecord, number: usize) -> String {
    let steps = [("p_u", walk.p_u), ("p_e", walk.p_e)];
    let steps: Vec<String> =
        steps.iter().filter_map(|(name, step)| Some(format!("{name} {}", numbers::step((*step)?)))).collect();
    if number == 0 { "the best walk".to_owned() } else { format!("near-best walk: {}", steps.join(", ")) }
}

fn round<'a>(number: usize, round: &RoundRecord, most: usize, width: usize, theme: Theme) -> Line<'a> {
    let (word, style) = match (round.accepted, round.best) {
        (true, _) => (theme.pick("✓ accepted", "+ accepted"), theme.good()),
        (false, Some(_)) => (theme.pick("× rejected", "x rejected"), theme.warning()),
        (false, None) => (theme.pick("× empty", "x empty"), theme.quiet()),
    };
    let tried = match round.stage {
        Stage::Unit | Stage::Edge => numbers::step(round.p),
        Stage::Dense | Stage::Retrain => String::new(),
    };
    let accuracy = or_dash(round.best, |best| numbers::accuracy(best.accuracy.fraction()));
    let loss = or_dash(round.best, |best| numbers::loss(best.loss));
    let mut line = vec![
        Span::styled(format!(" {number:>5}"), theme.quiet()),
        Span::raw(format!("  {:8} {tried:>8}  ", round.stage.to_string())),
        Span::styled(format!("{word:10} "), style),
        Span::raw(format!("{accuracy:>8} {loss:>9} ")),
        Span::raw(format!("{:>6} {:>6}  ", thousands(round.hidden_units), thousands(round.edges))),
    ];
    let room = width.saturating_sub(73).min(40);
    if room >= 20 {
        #[expect(clippy::cast_precision_loss, reason = "only drawn")]
        let share = round.edges as f64 / most as f64;
        line.extend(gauge(Some(share), room, if round.accepted { theme.accent() } else { theme.quiet() }, theme));
    }
    Line::from(line)
}

fn walk<'a>(walk: &WalkRecord, is_best: bool, theme: Theme) -> Line<'a> {
    let step = |step: Option<f64>| or_dash(step, numbers::step);
    let text = format!(
        "{:>8} {:>8} {:>9} {:>7} {:>7} {:>7}",
        step(walk.p_u),
        step(walk.p_e),
        numbers::accuracy(walk.best.accuracy.fraction()),
        thousands(walk.hidden_units),
        thousands(walk.edges),
        thousands(walk.rounds)
    );
    if is_best {
        Line::from(vec![
            Span::styled(theme.pick(" ▸ ", " > "), theme.key()),
            Span::styled(text, theme.strong()),
            Span::styled("  best", theme.good()),
        ])
    } else {
        Line::raw(format!("   {text}"))
    }
}
