//! What the author of a file can fix: a code, the places, and what to write instead.
//! A lower-case phrase with the offending value in backticks; `help` says what to write.
//! The codes are one table; their long texts and examples stand in `explain`.

use std::fmt;
use std::sync::Arc;

use super::address::Address;
use super::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is planned or sent.
    Error,
    /// Worth a look; an error with `--strict`.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

macro_rules! codes {
    ($($code:ident $severity:ident $waivable:literal $summary:literal;)*) => {
        /// A stable code. Codes are never reused; the number says nothing of importance.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(clippy::upper_case_acronyms)]
        pub enum Code { $(#[doc = $summary] $code,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// The code as written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// How bad it usually is; a diagnostic may be milder or harder where the case is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }

            /// Whether a resource may waive it with a reason and a date.
            pub fn waivable(self) -> bool {
                match self { $(Self::$code => $waivable,)* }
            }

            /// One line about it.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$code => $summary,)* }
            }
        }
    };
}

codes! {
    CFG001 Error false "the file is not YAML";
    CFG002 Error false "the text is not UTF-8, or has characters that nobody can see";
    CFG003 Error false "a key stands twice in one mapping";
    CFG004 Error false "the file is larger, deeper or has more aliases than is safe to read";
    CFG005 Error false "a key that is not known here";
    CFG006 Error false "a key that is needed is missing";
    CFG007 Error false "a value of the wrong type";
    CFG008 Error false "a value that is not allowed here";
    CFG009 Error false "more than one YAML document in a file";
    CFG010 Error false "a YAML tag that is not of the core schema";
    CFG011 Warning false "plain text that other YAML readers take for something else";
    CFG012 Error false "a file that can't be read, or no file at all";
    CFG013 Error false "files of one account that disagree";
    CFG014 Warning false "a waiver that is expired, or that waives nothing";
    CFG015 Error false "an inventory that is no table of numbers";
    TRK001 Error true "a port outside 1 to 65535";
    TRK002 Error true "a host field with more than a host in it";
    TRK003 Error true "a host name that can't exist";
    TRK004 Warning true "a port that is the usual one of another transport";
    TRK005 Error true "encrypted audio whose keys are not encrypted";
    TRK006 Info true "encrypted messages and audio that is not";
    TRK007 Warning true "an exception to an encryption that there is none of";
    TRK008 Warning true "TLS to an address instead of a name";
    TRK009 Error false "what this sort of trunk needs is missing";
    TRK010 Warning true "a field that this sort of trunk does not use";
    TRK011 Error false "gateways, credentials or addresses that this sort of trunk needs are missing";
    TRK012 Warning true "credentials or addresses that this sort of trunk does not use";
    TRK013 Info true "a trunk that stays off because the file does not switch it on";
    TRK014 Warning true "an address that the platform can't reach";
    TRK015 Warning true "an address with a mask, where a network or an address belongs";
    TRK016 Warning true "a network so wide that strangers are in it";
    TRK017 Warning true "two inbound trunks that share source addresses";
    TRK018 Info true "an address that another one of the same trunk covers";
    TRK019 Warning true "a target or a priority that stands twice";
    TRK020 Info true "a trunk with only one gateway";
    TRK021 Error true "a codec that there is none of";
    TRK022 Warning true "codecs are allowed that the file does not name";
    TRK023 Warning true "the codec that the platform speaks is not allowed";
    TRK024 Error true "codecs with which there would be no audio, or one that is allowed and refused";
    TRK025 Warning true "a setting with which audio or answers are lost";
    TRK026 Warning true "gateways that are checked never, too often or too seldom";
    TRK027 Error false "a trunk that stands twice in one account, by name, id or former name";
    TRK028 Warning true "a target that is the platform itself";
    TRK030 Warning true "a trunk that nothing uses, or that lets no call in to those who use it";
    SEC001 Error false "a secret written into the file";
    SEC002 Error false "a secret that is too short for the platform";
    SEC004 Warning true "one secret or user name on two trunks";
    SEC005 Info true "strangers call from the addresses that are let in";
    SEC006 Info true "a password whose proof can be read on its way";
    SEC007 Warning true "a user name that SIP or a carrier can't take";
    SEC008 Error false "a secret that can't be found or is malformed";
    SEC009 Error false "a variable that may not be named as a secret";
    NUM001 Error true "a number that is not in E.164 form";
    NUM002 Warning true "a number without quotes";
    NUM003 Error true "a number with a dialling prefix or separators";
    NUM005 Error true "a number that stands twice";
    NUM006 Error true "a short code or an emergency number";
    NUM007 Warning true "a number that is kept for documentation";
    NUM009 Error true "a trunk or agent that is nowhere";
    NUM010 Warning true "a number whose calls nobody answers";
    NUM011 Warning true "a status that can have no effect";
    NUM012 Warning true "an agent that only calls out has a number for calls that come in";
    NUM013 Error true "a country that is not the number's, or one that nothing tells";
    NUM014 Error true "a range that can't be meant";
    NUM015 Info true "numbers with a plus at a carrier that wants none";
    NUM016 Error false "an override of a number that nothing declares";
    LIV001 Error false "two live things have this name";
    LIV002 Error false "no live trunk has this id";
    LIV003 Error false "two agents fit this name";
    LIV004 Warning true "a live trunk is not healthy";
    LIV005 Error false "a number can't be made without a trunk";
    LIV006 Warning true "a number that several agents have";
    LIV007 Warning true "a trunk and its former name are both live";
    LIV008 Error false "a number that the platform itself has";
    PLN001 Error false "more removals than the limits allow";
    PLN004 Error false "the plan is stale";
    PLN007 Error false "a protected thing would lose something";
    PLN008 Error false "a change that would release a number";
    PLN009 Error false "a trunk would go while something that must stay uses it";
    PLN010 Warning false "something is taken off the air and put back, and the file does not say all of it";
    PLN011 Error false "an account shows far less than when the plan was made";
    PLN012 Error false "another run holds the lease";
    PLN013 Warning false "something that a run changed can't come back as it was";
    PLN014 Warning false "a number that another account of the run declares";
}

impl Code {
    /// The reverse of [`Code::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a file, with what is to be said of it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file's path, as in [`super::Sources`].
    pub file: Arc<str>,
    /// The bytes.
    pub span: Span,
    /// A few words; empty where the message says it all.
    pub text: String,
}

/// One complaint. The first label is the place; the others say what it has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
    /// The resource that it is about.
    pub address: Option<Address>,
}

impl Diagnostic {
    /// A complaint of the code's usual severity, without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: Vec::new(),
            help: None,
            address: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, file: &Arc<str>, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { file: file.clone(), span, text: text.into() });
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which resource it is about.
    #[must_use]
    pub fn about(mut self, address: &Address) -> Self {
        self.address = Some(address.clone());
        self
    }

    /// Makes it milder or harder than its code usually is.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether it stops everything.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for &code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(code));
        }
        assert_eq!(Code::parse("TRK999"), None);
    }
}
