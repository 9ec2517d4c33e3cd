//! A document becomes the plan that it was written from.
//! In: the text of a saved plan, which may come from anywhere. Out: the document and its plan, or what is wrong with it.
//! Nothing that `check` would not let through becomes a plan.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::check::{self, KindsOf};
use super::terraform::{Marks, ResourceChange, ResourceValues};
use super::trunkform::{AccountPart, Complaint, HoldingPart, RefusalPart, SecretPart, StepPart};
use super::write::actions;
use super::{Document, PLAN_VERSION, SENSITIVE_CHANGED};
use crate::model::declared_secret::DeclaredSecret;
use crate::model::{
    Account, Action, Address, Cause, Code, Diagnostic, Holding, KindName, Label, Plan, PlannedAccount,
    PlannedChange, PlannedResource, Refusal, Severity, Span, Step, Value,
};

impl Document {
    /// Reads the text of a saved plan.
    ///
    /// # Errors
    /// A sentence: not JSON, not a plan, a plan of another version.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Json = serde_json::from_str(text).map_err(|why| format!("it is not JSON: {why}"))?;
        match value["trunkform"]["plan_version"].as_u64() {
            Some(version) if version == u64::from(PLAN_VERSION) => {}
            Some(version) => {
                return Err(format!(
                    "its plan_version is {version}; this program reads {PLAN_VERSION}: plan again"
                ));
            }
            None => return Err("it has no trunkform.plan_version: it is not a plan of Trunkform".into()),
        }
        match value["format_version"].as_str().and_then(|version| version.split('.').next()) {
            Some("1") => {}
            _ => return Err(format!("its format_version is {}, not 1.x", value["format_version"])),
        }
        serde_json::from_value(value).map_err(|why| format!("it is not a plan: {why}"))
    }

    /// The plan that the document was written from, fit to be applied as far as that can be seen without the platform.
    ///
    /// # Errors
    /// A sentence that names what is wrong and where.
    pub fn plan(&self, kinds_of: KindsOf<'_>) -> Result<Plan, String> {
        let own = &self.trunkform;
        let plan = Plan {
            timestamp: self.timestamp.clone(),
            accounts: all(&own.accounts, account)?,
            changes: all(&self.resource_changes, change)?,
            steps: all(&own.steps, step)?,
            planned: all(&self.planned_values.root_module.resources, resource)?,
            unlisted: all(&own.unlisted, |text| text.parse())?,
            secrets: all(&own.secrets, secret)?,
            summary: own.summary,
            impact: own.impact,
            holdings: all(&own.holdings, holding)?,
            refusals: all(&own.refusals, refusal)?,
            diagnostics: all(&own.diagnostics, diagnostic)?,
            targets: own.targets.clone(),
            since: own.since.clone(),
            allow_removals: own.allow_removals,
            errors: own.errors.clone(),
            unread: own.unread.iter().map(|name| Account::new(name)).collect(),
        };
        check::plan(&plan, kinds_of)?;
        self.agrees(&plan)?;
        Ok(plan)
    }

    /// Whether what other programs read of the document says what its plan says.
    fn agrees(&self, plan: &Plan) -> Result<(), String> {
        let written = Self::from(plan);
        let says = |what: &str, said: bool, is: bool| match said == is {
            true => Ok(()),
            false => Err(format!("it says `{what}: {said}`, and what is in it makes that {is}")),
        };
        says("errored", self.errored, written.errored)?;
        says("applyable", self.applyable, written.applyable)?;
        says("complete", self.complete, written.complete)?;
        let both = self.resource_changes.iter().zip(&written.resource_changes);
        let differ = |(said, is): &(&ResourceChange, &ResourceChange)| {
            // A word for a cause that a later version has added contradicts nothing.
            ResourceChange { trunkform_cause: is.trunkform_cause.clone(), ..(*said).clone() } != **is
        };
        match both.into_iter().find(differ) {
            None => Ok(()),
            Some((said, _)) => Err(format!("the change of `{}` contradicts itself", said.trunkform_address)),
        }
    }
}

fn all<T, U>(items: &[T], read: impl Fn(&T) -> Result<U, String>) -> Result<Vec<U>, String> {
    items.iter().map(read).collect()
}

fn account(part: &AccountPart) -> Result<PlannedAccount, String> {
    // How many requests there are and how long they take is counted again, wherever it is needed.
    let AccountPart { account, provider, observed, fingerprints, removals, allowed, budget, .. } = part;
    let print = |(address, print): (&String, &Json)| {
        let print = print.as_str().ok_or_else(|| format!("the fingerprint of `{address}` is not a text"))?;
        Ok((address.parse()?, print.to_owned()))
    };
    Ok(PlannedAccount {
        account: Account::new(account),
        provider: provider.clone(),
        observed: *observed,
        fingerprints: fingerprints.iter().map(print).collect::<Result<_, String>>()?,
        removals: *removals,
        allowed: *allowed,
        budget: *budget,
    })
}

