//! All wording of this stage.
//! In: what could not be resolved. Out: a diagnostic that points at the place and says what to write.
//! Decides nothing.

use crate::model::{Address, Agent, Code, Diagnostic, Entry, Id, KindName, Resource, Severity};

/// A text that a file has somewhere.
pub(super) struct Written<'a> {
    /// In this resource.
    pub(super) resource: &'a Resource,
    /// As this attribute.
    pub(super) entry: &'a Entry,
    /// The text itself.
    pub(super) text: &'a str,
}

impl Written<'_> {
    fn complain(&self, code: Code, message: String) -> Diagnostic {
        let complaint = Diagnostic::new(code, message).about(&self.resource.address);
        match &self.resource.origin {
            Some(origin) => complaint.at(&origin.file, self.entry.span, ""),
            None => complaint,
        }
    }
}

fn about(resource: &Resource, code: Code, message: String) -> Diagnostic {
    let complaint = Diagnostic::new(code, message).about(&resource.address);
    match &resource.origin {
        Some(origin) => complaint.at(&origin.file, origin.span, ""),
        None => complaint,
    }
}

/// The name most like a misspelt one, if any is like it at all.
pub(super) fn closest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&word, &name.to_lowercase());
    let rated = names.map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= 0.6);
    rated.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, name)| name)
}

