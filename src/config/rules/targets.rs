//! Rules about where calls are sent to.
//! In: the parsed targets of trunks. Out: which of them stand twice, stand alone, or lead back to the platform.
//! Sources of calls are judged in `overlaps`.

use std::collections::HashMap;

use super::facts::{Facts, Trunk, label, point};
use super::fields::{HostField, PROXY, Role};
use super::findings::Findings;
use super::host::Host;
use crate::model::{Code, Diagnostic, Resource};

/// Where calls go in the end; a proxy is only on the way.
fn targets<'t, 'a>(trunk: &'t Trunk<'a>) -> impl Iterator<Item = &'t HostField<'a>> {
    let sends = !trunk.says("direction", "inbound");
    trunk.hosts.iter().filter(move |field| sends && field.role == Role::Target && field.attribute != PROXY)
}

fn port(field: &HostField) -> Option<i64> {
    field.port.map(|port| port.value)
}

/// TRK019: two trunks with one target and one user, then one target or one priority twice in one trunk.
pub(super) fn twice(facts: &Facts, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for trunk in &facts.trunks {
        let user = trunk.user().map(|(_, user)| user);
        let proxy = trunk.hosts.iter().find(|field| field.attribute == PROXY).map(|field| field.text);
        for field in targets(trunk) {
            let Ok(host) = &field.parsed else { continue };
            let key = (&trunk.resource.address.account, host, port(field), user, proxy);
            let first: &Trunk = seen.entry(key).or_insert(trunk);
            if first.resource.address != trunk.resource.address {
                findings.push(of_two_trunks(trunk, first.resource, field));
                break;
            }
        }
        of_one_trunk(trunk, findings);
    }
}

fn of_two_trunks(trunk: &Trunk, first: &Resource, field: &HostField) -> Diagnostic {
    let at_port = port(field).map(|port| format!(" at port {port}")).unwrap_or_default();
    let as_user = trunk.user().map(|(_, user)| format!(" as `{user}`")).unwrap_or_default();
    let (target, name) = (field.text, &first.address.name);
    let message = format!("calls go to `{target}`{at_port}{as_user} through trunk `{name}` as well");
    let diagnostic = Diagnostic::new(Code::TRK019, message)
        .help("keep one of the two trunks, or give this one another target or user");
    let diagnostic = point(diagnostic, trunk.resource, field.attribute);
    label(diagnostic, first, field.attribute, "first given here")
}

fn of_one_trunk(trunk: &Trunk, findings: &mut Findings) {
    let mut hosts = HashMap::new();
    let mut priorities = HashMap::new();
    for field in targets(trunk) {
        let Ok(host) = &field.parsed else { continue };
        if hosts.insert((host, port(field)), ()).is_some() {
            let at_port = port(field).map(|port| format!(" at port {port}")).unwrap_or_default();
            let message = format!("`{}`{at_port} stands twice in this trunk", field.text);
            let diagnostic = Diagnostic::new(Code::TRK019, message).help("leave one of them out");
            findings.push(point(diagnostic, trunk.resource, field.attribute));
            continue;
        }
        let Some(priority) = field.priority else { continue };
        let first: &mut (&str, bool) = priorities.entry(priority).or_insert((field.text, true));
        if first.0 != field.text && std::mem::take(&mut first.1) {
            let message = format!(
                "`{}` and `{}` both have priority {priority}: which is tried first is nowhere defined",
                first.0, field.text
            );
            let diagnostic = Diagnostic::new(Code::TRK019, message)
                .help("write `priority: 1` at the first, `priority: 2` at the second; 1 is the default");
            findings.push(point(diagnostic, trunk.resource, field.attribute));
        }
    }
}

/// TRK020, where a trunk could have several.
pub(super) fn only_one(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let mut listed = targets(trunk).filter(|field| field.key != field.attribute);
        let (Some(field), None) = (listed.next(), listed.next()) else { continue };
        let message = format!(
            "`{}` is the only gateway: without it no call goes out",
            super::hosts::without_user(field.text)
        );
        let diagnostic =
            Diagnostic::new(Code::TRK020, message).help("add the carrier's second server with `priority: 2`");
        findings.push(point(diagnostic, trunk.resource, field.attribute));
    }
}

