//! Networks as safetensors: `<layer>.weight` `[outputs, inputs]`, `<layer>.bias`, and, where pruned, `<layer>.mask`.
//!
//! Layers are taken in the natural order of their names (`layer2` before `layer10`). `weight_orig` and `weight_mask`,
//! as `torch.nn.utils.prune` names them, are read too.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensorError, TensorView};
use serde_json::{Map, Value, json};

use super::Network;
use super::files::{Problem, assembled, chained};

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 1 << 30;

/// The largest header that is read, in bytes.
const MAX_HEADER: u64 = 1 << 20;

/// Reads the network of a file. Its id is the `id` of the file's metadata, else the name of the file.
///
/// # Errors
/// The file cannot be read, is no safetensors file, or holds other than the layers of a multi-layer perceptron.
pub fn read(path: &Path) -> Result<(String, Network), Problem> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    let (id, network) = from_bytes(&bytes)?;
    let stem = || path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok((id.unwrap_or_else(stem), network))
}

/// Reads a network, and its id if there is one.
///
/// # Errors
/// As [`read`].
pub fn from_bytes(bytes: &[u8]) -> Result<(Option<String>, Network), Problem> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(Problem::TooLong(MAX_FILE));
    }
    let header = bytes.first_chunk().map(|length| u64::from_le_bytes(*length));
    if header.is_some_and(|length| length > MAX_HEADER && length <= bytes.len() as u64) {
        return Err(Problem::Tensors(
            "its header is longer than a network's can be; save the network alone".to_owned(),
        ));
    }
    let (_, metadata) = safetensors::SafeTensors::read_metadata(bytes).map_err(|error| not_safetensors(&error))?;
    let id = metadata.metadata().as_ref().and_then(|entries| entries.get("id").cloned());
    let tensors = safetensors::SafeTensors::deserialize(bytes).map_err(|error| not_safetensors(&error))?;
    let mut layers: BTreeMap<Vec<NamePart>, Layer<'_>> = BTreeMap::new();
    for (name, tensor) in tensors.iter() {
        let (layer, part) = name.rsplit_once('.').unwrap_or(("", name));
        let layer = layers.entry(natural(layer)).or_default();
        name.strip_suffix(part).unwrap_or("").clone_into(&mut layer.name);
        match part {
            "weight" | "weight_orig" => layer.weight = Some(tensor),
            "bias" => layer.bias = Some(tensor),
            "mask" | "weight_mask" => layer.mask = Some(tensor),
            _ => return Err(unknown(name)),
        }
    }
    Ok((id, network(&layers.into_values().collect::<Vec<_>>())?))
}

fn not_safetensors(error: &SafeTensorError) -> Problem {
    Problem::Tensors(format!("not a whole safetensors file ({error}); save or copy it again"))
}

fn unknown(name: &str) -> Problem {
    let name: String = name.chars().take(60).collect();
    Problem::Tensors(format!(
        "tensor {name:?} is no weight, bias or mask of a layer; save only the linear layers, named as in layer0.weight"
    ))
}

/// The tensors of a layer.
#[derive(Default)]
struct Layer<'a> {
    /// With its dot.
    name: String,
    weight: Option<TensorView<'a>>,
    bias: Option<TensorView<'a>>,
    mask: Option<TensorView<'a>>,
}

fn network(layers: &[Layer<'_>]) -> Result<Network, Problem> {
    let mut shapes = Vec::new();
    for layer in layers {
        let Some(weight) = &layer.weight else {
            return Err(Problem::Tensors(format!("there is no {}weight beside its bias or mask; add it", layer.name)));
        };
        let &[outputs, inputs] = weight.shape() else {
            let shape = weight.shape();
            return Err(Problem::Tensors(format!(
                "{}weight has shape {shape:?}, not [outputs, inputs]; save only the linear layers",
                layer.name
            )));
        };
        shapes.push((outputs, inputs));
    }
    let architecture = chained(&shapes)?;
    let (mut weights, mut masks, mut biases) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (layer, &(outputs, inputs))) in layers.iter().zip(&shapes).enumerate() {
        let values = |tensor: &Option<TensorView<'_>>, what, shape: &[usize]| match tensor {
            Some(tensor) if tensor.shape() == shape => numbers(tensor, index + 1).map(Some),
            Some(_) => Err(Problem::Shape { what, matrix: index + 1 }),
            None => Ok(None),
        };
        let weight = values(&layer.weight, "weight", &[outputs, inputs])?.unwrap_or_default();
        let mask = values(&layer.mask, "mask", &[outputs, inputs])?;
        masks.push(mask.as_ref().unwrap_or(&weight).iter().map(|&value| value != 0.0).collect());
        biases.push(values(&layer.bias, "bias", &[outputs])?.unwrap_or_else(|| vec![0.0; outputs]));
        weights.push(weight);
    }
    assembled(&architecture, weights, Some(masks), Some(biases))
}