fn ids<'a>(ids: impl Iterator<Item = &'a Id>) -> String {
    ids.map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

fn pins(live: &[&Resource]) -> String {
    ids(live.iter().filter_map(|trunk| trunk.id.as_ref()))
}

fn first(live: &[&Resource]) -> String {
    live.iter().find_map(|trunk| trunk.id.as_ref()).map(Id::to_string).unwrap_or_default()
}

/// LIV001 at a declared trunk.
pub(super) fn two_of_one_name(trunk: &Resource, name: &str, live: &[&Resource]) -> Diagnostic {
    let message = format!("{} live trunks are named `{name}`, with the ids {}", live.len(), pins(live));
    about(trunk, Code::LIV001, message).help(format!("say which one is meant: write `id: {}`", first(live)))
}

/// LIV001 at a number.
pub(super) fn number_live_twice(number: &Resource, live: &[&Resource]) -> Diagnostic {
    let name = &number.address.name;
    let message = format!("`{name}` is live {} times, with the ids {}", live.len(), pins(live));
    about(number, Code::LIV001, message)
        .help(format!("delete the superfluous one at the platform, or write `number.{name}` under `ignore`"))
}

/// LIV001 at a reference.
pub(super) fn ambiguous_trunk(written: &Written<'_>, live: &[&Resource]) -> Diagnostic {
    let Written { text, .. } = written;
    let message = format!("{} live trunks are named `{text}`, with the ids {}", live.len(), pins(live));
    let help = format!("list the one that is meant under `trunks`, with `id: {}`", first(live));
    written.complain(Code::LIV001, message).help(help)
}

/// LIV002.
pub(super) fn pin_not_live(declared: &Resource, pin: &Id, live: Option<&Id>) -> Diagnostic {
    let kind = declared.address.kind;
    let message = format!("no live {kind} of this name has the id `{pin}`");
    match (live, kind) {
        (Some(live), _) => about(declared, Code::LIV002, message).help(format!(
            "`{}` is live with the id `{live}`: remove `id:`, or write `id: {live}`",
            declared.address.name
        )),
        (None, KindName::Trunk) => about(declared, Code::LIV002, format!("no live trunk has the id `{pin}`"))
            .help("remove `id:` to have it made, or write the id of the live trunk that is meant"),
        (None, _) => about(declared, Code::LIV002, message).help("remove `id:` to have it made"),
    }
}

/// LIV003.
pub(super) fn two_agents(written: &Written<'_>, found: &[Id]) -> Diagnostic {
    let message =
        format!("{} agents are named `{}`, with the ids {}", found.len(), written.text, ids(found.iter()));
    let id = found.first().map(Id::to_string).unwrap_or_default();
    let help = format!("write the id of the one that is meant: `{}: \"{id}\"`", written.entry.name);
    written.complain(Code::LIV003, message).help(help)
}

/// LIV003 for a text that is the name of one agent and the id of another.
pub(super) fn name_or_id(written: &Written<'_>, named: &Id, other: &Address) -> Diagnostic {
    let Written { entry, text, .. } = written;
    let message = format!("`{text}` is the name of one agent, with the id `{named}`, and the id of another");
    let help = format!(
        "write `{0}: \"{named}\"` for the one of that name, `{0}: {1}` for the one of that id",
        entry.name,
        serde_json::Value::from(&*other.name)
    );
    written.complain(Code::LIV003, message).help(help)
}

/// NUM009 for an agent of a kind of which the platform lists none.
pub(super) fn no_agents(written: &Written<'_>) -> Diagnostic {
    let message = format!("there is no agent `{}`", written.text);
    written.complain(Code::NUM009, message).help("the platform lists no agents: write the agent's id")
}

/// NUM009 for an id that the platform's list of agents lacks: a warning, since no page says that the list is whole.
pub(super) fn unlisted_agent(written: &Written<'_>) -> Diagnostic {
    let message = format!("the platform lists no agent with the id `{}`", written.text);
    let help = "check the id; if it is right, the platform takes it";
    written.complain(Code::NUM009, message).severity(Severity::Warning).help(help)
}

/// NUM009 for an agent.
pub(super) fn no_agent(written: &Written<'_>, suggestion: Option<&str>) -> Diagnostic {
    let message = format!("there is no agent `{}`", written.text);
    let help = match suggestion {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write the name of a live agent, or its id".into(),
    };
    written.complain(Code::NUM009, message).help(help)
}

/// NUM009 for a trunk.
pub(super) fn no_trunk(written: &Written<'_>, suggestion: Option<&str>) -> Diagnostic {
    let message = format!("there is no trunk `{}`, neither in the file nor live", written.text);
    let help = match suggestion {
        Some(name) => format!("did you mean `{name}`?"),
        None => "list it under `trunks`, or write the name of a live one".into(),
    };
    written.complain(Code::NUM009, message).help(help)
}

/// NUM009 for a trunk that the file itself gives another name.
pub(super) fn renamed_trunk(written: &Written<'_>, to: &Address) -> Diagnostic {
    let message = format!("the trunk `{}` is `{}` in the file", written.text, to.name);
    written.complain(Code::NUM009, message).help(format!("write `{}`", to.name))
}

/// TRK005 at a transport, with the one that the live encryption needs.
pub(super) fn readable_keys(trunk: &Resource, entry: &Entry, (text, tls): (&str, &str)) -> Diagnostic {
    let message = format!(
        "the live trunk `{}` has `media_encryption: sdes`, which needs TLS, and the transport becomes `{text}`",
        trunk.address.name
    );
    let help = format!("write `media_encryption: \"no\"` beside it, or `{}: {tls}`", entry.name);
    Written { resource: trunk, entry, text }.complain(Code::TRK005, message).help(help)
}

/// LIV004; `condition` are the platform's words.
pub(super) fn unhealthy(trunk: &Resource, condition: &str) -> Diagnostic {
    let message = format!("the live trunk `{}` is not healthy: {condition}", trunk.address.name);
    about(trunk, Code::LIV004, message)
        .help("look at the carrier's side and at what the platform says of the trunk")
}

/// LIV005.
pub(super) fn homeless(number: &Resource, attribute: &str) -> Diagnostic {
    let message = format!("`{}` is not live, and can't be made without a {attribute}", number.address.name);
    about(number, Code::LIV005, message)
        .help(format!("write `{attribute}: NAME`, the {attribute} that it is to be on"))
}

/// LIV008.
pub(super) fn rented(number: &Resource) -> Diagnostic {
    let name = &number.address.name;
    let message =
        format!("`{name}` is live, but on no trunk: the platform rents it out, and it can't be put on one");
    about(number, Code::LIV008, message)
        .help("take it out of the file; its agent is chosen at the platform itself")
}

/// LIV007; `former` are the live trunks of the former name `name`.
pub(super) fn former_name_live(
    trunk: &Resource,
    live: &Resource,
    (name, former): (&str, &[&Resource]),
) -> Diagnostic {
    let (now, others) = (pins(&[live]), pins(former));
    let message = format!(
        "`{}` (id {now}) and its former name `{name}` (id {others}) are both live: `renamed_from` has no effect, and it is the first that becomes what the file says",
        trunk.address.name
    );
    about(trunk, Code::LIV007, message).help(format!(
        "take `renamed_from` out if that is meant; else rename or delete one of them at the platform, or write `id: {}`",
        first(former)
    ))
}

/// LIV001 at a trunk that has its name only with a mark.
pub(super) fn name_is_taken(trunk: &Resource, live: &Resource, other: &Resource) -> Diagnostic {
    let (now, others) = (pins(&[live]), pins(&[other]));
    let name = &trunk.address.name;
    let message = format!(
        "two live trunks claim the name `{name}`: one that a run was about to call so (id {now}), and one that is called so (id {others})"
    );
    about(trunk, Code::LIV001, message).help(format!(
        "list the other one under another name, with `id: {}`; or rename or delete one of them at the platform",
        first(&[other])
    ))
}

/// LIV007 at a trunk whose former name another declared one has.
pub(super) fn perhaps_exchanged(trunk: &Resource, former: &Resource) -> Diagnostic {
    let (name, now) = (&trunk.address.name, pins(&[former]));
    let message = format!(
        "whether `{name}` was renamed already can't be seen: the live trunk of its former name (id {now}) fits the file, with the numbers that are on it, no better than the one that has the name there; it is taken as done"
    );
    about(trunk, Code::LIV007, message).help(format!(
        "if it was, take `renamed_from` out; if it is still to be renamed, write `id: {}`",
        first(&[former])
    ))
}

/// LIV007 at a trunk that is not live, while the live one of its former name is more like the declared one of that name.
pub(super) fn perhaps_deleted(trunk: &Resource, live: &Resource, heir: &Resource) -> Diagnostic {
    let (name, heir, id) = (&trunk.address.name, &heir.address.name, pins(&[live]));
    let message = format!(
        "`{name}` is not live, and the live trunk of its former name (id {id}) becomes it, though that one is more like `{heir}` in the file"
    );
    about(trunk, Code::LIV007, message).help(format!(
        "if `{name}` was renamed once and has been deleted since, take `renamed_from` out; else write `id: {}`",
        first(&[live])
    ))
}

/// NUM012.
pub(super) fn only_out(number: &Resource, entry: &Entry, agent: &Agent) -> Diagnostic {
    let (name, agent) = (&number.address.name, &agent.address.name);
    let message = format!("the agent `{agent}` only calls out: nobody answers calls to `{name}`");
    let help = "name an agent that takes calls; if the number is only for calls out, waive this";
    Written { resource: number, entry, text: agent }.complain(Code::NUM012, message).help(help)
}

/// LIV006.
pub(super) fn several_agents(number: &Resource, entry: &Entry, agents: &[&Agent]) -> Diagnostic {
    let names: Vec<_> = agents.iter().map(|agent| format!("`{}`", agent.address.name)).collect();
    let message = format!("{} agents have `{}`: {}", agents.len(), number.address.name, names.join(", "));
    let help = "the agent named here takes the place of those whose calls go its way, and of no other; if it is meant so, waive this";
    Written { resource: number, entry, text: "" }.complain(Code::LIV006, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_like_the_word_and_the_same_every_time() {
        assert_eq!(closest("ofice pbx", ["Office PBX", "Fax"].into_iter()), Some("Office PBX"));
        assert_eq!(closest("Sales", ["Support"].into_iter()), None);
        assert_eq!(closest("Sale", ["Sale2", "Sale1"].into_iter()), Some("Sale1"));
    }
}
