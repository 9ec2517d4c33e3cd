//! Random accounts of every platform with random files for them.
//! Small on purpose: four names and five numbers collide, move, vanish and come back in every possible way.
//! A file is JSON, which is YAML as well, so that the laws can read what it asks for without the code under test.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

#[path = "worlds/bolna.rs"]
pub mod bolna;
#[path = "worlds/kalem.rs"]
pub mod kalem;
#[path = "worlds/mixed.rs"]
pub mod mixed;
#[path = "worlds/seen.rs"]
pub mod seen;
#[path = "worlds/talkover.rs"]
pub mod talkover;

use std::collections::BTreeSet;
use std::fmt;

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

pub const TRUNKS: [&str; 4] = ["Alpha", "Beta trunk", "Gamma.example", "Delta"];
/// A number stands in one account only, so each account of a run has a pool of its own.
const POOLS: [[&str; 5]; 3] = [
    ["+14155552670", "+14155552671", "+14155552672", "+442079460958", "+4930901820"],
    ["+14155552680", "+14155552681", "+14155552682", "+442079460968", "+4930901830"],
    ["+14155552690", "+14155552691", "+14155552692", "+442079460978", "+4930901840"],
];

/// A platform as the tests know it: where the sandbox serves it, and what it can't do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    Kalem,
    Bolna,
    Talkover,
}

impl Platform {
    pub fn name(self) -> &'static str {
        match self {
            Self::Kalem => "kalem",
            Self::Bolna => "bolna",
            Self::Talkover => "talkover",
        }
    }

    pub fn mount(self) -> &'static str {
        match self {
            Self::Kalem => "/kalem/api/v1",
            Self::Bolna => "/bolna",
            Self::Talkover => "/talkover/api/v1",
        }
    }

    /// Whether a number can't be without a trunk.
    pub fn is_vital(self) -> bool {
        self != Self::Kalem
    }

    /// What makes a number anew where it differs, beside its trunk.
    pub fn immutable_of_numbers(self) -> &'static [&'static str] {
        match self {
            Self::Kalem => &[],
            Self::Bolna => &["name"],
            Self::Talkover => &["country_code"],
        }
    }

    /// What makes a trunk anew where it differs.
    pub fn immutable(self) -> &'static [&'static str] {
        match self {
            Self::Kalem => &["direction", "auth_type"],
            Self::Bolna => &["provider", "auth_type", "direct_media", "rtp_symmetric", "force_rport"],
            Self::Talkover => &[],
        }
    }
}

/// One account as it is, and the file that says what it should be.
#[derive(Clone)]
pub struct Case {
    pub account: &'static str,
    pub platform: Platform,
    /// The set of accounts in the sandbox that it is in, `@eu`; empty for the usual one.
    pub world: &'static str,
    /// The platform's part of the sandbox's seed.
    pub live: Json,
    /// `ACCOUNT.yaml`.
    pub file: Json,
}

/// As JSON, to be read and to be tried again.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, platform: _, world, live, file } = self;
        write!(f, "{account}{world}\nlive: {live}\nfile: {file}")
    }
}

impl Case {
    pub fn new(platform: Platform, live: Json, file: Json) -> Self {
        Self { account: platform.name(), platform, world: "", live, file }
    }

    /// Where the sandbox serves it.
    pub fn mounted(&self) -> String {
        let world = if self.world.is_empty() { String::new() } else { format!("/{}", self.world) };
        format!("{world}{}", self.platform.mount())
    }

    /// The file as it is written.
    pub fn file_text(&self) -> String {
        let mut file = self.file.clone();
        if self.account != self.platform.name() {
            file["account"] = json!(self.account);
        }
        file.to_string()
    }

    /// The declared things of a section.
    pub fn declared(&self, section: &str) -> impl Iterator<Item = &Map<String, Json>> {
        self.file[section].as_array().into_iter().flatten().filter_map(Json::as_object)
    }

    pub fn names(&self, section: &str, identity: &str) -> BTreeSet<&str> {
        self.declared(section).filter_map(|thing| thing[identity].as_str()).collect()
    }

    /// What happens to unlisted things of a kind: `keep`, `delete`, …
    pub fn unlisted(&self, section: &str) -> &str {
        let said = &self.file["unlisted"];
        said.as_str().or_else(|| said[section].as_str()).unwrap_or("keep")
    }

