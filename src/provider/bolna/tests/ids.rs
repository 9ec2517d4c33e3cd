//! Refuses ids that no path may hold, wherever a row has one.

use serde_json::json;

use super::observe::{AGENTS, PHONES, TRUNKS, observe};
use crate::api::Problem;

#[tokio::test]
async fn an_id_that_no_path_may_hold_is_refused() {
    for id in crate::provider::UNSAFE_IDS {
        let number =
            json!([{"id": "T1", "name": "A", "phone_numbers": [{"id": id, "phone_number": "+15550000001"}]}]);
        let mapped = json!([{"id": "T1", "name": "A", "phone_numbers": [{"id": "N1", "phone_number": "+15550000001", "agent_id": id}]}]);
        for (at, answer) in [
            (TRUNKS, json!([{"id": id, "name": "A", "phone_numbers": []}])),
            (TRUNKS, json!([{"id": id, "name": "A"}])),
            (TRUNKS, number),
            (TRUNKS, mapped),
            (PHONES, json!([{"id": id, "phone_number": "+15550000001"}])),
            (PHONES, json!([{"id": "N1", "phone_number": "+15550000001", "agent_id": id}])),
            (AGENTS, json!([{"id": id, "agent_name": "Sales"}])),
        ] {
            let (state, counts) =
                observe(move |asked, _| (200, if asked == at { answer.clone() } else { json!([]) })).await;
            let error = state.unwrap_err();
            assert!(matches!(error.problem(), Problem::Unusable { .. }), "{id}: {error}");
            assert!(error.to_string().contains("that no path may hold"), "{id}: {error}");
            assert!(
                counts.keys().all(|asked| [TRUNKS, PHONES, AGENTS].contains(&asked.as_str())),
                "{counts:?}"
            );
        }
    }
}
