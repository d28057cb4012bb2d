//! Asking a running practice target whether it is alive, without an HTTP client.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

/// How long connecting, asking and reading may take each.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why it does not count as alive.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// Port 0 says nothing about where it listens.
    #[error("cannot ask port 0 of {0}: name the address it listens on with --listen")]
    NoPort(SocketAddr),
    /// Nobody answered in time.
    #[error("no answer from {0}: {1}")]
    NoAnswer(SocketAddr, io::Error),
    /// Somebody answered something else.
    #[error("the answer from {0} was not 200")]
    NotOk(SocketAddr),
}

/// GET /livez at the listen address; an address that means "all" is asked through loopback.
///
/// # Errors
/// When there is no answer within two seconds, or another one than 200.
pub fn check(listen: SocketAddr) -> Result<(), HealthError> {
    if listen.port() == 0 {
        return Err(HealthError::NoPort(listen));
    }
    let mut address = listen;
    if listen.ip().is_unspecified() {
        address.set_ip(match listen.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    let head = ask(address).map_err(|error| HealthError::NoAnswer(address, error))?;
    if head == *b"HTTP/1.1 200" {
        Ok(())
    } else {
        Err(HealthError::NotOk(address))
    }
}

fn ask(address: SocketAddr) -> io::Result<[u8; 12]> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(head)
}