/// TRK028.
pub(super) fn circle(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let edges = trunk.platform.edges();
        for field in trunk.hosts.iter().filter(|field| field.role == Role::Target) {
            let Ok(host) = &field.parsed else { continue };
            if edges.iter().any(|edge| is_at(host, edge)) {
                let message = format!("`{}` is the platform itself: calls would go in a circle", field.text);
                let diagnostic = Diagnostic::new(Code::TRK028, message).help(
                    "write the carrier's server; the platform's own is what the carrier sends calls to",
                );
                findings.push(point(diagnostic, trunk.resource, field.attribute));
            }
        }
    }
}

/// Whether a host is a name, a name below it, or an address.
fn is_at(host: &Host, edge: &str) -> bool {
    match (host, Host::parse(edge)) {
        (Host::Name(_), Ok(Host::Name(edge))) => host.is_under(&edge),
        (host, Ok(edge)) => *host == edge,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{carrier, codes, domain, gateways, outbound, run, text};
    use crate::model::Value;

    #[test]
    fn one_target_as_two_users_is_fine_as_one_user_it_is_not() {
        let to = |name: &str, user: &str| outbound(name, "sip.example.com").with("username", text(user));
        assert!(codes(&run(&[to("A", "a"), to("B", "b")])).is_empty());
        let same = run(&[to("A", "a"), to("B", "a").with("port", Value::Int(5060))]);
        assert_eq!(codes(&same), ["TRK019", "SEC004"]);
        assert!(codes(&run(&[to("A", "a"), to("B", "a").with("port", Value::Int(5080))])) == ["SEC004"]);
    }

    #[test]
    fn targets_of_trunks_that_work_both_ways_are_compared_with_their_own_ports() {
        let to = |name: &str, all| carrier(name).with("gateways", gateways(all));
        let only = |all: &[crate::model::Diagnostic]| {
            codes(all).into_iter().filter(|code| *code == "TRK019").count()
        };
        let one = [("sip.example.com", None, None)];
        let same = [("SIP.example.com.", Some(5060), None)];
        let other = [("sip.example.com", Some(5080), None)];
        let trunks =
            |second| [to("A", &one), to("B", second).with("ip_identifiers", Value::List(Vec::new()))];
        assert_eq!(only(&run(&trunks(&same))), 1);
        assert_eq!(only(&run(&trunks(&other))), 0);
        assert_eq!(only(&run(&[domain("A", "sip.example.com"), domain("B", "sip.example.com")])), 0);
        let twin = domain("B", "sip.example.com").with("username", text("A"));
        assert_eq!(only(&run(&[domain("A", "sip.example.com"), twin])), 1);
        let proxied =
            |name| domain(name, &format!("{name}.example.com")).with("outbound_proxy", text("p.example.com"));
        assert_eq!(only(&run(&[proxied("A"), proxied("B").with("username", text("A"))])), 0);
    }

    #[test]
    fn the_order_of_gateways_is_defined() {
        let with = |all: &[_]| codes(&run(&[carrier("A").with("gateways", gateways(all))]));
        assert!(with(&[("a.example.com", None, Some(1)), ("b.example.com", None, Some(2))]).is_empty());
        assert!(with(&[("a.example.com", None, None), ("b.example.com", None, Some(2))]).is_empty());
        assert_eq!(with(&[("a.example.com", None, None), ("b.example.com", None, Some(1))]), ["TRK019"]);
        let three = ["a.example.com", "b.example.com", "c.example.com"].map(|host| (host, None, None));
        assert_eq!(with(&three), ["TRK019"]);
        assert_eq!(
            with(&[("a.example.com", None, Some(1)), ("A.example.com", Some(5060), Some(2))]),
            ["TRK019"]
        );
        assert_eq!(with(&[("a.example.com", None, None)]), ["TRK020"]);
    }

    #[test]
    fn calls_do_not_go_in_a_circle() {
        let said = |server: &str| codes(&run(&[outbound("A", server)]));
        assert_eq!(said("sip.fake.example"), ["TRK028"]);
        assert_eq!(said("FAKE.example."), ["TRK028"]);
        assert_eq!(said("192.31.196.99"), ["TRK028"]);
        assert!(said("notfake.example").is_empty() && said("192.31.196.98").is_empty());
        let edge = carrier("A")
            .with("gateways", gateways(&[("sip.bolna.ai", None, Some(1)), ("b.example.com", None, Some(2))]));
        assert_eq!(codes(&run(&[edge])), ["TRK028"]);
        assert_eq!(codes(&run(&[domain("A", "api.talkover.ai")])), ["TRK028"]);
        assert_eq!(
            codes(&run(&[domain("A", "a.example.com").with("outbound_proxy", text("app.talkover.ai"))])),
            ["TRK028"]
        );
    }
}
