//! A journal is read: hostile until proven otherwise.
//! In: its text. Out: the last run that is in it, only what that run began; or the line that is wrong.
//! A line that a killed run left half written is passed over, where a run can end: at the end, and before the next run.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::lines::{Change, End, Heading, Line, VERSION};
use super::{Past, Recorded, Run, before, target, told};
use crate::model::{Account, Action, Address, Id, KindName, Origin, Outcome, SecretSource, Span, Value};
use crate::provider::{Platforms, Provider};

/// Reads all lines; each must be right, also of the runs that are not undone.
pub(super) fn read(file: &Arc<str>, text: &str, platforms: Platforms) -> Result<Run, String> {
    let (mut run, mut runs, mut cut) = (None::<Open>, 0, None::<String>);
    let mut start = 0;
    for (at, whole) in (1..).zip(text.split_inclusive('\n')) {
        let (line, place) = (whole.trim_end_matches(['\n', '\r']), start);
        start += whole.len();
        let wrong = |why: String| format!("`{file}` line {at}: {why}");
        let parsed = match serde_json::from_str::<Line>(line) {
            Ok(parsed) => parsed,
            Err(_) if line.trim().is_empty() => continue,
            // A run was killed while it wrote, or this is no journal: the next line tells.
            Err(why) => {
                cut = cut.or(Some(wrong(format!("it is no line of a journal: {why}"))));
                match whole.ends_with('\n') {
                    true => continue,
                    false => break,
                }
            }
        };
        let begins = matches!(parsed, Line::Plan(_));
        if let Some(why) = cut.take().filter(|_| !begins) {
            return Err(why);
        }
        let result = match (parsed, &mut run) {
            (Line::Plan(heading), run) => {
                runs += 1;
                Open::new(heading, file, platforms).map(|open| *run = Some(open))
            }
            (Line::Change(change), Some(run)) => run.change(*change, origin(file, line, (place, at))),
            (Line::Begin(begin), Some(run)) => run.begin(&begin.address, begin.step, begin.body.as_ref()),
            (Line::End(end), Some(run)) => run.end(end),
            (Line::Change(_), None) => Err("a change before any run began".into()),
            // Of a version that did not write down what it changed.
            (Line::Begin(_) | Line::End(_), None) => Ok(()),
        };
        result.map_err(wrong)?;
    }
    // A whole line that is none is no end of a killed run, unless it is the end of the text.
    if let Some(why) = cut.filter(|_| text.ends_with('\n') || run.is_none()) {
        return Err(why);
    }
    let run = run.ok_or_else(|| {
        format!("`{file}` says nothing of how things were: it is empty, or an earlier version wrote it")
    })?;
    Ok(run.finish(runs))
}

fn origin(file: &Arc<str>, line: &str, (start, at): (usize, u32)) -> Origin {
    // What a message points at: the value of the address, or else the first character.
    const KEY: &str = r#""address":"#;
    let from = line.find(KEY).map_or(0, |key| key + KEY.len());
    let value = line.get(from..).unwrap_or_default();
    let length = value.get(1..).and_then(|rest| rest.find('"')).map_or(1, |end| end + 2);
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span::new(byte(start + from), byte(start + from + length));
    Origin { file: file.clone(), span, line: at, column: 1 }
}

/// What became of one request.
struct Sent {
    address: Address,
    end: Option<(Outcome, Option<Id>)>,
}

