//! One host as a person wrote it: a name, an address or a network.
//! In: the text of an attribute. Out: the host in the form in which two can be compared, or what is wrong with the text.
//! Looks nothing up.

use std::net::IpAddr;

use ipnet::IpNet;

/// A host that could exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Host {
    /// A DNS name: lower case, without a dot at the end, other scripts in their ASCII form.
    Name(String),
    /// One address, or a network as written, host bits and all.
    Net(IpNet),
}

/// Why a text is not a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is more in it than a host: what that is, the host itself and the port where they can be told.
    More { what: &'static str, host: Option<String>, port: Option<u16> },
    /// Several hosts in one text, apart from commas, semicolons or spaces.
    Several(Vec<Host>),
    /// No such name or address can exist.
    Impossible(&'static str),
}

impl Host {
    /// Reads one host.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        match Self::parse_bare(text) {
            Ok(host) => Ok(host),
            Err(why) => Err(more_than_a_host(text).unwrap_or(Fault::Impossible(why))),
        }
    }

    fn parse_bare(text: &str) -> Result<Self, &'static str> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Net(address.to_canonical().into()));
        }
        // ipnet reads `010.0.0.0/8`, which the standard library rightly refuses.
        if let Some((address, _)) = text.split_once('/') {
            let net = address.parse::<IpAddr>().ok().and_then(|_| text.parse::<IpNet>().ok());
            return net.map(Self::Net).ok_or("a name has no `/`, and this is no network either");
        }
        name(text).map(Self::Name)
    }

    /// The network that it names; one address is a network of one.
    pub(super) fn net(&self) -> Option<IpNet> {
        match self {
            Self::Net(net) => Some(*net),
            Self::Name(_) => None,
        }
    }

    /// Whether it is this name, in its comparable form, or one below it.
    pub(super) fn is_under(&self, domain: &str) -> bool {
        let Self::Name(name) = self else { return false };
        name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Whether it names more than one address.
    pub(super) fn is_network(&self) -> bool {
        self.net().is_some_and(|net| net.prefix_len() != net.max_prefix_len())
    }
}

/// RFC 1123 section 2.1 with the lengths of RFC 1035: labels of 1 to 63 letters, digits and hyphens, 253 in all.
fn name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("it is empty");
    }
    let ascii = idna::domain_to_ascii(text)
        .map_err(|_| "its characters can't stand in a domain name")?
        .to_lowercase();
    let name = ascii.strip_suffix('.').unwrap_or(&ascii);
    if name.len() > 253 {
        return Err("a name has at most 253 characters");
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err("nothing stands between two dots");
        }
        if label.len() > 63 {
            return Err("a part between dots has at most 63 characters");
        }
        if !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err("a name is made of letters, digits, hyphens and dots");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err("no part may begin or end with a hyphen");
        }
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err("a name does not end in a number, and an IPv4 address has four numbers from 0 to 255");
    }
    Ok(name.to_owned())
}

/// What is pasted around a host most often: a SIP URI, a port, a user, spaces, a second host.
fn more_than_a_host(text: &str) -> Option<Fault> {
    if let Some(hosts) = several(text) {
        return Some(Fault::Several(hosts));
    }
    let lower = text.trim().to_ascii_lowercase();
    let schemes = ["sip:", "sips:", "http:", "https:", "tel:", "udp:", "tcp:", "tls:"];
    let scheme = schemes.into_iter().find(|s| lower.starts_with(s));
    let rest = lower.strip_prefix(scheme.unwrap_or_default()).unwrap_or(&lower).trim_start_matches('/');
    let (user, rest) = rest.rsplit_once('@').map_or((None, rest), |(user, host)| (Some(user), host));
    let host = rest.split([';', '?', '/']).next().unwrap_or_default();
    let (host, port) = host_and_port(host);
    let what = match (scheme, user) {
        (Some(_), _) => "a scheme",
        (_, Some(_)) => "a user",
        _ if rest.contains([';', '?']) => "parameters",
        _ if rest.contains('/') => "a path",
        _ if port.is_some() => "a port",
        _ if host.len() != rest.len() => "brackets",
        _ if text.contains(char::is_whitespace) => "a space",
        _ => return None,
    };
    let host = Host::parse_bare(host).is_ok().then(|| host.to_owned());
    Some(Fault::More { what, host, port })
}

fn several(text: &str) -> Option<Vec<Host>> {
    let parts: Vec<_> = text.split([',', ';', ' ', '\t', '\n']).filter(|part| !part.is_empty()).collect();
    let hosts: Vec<_> = parts.iter().map_while(|part| Host::parse_bare(part).ok()).collect();
    let all = hosts.len() == parts.len() && hosts.len() > 1;
    (all && hosts.iter().all(|h| !matches!(h, Host::Name(n) if !n.contains('.')))).then_some(hosts)
}

/// `host:port`, `[address]:port` or a bare host; a bare IPv6 address has colons of its own.
fn host_and_port(text: &str) -> (&str, Option<u16>) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
        return (host, rest.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn more(text: &str) -> (&'static str, Option<String>, Option<u16>) {
        match Host::parse(text) {
            Err(Fault::More { what, host, port }) => (what, host, port),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn names_and_addresses_become_comparable() {
        let same = |a: &str, b: &str| assert_eq!(Host::parse(a).unwrap(), Host::parse(b).unwrap(), "{a} {b}");
        same("PBX.Example.com.", "pbx.example.com");
        same("bücher.example", "xn--bcher-kva.example");
        same("198.51.100.7/32", "198.51.100.7");
        same("2001:DB8::1", "2001:db8:0:0::1");
        same("::ffff:198.51.100.7", "198.51.100.7");
    }

    #[test]
    fn what_is_pasted_around_a_host_is_told_apart() {
        let host = |h: &str| Some(h.to_owned());
        assert_eq!(more("sip:pbx.example.com:5080"), ("a scheme", host("pbx.example.com"), Some(5080)));
        assert_eq!(
            more("sips:alice@pbx.example.com;transport=tls"),
            ("a scheme", host("pbx.example.com"), None)
        );
        assert_eq!(more("alice@pbx.example.com"), ("a user", host("pbx.example.com"), None));
        assert_eq!(more("pbx.example.com:5061"), ("a port", host("pbx.example.com"), Some(5061)));
        assert_eq!(more("[2001:db8::1]:5061"), ("a port", host("2001:db8::1"), Some(5061)));
        assert_eq!(more("[2001:db8::1]"), ("brackets", host("2001:db8::1"), None));
        assert_eq!(more("pbx.example.com/trunk"), ("a path", host("pbx.example.com"), None));
        assert_eq!(more(" pbx.example.com"), ("a space", host("pbx.example.com"), None));
        assert!(matches!(Host::parse("198.51.100.7, 198.51.100.8"), Err(Fault::Several(h)) if h.len() == 2));
    }

    #[test]
    fn names_that_can_not_exist() {
        let long = format!("{}.example.com", "a".repeat(64));
        for text in [
            "",
            "a..b",
            "-a.example.com",
            "sip_1.example.com",
            "256.1.1.1",
            "10.0.0.01",
            "0x7f.1",
            "x.*",
            &long,
        ] {
            assert!(
                matches!(Host::parse(text), Err(Fault::Impossible(_))),
                "{text}: {:?}",
                Host::parse(text)
            );
        }
        assert!(Host::parse("pbx").is_ok());
        assert!(Host::parse("010.0.0.0/8").is_err());
    }
}
