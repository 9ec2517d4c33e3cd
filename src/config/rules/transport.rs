//! Rules about how SIP messages travel, and what is encrypted.
//! In: the gathered facts. Out: diagnostics.
//! Where the file states no transport, the platform's documented default is what a new trunk gets; the message then says so.

use super::facts::{Facts, Trunk, point};
use super::fields::{HostField, Known, PROXY, Role};
use super::findings::Findings;
use super::host::Host;
use crate::model::{Code, Diagnostic, Value};

const TRANSPORT: &str = "transport";
const ENCRYPTION: &str = "media_encryption";

impl<'a> Trunk<'a> {
    /// `udp`, `tcp` or `tls`; none on a platform that has no such attribute.
    fn transport(&self) -> Option<Known<&'a str>> {
        let known = self.text(TRANSPORT)?;
        Some(Known { value: known.value.strip_prefix("transport-").unwrap_or(known.value), ..known })
    }

    /// The transport, if messages are encrypted.
    fn tls(&self) -> Option<Known<&'a str>> {
        self.transport().filter(|transport| transport.value == "tls")
    }

    /// The hosts that messages are sent to: with a proxy that one, because it is the next on their way.
    fn next_hops<'t>(&'t self) -> impl Iterator<Item = &'t HostField<'a>> {
        let proxied = self.stated(PROXY).is_some();
        let target = |field: &&HostField| field.role == Role::Target;
        self.hosts.iter().filter(target).filter(move |field| (field.attribute == PROXY) == proxied)
    }
}

fn by_default<T>(known: &Known<T>) -> &'static str {
    if known.stated { "" } else { " by default" }
}

/// TRK004. RFC 3261 section 19.1.2: 5060 for UDP and TCP, 5061 for TLS.
pub(super) fn unusual_port(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let Some(transport) = trunk.transport() else { continue };
        let (wrong, right) = if transport.value == "tls" { (5060, 5061) } else { (5061, 5060) };
        let targets = trunk.hosts.iter().filter(|field| field.role == Role::Target);
        for field in targets.filter(|field| field.port.is_some_and(|port| port.value == wrong)) {
            let port = field.port.as_ref().map(by_default).unwrap_or_default();
            let message = format!(
                "the port of `{}` is {wrong}{port} and the transport {}{}: {wrong} is the usual port of {}",
                super::hosts::without_user(field.text),
                transport.value,
                by_default(&transport),
                if wrong == 5060 { "udp and tcp" } else { "tls" }
            );
            let diagnostic = Diagnostic::new(Code::TRK004, message)
                .help(format!("write `port: {right}`, or another `{TRANSPORT}`"));
            let attribute = if field.key == field.attribute { "port" } else { field.attribute };
            findings.push(point(diagnostic, trunk.resource, attribute));
        }
    }
}

/// TRK005, TRK006 and TRK007.
pub(super) fn media(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let (Some(encryption), Some(transport)) = (trunk.text(ENCRYPTION), trunk.transport()) else {
            continue;
        };
        let (of_media, of_transport) = (by_default(&encryption), by_default(&transport));
        let secure = transport.value == "tls";
        if encryption.value == "sdes" && !secure {
            let message = format!(
                "`{ENCRYPTION}: sdes` needs TLS, and the transport is {}{of_transport}",
                transport.value
            );
            let diagnostic = Diagnostic::new(Code::TRK005, message)
                .help("write `transport: transport-tls`, and gateways with `port: 5061`");
            findings.push(point(diagnostic, trunk.resource, ENCRYPTION));
        }
        if encryption.value == "no" && secure && transport.stated {
            let message = format!("the messages are encrypted, and{of_media} the audio is not");
            let diagnostic = Diagnostic::new(Code::TRK006, message)
                .help(format!("write `{ENCRYPTION}: sdes` if the carrier has it"));
            let attribute = if encryption.stated { ENCRYPTION } else { TRANSPORT };
            findings.push(point(diagnostic, trunk.resource, attribute));
        }
        const OPTIMISTIC: &str = "media_encryption_optimistic";
        if encryption.value == "no" && trunk.flag(OPTIMISTIC) == Some(true) {
            let message = format!("`{OPTIMISTIC}` has no effect:{of_media} audio is not encrypted");
            let diagnostic = Diagnostic::new(Code::TRK007, message)
                .help(format!("leave it out, or write `{ENCRYPTION}: sdes`"));
            findings.push(point(diagnostic, trunk.resource, OPTIMISTIC));
        }
    }
}

/// TRK008.
pub(super) fn no_name_to_check(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let Some(transport) = trunk.tls() else { continue };
        for field in trunk.next_hops().filter(|field| matches!(field.parsed, Ok(Host::Net(_)))) {
            let message = format!(
                "`{}` is an address, and with the transport tls{} a certificate is checked against a name",
                field.text,
                by_default(&transport)
            );
            let diagnostic = Diagnostic::new(Code::TRK008, message).help(format!(
                "write the name that stands in the carrier's certificate: `{}: sip.example.com`",
                field.key
            ));
            findings.push(point(diagnostic, trunk.resource, field.attribute));
        }
    }
}

