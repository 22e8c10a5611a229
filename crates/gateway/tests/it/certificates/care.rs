//! What a running gateway notices of its certificate's files. Time is told to it, so that nothing waits.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use envelope::UnixSeconds;
use gateway::certificate::care::{Care, Happening};
use gateway::certificate::renewal;
use gateway::certificate::standing::Standing;
use gateway::clock;
use gateway::config::Config;
use gateway::data_folder::DataFolder;
use time::Duration;

use super::forge;

struct Place {
    outer: tempfile::TempDir,
    folder: DataFolder,
    config: Arc<Config>,
}

impl Place {
    /// A folder with what `init` makes for `localhost`.
    fn new() -> Self {
        Self::with("")
    }

    fn with(more: &str) -> Self {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        let config = config(&["localhost"], more, folder.path());
        renewal::begin(&folder, &config, clock::now()).unwrap();
        Self {
            outer,
            folder,
            config: config.into(),
        }
    }

    fn begin(&self, now: UnixSeconds) -> (Care, Vec<Happening>) {
        Care::begin(&self.folder, &self.config, now).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }
}

fn config(names: &[&str], more: &str, folder: &Path) -> Config {
    let text = format!("id = \"gw-test\"\nname = \"Test\"\nnames = {names:?}\n{more}");
    let path = folder.join("gateway.toml");
    fs::write(&path, text).unwrap();
    Config::load(&path).unwrap()
}

fn shown(care: &Care) -> String {
    care.served().now().fingerprint().certificate_sha256.clone()
}

fn fingerprint((chain, key): (&str, &str)) -> String {
    forge::pair((chain, key))
        .fingerprint()
        .certificate_sha256
        .clone()
}

/// The next time that files are looked at: later than any of them was written.
fn later(seconds: u64) -> UnixSeconds {
    UnixSeconds(clock::now().0 + seconds)
}

#[test]
fn a_pair_that_is_written_file_by_file_is_taken_when_it_is_whole() {
    let (certificate, key) = ("../chain.pem", "../key.pem");
    let tls = format!("[tls]\ncertificate = {certificate:?}\nkey = {key:?}\n");
    let place = Place::with(&tls);
    let (chain, key) = (place.file("chain.pem"), place.file("key.pem"));
    let (old, new) = (forge::sound(), forge::sound());
    fs::write(&chain, &old.0).unwrap();
    fs::write(&key, &old.1).unwrap();
    let (mut care, at_start) = place.begin(clock::now());
    assert_eq!(at_start, []);
    let first = shown(&care);
    assert_eq!(care.look(later(5)), []);

    // In place, byte by byte as it were: never another than the old one.
    for length in [0, 100, new.0.len() / 2, new.0.len() - 30, new.0.len()] {
        fs::write(&chain, &new.0[..length]).unwrap();
        let happened = care.look(later(6));
        assert!(
            matches!(&happened[..], [Happening::Refused(_)] | []),
            "{length}: {happened:?}"
        );
        assert_eq!(shown(&care), first);
    }
    // Nothing has changed: nothing is said again.
    assert_eq!(care.look(later(7)), []);
    fs::write(&key, &new.1[..new.1.len() / 2]).unwrap();
    care.look(later(8));
    assert_eq!(shown(&care), first);
    fs::write(&key, &new.1).unwrap();
    let happened = care.look(later(9));
    let taken = fingerprint((&new.0, &new.1));
    assert!(
        matches!(&happened[..], [Happening::Taken { fingerprint, .. }] if *fingerprint == taken),
        "{happened:?}"
    );
    assert_eq!(shown(&care), taken);
    assert_eq!(care.look(later(10)), []);
}

#[test]
fn what_is_not_acceptable_is_refused_once_and_the_one_before_goes_on() {
    let place = Place::new();
    let (mut care, at_start) = place.begin(clock::now());
    assert_eq!(at_start, []);
    let first = shown(&care);
    let own = place.folder.tls().join("own.pem");
    let root = forge::root("root");
    let past = forge::server(|it| it.not_after = forge::now() - Duration::days(1));
    let (leaf, key) = forge::leaf(&past, &root);
    fs::write(&own, [leaf, root.pem(), key].concat()).unwrap();
    let happened = care.look(later(5));
    let [Happening::Refused(reason)] = &happened[..] else {
        panic!("{happened:?}")
    };
    assert!(
        reason.contains("own.pem") && reason.contains("`CN=leaf`) expired on"),
        "{reason}"
    );
    assert_eq!(care.look(later(6)), []);
    assert_eq!(shown(&care), first);

    // A gateway that begins with it has no other, says so, and shows it.
    let (begun, at_start) = place.begin(clock::now());
    assert_ne!(shown(&begun), first);
    assert!(
        matches!(&at_start[..], [Happening::Refused(reason), Happening::Expiring { .. }] if reason.contains("no other")),
        "{at_start:?}"
    );

    fs::remove_file(&own).unwrap();
    care.look(later(7));
    assert_eq!(shown(&care), first);
}

