//! The overview tab: a trial's results and settings.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::catalog::{State, TrialResult};
use crate::prune::{Plan, Required, Stages};
use crate::report::names::short;
use crate::report::numbers::{self, counted, duration, thousands};
use crate::tui::snapshot::OpenedTrial;
use crate::tui::theme::Theme;
use crate::tui::view::widgets::text::{Side, fact, fit, heading, paragraph};

/// From this width on, results and settings are side by side.
const TWO_COLUMNS: usize = 100;

pub(super) fn lines<'a>(trial: &OpenedTrial, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if let Some(failure) = trial.details.failure.as_ref().filter(|_| trial.row().status == State::Failed) {
        let text = format!("Failed in {}: {}", failure.place, failure.message);
        lines.extend(paragraph(&text, width).into_iter().map(|line| line.style(theme.bad())));
        lines.push(Line::default());
    }
    if width >= TWO_COLUMNS {
        let half = width / 2;
        let columns = [results(trial, half, theme), training(trial, half - 1, theme)];
        lines.extend(beside(columns, half));
    } else {
        lines.extend(results(trial, width, theme));
        lines.push(Line::default());
        lines.extend(training(trial, width, theme));
    }
    lines
}

/// Two columns of lines, the left one `width` wide.
fn beside([left, right]: [Vec<Line<'_>>; 2], width: usize) -> Vec<Line<'_>> {
    let height = left.len().max(right.len());
    let mut left = left.into_iter();
    let mut right = right.into_iter();
    (0..height)
        .map(|_| {
            let mut line = left.next().unwrap_or_default();
            let fill = width.saturating_sub(line.width());
            line.push_span(Span::raw(" ".repeat(fill)));
            line.spans.extend(right.next().unwrap_or_default().spans);
            line
        })
        .collect()
}

fn results<'a>(trial: &OpenedTrial, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let mut lines = vec![heading("result", width, theme)];
    match &trial.details.result {
        Some(result) => lines.extend(numbers(trial, result, theme)),
        None => lines.extend(super::absent(trial, "result", width)),
    }
    if let Some(times) = &trial.details.times {
        let text = format!("{} ({} of processor time)", duration(times.wall_s), duration(times.cpu_s));
        lines.push(fact("time", text, theme));
    }
    let row = trial.row();
    let experiments = row.experiments.join(", ");
    if !experiments.is_empty() {
        lines.push(fact("experiments", fit_to(&experiments, width, theme), theme));
    }
    if !row.tags.is_empty() {
        lines.push(fact("tags", fit_to(&row.tags.join(", "), width, theme), theme));
    }
    if !row.note.is_empty() {
        lines.push(fact("note", fit_to(&row.note, width, theme), theme));
    }
    lines
}

fn fit_to(text: &str, width: usize, theme: Theme) -> String {
    fit(text, width.saturating_sub(18), Side::Left, theme.charset)
}

fn numbers<'a>(trial: &OpenedTrial, result: &TrialResult, theme: Theme) -> Vec<Line<'a>> {
    let accuracy = numbers::accuracy(result.accuracy);
    let accuracy = format!("{accuracy} ({} required)", numbers::accuracy(result.required_accuracy));
    let edges = format!(
        "{} of {} (density {})",
        thousands(result.edges),
        thousands(result.weights_dense),
        numbers::density(result.density)
    );
    let dense: usize = trial.plan().architecture.hidden_units();
    let mut lines = vec![fact("accuracy", Span::styled(accuracy, theme.strong()), theme)];
    lines.extend(result.classes_right.map(|share| fact("classes right", numbers::accuracy(share), theme)));
    lines.extend([
        fact("edges", Span::styled(edges, theme.strong()), theme),
        fact("hidden units", format!("{} of {}", thousands(result.hidden_units), thousands(dense)), theme),
    ]);
    lines.extend(found(trial, theme));
    let steps = [("p_u", result.p_u), ("p_e", result.p_e)];
    let steps: Vec<String> =
        steps.iter().filter_map(|(name, step)| Some(format!("{name} {}", numbers::step((*step)?)))).collect();
    if !steps.is_empty() {
        lines.push(fact("best walk", steps.join(", "), theme));
    }
    let trained = format!("{} in {}", counted(result.rounds, "round"), counted(result.walks, "walk"));
    lines.push(fact("trained", trained, theme));
    lines.push(fact("loss", numbers::loss(result.loss), theme));
    lines
}

/// The modules, and whether they are the true modules.
fn found<'a>(trial: &OpenedTrial, theme: Theme) -> Vec<Line<'a>> {
    let Some(verdict) = &trial.details.verdict else {
        return vec![fact("modules", Span::styled("not detected yet", theme.quiet()), theme)];
    };
    let tied = trial.detection().is_some_and(|detection| detection.tied);
    let tied = if tied { " (a tie decided)" } else { "" };
    let (answer, style) = match verdict.true_modules {
        Some(true) => ("yes", theme.good()),
        Some(false) => ("no", theme.warning()),
        None if trial.plan().stages == Stages::Dense => ("not judged: nothing was pruned", Style::new()),
        None => ("unknown for this task", Style::new()),
    };
    let criterion = if verdict.true_modules.is_some() && !verdict.criterion.is_empty() {
        format!("{answer} (criterion: {})", verdict.criterion)
    } else {
        answer.to_owned()
    };
    vec![
        fact("modules", Span::styled(format!("{}{tied}", verdict.module_count), theme.strong()), theme),
        fact("true modules", Span::styled(criterion, style), theme),
    ]
}

fn training<'a>(trial: &OpenedTrial, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let plan = trial.plan();
    let round = &plan.hyperparameters;
    let about = trial.about();
    let kernel = trial.details.result.as_ref().map_or("", |result| &result.kernel);
    let columns = |names: &[String]| format!("{}: {}", thousands(names.len()), short(names, width.saturating_sub(26)));
    vec![
        heading("training", width, theme),
        fact("task", about.task.clone(), theme),
        fact("inputs", columns(&about.inputs), theme),
        fact("outputs", columns(&about.outputs), theme),
        fact("architecture", plan.architecture.to_string(), theme),
        fact("seed", plan.seed.to_string(), theme),
        fact("each round", each_round(plan), theme),
        fact("learning rate", round.learning_rate.to_string(), theme),
        fact("noise, L2", format!("{}, {}", round.noise, round.weight_decay), theme),
        fact("required", required(plan.required), theme),
        fact("stages", plan.stages.to_string(), theme),
        fact("grid", grid(plan), theme),
        fact("engine", format!("{}, {}", trial.details.trial.specification.engine.name(), kernel), theme),
        fact(
            "created",
            format!("{} UTC on {}", about.created.to_string().get(..16).unwrap_or("").replace('T', " "), about.host),
            theme,
        ),
        fact("id", trial.id().to_string(), theme),
    ]
}

