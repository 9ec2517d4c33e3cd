//! In: the name by which a request calls the sandbox, and where the sandbox listens.
//! Out: whether the request is served.
//! Never asks DNS: a page on the web can give its own name the address of this machine, and a browser then sends here what the page asks for.

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;

/// Whether a request calls the sandbox by an address of this machine: `localhost` or a loopback address; and where it listens beyond loopback, any address.
pub(super) fn is_served(parts: &Parts, listen: IpAddr) -> bool {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    // A request with a whole URL names a host there too.
    let named = host.as_ref().into_iter().chain(parts.uri.authority());
    host.is_some() && named.into_iter().all(|host| is_here(host, listen))
}

fn is_here(host: &Authority, listen: IpAddr) -> bool {
    let name = host.host();
    let port = host.as_str().strip_prefix(name).map(|rest| rest.strip_prefix(':').unwrap_or(rest));
    if port.is_none_or(|port| !port.is_empty() && port.parse::<u16>().is_err()) {
        return false;
    }
    let inside = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match inside.unwrap_or(name).parse::<IpAddr>() {
        Ok(address) => !listen.is_loopback() || address.to_canonical().is_loopback(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}
