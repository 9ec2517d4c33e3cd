//! What differs between desired and observed, one change a resource.
//! Says what should become different, not how: which requests that takes is the provider's to know.
//! Nothing is decided later than here; the reason is for the reader only.

use super::address::Address;
use super::resource::Resource;
use super::value::Value;

/// What stands behind a trunk's name while the trunk is made anew under the numbers of the old one.
///
/// The new trunk carries it until the old one is gone; a live trunk that still has it was left from a run that stopped half way.
pub const REPLACEMENT_MARK: &str = " [trunkform replacement]";

/// What stands behind the name that a live trunk is to have while another one still has that name.
///
/// A live trunk that has it was left from a run that stopped half way, and is the declared trunk of the name in front.
pub const RENAMING_MARK: &str = " [trunkform renaming]";

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It is not live.
    Create,
    /// It is live and differs in what can be changed in place.
    Update,
    /// It is live and differs in what can't: a new one is made, then the old one goes.
    Replace,
    /// It is live and should not be.
    Delete,
}

impl Action {
    /// The sign in front of a line; the word always stands beside it.
    pub fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Update => '~',
            Self::Replace => '±',
            Self::Delete => '-',
        }
    }

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
        }
    }
}

/// One attribute that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeChange {
    /// Its name.
    pub name: &'static str,
    /// What is live; none where the platform did not say.
    pub before: Option<Value>,
    /// What should be; a secret that is sent again stands here though it can't be compared.
    pub after: Value,
}

/// One resource that differs.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which.
    pub address: Address,
    /// What happens to it.
    pub action: Action,
    /// As it is, with its id; none for a create.
    pub before: Option<Resource>,
    /// As it should be, only what is managed; none for a delete.
    pub after: Option<Resource>,
    /// The attributes that differ, in the order of the kind; all managed ones for a create, none for a delete.
    pub attributes: Vec<AttributeChange>,
    /// Why, in the words of the plan: "`trunk` differs".
    pub reason: String,
}

impl Change {
    /// What should become of an attribute, if it differs.
    pub fn after(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|a| a.name == name).map(|a| &a.after)
    }
}
