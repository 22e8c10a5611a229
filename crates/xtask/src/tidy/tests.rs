use std::fs;

use tempfile::TempDir;

use super::*;

/// A tree with everything that must be there, and these files.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    for name in [
        ".cargo/config.toml",
        ".ci/run",
        ".clippy.toml",
        "ARCHITECTURE.md",
        "BENCHMARKS.md",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "crates/one/Cargo.toml",
        "index.html",
        "src/lib.rs",
        "static/setter.css",
        "tests/e2e/main.rs",
    ] {
        write(name, "");
    }
    write(".gitignore", "/target\n/dist\n");
    for (path, text) in files {
        write(path, text);
    }
    root
}

/// What is said of a tree with these files.
fn complaints(files: &[(&str, &str)]) -> Vec<String> {
    let root = tree(files);
    let complaints = check(root.path()).expect("can be read");
    complaints.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn complains(files: &[(&str, &str)], expected: &str) {
    let found = complaints(files);
    assert!(
        found.len() == 1 && found[0].contains(expected),
        "expected `{expected}`, found {found:#?}"
    );
}

#[track_caller]
fn accepts(files: &[(&str, &str)]) {
    assert_eq!(complaints(files), [""; 0]);
}

#[test]
fn a_tidy_tree_is_accepted() {
    accepts(&[
        ("target/junk", "x.unwrap()"),
        ("dist/index.html", "console.log(1)"),
    ]);
}

#[test]
fn long_files_are_found_and_tests_do_not_count() {
    let lines = "// a line\n";
    complains(
        &[("src/long.rs", &lines.repeat(401))],
        "src/long.rs: 401 lines",
    );
    accepts(&[("src/long.rs", &lines.repeat(400))]);
    let tests = format!(
        "{}#[cfg(test)]\nmod tests {{\n{}}}\n",
        lines.repeat(300),
        lines.repeat(300)
    );
    accepts(&[
        ("src/long.rs", &tests),
        ("src/long/tests.rs", &lines.repeat(900)),
    ]);
    accepts(&[("tests/e2e/long.rs", &lines.repeat(900))]);
    let elsewhere = format!("#[cfg(test)]\nmod tests;\n{}", lines.repeat(400));
    complains(&[("src/long.rs", &elsewhere)], "402 lines");
}

#[test]
fn empty_names_are_found() {
    complains(
        &[("src/utils.rs", "")],
        "src/utils.rs: `utils` does not say",
    );
    complains(&[("crates/one/src/common/mod.rs", "")], "`common`");
    accepts(&[("src/commonplace.rs", "")]);
}

#[test]
fn the_top_level_is_exactly_the_list() {
    complains(&[("notes.txt", "")], "notes.txt: the top level");
    complains(&[("docs/a.md", "")], "docs/: the top level");
    let root = tree(&[]);
    fs::remove_file(root.path().join("LICENSE")).expect("removed");
    let found = check(root.path()).expect("can be read");
    assert_eq!(
        found.first().map(ToString::to_string).as_deref(),
        Some("LICENSE: is missing")
    );
    assert_eq!(found.len(), 1);
}

#[test]
fn words_are_found_in_the_product_and_not_in_tests_or_comments() {
    complains(
        &[("src/a.rs", "fn f() {\n    g().unwrap();\n}\n")],
        "src/a.rs:2: a panic",
    );
    complains(
        &[("static/boot.js", "console.log(1)")],
        "static/boot.js:1: the page writes nothing",
    );
    complains(
        &[("static/boot.js", "localStorage.x = 1")],
        "browser's storage",
    );
    complains(
        &[("src/a.rs", "js(\"sessionStorage\")")],
        "browser's storage",
    );
    accepts(&[
        (
            "src/a.rs",
            "// no .unwrap() here\n#[cfg(test)]\nmod tests {\n    fn f() { g().unwrap() }\n}\n",
        ),
        (
            "tests/e2e/store.rs",
            "run(\"localStorage.length\").unwrap()",
        ),
    ]);
}

#[test]
fn tests_that_do_not_run_are_found_everywhere() {
    complains(
        &[("tests/e2e/a.rs", "#[test]\n#[ignore]\nfn f() {}\n")],
        "tests/e2e/a.rs:2: a test that does not run",
    );
    complains(&[("src/a.rs", "    #[ignore = \"slow\"]\n")], "src/a.rs:1");
}

#[test]
fn exceptions_need_a_reason() {
    complains(
        &[("src/a.rs", "#[allow(dead_code)]\nfn f() {}\n")],
        "src/a.rs:1: an exception",
    );
    accepts(&[(
        "src/a.rs",
        "#![allow(\n    dead_code,\n    reason = \"shown below\"\n)]\n",
    )]);
    accepts(&[(
        "src/a.rs",
        "#[allow(dead_code, reason = \"shown below\")]\n",
    )]);
}

#[test]
fn the_project_stands_alone() {
    let outside = concat!("see ..", "/shared/", "style.md\n");
    complains(
        &[("src/a.rs", &format!("// {outside}"))],
        "src/a.rs:1: points to a folder outside",
    );
    complains(
        &[("ARCHITECTURE.md", outside)],
        "ARCHITECTURE.md:1: points to a folder outside",
    );
}

#[test]
fn readings_of_secrets_are_explained_and_listed() {
    let listed = ("crates/xtask/expose.txt", "# path, readings\nsrc/a.rs 1\n");
    let explained = "fn f() {\n    // EXPOSE: it is sealed here\n    seal(secret.expose());\n}\n";
    accepts(&[listed, ("src/a.rs", explained)]);
    accepts(&[
        listed,
        (
            "src/a.rs",
            "// EXPOSE: it is sealed\nlet sealed = seal(\n    key,\n    secret\n        .expose(),\n);\n",
        ),
    ]);

    let silent = "fn f() {\n    seal(secret.expose());\n}\n";
    complains(
        &[listed, ("src/a.rs", silent)],
        "src/a.rs:2: a secret is read",
    );
    let reasonless = "// EXPOSE: \nseal(secret.expose());\n";
    complains(&[listed, ("src/a.rs", reasonless)], "a secret is read");
    let of_another = "// EXPOSE: for the first\nlet a = b;\nseal(secret.expose());\n";
    complains(
        &[listed, ("src/a.rs", of_another)],
        "src/a.rs:3: a secret is read",
    );
}

#[test]
fn the_list_of_readings_is_exact() {
    let two = "// EXPOSE: one\na.expose();\n// EXPOSE: two\nb.expose();\n";
    complains(
        &[("src/a.rs", two)],
        "src/a.rs: reads a secret 2 times, crates/xtask/expose.txt says 0",
    );
    let list = ("crates/xtask/expose.txt", "src/a.rs 2\nsrc/gone.rs 1\n");
    complains(
        &[list, ("src/a.rs", two)],
        "src/gone.rs: reads a secret 0 times, crates/xtask/expose.txt says 1",
    );
    let in_tests = "#[cfg(test)]\nmod tests {\n    fn f() { s.expose(); }\n}\n";
    accepts(&[
        ("crates/envelope/src/a.rs", in_tests),
        ("crates/envelope/tests/it/a.rs", "s.expose();"),
    ]);
}

#[test]
fn documents_name_what_exists() {
    accepts(&[(
        "README.md",
        "See [the map](ARCHITECTURE.md#map), `src/lib.rs`, `crates/*/tests`, `target/x` and [it](https://example.org/src/x).\n",
    )]);
    accepts(&[
        ("crates/one/README.md", "See `src/inner.rs`.\n"),
        ("crates/one/src/inner.rs", ""),
    ]);
    complains(
        &[("README.md", "\nSee [the map](MAP.md).\n")],
        "README.md:2: names `MAP.md`",
    );
    complains(
        &[("README.md", "See `src/gone.rs`.\n")],
        "names `src/gone.rs`",
    );
    complains(
        &[("ARCHITECTURE.md", "```\ncrates/gone/   what it was\n```\n")],
        "names `crates/gone/`",
    );
    accepts(&[("CHANGELOG.md", "`src/gone.rs` is gone\n")]);
}

#[test]
fn a_container_is_made_of_what_exists() {
    let path = "crates/one/Containerfile";
    accepts(&[(
        path,
        "FROM a AS build\n# COPY gone ./\nCOPY Cargo.toml Cargo.lock ./\nCOPY src src/\nFROM b\nCOPY --from=build /build/gone /usr/bin/\n",
    )]);
    complains(
        &[(path, "FROM a\nCOPY Cargo.toml gone.toml ./\n")],
        "crates/one/Containerfile:2: copies `gone.toml`, which does not exist",
    );
    complains(
        &[(path, "FROM a AS build\nCOPY --from=builder /a /b\n")],
        "copies from `builder`, which is no stage before",
    );
}
