//! What a thing is called: `kalem.trunk.Office PBX`.
//! An address is made of an account, a kind and a name; it is a type, never a bare string.
//! Never holds an id: ids belong to the platform and change when a thing is made anew.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

/// The name of one platform account, `[a-z][a-z0-9-]*`; the first part of every address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account(Arc<str>);

/// The order of what is mostly one and the same thing. For equality the standard library looks at the pointers by itself.
fn shared<T: Ord + ?Sized>(one: &Arc<T>, other: &Arc<T>) -> Ordering {
    if Arc::ptr_eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}

impl Ord for Account {
    fn cmp(&self, other: &Self) -> Ordering {
        shared(&self.0, &other.0)
    }
}

impl PartialOrd for Account {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Account {
    /// Takes any text; the configuration file's schema is what restricts it.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of things that have an address. Trunks and numbers are managed; agents are only referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KindName {
    /// A SIP trunk, named by its `name`.
    Trunk,
    /// A phone number, named by its E.164 form.
    Number,
    /// An agent, where a platform has one sort of them.
    Agent,
    /// An agent that speaks, where a platform keeps two sorts apart.
    VoiceAgent,
    /// An agent that writes, where a platform keeps two sorts apart.
    TextAgent,
}

impl KindName {
    /// Every kind, in the order in which addresses sort.
    pub const ALL: [Self; 5] = [Self::Trunk, Self::Number, Self::Agent, Self::VoiceAgent, Self::TextAgent];

    /// The word in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::Number => "number",
            Self::Agent => "agent",
            Self::VoiceAgent => "voice_agent",
            Self::TextAgent => "text_agent",
        }
    }

    /// The reverse of [`KindName::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of one thing of one account. Sorts by account, then kind (trunks first), then name.
///
/// A hundred thousand of them are compared with each other and stand in many places: one is a pointer to its parts, which all its copies share.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Arc<Parts>);

/// What an address is made of.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parts {
    /// Whose it is.
    pub account: Account,
    /// What it is.
    pub kind: KindName,
    /// A trunk's name, a number's E.164 form, an agent's name (its id where the name is unknown).
    pub name: Arc<str>,
}

impl Deref for Address {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Ord for Address {
    fn cmp(&self, other: &Self) -> Ordering {
        shared(&self.0, &other.0)
    }
}

impl PartialOrd for Address {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Address {
    /// Without the account: those that meet in one table are nearly always of one.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.kind, &self.name).hash(state);
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Address {
    /// Puts the three parts together.
    pub fn new(account: &Account, kind: KindName, name: &str) -> Self {
        Self(Arc::new(Parts { account: account.clone(), kind, name: name.into() }))
    }

    /// The form that Terraform's readers want: `kalem_number.kalem["+15551234567"]`.
    pub fn terraform(&self, provider: &str) -> String {
        format!("{provider}_{}.{}[{}]", self.kind, self.account, serde_json::Value::from(&*self.name))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.account, self.kind, self.name)
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '.');
        let (Some(account), Some(kind), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format!(
                "`{text}` is not an address; write ACCOUNT.KIND.NAME, as in `prod.trunk.Office PBX`"
            ));
        };
        let kind = KindName::parse(kind)
            .ok_or_else(|| format!("`{kind}` in `{text}` is not a kind; write trunk or number"))?;
        Ok(Self::new(&Account::new(account), kind, name))
    }
}

/// A pattern over addresses, `*` and `?` as in a shell; matches with or without the account in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Box<str>);

impl Pattern {
    /// Any text is a pattern; one without `*` and `?` matches the one address it spells.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the address, or the address without its account, matches as a whole.
    ///
    /// Of two live things with one name, which are told apart as `NAME#ID`, the name alone matches both: what is left alone by its name stays so.
    pub fn matches(&self, address: &Address) -> bool {
        let Parts { account, kind, name } = &**address;
        let pattern = wildmatch::WildMatch::new(&self.0);
        let matches = |name: &str| {
            pattern.matches(&format!("{account}.{kind}.{name}")) || pattern.matches(&format!("{kind}.{name}"))
        };
        matches(name) || name.rsplit_once('#').is_some_and(|(shared, _)| matches(shared))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_written_with_dots_in_the_name() {
        let text = "kalem.trunk.pbx.example.com";
        let address: Address = text.parse().unwrap();
        assert_eq!(
            (address.kind, &*address.name, address.to_string()),
            (KindName::Trunk, "pbx.example.com", text.into())
        );
        assert!("kalem.trunk".parse::<Address>().is_err());
        assert!("kalem.pbx.x".parse::<Address>().unwrap_err().contains("`pbx`"));
    }

    #[test]
    fn a_pattern_matches_with_and_without_the_account() {
        let address: Address = "kalem.number.+18005550100".parse().unwrap();
        assert!(Pattern::new("number.+1800*").matches(&address));
        assert!(Pattern::new("kalem.number.+1800555010?").matches(&address));
        assert!(!Pattern::new("+1800*").matches(&address));
        assert!(!Pattern::new("trunk.*").matches(&address));
    }

    #[test]
    fn a_pattern_that_is_a_name_matches_all_that_share_it() {
        let twin: Address = "kalem.trunk.Dup#9".parse().unwrap();
        assert!(Pattern::new("trunk.Dup").matches(&twin) && Pattern::new("kalem.trunk.Dup#9").matches(&twin));
        assert!(!Pattern::new("trunk.Dup#1").matches(&twin) && !Pattern::new("trunk.Du").matches(&twin));
    }

    #[test]
    fn the_terraform_form_quotes_the_identity() {
        let address: Address = "kalem.trunk.a \"b\"".parse().unwrap();
        assert_eq!(address.terraform("kalem"), r#"kalem_trunk.kalem["a \"b\""]"#);
    }
}
