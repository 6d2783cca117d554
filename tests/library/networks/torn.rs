//! Damaged files and arbitrary bytes through every reader: no panic, no hang, bounded memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use neural_sculpting::network::jsonl::JsonLines;
use neural_sculpting::network::{files, pytorch, safetensors};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::fixture::{TWO_CHAINS, files_of, masks_line, networks, reference, weights_line};

/// The most memory that a test may use, in KiB.
const MOST_MEMORY: u64 = 600 << 10;

/// Runs a test of this file in a process of its own, so that the peak memory is that of this test. Returns false in
/// that process.
fn ran_alone(test: &str) -> bool {
    if std::env::var_os("TEST_ALONE").is_some() {
        return false;
    }
    let name = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.args(["--exact", &name]).env("TEST_ALONE", "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    true
}

/// The peak memory of the process in KiB; `None` if the system does not report it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Reads `bytes` in every format; returns which readers (JSON lines, safetensors, PyTorch) succeed.
fn read_everywhere(bytes: &[u8]) -> [bool; 3] {
    let start = Instant::now();
    let lines = JsonLines::new(Path::new("nets.jsonl"), bytes).all(|network| network.is_ok());
    let read = [lines, safetensors::from_bytes(bytes).is_ok(), pytorch::from_bytes(bytes).is_ok()];
    assert!(start.elapsed() < Duration::from_secs(20), "{} bytes take {:?}", bytes.len(), start.elapsed());
    read
}

fn check_memory() {
    assert!(peak_memory().is_none_or(|peak| peak < MOST_MEMORY), "{:?} KiB", peak_memory());
}

/// A small valid file of each format.
fn small_files() -> Vec<Vec<u8>> {
    let torch = fs::read(TWO_CHAINS).unwrap();
    let (id, network) = networks(Path::new(TWO_CHAINS)).remove(0);
    let lines = [masks_line(&id, &network), weights_line(&id, &network)].map(String::into_bytes);
    let [masks, weights] = lines;
    vec![torch, safetensors::to_bytes(&network, &id), masks, weights]
}

#[test]
fn random_bytes_are_not_networks() {
    if ran_alone("random_bytes_are_not_networks") {
        return;
    }
    let mut draws = ChaCha8Rng::seed_from_u64(1);
    let heads: [&[u8]; 6] =
        [b"", b"PK\x03\x04", b"\x40\0\0\0\0\0\0\0{\"", b"{\"id\":\"a\",\"masks\":[[\"", b"\x80\x02}", b"[[[["];
    for round in 0..100 {
        let mut bytes = vec![0; 10_000];
        draws.fill_bytes(&mut bytes);
        let head = heads[round % heads.len()];
        bytes[..head.len()].copy_from_slice(head);
        assert_eq!(read_everywhere(&bytes), [false; 3]);
    }
    check_memory();
}

#[test]
fn truncated_small_files_are_not_networks() {
    if ran_alone("truncated_small_files_are_not_networks") {
        return;
    }
    for bytes in small_files() {
        assert!(read_everywhere(&bytes).contains(&true));
        for end in 1..bytes.len() {
            assert_eq!(read_everywhere(&bytes[..end]), [false; 3], "cut at {end} of {}", bytes.len());
        }
    }
    check_memory();
}

#[test]
fn altered_small_files_never_panic() {
    if ran_alone("altered_small_files_never_panic") {
        return;
    }
    let mut draws = ChaCha8Rng::seed_from_u64(2);
    for bytes in small_files() {
        for _ in 0..20_000 {
            let mut altered = bytes.clone();
            for _ in 0..draws.random_range(1..4) {
                let index = draws.random_range(0..altered.len());
                // Often a byte from elsewhere in the file: an instruction, a length, a signature.
                altered[index] =
                    if draws.random() { draws.random() } else { bytes[draws.random_range(0..bytes.len())] };
            }
            read_everywhere(&altered);
        }
    }
    check_memory();
}

#[test]
fn truncated_reference_files_are_errors() {
    if ran_alone("truncated_reference_files_are_errors") {
        return;
    }
    let folders = ["models", "detection", "structure"].map(reference);
    let files: Vec<PathBuf> =
        folders.iter().flatten().flat_map(|folder| files_of(folder, &["pth", "safetensors", "jsonl"])).collect();
    let mut draws = ChaCha8Rng::seed_from_u64(3);
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let cuts = if bytes.len() > 100_000 { 8 } else { 60 };
        for _ in 0..cuts {
            let end = draws.random_range(1..bytes.len());
            let read = read_everywhere(&bytes[..end]);
            let between_lines =
                path.extension().is_some_and(|of| of == "jsonl") && bytes[end - 1..=end].contains(&b'\n');
            assert!(between_lines || read == [false; 3], "{}, cut at {end}", path.display());
        }
    }
    check_memory();
}

#[test]
fn errors_of_truncated_files_are_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in ["net.pth", "net.safetensors", "net.jsonl"].iter().zip(small_files()) {
        let path = folder.path().join(name);
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = files::read(&path).unwrap().next().unwrap().unwrap_err().to_string();
        assert!(error.starts_with(path.to_str().unwrap()) && !error.contains('\n'), "{error}");
    }
}
