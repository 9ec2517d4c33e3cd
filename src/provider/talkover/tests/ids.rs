//! Refuses ids that no path may hold, wherever a row has one.

use serde_json::{Value as Json, json};

use super::server::{account, agent, observe, trunk};
use crate::api::Problem;
use crate::model::Reading;

#[tokio::test]
async fn an_id_that_no_path_may_hold_is_refused() {
    for id in crate::provider::UNSAFE_IDS {
        let hostile = json!({"id": id, "number": "+15550000001", "country_code": "US"});
        let on = |numbers: Json| json!({"id": "a", "name": "Sales", "direction": "inbound", "phone_numbers": numbers});
        for (trunks, agents) in [
            (vec![(trunk(id), vec![])], vec![]),
            (vec![(trunk("t"), vec![hostile.clone()])], vec![]),
            (vec![], vec![agent(id, &[])]),
            (vec![], vec![on(json!([id]))]),
            (vec![], vec![on(json!([hostile.clone()]))]),
        ] {
            let (state, counts) = observe(Reading::Everything, account(trunks, agents)).await;
            let error = state.unwrap_err();
            assert!(matches!(error.problem(), Problem::Unusable { .. }), "{id}: {error}");
            let error = error.to_string();
            assert!(
                error.contains("that no path may hold") || error.contains("without `id`"),
                "{id}: {error}"
            );
            assert!(counts.keys().all(|asked| !asked.contains("..") && !asked.contains('%')), "{counts:?}");
        }
    }
}
