//! A plan becomes its document.
//! In: a plan, and the texts that its diagnostics point into. Out: the document, the same each time.
//! Masks nothing that is not masked in the plan already; it only marks it.

use serde_json::{Map, Value as Json};

use super::terraform::{
    Change, Configuration, Marks, Module, PlannedValues, ProviderConfig, ResourceChange, ResourceValues,
};
use super::trunkform::{AccountPart, Complaint, HoldingPart, RefusalPart, SecretPart, StepPart, Trunkform};
use super::{Document, FORMAT_VERSION, PLAN_VERSION, SENSITIVE_CHANGED, TERRAFORM_VERSION};
use crate::model::declared_secret::DeclaredSecret;
use crate::model::{
    Action, Address, Diagnostic, Holding, KindName, Plan, PlannedAccount, PlannedChange, PlannedResource,
    Refusal, Sources, Step,
};
use crate::render::eta;

impl From<&Plan> for Document {
    fn from(plan: &Plan) -> Self {
        Self::new(plan, &Sources::default())
    }
}

impl Document {
    /// The document of a plan; `sources` turn the places of its diagnostics into lines and columns.
    pub fn new(plan: &Plan, sources: &Sources) -> Self {
        let provider = |name: &String| {
            (name.clone(), ProviderConfig { name: name.clone(), full_name: format!("trunkform/{name}") })
        };
        Self {
            format_version: FORMAT_VERSION.into(),
            terraform_version: TERRAFORM_VERSION.into(),
            applyable: !plan.errored() && plan.refusals.is_empty() && !plan.is_empty(),
            complete: !plan.errored() && plan.targets.is_empty(),
            errored: plan.errored(),
            planned_values: PlannedValues {
                root_module: Module { resources: plan.planned.iter().map(resource).collect() },
            },
            resource_changes: plan.changes.iter().map(resource_change).collect(),
            variables: Map::new(),
            output_changes: Map::new(),
            timestamp: plan.timestamp.clone(),
            configuration: Configuration {
                provider_config: plan.accounts.iter().map(|account| provider(&account.provider)).collect(),
                root_module: Module { resources: Vec::new() },
            },
            trunkform: trunkform(plan, sources),
        }
        .sealed()
    }
}

fn resource(resource: &PlannedResource) -> ResourceValues {
    let PlannedResource { address, provider, values, sensitive } = resource;
    ResourceValues {
        address: address.terraform(provider),
        mode: "managed".into(),
        type_name: format!("{provider}_{}", address.kind),
        name: address.account.to_string(),
        index: address.name.to_string(),
        provider_name: format!("trunkform/{provider}"),
        schema_version: 0,
        values: values.clone(),
        sensitive_values: places(sensitive, values),
    }
}

fn resource_change(change: &PlannedChange) -> ResourceChange {
    let PlannedChange { address, read_as, id, provider, action, changed, reason, source, cause, .. } = change;
    ResourceChange {
        address: address.terraform(provider),
        mode: "managed".into(),
        type_name: format!("{provider}_{}", address.kind),
        name: address.account.to_string(),
        index: address.name.to_string(),
        provider_name: format!("trunkform/{provider}"),
        trunkform_address: address.to_string(),
        trunkform_read_as: read_as.as_ref().map(Address::to_string),
        trunkform_id: id.clone(),
        change: both_sides(change),
        action_reason: match action {
            Action::Create | Action::Update => None,
            Action::Replace => Some("replace_because_cannot_update".into()),
            Action::Delete => Some("delete_because_no_resource_config".into()),
        },
        trunkform_changed: changed.clone(),
        trunkform_reason: reason.clone(),
        trunkform_cause: cause.map(|cause| cause.as_str().to_owned()),
        source: source.clone(),
    }
}

fn both_sides(change: &PlannedChange) -> Change {
    let PlannedChange { action, before, changed, sensitive, .. } = change;
    let marks = |side: &Option<Map<String, Json>>| match side {
        None => Marks::Nothing(false),
        Some(side) => Marks::Places(places(sensitive, side)),
    };
    let mut after = change.after.clone();
    let sent_again = sensitive.iter().filter(|name| *action == Action::Update && changed.contains(name));
    for name in sent_again {
        if let Some(value) = after.as_mut().and_then(|after| after.get_mut(name)) {
            *value = SENSITIVE_CHANGED.into();
        }
    }
    let new_id = matches!(action, Action::Create | Action::Replace);
    Change {
        actions: actions(*action, change.address.kind).iter().map(|&word| word.to_owned()).collect(),
        before_sensitive: marks(before),
        after_sensitive: marks(&after),
        before: before.clone(),
        after,
        after_unknown: new_id.then(|| ("id".to_owned(), true.into())).into_iter().collect(),
        replace_paths: (*action == Action::Replace)
            .then(|| changed.iter().map(|name| vec![name.clone()]).collect()),
    }
}

