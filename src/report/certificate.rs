//! Structures in a line, and what the truth table says to them, in words.

use serde::Serialize;

use super::Charset;
use super::detection::Section;
use super::names::short;
use super::numbers::counted;
use super::text::{printable, wrapped};
use crate::analysis::certificate::{Action, Certificate, NoCertificate, Refusal};
use crate::analysis::{GraphModule, ModuleGraph};
use crate::detect::Detection;
use crate::task::Task;

/// Columns that a list of inputs or outputs may take.
const NAMES: usize = 24;

/// What the table says to the modules of a detection, as text; modules are called as in the hierarchy, `M1` and so on.
#[must_use]
pub fn section(detection: &Detection, task: &Task, width: usize, charset: Charset) -> Section {
    Section { title: TITLE.to_owned(), rows: rows(&sentences(detection, task), width, charset) }
}

/// The title of what the table says.
pub const TITLE: &str = "Truth table";

/// Sentences as rows that with two columns before them are no wider than `width`.
#[must_use]
pub fn rows(sentences: &[String], width: usize, charset: Charset) -> Vec<String> {
    let rows = sentences.iter().flat_map(|sentence| wrapped(sentence, width.saturating_sub(2), 4));
    rows.map(|row| printable(&row, charset)).collect()
}

/// What the table says to the modules of a detection, a sentence or two each: the structure, each module, the verdict.
#[must_use]
pub fn sentences(detection: &Detection, task: &Task) -> Vec<String> {
    let judged = Judged::new(detection, task);
    let describer = judged.describer(task);
    let mut sentences = vec![format!("Structure: {}", describer.line())];
    match &judged.certificate {
        Ok(certificate) => {
            let fact =
                |(module, &place): (usize, &usize)| format!("M{}: {}.", module + 1, describer.fact(certificate, place));
            sentences.extend(judged.places.iter().enumerate().map(fact));
            sentences.extend(describer.verdict(certificate));
        }
        Err(none) => sentences.push(capital(&none.to_string())),
    }
    sentences
}

/// The same as data: what `--json` prints.
#[derive(Debug, Serialize)]
pub struct CertificateLine {
    /// The structure in a line.
    pub structure: String,
    /// Is it certified? `null` where there is no certificate.
    pub certified: Option<bool>,
    /// Does the table show it to be wrong?
    pub refuted: bool,
    /// The bits that modules save, all together.
    pub saved_bits: Option<usize>,
    /// What the table says to each module, in the order of the detection.
    pub modules: Vec<ModuleLine>,
    /// Why it is not certified, or why there is no certificate.
    pub reasons: Vec<String>,
}

/// What the table says to a module.
#[derive(Debug, Serialize)]
pub struct ModuleLine {
    /// Number of the module in the detection.
    pub module: usize,
    /// Inputs that it holds.
    pub inputs: usize,
    /// In how many ways their patterns act on the outputs; `null` where it holds none.
    pub ways: Option<usize>,
    /// The bits that it takes to pass that on.
    pub bits: Option<usize>,
    /// In how many ways the patterns of all inputs before it, its own included, act on the outputs that it leads to.
    pub states: usize,
    /// Inputs that its outputs depend on, 0-based columns.
    pub depends_on: Vec<usize>,
}

impl CertificateLine {
    /// What the table says to the modules of a detection.
    #[must_use]
    pub fn new(detection: &Detection, task: &Task) -> Self {
        let judged = Judged::new(detection, task);
        let describer = judged.describer(task);
        let certificate = judged.certificate.as_ref().ok();
        let line = |(module, &place): (usize, &usize)| {
            let facts = &certificate?.modules[place];
            Some(ModuleLine {
                module,
                inputs: facts.own.map_or(0, |action| action.inputs),
                ways: facts.own.map(|action| action.multiplicity),
                bits: facts.own.map(Action::bits),
                states: facts.states.multiplicity,
                depends_on: facts.depends_on.clone(),
            })
        };
        Self {
            structure: describer.line(),
            certified: certificate.map(Certificate::holds),
            refuted: certificate.is_some_and(Certificate::is_refuted),
            saved_bits: certificate.map(|certificate| certificate.saved_bits),
            modules: judged.places.iter().enumerate().filter_map(line).collect(),
            reasons: match &judged.certificate {
                Ok(certificate) => certificate.refusals.iter().map(|refusal| describer.reason(refusal)).collect(),
                Err(none) => vec![none.to_string()],
            },
        }
    }
}