#[test]
fn the_gateway_s_own_leaf_is_renewed_thirty_days_before_its_end() {
    let place = Place::new();
    let (mut care, _) = place.begin(clock::now());
    let first = care.served().now();
    let due = UnixSeconds(first.expires_at().0 - 30 * 24 * 60 * 60);
    assert_eq!(care.look(due), []);
    let happened = care.look(UnixSeconds(due.0 + 61));
    let [
        Happening::Renewed(renewed),
        Happening::Taken { fingerprint, .. },
    ] = &happened[..]
    else {
        panic!("{happened:?}")
    };
    assert_eq!(renewed, fingerprint);
    assert_eq!(*renewed, shown(&care));
    let second = care.served().now();
    assert!(second.expires_at() > first.expires_at());
    assert_eq!(
        second.chain()[1],
        first.chain()[1],
        "it is another authority"
    );
    assert_eq!(second.facts()[0].hosts, first.facts()[0].hosts);

    // The same at a start, before anybody is shown the old one.
    let much_later = UnixSeconds(second.expires_at().0 + 1);
    let (begun, at_start) = place.begin(much_later);
    assert!(
        matches!(&at_start[..], [Happening::Renewed(it)] if *it == shown(&begun)),
        "{at_start:?}"
    );

    // The clock was wrong then: what was made would be refused for a year.
    let (begun, at_start) = place.begin(clock::now());
    assert!(
        matches!(&at_start[..], [Happening::Renewed(it)] if *it == shown(&begun)),
        "{at_start:?}"
    );

    // The authority ends as well, after ten years.
    let end = UnixSeconds(first.facts()[1].not_after.0 - 20 * 24 * 60 * 60);
    let (_, at_start) = place.begin(end);
    assert!(
        matches!(&at_start[..], [Happening::NotRenewed(reason), ..] if reason.contains("--new-authority")),
        "{at_start:?}"
    );
}

#[test]
fn a_name_that_was_added_is_in_the_next_certificate_if_the_authority_vouches_for_it() {
    let mut place = Place::new();
    let host = gateway::certificate::machine::host_name().unwrap();
    for (name, vouched) in [
        ("sub.localhost", true),
        ("other.corp", false),
        (&*host, true),
    ] {
        place.config = config(&["localhost", name], "", place.folder.path()).into();
        let (care, at_start) = place.begin(clock::now());
        let hosts = care.served().now().facts()[0].hosts.clone();
        assert_eq!(hosts.contains(&name.to_lowercase()), vouched, "{name}");
        if !vouched {
            assert!(
                matches!(&at_start[..], [Happening::NotRenewed(reason)]
                    if reason.contains("other.corp") && reason.contains("--new-authority")),
                "{at_start:?}"
            );
        }
    }
}

#[test]
fn people_are_warned_thirty_days_before_the_end_once_a_day() {
    let place = Place::new();
    let (chain, key) = forge::sound();
    fs::write(place.folder.tls().join("own.pem"), chain + &key).unwrap();
    let day = 24 * 60 * 60;
    let (mut care, at_start) = place.begin(clock::now());
    let end = care.served().now().expires_at().0;
    assert_eq!(at_start, []);
    let mut warned = |at: u64| match &care.look(UnixSeconds(at))[..] {
        [] => None,
        [Happening::Expiring { days_left, advice }] => {
            assert!(advice.contains("certificate replace"), "{advice}");
            Some(*days_left)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(warned(end - 30 * day), None);
    let began = end - 29 * day;
    assert_eq!(warned(began), Some(29));
    assert_eq!(warned(began + day / 24), None);
    assert_eq!(warned(began + day - 1), None);
    assert_eq!(warned(began + day), Some(28));
    assert_eq!(warned(end + 2 * day), Some(-2));

    let late = UnixSeconds(end - 19 * day);
    let (_, at_start) = place.begin(late);
    assert!(
        matches!(&at_start[..], [Happening::Expiring { days_left: 19, .. }]),
        "{at_start:?}"
    );
    let standing = Standing::of(&place.folder, &place.config, late).unwrap();
    assert_eq!((standing.days_left, standing.fault), (19, None));
    assert!(standing.advice.is_some());
    let standing = Standing::of(&place.folder, &place.config, UnixSeconds(end + 1)).unwrap();
    assert!(standing.fault.unwrap().contains("expired"));
}
