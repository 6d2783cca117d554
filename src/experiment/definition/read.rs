//! Parsing experiment files.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{At, Fields, Form, Read, Wrong};
use super::values::{DepthChoice, Depths, GridChoice, MOST, OneOrMany, Seeds};
use super::{Block, Choices, Definition, Hidden, MOST_LAYERS, Policy};
use crate::detect::{DetectionSettings, Distance, Linkage, Quality};
use crate::prune::Required;
use crate::task::TableOptions;

const fn form(key: &'static str, form: &'static str) -> Form {
    Form { key, form }
}

/// Keys at the top of the file.
const TOP: &[Form] = &[
    form("title", "a text"),
    form("about", "a text"),
    form("trials", "blocks of trials, each under a line [[trials]]"),
    form("detection", "a table [detection], or several, each under a line [[detection]]"),
];

/// Keys in a block.
const BLOCK: &[Form] = &[
    form("tasks", "a list of names such as [\"4-2-4\", \"mine.csv\"]"),
    form("outputs", "a list of names of output columns"),
    form("label", "the name of a column of classes"),
    form("scale", "a number above 0, such as 255"),
    form("shape", "height x width such as \"28x56\""),
    form("validation", "the path of a second table"),
    form("split_column", "the name of a column"),
    form("depths", "a list of numbers of hidden layers such as [1, 2, 3], or \"auto\""),
    form("most_layers", "a whole number from 2 to 100"),
    form("widths", "a list of whole numbers of at least 1, such as [24, 36]"),
    form("hidden", "a list of hidden layers such as [[24, 12], [48]]"),
];

/// Keys that can be at the top and in a block, where the latter takes precedence.
const SHARED: &[Form] = &[
    form("seeds", "a list such as [0, 1, 5] or a range such as \"0..19\""),
    form("grid", "\"paper\", \"quick\" or steps in percent such as { p_u = [35.0, 70.0], p_e = [1.0] }"),
    form("stages", "\"dense\", \"unit\", \"edge\" or \"unit+edge\""),
    form("hyperparameters", "\"rule\" or \"published\""),
    form("learning_rate", "a number above 0, or a list of them"),
    form("batch_size", "a whole number of at least 1, or a list of them"),
    form("epochs", "a whole number of at least 1"),
    form("patience", "a whole number of at least 1"),
    form("weight_decay", "a number of at least 0"),
    form("noise", "a number of at least 0"),
    form("required", "\"perfect\", \"dense\" or an accuracy from 0 to 1 such as { threshold = 0.98 }"),
    form("regrow", "true or false"),
    form("engine", "one of the engines that `sculpt run --help` lists"),
];

/// Keys of a detection. Each can have a list of values; all combinations are used.
const DETECTION: &[Form] = &[
    form("linkage", "\"average\", \"complete\", \"single\" or \"ward\", or a list of them"),
    form("distance", "\"cosine\", \"jaccard\" or \"euclidean\", or a list of them"),
    form("quality", "\"modularity\", \"silhouette\", \"calinski-harabasz\" or \"davies-bouldin\", or a list of them"),
    form("feature_steps", "a whole number of at least 1, or a list of them"),
    form("modularity_threshold", "a number such as -0.2, or a list of them"),
    form("merge_threshold", "a number above 0 and up to 1, or a list of them"),
];

/// Parses an experiment file.
///
/// # Errors
/// The file is invalid. The message is one sentence with the line, what is wrong, and what is expected.
pub fn parse(text: &str) -> Result<Definition, String> {
    let line_of = |at: usize| 1 + text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count();
    let message = |wrong: Wrong| format!("line {}: {}", line_of(wrong.at), wrong.message);
    let document = DeTable::parse(text).map_err(|error| {
        let problem = error.message().lines().map(str::trim).collect::<Vec<_>>().join(", ");
        let at = error.span().map_or(0, |span| span.start);
        message(Wrong::new(at, format!("{problem}; `sculpt presets --show quickstart` prints a valid file")))
    })?;
    definition(document.into_inner(), &line_of).map_err(message)
}

fn definition(table: DeTable<'_>, line_of: &dyn Fn(usize) -> usize) -> Read<Definition> {
    let mut fields = Fields::new(table, 0, "this file", &[TOP, SHARED]);
    let title = text(&mut fields, "title")?;
    let about = text(&mut fields, "about")?;
    let defaults = choices(&mut fields)?;
    let mut detections = Vec::new();
    for (table, at) in tables(&mut fields, "detection")? {
        detections.extend(detection(Fields::new(table, at, "[detection]", &[DETECTION]))?);
    }
    if detections.is_empty() {
        detections.push(DetectionSettings::default());
    }
    let mut trials = Vec::new();
    for (table, at) in tables(&mut fields, "trials")? {
        trials.push(block(Fields::new(table, at, "[[trials]]", &[BLOCK, SHARED]), &defaults, line_of(at))?);
    }
    fields.nothing_left()?;
    if trials.is_empty() {
        return Err(Wrong::new(
            0,
            "the file has no trials; add a line [[trials]], with tasks and hidden layers below it",
        ));
    }
    Ok(Definition { title, about, detections, trials })
}

