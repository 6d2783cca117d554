//! Hand-made state dicts. Files that PyTorch wrote are in `tests/` and in the reference data.

use std::fmt::Write;

use super::*;

/// A file in the format of `torch.save`, written by `tests/data/make_state_dict.py`.
const TWO_CHAINS: &[u8] = include_bytes!("../../../tests/data/two_chains.pth");

/// A zip archive with stored entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let start = u32::try_from(file.len()).unwrap();
        let (size, length) = (u32::try_from(data.len()).unwrap(), u16::try_from(name.len()).unwrap());
        // The fields from the flags to the length of the name; method, time, date and checksum are 0.
        let common = [&[0; 12][..], &size.to_le_bytes(), &size.to_le_bytes(), &length.to_le_bytes()].concat();
        file.extend([b"PK\x03\x04\0\0", &common[..], &[0; 2], name.as_bytes(), data].concat());
        let place = [&[0; 12][..], &start.to_le_bytes()].concat();
        directory.extend([b"PK\x01\x02\0\0\0\0", &common[..], &place, name.as_bytes()].concat());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let (size, start) = (u32::try_from(directory.len()).unwrap(), u32::try_from(file.len()).unwrap());
    let end = [&count[..], &count, &size.to_le_bytes(), &start.to_le_bytes(), &[0; 2]].concat();
    [file, directory, [&b"PK\x05\x06\0\0\0\0"[..], &end].concat()].concat()
}

/// A pickled text.
fn text(text: &str) -> Vec<u8> {
    [b"X", &u32::try_from(text.len()).unwrap().to_le_bytes()[..], text.as_bytes()].concat()
}

/// A pickled tuple of numbers.
fn tuple(numbers: &[i32]) -> Vec<u8> {
    let numbers = numbers.iter().flat_map(|number| [&b"J"[..], &number.to_le_bytes()].concat());
    [b"(".to_vec(), numbers.collect(), b"t".to_vec()].concat()
}

/// A pickled tensor that views storage `key`.
fn tensor(class: &str, key: &str, offset: i32, shape: &[i32], strides: &[i32]) -> Vec<u8> {
    let storage = [&b"("[..], &text("storage"), format!("ctorch\n{class}\n").as_bytes(), &text(key), b"NNtQ"].concat();
    let place = [&b"J"[..], &offset.to_le_bytes(), &tuple(shape), &tuple(strides)].concat();
    [&b"ctorch._utils\n_rebuild_tensor_v2\n("[..], &storage, &place, b"\x89NtR"].concat()
}

/// A pickled dictionary.
fn dict(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries = entries.iter().flat_map(|(key, value)| [text(key), value.clone()].concat());
    [b"}(".to_vec(), entries.collect(), b"u".to_vec()].concat()
}

/// A file with the pickled object `root` and two storages: `0` holds the numbers 0 to 5, `1` a NaN and an infinity.
fn file(root: &[u8]) -> Vec<u8> {
    let numbers: Vec<u8> = (0..6_u8).flat_map(|number| f32::from(number).to_le_bytes()).collect();
    let odd = [f32::NAN.to_le_bytes(), f32::INFINITY.to_le_bytes()].concat();
    let pickle = [&b"\x80\x02"[..], root, b"."].concat();
    archive(&[("net/data.pkl", &pickle), ("net/data/0", &numbers), ("net/data/1", &odd)])
}

fn message(bytes: &[u8]) -> String {
    let message = from_bytes(bytes).unwrap_err().to_string();
    assert!(!message.contains(char::is_control) && message.len() < 400, "{message}");
    message
}

/// The tensor of shape `[2, 3]` with the numbers 0 to 5.
fn weight() -> Vec<u8> {
    tensor("FloatStorage", "0", 0, &[2, 3], &[3, 1])
}

