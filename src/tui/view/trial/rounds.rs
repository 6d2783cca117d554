//! The rounds of the best walk: how the network shrank.

use ratatui::text::{Line, Span};

use crate::tui::format;
use crate::tui::snapshot::{Detail, Round, Walk};
use crate::tui::theme::Theme;
use crate::tui::view::widgets::gauge::gauge;
use crate::tui::view::widgets::text::heading;

pub(super) fn lines<'a>(detail: &Detail, width: usize, theme: Theme) -> Vec<Line<'a>> {
    if detail.rounds.is_empty() && detail.walks.is_empty() {
        return super::absent(detail, "are no finished walks", width);
    }
    let mut lines = Vec::new();
    if !detail.rounds.is_empty() {
        lines.push(heading("the best walk", width, theme));
        let title = format!(
            " {:>5}  {:8} {:>8}  {:9} {:>8} {:>9} {:>6} {:>6}",
            "round", "stage", "tried", "", "accuracy", "loss", "units", "edges"
        );
        lines.push(Line::styled(title, theme.quiet()));
        let most = detail.rounds.iter().map(|round| round.edges).max().unwrap_or(1).max(1);
        lines.extend(
            detail.rounds.iter().enumerate().map(|(number, round)| self::round(number, round, most, width, theme)),
        );
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

fn round<'a>(number: usize, round: &Round, most: u64, width: usize, theme: Theme) -> Line<'a> {
    let (word, style) = match (round.accepted, round.accuracy) {
        (true, _) => (theme.pick("✓ kept", "+ kept"), theme.good()),
        (false, Some(_)) => (theme.pick("× undone", "x undone"), theme.warning()),
        (false, None) => (theme.pick("× skipped", "x skipped"), theme.quiet()),
    };
    let tried = if round.stage == "unit" || round.stage == "edge" { format::step(round.p) } else { String::new() };
    let mut line = vec![
        Span::styled(format!(" {number:>5}"), theme.quiet()),
        Span::raw(format!("  {:8} {tried:>8}  ", round.stage)),
        Span::styled(format!("{word:9} "), style),
        Span::raw(format!("{:>8} {:>9} ", format::fraction(round.accuracy), format::loss(round.loss))),
        Span::raw(format!("{:>6} {:>6}  ", round.hidden_units, round.edges)),
    ];
    let room = width.saturating_sub(72).min(40);
    if room >= 20 {
        #[expect(clippy::cast_precision_loss, reason = "only drawn")]
        let share = round.edges as f64 / most as f64;
        line.extend(gauge(Some(share), room, if round.accepted { theme.accent() } else { theme.quiet() }, theme));
    }
    Line::from(line)
}

fn walk<'a>(walk: &Walk, theme: Theme) -> Line<'a> {
    let step = |step: Option<f64>| step.map_or_else(|| "-".to_owned(), format::step);
    let text = format!(
        "{:>8} {:>8} {:>9} {:>7} {:>7} {:>7}",
        step(walk.p_u),
        step(walk.p_e),
        format::fraction(walk.accuracy),
        walk.hidden_units,
        walk.edges,
        walk.rounds
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
