//! The canonical form of a task's content: order of rows, hash, CSV.

use std::cmp::Ordering;
use std::fmt::Write;

use super::{Kind, Rows};

/// Names the form that is hashed; a changed form gets a new name.
const FORM: &[u8] = b"neural-sculpting task 1\0";

/// Two lines with the same inputs but different outputs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// The later line.
    pub(super) line: u64,
    /// The earlier line.
    pub(super) contradicts: u64,
}

/// Rows in canonical order: Boolean rows once each, in binary counting order with the first input as the most
/// significant bit; real rows unchanged. `lines` has the line number of each row.
pub(super) fn rows(kind: Kind, rows: Rows, lines: &[u64]) -> Result<Rows, Contradiction> {
    let mut order: Vec<usize> = (0..rows.count).collect();
    order.sort_by(|&a, &b| compare(rows.input(a), rows.input(b)));
    let (mut kept, mut contradiction) = (Vec::new(), None::<Contradiction>);
    for same in order.chunk_by(|&a, &b| rows.input(a) == rows.input(b)) {
        // The sort is stable, so the first of equal rows is the one that was read first.
        kept.push(same[0]);
        let other = same.iter().find(|&&row| rows.output(row) != rows.output(same[0]));
        let found = other.map(|&row| Contradiction { line: lines[row], contradicts: lines[same[0]] });
        contradiction = [contradiction, found].into_iter().flatten().min_by_key(|pair| pair.line);
    }
    match (contradiction, kind) {
        (Some(contradiction), _) => Err(contradiction),
        (None, Kind::Boolean) => Ok(rows.select(&kept)),
        (None, Kind::Real) => Ok(rows),
    }
}

fn compare(a: &[f32], b: &[f32]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// See [`super::Task::content_hash`].
pub(super) fn content_hash(kind: Kind, inputs: usize, outputs: usize, rows: &Rows) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(FORM);
    hasher.update(&[match kind {
        Kind::Boolean => 0,
        Kind::Real => 1,
    }]);
    for count in [inputs, outputs, rows.count] {
        hasher.update(&(count as u64).to_le_bytes());
    }
    let mut bytes = Vec::new();
    for row in 0..rows.count {
        bytes.clear();
        for value in rows.input(row).iter().chain(rows.output(row)) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        hasher.update(&bytes);
    }
    hasher.finalize().to_hex().to_string()
}

/// See [`super::Task::to_csv`].
pub(super) fn to_csv(inputs: &[String], outputs: &[String], rows: &Rows) -> String {
    let names: Vec<String> = inputs.iter().chain(outputs).map(|name| quoted(name)).collect();
    let mut csv = names.join(",");
    csv.push('\n');
    for row in 0..rows.count {
        for (column, value) in rows.input(row).iter().chain(rows.output(row)).enumerate() {
            // The shortest decimal that is read back as the same 32 bits. Writing to a string cannot fail.
            let _ = write!(csv, "{}{value}", if column > 0 { "," } else { "" });
        }
        csv.push('\n');
    }
    csv
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}