/// SEC006.
pub(super) fn readable_password(facts: &Facts, findings: &mut Findings) {
    for trunk in facts.trunks.iter().filter(|trunk| trunk.by_password()) {
        let Some(transport) = trunk.transport().filter(|transport| transport.value != "tls") else {
            continue;
        };
        let message = format!(
            "the proof of the password travels over {}{}, where it can be read and guessed at",
            transport.value,
            by_default(&transport)
        );
        let tls = if trunk.default(TRANSPORT).and_then(Value::as_text).is_some_and(|text| text.contains('-'))
        {
            "transport-tls"
        } else {
            "tls"
        };
        let diagnostic = Diagnostic::new(Code::SEC006, message).help(format!(
            "write `{TRANSPORT}: {tls}` if the carrier has it; else a long password made by a machine"
        ));
        let user = trunk.user().map_or("name", |(attribute, _)| attribute);
        let attribute = if transport.stated { TRANSPORT } else { user };
        findings.push(point(diagnostic, trunk.resource, attribute));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Thing, carrier, codes, domain, gateways, run, text};
    use crate::model::Value;

    fn over(transport: &str, port: Option<i64>) -> Thing {
        let both = [("a.example.com", port, Some(1)), ("b.example.com", port, Some(2))];
        carrier("C").with("transport", text(transport)).with("gateways", gateways(&both))
    }

    fn sdes(thing: Thing) -> Thing {
        thing.with("media_encryption", text("sdes"))
    }

    #[test]
    fn each_gateway_has_the_port_of_its_transport() {
        let said = |transport, port| codes(&run(&[sdes(over(transport, port))]));
        assert!(said("transport-tls", Some(5061)).is_empty());
        assert_eq!(said("transport-tls", Some(5060)), ["TRK004"; 2]);
        assert_eq!(said("transport-tls", None), ["TRK004"; 2]);
        assert!(said("transport-tls", Some(5080)).is_empty());
        let plain = |transport, port| codes(&run(&[over(transport, port)]));
        assert!(plain("transport-udp", None).is_empty() && plain("transport-tcp", Some(5060)).is_empty());
        assert_eq!(plain("transport-tcp", Some(5061)), ["TRK004"; 2]);
        let one = [("a.example.com", Some(5061), Some(1)), ("b.example.com", None, Some(2))];
        let all = run(&[carrier("C").with("gateways", gateways(&one))]);
        assert_eq!(codes(&all), ["TRK004"]);
        assert!(all[0].message.contains("the transport udp by default"), "{all:?}");
    }

    #[test]
    fn the_port_of_a_trunk_counts_where_it_is_the_trunks() {
        let said = |transport: Option<&str>, port| {
            let mut trunk = domain("D", "d.example.com").with("port", Value::Int(port));
            if let Some(transport) = transport {
                trunk = trunk.with("transport", text(transport));
            }
            codes(&run(&[trunk]))
        };
        assert!(said(Some("tls"), 5061).is_empty() && said(None, 5061).is_empty());
        assert_eq!(said(Some("tls"), 5060), ["TRK004"]);
        assert_eq!(said(None, 5060), ["TRK004"]);
        assert_eq!(said(Some("udp"), 5061), ["TRK004", "SEC006"]);
        assert_eq!(said(Some("udp"), 5060), ["SEC006"]);
        assert!(run(&[domain("D", "d.example.com")]).is_empty());
    }

    #[test]
    fn audio_is_encrypted_with_the_messages_or_not_at_all() {
        let tls = || over("transport-tls", Some(5061));
        assert_eq!(codes(&run(&[tls()])), ["TRK006"]);
        assert_eq!(codes(&run(&[tls().with("media_encryption", text("no"))])), ["TRK006"]);
        assert!(run(&[sdes(tls())]).is_empty());
        assert_eq!(codes(&run(&[sdes(carrier("C"))])), ["TRK005"]);
        assert_eq!(codes(&run(&[sdes(over("transport-tcp", None))])), ["TRK005"]);
        let optimistic = |thing: Thing| thing.with("media_encryption_optimistic", Value::Bool(true));
        assert_eq!(codes(&run(&[optimistic(carrier("C"))])), ["TRK007"]);
        assert!(run(&[optimistic(sdes(tls()))]).is_empty());
    }

    #[test]
    fn a_certificate_has_a_name() {
        let both = [("192.31.196.7", Some(5061), Some(1)), ("b.example.com", Some(5061), Some(2))];
        let tls = sdes(over("transport-tls", None)).with("gateways", gateways(&both));
        assert_eq!(codes(&run(&[tls])), ["TRK008"]);
        let proxied = |host, proxy: Option<&str>| {
            let proxy = proxy.map_or(Value::Null, text);
            codes(&run(&[domain("D", host).with("outbound_proxy", proxy)]))
        };
        assert_eq!(proxied("192.31.196.7", None), ["TRK008"]);
        assert!(proxied("192.31.196.7", Some("p.example.com:5061")).is_empty());
        assert_eq!(proxied("d.example.com", Some("192.31.196.8")), ["TRK008"]);
    }

    #[test]
    fn a_password_is_proven_over_tls() {
        let user = carrier("C").with("auth_type", text("userpass")).with("ip_identifiers", Value::Null);
        let all = run(&[user.with("auth_username", text("u"))]);
        assert_eq!(codes(&all), ["SEC006"]);
        assert!(all[0].message.contains("udp by default"), "{all:?}");
        assert!(all[0].help.as_deref().unwrap().contains("`transport: transport-tls`"), "{all:?}");
        let udp = run(&[domain("D", "d.example.com").with("transport", text("udp"))]);
        assert!(udp[0].help.as_deref().unwrap().contains("`transport: tls`"), "{udp:?}");
    }
}
