//! Rules about one host: how it is written, whether it can be reached, how wide a network is.
//! A host that is not one is reported once; nothing more is said of it.
//! Hosts are parsed when the facts are gathered, not here.

use std::borrow::Cow;

use super::facts::{Facts, Trunk, point};
use super::fields::{HostField, Role};
use super::findings::Findings;
use super::host::{Fault, Host};
use super::reserved;
use crate::model::{Code, Diagnostic, Severity};

/// The key of a source that is an address or a network, and never a name.
const ADDRESS: &str = "ip_address";

/// TRK002 and TRK003.
pub(super) fn written_badly(facts: &Facts, findings: &mut Findings) {
    for (trunk, field) in fields(facts) {
        let text = without_user(field.text);
        let diagnostic = match &field.parsed {
            Ok(host) if host.is_network() && field.role == Role::Target => Diagnostic::new(
                Code::TRK002,
                format!("`{text}` is a network, and calls are sent to one host"),
            )
            .help("write one address or one name"),
            Ok(Host::Name(_)) if field.key == ADDRESS => Diagnostic::new(
                Code::TRK002,
                format!("`{text}` is a name, and calls are let in by address alone"),
            )
            .help(format!("write `{ADDRESS}: 198.51.100.7`, or a network such as `198.51.100.0/28`")),
            Ok(_) => continue,
            // The only way to give a proxy its port.
            Err(Fault::More { what: "a port", .. }) if !field.has_port && field.role != Role::Source => {
                continue;
            }
            Err(Fault::More { what, host, port }) => {
                Diagnostic::new(Code::TRK002, format!("`{text}` is more than a host: there is {what} in it"))
                    .help(bare(field.key, host.as_deref(), port.filter(|_| field.has_port)))
            }
            Err(Fault::Several(hosts)) => {
                Diagnostic::new(Code::TRK002, format!("`{text}` is {} hosts, not one", hosts.len())).help(
                    if field.key == field.attribute {
                        "write one host here and declare a trunk for each of the others".to_owned()
                    } else {
                        format!("write one host here, and `- {}: …` for each of the others", field.key)
                    },
                )
            }
            Err(Fault::Impossible(why)) => {
                Diagnostic::new(Code::TRK003, format!("`{text}` can't be the name of a host: {why}"))
                    .help("write a name such as `sip.example.com`, or an IP address")
            }
        };
        findings.push(point(diagnostic, trunk.resource, field.attribute));
    }
}

/// A host as written, but what stands before an `@`, perhaps a password, is not repeated.
pub(super) fn without_user(text: &str) -> Cow<'_, str> {
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}").into(),
        None => text.into(),
    }
}

fn bare(key: &str, host: Option<&str>, port: Option<u16>) -> String {
    match (host, port) {
        (Some(host), Some(port)) => format!("write `{key}: {host}` and `port: {port}`"),
        (Some(host), None) => format!("write `{key}: {host}`"),
        (None, _) => "write the bare name or IP address".to_owned(),
    }
}

/// TRK014.
pub(super) fn out_of_reach(facts: &Facts, findings: &mut Findings) {
    for (trunk, field) in fields(facts) {
        let found = match &field.parsed {
            Ok(Host::Net(net)) if host_bits(field).is_none() && !too_wide(*net) => reserved::network(*net),
            Ok(Host::Name(name)) => reserved::name(name),
            _ => None,
        };
        let Some((what, source)) = found else { continue };
        let message = format!("`{}` is {what} ({source}): the platform can't reach it", field.text);
        let help = match field.role {
            Role::Source => "write the public address from which the calls arrive",
            Role::Target | Role::Unknown => "write a public name or address",
        };
        findings.push(point(
            Diagnostic::new(Code::TRK014, message).help(help),
            trunk.resource,
            field.attribute,
        ));
    }
}

/// TRK015 and TRK016.
pub(super) fn networks(facts: &Facts, findings: &mut Findings) {
    for (trunk, field) in fields(facts).filter(|(_, field)| field.role != Role::Target) {
        let Ok(Host::Net(net)) = field.parsed else { continue };
        let text = field.text;
        let diagnostic = if let Some(trunc) = host_bits(field) {
            Diagnostic::new(Code::TRK015, format!("`{text}` is an address with a mask, not a network")).help(
                format!("write `{}` for this one address, or `{trunc}` for the whole network", net.addr()),
            )
        } else if too_wide(net) {
            let most = if net.prefix_len() == 0 { "everybody" } else { "strangers" };
            let severity = if net.prefix_len() == 0 { Severity::Error } else { Severity::Warning };
            let message = format!("`{text}` is so wide that {most} may place calls through this trunk");
            Diagnostic::new(Code::TRK016, message)
                .severity(severity)
                .help(format!("write the addresses of your own exchange, at most a /{}", narrowest(net)))
        } else {
            continue;
        };
        findings.push(point(diagnostic, trunk.resource, field.attribute));
    }
}

