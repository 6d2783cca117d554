//! The hierarchy of modules as a graph in DOT, for Graphviz.

use crate::detect::Detection;
use crate::report::names::{layer, of_units, short};

/// The hierarchy as a directed graph called `name`: a box per module with its units, and arrows with numbers of edges.
#[must_use]
pub fn graph(name: &str, detection: &Detection, inputs: &[String], outputs: &[String]) -> String {
    let mut text = format!("digraph \"{}\" {{\n  node [shape=box];\n", escaped(name));
    let layers = detection.kept_units.len();
    for node in &detection.hierarchy.nodes {
        let parts = node.units.iter().enumerate().filter(|(_, units)| !units.is_empty()).map(|(at, units)| {
            let names = of_units(units, at, layers, inputs, outputs);
            format!("{} {}", layer(at, layers), short(&names, 40))
        });
        let label: Vec<String> = [format!("M{}", node.module + 1)].into_iter().chain(parts).collect();
        let label: Vec<String> = label.iter().map(|line| escaped(line)).collect();
        text.push_str(&format!("  m{} [label=\"{}\"];\n", node.module + 1, label.join("\\n")));
    }
    for edge in &detection.hierarchy.edges {
        text.push_str(&format!("  m{} -> m{} [label=\"{}\"];\n", edge.from + 1, edge.to + 1, edge.edges));
    }
    text.push_str("}\n");
    text
}

fn escaped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect::<String>().replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{DetectionSettings, detect};
    use crate::network::{Architecture, Condensed, Mask};

    #[test]
    fn modules_are_boxes_and_edges_arrows() {
        // One hidden unit of both inputs feeds two others, each with outputs of its own.
        let architecture = Architecture::new(vec![2, 2, 2]).unwrap();
        let layers = vec![vec![true, true, true, true], vec![true, false, false, true]];
        let found = detect(&Condensed::new(&Mask::from_layers(&architecture, layers)), &DetectionSettings::default());
        let names = |prefix: &str| vec![format!("{prefix}\"1"), format!("{prefix}2")];
        let text = graph("a\"b", &found, &names("x"), &names("y"));
        assert!(text.starts_with("digraph \"a\\\"b\" {") && text.ends_with("}\n"), "{text}");
        assert_eq!(text.matches("label=\"M").count(), found.module_count, "{text}");
        assert_eq!(text.matches("->").count(), found.hierarchy.edges.len(), "{text}");
        assert!(text.contains("x\\\"1,x2"), "{text}");
    }
}