/// A detection with its structure and what the table says to that.
struct Judged {
    graph: ModuleGraph,
    /// The place in the structure of each module of the detection.
    places: Vec<usize>,
    certificate: Result<Certificate, NoCertificate>,
}

impl Judged {
    fn new(detection: &Detection, task: &Task) -> Self {
        let (graph, places) = ModuleGraph::placed(detection);
        Self { certificate: Certificate::of_task(task, &graph), graph, places }
    }

    fn describer<'a>(&'a self, task: &'a Task) -> Describer<'a> {
        Describer { graph: &self.graph, inputs: &task.inputs, outputs: &task.outputs }
    }
}

/// A sentence from one that begins small.
fn capital(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

/// Puts a structure of a task into words.
#[derive(Clone, Copy, Debug)]
pub struct Describer<'a> {
    /// The structure.
    pub graph: &'a ModuleGraph,
    /// Names of the task's inputs.
    pub inputs: &'a [String],
    /// Names of the task's outputs.
    pub outputs: &'a [String],
}

impl Describer<'_> {
    /// The structure in a line: which modules feed which, those that feed the same ones together, then those that feed
    /// none and are fed by none; `x1-x4 + x5-x8 > m3; m3 > y1,y3..y15 + y2,y4..y16`.
    #[must_use]
    pub fn line(&self) -> String {
        let edges = self.graph.edges();
        let fed = |module: usize| -> Vec<usize> {
            edges.iter().filter(|(from, _)| *from == module).map(|(_, to)| *to).collect()
        };
        let all = |modules: &[usize]| modules.iter().map(|&module| self.module(module)).collect::<Vec<_>>().join(" + ");
        let mut parts = Vec::new();
        let mut told = vec![false; self.graph.modules().len()];
        for module in 0..told.len() {
            let targets = fed(module);
            let is_fed = edges.iter().any(|(_, to)| *to == module);
            if told[module] || (targets.is_empty() && is_fed) {
                continue;
            }
            let alike = |&other: &usize| !targets.is_empty() && fed(other) == targets;
            let mut sources: Vec<usize> = (module..told.len()).filter(alike).collect();
            if sources.is_empty() {
                sources.push(module);
            }
            for &source in &sources {
                told[source] = true;
            }
            let arrow = if targets.is_empty() { "" } else { " > " };
            parts.push(format!("{}{arrow}{}", all(&sources), all(&targets)));
        }
        parts.join("; ")
    }

    /// A module by what it holds: `x1-x4`, `y1,y3..y15`, `x1,x2:y1,y2`; by its place where it holds neither: `m3`.
    #[must_use]
    pub fn module(&self, module: usize) -> String {
        let GraphModule { inputs, outputs, .. } = &self.graph.modules()[module];
        match (inputs.is_empty(), outputs.is_empty()) {
            (true, true) => format!("m{}", module + 1),
            (false, true) => self.inputs(inputs),
            (true, false) => self.outputs(outputs),
            (false, false) => format!("{}:{}", self.inputs(inputs), self.outputs(outputs)),
        }
    }

    /// What the table says to a module, in a sentence.
    #[must_use]
    pub fn fact(&self, certificate: &Certificate, module: usize) -> String {
        let (facts, held) = (&certificate.modules[module], &self.graph.modules()[module]);
        let mut said = Vec::new();
        if let Some(action) = facts.own {
            said.push(acts(&format!("of {}", self.inputs(&held.inputs)), action));
        } else if held.outputs.is_empty() {
            said.push(acts("of the inputs before it", facts.states));
        }
        if !held.outputs.is_empty() {
            let inputs = match &facts.depends_on[..] {
                [] => "no input".to_owned(),
                inputs => self.inputs(inputs),
            };
            said.push(format!("{} depend{} on {inputs}", self.outputs(&held.outputs), s(&held.outputs)));
        }
        said.join("; ")
    }

    /// Why the structure is not certified, a sentence.
    #[must_use]
    pub fn reason(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Denied { inputs, outputs } => format!(
                "{} depend{} on {}, but no path leads from {}",
                self.outputs(outputs),
                s(outputs),
                self.inputs(inputs),
                if inputs.len() == 1 { "it" } else { "them" }
            ),
            Refusal::Insufficient { modules } => format!(
                "{}: the modules that feed it share inputs, and what each has to pass on by itself is too little together",
                self.modules(modules)
            ),
            Refusal::SavesNothing { modules, action } => {
                format!(
                    "{}: {} patterns act as {}, no bit is saved",
                    self.modules(modules),
                    action.patterns(),
                    action.multiplicity
                )
            }
            Refusal::Idle { modules, input, action } => format!(
                "{}: {} patterns act as {}, without {} as {}: no bit is saved by holding it with the others",
                self.modules(modules),
                action.patterns(),
                action.multiplicity,
                self.inputs(&[*input]),
                action.multiplicity / 2
            ),
            Refusal::MergesNothing { modules, fed, states } => format!(
                "{}: fed with {fed} states, it passes on {states}: it takes none of them as one",
                self.modules(modules)
            ),
        }
    }

    /// The verdict, then the reasons for it.
    #[must_use]
    pub fn verdict(&self, certificate: &Certificate) -> Vec<String> {
        let verdict = match (certificate.holds(), certificate.is_refuted()) {
            (true, _) => "Certified: the truth table bears out every module.",
            (false, true) => "Refuted by the truth table:",
            (false, false) => "Not certified; the truth table does not bear out every module:",
        };
        let reasons = certificate.refusals.iter().map(|refusal| format!("- {}", self.reason(refusal)));
        [verdict.to_owned()].into_iter().chain(reasons).collect()
    }

    fn modules(&self, modules: &[usize]) -> String {
        modules.iter().map(|&module| self.module(module)).collect::<Vec<_>>().join(", ")
    }

    fn inputs(&self, columns: &[usize]) -> String {
        short(&named(columns, self.inputs), NAMES)
    }

    fn outputs(&self, columns: &[usize]) -> String {
        short(&named(columns, self.outputs), NAMES)
    }
}

