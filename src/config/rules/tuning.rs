//! Rules about settings that are seldom meant as they are written.
//! In: the gathered facts. Out: diagnostics.
//! Only what the file states is judged.

use super::facts::{Facts, point};
use super::findings::Findings;
use crate::model::{Code, Diagnostic, Value};

/// A truth value that takes the audio off its way to the agent, or loses it behind a NAT.
/// <https://www.bolna.ai/docs/sip-trunking/byot-setup> asks for the others.
const OFF_THE_PATH: &[(&str, bool, &str)] = &[
    ("direct_media", true, "audio would go past the platform, and the agent would hear nothing"),
    ("rtp_symmetric", false, "audio is lost where the carrier is behind a NAT"),
    ("force_rport", false, "answers are lost where the carrier is behind a NAT"),
];

const CHECKS: &str = "qualify_frequency";

/// TRK025.
pub(super) fn off_the_path(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        for (attribute, bad, why) in OFF_THE_PATH {
            if trunk.flag(attribute) == Some(*bad) {
                let diagnostic = Diagnostic::new(Code::TRK025, format!("`{attribute}: {bad}`: {why}"))
                    .help(format!("write `{attribute}: {}`, which is its default", !bad));
                findings.push(point(diagnostic, trunk.resource, attribute));
            }
        }
    }
}

/// TRK026.
pub(super) fn gateway_checks(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        let Some(Value::Int(seconds)) = trunk.stated(CHECKS) else { continue };
        let message = match seconds {
            0 => format!("`{CHECKS}: 0`: nobody would notice that a gateway is gone"),
            ..10 => format!("`{CHECKS}: {seconds}` asks so often that it looks like an attack"),
            601.. => format!(
                "`{CHECKS}: {seconds}`: a gateway that is gone is noticed after {} minutes",
                seconds / 60
            ),
            _ => continue,
        };
        let diagnostic = Diagnostic::new(Code::TRK026, message)
            .help("write a number of seconds from 10 to 600; 60 is the default");
        findings.push(point(diagnostic, trunk.resource, CHECKS));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{carrier, codes, run};
    use super::*;

    #[test]
    fn what_loses_audio_is_pointed_at_and_the_defaults_are_not() {
        let with = |name, flag| codes(&run(&[carrier("C").with(name, Value::Bool(flag))]));
        for (name, bad, _) in OFF_THE_PATH {
            assert_eq!(with(name, *bad), ["TRK025"], "{name}");
            assert!(with(name, !bad).is_empty(), "{name}");
        }
    }

    #[test]
    fn gateways_are_checked_neither_too_often_nor_too_seldom() {
        let with = |seconds| codes(&run(&[carrier("C").with(CHECKS, Value::Int(seconds))]));
        for bad in [0, 1, 9, 601, 86400] {
            assert_eq!(with(bad), ["TRK026"], "{bad}");
        }
        for good in [10, 60, 600] {
            assert!(with(good).is_empty(), "{good}");
        }
    }
}
