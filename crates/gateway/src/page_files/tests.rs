use super::*;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html>"),
        ("index.de.html", "<!doctype html><html lang=de>"),
        ("frame.html", "a frame"),
        ("frame.de.html", "ein Rahmen"),
        ("frames.html", "a file like any other"),
        ("boot-0123456789abcdef.js", "start()"),
        ("boot-0123456789abcdef.js.br", "B"),
        ("boot-0123456789abcdef.js.gz", "G"),
        ("archive.gz", "not an encoding of another file"),
        (".hidden", "h"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    fs::create_dir(folder.path().join("embed")).unwrap();
    fs::write(folder.path().join("embed/credential-setter.js"), "element").unwrap();
    folder
}

fn request(headers: &[(HeaderName, &str)]) -> HeaderMap {
    headers
        .iter()
        .map(|(name, value)| (name.clone(), value.parse().unwrap()))
        .collect()
}

async fn body(response: Response) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), 1024)
        .await
        .unwrap()
        .to_vec()
}

#[tokio::test]
async fn the_ready_made_encoding_is_served_with_its_own_tag() {
    let folder = folder();
    let page = PageFiles::load(folder.path()).unwrap();
    let file = page.get("boot-0123456789abcdef.js").unwrap();
    let mut tags = Vec::new();
    for (accept, encoding, content) in [
        ("br, gzip", Some("br"), "B"),
        ("gzip", Some("gzip"), "G"),
        ("", None, "start()"),
    ] {
        let response = file.answer(&request(&[(header::ACCEPT_ENCODING, accept)]));
        assert_eq!(
            response
                .headers()
                .get(header::CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap()),
            encoding
        );
        assert_eq!(response.headers()[header::VARY], "accept-encoding");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/javascript; charset=utf-8"
        );
        tags.push(response.headers()[header::ETAG].clone());
        assert_eq!(body(response).await, content.as_bytes());
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);

    let again = file.answer(&request(&[
        (header::ACCEPT_ENCODING, "br"),
        (header::IF_NONE_MATCH, tags[0].to_str().unwrap()),
    ]));
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let other_encoding = file.answer(&request(&[(
        header::IF_NONE_MATCH,
        tags[0].to_str().unwrap(),
    )]));
    assert_eq!(other_encoding.status(), StatusCode::OK);
}

#[test]
fn files_are_found_by_their_exact_path_only() {
    let folder = folder();
    let page = PageFiles::load(folder.path()).unwrap();
    assert!(page.get("embed/credential-setter.js").is_some());
    assert!(page.get("archive.gz").is_some());
    for path in [
        "index.html",
        "index.de.html",
        "frame.html",
        "frame.de.html",
        "boot-0123456789abcdef.js.br",
        ".hidden",
        "embed",
        "embed/../index.html",
        "../gateway.toml",
        "/etc/passwd",
        "",
    ] {
        assert!(page.get(path).is_none(), "{path}");
    }
    assert!(page.get("frames.html").is_some());
}

#[tokio::test]
async fn each_document_is_served_in_the_language_that_is_asked_for() {
    let folder = folder();
    let page = PageFiles::load(folder.path()).unwrap();
    for (document, query, content) in [
        (Document::Window, None, "<!doctype html>"),
        (
            Document::Window,
            Some("lang=de"),
            "<!doctype html><html lang=de>",
        ),
        (Document::Frame, None, "a frame"),
        (Document::Frame, Some("lang=de-CH"), "ein Rahmen"),
        (Document::Frame, Some("lang=fr"), "a frame"),
    ] {
        let file = page.document(document, query, &HeaderMap::new()).unwrap();
        let response = file.answer(&HeaderMap::new());
        assert_eq!(
            response.headers()[header::VARY],
            "accept-encoding, accept-language"
        );
        assert_eq!(
            body(response).await,
            content.as_bytes(),
            "{document:?} {query:?}"
        );
    }
}

#[test]
fn a_folder_without_a_page_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = PageFiles::load(folder.path()).err().unwrap().to_string();
    assert!(
        error.contains(&folder.path().display().to_string()) && error.contains("cargo xtask page"),
        "{error}"
    );
    let error = PageFiles::load(&folder.path().join("nowhere"))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("nowhere") && error.contains("gateway.toml"),
        "{error}"
    );
}
