//! What a file means, beyond its shape: the rules that need no network.
//! In: a configuration that the schema has already let through. Out: one diagnostic for each problem, not yet waived or sorted.
//! A rule never speaks of an attribute that the file does not state, and never changes a value.

mod attributes;
mod codecs;
mod facts;
mod fields;
mod findings;
mod host;
mod hosts;
mod numbers;
mod overlaps;
mod references;
mod reserved;
mod secrets;
mod switches;
mod targets;
mod transport;
mod trunks;
mod tuning;

use crate::model::{Code, Config, Diagnostic};
use crate::provider::Provider;
use facts::Facts;
use findings::Findings;

/// One rule: a plain function, and the codes that it can give.
struct Rule {
    codes: &'static [Code],
    check: fn(&Facts, &mut Findings),
}

/// Every rule; a new one is a function in the file of its theme and a line here.
const RULES: &[Rule] = &[
    Rule { codes: &[Code::TRK002, Code::TRK003], check: hosts::written_badly },
    Rule { codes: &[Code::TRK014], check: hosts::out_of_reach },
    Rule { codes: &[Code::TRK015, Code::TRK016], check: hosts::networks },
    Rule { codes: &[Code::TRK017], check: overlaps::between_trunks },
    Rule { codes: &[Code::TRK018], check: overlaps::inside_a_trunk },
    Rule { codes: &[Code::TRK019], check: targets::twice },
    Rule { codes: &[Code::TRK020], check: targets::only_one },
    Rule { codes: &[Code::TRK028], check: targets::circle },
    Rule { codes: &[Code::TRK004], check: transport::unusual_port },
    Rule { codes: &[Code::TRK005, Code::TRK006, Code::TRK007], check: transport::media },
    Rule { codes: &[Code::TRK008], check: transport::no_name_to_check },
    Rule { codes: &[Code::TRK010, Code::TRK012], check: trunks::unused_attributes },
    Rule { codes: &[Code::TRK021], check: codecs::unknown },
    Rule { codes: &[Code::TRK022, Code::TRK023, Code::TRK024], check: codecs::lists },
    Rule { codes: &[Code::TRK025], check: tuning::off_the_path },
    Rule { codes: &[Code::TRK026], check: tuning::gateway_checks },
    Rule { codes: &[Code::TRK027], check: trunks::claimed_twice },
    Rule { codes: &[Code::TRK013], check: switches::left_off },
    Rule { codes: &[Code::TRK030], check: switches::dead },
    Rule { codes: &[Code::SEC004], check: secrets::shared },
    Rule { codes: &[Code::SEC005], check: secrets::shared_carrier },
    Rule { codes: &[Code::SEC006], check: transport::readable_password },
    Rule { codes: &[Code::SEC007], check: secrets::unfit_for_sip },
    Rule { codes: &[Code::NUM001, Code::NUM003, Code::NUM006], check: numbers::form },
    Rule { codes: &[Code::NUM007], check: numbers::documentation },
    Rule { codes: &[Code::NUM005], check: numbers::twice },
    Rule { codes: &[Code::NUM009], check: references::dangling },
    Rule { codes: &[Code::NUM010], check: switches::unanswered },
    Rule { codes: &[Code::NUM011], check: references::idle },
    Rule { codes: &[Code::NUM013], check: numbers::country },
    Rule { codes: &[Code::NUM015], check: switches::leading_plus },
];

/// Checks a whole run: every account, and what the accounts have to do with each other.
pub fn check(config: &Config) -> Vec<Diagnostic> {
    check_with(config, crate::provider::get)
}

fn check_with(config: &Config, platform: impl Fn(&str) -> Option<&'static dyn Provider>) -> Vec<Diagnostic> {
    let facts = Facts::gather(config, platform);
    let mut all = Vec::new();
    for rule in RULES {
        let mut findings = Findings::default();
        (rule.check)(&facts, &mut findings);
        let found = findings.finish();
        debug_assert!(found.iter().all(|d| rule.codes.contains(&d.code)), "a rule gives a code not its own");
        all.extend(found);
    }
    all
}

/// Whether a code is a rule's to give.
#[cfg(test)]
pub(super) fn gives(code: Code) -> bool {
    RULES.iter().any(|rule| rule.codes.contains(&code))
}

#[cfg(test)]
mod fixture;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_belongs_to_two_rules() {
        let mut codes: Vec<_> = RULES.iter().flat_map(|rule| rule.codes).collect();
        let all = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