#[test]
fn a_file_in_the_format_of_torch_save_is_read() {
    let network = from_bytes(TWO_CHAINS).unwrap();
    assert_eq!(network.architecture().widths(), [4, 2, 2]);
    assert_eq!(network.weights, [vec![1.5, -2.0, 0.0, 0.0, 0.0, 0.0, 0.5, 3.0], vec![2.0, 0.0, 0.0, -1.0]]);
    assert_eq!(network.biases, [[-0.5, 0.25], [-1.0, 1.0]]);
}

#[test]
fn views_of_storages_are_read() {
    let read = |shape: &[i32], strides: &[i32], offset| {
        from_bytes(&file(&dict(&[("w.weight", tensor("FloatStorage", "0", offset, shape, strides))])))
    };
    assert_eq!(read(&[2, 3], &[3, 1], 0).unwrap().weights, [[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]]);
    assert_eq!(read(&[3, 2], &[1, 3], 0).unwrap().weights, [[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]], "transposed");
    assert_eq!(read(&[2, 2], &[2, 1], 2).unwrap().weights, [[2.0, 3.0, 4.0, 5.0]], "at an offset");
    assert_eq!(read(&[2, 2], &[0, 1], 4).unwrap().weights, [[4.0, 5.0, 4.0, 5.0]], "expanded");
    assert!(read(&[2, 3], &[3, 1], 1).unwrap_err().to_string().contains("is incomplete"));
    assert!(read(&[2, 2], &[i32::MAX, 1], 0).unwrap_err().to_string().contains("is incomplete"));
}

#[test]
fn the_state_dict_is_found_in_a_checkpoint() {
    let optimizer = dict(&[("exp_avg", weight())]);
    let inner = dict(&[("fc", dict(&[("weight", weight())]))]);
    let checkpoint = dict(&[("epoch", b"K\x07".to_vec()), ("state_dict", inner), ("optimizer", optimizer.clone())]);
    assert_eq!(from_bytes(&file(&checkpoint)).unwrap().architecture().widths(), [3, 2]);
    let elsewhere = dict(&[("weights", dict(&[("weight", weight())])), ("optimizer", optimizer)]);
    assert!(message(&file(&elsewhere)).contains("\"optimizer.exp_avg\" is not a weight, bias or mask"));
}

