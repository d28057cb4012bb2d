//! Who asks behind a proxy.
//!
//! Anybody can write `X-Forwarded-For`. Invariant: these headers count only on connections from the operator's
//! trusted proxies, and then the rightmost address that is not a trusted proxy is the client: what is left of it
//! the client may have written itself.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// What trusted proxies say of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The client's address.
    pub(super) address: IpAddr,
    /// Whether the client came over TLS.
    pub(super) tls: bool,
}

/// Who is behind the connection from `peer`.
pub(super) fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Origin {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return Origin {
            address: peer,
            tls: false,
        };
    }
    let listed = list(headers, "x-forwarded-for");
    let forwarded = list(headers, "forwarded");
    let by_list = (!listed.is_empty()).then(|| client(&listed, peer, trusted));
    let fors: Vec<&str> = forwarded.iter().map(|hop| part(hop, "for")).collect();
    let by_forwarded = (!fors.is_empty()).then(|| client(&fors, peer, trusted));
    let address = match (by_list, by_forwarded) {
        // One of the two passed through a proxy that does not know it, so nobody knows which is true.
        (Some(one), Some(other)) if one != other => peer,
        (Some(address), _) | (None, Some(address)) => address,
        (None, None) => peer,
    };
    let proto = list(headers, "x-forwarded-proto");
    let proto = match proto.last() {
        Some(proto) => proto,
        None => forwarded.last().map_or("", |hop| part(hop, "proto")),
    };
    Origin {
        address,
        tls: proto.eq_ignore_ascii_case("https"),
    }
}

/// The rightmost hop that is not a trusted proxy. When all are, the leftmost; when one is not an address, the last
/// that was.
fn client(hops: &[&str], peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer;
    for hop in hops.iter().rev() {
        let Some(address) = address(hop) else {
            return nearest;
        };
        nearest = address;
        if !is_trusted(address, trusted) {
            break;
        }
    }
    nearest
}

/// The parts of a header that may come several times, in the order of the hops.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers
        .get_all(name)
        .flat_map(|value| value.to_str().unwrap_or("unreadable").split(','))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// A parameter of one hop in `Forwarded`, without its quotes.
fn part<'a>(hop: &'a str, name: &str) -> &'a str {
    hop.split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value.trim().trim_matches('"'))
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    let text = match plain {
        Some((address, _port)) => address,
        None => text,
    };
    let socket = || text.parse().map(|socket: std::net::SocketAddr| socket.ip());
    let address: Result<IpAddr, _> = text.parse().or_else(|_| socket());
    address.ok().map(|address| address.to_canonical())
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn ask(peer: &str, pairs: &[(&'static str, &'static str)]) -> (String, bool) {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let value = HeaderValue::from_static(value);
            headers.append(HeaderName::from_static(name), value);
        }
        let origin = origin(peer.parse().unwrap(), &headers, &trusted);
        (origin.address.to_string(), origin.tls)
    }

    #[test]
    fn strangers_are_not_believed() {
        let claims = [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("forwarded", "for=127.0.0.1;proto=https"),
        ];
        assert_eq!(ask("192.0.2.1", &claims), ("192.0.2.1".into(), false));
    }

    #[test]
    fn the_rightmost_address_that_no_proxy_of_ours_has_is_the_client() {
        for (header, address) in [
            ("203.0.113.9", "203.0.113.9"),
            ("127.0.0.1, 203.0.113.9", "203.0.113.9"),
            ("127.0.0.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
            ("203.0.113.9, nonsense", "10.0.0.1"),
            ("203.0.113.9, nonsense, 10.0.0.9", "10.0.0.9"),
            ("", "10.0.0.1"),
        ] {
            let found = ask("10.0.0.1", &[("x-forwarded-for", header)]);
            assert_eq!(found, (address.to_owned(), false), "{header}");
        }
    }

    #[test]
    fn headers_that_come_twice_are_one_list() {
        let twice = [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-for", "203.0.113.9"),
        ];
        assert_eq!(ask("10.0.0.1", &twice).0, "203.0.113.9");
    }

    #[test]
    fn the_standard_header_is_understood_too() {
        for (header, answer) in [
            ("for=203.0.113.9;proto=https", ("203.0.113.9", true)),
            (
                "for=127.0.0.1, For=\"[2001:db8::1]:47\"; Proto=https;by=10.0.0.1",
                ("2001:db8::1", true),
            ),
            ("for=unknown", ("10.0.0.1", false)),
            ("for=_hidden;proto=http", ("10.0.0.1", false)),
        ] {
            let (address, tls) = ask("10.0.0.1", &[("forwarded", header)]);
            assert_eq!((address.as_str(), tls), answer, "{header}");
        }
    }

    #[test]
    fn headers_that_contradict_each_other_name_nobody() {
        let claims = [
            ("x-forwarded-for", "127.0.0.1"),
            ("forwarded", "for=203.0.113.9"),
        ];
        assert_eq!(ask("10.0.0.1", &claims).0, "10.0.0.1");
    }

    #[test]
    fn the_last_proxy_says_whether_the_client_came_over_tls() {
        for (header, tls) in [
            ("https", true),
            ("http", false),
            ("http, https", true),
            ("https, http", false),
        ] {
            let found = ask("10.0.0.1", &[("x-forwarded-proto", header)]);
            assert_eq!(found.1, tls, "{header}");
        }
    }
}
