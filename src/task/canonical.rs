//! The canonical form of a task's content: order of rows, hash, CSV.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;
use std::io;

use super::{InputKind, Rows, Split};

/// Names the form that is hashed; a changed form gets a new name.
const FORM: &[u8] = b"neural-sculpting task 1\0";

/// The form for tasks whose rows are split in another way than by the seed alone.
const FORM_WITH_SPLIT: &[u8] = b"neural-sculpting task 2\0";

/// Two rows with the same inputs but different outputs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// The later row, from 0.
    pub(super) row: usize,
    /// The earlier row.
    pub(super) contradicts: usize,
}

/// Rows in canonical order: Boolean rows once each, in binary counting order with the first input as the most
/// significant bit; real rows unchanged.
pub(super) fn rows(kind: InputKind, rows: Rows) -> Result<Rows, Contradiction> {
    let mut first: HashMap<[u8; 32], usize> = HashMap::with_capacity(rows.count);
    let mut kept = Vec::new();
    for row in 0..rows.count {
        match first.entry(hash(&rows, row)) {
            Entry::Vacant(entry) => {
                entry.insert(row);
                kept.push(row);
            }
            Entry::Occupied(entry) if rows.output(row) != rows.output(*entry.get()) => {
                return Err(Contradiction { row, contradicts: *entry.get() });
            }
            Entry::Occupied(_) => {}
        }
    }
    if kind == InputKind::Real {
        return Ok(rows);
    }
    kept.sort_by(|&a, &b| compare(&rows.input(a), &rows.input(b)));
    let inputs = kept.iter().flat_map(|&row| rows.input(row).into_owned()).collect();
    let outputs = kept.iter().flat_map(|&row| rows.output(row)).copied().collect();
    Ok(Rows::new(rows.input_width(), inputs, outputs))
}

/// A hash of inputs, by which equal rows are found. The reader has made -0 a 0, so equal inputs have equal bits, and
/// equal codes where there are codes.
fn hash(rows: &Rows, row: usize) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    if let Some(coded) = rows.coded() {
        coded.row(row).for_each(|codes| {
            hasher.update(codes);
        });
    } else {
        let bytes: Vec<u8> = rows.input(row).iter().flat_map(|value| value.to_le_bytes()).collect();
        hasher.update(&bytes);
    }
    *hasher.finalize().as_bytes()
}

fn compare(a: &[f32], b: &[f32]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// See [`super::Task::content_hash`].
pub(super) fn content_hash(kind: InputKind, inputs: usize, outputs: usize, rows: &Rows, split: &Split) -> String {
    let mut hasher = blake3::Hasher::new();
    match split {
        Split::Same | Split::Seeded => drop(hasher.update(FORM)),
        Split::Stratified => drop(hasher.update(FORM_WITH_SPLIT).update(&[0])),
        Split::Fixed { validation } => {
            hasher.update(FORM_WITH_SPLIT).update(&[1]).update(&(validation.len() as u64).to_le_bytes());
            let bytes: Vec<u8> = validation.iter().flat_map(|row| row.to_le_bytes()).collect();
            hasher.update(&bytes);
        }
    }
    hasher.update(&[match kind {
        InputKind::Boolean => 0,
        InputKind::Real => 1,
    }]);
    for count in [inputs, outputs, rows.count] {
        hasher.update(&(count as u64).to_le_bytes());
    }
    let mut bytes = Vec::new();
    for row in 0..rows.count {
        for values in [&*rows.input(row), rows.output(row)] {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        // Much at a time is hashed faster.
        if bytes.len() >= 1 << 16 {
            hasher.update(&bytes);
            bytes.clear();
        }
    }
    hasher.update(&bytes);
    hasher.finalize().to_hex().to_string()
}

/// See [`super::Task::write_csv`].
pub(super) fn write_csv(
    inputs: &[String],
    outputs: &[String],
    rows: &Rows,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let names: Vec<String> = inputs.iter().chain(outputs).map(|name| quoted(name)).collect();
    writeln!(out, "{}", names.join(","))?;
    let mut line = String::new();
    for row in 0..rows.count {
        line.clear();
        for (column, value) in rows.input(row).iter().chain(rows.output(row)).enumerate() {
            // The shortest decimal that is read back as the same 32 bits. Writing to a string cannot fail.
            let _ = write!(line, "{}{value}", if column > 0 { "," } else { "" });
        }
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}
