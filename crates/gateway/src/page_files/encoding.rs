//! Content codings: which of those that lie ready the client takes (RFC 9110 §12.5.3).

use http::header::{self, HeaderMap};

/// A content coding, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
    /// As it is.
    Identity,
}

impl Coding {
    const BEST_FIRST: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The name in `Content-Encoding`; none when nothing was done.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// What tells the tags of a file's encodings apart.
    pub(super) fn etag_suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// The coding with the greatest weight among those that lie ready, the smaller one on a tie. A client that refuses everything
/// gets the file as it is: an answer is of more use than 406.
pub(super) fn choose(request: &HeaderMap, ready: impl Fn(Coding) -> bool) -> Coding {
    let mut best = (Coding::Identity, 0);
    for coding in Coding::BEST_FIRST {
        let weight = weight(request, coding);
        if weight > best.1 && ready(coding) {
            best = (coding, weight);
        }
    }
    best.0
}

/// The client's weight for a coding, in thousandths. A coding that is not named has the weight of `*`; `identity` is
/// acceptable unless it is excluded, but anything that was asked for goes before it.
fn weight(request: &HeaderMap, coding: Coding) -> u16 {
    let wanted = coding.name().unwrap_or("identity");
    let mut of_any = if coding == Coding::Identity { 1 } else { 0 };
    for (name, weight) in request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(items)
    {
        if name.eq_ignore_ascii_case(wanted)
            || (coding == Coding::Gzip && name.eq_ignore_ascii_case("x-gzip"))
        {
            return weight;
        }
        if name == "*" {
            of_any = weight;
        }
    }
    of_any
}

fn items(list: &str) -> impl Iterator<Item = (&str, u16)> {
    list.split(',').map(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = parameters
            .split(';')
            .find_map(|parameter| parameter.trim().strip_prefix("q="));
        (name.trim(), weight.map_or(1000, thousandths))
    })
}

/// `0`, `0.5`, `1.000`; anything else is 0, so that what is not understood is not chosen.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits_only = fraction.bytes().all(|byte| byte.is_ascii_digit()) && fraction.len() <= 3;
    match (whole, digits_only) {
        ("1", true) => 1000,
        ("0", true) => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn chosen(accept: Option<&'static str>) -> Coding {
        let mut headers = HeaderMap::new();
        if let Some(value) = accept {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        choose(&headers, |_| true)
    }

    #[test]
    fn the_clients_preference_decides() {
        for (accept, coding) in [
            (None, Coding::Identity),
            (Some(""), Coding::Identity),
            (Some("gzip, deflate, br, zstd"), Coding::Brotli),
            (Some("gzip, deflate"), Coding::Gzip),
            (Some("GZIP"), Coding::Gzip),
            (Some("br;q=0, gzip"), Coding::Gzip),
            (Some("br;q=0.5, gzip;q=0.8"), Coding::Gzip),
            (Some("br; q=0.001"), Coding::Brotli),
            (Some("*"), Coding::Brotli),
            (Some("*;q=0, gzip"), Coding::Gzip),
            (Some("identity;q=0, *;q=0"), Coding::Identity),
            (Some("identity"), Coding::Identity),
            (Some("br;q=nonsense"), Coding::Identity),
            (Some("deflate"), Coding::Identity),
        ] {
            assert_eq!(chosen(accept), coding, "{accept:?}");
        }
    }

    #[test]
    fn only_what_lies_ready_is_chosen() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("br, gzip;q=0.5"),
        );
        assert_eq!(
            choose(&headers, |coding| coding != Coding::Brotli),
            Coding::Gzip
        );
        assert_eq!(
            choose(&headers, |coding| coding == Coding::Identity),
            Coding::Identity
        );
    }
}
