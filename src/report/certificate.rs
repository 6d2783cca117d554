//! Structures as one line, and their certificates in words.

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

/// The most columns of a list of inputs or outputs.
const NAMES: usize = 24;

/// The certificate of a detection as text. Modules have the names of the hierarchy: `M1` and so on.
#[must_use]
pub fn section(detection: &Detection, task: &Task, width: usize, charset: Charset) -> Section {
    Section { title: TITLE.to_owned(), rows: rows(&sentences(detection, task), width, charset) }
}

/// The title of the certificate.
pub const TITLE: &str = "Truth table";

/// Sentences as rows that are no wider than `width` when indented by two columns.
#[must_use]
pub fn rows(sentences: &[String], width: usize, charset: Charset) -> Vec<String> {
    let rows = sentences.iter().flat_map(|sentence| wrapped(sentence, width.saturating_sub(2), 4));
    rows.map(|row| printable(&row, charset)).collect()
}

/// The certificate of a detection in sentences: the structure, each module, and the verdict.
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

/// The certificate of a detection as `--json` prints it.
#[derive(Debug, Serialize)]
pub struct CertificateLine {
    /// The structure as one line.
    pub structure: String,
    /// Whether the structure is certified; `null` if the table cannot tell.
    pub certified: Option<bool>,
    /// Whether the table shows the structure to be wrong.
    pub refuted: bool,
    /// The bits that all modules together save.
    pub saved_bits: Option<usize>,
    /// The facts about each module, in the order of the detection.
    pub modules: Vec<ModuleLine>,
    /// Why the structure is not certified, or why the table cannot tell.
    pub reasons: Vec<String>,
}

/// The facts about a module.
#[derive(Debug, Serialize)]
pub struct ModuleLine {
    /// The index of the module in the detection.
    pub module: usize,
    /// The number of inputs in the module.
    pub inputs: usize,
    /// How many classes their patterns form by their effect on the outputs; `null` without inputs.
    pub ways: Option<usize>,
    /// The bits needed to pass on the class.
    pub bits: Option<usize>,
    /// How many classes the patterns of all inputs up to and including this module form by their effect on the outputs that
    /// it leads to.
    pub states: usize,
    /// The inputs that its outputs depend on, as columns from 0.
    pub depends_on: Vec<usize>,
}

impl CertificateLine {
    /// The certificate of a detection.
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

/// The structure of a detection and its certificate.
struct Judged {
    graph: ModuleGraph,
    /// For each module of the detection, its index in the structure.
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

/// A clause as a sentence, with a capital letter and a full stop.
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
    /// The structure as one line that says which modules feed which, grouping those that feed the same ones, with isolated
    /// modules on their own: `x1-x4 + x5-x8 > m3; m3 > y1,y3..y15 + y2,y4..y16`.
    #[must_use]
    pub fn line(&self) -> String {
        let edges = self.graph.edges();
        let fed = |module: usize| -> Vec<usize> {
            edges.iter().filter(|(from, _)| *from == module).map(|(_, to)| *to).collect()
        };
        let all = |modules: &[usize]| modules.iter().map(|&module| self.module(module)).collect::<Vec<_>>().join(" + ");
        let mut parts = Vec::new();
        let mut done = vec![false; self.graph.modules().len()];
        for module in 0..done.len() {
            let targets = fed(module);
            let is_fed = edges.iter().any(|(_, to)| *to == module);
            if done[module] || (targets.is_empty() && is_fed) {
                continue;
            }
            let alike = |&other: &usize| !targets.is_empty() && fed(other) == targets;
            let mut sources: Vec<usize> = (module..done.len()).filter(alike).collect();
            if sources.is_empty() {
                sources.push(module);
            }
            for &source in &sources {
                done[source] = true;
            }
            let arrow = if targets.is_empty() { "" } else { " > " };
            parts.push(format!("{}{arrow}{}", all(&sources), all(&targets)));
        }
        parts.join("; ")
    }

    /// The name of a module: its inputs and outputs, such as `x1-x4`, `y1,y3..y15` or `x1,x2:y1,y2`, or its number if it
    /// has neither: `m3`.
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

    /// The facts about a module as a sentence.
    #[must_use]
    pub fn fact(&self, certificate: &Certificate, module: usize) -> String {
        let (facts, held) = (&certificate.modules[module], &self.graph.modules()[module]);
        let mut facts_in_words = Vec::new();
        if let Some(action) = facts.own {
            facts_in_words.push(acts(&format!("of {}", self.inputs(&held.inputs)), action));
        } else if held.outputs.is_empty() {
            facts_in_words.push(acts("of the inputs that lead to it", facts.states));
        }
        if !held.outputs.is_empty() {
            let inputs = match &facts.depends_on[..] {
                [] => "no input".to_owned(),
                inputs => self.inputs(inputs),
            };
            facts_in_words.push(format!("{} depend{} on {inputs}", self.outputs(&held.outputs), s(&held.outputs)));
        }
        facts_in_words.join("; ")
    }