/// The network that was probably meant, where the written one has bits set behind the mask.
fn host_bits(field: &HostField) -> Option<ipnet::IpNet> {
    let net = field.parsed.as_ref().ok()?.net()?;
    (net.trunc() != net).then(|| net.trunc())
}

fn too_wide(net: ipnet::IpNet) -> bool {
    net.prefix_len() < narrowest(net)
}

fn narrowest(net: ipnet::IpNet) -> u8 {
    match net {
        ipnet::IpNet::V4(_) => 24,
        ipnet::IpNet::V6(_) => 48,
    }
}

fn fields<'f, 'a>(facts: &'f Facts<'a>) -> impl Iterator<Item = (&'f Trunk<'a>, &'f HostField<'a>)> {
    facts.trunks.iter().flat_map(|trunk| trunk.hosts.iter().map(move |field| (trunk, field)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        carrier, codes, domain, gateways, identifiers, inbound, outbound, run, text,
    };
    use crate::model::Severity;

    #[test]
    fn a_host_gets_one_complaint_and_the_right_one() {
        for (host, expected) in [
            ("pbx.example.com", vec![]),
            ("sip:pbx.example.com", vec!["TRK002"]),
            ("sip_1.example.com", vec!["TRK003"]),
            ("10.0.0.1", vec!["TRK014"]),
            ("203.0.113.50", vec!["TRK014"]),
            ("pbx.local", vec!["TRK014"]),
            ("203.0.113.5/24", vec!["TRK015"]),
            ("203.0.0.0/16", vec!["TRK016"]),
            ("0.0.0.0/0", vec!["TRK016"]),
            ("2600::/47", vec!["TRK016"]),
            ("2600::/48", vec![]),
            ("192.31.196.0/28", vec![]),
        ] {
            assert_eq!(codes(&run(&[inbound("PBX", host)])), expected, "{host}");
        }
    }

    #[test]
    fn the_whole_internet_is_an_error_and_the_help_is_what_to_write() {
        let all = run(&[inbound("PBX", "0.0.0.0/0"), inbound("Office", "sip:pbx.example.com:5080")]);
        let of = |code: &str| all.iter().find(|d| d.code.as_str() == code).unwrap();
        assert_eq!(of("TRK016").severity, Severity::Error);
        assert_eq!(of("TRK002").help.as_deref(), Some("write `host: pbx.example.com` and `port: 5080`"));
    }

    #[test]
    fn a_password_in_a_host_is_not_repeated() {
        for host in ["sip:u:hunter2@pbx.example.com", "u:hun@ter2@", "hunter2@a.example, b.example"] {
            let all = run(&[inbound("PBX", host)]);
            assert_eq!(codes(&all), ["TRK002"], "{host}");
            assert!(!format!("{all:?}").contains("hunter2") && !all[0].message.contains("hun@"), "{all:?}");
        }
    }

    #[test]
    fn calls_are_not_sent_to_a_network() {
        assert_eq!(codes(&run(&[outbound("Carrier", "192.31.196.0/28")])), ["TRK002"]);
    }

    #[test]
    fn a_list_of_hosts_is_read_item_by_item() {
        let to = |host: &str| {
            let two = [(host, None, Some(1)), ("sip.example.net", None, Some(2))];
            run(&[carrier("C").with("gateways", gateways(&two))])
        };
        for (host, expected) in [
            ("sip.example.com", None),
            ("sip.example.com:5080", Some("TRK002")),
            ("192.31.196.0/28", Some("TRK002")),
            ("sip_1.example.com", Some("TRK003")),
            ("10.0.0.1", Some("TRK014")),
        ] {
            assert_eq!(codes(&to(host)).first().copied(), expected, "{host}");
        }
        assert_eq!(
            to("sip.example.com:5080")[0].help.as_deref(),
            Some("write `gateway_address: sip.example.com` and `port: 5080`")
        );
        let from = |source: &str| codes(&run(&[carrier("C").with("ip_identifiers", identifiers(&[source]))]));
        for (source, expected) in [
            ("192.31.196.0/28", vec![]),
            ("192.31.196.7:5060", vec!["TRK002"]),
            ("pbx.example.com", vec!["TRK002"]),
            ("192.31.196.5/24", vec!["TRK015"]),
            ("0.0.0.0/0", vec!["TRK016"]),
            ("192.168.1.1", vec!["TRK014"]),
        ] {
            assert_eq!(from(source), expected, "{source}");
        }
    }

    #[test]
    fn a_proxy_may_have_its_port_with_it_and_a_domain_may_not() {
        let proxy = |host| codes(&run(&[domain("D", "d.example.com").with("outbound_proxy", text(host))]));
        assert!(proxy("p.example.com:5061").is_empty());
        assert_eq!(proxy("sip:p.example.com"), ["TRK002"]);
        assert_eq!(codes(&run(&[domain("D", "d.example.com:5061")])), ["TRK002"]);
    }
}
