//! `sculpt show`: all that is known of a trial.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::Global;
use super::output::{self, TrialLine};
use crate::analysis::structure::StructureSettings;
use crate::catalog::TrialRow;
use crate::experiment::details::{self, TrialDetails};
use crate::experiment::orders;
use crate::report::certificate::{CertificateLine, section};
use crate::report::detection::Section;
use crate::report::{Charset, structure, trial};

/// Show all that is known of a trial: rounds, clusters, modularity tables, hierarchy, path products.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The trial, by any unique prefix of its id
    #[arg(value_name = "TRIAL")]
    trial: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Prints a trial.
pub(super) fn run(global: &Global, args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.look()?;
    let id = catalog.resolve(&args.trial)?;
    let details = TrialDetails::read(&catalog.trial(&id))?;
    let found = details::structure(&catalog.trial(&id))?;
    // Without its table, a trial is shown without what the table says.
    let task = orders::task_of(&catalog, &details.trial.specification, &details.trial.about).ok();
    let judged = details.detection.as_ref().map(|(_, detection)| detection).zip(task.as_ref());
    let charset = Charset::new(global.ascii);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.json {
        let row = TrialRow::read(&catalog.trial(&id))?;
        let mut line = serde_json::to_value(TrialLine::new(&row))?;
        if let (Some(line), serde_json::Value::Object(more)) = (line.as_object_mut(), output::details(&details)) {
            line.extend(more);
            line.insert("structure".to_owned(), serde_json::to_value(found.map(|(found, _)| found))?);
            if let Some((detection, task)) = judged {
                line.insert("certificate".to_owned(), serde_json::to_value(CertificateLine::new(detection, task))?);
            }
        }
        writeln!(out, "{line}")?;
    } else {
        let width = super::width();
        let mut rows = trial::page(&details, width, charset);
        if let Some((found, architecture)) = &found {
            let percent = StructureSettings::default().percent;
            let sections = structure::sections(found, architecture, percent, width, charset);
            rows.extend(sections.into_iter().flat_map(Section::indented));
        }
        for row in rows {
            writeln!(out, "{row}")?;
        }
        if let Some((detection, task)) = judged {
            for row in section(detection, task, super::width(), charset).indented() {
                writeln!(out, "{row}")?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
