//! What a reviewer should know of a step beside what it does.
//! In: the words of a provider, the edges that the planner drew. Out: values that a plan carries along.
//! For the reader only: what is sent, and in which order, is the same without them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Why a step waits for an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Wait {
    /// Both are of one change, whose requests run in a row.
    Row,
    /// The earlier one makes an id that this one, or one after it in its change, needs.
    NewId,
    /// The earlier one ends what uses the thing that this one gives up.
    LetsGo,
    /// The platform wants the earlier one first.
    Platform,
    /// The earlier one gives up the name that this one takes.
    Name,
    /// The earlier one finishes the trunk that this one comes to.
    Stands,
    /// The earlier one is about the number at the account that it goes to.
    Crosses,
}

impl Wait {
    /// The words for a reader, whichever of the two steps is looked at.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Row => "the requests of one change run in a row",
            Self::NewId => "the earlier one makes an id that the later one needs",
            Self::LetsGo => "what uses a thing lets go of it before it goes",
            Self::Platform => "the platform wants them in this order",
            Self::Name => "the name is taken until the earlier one is done",
            Self::Stands => "nothing is moved before its new target stands",
            Self::Crosses => "a number stands at its new account before the old one lets go of it",
        }
    }
}

/// What a reviewer should know of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Notes {
    /// Why it waits, one for each of the steps that it waits on; a single one stands for all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// What the platform does beside what the request asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side_effect: Option<Cow<'static, str>>,
    /// Why nothing can undo it; only of a step that is irreversible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub irreversible: Option<Cow<'static, str>>,
}

impl Notes {
    /// Whether there is nothing to know.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Why it waits on the step at this place of its list.
    pub fn wait(&self, at: usize) -> Option<Wait> {
        if self.waits.len() == 1 { self.waits.first().copied() } else { self.waits.get(at).copied() }
    }

    /// The reasons of all waits; one where they are the same.
    #[must_use]
    pub fn waiting(mut self, mut waits: Vec<Wait>) -> Self {
        if waits.windows(2).all(|pair| pair[0] == pair[1]) {
            waits.truncate(1);
        }
        self.waits = waits;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_stands_for_all() {
        let notes = Notes::default().waiting(vec![Wait::LetsGo; 3]);
        assert_eq!((notes.waits.len(), notes.wait(2)), (1, Some(Wait::LetsGo)));
        let notes = Notes::default().waiting(vec![Wait::Row, Wait::LetsGo]);
        assert_eq!(
            [notes.wait(0), notes.wait(1), notes.wait(2)],
            [Some(Wait::Row), Some(Wait::LetsGo), None]
        );
        assert!(Notes::default().waiting(vec![]).is_nothing());
    }
}
