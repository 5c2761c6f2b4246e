//! The question that buying asks before it asks anybody for a price, on a real Postgres.
use super::*;
use crate::SERVICE;
use testkit::Yewu;

/// A supplier of this status with a qualification of this status, both straight in the tables.
async fn known(yewu: &Yewu, status: &str, qualification: &str) -> SupplierId {
    let id = SupplierId(uuid::Uuid::now_v7());
    let supplier = format!(
        "INSERT INTO suppliers (id, number, name, status, contact, external_refs, created_at, version) \
         VALUES ('{id}', '{id}', '某商', '{status}', '{{}}', '[]', now(), 1)"
    );
    yewu.as_owner("procurement", &supplier).await;
    let category = format!(
        "INSERT INTO supplier_qualifications (id, supplier_id, category, status, valid_to, justification, applied_by, created_at, version) \
         VALUES (gen_random_uuid(), '{id}', 'it_equipment', '{qualification}', '2026-06-30', '样品合格', 'user:ann', now(), 1)"
    );
    yewu.as_owner("procurement", &category).await;
    id
}

#[test]
fn pro_15_qualified_is_the_suppliers_status_and_where_asked_for_its_category_until_its_last_day() {
    testkit::run(&[SERVICE], async |yewu| {
        let ask = async |id: SupplierId, category: Option<&str>, on: &str| {
            let mut conn = yewu.node.apps[0].readers.get().await.expect("a connection");
            qualified(&mut conn, id, category, on.parse().expect("a day")).await.expect("an answer")
        };
        let (day, it) = ("2026-06-30", Some("it_equipment"));
        for (status, may) in [
            ("prospective", false),
            ("qualified", true),
            ("probation", true),
            ("suspended", false),
            ("eliminated", false),
        ] {
            let id = known(yewu, status, "qualified").await;
            assert_eq!((ask(id, None, day).await, ask(id, it, day).await), (may, may), "{status}");
        }
        for (qualification, may) in [("applied", false), ("qualified", true), ("expired", false), ("rejected", false)] {
            let id = known(yewu, "qualified", qualification).await;
            assert_eq!((ask(id, None, day).await, ask(id, it, day).await), (true, may), "{qualification}");
        }
        let id = known(yewu, "qualified", "qualified").await;
        assert!(!ask(id, it, "2026-07-01").await, "the day after its last");
        assert!(!ask(id, Some("services"), day).await, "another category");
        assert!(!ask(SupplierId(uuid::Uuid::now_v7()), None, day).await, "nobody");
    });
}
