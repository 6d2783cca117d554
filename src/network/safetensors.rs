//! Networks as safetensors: `<layer>.weight` of shape `[outputs, inputs]`, optionally `<layer>.bias` and
//! `<layer>.mask`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};
use serde_json::{Map, Value, json};

use super::assemble::stem;
use super::numbers::NumberType;
use super::perceptron::Network;
use super::read_error::{MAX_FILE, Problem};
use super::tensors::{self, Tensor};

/// The largest header that is read, in bytes: 1 MiB.
const MAX_HEADER: u64 = 1 << 20;

/// Reads the network of a file. Its id is the `id` in the file's metadata or, without one, the file name without its
/// extension.
///
/// # Errors
/// The file cannot be read, is not a safetensors file, or does not hold the layers of a multi-layer perceptron.
pub fn read(path: &Path) -> Result<(String, Network), Problem> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    let (id, network) = from_bytes(&bytes)?;
    Ok((id.unwrap_or_else(|| stem(path)), network))
}

/// Reads a network from the bytes of a file, and its id if the metadata has one.
///
/// # Errors
/// As for [`read`], except that the file is not opened here.
pub fn from_bytes(bytes: &[u8]) -> Result<(Option<String>, Network), Problem> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(Problem::TooLong(MAX_FILE));
    }
    let header = bytes.first_chunk().map(|length| u64::from_le_bytes(*length));
    if header.is_some_and(|length| length > MAX_HEADER && length <= bytes.len() as u64) {
        return Err(Problem::Tensors("its header is longer than 1 MiB; save a single network per file".to_owned()));
    }
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| not_safetensors(&error))?;
    let id = metadata.metadata().as_ref().and_then(|entries| entries.get("id").cloned());
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| not_safetensors(&error))?;
    let network = tensors::network(tensors.iter().map(|(name, view)| (name.to_owned(), tensor(view))))?;
    Ok((id, network))
}

fn not_safetensors(error: &SafeTensorError) -> Problem {
    Problem::Tensors(format!("not a complete safetensors file ({error}); save or copy it again"))
}