    /// What the file says of a number, made if it says nothing yet.
    pub fn declare(&mut self, number: &str) -> &mut Map<String, Json> {
        let file = self.file.as_object_mut().expect("a file is an object");
        let numbers = file.entry("numbers").or_insert_with(|| json!([]));
        let numbers = numbers.as_array_mut().expect("a section is a list");
        let known = numbers.iter().position(|known| known["number"] == number);
        let at = known.unwrap_or_else(|| {
            numbers.push(json!({"number": number}));
            numbers.len() - 1
        });
        numbers[at].as_object_mut().expect("a number is an object")
    }
}

/// Random choices from random bytes. Zero is the dullest choice, so that a failure shrinks to a dull world.
pub struct Dice(std::vec::IntoIter<u8>);

impl Dice {
    pub fn below(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().unwrap_or_default()) % sides
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 1
    }

    /// True once in so many times.
    pub fn rarely(&mut self, sides: usize) -> bool {
        self.below(sides) == sides - 1
    }

    pub fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    pub fn some_of<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        all.iter().filter(|_| self.coin()).cloned().collect()
    }

    /// Nothing, or one of them.
    pub fn perhaps<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        self.coin().then(|| self.one_of(all))
    }
}

/// Worlds that a function makes of dice.
fn thrown<T: std::fmt::Debug>(make: impl Fn(&mut Dice) -> T) -> impl Strategy<Value = T> {
    proptest::collection::vec(any::<u8>(), 256).prop_map(move |bytes| make(&mut Dice(bytes.into_iter())))
}

/// Says an attribute, or leaves it unmanaged.
fn perhaps_say(dice: &mut Dice, thing: &mut Json, name: &str, value: Json) {
    if dice.coin() {
        thing[name] = value;
    }
}

/// Which trunks are live and which the file lists; one of these may be the new name of one that is live and not listed.
pub struct Frame {
    pub live: Vec<&'static str>,
    pub declared: Vec<&'static str>,
    pub renamed: Option<(&'static str, &'static str)>,
    pub unlisted: Json,
    pub numbers: [&'static str; 5],
}

impl Frame {
    fn throw(dice: &mut Dice, pool: usize, unlisted: &[Json]) -> Self {
        let (live, declared) = (dice.some_of(&TRUNKS), dice.some_of(&TRUNKS));
        let old = live.iter().find(|name| !declared.contains(name));
        let new = declared.iter().find(|name| !live.contains(name));
        let renamed = old.copied().zip(new.copied()).filter(|_| dice.coin());
        Self { live, declared, renamed, unlisted: dice.one_of(unlisted), numbers: POOLS[pool] }
    }

    /// What a number of the file may name as its trunk: what is declared, or live and staying.
    pub fn targets(&self) -> Vec<&'static str> {
        let old = self.renamed.map(|(old, _)| old);
        let stays = self.unlisted.as_str().or(self.unlisted["trunks"].as_str()) != Some("delete");
        let undeclared = |name: &&&str| !self.declared.contains(*name) && old != Some(**name);
        let kept = self.live.iter().filter(|name| stays && undeclared(name));
        self.declared.iter().chain(kept).copied().collect()
    }

    fn file(&self, platform: Platform, mut trunks: Vec<Json>, numbers: Vec<Json>) -> Json {
        if let Some((old, new)) = self.renamed {
            let renamed = trunks.iter_mut().find(|trunk| trunk["name"] == new);
            renamed.expect("the new name is declared")["renamed_from"] = json!(old);
        }
        let mut file =
            json!({"provider": platform.name(), "unlisted": self.unlisted, "limits": {"removals": "100%"}});
        for (section, things) in [("trunks", trunks), ("numbers", numbers)] {
            if !things.is_empty() {
                file[section] = things.into();
            }
        }
        file
    }
}

fn password() -> Json {
    json!({"env": "MAIN_TRUNK_PASSWORD"})
}

/// Any Kalem account with any file for it.
pub fn case() -> impl Strategy<Value = Case> {
    thrown(|dice| kalem::throw(dice, 0))
}

/// Any Kalem account with a file that calls agents by their ids: where there is no list of them it can't do otherwise.
pub fn case_with_ids() -> impl Strategy<Value = Case> {
    case().prop_map(kalem::by_id)
}

/// Any Bolna account with any file for it.
pub fn bolna_case() -> impl Strategy<Value = Case> {
    thrown(|dice| bolna::throw(dice, 0))
}

/// Any Talkover account with any file for it.
pub fn talkover_case() -> impl Strategy<Value = Case> {
    thrown(|dice| talkover::throw(dice, 0))
}
