//! What must come of a file and an account, worked out from the two alone.
//! In: a case and what was live. Out: what goes, what stays, what is made anew, which plan is refused and why.
//! The oracle of the laws: nothing of the code under test takes part in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::worlds::seen::{Seen, Thing};
use crate::worlds::{Case, Platform};

/// What the file makes of one account.
pub struct Expected<'a> {
    pub case: &'a Case,
    pub before: &'a Seen,
    /// New names of live trunks, by the old ones.
    pub renamed: BTreeMap<&'a str, &'a str>,
}

impl<'a> Expected<'a> {
    pub fn new(case: &'a Case, before: &'a Seen) -> Self {
        let renames = case.declared("trunks").filter_map(|trunk| {
            let (old, new) = (trunk.get("renamed_from")?.as_str()?, trunk["name"].as_str()?);
            (before.trunk(old).is_some() && before.trunk(new).is_none()).then_some((old, new))
        });
        Self { case, before, renamed: renames.collect() }
    }

    /// The name that a live trunk has afterwards, unless it goes.
    pub fn name_of<'b>(&'b self, trunk: &'b str) -> &'b str {
        self.renamed.get(trunk).copied().unwrap_or(trunk)
    }

    pub fn trunk_goes(&self, trunk: &str) -> bool {
        let declared = self.case.names("trunks", "name").contains(self.name_of(trunk));
        !declared && self.case.unlisted("trunks") == "delete" && !self.is_ignored("trunk", trunk)
    }

    /// Whether the file says to leave it alone.
    fn is_ignored(&self, kind: &str, name: &str) -> bool {
        let address = format!("{kind}.{name}");
        let patterns = self.case.file["ignore"].as_array().into_iter().flatten().filter_map(Json::as_str);
        patterns.into_iter().any(|pattern| wildmatch::WildMatch::new(pattern).matches(&address))
    }

    pub fn number_goes(&self, number: &str) -> bool {
        let unlisted = self.declared_number(number).is_none() && self.case.unlisted("numbers") == "delete";
        unlisted && !self.is_ignored("number", number)
    }

    pub fn declared_trunk(&self, name: &str) -> Option<&'a Map<String, Json>> {
        self.case.declared("trunks").find(|trunk| trunk["name"] == name)
    }

    pub fn declared_number(&self, name: &str) -> Option<&'a Map<String, Json>> {
        self.case.declared("numbers").find(|number| number["number"] == name)
    }

    /// Whether a live trunk is made anew.
    pub fn is_replaced(&self, live: &Thing) -> bool {
        let Some(declared) = self.declared_trunk(self.name_of(&live.name)) else { return false };
        let differs = |name: &&str| declared.get(*name).is_some_and(|wanted| live.says[*name] != *wanted);
        self.case.platform.immutable().iter().any(differs)
    }

    /// Whether the trunk of a number goes or gets a new id, so that the number is touched although nothing is said of it.
    pub fn loses_its_trunk(&self, number: &Thing) -> bool {
        let trunk = number.says["trunk"].as_str().and_then(|name| self.before.trunk(name));
        trunk.is_some_and(|trunk| self.trunk_goes(&trunk.name) || self.is_replaced(trunk))
    }

    /// The trunks that there are afterwards.
    pub fn trunk_names(&self) -> BTreeSet<String> {
        let stay = self.before.trunks.iter().filter(|trunk| !self.trunk_goes(&trunk.name));
        let stay = stay.map(|trunk| self.name_of(&trunk.name));
        stay.chain(self.case.names("trunks", "name")).map(str::to_owned).collect()
    }

    /// The numbers that there are afterwards.
    pub fn number_names(&self) -> BTreeSet<String> {
        let stay = self.before.numbers.iter().map(|number| number.name.as_str());
        let stay = stay.filter(|number| !self.number_goes(number));
        stay.chain(self.case.names("numbers", "number")).map(str::to_owned).collect()
    }

    /// Why no plan is safe: codes, each with the things that it must name.
    ///
    /// What can't live without its trunk moves by being deleted and made again. Where the file does not say on which trunk, or does not list it at all, a run that
    /// stops between the two could never be made good (law 5).
    pub fn refusals(&self) -> BTreeSet<(&'static str, BTreeSet<String>)> {
        let released = self.before.numbers.iter().filter(|number| self.is_released(number));
        let mut refusals: BTreeSet<_> =
            released.map(|number| ("PLN008", BTreeSet::from([self.number_address(&number.name)]))).collect();
        for trunk in self.before.trunks.iter().filter(|_| self.case.platform.is_vital()) {
            let stuck = self.before.on(&trunk.name).filter(|number| self.is_stuck(number, trunk));
            let mut addresses: BTreeSet<String> =
                stuck.map(|number| self.number_address(&number.name)).collect();
            if !addresses.is_empty() {
                addresses.insert(format!("{}.trunk.{}", self.case.account, self.name_of(&trunk.name)));
                refusals.insert(("PLN009", addresses));
            }
        }
        refusals
    }

    fn number_address(&self, number: &str) -> String {
        format!("{}.number.{number}", self.case.account)
    }

    /// Whether a live number would have to be given up for good, or for a moment after which nothing could bring it back.
    fn is_released(&self, live: &Thing) -> bool {
        let Some(declared) = self.declared_number(&live.name) else { return false };
        let differs =
            |name: &str| declared.get(name).is_some_and(|wanted| live.says.get(name) != Some(wanted));
        if !self.case.platform.is_vital() {
            return differs("provider");
        }
        let trunk = live.says["trunk"].as_str().and_then(|name| self.before.trunk(name));
        let anew = self.case.platform.immutable_of_numbers().iter().any(|name| differs(name));
        !declared.contains_key("trunk") && (anew || trunk.is_some_and(|trunk| self.is_replaced(trunk)))
    }

    /// Whether a number keeps its trunk from going or from being made anew.
    fn is_stuck(&self, number: &Thing, trunk: &Thing) -> bool {
        let goes = self.trunk_goes(&trunk.name);
        match self.declared_number(&number.name) {
            Some(declared) => goes && !declared.contains_key("trunk"),
            None => (goes || self.is_replaced(trunk)) && self.case.unlisted("numbers") != "delete",
        }
    }

    /// The same with a file that says what the refusals ask for.
    pub fn mended(&self) -> Case {
        let mut case = self.case.clone();
        let refusals = self.refusals();
        if refusals.is_empty() {
            return case;
        }
        // What would have been deleted now stays, and may be in the way in its turn.
        case.file["unlisted"] = "keep".into();
        let named: BTreeSet<String> = refusals.into_iter().flat_map(|(_, addresses)| addresses).collect();
        for number in &self.before.numbers {
            if named.contains(&self.number_address(&number.name)) {
                let declared = case.declare(&number.name);
                declared.remove("provider");
                if let Some(trunk) = number.says["trunk"].as_str() {
                    declared.insert("trunk".into(), self.name_of(trunk).into());
                }
            }
        }
        Expected::new(&case, self.before).mended()
    }
}