fn named(columns: &[usize], names: &[String]) -> Vec<String> {
    columns.iter().map(|&column| names.get(column).cloned().unwrap_or_else(|| (column + 1).to_string())).collect()
}

/// The ending of a verb whose subject these are.
fn s(of: &[usize]) -> &'static str {
    if of.len() == 1 { "s" } else { "" }
}

/// `16 patterns of x1-x4 act as 2: 1 bit is passed on`.
fn acts(of: &str, action: Action) -> String {
    let bits = action.bits();
    let verb = if bits == 1 { "is" } else { "are" };
    format!(
        "{} patterns {of} act as {}: {} {verb} passed on",
        action.patterns(),
        action.multiplicity,
        counted(bits, "bit")
    )
}

#[cfg(test)]
mod tests {
    use super::super::names::numbered;
    use super::*;
    use crate::detect::{DetectionSettings, detect};
    use crate::network::{Architecture, Condensed, Mask};
    use crate::task::{TableSource, builtin};

    fn told(task: &Task, graph: &ModuleGraph) -> (String, Vec<String>, Vec<String>) {
        let describer = Describer { graph, inputs: &task.inputs, outputs: &task.outputs };
        let certificate = Certificate::of_task(task, graph).unwrap();
        let facts = (0..graph.modules().len()).map(|module| describer.fact(&certificate, module)).collect();
        (describer.line(), facts, describer.verdict(&certificate))
    }

    #[test]
    fn the_true_structure_of_three_levels() {
        let task = builtin::get("8-2-1-2-4").unwrap();
        let graph = ModuleGraph::of_truth(task.truth.as_ref().unwrap()).unwrap();
        let (line, facts, verdict) = told(&task, &graph);
        assert_eq!(line, "x1-x4 + x5-x8 > m3; m3 > y1,y3 + y2,y4");
        let expected = [
            "16 patterns of x1-x4 act as 2: 1 bit is passed on",
            "16 patterns of x5-x8 act as 2: 1 bit is passed on",
            "256 patterns of the inputs before it act as 3: 2 bits are passed on",
            "y1,y3 depend on x1-x8",
            "y2,y4 depend on x1-x8",
        ];
        assert_eq!(facts, expected);
        assert_eq!(verdict, ["Certified: the truth table bears out every module."]);
    }

