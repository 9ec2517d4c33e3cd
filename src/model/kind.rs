//! What a kind of resource allows, read from the JSON Schema of its Rust type.
//! In: the schema with our annotations (`x-…`). Out: a table that validation, diff, planner, redaction and documentation share.
//! There is no second list of attribute names anywhere.

use serde_json::Value as Json;

use super::address::KindName;
use super::value::Value;

/// How two values of an attribute are compared (`x-compare`); the pairs are in `docs/practice.md` section 4 of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Letter by letter, after trimming and Unicode normalisation (NFC).
    Exact,
    /// Host names and IP addresses: case, one trailing dot, IDN form, `/32`, IPv6 spelling.
    Host,
    /// Phone numbers: by their digits, with or without `+` and separators.
    Number,
    /// Codecs with commas between them: case, space, other names of the same codec (`pcmu` is `ulaw`), repetitions; their order counts unless it is a set.
    Codecs,
}

/// What happens when a live attribute differs and the platform can't change it (`x-immutable`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immutable {
    /// It can be changed in place.
    No,
    /// The resource is made anew, and whatever refers to it moves over.
    Replace,
    /// The resource must not be made anew (a number would be released): the change is refused.
    Refuse,
}

/// One attribute of a kind.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name in the file.
    pub name: &'static str,
    /// Its name in the platform's requests and answers (`x-field`, default: the name).
    pub field: &'static str,
    /// What it refers to (`x-ref`).
    pub reference: Option<KindName>,
    /// What a difference costs.
    pub immutable: Immutable,
    /// A reference without which the resource can't live (`x-vital`): to lose it is to be released.
    pub vital: bool,
    /// The value that means "takes and makes no calls" (`x-inactive`); none for attributes that do not say so.
    pub inactive: Option<Value>,
    /// A list whose order means nothing (`x-set`).
    pub set: bool,
    /// Sent but never returned (`writeOnly`): never compared, never printed.
    pub secret: bool,
    /// At least this many characters, for a secret that no schema ever sees (`x-min-length`).
    pub min_length: usize,
    /// What the platform fills in when it is absent or null (`default`).
    pub default: Option<Value>,
    /// Whether its type is a whole number.
    pub integer: bool,
    /// Whether its type is a truth value.
    pub boolean: bool,
    /// The only texts that it can be (`enum`, or the `const` of each of `oneOf`); empty where any text may stand.
    pub allowed: Vec<&'static str>,
    /// Whether it can be null.
    pub nullable: bool,
    /// How values are compared.
    pub compare: Compare,
    /// The parts that each item of a list has; empty for what is no list of such.
    pub parts: Vec<&'static str>,
    /// What the platform fills in for parts of list items that are absent.
    pub part_defaults: Vec<(&'static str, Value)>,
    /// The first paragraph of its documentation.
    pub description: &'static str,
}

/// One kind of resource of one platform.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Which.
    pub name: KindName,
    /// The attribute that names a resource (`x-identity`): `name` or `number`.
    pub identity: &'static str,
    /// The attributes as declared, the identity among them.
    pub attributes: Vec<Attribute>,
}

impl Kind {
    /// Reads the table from an object schema with inlined properties.
    ///
    /// # Panics
    /// Where no property carries `x-identity`: a mistake in our own types, found by the first test that runs.
    pub fn from_schema(name: KindName, schema: &'static Json) -> Self {
        let properties =
            schema["properties"].as_object().expect("the schema of a kind is an object with properties");
        let attributes: Vec<_> = properties
            .iter()
            .filter(|(_, s)| s["x-setting"] != true)
            .map(|(n, s)| Attribute::from_schema(n, s))
            .collect();
        let identity =
            properties.iter().find(|(_, s)| s["x-identity"] == true).expect("a kind has an x-identity").0;
        Self { name, identity, attributes }
    }

    /// The attributes that refer to other things.
    pub fn references(&self) -> impl Iterator<Item = (&Attribute, KindName)> {
        self.attributes.iter().filter_map(|a| a.reference.map(|kind| (a, kind)))
    }

    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }
}

impl Attribute {
    fn from_schema(name: &'static str, schema: &'static Json) -> Self {
        let has_type = |wanted: &str| match &schema["type"] {
            Json::String(one) => one == wanted,
            Json::Array(several) => several.iter().any(|t| t == wanted),
            _ => false,
        };
        Self {
            name,
            field: schema["x-field"].as_str().unwrap_or(name),
            reference: schema["x-ref"].as_str().and_then(KindName::parse),
            immutable: match schema["x-immutable"].as_str() {
                Some("replace") => Immutable::Replace,
                Some("refuse") => Immutable::Refuse,
                _ => Immutable::No,
            },
            vital: schema["x-vital"] == true,
            inactive: scalar(&schema["x-inactive"]),
            set: schema["x-set"] == true,
            secret: schema["writeOnly"] == true,
            min_length: schema["x-min-length"].as_u64().unwrap_or(0) as usize,
            default: scalar(&schema["default"]),
            integer: has_type("integer"),
            boolean: has_type("boolean"),
            allowed: allowed(schema),
            nullable: has_type("null") || branches(schema).any(|branch| branch["type"] == "null"),
            compare: match schema["x-compare"].as_str() {
                Some("host") => Compare::Host,
                Some("number") => Compare::Number,
                Some("codecs") => Compare::Codecs,
                _ => Compare::Exact,
            },
            parts: parts(schema).map(|(name, _)| name.as_str()).collect(),
            part_defaults: parts(schema)
                .filter_map(|(name, part)| Some((name.as_str(), scalar(&part["default"])?)))
                .collect(),
            description: schema["description"].as_str().unwrap_or_default(),
        }
    }
}

/// The parts of the items of a list.
fn parts(schema: &'static Json) -> impl Iterator<Item = (&'static String, &'static Json)> {
    schema["items"]["properties"].as_object().into_iter().flatten()
}

/// The alternatives of a schema.
fn branches(schema: &'static Json) -> impl Iterator<Item = &'static Json> {
    ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten()
}

/// The texts that a schema names one by one.
fn allowed(schema: &'static Json) -> Vec<&'static str> {
    let listed =
        |schema: &'static Json| schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let constants =
        branches(schema).flat_map(move |branch| branch["const"].as_str().into_iter().chain(listed(branch)));
    listed(schema).chain(constants).collect()
}

/// A value of the schema that is one truth value, whole number or text.
fn scalar(json: &Json) -> Option<Value> {
    match json {
        Json::Bool(b) => Some(Value::Bool(*b)),
        Json::Number(n) => n.as_i64().map(Value::Int),
        Json::String(text) => Some(Value::Text(text.as_str().into())),
        _ => None,
    }
}

/// The kinds of one platform.
#[derive(Clone, Debug)]
pub struct Kinds {
    /// Its trunks.
    pub trunk: Kind,
    /// Its numbers.
    pub number: Kind,
}

impl Kinds {
    /// The kind of a name; none for agents, which are only referred to.
    pub fn get(&self, name: KindName) -> Option<&Kind> {
        match name {
            KindName::Trunk => Some(&self.trunk),
            KindName::Number => Some(&self.number),
            KindName::Agent | KindName::VoiceAgent | KindName::TextAgent => None,
        }
    }
}
