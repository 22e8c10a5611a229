//! What is left of a secret in the memory of the gateway that has opened, stored and given it: nothing.

use std::os::unix::fs::FileExt as _;
use std::{fs, io};

use credential_client::CredentialSocket;

use super::*;
use crate::spelling::{Spelling, spellings};

/// 32 characters that nothing else in the process has in it. Half of them are enough to find a copy.
const CANARY: &str = "kQ7vZx0LmW3pR9tYc5HbN2dGfJ8sUaXe";

/// The spellings that are in the memory that a process can write to.
fn found(process: &str, spellings: &[Spelling]) -> io::Result<Vec<String>> {
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
        let there = spellings
            .iter()
            .filter(|wanted| memchr::memmem::find(&content, &wanted.bytes).is_some());
        found.extend(there.map(|wanted| wanted.form.clone()));
    }
    assert!(read > 1 << 20, "only {read} bytes could be read");
    Ok(found)
}

#[tokio::test]
async fn nothing_of_a_secret_is_left_in_memory() {
    // The scanner sees every spelling where it is: in this process, in memory of its own.
    let wanted = spellings(&CANARY[..16]);
    let here = found("self", &wanted).unwrap();
    for Spelling { form, .. } in &wanted {
        assert!(here.contains(form), "the scanner does not find {form}");
    }

    let installed = Installed::new();
    let users = format!("users = [{}]", credential_socket::own_user());
    let socket = CredentialSocket::new(credential_socket::with_socket(&installed, &users));
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    for number in 0..20 {
        let claims = installed.claims(&format!("ls-{number}"));
        let envelope = seal(&keys, &claims, CANARY);
        let ticket = installed.ticket(&claims);
        let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
        assert_eq!(status, StatusCode::CREATED);
        if number < 5 {
            // Given to a local process as well, and forgotten again.
            let given = socket.credential("factory", claims.ls.as_str());
            let given = given.unwrap_or_else(|error| panic!("{error}"));
            assert!(given.secret("password").unwrap().expose() == CANARY);
        }
    }
    match found(&serving.process.id().to_string(), &wanted) {
        Ok(left) => assert!(left.is_empty(), "in the gateway's memory: {left:?}"),
        // Without root's rights nobody gets at it at all: the process has shut out debuggers.
        Err(error) => {
            assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
            assert!(!rustix::process::geteuid().is_root(), "root was refused");
        }
    }
    assert!(
        installed.run(&["reveal", "ls-19", "--secret", "password"]) == CANARY.as_bytes(),
        "another secret was stored"
    );
}
