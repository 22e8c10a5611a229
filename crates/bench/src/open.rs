//! Opening envelopes on one core, beside the private-key operation alone in three libraries.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use aws_lc_rs::rsa::OAEP_SHA256_MGF1SHA256;
use base64ct::{Base64UrlUnpadded as Base64Url, Encoding as _};
use envelope::context::{Binding, GatewayId, Operation};
use envelope::jwe::Envelope;
use envelope::jwk::JwkSet;
use envelope::open::open;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use rsa::Oaep;
use sha2::Sha256;

use crate::job;
use crate::private_keys::{BITS, PrivateKey};
use crate::run::Run;
use crate::sample::{Sample, grouped};
use crate::table::{Row, Section};
use load::request::sealed;

/// Different envelopes, so that nothing is the same twice in a row.
const ENVELOPES: usize = 64;
/// Turns of every contender; each turn gives one rate.
const TURNS: usize = 15;
/// How long a turn is.
const TURN: Duration = Duration::from_millis(400);
/// The share of a bare decrypt that opening may cost on top.
const GOAL: f64 = 0.10;

pub(crate) fn measure(run: &Run) -> Result<Section> {
    let openssl = openssl_speed()?;
    let mut rows = Vec::new();
    for bits in BITS {
        let openssl = openssl
            .iter()
            .find(|(size, _)| *size == bits)
            .map(|(_, rate)| *rate);
        rows.push(row(run, bits, openssl)?);
    }
    Ok(Section {
        title: "Opening at the gateway".into(),
        method: format!(
            "One thread. Ours is everything from the envelope's bytes to the credential: strict parse, key unwrap, decrypt, plaintext parse, \
             wiping. The `rsa` crate decrypts with blinding. Contenders in turn, {TURNS} turns of {} ms each; medians, quartiles in brackets. \
             `openssl speed` is a process of its own and counts signatures, its private-key operation.",
            TURN.as_millis()
        ),
        rows,
        detail: String::new(),
    })
}

fn row(run: &Run, bits: usize, openssl: Option<f64>) -> Result<Row> {
    let key = PrivateKey::generate(bits)?;
    let public = JwkSet::parse(
        format!("{{\"keys\":[{}]}}", key.envelope_key.public_jwk().to_json()).as_bytes(),
    )
    .map_err(|refusal| anyhow!("{refusal}"))?;
    let envelope_key = public
        .select(key.envelope_key.kid())
        .map_err(|refusal| anyhow!("{refusal}"))?;
    let (_, claims) = run.issuer.ticket(
        &GatewayId::parse("bench-gateway")?,
        key.envelope_key.kid(),
        "open",
        job::KIND,
    )?;
    let binding = Binding::from_ticket(&claims, Operation::Set);
    let mut envelopes = Vec::new();
    let mut wrapped_keys = Vec::new();
    for _ in 0..ENVELOPES {
        let envelope = sealed(job::credential(), envelope_key, &binding)?;
        let segment = envelope
            .as_str()
            .split('.')
            .nth(1)
            .context("no second segment")?;
        wrapped_keys.push(Base64Url::decode_vec(segment).map_err(|error| anyhow!("{error}"))?);
        envelopes.push(envelope.as_str().as_bytes().to_vec());
    }

    let mut ours = || {
        for bytes in &envelopes {
            let opened = Envelope::parse(bytes)
                .and_then(|envelope| open(&envelope, &key.envelope_key, &binding));
            ensure!(
                opened.is_ok_and(|opened| opened.credential.kind == job::KIND),
                "an envelope did not open"
            );
        }
        Ok(())
    };
    let mut bare = || {
        let mut cek = vec![0; key.bare.min_output_size()];
        for wrapped in &wrapped_keys {
            let cek = key
                .bare
                .decrypt(&OAEP_SHA256_MGF1SHA256, wrapped, &mut cek, None);
            ensure!(
                cek.is_ok_and(|cek| cek.len() == 32),
                "a bare decrypt failed"
            );
        }
        Ok(())
    };
    // A few only: one at 4096 bits takes 15 ms.
    let mut rsa_crate = || {
        for wrapped in wrapped_keys.iter().take(8) {
            let cek = key.rsa_crate.decrypt_blinded(
                &mut UnwrapErr(SysRng),
                Oaep::<Sha256>::new(),
                wrapped,
            );
            ensure!(
                cek.is_ok_and(|cek| cek.len() == 32),
                "the rsa crate's decrypt failed"
            );
        }
        Ok(())
    };
    let mut rates: [Vec<f64>; 3] = Default::default();
    let mut ratios = Vec::new();
    for turn in 0..TURNS {
        let [our_rates, bare_rates, rsa_rates] = &mut rates;
        // Turn about, because the later of two neighbours runs on a warmer and perhaps slower core.
        let (our_rate, bare_rate) = if turn % 2 == 0 {
            let our_rate = rate(ENVELOPES, &mut ours)?;
            (our_rate, rate(ENVELOPES, &mut bare)?)
        } else {
            let bare_rate = rate(ENVELOPES, &mut bare)?;
            (rate(ENVELOPES, &mut ours)?, bare_rate)
        };
        our_rates.push(our_rate);
        bare_rates.push(bare_rate);
        ratios.push(bare_rate / our_rate);
        rsa_rates.push(rate(8, &mut rsa_crate)?);
    }
    let [ours, bare, rsa_crate] = rates.map(Sample::new);
    let (ours, bare, rsa_crate) = (
        ours.context("ours")?,
        bare.context("bare")?,
        rsa_crate.context("rsa")?,
    );
    let cost = Sample::new(ratios).context("no turns")?.median() - 1.0;
    Ok(
        Row::new(format!("open an envelope, RSA-{bits}"), ours.per_second())
            .beside("aws-lc-rs OAEP decrypt alone", bare.per_second())
            .beside("rsa crate decrypt", rsa_crate.per_second())
            .beside(
                format!("openssl speed rsa{bits} (sign)"),
                openssl.map_or("not measured".into(), |rate| {
                    format!("{} /s", grouped(rate))
                }),
            )
            .ratio(format!("{:+.1} % time of a bare decrypt", cost * 100.0))
            .goal(format!("≤ +{:.0} %", GOAL * 100.0), cost <= GOAL),
    )
}

/// How many per second, over one turn; `work` does `count` of them.
fn rate(count: usize, work: &mut impl FnMut() -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    let mut done = 0;
    while start.elapsed() < TURN {
        work()?;
        done += count;
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

/// Private-key operations per second by key size. The machine-readable line is `+F2:<index>:<bits>:<sign>:<verify>`.
fn openssl_speed() -> Result<Vec<(usize, f64)>> {
    let output = Command::new("openssl")
        .args([
            "speed", "-mr", "-seconds", "3", "rsa2048", "rsa3072", "rsa4096",
        ])
        .output();
    let output = String::from_utf8(output.context("openssl cannot be started")?.stdout)?;
    let rates = output.lines().filter_map(|line| {
        let mut parts = line.strip_prefix("+F2:")?.split(':').skip(1);
        let bits = parts.next()?.parse().ok()?;
        let sign: f64 = parts.next()?.parse().ok()?;
        // Seconds in older versions, operations per second since 3.0; nothing takes more than a second.
        (sign > 0.0).then(|| (bits, if sign < 1.0 { 1.0 / sign } else { sign }))
    });
    Ok(rates.collect())
}