fn each_round(plan: &Plan) -> String {
    let rows = counted(plan.hyperparameters.batch_size, "row");
    let patience = plan.hyperparameters.patience;
    let patience = patience.map_or_else(String::new, |patience| format!(" (patience {patience})"));
    format!("{}{patience}, batches of {rows}", counted(plan.hyperparameters.epochs, "epoch"))
}

fn required(required: Required) -> String {
    match required {
        Required::Perfect => "every output bit correct".to_owned(),
        Required::Dense => "as accurate as the dense network".to_owned(),
        Required::Threshold(threshold) => format!("accuracy {threshold}"),
    }
}

/// `14 p_u (5-70%), 5 p_e (0.5-2.5%)`, and whether steps regrow.
fn grid(plan: &Plan) -> String {
    let steps = |name: &str, steps: &[f64]| match steps {
        [] => None,
        [step] => Some(format!("{name} {}", numbers::step(*step))),
        [first, .., last] => Some(format!("{} {name} ({first}-{last}%)", steps.len())),
    };
    let regrow = plan.regrow.then(|| "steps regrow".to_owned());
    let parts = [steps("p_u", &plan.grid.p_u), steps("p_e", &plan.grid.p_e), regrow];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "no pruning".to_owned() } else { parts.join(", ") }
}