    #[test]
    fn a_detection_beside_its_table() {
        let task = builtin::get("4-1-2-2").unwrap();
        let architecture = Architecture::new(vec![4, 2, 2, 2]).unwrap();
        let layers = vec![vec![true; 8], vec![true; 4], vec![true, false, false, true]];
        let mask = Mask::from_layers(&architecture, layers);
        let detection = detect(&Condensed::new(&mask), &DetectionSettings::default());
        let section = section(&detection, &task, 80, Charset::Unicode);
        let expected = [
            "Structure: x1-x4 > y1 + y2",
            "M1: 16 patterns of x1-x4 act as 4: 2 bits are passed on.",
            "M2: y1 depends on x1-x4.",
            "M3: y2 depends on x1-x4.",
            "Certified: the truth table bears out every module.",
        ];
        assert_eq!(section.rows, expected);
        let line = CertificateLine::new(&detection, &task);
        assert_eq!((line.certified, line.saved_bits, line.modules[0].ways), (Some(true), Some(2), Some(4)));
        let partial = TableSource::parse("t", b"x1,x2,x3,x4,y1,y2\n0,0,0,0,0,0\n1,1,1,1,1,1\n", &[]);
        let line = CertificateLine::new(&detection, &partial.unwrap().split(0));
        assert_eq!((line.certified, line.modules.len()), (None, 0));
        assert_eq!(line.reasons, ["no certificate: the table is partial; a missing row could decide"]);
    }

    #[test]
    fn reasons_are_told() {
        let task = builtin::get("8-2-1-2-2").unwrap();
        let module = |inputs: &[usize], outputs: &[usize]| GraphModule {
            inputs: inputs.to_vec(),
            outputs: outputs.to_vec(),
            layers: None,
        };
        let modules = [module(&[0, 1, 2, 3, 4], &[]), module(&[5, 6], &[]), module(&[7], &[1]), module(&[], &[0])];
        let graph = ModuleGraph::new(modules.to_vec(), vec![(0, 2), (1, 2), (0, 3)]).unwrap();
        let (line, _, verdict) = told(&task, &graph);
        assert_eq!(line, "x1-x5 > x8:y2 + y1; x6,x7 > x8:y2");
        let expected = [
            "Refuted by the truth table:",
            "- y1 depends on x6-x8, but no path leads from them",
            "- x1-x5: 32 patterns act as 4, without x5 as 2: no bit is saved by holding it with the others",
            "- x6,x7: 4 patterns act as 3, no bit is saved",
        ];
        assert_eq!(verdict, expected);
        // 4-1-2-2 with two modules between that pass on what they get.
        let task = builtin::get("4-1-2-2").unwrap();
        let modules = [module(&[0, 1, 2, 3], &[]), module(&[], &[]), module(&[], &[]), module(&[], &[0, 1])];
        let graph = ModuleGraph::new(modules.to_vec(), vec![(0, 1), (0, 2), (1, 3), (2, 3)]).unwrap();
        let (line, _, verdict) = told(&task, &graph);
        assert_eq!(line, "x1-x4 > m2 + m3; m2 + m3 > y1,y2");
        let expected = [
            "Not certified; the truth table does not bear out every module:",
            "- m2: fed with 4 states, it passes on 4: it takes none of them as one",
            "- m3: fed with 4 states, it passes on 4: it takes none of them as one",
        ];
        assert_eq!(verdict, expected);
    }

    #[test]
    fn modules_apart_and_of_other_names() {
        let task = builtin::get("4-2-4").unwrap();
        let graph = ModuleGraph::of_truth(task.truth.as_ref().unwrap()).unwrap();
        assert_eq!(told(&task, &graph).0, "x1,x2:y1,y2; x3,x4:y3,y4");
        let (inputs, outputs) = (numbered("a", 4), numbered("b", 4));
        assert_eq!(Describer { graph: &graph, inputs: &inputs, outputs: &outputs }.line(), "a1,a2:b1,b2; a3,a4:b3,b4");
    }
}
