//! Silences what somebody has accepted for a time.
//! In: complaints (of the files, then of each live account), the waivers of the files, the day. Out: the complaints that are left, and one about each waiver
//! that has no effect. Silences only what a code's table says may be waived.

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
    fn account(&self) -> &Account {
        match self {
            Self::One(address) => &address.account,
            Self::Range(account, _) => account,
        }
    }

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

impl Waiver {
    fn is_live(&self) -> bool {
        Code::parse(&self.code).is_some_and(|code| LIVE.contains(&code))
    }
}

/// What a live account can show and a waiver can silence: as long as the account was not read, nobody knows whether such a waiver waives nothing.
const LIVE: &[Code] = &[Code::TRK005, Code::NUM009, Code::NUM012, Code::LIV004, Code::LIV006, Code::LIV007];

/// The waivers of all files, and which of them have silenced something.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    all: Vec<Waiver>,
    used: Vec<bool>,
    today: Date,
}

impl Waivers {
    pub(super) fn new(all: Vec<Waiver>, today: Date) -> Self {
        Self { used: vec![false; all.len()], all, today }
    }

    /// What the files' own complaints come to: without what is waived, with what has no effect as far as the files show.
    pub(super) fn over_files(&mut self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut left = Vec::with_capacity(found.len());
        left.extend(found.into_iter().filter(|complaint| !self.covers(complaint)));
        left.extend(self.useless(|waiver| !waiver.is_live() || waiver.until < self.today));
        left
    }

    /// What the complaints of one live account come to, the account having been read. Pure: the same account may be read again.
    #[must_use]
    pub fn over_live(&self, account: &Account, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut now = self.clone();
        let mut left = found;
        left.retain(|complaint| !now.covers(complaint));
        let told = |waiver: &Waiver| waiver.is_live() && waiver.until >= now.today;
        left.extend(now.useless(|waiver| waiver.subject.account() == account && told(waiver)));
        left
    }

    /// Whether a complaint is silenced; remembers by which waivers it would be.
    fn covers(&mut self, complaint: &Diagnostic) -> bool {
        let Some(address) = complaint.address.as_ref().filter(|_| complaint.code.waivable()) else {
            return false;
        };
        let mut waived = false;
        for (waiver, used) in self.all.iter().zip(&mut self.used) {
            if *waiver.code == *complaint.code.as_str() && waiver.subject.covers(address) {
                *used = true;
                waived |= waiver.until >= self.today;
            }
        }
        waived
    }

    fn useless(&self, among: impl Fn(&Waiver) -> bool) -> Vec<Diagnostic> {
        let waivers = self.all.iter().zip(&self.used).filter(|(waiver, _)| among(waiver));
        waivers.filter_map(|(waiver, used)| without_effect(waiver, *used, self.today)).collect()
    }
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
        let mut waivers = Waivers::new(waivers.to_vec(), date(2027, 1, 31));
        let left = waivers.over_files(diagnostics.to_vec());
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

    #[test]
    fn what_only_a_live_account_shows_is_waived_there_and_said_to_be_useless_only_there() {
        let (here, day) = (Account::new("k"), date(2028, 1, 1));
        let at = |name: &str, code| waiver(code, day, Subject::One(number(name)));
        let mut waivers = Waivers::new(
            vec![at("+1", "NUM012"), at("+2", "LIV006"), at("+3", "NUM009"), at("+4", "NUM007")],
            date(2027, 1, 31),
        );
        let said = |found: &[Diagnostic]| found.iter().map(|d| d.message.clone()).collect::<Vec<_>>();
        let dangling = Diagnostic::new(Code::NUM009, "x").about(&number("+3"));
        let offline = waivers.over_files(vec![dangling]);
        assert_eq!(said(&offline), ["the waiver of `NUM007` waives nothing"]);
        let live =
            [Diagnostic::new(Code::NUM012, "y").about(&number("+1")), Diagnostic::new(Code::LIV001, "z")];
        for _ in 0..2 {
            let left = waivers.over_live(&here, live.to_vec());
            assert_eq!(said(&left), ["z", "the waiver of `LIV006` waives nothing"]);
        }
        assert!(
            waivers.over_live(&Account::new("other"), vec![]).is_empty(),
            "another account says nothing of these"
        );
    }

    #[test]
    fn an_expired_waiver_is_said_once_and_silences_nothing_live() {
        let late = waiver("NUM012", date(2027, 1, 30), Subject::One(number("+1")));
        let mut waivers = Waivers::new(vec![late], date(2027, 1, 31));
        assert_eq!(waivers.over_files(vec![]).len(), 1);
        let live = vec![Diagnostic::new(Code::NUM012, "y").about(&number("+1"))];
        assert_eq!(waivers.over_live(&Account::new("k"), live.clone()), live);
    }
}
