//! Is everything where the platform's schema says, and of the right type?
//! In: a tree and its platform. Out: one complaint for each thing that the schema refuses, at its place.
//! Says how it is only through `wording`; says nothing about secrets that were withheld, nor what the rules tell better.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Why};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::Value as Json;

use super::wording::{self, Words};
use super::yaml::{Content, Node, Yaml};
use crate::model::{Account, Address, Code, Diagnostic, Span};
use crate::provider::Provider;
use crate::provider::file::sections::SECTIONS;

/// The compiled schemas of the platforms that were met.
#[derive(Default)]
pub(super) struct Shapes(BTreeMap<&'static str, Validator<Yaml>>);

impl Shapes {
    /// Every complaint of the platform's schema about a file.
    ///
    /// # Panics
    /// Where our own schema is none: a mistake in the types, found by the first test that runs.
    pub(super) fn check(
        &mut self,
        file: &Arc<str>,
        root: &Node<'_>,
        (account, provider): (&Account, &'static dyn Provider),
        found: &mut Vec<Diagnostic>,
    ) {
        let compile = || jsonschema::options_for::<Yaml>().build(provider.schema());
        let validator =
            self.0.entry(provider.name()).or_insert_with(|| compile().expect("our schema is one"));
        let shared = root.get("defaults").map(|node| node.span);
        let mut report = Report { file, root, account, provider, shared, told: HashSet::new(), found };
        validator.iter_errors(root).for_each(|error| report.add(&error));
    }
}

struct Report<'a, 's> {
    file: &'a Arc<str>,
    root: &'a Node<'s>,
    account: &'a Account,
    provider: &'static dyn Provider,
    /// The place of what many entries inherit, and what was said of it.
    shared: Option<Span>,
    told: HashSet<(Code, Span, String)>,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a, 's> Report<'a, 's> {
    fn add(&mut self, error: &ValidationError<'_>) {
        let node = self.node(error.instance_path());
        if matches!(node.content, Content::Withheld) {
            return;
        }
        let rule = Rule::find(self.provider.schema(), error.schema_path());
        match error.kind() {
            Why::AdditionalProperties { unexpected } => {
                let known = rule.properties();
                for key in unexpected {
                    let span = node.pair(key).map_or(node.span, |(key, _)| key.span);
                    self.say(error, Code::CFG005, span, wording::unknown_key(key, &known));
                }
            }
            Why::Required { property } => {
                let words = wording::missing_key(property.as_str().unwrap_or_default(), rule.why());
                self.say(error, rule.code.unwrap_or(Code::CFG006), node.head(), words);
            }
            Why::AnyOf { context } | Why::OneOfNotValid { context } => match rule.words() {
                Some(words) => self.say(error, Code::CFG008, node.span, wording::not_one_of(node, &words)),
                None => self.branches(error, node, context),
            },
            Why::Pattern { .. } if rule.code.is_some() => {}
            why => {
                let (code, words) = one_value(why, node, &rule, error.instance_path());
                self.say(error, code, node.span, words);
            }
        }
    }

    /// Reports the alternative that was probably meant: the one whose type is right.
    fn branches(
        &mut self,
        error: &ValidationError<'_>,
        node: &Node<'_>,
        context: &[Vec<ValidationError<'static>>],
    ) {
        let depth = error.instance_path().segments().count();
        // A list of words refuses what is no text without a word about its type.
        let mistyped = |e: &ValidationError<'_>| {
            let type_is_wrong = match e.kind() {
                Why::Type { .. } => true,
                Why::OneOfNotValid { .. } | Why::Constant { .. } => node.text().is_none(),
                _ => false,
            };
            type_is_wrong && e.instance_path().segments().count() == depth
        };
        if let Some(meant) = context.iter().find(|errors| !errors.iter().any(mistyped)) {
            return meant.iter().for_each(|error| self.add(error));
        }
        let mut types: Vec<&str> = Vec::new();
        for error in context.iter().flatten() {
            match error.kind() {
                Why::Type { kind } => types.extend(type_names(kind)),
                _ => types.push("string"),
            }
        }
        types.dedup();
        self.say(error, Code::CFG007, node.span, wording::wrong_type(node, &types));
    }

    fn say(&mut self, error: &ValidationError<'_>, code: Code, span: Span, (message, help): Words) {
        // What is wrong with a default is no single entry's fault.
        let is_shared =
            self.shared.is_some_and(|shared| shared.start <= span.start && span.end <= shared.end);
        if is_shared && !self.told.insert((code, span, message.clone())) {
            return;
        }
        let mut complaint = Diagnostic::new(code, message).at(self.file, span, "");
        complaint.help = help;
        complaint.address = self.address(error.instance_path()).filter(|_| !is_shared);
        self.found.push(complaint);
    }

    /// The node of a path; a segment that leads nowhere ends the walk.
    fn node(&self, path: &Location) -> &'a Node<'s> {
        let mut node = self.root;
        for segment in path.segments() {
            let next = match segment {
                LocationSegment::Property(name) => node.get(&name),
                LocationSegment::Index(index) => node.items().get(index),
            };
            let Some(next) = next else { break };
            node = next;
        }
        node
    }

    /// The resource that a path leads into.
    fn address(&self, path: &Location) -> Option<Address> {
        let mut segments = path.segments();
        let (Some(LocationSegment::Property(section)), Some(LocationSegment::Index(index))) =
            (segments.next(), segments.next())
        else {
            return None;
        };
        let (section, kind) = SECTIONS.iter().find(|(name, _)| *name == section)?;
        let identity = self.provider.kinds().get(*kind)?.identity;
        let name = self.root.get(section)?.items().get(index)?.get(identity)?.text()?;
        Some(Address::new(self.account, *kind, name))
    }
}

fn one_value(why: &Why, node: &Node<'_>, rule: &Rule<'_>, path: &Location) -> (Code, Words) {
    let refused = rule.code.unwrap_or(Code::CFG008);
    match why {
        Why::Type { kind } => (Code::CFG007, wording::wrong_type(node, &type_names(kind))),
        Why::Minimum { .. } | Why::Maximum { .. } => {
            (refused, wording::beyond(node, rule.schema.get("minimum"), rule.schema.get("maximum")))
        }
        Why::Pattern { .. } => (refused, wording::wrong_form(node, rule.schema["x-pattern-error"].as_str())),
        Why::MinLength { limit }
        | Why::MaxLength { limit }
        | Why::MinItems { limit }
        | Why::MaxItems { limit } => (refused, wording::wrong_size(node, why.keyword(), *limit)),
        Why::MinProperties { limit } | Why::MaxProperties { limit } => {
            (refused, wording::wrong_size(node, why.keyword(), *limit))
        }
        Why::Constant { expected_value } => {
            let word: Vec<_> = expected_value.as_str().into_iter().collect();
            (refused, wording::not_one_of(node, &word))
        }
        Why::Not { .. } if matches!(node.content, Content::Null | Content::List(_)) => {
            let key = match path.segments().last() {
                Some(LocationSegment::Property(name)) => name.into_owned(),
                _ => String::new(),
            };
            (refused, wording::empty_key(&key, node, rule.why()))
        }
        _ => (refused, wording::not_allowed(node)),
    }
}

fn type_names(kind: &TypeKind) -> Vec<&'static str> {
    const ALL: [JsonType; 7] = [
        JsonType::String,
        JsonType::Integer,
        JsonType::Number,
        JsonType::Boolean,
        JsonType::Array,
        JsonType::Object,
        JsonType::Null,
    ];
    let names = ALL.into_iter().filter(|t| match kind {
        TypeKind::Single(one) => one == t,
        TypeKind::Multiple(several) => several.contains(*t),
    });
    names.map(|t| t.as_str()).filter(|name| *name != "null").collect()
}

/// The part of a schema that refused something.
struct Rule<'a> {
    /// The schema whose keyword it was.
    schema: &'a Json,
    /// The nearest schema around it that has a code of its own.
    coded: Option<&'a Json>,
    code: Option<Code>,
}

impl<'a> Rule<'a> {
    fn find(root: &'a Json, path: &Location) -> Self {
        let mut pointer = path.as_str();
        let mut around = Vec::new();
        while let Some((parent, _)) = pointer.rsplit_once('/') {
            pointer = parent;
            around.extend(root.pointer(pointer));
        }
        let coded = around.iter().copied().find(|schema| schema["x-code"].is_string());
        let code = coded.and_then(|schema| Code::parse(schema["x-code"].as_str()?));
        Self { schema: around.first().copied().unwrap_or(root), coded, code }
    }

    /// Why the rule asks for what it asks.
    fn why(&self) -> Option<&'a str> {
        self.coded?["description"].as_str()
    }

    fn properties(&self) -> Vec<&'a str> {
        self.schema["properties"].as_object().into_iter().flatten().map(|(name, _)| &**name).collect()
    }

    /// The words of a list of documented words.
    fn words(&self) -> Option<Vec<&'a str>> {
        let branches = self.schema["oneOf"].as_array().or_else(|| self.schema["anyOf"].as_array())?;
        branches.iter().map(|branch| branch["const"].as_str()).collect()
    }
}
