//! Silences what somebody has accepted for a time.
//! In: complaints, the waivers of the files, the day. Out: the complaints that are left, and one about each waiver that has no effect.
//! Silences only what a code's table says may be waived.

use std::sync::Arc;

use jiff::civil::Date;

use super::range::Range;
use super::wording::{shown, similar};
use crate::model::{Account, Address, Code, Diagnostic, KindName, Span};

/// What a waiver is written at.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// A resource.
    One(Address),
    /// All numbers of a range.
    Range(Account, Range),
}

impl Subject {
    fn covers(&self, address: &Address) -> bool {
        match self {
            Self::One(one) => one == address,
            Self::Range(account, range) => {
                address.account == *account
                    && address.kind == KindName::Number
                    && range.contains(&address.name)
            }
        }
    }
}

/// One entry of `waive`.
#[derive(Clone, Debug)]
pub(super) struct Waiver {
    /// The code as written.
    pub code: Box<str>,
    /// The last day.
    pub until: Date,
    /// What it is written at.
    pub subject: Subject,
    /// Where.
    pub file: Arc<str>,
    /// The code's place.
    pub span: Span,
}

/// Leaves out what is waived, and says which waivers have no effect.
pub(super) fn waive(diagnostics: Vec<Diagnostic>, waivers: &[Waiver], today: Date) -> Vec<Diagnostic> {
    let mut used = vec![false; waivers.len()];
    let mut left = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let mut waived = false;
        if let Some(address) = diagnostic.address.as_ref().filter(|_| diagnostic.code.waivable()) {
            let here = |w: &Waiver| *w.code == *diagnostic.code.as_str() && w.subject.covers(address);
            for (_, used) in waivers.iter().zip(&mut used).filter(|(waiver, _)| here(waiver)) {
                *used = true;
            }
            waived = waivers.iter().any(|waiver| waiver.until >= today && here(waiver));
        }
        if !waived {
            left.push(diagnostic);
        }
    }
    let useless = waivers.iter().zip(used).filter_map(|(waiver, used)| without_effect(waiver, used, today));
    left.extend(useless);
    left
}

fn without_effect(waiver: &Waiver, used: bool, today: Date) -> Option<Diagnostic> {
    let code = shown(&waiver.code);
    let (message, help) = match Code::parse(&waiver.code) {
        None => {
            let known: Vec<_> = Code::ALL.iter().filter(|c| c.waivable()).map(|c| c.as_str()).collect();
            let meant = similar(&waiver.code, &known).map(|meant| format!("did you mean `{meant}`?"));
            let help = meant.unwrap_or_else(|| "`trunkform explain` lists the codes".to_owned());
            (format!("there is no diagnostic {code}"), help)
        }
        Some(code) if !code.waivable() => {
            (format!("`{code}` can't be waived"), "mend what it complains about".to_owned())
        }
        Some(_) if waiver.until < today => (
            format!("the waiver of {code} expired on {}", waiver.until),
            "mend what it complains about, or agree on a later day".to_owned(),
        ),
        Some(_) if !used => (format!("the waiver of {code} waives nothing"), "delete it".to_owned()),
        Some(_) => return None,
    };
    let mut complaint = Diagnostic::new(Code::CFG014, message).at(&waiver.file, waiver.span, "").help(help);
    if let Subject::One(address) = &waiver.subject {
        complaint = complaint.about(address);
    }
    Some(complaint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn number(name: &str) -> Address {
        Address::new(&Account::new("k"), KindName::Number, name)
    }

    fn waiver(code: &str, until: Date, subject: Subject) -> Waiver {
        Waiver { code: code.into(), until, subject, file: "f".into(), span: Span::new(1, 2) }
    }

    fn codes(diagnostics: &[Diagnostic], waivers: &[Waiver]) -> Vec<String> {
        let left = waive(diagnostics.to_vec(), waivers, date(2027, 1, 31));
        left.iter().map(|d| format!("{} {}", d.code, d.message)).collect()
    }

    #[test]
    fn a_waiver_silences_its_code_at_its_resource_up_to_its_last_day() {
        let found = [Diagnostic::new(Code::NUM006, "x").about(&number("+15550100001"))];
        let one = |until| waiver("NUM006", until, Subject::One(number("+15550100001")));
        assert!(codes(&found, &[one(date(2027, 1, 31))]).is_empty());
        let expired = codes(&found, &[one(date(2027, 1, 30))]);
        assert_eq!(expired, ["NUM006 x", "CFG014 the waiver of `NUM006` expired on 2027-01-30"]);
        let range = Range::parse("+15550100000..+15550100009").unwrap().unwrap();
        let all = |account| Subject::Range(Account::new(account), range);
        assert!(codes(&found, &[waiver("NUM006", date(2028, 1, 1), all("k"))]).is_empty());
        assert_eq!(codes(&found, &[waiver("NUM006", date(2028, 1, 1), all("other"))]).len(), 2);
    }

    #[test]
    fn a_waiver_without_effect_is_said() {
        let (day, subject) = (date(2028, 1, 1), Subject::One(number("+1")));
        let found = [Diagnostic::new(Code::CFG005, "x").about(&number("+1"))];
        let said = |code| codes(&found, &[waiver(code, day, subject.clone())]);
        assert_eq!(said("NUM007"), ["CFG005 x", "CFG014 the waiver of `NUM007` waives nothing"]);
        assert_eq!(said("CFG005"), ["CFG005 x", "CFG014 `CFG005` can't be waived"]);
        assert_eq!(said("NUM999")[1], "CFG014 there is no diagnostic `NUM999`");
    }
}
