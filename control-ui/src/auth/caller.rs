//! Where a request comes from, and what it is called in log and audit list.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{HttpMessage, HttpRequest};

/// Where a request comes from. The guard makes one for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The address that asks.
    pub address: IpAddr,
    /// The id of the request; ours, never the client's.
    pub request: String,
}

impl Caller {
    /// For a request that begins now.
    pub(super) fn of(request: &HttpRequest) -> Self {
        Self {
            address: request
                .peer_addr()
                .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip()),
            request: uuid::Uuid::now_v7().simple().to_string(),
        }
    }

    /// The one that the guard made.
    pub(crate) fn known(request: &HttpRequest) -> Self {
        let known = request.extensions().get::<Self>().cloned();
        known.unwrap_or_else(|| Self::of(request))
    }
}
