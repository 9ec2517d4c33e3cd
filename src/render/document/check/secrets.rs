//! Whether the sources of secrets that a saved plan lists are those that its steps use.
//! In: a plan. Out: nothing, or the first source that can't be right.
//! A plan of before there was a list has none; its steps say where their secrets come from.

use serde_json::Value as Json;

use super::{KindsOf, kinds};
use crate::model::declared_secret::{DeclaredSecret, source_of};
use crate::model::{Kinds, Plan, Step};

/// The list: each secret once and in order, an attribute that is a secret, of an account that the plan has read.
pub(super) fn listed(plan: &Plan, kinds_of: KindsOf<'_>) -> Result<(), String> {
    for DeclaredSecret { address, attribute, from: _ } in &plan.secrets {
        let kinds = kinds(plan, address, kinds_of)?;
        let mut known = kinds.get(address.kind).into_iter().flat_map(|kind| &kind.attributes);
        if !known.any(|one| one.secret && one.name == attribute) {
            return Err(format!("`{attribute}` of `{address}` is listed as a secret, and is none"));
        }
    }
    let key = |one: &DeclaredSecret| (one.address.clone(), one.attribute.clone());
    match plan.secrets.windows(2).find(|pair| key(&pair[0]) >= key(&pair[1])) {
        Some(pair) => Err(format!("the secrets of `{}` are not in order", pair[1].address)),
        None => Ok(()),
    }
}

/// A step sends a secret only from the source that the list gives.
pub(super) fn of_step(step: &Step, plan: &Plan, kinds: &Kinds) -> Result<(), String> {
    let (Some(Json::Object(body)), Some(kind)) = (&step.request.body, kinds.get(step.address.kind)) else {
        return Ok(());
    };
    for attribute in kind.attributes.iter().filter(|attribute| attribute.secret && !plan.secrets.is_empty()) {
        let Some(sent) = body.get(attribute.field).and_then(Json::as_str) else { continue };
        let from = source_of(&plan.secrets, &step.address, attribute.name);
        if from.is_none_or(|from| from.placeholder() != sent) {
            return Err(format!("`{}` has another source than the plan lists for it", attribute.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::{kinds, refused, with_all_forms};
    use crate::model::SecretSource;
    use crate::render::document::Document;

    #[test]
    fn the_sources_of_secrets_are_those_of_the_steps() {
        let read_with = |change: &dyn Fn(&mut Json)| {
            let mut document: Json =
                serde_json::from_str(&Document::from(&with_all_forms()).to_line()).unwrap();
            change(&mut document["trunkform"]["secrets"]);
            let read = Document::parse(&document.to_string()).and_then(|document| document.plan(&kinds));
            read.map(|plan| plan.secrets.len())
        };
        assert_eq!(read_with(&|_| ()), Ok(2));
        // A plan of before there was such a list.
        assert_eq!(read_with(&|list| *list = json!([])), Ok(0));
        let why = |change: &dyn Fn(&mut Json)| read_with(change).unwrap_err();
        assert!(why(&|list| list[0]["from"] = json!("env OTHER")).contains("another source"));
        assert!(why(&|list| list[0]["from"] = json!("file PBX_PASSWORD")).contains("another source"));
        assert!(why(&|list| list[0]["from"] = json!("hunter2")).contains("no source of a secret"));
        assert!(why(&|list| list[0]["attribute"] = json!("name")).contains("is none"));
        assert!(why(&|list| list[0]["address"] = json!("other.trunk.Main")).contains("has not read"));
        assert!(why(&|list| _ = list.as_array_mut().unwrap().remove(0)).contains("another source"));
        assert!(why(&|list| list.as_array_mut().unwrap().reverse()).contains("not in order"));
        assert!(why(&|list| list[1] = list[0].clone()).contains("not in order"));
    }

    #[test]
    fn a_secret_comes_from_where_the_file_may_say() {
        let from = |path: &str| json!({"password": format!("${{file:{path}}}")});
        refused(&[
            ("0/request/body", json!({"password": "hunter2"}), "in the clear"),
            ("0/request/body", json!({"name": "${env:HOME}"}), "it is no secret"),
            ("0/request/body", json!({"password": {"a": "${env:HOME}"}}), "it is no secret"),
            ("0/request/body", from("secret"), "is not in the folder"),
        ]);
        let mut plan = with_all_forms();
        for (source, path, good) in [
            ("trunkform.yaml:1:1", "secret", true),
            ("lines/kalem.yaml:12:5", "lines/secret", true),
            ("lines/kalem.yaml:12:5", "lines/a/../secret", true),
            ("/lines/kalem.yaml:12:5", "/lines/keys/secret", true),
            ("trunkform.yaml:1:1", "/etc/shadow", false),
            ("trunkform.yaml:1:1", "../secret", false),
            ("lines/kalem.yaml:12:5", "secret", false),
            ("lines/kalem.yaml:12:5", "lines/../secret", false),
            ("lines/kalem.yaml:12:5", "lines/a/../../secret", false),
            ("lines/kalem.yaml:12:5", "/lines/secret", false),
        ] {
            plan.steps[0].source = Some(source.into());
            plan.steps[0].request.body = Some(from(path));
            plan.secrets[0].from = SecretSource::File(path.into());
            let read = Document::from(&plan).plan(&kinds);
            assert_eq!(read.is_ok(), good, "{source} {path}: {read:?}");
        }
    }
}
