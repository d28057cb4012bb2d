//! A new connection to the target: name, address, proxy, encryption, in this order.
//!
//! It sends no hit. Invariant: whatever goes wrong here, no byte of a hit has left.

use std::sync::Arc;
use std::time::Duration;

use config::TargetPlan;
use http::{Request, Uri, header};
use http_body_util::Full;
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::fault::fault_in_chain;
use super::link::Link;
use super::resolve::Guarded;
use super::{Fault, HttpError, Proxy, tls};

/// Bytes to and from the target, in plain or encrypted.
pub(super) type Stream = Box<dyn Both>;

/// What a stream can do.
pub(super) trait Both: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Both for S {}

/// See the module's description.
pub(super) struct Way {
    /// Target, or proxy, as an address to connect to; its scheme is there for the library alone.
    first_hop: Uri,
    host: String,
    port: u16,
    is_tls: bool,
    proxy: Option<Proxy>,
    tcp: HttpConnector<Guarded>,
    tls: TlsConnector,
}

impl Way {
    /// The way to a target; a connection may take `limit` to open, with all that belongs to it.
    pub(super) fn new(target: &TargetPlan, limit: Duration) -> Result<Self, HttpError> {
        let url = &target.url;
        let proxy = Proxy::on_the_way(&target.connection, url);
        if let Some(proxy) = &proxy
            && !proxy.is_spoken()
        {
            return Err(HttpError::Proxy(proxy.scheme.clone()));
        }
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(80);
        let mut tcp = HttpConnector::new_with_resolver(Guarded);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared among the addresses of a name, so that one that is silent does not keep the next from being tried.
        tcp.set_connect_timeout(Some(limit));
        Ok(Self {
            first_hop: match &proxy {
                Some(proxy) => address("http://", &proxy.host, proxy.port)?,
                None => address("http://", host, port)?,
            },
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            is_tls: url.scheme() == "https",
            proxy,
            tcp,
            tls: TlsConnector::from(Arc::new(tls::settings(&target.connection)?)),
        })
    }

    /// The proxy that takes each request by itself, because the target is not encrypted.
    pub(super) fn asks_proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|_| !self.is_tls)
    }

    /// Opens a connection.
    pub(super) async fn open(&self) -> Result<Stream, Fault> {
        let mut stream = self.first_hop().await?;
        if let Some(proxy) = &self.proxy {
            if proxy.scheme == "https" {
                stream = self.encrypt(stream, &proxy.host).await?;
            }
            if self.is_tls {
                stream = self.tunnel(stream, proxy).await?;
            }
        }
        if self.is_tls {
            stream = self.encrypt(stream, &self.host).await?;
        }
        Ok(stream)
    }

    async fn first_hop(&self) -> Result<Stream, Fault> {
        let mut tcp = self.tcp.clone();
        let connected = tcp.call(self.first_hop.clone()).await;
        match connected {
            Ok(stream) => Ok(Box::new(stream.into_inner())),
            Err(error) => Err(fault_in_chain(&error).unwrap_or(Fault::ConnectFailed)),
        }
    }

    async fn encrypt(&self, stream: Stream, host: &str) -> Result<Stream, Fault> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Fault::CertificateName)?;
        match self.tls.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(fault_in_chain(&error).unwrap_or(Fault::ConnectFailed)),
        }
    }

    /// Has the proxy connect to the target.
    async fn tunnel(&self, stream: Stream, proxy: &Proxy) -> Result<Stream, Fault> {
        let place = address("", &self.host, self.port).map_err(|_| Fault::Unsendable)?;
        let mut asking = Request::connect(place.clone())
            .header(header::HOST, place.to_string())
            .body(Full::default())
            .map_err(|_| Fault::Unsendable)?;
        if let Some(authorization) = &proxy.authorization {
            let headers = asking.headers_mut();
            headers.insert(header::PROXY_AUTHORIZATION, authorization.clone());
        }
        let mut link = Link::over(stream).await.map_err(|_| Fault::ProxyRefused)?;
        let answer = link.ask(asking).await.map_err(|_| Fault::ProxyRefused)?;
        match answer.status().as_u16() {
            200..=299 => link.into_stream().ok_or(Fault::ProxyRefused),
            407 => Err(Fault::ProxyAuth),
            _ => Err(Fault::ProxyRefused),
        }
    }
}

fn address(scheme: &str, host: &str, port: u16) -> Result<Uri, HttpError> {
    let host = host.trim_matches(['[', ']']);
    let address = match host.contains(':') {
        true => format!("{scheme}[{host}]:{port}"),
        false => format!("{scheme}{host}:{port}"),
    };
    Uri::try_from(address).map_err(HttpError::Address)
}
