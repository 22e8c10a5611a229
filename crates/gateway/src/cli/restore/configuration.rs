//! `gateway.toml` on the machine that a gateway is restored on: what is changed in it, and what a person should look at.

use crate::backup::manifest::Facts;
use crate::config::Config;
use crate::keyring::provider::KekSettings;

/// The same with another `[kek]`, which comes last. Comments stay where they are.
pub(super) fn with_kek(text: &[u8], settings: &KekSettings) -> Vec<u8> {
    let mut changed = without(text, "[kek]");
    changed.push('\n');
    changed.push_str(settings.section().trim_end());
    changed.push('\n');
    changed.into_bytes()
}

/// What to think of, too, if other gateways had the same store.
pub(super) const WAS_SHARED: &str = "it shared its store with others: here is what all of them had stored, in a store of its own, and none of them must be started again";

/// Whether the store is one that gateways share.
pub(super) fn has_store(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.lines()
        .any(|line| line.trim_start().starts_with("[store]"))
}

/// The same for a store in the data folder.
pub(super) fn without_store(text: &[u8]) -> Vec<u8> {
    without(text, "[store]").into_bytes()
}

/// Without what a section says.
fn without(text: &[u8], section: &str) -> String {
    let text = String::from_utf8_lossy(text);
    let mut changed = String::with_capacity(text.len());
    let mut is_in_it = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with('[') {
            is_in_it = trimmed.starts_with(section);
        }
        if !is_in_it || trimmed.is_empty() || trimmed.starts_with('#') {
            changed.push_str(line);
            changed.push('\n');
        }
    }
    changed
}

/// What to think of before the gateway is started.
pub(super) fn remarks(facts: &Facts, config: &Config) -> Vec<String> {
    let mut remarks = vec![
        "read the six words of the fingerprint out to somebody who knows them: anybody can make a backup for your recovery key".to_owned(),
        "the gateway that this was must not be started again".to_owned(),
        format!("what was set or deleted after {} is not here, and the versions given since will be given again", facts.made),
        "start it ten minutes after the other one has ended: a ticket that was used there could be used again".to_owned(),
        format!("look at gateway.toml: it listens on {}, as {}", config.listen, config.origin(config.listen.port())),
    ];
    if let Some(page) = config
        .page
        .as_ref()
        .filter(|page| page.is_absolute() && !page.is_dir())
    {
        remarks.push(format!(
            "gateway.toml names the page in {}, which is not there",
            page.display()
        ));
    }
    let files = config
        .tls
        .iter()
        .flat_map(|tls| [&tls.certificate, &tls.key]);
    for path in files.filter(|path| path.is_absolute() && !path.exists()) {
        remarks.push(format!(
            "gateway.toml names {}, which is not there",
            path.display()
        ));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn another_provider_takes_the_place_of_the_one_before() {
        let before = "id = \"gw\"\nname = \"n\"\nnames = [\"localhost\"]\n\n# Who keeps it.\n[kek]\nprovider = \"pkcs11\"\n\
            module = \"/m.so\"\ntoken = \"t\"\npin_file = \"/pin\"\n# About keys.\n[keys]\nactive_days = 7\n";
        let parsed =
            |text: &[u8]| Config::parse(str::from_utf8(text).unwrap(), Path::new("t")).unwrap();
        assert_eq!(parsed(before.as_bytes()).kek.provider(), "pkcs11");
        let systemd = KekSettings::SystemdCreds {
            with_key: "host".to_owned(),
        };
        for settings in [KekSettings::File {}, systemd] {
            let after = with_kek(before.as_bytes(), &settings);
            let config = parsed(&after);
            assert_eq!(
                (config.kek, config.keys.times()),
                (settings, parsed(before.as_bytes()).keys.times())
            );
            let text = String::from_utf8(after).unwrap();
            assert!(
                text.contains("# Who keeps it.\n# About keys.\n[keys]\n"),
                "{text}"
            );
        }
    }
}