/// Terraform's words for an action. A number stands once on a platform: where it is made anew, the old one goes first.
pub(super) fn actions(action: Action, kind: KindName) -> &'static [&'static str] {
    match action {
        Action::Create => &["create"],
        Action::Update => &["update"],
        Action::Replace if kind == KindName::Number => &["delete", "create"],
        Action::Replace => &["create", "delete"],
        Action::Delete => &["delete"],
    }
}

/// `true` at the place of each secret that this side has.
fn places(sensitive: &[String], side: &Map<String, Json>) -> Map<String, Json> {
    sensitive.iter().filter(|name| side.contains_key(*name)).map(|name| (name.clone(), true.into())).collect()
}

fn trunkform(plan: &Plan, sources: &Sources) -> Trunkform {
    Trunkform {
        plan_version: PLAN_VERSION,
        summary: plan.summary,
        accounts: accounts(plan),
        steps: plan.steps.iter().map(step).collect(),
        unlisted: plan.unlisted.iter().map(Address::to_string).collect(),
        secrets: plan.secrets.iter().map(secret).collect(),
        impact: plan.impact,
        holdings: plan.holdings.iter().map(holding).collect(),
        refusals: plan.refusals.iter().map(refusal).collect(),
        targets: plan.targets.clone(),
        since: plan.since.clone(),
        allow_removals: plan.allow_removals,
        diagnostics: plan.diagnostics.iter().map(|diagnostic| complaint(diagnostic, sources)).collect(),
        errors: plan.errors.clone(),
        ignored: Vec::new(),
        unread: plan.unread.iter().map(ToString::to_string).collect(),
        seal: String::new(),
    }
}

fn accounts(plan: &Plan) -> Vec<AccountPart> {
    let requests = eta::requests(plan);
    let requests = |account: &PlannedAccount| requests.get(&account.account).copied().unwrap_or_default();
    plan.accounts.iter().map(|part| account(part, requests(part))).collect()
}

fn account(account: &PlannedAccount, requests: usize) -> AccountPart {
    let PlannedAccount { account, provider, observed, fingerprints, removals, allowed, budget } = account;
    AccountPart {
        account: account.to_string(),
        provider: provider.clone(),
        observed: *observed,
        fingerprints: fingerprints
            .iter()
            .map(|(at, print)| (at.to_string(), print.as_str().into()))
            .collect(),
        removals: *removals,
        allowed: *allowed,
        budget: *budget,
        requests,
        eta_seconds: eta::seconds(requests, *budget),
    }
}

fn step(step: &Step) -> StepPart {
    let Step { id, address, verb, request, expect, waits_on, gap, irreversible, reason, source, notes } =
        step;
    StepPart {
        id: *id,
        address: address.to_string(),
        verb: verb.clone(),
        request: request.clone(),
        waits_on: waits_on.clone(),
        gap: *gap,
        irreversible: *irreversible,
        reason: reason.clone(),
        source: source.clone(),
        expect: expect.clone(),
        notes: notes.clone(),
    }
}

fn holding(holding: &Holding) -> HoldingPart {
    let Holding { address, before, after } = holding;
    HoldingPart { address: address.to_string(), before: *before, after: *after }
}

fn secret(secret: &DeclaredSecret) -> SecretPart {
    let DeclaredSecret { address, attribute, from } = secret;
    SecretPart { address: address.to_string(), attribute: attribute.clone(), from: from.to_string() }
}

fn refusal(refusal: &Refusal) -> RefusalPart {
    let Refusal { code, message, help, addresses, no_safe_plan } = refusal;
    RefusalPart {
        code: code.to_string(),
        message: message.clone(),
        help: help.clone(),
        addresses: addresses.iter().map(Address::to_string).collect(),
        no_safe_plan: *no_safe_plan,
    }
}

fn complaint(diagnostic: &Diagnostic, sources: &Sources) -> Complaint {
    let Diagnostic { code, severity, message, labels, help, address } = diagnostic;
    let label = labels.first();
    let text = label.filter(|label| !label.span.is_nowhere()).and_then(|label| sources.get(&label.file));
    let place = |byte: Option<u32>| text.zip(byte).map(|(text, byte)| text.line_column(byte)).unzip();
    let (line, column) = place(label.map(|label| label.span.start));
    let (end_line, end_column) = place(label.map(|label| label.span.end));
    Complaint {
        code: code.to_string(),
        severity: severity.as_str().into(),
        message: message.clone(),
        file: label.map(|label| label.file.to_string()),
        line,
        column,
        end_line,
        end_column,
        help: help.clone(),
        address: address.as_ref().map(Address::to_string),
    }
}
