//! Plans of any size and of any names, for the tests of the renderers.

use serde_json::{Map, Value as Json, json};

use crate::model::{
    Account, Action, Address, Code, Diagnostic, Expect, Gap, Holding, Impact, KindName, Notes, Observed,
    Plan, PlannedAccount, PlannedChange, Refusal, Request, Severity, Step, Summary, Wait,
};

/// Names that somebody could give to a trunk.
pub(in crate::render) const HOSTILE: [&str; 14] = [
    "Office PBX",
    "a|b|c",
    "`tick` ``two``",
    "```",
    "</details><script>alert(1)</script>",
    "--> <!-- trunkform:plan:other -->",
    "@everyone #1 https://evil.example www.evil.example",
    "[x](javascript:1) ![y](https://evil.example/p.png)",
    "line\nbreak\r\n\n## heading\n```\n",
    "\u{202e}rtl \u{1b}[31mred \u{200b}zero",
    "%%{init: {}}%% \"quoted\" end",
    "back\\|slash\\",
    "\u{1f600}\u{1f600} \u{7535}\u{8bdd}",
    "- # > * _ ~ : {} [] () ; , ' \"",
];

/// What a plan is made of: how many changes, which names beside the usual ones, how long some of them are.
pub(in crate::render) struct Crowd {
    pub(in crate::render) changes: usize,
    pub(in crate::render) names: Vec<String>,
    pub(in crate::render) accounts: usize,
}

impl Crowd {
    pub(in crate::render) fn of(changes: usize) -> Self {
        let mut names: Vec<String> = HOSTILE.iter().map(ToString::to_string).collect();
        names.push("long \u{1f600} `".repeat(400));
        Self { changes, names, accounts: 3 }
    }

    fn name(&self, at: usize) -> &str {
        &self.names[at % self.names.len()]
    }

    fn account(&self, at: usize) -> Account {
        Account::new(&format!("account-{}", at % self.accounts))
    }

    fn change(&self, at: usize) -> PlannedChange {
        let action = [Action::Update, Action::Create, Action::Delete, Action::Replace][at % 7 % 4];
        let (kind, name) = match at % 5 {
            0 => (KindName::Trunk, format!("{} {at}", self.name(at))),
            _ => (KindName::Number, format!("+1555{at:07}")),
        };
        let side = |trunk: &str| json!({"trunk": trunk, "password": "(sensitive value)"});
        let (before, after) = (side(self.name(at % 3)), side(self.name(at % 11)));
        let shown =
            |json: Json, there: bool| there.then(|| json.as_object().cloned().unwrap_or_else(Map::new));
        PlannedChange {
            address: Address::new(&self.account(at), kind, &name),
            read_as: None,
            id: None,
            provider: "kalem".into(),
            action,
            before: shown(before, action != Action::Create),
            after: shown(after, action != Action::Delete),
            changed: vec!["trunk".into(), "password".into()],
            sensitive: vec!["password".into()],
            reason: format!("its trunk `{}` is made anew", self.name(at % 4)),
            source: Some(format!("file.yaml:{at}:5")),
            cause: None,
        }
    }

    fn step(&self, at: usize, change: &PlannedChange) -> Step {
        let irreversible = matches!(change.action, Action::Delete | Action::Replace);
        let words = || Some(self.name(at % 5).chars().take(300).collect::<String>().into());
        let waits_on: Vec<u32> = (at > 0 && at.is_multiple_of(3)).then_some(at as u32).into_iter().collect();
        Step {
            id: at as u32 + 1,
            address: change.address.clone(),
            verb: change.action.as_str().into(),
            request: Request { method: "PUT".into(), path: format!("/numbers/{at}"), body: None },
            expect: Expect::default(),
            notes: Notes {
                waits: waits_on.iter().map(|_| Wait::Row).collect(),
                side_effect: (at.is_multiple_of(4)).then(words).flatten(),
                irreversible: irreversible.then(words).flatten(),
            },
            waits_on,
            gap: Gap::None,
            irreversible,
            reason: change.reason.clone(),
            source: None,
        }
    }

    /// The plan; its summary counts what is in it.
    pub(in crate::render) fn plan(&self) -> Plan {
        let changes: Vec<_> = (0..self.changes).map(|at| self.change(at)).collect();
        let steps: Vec<_> = changes.iter().enumerate().map(|(at, change)| self.step(at, change)).collect();
        let count = |action| changes.iter().filter(|change| change.action == action).count();
        let account = |at| PlannedAccount {
            account: self.account(at),
            provider: "kalem".into(),
            observed: Observed { trunks: 1, numbers: self.changes, requests: 1 },
            fingerprints: vec![],
            removals: 3,
            allowed: at,
            budget: None,
        };
        let held = |at: usize| {
            let address = Address::new(&self.account(at), KindName::Trunk, self.name(at));
            Holding { address, before: at, after: 0 }
        };
        let refusal = |at: usize| Refusal {
            code: Code::PLN001,
            message: format!("`{}` would lose too much", self.name(at)),
            help: "look at each".into(),
            addresses: vec![changes[at].address.clone()],
            no_safe_plan: false,
        };
        let warning = |at| Diagnostic {
            code: Code::NUM009,
            severity: Severity::Warning,
            message: format!("there is no trunk `{}`", self.name(at)),
            labels: vec![],
            help: None,
            address: None,
        };
        Plan {
            summary: Summary {
                create: count(Action::Create),
                update: count(Action::Update),
                replace: count(Action::Replace),
                delete: count(Action::Delete),
                steps: steps.len(),
                removals: 3 * self.accounts,
                ..Summary::default()
            },
            accounts: (0..self.accounts).map(account).collect(),
            holdings: (0..self.changes.min(500)).map(held).collect(),
            refusals: (0..self.changes / 100).map(refusal).collect(),
            diagnostics: (0..self.changes / 50).map(warning).collect(),
            unlisted: (0..self.changes.min(30)).map(|at| held(at).address).collect(),
            impact: Impact { numbers_moved: self.changes, ..Impact::default() },
            changes,
            steps,
            ..Plan::default()
        }
    }
}