/// The entries of a tensor as `f32`.
fn numbers(tensor: &TensorView<'_>, matrix: usize) -> Result<Vec<f32>, Problem> {
    let data = tensor.data();
    let values: Vec<f32> = match tensor.dtype() {
        Dtype::F32 => chunks(data).map(f32::from_le_bytes).collect(),
        Dtype::F64 => chunks(data).map(|bytes| f64::from_le_bytes(bytes) as f32).collect(),
        Dtype::BF16 => chunks(data).map(|bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16)).collect(),
        Dtype::F16 => chunks(data).map(|bytes| half(u16::from_le_bytes(bytes))).collect(),
        Dtype::BOOL | Dtype::U8 => data.iter().map(|&byte| f32::from(byte)).collect(),
        Dtype::I64 => chunks(data).map(|bytes| i64::from_le_bytes(bytes) as f32).collect(),
        other => {
            return Err(Problem::Tensors(format!("matrix {matrix} has numbers of type {other:?}; save it as F32")));
        }
    };
    let columns = tensor.shape().last().copied().unwrap_or(1).max(1);
    match values.iter().position(|value| !value.is_finite()) {
        Some(place) => Err(Problem::NotFinite { matrix, row: place / columns + 1 }),
        None => Ok(values),
    }
}

/// Whole groups of `N` bytes.
fn chunks<const N: usize>(data: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
    data.as_chunks::<N>().0.iter().copied()
}

/// A number of half precision: 1 sign, 5 exponent and 10 fraction bits.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f32.powi(exponent - 15),
    }
}

/// A piece of a name: numbers sort before text, and by value.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum NamePart {
    /// Digits without leading zeros: shorter ones are less. Then the digits as written.
    Number(usize, String, String),
    Text(String),
}

/// The parts of a name, so that `layer2` sorts before `layer10`.
fn natural(name: &str) -> Vec<NamePart> {
    let characters: Vec<char> = name.chars().collect();
    let pieces = characters.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    pieces
        .map(|piece| {
            let text: String = piece.iter().collect();
            if piece[0].is_ascii_digit() {
                let digits = text.trim_start_matches('0').to_owned();
                NamePart::Number(digits.len(), digits, text)
            } else {
                NamePart::Text(text)
            }
        })
        .collect()
}

/// The file of a network: `layer0.bias`, `layer0.mask`, `layer0.weight`, `layer1.bias`, .., all F32, and its id and
/// architecture as metadata. Equal networks give equal bytes.
#[must_use]
pub fn to_bytes(network: &Network, id: &str) -> Vec<u8> {
    let arch = format!("[{}]", network.architecture().to_string().replace(',', ", "));
    let mut header = Map::from_iter([("__metadata__".to_owned(), json!({ "arch": arch, "id": id }))]);
    let mut data = Vec::new();
    for (layer, (outputs, inputs)) in network.architecture().matrices().enumerate() {
        let mask: Vec<f32> = network.mask.layer(layer).iter().map(|&kept| f32::from(u8::from(kept))).collect();
        for (part, shape, values) in [
            ("bias", vec![outputs], &network.biases[layer]),
            ("mask", vec![outputs, inputs], &mask),
            ("weight", vec![outputs, inputs], &network.weights[layer]),
        ] {
            let start = data.len();
            data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            let info = json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, data.len()] });
            header.insert(format!("layer{layer}.{part}"), info);
        }
    }
    let mut text = Value::Object(header).to_string();
    // Readers may map the numbers into memory, so they start at a multiple of 8.
    text.push_str(&" ".repeat(text.len().next_multiple_of(8) - text.len()));
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.into_bytes());
    bytes.extend(data);
    bytes
}
