//! What a reader sees of a plan, in which order, and how it is masked and folded; decided here once for all formats for people.
//! In: a plan. Out: short texts without control characters, grouped, the same each time.
//! Knows nothing of colours, indentation or markup: those are a skin's.

pub(super) mod changes;
mod risks;
mod secrets;
mod steps;
mod verdict;

pub(super) use changes::attributes;
pub(super) use secrets::{SecretsView, origin};
pub(super) use steps::arrows;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::eta;
use super::fold::{self, count, listed};
use crate::model::text::{brief, visible};
use crate::model::{Account, Action, Address, Drift, KindName, Plan, Refusal, Severity};

/// So many names are written out where a list is not the matter itself.
const NAMES: usize = 20;

/// What is said where nobody would notice.
pub(super) const NO_IMPACT: &str = "no live number or trunk loses anything";

/// How the plan is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Incomplete,
    Refused,
    NothingToDo,
    NeedsApproval,
    Safe,
}

/// A plan for people.
#[derive(Debug)]
pub(super) struct View {
    pub(super) verdict: Verdict,
    /// The rest of the verdict's line.
    pub(super) because: String,
    /// Each refusal with what to do instead.
    pub(super) refusals: Vec<(String, String)>,
    /// What it means for callers: how many, and of what.
    pub(super) impact: Vec<(usize, String)>,
    /// What else was found wrong or strange: how bad, and what. Advice is not among it.
    pub(super) problems: Vec<(&'static str, String)>,
    /// Who has another count of numbers afterwards: name, before, after.
    pub(super) holders: Vec<(String, usize, usize)>,
    /// What nothing can undo, and why.
    pub(super) irreversible: Vec<NoteView>,
    /// What is taken away against what the limits allow.
    pub(super) removals: Option<String>,
    /// What platforms do beside what is asked of them.
    pub(super) side_effects: Vec<NoteView>,
    /// How much can be taken back.
    pub(super) undo: Option<String>,
    /// What was read and what will be sent; that the plan is partial.
    pub(super) notes: Vec<String>,
    pub(super) accounts: Vec<AccountView>,
    pub(super) steps: Vec<StepView>,
    /// How many requests go to each account, and how long that takes.
    pub(super) requests: Option<String>,
    /// Where the declared secrets come from.
    pub(super) secrets: Option<SecretsView>,
    /// What is live, not listed, and stays.
    pub(super) unlisted: Option<String>,
    /// What differs or is not listed, and is known noise.
    pub(super) ignored: Option<String>,
    /// The sentence that other tools look for; none where nothing can be said.
    pub(super) sentence: Option<String>,
}

/// The changes of one account.
#[derive(Debug)]
pub(super) struct AccountView {
    pub(super) name: String,
    pub(super) changes: Vec<ChangeView>,
}

/// One change, or the same change on many numbers.
#[derive(Debug)]
pub(super) struct ChangeView {
    pub(super) action: Action,
    pub(super) what: String,
    /// Each run of the numbers that it stands for, where `what` leaves some out.
    pub(super) every: Vec<String>,
    pub(super) why: String,
    pub(super) attributes: Vec<String>,
    /// How many resources it stands for.
    pub(super) count: usize,
}

/// What there is to know of one step, or of steps that do the same.
#[derive(Debug)]
pub(super) struct NoteView {
    pub(super) what: String,
    /// Empty where the plan says no more.
    pub(super) words: String,
    /// How many steps it stands for.
    pub(super) count: usize,
}

/// One step, or steps of one shape on many numbers.
#[derive(Debug)]
pub(super) struct StepView {
    pub(super) ids: String,
    pub(super) what: String,
    pub(super) request: String,
    pub(super) notes: Vec<String>,
    pub(super) irreversible: bool,
    /// The steps that it stands for.
    pub(super) members: Vec<u32>,
}

impl Verdict {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Incomplete => "INCOMPLETE",
            Self::Refused => "REFUSED",
            Self::NothingToDo => "NOTHING TO DO",
            Self::NeedsApproval => "NEEDS APPROVAL",
            Self::Safe => "SAFE",
        }
    }
}

