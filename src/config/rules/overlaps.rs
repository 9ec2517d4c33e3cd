//! Rules about sources of calls that lie in one another.
//! In: the parsed hosts of inbound trunks. Out: which of them can't be told apart, or need not be written.
//! Sorted and swept once, so a thousand networks cost no more than sorting them.

use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use super::facts::{Facts, Trunk, label, point};
use super::fields::{HostField, Role};
use super::findings::Findings;
use super::host::{Fault, Host};
use crate::model::{Code, Diagnostic};

type Source<'f, 'a> = (&'f Trunk<'a>, &'f HostField<'a>);

/// TRK017.
pub(super) fn between_trunks(facts: &Facts, findings: &mut Findings) {
    let mut platforms: HashMap<&str, Vec<Source>> = HashMap::new();
    let listening = |trunk: &&Trunk| trunk.by_address() && trunk.may_let_in();
    for trunk in facts.trunks.iter().filter(listening) {
        for field in trunk.hosts.iter().filter(|field| field.role == Role::Source && field.parsed.is_ok()) {
            platforms.entry(trunk.platform.name()).or_default().push((trunk, field));
        }
    }
    let mut platforms: Vec<_> = platforms.into_iter().collect();
    platforms.sort_by_key(|(name, _)| *name);
    for (_, sources) in platforms {
        let hosts: Vec<_> = sources.iter().filter_map(|(_, field)| field.parsed.as_ref().ok()).collect();
        let other = |a: usize, b: usize| sources[a].0.resource.address != sources[b].0.resource.address;
        let mut told = HashSet::new();
        for (inner, outer) in covered(&hosts, other) {
            let (late, early) =
                if after(sources[inner].0, sources[outer].0) { (inner, outer) } else { (outer, inner) };
            if told.insert(&sources[late].0.resource.address) {
                findings.push(same_source(sources[late], sources[early]));
            }
        }
    }
}

fn same_source(late: Source, early: Source) -> Diagnostic {
    let same = late.1.parsed == early.1.parsed;
    let how = if same { "listens to the same source as" } else { "shares source addresses with" };
    let (name, source) = (&early.0.resource.address.name, late.1.text);
    let diagnostic = Diagnostic::new(Code::TRK017, format!("`{source}` {how} trunk `{name}`"))
        .help("give each inbound trunk a source of its own, or keep one trunk and move its numbers there");
    let text = if same { "first given here" } else { "overlaps with this" };
    label(point(diagnostic, late.0.resource, late.1.attribute), early.0.resource, early.1.attribute, text)
}

fn after(a: &Trunk, b: &Trunk) -> bool {
    match (&a.resource.origin, &b.resource.origin) {
        (Some(a), Some(b)) if a.file == b.file => a.span > b.span,
        _ => a.resource.address > b.resource.address,
    }
}

/// TRK018.
pub(super) fn inside_a_trunk(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let hosts: Vec<(&Host, &'static str)> = trunk
            .hosts
            .iter()
            .filter(|field| field.role != Role::Target)
            .flat_map(|field| hosts_of(field).iter().map(move |host| (host, field.attribute)))
            .collect();
        let only: Vec<_> = hosts.iter().map(|(host, _)| *host).collect();
        for (inner, outer) in covered(&only, |_, _| true) {
            let message = format!("{} is already in {}", shown(only[inner]), shown(only[outer]));
            let diagnostic = Diagnostic::new(Code::TRK018, message).help("leave it out");
            findings.push(point(diagnostic, trunk.resource, hosts[inner].1));
        }
    }
}

fn hosts_of<'f>(field: &'f HostField) -> &'f [Host] {
    match &field.parsed {
        Ok(host) => std::slice::from_ref(host),
        Err(Fault::Several(hosts)) => hosts,
        Err(_) => &[],
    }
}

fn shown(host: &Host) -> String {
    match host {
        Host::Name(name) => format!("`{name}`"),
        Host::Net(net) if host.is_network() => format!("`{net}`"),
        Host::Net(net) => format!("`{}`", net.addr()),
    }
}