#[test]
fn each_mistake_has_its_message() {
    let with = |name: &str, value: Vec<u8>| file(&dict(&[("a.weight", weight()), (name, value)]));
    let float = |key, shape: &[i32], strides: &[i32]| tensor("FloatStorage", key, 0, shape, strides);
    for (bytes, part) in [
        (vec![], "not a state dict saved by PyTorch 1.6 or later"),
        (b"\x80\x02}.".to_vec(), "torch.save(model.state_dict(), path)"),
        (archive(&[]), "not a state dict"),
        (archive(&[("net/weights", b"")]), "the zip archive has no data.pkl"),
        (archive(&[("net/data.pkl", &vec![b'N'; MAX_PICKLE + 1])]), "its data.pkl is longer"),
        (archive(&[("data.pkl", b"}."), ("byteorder", b"big")]), "big-endian"),
        (file(b"}"), "at least two layers"),
        (file(b"]"), "the file holds no state dict"),
        (file(b"c__main__\nNet\n)\x81}b"), "the file holds an object of __main__.Net instead of a state dict"),
        (file(b"cos\nsystem\nX\x04\0\0\0true\x85R"), "the file holds an object of os.system instead of a state dict"),
        (file(b"}\xff"), "instruction 0xff"),
        (file(b"}u"), "data.pkl is damaged"),
        (file(b"(}0"), "data.pkl is damaged"),
        (file(&dict(&[("a.bias", float("0", &[2], &[1]))])), r#""a.weight" is missing"#),
        (with("b.bias", float("0", &[2], &[1])), r#""b.weight" is missing"#),
        (with("a.running_mean", float("0", &[2], &[1])), r#""a.running_mean" is not a weight"#),
        (with("a.bias", float("0", &[3], &[1])), "the bias of matrix 1"),
        (with("a.mask", float("0", &[3, 2], &[2, 1])), "the mask of matrix 1"),
        (with("b.weight", float("0", &[2, 3], &[3, 1])), "matrix 2 has 3 columns, but the matrix before it has 2"),
        (with("b.weight", float("0", &[1, 1, 2], &[2, 2, 1])), r#""b.weight" is 3-dimensional"#),
        (with("b.weight", float("1", &[1, 2], &[2, 1])), "matrix 2, row 1: a weight is NaN"),
        (with("b.weight", float("7", &[1, 2], &[2, 1])), r#"a tensor of layer "b" is incomplete"#),
        (with("b.weight", tensor("IntStorage", "0", 0, &[1, 2], &[2, 1])), r#"type "torch.IntStorage""#),
        (with("b.weight", b"ctorch._utils\n_rebuild_sparse_tensor\n)R".to_vec()), "_rebuild_sparse_tensor"),
        (with("b.weight", float("0", &[i32::MAX, i32::MAX], &[0, 0])), "matrix 2 has 2147483647 columns"),
        (file(&dict(&[("a.weight", float("0", &[i32::MAX, i32::MAX], &[0, 0]))])), "more than 100 million weights"),
        (file(&dict(&[("a.weight", float("0", &[0, 3], &[3, 1]))])), "`0` is not a layer width"),
        (file(&dict(&[("a.weight", float("0", &[-1, 3], &[3, 1]))])), "data.pkl is damaged"),
    ] {
        let message = message(&bytes);
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn entries_must_be_stored() {
    let mut bytes = file(&dict(&[("a.weight", weight())]));
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[directory + 10] = 8;
    assert!(message(&bytes).contains("compressed or encrypted"));
}

#[test]
fn sizes_in_the_file_are_not_trusted() {
    let good = file(&dict(&[("a.weight", weight())]));
    let directory = good.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let end = good.len() - 22;
    for (offset, part) in [
        (directory + 20, "is damaged"),
        (directory + 24, "is damaged"),
        (directory + 28, "directory is damaged"),
        (directory + 42, "is damaged"),
        (end + 10, "entries"),
        (end + 16, "directory is damaged"),
    ] {
        let mut bytes = good.clone();
        bytes[offset..offset + 2].fill(0xfe);
        let message = message(&bytes);
        assert!(message.contains(part), "{offset}: {message}");
    }
}

/// Dictionaries that each hold the one before twice have exponentially many names.
#[test]
fn sharing_and_nesting_are_limited() {
    let mut nested = b"}q\0".to_vec();
    for level in 1..=100_u8 {
        let before = level - 1;
        nested.extend([b'}', b'q', level, b'(', b'K', 1, b'h', before, b'K', 2, b'h', before, b'u']);
    }
    assert!(message(&file(&nested)).contains("more than the layers of one network"));
    let mut shared = b"}q\0".to_vec();
    for level in 1..=15_u8 {
        let pairs = (0..20).flat_map(|key| [b'K', key, b'h', level - 1]);
        shared.extend([b'}', b'q', level, b'('].into_iter().chain(pairs).chain([b'u']));
    }
    assert!(message(&file(&shared)).contains("more than the layers of one network"));
    let itself = b"}q\0(K\x01h\0u";
    assert!(message(&file(itself)).contains("more than the layers of one network"));
    let deep = [vec![b')'; 1], vec![0x85; MAX_PICKLE - 100]].concat();
    assert!(message(&file(&deep)).contains("the file holds no state dict"));
}

#[test]
fn names_from_the_file_are_cut_and_escaped() {
    let mut class = String::new();
    write!(class, "c{}\nNet\n)R", "evil\u{1b}[2J".repeat(10)).unwrap();
    let bytes = file(&dict(&[("a\u{7}", class.into_bytes())]));
    assert!(message(&bytes).contains(r#""a\u{7}" is an object of "evil\u{1b}[2J"#));
}