fn text(fields: &mut Fields<'_>, key: &str) -> Read<Option<String>> {
    Ok(fields.take(key, Some)?.map(|found: At<String>| found.value))
}

/// The tables under `key`, one or several, with their positions.
fn tables<'i>(fields: &mut Fields<'i>, key: &'static str) -> Read<Vec<(DeTable<'i>, usize)>> {
    let Some(At { at, value }) = fields.take_raw(key) else { return Ok(Vec::new()) };
    let wrong = || {
        let form = TOP.iter().find(|known| known.key == key).map_or("", |known| known.form);
        Wrong::new(at, format!("`{key}` must be {form}"))
    };
    let table = |value: Spanned<DeValue<'i>>| {
        let start = value.span().start;
        match value.into_inner() {
            DeValue::Table(table) => Ok((table, start)),
            _ => Err(wrong()),
        }
    };
    match value.get_ref() {
        DeValue::Table(_) if key == "detection" => Ok(vec![table(value)?]),
        DeValue::Array(_) => {
            let DeValue::Array(array) = value.into_inner() else { return Err(wrong()) };
            array.into_iter().map(table).collect()
        }
        _ => Err(wrong()),
    }
}

fn choices(fields: &mut Fields<'_>) -> Read<Choices> {
    let at_least_1 = |count: usize| (count > 0).then_some(count);
    let above_0 = |rate: &f64| *rate > 0.0 && rate.is_finite();
    let not_negative = |number: f64| (number >= 0.0 && number.is_finite()).then_some(number);
    let choices = Choices {
        seeds: fields.take_or_explain("seeds", Seeds::expand)?.map(|found| found.value),
        grid: fields.take_or_explain("grid", GridChoice::grid)?.map(|found| found.value),
        stages: fields.take("stages", Some)?.map(|found| found.value),
        hyperparameters: {
            let policy = fields.take("hyperparameters", |text: String| text.parse::<Policy>().ok())?;
            policy.map(|found| found.value)
        },
        learning_rate: many(fields, "learning_rate", above_0)?,
        batch_size: many(fields, "batch_size", |&size: &usize| size > 0)?,
        epochs: fields.take("epochs", at_least_1)?.map(|found| found.value),
        patience: fields.take("patience", at_least_1)?.map(|found| found.value),
        weight_decay: fields.take("weight_decay", not_negative)?.map(|found| found.value),
        noise: fields.take("noise", not_negative)?.map(|found| found.value),
        required: fields.take("required", required)?.map(|found| found.value),
        regrow: fields.take("regrow", Some)?.map(|found| found.value),
        engine: fields.take("engine", Some)?.map(|found| found.value),
    };
    Ok(choices)
}

fn required(required: Required) -> Option<Required> {
    match required {
        Required::Threshold(share) if !(0.0..=1.0).contains(&share) => None,
        other => Some(other),
    }
}

/// The values of `key`; empty if it is not given.
fn many<'i, T: Deserialize<'i>>(fields: &mut Fields<'i>, key: &str, accept: impl Fn(&T) -> bool) -> Read<Vec<T>> {
    let found = fields.take(key, |values: OneOrMany<T>| values.all(accept))?;
    Ok(found.map_or_else(Vec::new, |found| found.value))
}

fn block(mut fields: Fields<'_>, defaults: &Choices, line: usize) -> Read<Block> {
    let at = fields.at;
    let names = |names: Vec<String>| (!names.is_empty()).then_some(names);
    let tasks = fields.take("tasks", names)?.ok_or_else(|| {
        Wrong::new(at, "these trials have no tasks; add tasks = [\"4-2-4\"], or the path of your own table")
    })?;
    let table = table_options(&mut fields)?;
    let hidden = hidden(&mut fields)?;
    let choices = choices(&mut fields)?.or(defaults);
    fields.nothing_left()?;
    Ok(Block { line, tasks: tasks.value, table, hidden, choices })
}

fn table_options(fields: &mut Fields<'_>) -> Read<TableOptions> {
    let names = |names: Vec<String>| (!names.is_empty()).then_some(names);
    let above_0 = |scale: f64| (scale > 0.0 && scale.is_finite()).then_some(scale);
    Ok(TableOptions {
        outputs: fields.take("outputs", names)?.map_or_else(Vec::new, |found| found.value),
        label: text(fields, "label")?,
        scale: fields.take("scale", above_0)?.map(|found| found.value),
        shape: fields.take("shape", |text: String| text.parse().ok())?.map(|found| found.value),
        validation: text(fields, "validation")?.map(PathBuf::from),
        split_column: text(fields, "split_column")?,
    })
}

