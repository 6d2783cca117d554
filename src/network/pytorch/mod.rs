//! Networks as PyTorch state dicts: what `torch.save(model.state_dict(), path)` writes since PyTorch 1.6.
//!
//! Such a file is a zip archive with a pickle, which names the tensors, and one entry per tensor with its numbers. The
//! pickle is interpreted without running any code, and no size stated in the file is trusted: tensors are slices of the
//! file in memory.

mod pickle;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::assemble::stem;
use super::numbers::NumberType;
use super::perceptron::Network;
use super::read_error::{MAX_FILE, MAX_LAYERS, Problem};
use super::tensors::{self, Tensor};
use crate::archive::{self, Entries, Entry};
use pickle::{Object, ObjectIndex, Pickle, TensorView};

/// The longest pickle that is read, in bytes: enough for about 5,000 tensors.
const MAX_PICKLE: usize = 1 << 20;

/// The most tensors: a weight, a bias and a mask per layer.
const MAX_TENSORS: usize = 3 * MAX_LAYERS;

/// How deeply dictionaries may be nested.
const MAX_DEPTH: usize = 16;

/// The most dictionary entries that are visited. A shared dictionary counts each time it is reached.
const MAX_VISITS: usize = 1 << 20;

/// The keys under which checkpoints usually keep the state dict.
const CHECKPOINT_KEYS: [&str; 4] = ["state_dict", "model_state_dict", "model_state", "model"];

/// Reads the network of a file. Its id is the file name without its extension.
///
/// ```no_run
/// let (id, network) = neural_sculpting::network::pytorch::read("trained.pth".as_ref())?;
/// println!("{id}: {}", network.architecture());
/// # Ok::<(), neural_sculpting::network::files::Problem>(())
/// ```
///
/// # Errors
/// The file cannot be read, is not a state dict saved by PyTorch 1.6 or later, or does not hold the layers of a
/// multi-layer perceptron.
pub fn read(path: &Path) -> Result<(String, Network), Problem> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    Ok((stem(path), from_bytes(&bytes)?))
}

/// Reads a network from the bytes of a file.
///
/// # Errors
/// As for [`read`], except that the file is not opened here.
pub fn from_bytes(bytes: &[u8]) -> Result<Network, Problem> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(Problem::TooLong(MAX_FILE));
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(Problem::Tensors(
            "not a state dict saved by PyTorch 1.6 or later; save it with torch.save(model.state_dict(), path)"
                .to_owned(),
        ));
    }
    let entries = archive::entries(bytes).map_err(|what| damaged(&what))?;
    if entries.values().any(|entry| entry.is_compressed) {
        return Err(damaged("an entry is compressed or encrypted, unlike those of torch.save"));
    }
    let (root, pickle) = data_pickle(&entries)?;
    if entries.get(&format!("{root}byteorder")).is_some_and(|order| order.stored.starts_with(b"big")) {
        return Err(Problem::Tensors("saved on a big-endian machine; save it again on a little-endian one".to_owned()));
    }
    let pickle = pickle::read(pickle).map_err(|what| damaged(&what))?;
    let views = state_dict(&pickle)?;
    tensors::network(views.into_iter().map(|(name, view)| {
        let read = Box::new(|| numbers(view, &pickle, &entries, root));
        (name, Tensor { shape: view.shape.clone(), read })
    }))
}

fn damaged(what: &str) -> Problem {
    Problem::Tensors(format!("not a complete PyTorch state dict ({what}); save or copy it again"))
}

fn no_state_dict(what: &str) -> Problem {
    Problem::Tensors(format!("{what}; save it with torch.save(model.state_dict(), path)"))
}

/// The folder of all entries, with its slash, and the pickle in it.
fn data_pickle<'a, 'f>(entries: &'a Entries<'f>) -> Result<(&'a str, &'f [u8]), Problem> {
    let in_folder = |(name, entry): (&'a String, &Entry<'f>)| Some((name.strip_suffix("data.pkl")?, entry.stored));
    let found = entries.iter().filter_map(in_folder).min_by_key(|(root, _)| root.len());
    let (root, pickle) = found.ok_or_else(|| no_state_dict("the zip archive has no data.pkl"))?;
    if pickle.len() > MAX_PICKLE {
        return Err(no_state_dict("its data.pkl is longer than 1 MiB"));
    }
    Ok((root, pickle))
}

