//! Rules about telephone numbers.
//! In: numbers as written. Out: diagnostics, with the E.164 form where it can be told.
//! Ranges, unquoted numbers and one number twice in one account are found where the file is read.

use std::collections::HashMap;

use super::facts::{Facts, label, point};
use super::findings::Findings;
use super::reserved;
use crate::model::{Code, Diagnostic, Resource, Severity, Value};

const COUNTRY: &str = "country_code";

/// What people dial for help; fewer digits than any number that can be called from abroad.
const EMERGENCY: &[&str] =
    &["000", "110", "111", "112", "113", "115", "117", "118", "119", "911", "933", "988", "999"];

/// What is left of a written number when everything but its digits is taken away.
struct Bare {
    digits: String,
    plus: bool,
    /// Separators or a prefix were taken away.
    dressed: bool,
    /// There is something else in it.
    foreign: bool,
}

/// NUM001, NUM003 and NUM006: at most one of them for a number.
pub(super) fn form(facts: &Facts, findings: &mut Findings) {
    for number in facts.numbers().filter(|number| !is_e164(&number.address.name)) {
        findings.push(point(misspelt(&number.address.name), number, "number"));
    }
}

fn misspelt(text: &str) -> Diagnostic {
    let bare = Bare::of(text);
    let digits = bare.digits.as_str();
    if !bare.foreign && !digits.is_empty() && digits.len() < 7 {
        let what = if EMERGENCY.contains(&digits) { "an emergency number" } else { "a short code" };
        return Diagnostic::new(
            Code::NUM006,
            format!("`{text}` is {what}: no call from outside can reach it"),
        )
        .help("write a full number with `+` and the country code");
    }
    let intended = bare.intended();
    let (code, what) = if bare.dressed && !bare.foreign {
        (Code::NUM003, "has a dialling prefix or separators in it")
    } else {
        (Code::NUM001, "is not a number in E.164 form")
    };
    let help = match intended {
        Some(number) if bare.plus => format!("write `\"{number}\"`"),
        Some(number) => format!("write `\"{number}\"` if the country code is in it"),
        None => "write `+`, the country code and the number: 7 to 15 digits, the first not 0".to_owned(),
    };
    Diagnostic::new(code, format!("`{text}` {what}")).help(help)
}

/// ITU-T E.164: at most 15 digits, the first of the country code not 0.
fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

impl Bare {
    fn of(text: &str) -> Self {
        let rest = text.trim();
        let rest = rest.strip_prefix("tel:").unwrap_or(rest);
        let international = rest.starts_with('+');
        // `+44 (0)20 …`: the zero is dialled inside the country only.
        let rest = if international { rest.replacen("(0)", "", 1) } else { rest.to_owned() };
        let separator = |c: char| c.is_whitespace() || "-–.()/".contains(c);
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let foreign = !rest.trim_start_matches('+').chars().all(|c| c.is_ascii_digit() || separator(c));
        let prefix =
            ["00", "011"].into_iter().find(|p| !international && digits.starts_with(p) && digits.len() > 8);
        let written = text.trim_start_matches('+');
        Self {
            plus: international || prefix.is_some(),
            dressed: prefix.is_some() || written != digits,
            digits: digits[prefix.map_or(0, str::len)..].to_owned(),
            foreign,
        }
    }

    fn intended(&self) -> Option<String> {
        let number = format!("+{}", self.digits);
        (!self.foreign && is_e164(&number)).then_some(number)
    }
}

/// NUM007.
pub(super) fn documentation(facts: &Facts, findings: &mut Findings) {
    for number in facts.numbers().filter(|number| is_e164(&number.address.name)) {
        let Some((what, source)) = reserved::number(&number.address.name[1..]) else { continue };
        let message = format!("`{}` is a number {what} ({source})", number.address.name);
        let diagnostic = Diagnostic::new(Code::NUM007, message).help("write a number that you own");
        findings.push(point(diagnostic, number, "number"));
    }
}

/// NUM013, where the platform has the country as an attribute.
pub(super) fn country(facts: &Facts, findings: &mut Findings) {
    for account in facts.accounts.iter().filter(|account| account.kinds.number.attribute(COUNTRY).is_some()) {
        for number in account.numbers().filter(|number| is_e164(&number.address.name)) {
            let stated = number.attributes.get(COUNTRY).and_then(Value::as_text);
            match (stated, account.platform.country(&number.address.name)) {
                (Some(stated), Some(told)) if stated != told => findings.push(another(number, stated, told)),
                (None, None) => findings.push(untold(number)),
                _ => {}
            }
        }
    }
}

fn another(number: &Resource, stated: &str, told: &str) -> Diagnostic {
    let name = &number.address.name;
    let message = format!("`{COUNTRY}: {stated}` is not the country of `{name}`, which is {told}");
    let diagnostic = Diagnostic::new(Code::NUM013, message)
        .help(format!("write `{COUNTRY}: {told}`, or leave it out: the number says it"));
    point(diagnostic, number, COUNTRY)
}

/// A warning: one that is live already has its country.
fn untold(number: &Resource) -> Diagnostic {
    let name = &number.address.name;
    let message =
        format!("the country of `{name}` can't be told from its digits; a new number needs `{COUNTRY}`");
    let diagnostic = Diagnostic::new(Code::NUM013, message)
        .severity(Severity::Warning)
        .help(format!("write `{COUNTRY}` and the two letters of the country that the number is used in"));
    point(diagnostic, number, "number")
}