/// A value in the form in which two that mean the same are equal.
pub fn plain(name: &str, value: &Json) -> Json {
    let host = |text: &str| text.trim_end_matches('.').to_lowercase();
    let items = || value.as_array().into_iter().flatten();
    let codecs = || value.as_str().into_iter().flat_map(|text| text.split(',')).map(str::trim);
    match name {
        "host" | "domain" | "outbound_server" | "outbound_proxy" => {
            value.as_str().map_or(Json::Null, |text| host(text).into())
        }
        "gateways" => sorted(items().map(|gateway| {
            let number = |key: &str, default: u64| gateway[key].as_u64().unwrap_or(default);
            let address = host(gateway["gateway_address"].as_str().unwrap_or_default());
            format!("{} {address}:{}", number("priority", 1), number("port", 5060))
        })),
        "ip_identifiers" => sorted(items().map(|identifier| {
            let text = identifier["ip_address"].as_str().unwrap_or_default();
            text.trim_end_matches("/32").to_owned()
        })),
        "allow" => codecs().collect(),
        "disallow" => sorted(codecs().map(str::to_owned)),
        _ => value.clone(),
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Json {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.into()
}

/// The attributes of a trunk that the file may leave unmanaged, as far as the platform lets them be while others change.
pub fn trunk_attributes(case: &Case, live: &Map<String, Json>, is_replaced: bool) -> Vec<&'static str> {
    match case.platform {
        // What belongs to one direction or one way of authentication is nothing in another.
        Platform::Kalem if is_replaced => vec!["port"],
        Platform::Kalem => vec!["direction", "auth_type", "host", "port", "outbound_server"],
        Platform::Bolna => {
            let means = if live["auth_type"] == "userpass" { "auth_username" } else { "ip_identifiers" };
            let mut names = vec!["provider", "description", "auth_type", "gateways", "allow", "disallow"];
            names.extend(["transport", "media_encryption", "direct_media", "rtp_symmetric", "force_rport"]);
            names.extend(["qualify_frequency", "inbound_enabled", "outbound_leading_plus_enabled"]);
            names.extend(["is_active", means]);
            names
        }
        Platform::Talkover => {
            let names = ["provider_name", "domain", "username", "port", "transport", "outbound_proxy"];
            [&names[..], &["auth_realm", "is_active"]].concat()
        }
    }
}

/// The attributes of a number.
pub fn number_attributes(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Kalem => &["trunk", "voice_agent", "text_agent", "status"],
        Platform::Bolna => &["trunk", "agent", "name"],
        Platform::Talkover => &["trunk", "agent", "country_code"],
    }
}
