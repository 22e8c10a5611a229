//! What is left of a secret in the memory of the gateway that has opened and stored it: nothing.

use std::os::unix::fs::FileExt as _;
use std::{fs, io};

use base64ct::{Base64, Encoding as _};

use super::*;

/// 32 characters that nothing else in the process has in it.
const CANARY: &str = "kQ7vZx0LmW3pR9tYc5HbN2dGfJ8sUaXe";

/// The spellings in which a copy could lie there, by name. Half of the canary is enough.
fn spellings() -> Vec<(&'static str, Vec<u8>)> {
    let half = &CANARY.as_bytes()[..16];
    let utf16 = half.iter().flat_map(|byte| [*byte, 0]).collect();
    let hex = |digits: &str| {
        let digits = digits.as_bytes();
        let pair = |byte: &u8| {
            [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]
        };
        half.iter().flat_map(pair).collect()
    };
    // The characters at both ends depend on what is beside the text. There is no `+` or `/` in between, so that base64url is the same.
    let base64 = |before: usize| {
        let encoded = Base64::encode_string(&[&vec![0; before][..], half].concat());
        encoded.as_bytes()[4..encoded.len() - 4].to_vec()
    };
    vec![
        ("UTF-8", half.to_vec()),
        ("UTF-16LE", utf16),
        ("hexadecimal", hex("0123456789abcdef")),
        ("HEXADECIMAL", hex("0123456789ABCDEF")),
        ("base64", base64(0)),
        ("base64, shifted by one", base64(1)),
        ("base64, shifted by two", base64(2)),
    ]
}

/// The spellings that are in memory that this process can write to.
fn found(process: &str) -> io::Result<Vec<&'static str>> {
    let memory = fs::File::open(format!("/proc/{process}/mem"))?;
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let mut found = Vec::new();
    let mut read = 0;
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut content = vec![0; usize::try_from(to - from).unwrap()];
        // Some of the kernel's own pages are listed and cannot be read.
        if !rights.starts_with("rw") || memory.read_exact_at(&mut content, from).is_err() {
            continue;
        }
        read += content.len();
        for (name, spelling) in spellings() {
            if memchr::memmem::find(&content, &spelling).is_some() {
                found.push(name);
            }
        }
    }
    assert!(read > 1 << 20, "only {read} bytes could be read");
    Ok(found)
}

#[tokio::test]
async fn nothing_of_a_secret_is_left_in_memory() {
    // The scanner sees every spelling where it is: in this process, in memory of its own.
    let kept = spellings();
    let here = found("self").unwrap();
    for (name, _) in &kept {
        assert!(here.contains(name), "the scanner does not find {name}");
    }

    let installed = Installed::new();
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    for number in 0..20 {
        let claims = installed.claims(&format!("ls-{number}"));
        let envelope = seal(&keys, &claims, CANARY);
        let ticket = installed.ticket(&claims);
        let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
        assert_eq!(status, StatusCode::CREATED);
    }
    match found(&serving.process.id().to_string()) {
        Ok(left) => assert!(left.is_empty(), "in the gateway's memory: {left:?}"),
        // Without root's rights nobody gets at it at all: the process has shut out debuggers.
        Err(error) => assert_eq!(error.kind(), io::ErrorKind::PermissionDenied),
    }
    assert!(
        installed.run(&["reveal", "ls-19", "--secret", "password"]) == CANARY.as_bytes(),
        "another secret was stored"
    );
}
