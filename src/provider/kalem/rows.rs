//! One agent of the list that Kalem may have.
//! In: a JSON object. Out: its id, the sorts that it may be of, its name.
//! Trunks and numbers are read as on every platform, by `provider::read`.

use crate::api::Node;
use crate::model::{Id, KindName};
use crate::provider::read::{self, told};

/// An agent that a list told of.
pub(super) struct AgentRow {
    /// The sorts that it may be of: one, or both where the platform does not say.
    pub(super) kinds: &'static [KindName],
    /// Its name.
    pub(super) name: Option<Box<str>>,
}

/// Reads an agent.
pub(super) fn agent(json: Node<'_>) -> Result<(Id, AgentRow), String> {
    let id = read::id(json)?;
    let kinds: &[KindName] = match json.at("type").as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("voice") => &[KindName::VoiceAgent],
        Some("text") => &[KindName::TextAgent],
        _ => &[KindName::VoiceAgent, KindName::TextAgent],
    };
    Ok((id, AgentRow { kinds, name: told(json.at("name")) }))
}
