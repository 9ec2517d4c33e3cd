//! Addresses, names and telephone numbers that are set aside.
//! In: a network, a name, the digits of a number. Out: what it is set aside for and where that is written.
//! Tables only; each line carries its source.

use std::sync::LazyLock;

use ipnet::IpNet;

/// What something is kept for, and the document that says so.
pub(super) type Reserved = (&'static str, &'static str);

const NETWORKS: &[(&str, Reserved)] = &[
    ("0.0.0.0/8", ("an address that means \"this host\"", "RFC 1122")),
    ("10.0.0.0/8", ("a private address", "RFC 1918")),
    ("100.64.0.0/10", ("an address inside a carrier's own network", "RFC 6598")),
    ("127.0.0.0/8", ("a loopback address", "RFC 1122")),
    ("169.254.0.0/16", ("a link-local address", "RFC 3927")),
    ("172.16.0.0/12", ("a private address", "RFC 1918")),
    ("192.0.0.0/24", ("an address for protocols", "RFC 6890")),
    ("192.0.2.0/24", ("an address for documentation", "RFC 5737")),
    ("192.168.0.0/16", ("a private address", "RFC 1918")),
    ("198.18.0.0/15", ("an address for benchmarks", "RFC 2544")),
    ("198.51.100.0/24", ("an address for documentation", "RFC 5737")),
    ("203.0.113.0/24", ("an address for documentation", "RFC 5737")),
    ("224.0.0.0/4", ("a multicast address", "RFC 5771")),
    ("240.0.0.0/4", ("an address that nobody has", "RFC 1112")),
    ("::/128", ("an address that means \"this host\"", "RFC 4291")),
    ("::1/128", ("a loopback address", "RFC 4291")),
    ("2001:db8::/32", ("an address for documentation", "RFC 3849")),
    ("3fff::/20", ("an address for documentation", "RFC 9637")),
    ("fc00::/7", ("a private address", "RFC 4193")),
    ("fe80::/10", ("a link-local address", "RFC 4291")),
    ("ff00::/8", ("a multicast address", "RFC 4291")),
];

/// `example.com` is left out on purpose: every document uses it, this one too.
const NAMES: &[(&str, Reserved)] = &[
    ("localhost", ("a name for the machine itself", "RFC 6761")),
    ("local", ("a name of a local network", "RFC 6762")),
    ("internal", ("a name of a private network", "ICANN resolution 2024.07.29.06")),
    ("home.arpa", ("a name of a home network", "RFC 8375")),
    ("test", ("a name for tests", "RFC 6761")),
    ("invalid", ("a name that never resolves", "RFC 6761")),
];

const DRAMA: Reserved = ("for films and documents", "Ofcom, telephone numbers for drama use");
const FICTION: Reserved = ("for films and documents", "ARCEP, decision 2018-0881");
const MEDIA: Reserved = ("for films and documents", "Bundesnetzagentur, drama numbers");
const ACMA: Reserved =
    ("for films and documents", "ACMA, numbers for use in TV shows, films and creative works");

/// Digits in front, digits in all.
const NUMBERS: &[(&str, usize, Reserved)] = &[
    ("1555", 11, ("in area code 555, which is nobody's", "NANPA")),
    ("447700900", 12, DRAMA),
    ("441632960", 12, DRAMA),
    ("442079460", 12, DRAMA),
    ("441134960", 12, DRAMA),
    ("441144960", 12, DRAMA),
    ("441154960", 12, DRAMA),
    ("441164960", 12, DRAMA),
    ("441174960", 12, DRAMA),
    ("441184960", 12, DRAMA),
    ("441214960", 12, DRAMA),
    ("441314960", 12, DRAMA),
    ("441414960", 12, DRAMA),
    ("441514960", 12, DRAMA),
    ("441614960", 12, DRAMA),
    ("448081570", 12, DRAMA),
    ("3319900", 11, FICTION),
    ("3326191", 11, FICTION),
    ("3335301", 11, FICTION),
    ("3346571", 11, FICTION),
    ("3353649", 11, FICTION),
    ("3363998", 11, FICTION),
    ("493023125", 12, MEDIA),
    ("496990009", 12, MEDIA),
    ("6125550", 11, ACMA),
    ("6127010", 11, ACMA),
    ("6135550", 11, ACMA),
    ("6137010", 11, ACMA),
    ("6175550", 11, ACMA),
    ("6177010", 11, ACMA),
    ("6185550", 11, ACMA),
    ("6187010", 11, ACMA),
];

/// What a network lies in as a whole, if it is set aside.
pub(super) fn network(net: IpNet) -> Option<Reserved> {
    static PARSED: LazyLock<Vec<(IpNet, Reserved)>> = LazyLock::new(|| {
        NETWORKS.iter().map(|(net, what)| (net.parse().expect("the table holds networks"), *what)).collect()
    });
    PARSED.iter().find(|(reserved, _)| reserved.contains(&net)).map(|(_, what)| *what)
}

/// What a name in its comparable form is set aside for; a name without a dot is no public name either.
pub(super) fn name(name: &str) -> Option<Reserved> {
    let under =
        |suffix: &str| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if let Some((_, what)) = NAMES.iter().find(|(suffix, _)| under(suffix)) {
        return Some(*what);
    }
    (!name.contains('.')).then_some(("a name without a domain", "RFC 1123"))
}

/// What a number is set aside for; the digits without the plus.
pub(super) fn number(digits: &str) -> Option<Reserved> {
    let first = digits.as_bytes().first();
    let fits = |(front, length, _): &&(&str, usize, Reserved)| {
        digits.len() == *length && front.as_bytes().first() == first && digits.starts_with(front)
    };
    if let Some((_, _, what)) = NUMBERS.iter().find(fits) {
        return Some(*what);
    }
    // 555-0100 to 555-0199 in every area code.
    let fictional = digits.len() == 11 && digits.starts_with('1') && digits.get(4..9) == Some("55501");
    fictional.then_some(("for films and documents", "NANPA, 555-0100 to 555-0199"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_of_the_table_can_be_read() {
        for (net, what) in NETWORKS {
            assert_eq!(network(net.parse().unwrap()), Some(*what), "{net}");
        }
        assert_eq!(network("192.31.196.1/32".parse().unwrap()), None);
        assert_eq!(network("2600::1/128".parse().unwrap()), None);
    }

    #[test]
    fn numbers_that_ring_nowhere() {
        for digits in ["15551234567", "12125550123", "447700900123"] {
            assert!(number(digits).is_some(), "{digits}");
        }
        for digits in ["14155552671", "12125550223", "447911123456", "155512345678"] {
            assert!(number(digits).is_none(), "{digits}");
        }
    }

    #[test]
    fn names_of_local_networks() {
        assert!(name("pbx.local").is_some() && name("pbx").is_some() && name("localhost").is_some());
        assert!(name("pbx.example.com").is_none() && name("sip.notlocal").is_none());
    }
}