fn hidden(fields: &mut Fields<'_>) -> Read<Hidden> {
    let at = fields.at;
    let width = |&width: &usize| width > 0;
    let depths = fields.take("depths", DepthChoice::depths)?;
    let most = fields.take("most_layers", |most: usize| (2..=MOST).contains(&most).then_some(most))?;
    let widths = fields.take("widths", |widths: OneOrMany<usize>| widths.all(width))?;
    let listed = |layers: Vec<Vec<usize>>| {
        let fits = |layers: &Vec<usize>| !layers.is_empty() && layers.len() <= MOST && layers.iter().all(width);
        (!layers.is_empty() && layers.iter().all(fits)).then_some(layers)
    };
    let layers = fields.take("hidden", listed)?;
    if let (Some(most), false) = (&most, matches!(&depths, Some(At { value: Depths::Auto, .. }))) {
        return Err(Wrong::new(most.at, "`most_layers` applies only with depths = \"auto\"; remove it"));
    }
    match (layers, depths, widths) {
        (Some(layers), None, None) => Ok(Hidden::Layers(layers.value)),
        (Some(_), _, Some(At { at, .. })) | (Some(_), Some(At { at, .. }), None) => Err(Wrong::new(
            at,
            "`hidden` cannot be combined with `depths` and `widths`; give either `hidden` or the other two",
        )),
        (None, Some(At { value: Depths::Listed(depths), .. }), Some(widths)) => {
            Ok(Hidden::Uniform { depths, widths: widths.value })
        }
        (None, Some(At { value: Depths::Auto, .. }), Some(widths)) => {
            Ok(Hidden::Auto { most: most.map_or(MOST_LAYERS, |most| most.value), widths: widths.value })
        }
        (None, Some(_), None) => {
            Err(Wrong::new(at, "these trials have `depths` but no `widths`; add some, such as widths = [24, 36]"))
        }
        (None, None, Some(_)) => {
            Err(Wrong::new(at, "these trials have `widths` but no `depths`; add some, such as depths = [1, 2]"))
        }
        (None, None, None) => Err(Wrong::new(
            at,
            "these trials have no hidden layers; add depths = [1, 2] and widths = [24], or hidden = [[24, 24]]",
        )),
    }
}

/// All combinations of the values in a detection table.
fn detection(mut fields: Fields<'_>) -> Read<Vec<DetectionSettings>> {
    let at = fields.at;
    fields.hyphens_are_underscores();
    let linkages = fields.take("linkage", |linkages: OneOrMany<Linkage>| linkages.all(|_| true))?;
    let (place, linkages) = linkages.map_or_else(|| (at, Vec::new()), |found| (found.at, found.value));
    let distances: Vec<Distance> = many(&mut fields, "distance", |_| true)?;
    let qualities: Vec<Quality> = many(&mut fields, "quality", |_| true)?;
    let steps: Vec<usize> = many(&mut fields, "feature_steps", |&steps| steps > 0)?;
    let modularity: Vec<f64> = many(&mut fields, "modularity_threshold", |threshold: &f64| threshold.is_finite())?;
    let merging: Vec<f64> = many(&mut fields, "merge_threshold", |&share| share > 0.0 && share <= 1.0)?;
    fields.nothing_left()?;
    let mut all = vec![DetectionSettings::default()];
    all = each(&all, &linkages, |settings, linkage| settings.linkage = linkage);
    all = each(&all, &distances, |settings, distance| settings.distance = distance);
    all = each(&all, &qualities, |settings, quality| settings.quality = quality);
    all = each(&all, &steps, |settings, steps| settings.feature_steps = Some(steps));
    all = each(&all, &modularity, |settings, threshold| settings.modularity_threshold = threshold);
    all = each(&all, &merging, |settings, share| settings.merge_threshold = share);
    all.into_iter().map(|settings| settings.checked().map_err(|error| Wrong::new(place, error.to_string()))).collect()
}

/// All combinations of `all` and `values`; unchanged if there are no values.
fn each<T: Copy>(
    all: &[DetectionSettings],
    values: &[T],
    set: impl Fn(&mut DetectionSettings, T),
) -> Vec<DetectionSettings> {
    if values.is_empty() {
        return all.to_vec();
    }
    let mut combined = Vec::with_capacity(all.len() * values.len());
    for settings in all {
        for &value in values {
            let mut settings = settings.clone();
            set(&mut settings, value);
            combined.push(settings);
        }
    }
    combined
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = include_str!("../../../docs/experiment-files.md");

    #[test]
    fn every_setting_is_documented() {
        for Form { key, .. } in [TOP, BLOCK, SHARED, DETECTION].into_iter().flatten() {
            let row = [format!("| `{key}` |"), format!("| `[{key}]` |"), format!("| `[[{key}]]` |")];
            assert!(row.iter().any(|row| DOCUMENT.contains(row)), "{key}");
        }
    }

    #[test]
    fn the_documented_example_is_valid() {
        let example = DOCUMENT.split("```").nth(1).and_then(|block| block.strip_prefix("toml\n")).unwrap();
        let definition = parse(example).unwrap();
        assert_eq!((definition.trials.len(), definition.trials[1].line), (2, 11));
    }
}
