//! The rounds tab: how the network shrank.

use ratatui::text::{Line, Span};

use crate::report::numbers::{self, or_dash, thousands};
use crate::tui::snapshot::{Detail, Round, Walk, Way};
use crate::tui::state::TrialUi;
use crate::tui::theme::Theme;
use crate::tui::view::widgets::gauge::gauge;
use crate::tui::view::widgets::text::heading;

pub(super) fn lines<'a>(detail: &Detail, ui: &TrialUi, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let way = detail.ways.get(ui.walk);
    let rounds = way.map_or(&[][..], |way| &way.rounds);
    if rounds.is_empty() && detail.walks.is_empty() {
        return super::absent(detail, "finished walks", width);
    }
    let mut lines = Vec::new();
    if let Some(way) = way.filter(|_| !rounds.is_empty()) {
        lines.push(heading(&name(way, ui.walk), width, theme));
        let title = format!(
            " {:>5}  {:8} {:>8}  {:10} {:>8} {:>9} {:>6} {:>6}",
            "round", "stage", "tried", "", "accuracy", "loss", "units", "edges"
        );
        lines.push(Line::styled(title, theme.quiet()));
        let most = rounds.iter().map(|round| round.edges).max().unwrap_or(1).max(1);
        let shown = ui.step(detail).map(|step| step.round);
        lines.extend(rounds.iter().enumerate().map(|(number, round)| {
            let line = self::round(number, round, most, width, theme);
            if shown == Some(number) { line.style(theme.selected()) } else { line }
        }));
        lines.push(Line::default());
    }
    if !detail.walks.is_empty() {
        lines.push(heading("all walks", width, theme));
        let title =
            format!("   {:>8} {:>8} {:>9} {:>7} {:>7} {:>7}", "p_u", "p_e", "accuracy", "units", "edges", "rounds");
        lines.push(Line::styled(title, theme.quiet()));
        lines.extend(detail.walks.iter().map(|walk| self::walk(walk, theme)));
    }
    lines
}

/// The name of a walk: `the best walk`, or by its initial step sizes.
fn name(way: &Way, number: usize) -> String {
    let steps = [("p_u", way.p_u), ("p_e", way.p_e)];
    let steps: Vec<String> =
        steps.iter().filter_map(|(name, step)| Some(format!("{name} {}", numbers::step((*step)?)))).collect();
    if number == 0 { "the best walk".to_owned() } else { format!("near-best walk: {}", steps.join(", ")) }
}

fn round<'a>(number: usize, round: &Round, most: u64, width: usize, theme: Theme) -> Line<'a> {
    let (word, style) = match (round.accepted, round.accuracy) {
        (true, _) => (theme.pick("✓ accepted", "+ accepted"), theme.good()),
        (false, Some(_)) => (theme.pick("× rejected", "x rejected"), theme.warning()),
        (false, None) => (theme.pick("× empty", "x empty"), theme.quiet()),
    };
    let tried = if round.stage == "unit" || round.stage == "edge" { numbers::step(round.p) } else { String::new() };
    let mut line = vec![
        Span::styled(format!(" {number:>5}"), theme.quiet()),
        Span::raw(format!("  {:8} {tried:>8}  ", round.stage)),
        Span::styled(format!("{word:10} "), style),
        Span::raw(format!(
            "{:>8} {:>9} ",
            or_dash(round.accuracy, numbers::accuracy),
            or_dash(round.loss, numbers::loss)
        )),
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

fn walk<'a>(walk: &Walk, theme: Theme) -> Line<'a> {
    let step = |step: Option<f64>| or_dash(step, numbers::step);
    let text = format!(
        "{:>8} {:>8} {:>9} {:>7} {:>7} {:>7}",
        step(walk.p_u),
        step(walk.p_e),
        or_dash(walk.accuracy, numbers::accuracy),
        thousands(walk.hidden_units),
        thousands(walk.edges),
        thousands(walk.rounds)
    );
    if walk.best {
        Line::from(vec![
            Span::styled(theme.pick(" ▸ ", " > "), theme.key()),
            Span::styled(text, theme.strong()),
            Span::styled("  best", theme.good()),
        ])
    } else {
        Line::raw(format!("   {text}"))
    }
}
