//! A plan on its way through a command.
//! In: what planning gave. Out: the plan with what it was made from, for those who show it and for those who send it.
//! Makes nothing itself.

use trunkform::model::{Plan, Sources};

use super::asked::Asked;
use super::exit::Failure;
use super::reach::Reached;

/// A plan with what it was made from.
#[derive(Default)]
pub(super) struct Made {
    pub(super) plan: Plan,
    pub(super) sources: Sources,
    pub(super) reached: Vec<Reached>,
    /// What there is to say of the command line, without being wrong.
    pub(super) notes: Vec<String>,
    /// What somebody asked about, if anybody did.
    pub(super) asked: Option<Asked>,
}

impl Made {
    /// A plan that could not even be begun.
    pub(super) fn failed(Failure(why): Failure) -> Self {
        Self { plan: Plan { errors: vec![why], ..Plan::default() }, ..Self::default() }
    }
}