impl View {
    /// What it means for callers, on one line.
    pub(super) fn impact_line(&self) -> String {
        if self.impact.is_empty() {
            return NO_IMPACT.into();
        }
        self.impact.iter().map(|(n, what)| format!("{n} {what}")).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn of(plan: &Plan) -> Self {
        let (verdict, because) = verdict::verdict(plan);
        Self {
            verdict,
            because,
            refusals: plan.refusals.iter().map(refusal).collect(),
            impact: verdict::impact(plan),
            problems: problems(plan),
            holders: risks::holders(plan),
            irreversible: risks::irreversible(plan),
            removals: risks::removals(plan),
            side_effects: risks::side_effects(plan),
            undo: risks::undo(plan),
            notes: notes(plan),
            accounts: changes::of(plan),
            steps: steps::of(&plan.steps),
            requests: eta::line(plan),
            secrets: secrets::of(plan),
            unlisted: unlisted(plan),
            ignored: None,
            sentence: sentence(plan),
        }
    }

    /// What counts of what differs, and what is ignored of it.
    pub(super) fn of_drift(drift: &Drift<'_>) -> Self {
        let Drift { plan, changes, unlisted, ignored, with_unlisted } = drift;
        let mut view = if ignored.is_empty() {
            Self::of(plan)
        } else {
            // Without steps: they are those of all that differs.
            let counted = Plan {
                accounts: plan.accounts.clone(),
                secrets: plan.secrets.clone(),
                changes: changes.iter().copied().cloned().collect(),
                unlisted: unlisted.iter().copied().cloned().collect(),
                summary: plan.summary.of(changes.iter().map(|change| change.action)),
                refusals: plan.refusals.clone(),
                diagnostics: plan.diagnostics.clone(),
                errors: plan.errors.clone(),
                unread: plan.unread.clone(),
                ..Plan::default()
            };
            let names = named(ignored.iter().copied());
            Self { ignored: Some(names), ..Self::of(&counted) }
        };
        if changes.is_empty() && *with_unlisted && !unlisted.is_empty() {
            // That nothing would be sent is not that everything is as declared.
            view.sentence = None;
        }
        view
    }
}

fn refusal(refusal: &Refusal) -> (String, String) {
    let mut what = format!("{}: {}", refusal.code, visible(&refusal.message));
    if !refusal.addresses.is_empty() {
        what += &format!(" ({})", named(refusal.addresses.iter()));
    }
    (what, visible(&refusal.help).into_owned())
}

fn problems(plan: &Plan) -> Vec<(&'static str, String)> {
    let errors = plan.errors.iter().map(|why| (Severity::Error.as_str(), visible(why).into_owned()));
    let grave = plan.diagnostics.iter().filter(|found| found.severity != Severity::Info);
    let found = grave.map(|found| {
        let help = found.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
        let text = format!("{}: {}{help}", found.code, found.message);
        (found.severity.as_str(), visible(&text).into_owned())
    });
    errors.chain(found).collect()
}

fn notes(plan: &Plan) -> Vec<String> {
    let read = plan.accounts.iter().map(|account| {
        let observed = account.observed;
        format!(
            "Read {} and {} of {} in {}.",
            count(observed.trunks, "trunk"),
            count(observed.numbers, "number"),
            visible(account.account.as_str()),
            count(observed.requests, "request")
        )
    });
    let mut notes: Vec<String> = read.collect();
    if !plan.is_empty() {
        let would = if plan.refusals.is_empty() { "will" } else { "would" };
        notes.push(format!("Apply {would} send {}.", count(plan.steps.len(), "request")));
    }
    notes.extend(changes::causes(plan));
    if !plan.targets.is_empty() {
        let targets: Vec<_> = plan.targets.iter().map(|target| format!("`{}`", visible(target))).collect();
        notes.push(format!(
            "This plan is partial: only what --target {} names, and what that needs.",
            targets.join(", ")
        ));
    }
    notes
}

/// What is left alone; what an account's own rules touch all the same (a number whose trunk goes) stands among the changes.
fn unlisted(plan: &Plan) -> Option<String> {
    let touched: HashSet<_> = plan.changes.iter().map(|change| &change.address).collect();
    let mut alone = plan.unlisted.iter().filter(|address| !touched.contains(address)).peekable();
    alone.peek().is_some().then(|| named(alone))
}

fn sentence(plan: &Plan) -> Option<String> {
    let summary = &plan.summary;
    if plan.changes.is_empty() && plan.is_empty() {
        return (!plan.errored())
            .then(|| "No changes. Your infrastructure matches the configuration.".into());
    }
    let (add, destroy) = (summary.to_add(), summary.to_destroy());
    Some(format!("Plan: {add} to add, {} to change, {destroy} to destroy.", summary.update))
}

/// What has the same key comes together, at the place of the first; what has none stays alone.
fn grouped<K: Eq + Hash, T>(items: impl Iterator<Item = (Option<K>, T)>) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut places = HashMap::new();
    for (key, item) in items {
        let fresh = groups.len();
        let at = key.map_or(fresh, |key| *places.entry(key).or_insert(fresh));
        if at == fresh {
            groups.push(Vec::new());
        }
        groups[at].push(item);
    }
    groups
}

/// A list of addresses: trunks one by one, the numbers of an account as ranges.
pub(super) fn named<'a>(addresses: impl Iterator<Item = &'a Address>) -> String {
    let numbers = |address: &Address| (address.kind == KindName::Number).then(|| address.account.clone());
    let groups = grouped(addresses.map(|address| (numbers(address), address)));
    listed(groups.iter().map(|group| addressed(group)).collect(), NAMES, "more")
}

/// Accounts by name.
pub(super) fn accounts(accounts: &[Account]) -> String {
    let names: Vec<_> = accounts.iter().map(|name| format!("`{}`", visible(name.as_str()))).collect();
    listed(names, NAMES, "more")
}

/// One address, or the numbers of one account as ranges with their count.
fn addressed(addresses: &[&Address]) -> String {
    match addresses {
        [one] => shown(one),
        several => {
            let first = several[0];
            let names: Vec<&str> = several.iter().map(|address| &*address.name).collect();
            let text = format!("{}.{}.{}", first.account, first.kind, fold::numbers(&names));
            format!("{} ({} numbers)", brief(&text), several.len())
        }
    }
}

fn shown(address: &Address) -> String {
    brief(&address.to_string()).into_owned()
}