/// A run that is being read.
struct Open {
    file: Arc<str>,
    at: String,
    accounts: BTreeMap<Account, (&'static dyn Provider, usize)>,
    recorded: Vec<Recorded>,
    known: BTreeSet<Address>,
    sent: BTreeMap<u32, Sent>,
    secrets: HashMap<Address, Vec<(&'static str, SecretSource)>>,
}

impl Open {
    fn new(heading: Heading, file: &Arc<str>, platforms: Platforms) -> Result<Self, String> {
        let Heading { journal_version, at, accounts } = heading;
        if journal_version != VERSION {
            return Err(format!("its journal_version is {journal_version}; this program reads {VERSION}"));
        }
        let mut known = BTreeMap::new();
        for one in accounts {
            let provider = platforms(&one.provider);
            let provider = provider.ok_or_else(|| format!("`{}` is not a platform", one.provider))?;
            if known.insert(Account::new(&one.account), (provider, one.allowed)).is_some() {
                return Err(format!("the account `{}` stands twice", one.account));
            }
        }
        let (recorded, sent) = Default::default();
        Ok(Self {
            file: file.clone(),
            at,
            accounts: known,
            recorded,
            known: BTreeSet::new(),
            sent,
            secrets: HashMap::new(),
        })
    }

    fn provider(&self, address: &Address) -> Result<&'static dyn Provider, String> {
        let account = self.accounts.get(&address.account);
        account
            .map(|(provider, _)| *provider)
            .ok_or_else(|| format!("`{address}` is of no account of this run"))
    }

    fn change(&mut self, change: Change, origin: Origin) -> Result<(), String> {
        let Change { address, provider, action, read_as, id, before, changed } = change;
        let address: Address = address.parse()?;
        let read_as = read_as.map_or(Ok(address.clone()), |text| text.parse::<Address>())?;
        let of = self.provider(&address)?;
        if of.name() != provider {
            return Err(format!("`{address}` is of {}, not of `{provider}`", of.name()));
        }
        let kind = of.kinds().get(address.kind).ok_or_else(|| format!("`{address}` is never changed"))?;
        if (&read_as.account, read_as.kind) != (&address.account, address.kind) {
            return Err(format!("`{address}` was not read as `{read_as}`"));
        }
        let action = Action::from(action);
        if before.is_none() != (action == Action::Create) {
            return Err(format!("`{address}` has a `before` that does not go with `{}`", action.as_str()));
        }
        let (before, full) =
            before::attributes((&address.account, kind), &before.unwrap_or_default(), origin.span)?;
        let names: Result<Vec<_>, String> =
            changed.iter().map(|name| before::named(kind, name).map(|attribute| attribute.name)).collect();
        if !self.known.insert(address.clone()) {
            return Err(format!("`{address}` is changed twice"));
        }
        let target = target(&read_as, kind, &before);
        let (secrets, made) = Default::default();
        self.recorded.push(Recorded {
            address,
            target,
            action,
            id,
            before,
            full,
            changed: names?,
            secrets,
            made,
            origin,
        });
        Ok(())
    }

    fn begin(&mut self, address: &str, step: u32, body: Option<&serde_json::Value>) -> Result<(), String> {
        let address: Address = address.parse()?;
        if let Some(kind) = self.provider(&address)?.kinds().get(address.kind) {
            for (name, place) in before::secrets(kind, body) {
                let known = self.secrets.entry(address.clone()).or_default();
                known.retain(|(other, _)| *other != name);
                known.push((name, place));
            }
        }
        match self.sent.insert(step, Sent { address, end: None }) {
            Some(_) => Err(format!("step {step} begins twice")),
            None => Ok(()),
        }
    }

    fn end(&mut self, End { step, outcome, id }: End) -> Result<(), String> {
        let sent = self.sent.get_mut(&step).ok_or_else(|| format!("step {step} ends, and never began"))?;
        match sent.end.replace((outcome, id)) {
            Some(_) => Err(format!("step {step} ends twice")),
            None => Ok(()),
        }
    }

    fn finish(self, runs: usize) -> Run {
        let Self { file, at, accounts, recorded, sent, mut secrets, .. } = self;
        let begun = Begun::of(sent.into_values());
        let former: HashMap<Address, Address> = recorded
            .iter()
            .filter(|one| one.address.kind == KindName::Trunk && one.action != Action::Create)
            .map(|one| (one.address.clone(), one.target.clone()))
            .collect();
        let mut notes = Vec::new();
        if runs > 1 {
            notes.push(told::several_runs(&file, runs, &at));
        }
        let mut targets = BTreeSet::new();
        let mut pasts: BTreeMap<Account, Past> = BTreeMap::new();
        for mut one in recorded.into_iter().filter(|one| begun.has(one)) {
            let Some(&(provider, allowed)) = accounts.get(&one.address.account) else { continue };
            let account = one.address.account.clone();
            one.secrets = secrets.remove(&one.address).unwrap_or_default();
            one.made = begun.made.get(&one.address).cloned().unwrap_or_default();
            refer_to(&mut one, &former);
            if one.action != Action::Create && !targets.insert(one.target.clone()) {
                notes.push(told::shared_name(&one));
                continue;
            }
            let past = pasts.entry(account.clone()).or_insert_with(|| Past::new(account, provider, allowed));
            past.add(one);
        }
        Run { pasts: pasts.into_values().collect(), notes }
    }
}

/// What was on a trunk is so again under the name that the trunk had.
fn refer_to(one: &mut Recorded, former: &HashMap<Address, Address>) {
    for value in one.before.values_mut() {
        if let Some(trunk) = value.as_ref_address().and_then(|trunk| former.get(trunk)) {
            *value = Value::Ref(trunk.clone());
        }
    }
}

/// What a run began.
struct Begun {
    /// With requests that may have had an effect.
    touched: BTreeSet<Address>,
    /// With any request.
    any: BTreeSet<Address>,
    /// Whose agents were written: where these keep the numbers, a change of a number is one of an agent.
    agents: BTreeSet<Account>,
    made: HashMap<Address, Vec<Id>>,
}

impl Begun {
    fn of(sent: impl Iterator<Item = Sent>) -> Self {
        let (touched, any, agents) = Default::default();
        let mut begun = Self { touched, any, agents, made: HashMap::new() };
        for Sent { address, end } in sent {
            if !matches!(address.kind, KindName::Trunk | KindName::Number) {
                begun.agents.insert(address.account.clone());
            }
            let (outcome, id) = end.map_or((Outcome::Uncertain, None), |end| end);
            if let Some(id) = id {
                begun.made.entry(address.clone()).or_default().push(id);
            }
            if matches!(outcome, Outcome::Done | Outcome::Uncertain) {
                begun.touched.insert(address.clone());
            }
            begun.any.insert(address);
        }
        begun
    }

    /// What was made must have been made by a request; of what was there already it does no harm to look.
    fn has(&self, one: &Recorded) -> bool {
        match one.action {
            Action::Create => self.touched.contains(&one.address),
            _ => {
                self.any.contains(&one.address)
                    || (one.address.kind == KindName::Number && self.agents.contains(&one.address.account))
            }
        }
    }
}
