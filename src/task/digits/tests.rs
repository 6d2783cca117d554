//! Digits against rows that are put together by hand from a small made-up MNIST.

use std::fs;
use std::path::Path;

use super::*;

/// Writes an MNIST in which image `n` has label `n % 10` and, in pixel `p`, the value `n + p` (modulo 256).
fn write_files(folder: &Path, counts: [usize; 2]) {
    let mut first = 0;
    for (prefix, count) in ["train", "t10k"].into_iter().zip(counts) {
        let size = u32::try_from(count).unwrap().to_be_bytes();
        let mut images = [&[0, 0, 8, 3][..], &size, &[0, 0, 0, 28, 0, 0, 0, 28]].concat();
        let mut labels = [&[0, 0, 8, 1][..], &size].concat();
        for image in first..first + count {
            images.extend((0..784).map(|pixel| u8::try_from((image + pixel) % 256).unwrap()));
            labels.push(u8::try_from(image % 10).unwrap());
        }
        fs::write(folder.join(format!("{prefix}-images-idx3-ubyte")), images).unwrap();
        fs::write(folder.join(format!("{prefix}-labels.idx1-ubyte")), labels).unwrap();
        first += count;
    }
}

/// The image whose line `line` starts with this value in the small MNIST: pixel 28 * line has the value image + 28 * line.
fn image_at(value: f32, line: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
    let byte = (value * 255.0).round() as usize;
    (byte + 256 * 4 - 28 * line) % 256
}

#[test]
fn rows_are_two_images_side_by_side_with_their_labels() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), [60, 20]);
    for name in ["digits-pair-5", "digits-xor-5", "digits-pair-5-by-image"] {
        let task = open(name, Some(folder.path())).unwrap().unwrap();
        let digits = if name.contains("xor") { 8 } else { 10 };
        assert_eq!(task.rows.count, digits * digits * 5);
        assert_eq!((task.training.count, task.validation.count), (digits * digits * 4, digits * digits));
        for row in 0..task.rows.count {
            let (left, right) = (row / 5 / digits, row / 5 % digits);
            let input = task.rows.input(row);
            let images = [image_at(input[0], 0), image_at(input[28], 0)];
            assert_eq!(images.map(|image| image % 10), [left, right], "row {row} of {name}");
            for line in 0..28 {
                assert_eq!([input[56 * line], input[56 * line + 28]].map(|value| image_at(value, line)), images);
                let byte = (images[1] + 28 * line + 27) % 256;
                assert_eq!(input[56 * line + 55], byte as f32 / 255.0);
            }
            let expected: Vec<f32> = if digits == 8 {
                let xor = left ^ right;
                [xor / 4 % 2, xor / 2 % 2, xor % 2].map(|bit| bit as f32).to_vec()
            } else {
                (0..20).map(|at| f32::from(u8::from(at == left || at == 10 + right))).collect()
            };
            assert_eq!(task.rows.output(row), expected);
            if name.ends_with("by-image") {
                assert!(images.iter().all(|&image| (image < 60) == (row % 5 < 4)), "{images:?} in row {row}");
            }
        }
        assert_eq!(task.content_hash(), open(name, Some(folder.path())).unwrap().unwrap().content_hash());
    }
}

/// The hashes of a program in Python that has nothing of this crate: it reads the IDX files, draws with ChaCha8 of its
/// own, and hashes the rows.
#[test]
fn rows_are_those_of_another_program() {
    let mnist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/mnist");
    for (name, hash) in [
        ("digits-demo-5", "4a02b695b81747ee6a63770344c5b9fe6f26daa113686ea30a92fcd0d7ec4d07"),
        ("digits-demo-5-by-image", "b6b9048c50b83a898d930ecfe4b9a5d89713a88e14364d26e04af33b13de8f61"),
        ("digits-pair-5", "59e6bc2ff091af516ac2fb670a408c0008f9a46ca63a099d30f9cb93b86508e4"),
        ("digits-xor-5-by-image", "4b51dcdab4aa1829f9bb5cf15b7ba012720826448a71c929ab0de06ec57856bd"),
    ] {
        if name.contains("demo") || mnist.exists() {
            assert_eq!(open(name, Some(&mnist)).unwrap().unwrap().content_hash(), hash, "{name}");
        }
    }
}

#[test]
fn names_say_rows_and_split() {
    assert!(is_name("digits-pair") && is_name("digits-xor-200") && is_name("digits-demo-by-image"));
    for other in
        ["digits", "digits-pair-", "digits-pair-4", "digits-pair-9999999999999999999999", "digits-pair-1x", "4-2-4"]
    {
        assert!(!is_name(other), "{other}");
        assert!(open(other, None).unwrap().is_none());
    }
}

#[test]
fn the_excerpt_has_a_hundred_images_of_each_digit() {
    let images = excerpt().unwrap();
    assert_eq!(images.labels.len(), 1000);
    assert!(images.by_digit(0..1000).iter().all(|images| images.len() == 100));
    assert!(images.by_digit(800..1000).iter().all(|images| images.len() == 20));
    let zeros = images.pixels.iter().filter(|&&pixel| pixel == 0).count() as f64 / images.pixels.len() as f64;
    assert!((0.78..0.84).contains(&zeros), "{zeros} of the pixels are 0");
}

#[test]
fn faults_of_the_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let message = || {
        let message = open("digits-pair", Some(folder.path())).unwrap_err().to_string();
        assert!(!message.contains('\n') && message.len() < 700, "{message}");
        message
    };
    let missing = message();
    assert!(
        missing.contains("t10k-labels-idx1-ubyte") && missing.contains("--data") && missing.contains("torchvision")
    );
    write_files(folder.path(), [60, 20]);
    let labels = path("train-labels.idx1-ubyte");
    let whole = fs::read(&labels).unwrap();
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        fs::write(&labels, bytes).unwrap();
    };
    with(8 + 16, 17);
    assert!(message().contains("label 17 of image 17"));
    with(7, 61);
    assert!(message().contains("ends after 60 of 61 values"));
    let seen: Vec<u8> = whole.iter().map(|&byte| if byte == 3 { 4 } else { byte }).collect();
    fs::write(&labels, seen).unwrap();
    assert!(message().contains("no image is labeled 3"));
    fs::write(&labels, [&[0, 0, 8, 1, 0, 0, 0, 59][..], &whole[8..67]].concat()).unwrap();
    assert!(message().contains("59 labels for 60 images"));
    fs::copy(path("train-images-idx3-ubyte"), &labels).unwrap();
    assert!(message().contains("3 dimensions instead of 1"));
    fs::write(path("train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 5, 5]).unwrap();
    fs::write(&labels, &whole).unwrap();
    assert!(message().contains("2 x 1 pixels instead of 28 x 28"));
}