/// Pairs of a host and the nearest one that holds it, where `counts` says that the pair matters.
fn covered(hosts: &[&Host], counts: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut nets: Vec<(IpNet, usize)> = Vec::new();
    for (index, host) in hosts.iter().enumerate() {
        match host {
            Host::Net(net) => nets.push((net.trunc(), index)),
            Host::Name(name) => match names.get(name.as_str()) {
                Some(&first) if counts(index, first) => pairs.push((index, first)),
                Some(_) => {}
                None => drop(names.insert(name, index)),
            },
        }
    }
    // Wider networks come first, so what holds a network is on the stack when it comes.
    nets.sort();
    let mut around: Vec<(IpNet, usize)> = Vec::new();
    for (net, index) in nets {
        while around.last().is_some_and(|(wider, _)| !wider.contains(&net)) {
            around.pop();
        }
        pairs.extend(
            around.iter().rev().find(|(_, outer)| counts(index, *outer)).map(|(_, outer)| (index, *outer)),
        );
        around.push((net, index));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{carrier, codes, gateways, identifiers, inbound, run, text};
    use crate::model::Value;

    #[test]
    fn the_later_of_two_trunks_with_one_source_is_told_of_the_first() {
        let all = run(&[inbound("B", "PBX.example.com"), inbound("A", "pbx.example.com.")]);
        assert_eq!(codes(&all), ["TRK017"]);
        assert_eq!(all[0].address.as_ref().unwrap().to_string(), "kalem.trunk.A");
        assert_eq!((all[0].labels.len(), &*all[0].labels[1].text), (2, "first given here"));
    }

    #[test]
    fn a_network_and_an_address_in_it_overlap_even_with_another_between() {
        let nets = ["192.31.196.0/24", "192.31.196.0/28", "192.31.196.200", "192.31.197.1"];
        let trunks: Vec<_> = nets.iter().enumerate().map(|(i, net)| inbound(&format!("T{i}"), net)).collect();
        let all = run(&trunks);
        assert_eq!(codes(&all), ["TRK017", "TRK017"]);
        assert!(all.iter().all(|d| d.message.contains("shares source addresses with trunk `T0`")), "{all:?}");
    }

    #[test]
    fn two_hosts_in_one_field_are_compared_too() {
        let all = run(&[inbound("A", "192.31.196.0/28, 192.31.196.5")]);
        assert_eq!(codes(&all), ["TRK002", "TRK018"]);
        assert_eq!(all[1].message, "`192.31.196.5` is already in `192.31.196.0/28`");
    }

    #[test]
    fn lists_of_addresses_are_compared_while_calls_come_in_by_them() {
        let from = |name: &str, all: &[&str]| {
            let host: &'static str = if name == "A" { "a.example.com" } else { "b.example.com" };
            let both = gateways(&[(host, None, Some(1)), (host, Some(5080), Some(2))]);
            carrier(name).with("ip_identifiers", identifiers(all)).with("gateways", both)
        };
        let wide = || from("A", &["192.31.195.1", "192.31.196.0/28"]);
        let narrow = || from("B", &["192.31.196.5", "192.31.197.1"]);
        let all = run(&[wide(), narrow()]);
        assert_eq!(codes(&all), ["TRK017"]);
        assert_eq!(all[0].message, "`192.31.196.5` shares source addresses with trunk `A`");
        assert!(codes(&run(&[wide(), from("B", &["192.31.197.1"])])).is_empty());
        for off in ["is_active", "inbound_enabled"] {
            assert!(run(&[wide(), narrow().with(off, Value::Bool(false))]).is_empty(), "{off}");
        }
        let password = narrow().with("auth_type", text("userpass"));
        assert!(!codes(&run(&[wide(), password])).contains(&"TRK017"));
        assert_eq!(codes(&run(&[from("A", &["192.31.196.0/28", "192.31.196.5"])])), ["TRK018"]);
    }
}
