//! From the named tensors of a file to a network; shared by the readers of safetensors and PyTorch files.
//!
//! A layer has `<layer>.weight` of shape `[outputs, inputs]` and, optionally, `<layer>.bias` `[outputs]` and
//! `<layer>.mask` `[outputs, inputs]`. `weight_orig` and `weight_mask`, the names of `torch.nn.utils.prune`, are also
//! accepted. Layers are in natural order of their names (`layer2` before `layer10`). Shapes are checked before any
//! number is read.

use std::collections::BTreeMap;

use super::architecture::Architecture;
use super::assemble::{assembled, chained};
use super::perceptron::Network;
use super::read_error::{MAX_LAYERS, Problem};
use crate::task::natural::{NamePart, natural};

/// A tensor of a file whose numbers have not been read yet.
pub(super) struct Tensor<'a> {
    /// The shape according to the file.
    pub shape: Vec<usize>,
    /// Reads the numbers row by row. An error continues the sentence "tensor .. of layer ..", as in "is damaged; ..".
    pub read: Box<dyn Fn() -> Result<Vec<f32>, String> + 'a>,
}

/// The tensors of a layer.
#[derive(Default)]
struct Layer<'a> {
    /// The name with its final dot.
    name: String,
    weight: Option<Tensor<'a>>,
    bias: Option<Tensor<'a>>,
    mask: Option<Tensor<'a>>,
}

/// The network with these tensors.
///
/// # Errors
/// A tensor that is not a weight, bias or mask, or appears twice; a layer without weights; shapes that do not fit
/// together; numbers that cannot be read or are not finite.
pub(super) fn network<'a>(tensors: impl IntoIterator<Item = (String, Tensor<'a>)>) -> Result<Network, Problem> {
    let mut layers: BTreeMap<Vec<NamePart>, Layer<'a>> = BTreeMap::new();
    for (name, tensor) in tensors {
        let (layer, part) = name.rsplit_once('.').unwrap_or(("", &name));
        let key = natural(layer);
        if layers.len() == MAX_LAYERS && !layers.contains_key(&key) {
            return Err(Problem::Tensors(format!("more than {MAX_LAYERS} layers; save a single network per file")));
        }
        let layer = layers.entry(key).or_default();
        name.strip_suffix(part).unwrap_or("").clone_into(&mut layer.name);
        let slot = match part {
            "weight" | "weight_orig" => &mut layer.weight,
            "bias" => &mut layer.bias,
            "mask" | "weight_mask" => &mut layer.mask,
            _ => return Err(unknown(&name)),
        };
        if slot.replace(tensor).is_some() {
            return Err(Problem::Tensors(format!("tensor {} is a duplicate; save each tensor once", quoted(&name))));
        }
    }
    of_layers(&layers.into_values().collect::<Vec<_>>())
}

fn unknown(name: &str) -> Problem {
    Problem::Tensors(format!(
        "tensor {} is not a weight, bias or mask; save only the linear layers, named as in layer0.weight",
        quoted(name)
    ))
}

/// At most 60 characters of a name from a file, quoted, with control characters escaped.
pub(super) fn quoted(name: &str) -> String {
    format!("{:?}", name.chars().take(60).collect::<String>())
}