/// NUM005 over accounts, and in one account where the same number is spelt in two ways.
pub(super) fn twice(facts: &Facts, findings: &mut Findings) {
    // In one account no two numbers have one spelling.
    if facts.accounts.len() == 1 && facts.numbers().all(|number| is_e164(&number.address.name)) {
        return;
    }
    let mut seen: HashMap<u64, &Resource> = HashMap::new();
    for number in facts.numbers() {
        let Some(digits) = key(&number.address.name) else { continue };
        let first = *seen.entry(digits).or_insert(number);
        let (this, that) = (&number.address, &first.address);
        if this == that {
            continue;
        }
        let message = if this.account == that.account {
            format!("`{}` is the same number as `{}`", this.name, that.name)
        } else {
            format!("`{}` stands in account `{}` as well", this.name, that.account)
        };
        let diagnostic = Diagnostic::new(Code::NUM005, message)
            .help("a carrier delivers a number to one place: keep it in one account, once");
        findings.push(label(point(diagnostic, number, "number"), first, "number", "first given here"));
    }
}

/// The digits as one number, which tells all E.164 numbers apart; none for what is not one in any spelling.
fn key(text: &str) -> Option<u64> {
    if is_e164(text) {
        return text[1..].parse().ok();
    }
    Bare::of(text).intended()?[1..].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{codes, number, run, text};
    use super::*;

    fn said(text: &str) -> (&'static str, Option<String>) {
        let diagnostic = misspelt(text);
        (diagnostic.code.as_str(), diagnostic.help)
    }

    #[test]
    fn each_bad_spelling_has_its_code_and_its_fix() {
        let fix = |number: &str| Some(format!("write `\"{number}\"`"));
        assert_eq!(said("00442079461234"), ("NUM003", fix("+442079461234")));
        assert_eq!(said("011442079461234"), ("NUM003", fix("+442079461234")));
        assert_eq!(said("+44 (0)20 7946 1234"), ("NUM003", fix("+442079461234")));
        assert_eq!(said("tel:+1-415-555-2671"), ("NUM003", fix("+14155552671")));
        assert_eq!(said("(415) 555-2671").0, "NUM003");
        assert_eq!(said("14155552671").0, "NUM001");
        assert_eq!(said("+0155552671").0, "NUM001");
        assert_eq!(said("+1415555267a").0, "NUM001");
        assert_eq!(said("+1234567890123456").0, "NUM001");
        assert_eq!(said("").0, "NUM001");
        for short in ["112", "+911", "1-1-2", "80055"] {
            assert_eq!(said(short).0, "NUM006", "{short}");
        }
    }

    #[test]
    fn good_numbers_are_let_through() {
        assert!(is_e164("+14155552671") && is_e164("+1234567") && is_e164("+123456789012345"));
        assert!(!is_e164("+123456") && !is_e164("+1234567890123456") && !is_e164("+12345é7"));
    }

    #[test]
    fn a_number_in_two_accounts_is_found_once_a_range() {
        let mut things: Vec<_> = (0..50).map(|n| number(&format!("+141555526{n:02}"))).collect();
        things.extend((0..50).map(|n| number(&format!("+141555526{n:02}")).of("other").at(900, 930)));
        let all = run(&things);
        assert_eq!(codes(&all), ["NUM005"]);
        assert!(
            all[0].message.ends_with("so is it with 49 more numbers from this place"),
            "{}",
            all[0].message
        );
    }

    #[test]
    fn a_number_spelt_twice_is_found() {
        assert_eq!(codes(&run(&[number("+14155552671"), number("+1 415 555 2671")])), ["NUM003", "NUM005"]);
        assert_eq!(codes(&run(&[number("+15551234567")])), ["NUM007"]);
    }

    #[test]
    fn a_number_at_two_platforms_is_found() {
        let all = run(&[number("+14155552671").of("talkover"), number("+14155552671").of("bolna")]);
        assert_eq!(codes(&all), ["NUM005"]);
        assert_eq!(all[0].message, "`+14155552671` stands in account `bolna` as well");
        let platforms = ["bolna", "talkover", "kalem"];
        let other = |at: usize| number(&format!("+1415555267{at}")).of(platforms[at]);
        assert!(run(&[other(0), other(1), other(2)]).is_empty());
    }

    #[test]
    fn a_country_is_the_one_that_the_platform_reads_from_the_number() {
        let with = |digits: &str, country| codes(&run(&[number(digits).with("country_code", text(country))]));
        assert_eq!(with("+14155552671", "US"), ["NUM013"]);
        assert!(with("+14155552671", "XX").is_empty());
        assert!(with("+442034567890", "US").is_empty(), "the platform does not know");
        assert!(run(&[number("+14155552671")]).is_empty());
    }

    #[test]
    fn a_country_that_the_digits_do_not_say_is_to_be_stated() {
        let said = |digits: &str| run(&[number(digits).of("talkover")]);
        for digits in ["+18002345678", "+80012345678", "+881612345678"] {
            let all = said(digits);
            let [one] = all.as_slice() else { panic!("{digits}: {all:?}") };
            assert_eq!((one.code, one.severity), (Code::NUM013, Severity::Warning));
            let end = "can't be told from its digits; a new number needs `country_code`";
            assert_eq!(one.message, format!("the country of `{digits}` {end}"));
            let stated = number(digits).of("talkover").with("country_code", text("US"));
            assert!(run(&[stated]).is_empty(), "{digits}");
            assert!(run(&[number(digits).of("bolna")]).is_empty(), "no such attribute");
        }
        assert!(said("+14155552671").is_empty());
    }
}
