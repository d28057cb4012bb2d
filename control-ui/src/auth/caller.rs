//! Where a request comes from, and what it is called in log and audit list.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{HttpMessage, HttpRequest};

use super::forwarded;
use crate::settings::Settings;

/// Where a request comes from. The guard makes one for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The address that asks: the connection's, or the one behind a trusted proxy.
    pub address: IpAddr,
    /// Whether it came over TLS, to us or to the proxy.
    pub tls: bool,
    /// The id of the request; ours, never the client's.
    pub request: String,
}

impl Caller {
    /// For a request that begins now.
    pub(super) fn of(request: &HttpRequest, settings: &Settings) -> Self {
        let peer = request
            .peer_addr()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let origin = forwarded::origin(peer, request.headers(), &settings.trusted_proxies);
        Self {
            address: origin.address,
            tls: origin.tls || settings.behind_tls(),
            request: uuid::Uuid::now_v7().simple().to_string(),
        }
    }

    /// The one that the guard made; without it, one that nothing is known of.
    pub(crate) fn known(request: &HttpRequest) -> Self {
        let known = request.extensions().get::<Self>().cloned();
        known.unwrap_or(Self {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            tls: false,
            request: String::new(),
        })
    }
}