/// The tensors of the state dict with their dotted names, sorted by these.
fn state_dict(pickle: &Pickle) -> Result<Vec<(String, &TensorView)>, Problem> {
    let root = match &pickle.objects[pickle.root] {
        Object::Dict(entries) => {
            let checkpoint = |&&(key, value): &&(ObjectIndex, ObjectIndex)| {
                matches!(&pickle.objects[key], Object::Text(key) if CHECKPOINT_KEYS.contains(&key.as_str()))
                    && matches!(pickle.objects[value], Object::Dict(_))
            };
            entries.iter().find(checkpoint).map_or(pickle.root, |&(_, value)| value)
        }
        Object::Made(class) => {
            return Err(no_state_dict(&format!(
                "the file holds an object of {} instead of a state dict",
                pickle.global(*class)
            )));
        }
        _ => return Err(no_state_dict("the file holds no state dict")),
    };
    let mut walk = Walk { pickle, found: Vec::new(), visits: 0 };
    walk.dict(root, &mut Vec::new())?;
    let mut found = walk.found;
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

/// Visits nested dictionaries.
struct Walk<'a> {
    pickle: &'a Pickle,
    found: Vec<(String, &'a TensorView)>,
    visits: usize,
}

impl Walk<'_> {
    /// Collects the tensors of the dictionary at `index`, whose keys so far are `path`.
    fn dict(&mut self, index: ObjectIndex, path: &mut Vec<String>) -> Result<(), Problem> {
        let Object::Dict(entries) = &self.pickle.objects[index] else { return Ok(()) };
        for &(key, value) in entries {
            self.visits += 1;
            if path.len() == MAX_DEPTH || self.visits > MAX_VISITS || self.found.len() > MAX_TENSORS {
                return Err(no_state_dict("the file holds more than the layers of one network"));
            }
            let name = match &self.pickle.objects[key] {
                Object::Text(text) => text.clone(),
                Object::Int(number) => number.to_string(),
                _ => "?".to_owned(),
            };
            path.push(name);
            self.value(value, path)?;
            path.pop();
        }
        Ok(())
    }

    fn value(&mut self, index: ObjectIndex, path: &mut Vec<String>) -> Result<(), Problem> {
        match &self.pickle.objects[index] {
            Object::Dict(_) => self.dict(index, path),
            Object::Tensor(view) => {
                self.found.push((path.join("."), view));
                Ok(())
            }
            Object::Made(class) => {
                let (name, class) = (tensors::quoted(&path.join(".")), self.pickle.global(*class));
                Err(no_state_dict(&format!(
                    "{name} is an object of {} instead of a plain tensor",
                    tensors::quoted(class)
                )))
            }
            // Other values of a checkpoint, such as the epoch.
            _ => Ok(()),
        }
    }
}

/// The numbers of a tensor, row by row.
fn numbers(view: &TensorView, pickle: &Pickle, entries: &Entries<'_>, root: &str) -> Result<Vec<f32>, String> {
    let class = pickle.global(view.storage.class);
    let Some(numbers) = number_type(class) else {
        return Err(format!("has the unsupported number type {}; save it as float32", tensors::quoted(class)));
    };
    let damaged = || "is incomplete; save or copy the file again".to_owned();
    let Object::Text(key) = &pickle.objects[view.storage.key] else { return Err(damaged()) };
    let data = entries.get(&format!("{root}data/{key}")).ok_or_else(damaged)?;
    gathered(data.stored, numbers.size(), view).map(|bytes| numbers.values(&bytes)).ok_or_else(damaged)
}

/// The bytes of a view whose numbers have `size` bytes each; `None` if the view reaches past `data` or has more than
/// two dimensions.
fn gathered(data: &[u8], size: usize, view: &TensorView) -> Option<Vec<u8>> {
    let (rows, columns) = match (&view.shape[..], &view.strides[..]) {
        (&[columns], &[stride]) => ((1, 0), (columns, stride)),
        (&[rows, columns], &[row, column]) => ((rows, row), (columns, column)),
        _ => return None,
    };
    let reach = |(count, stride): (usize, usize)| count.checked_sub(1)?.checked_mul(stride);
    let last = view.offset.checked_add(reach(rows)?)?.checked_add(reach(columns)?)?;
    if last.checked_add(1)?.checked_mul(size)? > data.len() {
        return None;
    }
    let mut bytes = Vec::with_capacity(rows.0.checked_mul(columns.0)?.checked_mul(size)?);
    for row in 0..rows.0 {
        let start = view.offset + row * rows.1;
        if columns.1 == 1 {
            bytes.extend_from_slice(&data[start * size..(start + columns.0) * size]);
        } else {
            let offsets = (0..columns.0).map(|column| (start + column * columns.1) * size);
            offsets.for_each(|offset| bytes.extend_from_slice(&data[offset..offset + size]));
        }
    }
    Some(bytes)
}

fn number_type(class: &str) -> Option<NumberType> {
    match class {
        "torch.DoubleStorage" => Some(NumberType::F64),
        "torch.FloatStorage" => Some(NumberType::F32),
        "torch.HalfStorage" => Some(NumberType::F16),
        "torch.BFloat16Storage" => Some(NumberType::Bf16),
        "torch.LongStorage" => Some(NumberType::I64),
        "torch.ByteStorage" | "torch.BoolStorage" => Some(NumberType::Byte),
        _ => None,
    }
}