fn change(part: &ResourceChange) -> Result<PlannedChange, String> {
    let address: Address = part.trunkform_address.parse()?;
    let all = [Action::Create, Action::Update, Action::Replace, Action::Delete];
    let action = all.into_iter().find(|action| actions(*action, address.kind) == part.change.actions);
    let action = action.ok_or_else(|| format!("`{address}` has the actions {:?}", part.change.actions))?;
    let mut after = part.change.after.clone();
    let sensitive = sensitive(&part.change.before_sensitive, &part.change.after_sensitive);
    for name in &sensitive {
        if let Some(value) =
            after.as_mut().and_then(|after| after.get_mut(name)).filter(|v| **v == SENSITIVE_CHANGED)
        {
            *value = Value::SENSITIVE.into();
        }
    }
    Ok(PlannedChange {
        provider: provider(&part.provider_name),
        action,
        before: part.change.before.clone(),
        after,
        changed: part.trunkform_changed.clone(),
        sensitive,
        reason: part.trunkform_reason.clone(),
        source: part.source.clone(),
        // A word that a later version may have added says nothing here, and does no harm.
        cause: Cause::ALL.into_iter().find(|cause| part.trunkform_cause.as_deref() == Some(cause.as_str())),
        id: part.trunkform_id.clone(),
        read_as: part.trunkform_read_as.as_deref().map(str::parse).transpose()?,
        address,
    })
}

/// The marks of `after`, which has all that `before` has unless there is no `after`.
fn sensitive(before: &Marks, after: &Marks) -> Vec<String> {
    let names = |marks: &Marks| match marks {
        Marks::Nothing(_) => Vec::new(),
        Marks::Places(places) => places.keys().cloned().collect(),
    };
    let mut all = names(after);
    all.extend(names(before).into_iter().filter(|name| !names(after).contains(name)));
    all
}

fn provider(full_name: &str) -> String {
    full_name.strip_prefix("trunkform/").unwrap_or(full_name).to_owned()
}

fn step(part: &StepPart) -> Result<Step, String> {
    let StepPart { id, address, verb, request, waits_on, gap, irreversible, reason, source, expect, notes } =
        part;
    Ok(Step {
        id: *id,
        address: address.parse()?,
        verb: verb.clone(),
        request: request.clone(),
        expect: expect.clone(),
        waits_on: waits_on.clone(),
        gap: *gap,
        irreversible: *irreversible,
        reason: reason.clone(),
        source: source.clone(),
        notes: notes.clone(),
    })
}

fn holding(part: &HoldingPart) -> Result<Holding, String> {
    let HoldingPart { address, before, after } = part;
    Ok(Holding { address: address.parse()?, before: *before, after: *after })
}

fn secret(part: &SecretPart) -> Result<DeclaredSecret, String> {
    let SecretPart { address, attribute, from } = part;
    Ok(DeclaredSecret { address: address.parse()?, attribute: attribute.clone(), from: from.parse()? })
}

fn resource(part: &ResourceValues) -> Result<PlannedResource, String> {
    let provider = provider(&part.provider_name);
    let kind = part.type_name.strip_prefix(&format!("{provider}_")).and_then(KindName::parse);
    let kind = kind.ok_or_else(|| format!("`{}` is not a type of {provider}", part.type_name))?;
    Ok(PlannedResource {
        address: Address::new(&Account::new(&part.name), kind, &part.index),
        provider,
        values: part.values.clone(),
        sensitive: names(&part.sensitive_values),
    })
}

fn names(places: &Map<String, Json>) -> Vec<String> {
    places.keys().cloned().collect()
}

fn refusal(part: &RefusalPart) -> Result<Refusal, String> {
    let RefusalPart { code, message, help, addresses, no_safe_plan } = part;
    Ok(Refusal {
        code: Code::parse(code).ok_or_else(|| format!("`{code}` is not a code"))?,
        message: message.clone(),
        help: help.clone(),
        addresses: all(addresses, |text| text.parse())?,
        no_safe_plan: *no_safe_plan,
    })
}

/// Without its place in the text: a saved plan does not hold the files.
fn diagnostic(part: &Complaint) -> Result<Diagnostic, String> {
    let severity = [Severity::Error, Severity::Warning, Severity::Info];
    let file = part.file.as_deref().map(|file| Label {
        file: Arc::from(file),
        span: Span::default(),
        text: String::new(),
    });
    Ok(Diagnostic {
        code: Code::parse(&part.code).ok_or_else(|| format!("`{}` is not a code", part.code))?,
        severity: severity
            .into_iter()
            .find(|severity| severity.as_str() == part.severity)
            .ok_or_else(|| format!("`{}` is not a severity", part.severity))?,
        message: part.message.clone(),
        labels: file.into_iter().collect(),
        help: part.help.clone(),
        address: part.address.as_deref().map(str::parse).transpose()?,
    })
}