/// A tensor of the file, whose bytes are already in memory.
fn tensor(view: TensorView<'_>) -> Tensor<'_> {
    let shape = view.shape().to_vec();
    let read = move || match numbers(view.dtype()) {
        Some(numbers) => Ok(numbers.values(view.data())),
        None => Err(format!("has the unsupported number type {:?}; save it as F32", view.dtype())),
    };
    Tensor { shape, read: Box::new(read) }
}

fn numbers(dtype: Dtype) -> Option<NumberType> {
    match dtype {
        Dtype::F64 => Some(NumberType::F64),
        Dtype::F32 => Some(NumberType::F32),
        Dtype::F16 => Some(NumberType::F16),
        Dtype::BF16 => Some(NumberType::Bf16),
        Dtype::I64 => Some(NumberType::I64),
        Dtype::BOOL | Dtype::U8 => Some(NumberType::Byte),
        _ => None,
    }
}

/// Writes a network: `layer0.bias`, `layer0.mask`, `layer0.weight`, `layer1.bias`, .., all F32, with its id and
/// architecture as metadata. Equal networks give equal bytes.
///
/// ```
/// use neural_sculpting::network::{Network, safetensors};
///
/// let network = Network::zeros(&"2,3,1".parse()?);
/// let bytes = safetensors::to_bytes(&network, "blank");
/// assert_eq!(safetensors::from_bytes(&bytes)?, (Some("blank".to_owned()), network));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    // Padded so that the numbers start at a multiple of 8: readers may map them into memory.
    text.push_str(&" ".repeat(text.len().next_multiple_of(8) - text.len()));
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.into_bytes());
    bytes.extend(data);
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::network::{Architecture, Mask};

    fn network(widths: &[usize]) -> Network {
        let architecture = Architecture::new(widths.to_vec()).unwrap();
        let mut network = Network::zeros(&architecture);
        for (layer, weights) in network.weights.iter_mut().enumerate() {
            for (index, weight) in weights.iter_mut().enumerate() {
                *weight = (layer * 10 + index) as f32 - 2.5;
            }
        }
        network.biases.iter_mut().flatten().for_each(|bias| *bias = 0.25);
        let masks =
            architecture.matrices().map(|(outputs, inputs)| (0..outputs * inputs).map(|i| i % 3 != 1).collect());
        network.apply_mask(Mask::from_layers(&architecture, masks.collect()));
        network
    }

    /// A file of tensors given as name, number type, shape and bytes.
    fn file(tensors: &[(&str, &str, &[usize], &[u8])]) -> Vec<u8> {
        let (mut header, mut data) = (Map::new(), Vec::new());
        for (name, dtype, shape, bytes) in tensors {
            let start = data.len();
            data.extend(*bytes);
            header.insert(
                (*name).to_owned(),
                json!({"dtype": dtype, "shape": shape, "data_offsets": [start, data.len()]}),
            );
        }
        let text = Value::Object(header).to_string();
        [&(text.len() as u64).to_le_bytes(), text.as_bytes(), &data].concat()
    }

    fn message(bytes: &[u8]) -> String {
        from_bytes(bytes).unwrap_err().to_string()
    }

    const ONE: [u8; 4] = 1.0_f32.to_le_bytes();

    #[test]
    fn written_networks_are_read_back() {
        let network = network(&[3, 2, 4]);
        let bytes = to_bytes(&network, "trial 7");
        assert_eq!(from_bytes(&bytes).unwrap(), (Some("trial 7".to_owned()), network.clone()));
        assert_eq!(bytes, to_bytes(&network, "trial 7"));
    }

    #[test]
    fn layers_are_in_natural_order() {
        let network = network(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        assert_eq!(from_bytes(&to_bytes(&network, "deep")).unwrap().1, network);
    }

    #[test]
    fn other_number_types_are_read() {
        for (dtype, bytes) in [
            ("F64", 1.5_f64.to_le_bytes().to_vec()),
            ("F16", 0x3e00_u16.to_le_bytes().to_vec()),
            ("BF16", 0x3fc0_u16.to_le_bytes().to_vec()),
        ] {
            let read = from_bytes(&file(&[("net.0.weight", dtype, &[1, 1], &bytes)])).unwrap();
            assert_eq!((read.0, read.1.weights), (None, vec![vec![1.5]]), "{dtype}");
        }
    }

    #[test]
    fn masks_and_missing_biases() {
        let weights = [ONE, ONE].concat();
        let pruned =
            file(&[("fc.weight_orig", "F32", &[1, 2], &weights), ("fc.weight_mask", "BOOL", &[1, 2], &[0, 1])]);
        let network = from_bytes(&pruned).unwrap().1;
        assert_eq!(network.weights, [vec![0.0, 1.0]]);
        assert_eq!(network.biases, [vec![0.0]]);
    }

    #[test]
    fn each_mistake_has_its_message() {
        let weight = ("a.weight", "F32", &[1, 1][..], &ONE[..]);
        for (bytes, part) in [
            (vec![], "not a complete safetensors file"),
            (b"PK\x03\x04 a zip archive".to_vec(), "not a complete safetensors file"),
            (file(&[]), "at least two layers"),
            (file(&[("a.bias", "F32", &[1], &ONE)]), r#""a.weight" is missing"#),
            (file(&[("norm.weight", "F32", &[1], &ONE)]), "1-dimensional instead of [outputs, inputs]"),
            (file(&[("a.running_mean", "F32", &[1], &ONE)]), "\"a.running_mean\" is not a weight, bias or mask"),
            (file(&[("a.weight", "I16", &[1, 1], &[1, 0])]), "number type I16; save it as F32"),
            (file(&[weight, ("a.mask", "U8", &[1, 2], &[1, 1])]), "mask of matrix 1"),
            (file(&[weight, ("a.bias", "F32", &[2], &[ONE, ONE].concat())]), "bias of matrix 1"),
            (file(&[weight, ("b.weight", "F32", &[1, 2], &[ONE, ONE].concat())]), "matrix 2 has 2 columns"),
            (file(&[("a.weight", "F32", &[1, 1], &f32::NAN.to_le_bytes())]), "matrix 1, row 1: a weight is NaN"),
            (file(&[("a.weight", "F32", &[0, 3], &[])]), "`0` is not a layer width"),
        ] {
            let message = message(&bytes);
            assert!(message.contains(part) && !message.contains('\n'), "{part}: {message}");
        }
    }

    #[test]
    fn sizes_in_the_header_are_not_trusted() {
        let mut bytes = file(&[("a.weight", "F32", &[usize::MAX >> 8, 4], &ONE)]);
        assert!(message(&bytes).contains("not a complete"));
        bytes[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(message(&bytes).contains("not a complete"));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = from_bytes(&bytes);
        }

        #[test]
        fn truncated_and_altered_files_never_panic(end in 0..800_usize, index in 0..800_usize, byte: u8) {
            let mut bytes = to_bytes(&network(&[3, 2, 4]), "trial");
            if end < bytes.len() {
                prop_assert!(from_bytes(&bytes[..end]).is_err());
            }
            let index = index % bytes.len();
            bytes[index] = byte;
            let _ = from_bytes(&bytes);
        }
    }
}
