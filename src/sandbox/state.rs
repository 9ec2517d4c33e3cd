//! In: the state as JSON, from a seed, a file or a test.
//! Out: the worlds that requests read and change, and the same JSON again.
//! Never holds a password or a token.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::platform::Platform;
use super::registry::{PLATFORMS, PlatformEntry};

/// One account at each platform.
struct World(BTreeMap<&'static str, Box<dyn Platform>>);

/// The default world and the named ones.
pub(super) struct Worlds {
    default: World,
    named: BTreeMap<String, World>,
}

/// Where a request goes: `/@world/mount/path`.
pub(super) struct Target<'a> {
    world: Option<&'a str>,
    pub(super) stand: &'static PlatformEntry,
    /// Below the mount, with its leading slash; empty for the mount itself.
    pub(super) path: &'a str,
}

impl<'a> Target<'a> {
    /// `None` where no platform is mounted.
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let (world, rest) = match path.strip_prefix("/@") {
            Some(named) => {
                let slash = named.find('/')?;
                (Some(&path[1..slash + 2]), &named[slash..])
            }
            None => (None, path),
        };
        if world.is_some_and(|name| !is_world(name)) {
            return None;
        }
        PLATFORMS.iter().find_map(|stand| {
            let path = rest.strip_prefix(stand.mount)?;
            (path.is_empty() || path.starts_with('/')).then_some(Self { world, stand, path })
        })
    }
}

/// `@` and at least one letter, digit, `-` or `_`.
fn is_world(name: &str) -> bool {
    name.strip_prefix('@').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    })
}

impl World {
    fn open(state: Option<&Map<String, Value>>) -> Result<Self, String> {
        let open = |stand: &PlatformEntry| {
            let part = state.and_then(|state| state.get(stand.name));
            if part.is_some_and(|part| !part.is_object()) {
                return Err(format!("{}.the account: expected a JSON object", stand.name));
            }
            let platform = (stand.open)(part).map_err(|problem| format!("{}.{problem}", stand.name))?;
            Ok((stand.name, platform))
        };
        PLATFORMS.iter().map(open).collect::<Result<_, _>>().map(Self)
    }

    fn save(&self) -> Map<String, Value> {
        self.0.iter().map(|(name, platform)| ((*name).to_owned(), platform.save())).collect()
    }
}

impl Worlds {
    /// Each key is a platform or, with a leading `@`, another world of the same shape.
    pub(super) fn open(state: Option<&Value>) -> Result<Self, String> {
        let Some(state) = state else {
            return Ok(Self { default: World::open(None)?, named: BTreeMap::new() });
        };
        let state = object(state, "the state")?;
        let mut named = BTreeMap::new();
        for (key, value) in state {
            if is_world(key) {
                let inside = object(value, key)?;
                for key in inside.keys() {
                    check_platform(key)?;
                }
                let world = World::open(Some(inside)).map_err(|problem| format!("{key}.{problem}"))?;
                named.insert(key.clone(), world);
            } else {
                check_platform(key)?;
            }
        }
        Ok(Self { default: World::open(Some(state))?, named })
    }

    pub(super) fn save(&self) -> Value {
        let mut state = self.default.save();
        for (name, world) in &self.named {
            state.insert(name.clone(), Value::Object(world.save()));
        }
        Value::Object(state)
    }

    /// The account that a request is for; a world begins to exist when it is first asked for.
    pub(super) fn account(&mut self, target: &Target<'_>) -> Result<&mut dyn Platform, String> {
        let world = match target.world {
            None => &mut self.default,
            Some(name) => {
                if !self.named.contains_key(name) {
                    self.named.insert(name.to_owned(), World::open(None)?);
                }
                self.named.get_mut(name).ok_or("no such world")?
            }
        };
        let platform = world.0.get_mut(target.stand.name).ok_or("no such platform")?;
        Ok(platform.as_mut())
    }
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{what}: expected a JSON object"))
}

fn check_platform(key: &str) -> Result<(), String> {
    if PLATFORMS.iter().any(|stand| stand.name == key) {
        return Ok(());
    }
    let known: Vec<_> = PLATFORMS.iter().map(|stand| stand.name).collect();
    Err(format!(
        "unknown key `{key}`: known are {} and the names of worlds, such as `@other`",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_names_world_platform_and_the_rest() {
        let target = Target::of("/@kalem-eu/kalem/api/v1/trunks/1").unwrap();
        assert_eq!((target.world, target.stand.name, target.path), (Some("@kalem-eu"), "kalem", "/trunks/1"));
        let target = Target::of("/kalem/api/v1").unwrap();
        assert_eq!((target.world, target.path), (None, ""));
        for path in ["/", "/kalem/api/v12", "/@/kalem/api/v1/trunks", "/@a b/kalem/api/v1", "/@a", "/trunks"]
        {
            assert!(Target::of(path).is_none(), "{path}");
        }
    }

    #[test]
    fn worlds_are_saved_beside_the_default_one() {
        let mut worlds = Worlds::open(None).unwrap();
        assert!(worlds.save().get("@a").is_none());
        worlds.account(&Target::of("/@a/kalem/api/v1").unwrap()).unwrap();
        let state = worlds.save();
        assert_eq!(state["@a"]["kalem"]["agents"][0]["name"], "Sales Agent");
        assert_eq!(Worlds::open(Some(&state)).unwrap().save(), state);
    }

    #[test]
    fn a_wrong_state_says_where() {
        let text = |state: Value| Worlds::open(Some(&state)).err().unwrap();
        assert!(text(json!({"kalm": {}})).starts_with("unknown key `kalm`: known are kalem, "));
        assert_eq!(text(json!([])), "the state: expected a JSON object");
        let state =
            json!({"@a": {"kalem": {"trunks": [{"name": "T", "direction": "up", "auth_type": "ip"}]}}});
        assert!(text(state).starts_with("@a.kalem.trunks[0]: unknown variant `up`"));
    }
}