    /// A reason why the structure is not certified, as a sentence.
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
                "{}: the modules that feed it share inputs, and what each must pass on by itself is not enough together",
                self.modules(modules)
            ),
            Refusal::SavesNothing { modules, action } => {
                format!(
                    "{}: {} patterns act as {}, which saves no bit",
                    self.modules(modules),
                    action.patterns(),
                    action.multiplicity
                )
            }
            Refusal::Idle { modules, input, action } => format!(
                "{}: {} patterns act as {}, without {} as {}; having that input with the others saves no bit",
                self.modules(modules),
                action.patterns(),
                action.multiplicity,
                self.inputs(&[*input]),
                action.multiplicity / 2
            ),
            Refusal::MergesNothing { modules, fed, states } => format!(
                "{}: receives {fed} states and passes on {states}; it merges none of them",
                self.modules(modules)
            ),
        }
    }

    /// The verdict, then the reasons for it.
    #[must_use]
    pub fn verdict(&self, certificate: &Certificate) -> Vec<String> {
        let verdict = match (certificate.holds(), certificate.is_refuted()) {
            (true, _) => "Certified: the truth table confirms every module.",
            (false, true) => "Refuted by the truth table:",
            (false, false) => "Not certified: the truth table does not confirm every module:",
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

/// The ending of a verb with this subject.
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

    fn described(task: &Task, graph: &ModuleGraph) -> (String, Vec<String>, Vec<String>) {
        let describer = Describer { graph, inputs: &task.inputs, outputs: &task.outputs };
        let certificate = Certificate::of_task(task, graph).unwrap();
        let facts = (0..graph.modules().len()).map(|module| describer.fact(&certificate, module)).collect();
        (describer.line(), facts, describer.verdict(&certificate))
    }

    #[test]
    fn the_true_structure_of_three_levels() {
        let task = builtin::get("8-2-1-2-4").unwrap();
        let graph = ModuleGraph::of_truth(task.truth.as_ref().unwrap()).unwrap();
        let (line, facts, verdict) = described(&task, &graph);
        assert_eq!(line, "x1-x4 + x5-x8 > m3; m3 > y1,y3 + y2,y4");
        let expected = [
            "16 patterns of x1-x4 act as 2: 1 bit is passed on",
            "16 patterns of x5-x8 act as 2: 1 bit is passed on",
            "256 patterns of the inputs that lead to it act as 3: 2 bits are passed on",
            "y1,y3 depend on x1-x8",
            "y2,y4 depend on x1-x8",
        ];
        assert_eq!(facts, expected);
        assert_eq!(verdict, ["Certified: the truth table confirms every module."]);
    }

    #[test]
    fn the_certificate_of_a_detection() {
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
            "Certified: the truth table confirms every module.",
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
    fn reasons_in_words() {
        let task = builtin::get("8-2-1-2-2").unwrap();
        let module = |inputs: &[usize], outputs: &[usize]| GraphModule {
            inputs: inputs.to_vec(),
            outputs: outputs.to_vec(),
            layers: None,
        };
        let modules = [module(&[0, 1, 2, 3, 4], &[]), module(&[5, 6], &[]), module(&[7], &[1]), module(&[], &[0])];
        let graph = ModuleGraph::new(modules.to_vec(), vec![(0, 2), (1, 2), (0, 3)]).unwrap();
        let (line, _, verdict) = described(&task, &graph);
        assert_eq!(line, "x1-x5 > x8:y2 + y1; x6,x7 > x8:y2");
        let expected = [
            "Refuted by the truth table:",
            "- y1 depends on x6-x8, but no path leads from them",
            "- x1-x5: 32 patterns act as 4, without x5 as 2; having that input with the others saves no bit",
            "- x6,x7: 4 patterns act as 3, which saves no bit",
        ];
        assert_eq!(verdict, expected);
        // 4-1-2-2 with two modules in between that only pass on their states.
        let task = builtin::get("4-1-2-2").unwrap();
        let modules = [module(&[0, 1, 2, 3], &[]), module(&[], &[]), module(&[], &[]), module(&[], &[0, 1])];
        let graph = ModuleGraph::new(modules.to_vec(), vec![(0, 1), (0, 2), (1, 3), (2, 3)]).unwrap();
        let (line, _, verdict) = described(&task, &graph);
        assert_eq!(line, "x1-x4 > m2 + m3; m2 + m3 > y1,y2");
        let expected = [
            "Not certified: the truth table does not confirm every module:",
            "- m2: receives 4 states and passes on 4; it merges none of them",
            "- m3: receives 4 states and passes on 4; it merges none of them",
        ];
        assert_eq!(verdict, expected);
    }

    #[test]
    fn modules_apart_and_of_other_names() {
        let task = builtin::get("4-2-4").unwrap();
        let graph = ModuleGraph::of_truth(task.truth.as_ref().unwrap()).unwrap();
        assert_eq!(described(&task, &graph).0, "x1,x2:y1,y2; x3,x4:y3,y4");
        let (inputs, outputs) = (numbered("a", 4), numbered("b", 4));
        assert_eq!(Describer { graph: &graph, inputs: &inputs, outputs: &outputs }.line(), "a1,a2:b1,b2; a3,a4:b3,b4");
    }
}
