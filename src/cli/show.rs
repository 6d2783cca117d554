//! `sculpt show`: one trial in full.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::global::Global;
use super::output::{self, TrialLine};
use super::paint::Paint;
use super::usage::Usage;
use super::width::width;
use crate::analysis::paths::PathSettings;
use crate::experiment::details::{self, Clustered, TrialDetails};
use crate::report::certificate::{CertificateLine, section};
use crate::report::detection::Section;
use crate::report::names::Labels;
use crate::report::network::{Subject, lines};
use crate::report::{Charset, paths, trial};

/// Show one trial in full: its rounds, clusters, modularity, hierarchy and path products
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The trial, by a unique prefix of its id
    #[arg(value_name = "TRIAL")]
    trial: String,
    /// Also draw every unit and edge of the network
    #[arg(long, conflicts_with = "json")]
    network: bool,
    /// Show the network and its modules after this accepted round of the best walk (its # in the list of rounds)
    #[arg(long, value_name = "ROUND", conflicts_with = "json")]
    step: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Replaces the modules in `details` by those after round `round` of the best walk.
fn step_back(details: &mut TrialDetails, round: usize) -> anyhow::Result<Clustered> {
    let found = details.best_walk().and_then(|walk| {
        let accepted = walk.trajectory.as_ref()?.rounds.get(round)?.accepted;
        details.clustered_after(walk, round).filter(|_| accepted)
    });
    let Some(clustered) = found else {
        let id = &details.trial.id;
        let text = format!("the best walk has no accepted round {round}; `sculpt show {id}` lists its rounds");
        return Err(Usage::error(text));
    };
    let settings = details.detection.take().map(|(settings, _)| settings).unwrap_or_default();
    details.detection = Some((settings, clustered.detection.clone()));
    Ok(clustered)
}

/// The drawing of the network, with its title.
fn drawn(
    details: &TrialDetails,
    clustered: Option<Clustered>,
    charset: Charset,
) -> anyhow::Result<impl Iterator<Item = String> + use<>> {
    let Some(Clustered { network, detection }) = clustered else {
        anyhow::bail!(
            "trial {} has no network with modules to draw yet; it is {}",
            details.trial.id,
            details.row.status
        );
    };
    let about = &details.trial.about;
    let subject = Subject { network: &network, detection: &detection, labels: Labels::of(about) };
    let rows = lines(subject, (width() - 2, 0), charset);
    Ok(Section { title: "Network".to_owned(), rows }.indented())
}

/// Prints a trial.
pub(super) fn run(global: &Global, args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open_read()?;
    let id = catalog.resolve(&args.trial)?;
    let charset = Charset::new(global.ascii);
    let mut details = TrialDetails::read(&catalog.trial(&id))?;
    let clustered = match args.step {
        Some(round) => Some(step_back(&mut details, round)?),
        None => details.clustered(),
    };
    let task = details.small_task(&catalog);
    // The weights of earlier rounds are not stored.
    let found = match args.step {
        None => details::path_analysis(&catalog.trial(&id), task.as_deref())?,
        Some(_) => None,
    };
    let judged = details.detection.as_ref().map(|(_, detection)| detection).zip(task.as_deref());
    let judged = judged.filter(|_| args.step.is_none());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.json {
        let mut line = serde_json::to_value(TrialLine::new(&details.row))?;
        if let (Some(line), serde_json::Value::Object(more)) = (line.as_object_mut(), output::details(&details)) {
            line.extend(more);
            line.insert("structure".to_owned(), serde_json::to_value(found.map(|(found, _)| found))?);
            if let Some((detection, task)) = judged {
                line.insert("certificate".to_owned(), serde_json::to_value(CertificateLine::new(detection, task))?);
            }
        }
        writeln!(out, "{line}")?;
    } else {
        let columns = width();
        let mut rows = trial::page(&details, columns, charset);
        let image = details.trial.about.shape.zip(details.detection.as_ref());
        if let Some((shape, (_, detection))) = image {
            rows.extend(Paint::new(global.ascii).map(shape, detection, columns).indented());
        }
        if args.network {
            rows.extend(drawn(&details, clustered, charset)?);
        }
        if let Some((found, architecture)) = &found {
            let percent = PathSettings::default().percent;
            let labels = Labels::of(&details.trial.about);
            let sections = paths::sections(found, architecture, labels, percent, columns, charset);
            rows.extend(sections.into_iter().flat_map(Section::indented));
        }
        for row in rows {
            writeln!(out, "{row}")?;
        }
        if let Some((detection, task)) = judged {
            for row in section(detection, task, width(), charset).indented() {
                writeln!(out, "{row}")?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
