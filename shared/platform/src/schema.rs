//! The platform's tables, unqualified: the session's `search_path` says whose they are.
diesel::table! { outbox (seq) { seq -> BigInt, id -> Uuid, kind -> Text, subject -> Uuid, partition_key -> Uuid, shard -> SmallInt, case_id -> Nullable<Uuid>, envelope -> Text, at -> Timestamptz, published_at -> Nullable<Timestamptz>, } }
diesel::table! { relay_lease (one) { one -> Bool, holder -> Nullable<Uuid>, epoch -> BigInt, expires_at -> Timestamptz, } }
diesel::table! { inbox (handler, event_id) { handler -> Text, event_id -> Uuid, arrival -> BigInt, partition_key -> Uuid, kind -> Text, status -> Text, attempts -> Integer, next_attempt_at -> Nullable<Timestamptz>, waiting_for -> Nullable<Text>, error -> Nullable<Text>, envelope -> Nullable<Text>, arrived_at -> Timestamptz, settled_at -> Nullable<Timestamptz>, } }
diesel::table! { idempotency (slot) { slot -> Uuid, fingerprint -> Bytea, status -> SmallInt, etag -> Nullable<Text>, location -> Nullable<Text>, body -> Text, at -> Timestamptz, } }
diesel::table! { audit_log (seq) { seq -> BigInt, at -> Timestamptz, actor -> Text, action -> Text, entity -> Text, entity_id -> Uuid, version -> Integer, status -> Text, changes -> Text, reason -> Nullable<Text>, case_id -> Nullable<Uuid>, cause_id -> Nullable<Uuid>, trace_id -> Text, } }
diesel::table! { audit_seals (to_seq) { to_seq -> BigInt, from_seq -> BigInt, hash -> Bytea, at -> Timestamptz, } }
diesel::table! { number_rules (kind) { kind -> Text, prefix -> Text, gapless -> Bool, width -> Integer, } }
diesel::table! { external_refs (kind, system, reference) { kind -> Text, system -> Text, reference -> Text, entity_id -> Uuid, } }
diesel::table! { replicas (kind, id) { kind -> Text, id -> Uuid, key -> Nullable<Text>, source_version -> Integer, data -> Jsonb, } }
diesel::table! { approval_policies (key, version) { key -> Text, version -> Integer, steps -> Jsonb, effective_from -> Timestamptz, published_by -> Text, id -> Uuid, tiers -> Jsonb, cumulative -> Bool, reason -> Text, } }
diesel::table! { approvals (id) { id -> Uuid, entity -> Text, subject_id -> Uuid, subject_number -> Text, policy_key -> Text, policy_version -> Integer, steps -> Jsonb, votes -> Jsonb, current_step -> Integer, open_roles -> Array<Text>, maker -> Text, status -> Text, asked_at -> Timestamptz, decided_at -> Nullable<Timestamptz>, case_id -> Nullable<Uuid>, owner_id -> Nullable<Text>, team_id -> Nullable<Text>, department_id -> Nullable<Text>, version -> Integer, amount -> Nullable<Numeric>, tier -> Integer, previous_id -> Nullable<Uuid>, round -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(outbox, relay_lease);
diesel::table! { heard (service, handler, kind) { kind -> Text, service -> Text, handler -> Text, since -> Timestamptz, } }
diesel::table! { suspects (event_id) { event_id -> Uuid, started -> Integer, } }
diesel::table! { delegations (id) { id -> Uuid, from_user -> Text, to_user -> Text, first_day -> Date, last_day -> Date, policy_keys -> Array<Text>, reason -> Text, status -> Text, created_by -> Text, created_at -> Timestamptz, ended_at -> Nullable<Timestamptz>, version -> Integer, } }