fn of_layers(layers: &[Layer<'_>]) -> Result<Network, Problem> {
    let shapes = layers.iter().map(weight_shape).collect::<Result<Vec<_>, _>>()?;
    let architecture = chained(&shapes)?;
    check_shapes(layers, &architecture)?;
    let (mut weights, mut masks, mut biases) = (Vec::new(), Vec::new(), Vec::new());
    for ((layer, (outputs, _)), matrix) in layers.iter().zip(architecture.matrices()).zip(1..) {
        let values = |tensor: &Option<Tensor<'_>>| tensor.as_ref().map(|tensor| numbers(tensor, layer, matrix));
        let weight = values(&layer.weight).transpose()?.unwrap_or_default();
        let mask = values(&layer.mask).transpose()?;
        masks.push(mask.as_ref().unwrap_or(&weight).iter().map(|&value| value != 0.0).collect());
        biases.push(values(&layer.bias).transpose()?.unwrap_or_else(|| vec![0.0; outputs]));
        weights.push(weight);
    }
    assembled(&architecture, weights, Some(masks), Some(biases))
}

/// The shape `(outputs, inputs)` of a layer's weights.
fn weight_shape(layer: &Layer<'_>) -> Result<(usize, usize), Problem> {
    let name = quoted(&format!("{}weight", layer.name));
    let Some(weight) = &layer.weight else {
        return Err(Problem::Tensors(format!("{name} is missing, though its bias or mask is there; add it")));
    };
    match weight.shape[..] {
        [outputs, inputs] => Ok((outputs, inputs)),
        ref shape => Err(Problem::Tensors(format!(
            "{name} is {}-dimensional instead of [outputs, inputs]; save only the linear layers",
            shape.len()
        ))),
    }
}

/// Checks the shapes of biases and masks against those of the weights.
fn check_shapes(layers: &[Layer<'_>], architecture: &Architecture) -> Result<(), Problem> {
    for ((layer, (outputs, inputs)), matrix) in layers.iter().zip(architecture.matrices()).zip(1..) {
        let wrong = |tensor: &Option<Tensor<'_>>, shape: &[usize]| tensor.as_ref().is_some_and(|t| t.shape != shape);
        if wrong(&layer.bias, &[outputs]) {
            return Err(Problem::Shape { what: "bias", matrix });
        }
        if wrong(&layer.mask, &[outputs, inputs]) {
            return Err(Problem::Shape { what: "mask", matrix });
        }
    }
    Ok(())
}

/// The numbers of a tensor of `matrix`, counted from 1; all must be finite.
fn numbers(tensor: &Tensor<'_>, layer: &Layer<'_>, matrix: usize) -> Result<Vec<f32>, Problem> {
    let name = layer.name.trim_end_matches('.');
    let values =
        (tensor.read)().map_err(|what| Problem::Tensors(format!("a tensor of layer {} {what}", quoted(name))))?;
    if values.len() != tensor.shape.iter().product::<usize>() {
        return Err(Problem::Tensors(format!(
            "a tensor of layer {} is incomplete; save or copy the file again",
            quoted(name)
        )));
    }
    let columns = tensor.shape.get(1).map_or(1, |&columns| columns.max(1));
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Problem::NotFinite { matrix, row: index / columns + 1 }),
        None => Ok(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tensor whose numbers are all `value`.
    fn tensor(name: &str, shape: &[usize], value: f32) -> (String, Tensor<'static>) {
        let count = shape.iter().product();
        (name.to_owned(), Tensor { shape: shape.to_vec(), read: Box::new(move || Ok(vec![value; count])) })
    }

    fn message(tensors: Vec<(String, Tensor<'_>)>) -> String {
        network(tensors).unwrap_err().to_string()
    }

    #[test]
    fn layers_without_biases_and_with_masks() {
        let read = network([
            tensor("net.10.weight", &[1, 2], 3.0),
            tensor("net.2.weight_orig", &[2, 3], 2.0),
            tensor("net.2.weight_mask", &[2, 3], 0.0),
            tensor("net.10.bias", &[1], 0.5),
        ]);
        let read = read.unwrap();
        assert_eq!(read.architecture().widths(), [3, 2, 1]);
        assert_eq!(read.weights, [vec![0.0; 6], vec![3.0; 2]]);
        assert_eq!(read.biases[0], [0.0, 0.0]);
    }

    #[test]
    fn repeated_tensors_and_too_many_layers_are_refused() {
        let twice = vec![tensor("a.weight", &[1, 1], 1.0), tensor("a.weight_orig", &[1, 1], 1.0)];
        assert!(message(twice).contains("tensor \"a.weight_orig\" is a duplicate"));
        let many = (0..=MAX_LAYERS).map(|layer| tensor(&format!("{layer}.weight"), &[1, 1], 1.0));
        assert!(message(many.collect()).contains("more than 1000 layers"));
    }

    #[test]
    fn shapes_are_checked_before_numbers_are_read() {
        let unread = |name: &str, shape: &[usize]| {
            let read = Box::new(|| panic!("read"));
            (name.to_owned(), Tensor { shape: shape.to_vec(), read })
        };
        for (tensors, part) in [
            (vec![unread("a.weight", &[1 << 40, 1 << 20])], "more than 100 million weights"),
            (vec![unread("a.weight", &[2])], "\"a.weight\" is 1-dimensional"),
            (vec![unread("a.bias", &[2])], "\"a.weight\" is missing"),
            (vec![unread("a.weight", &[2, 2]), unread("a.bias", &[1 << 40])], "the bias of matrix 1"),
            (vec![unread("a.weight", &[2, 2]), unread("a.mask", &[2, 3])], "the mask of matrix 1"),
            (vec![unread("a.weight", &[2, 2]), unread("b.weight", &[2, 3])], "matrix 2 has 3 columns"),
            (vec![unread("a\n.running_mean", &[2])], r#""a\n.running_mean" is not a weight"#),
        ] {
            let message = message(tensors);
            assert!(message.contains(part) && !message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn numbers_are_checked() {
        assert!(message(vec![tensor("a.weight", &[3, 2], f32::NAN)]).contains("matrix 1, row 1: a weight is NaN"));
        let short = Tensor { shape: vec![2, 2], read: Box::new(|| Ok(vec![1.0])) };
        assert!(message(vec![("a.weight".to_owned(), short)]).contains("a tensor of layer \"a\" is incomplete"));
        let odd = Tensor { shape: vec![2, 2], read: Box::new(|| Err("has pictures; draw numbers".to_owned())) };
        assert!(message(vec![("a.weight".to_owned(), odd)]).contains("a tensor of layer \"a\" has pictures"));
    }
}
