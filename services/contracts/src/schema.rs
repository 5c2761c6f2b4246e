//! Table shapes, as the migrations make them.
diesel::table! { templates (id) { id -> Uuid, kind -> Text, code -> Text, revision -> Integer, title -> Text, status -> Text, clauses -> Jsonb, created_by -> Text, makers -> Jsonb, created_at -> Timestamptz, approved_by -> Nullable<Text>, approved_at -> Nullable<Timestamptz>, version -> Integer, } }
diesel::table! { contracts (id) { id -> Uuid, number -> Text, kind -> Text, status -> Text, revision -> Integer, case_id -> Uuid, account_id -> Uuid, account_name -> Text, quote_id -> Nullable<Uuid>, order_id -> Nullable<Uuid>, template_id -> Uuid, currency -> Text, net -> Numeric, tax -> Numeric, gross -> Numeric, payment_terms -> Jsonb, delivery_date -> Nullable<Date>, conditions -> Jsonb, checklist -> Nullable<Jsonb>, signatures -> Jsonb, reason -> Nullable<Text>, external_refs -> Jsonb, owner_id -> Nullable<Text>, team_id -> Nullable<Text>, department_id -> Nullable<Text>, cause_event_id -> Nullable<Uuid>, created_at -> Timestamptz, submitted_at -> Nullable<Timestamptz>, approved_at -> Nullable<Timestamptz>, signed_at -> Nullable<Timestamptz>, effective_at -> Nullable<Timestamptz>, version -> Integer, } }
diesel::table! { contract_lines (id) { id -> Uuid, contract_id -> Uuid, line_number -> Integer, sku -> Text, description -> Text, quantity -> Numeric, unit_price -> Numeric, discount_rate -> Numeric, tax_rate -> Numeric, net -> Numeric, tax -> Numeric, } }
diesel::table! { contract_clauses (contract_id, kind) { contract_id -> Uuid, position -> Integer, kind -> Text, status -> Text, text -> Nullable<Text>, terms -> Nullable<Jsonb>, template_text -> Nullable<Text>, template_terms -> Nullable<Jsonb>, } }
diesel::table! { contract_versions (contract_id, revision) { contract_id -> Uuid, revision -> Integer, hash -> Text, content -> Text, created_at -> Timestamptz, created_by -> Text, } }
diesel::table! { review_comments (id) { id -> Uuid, contract_id -> Uuid, revision -> Integer, case_id -> Uuid, clause -> Nullable<Text>, status -> Text, text -> Text, author -> Text, resolution -> Nullable<Text>, resolved_by -> Nullable<Text>, verified_by -> Nullable<Text>, owner_id -> Nullable<Text>, team_id -> Nullable<Text>, department_id -> Nullable<Text>, created_at -> Timestamptz, version -> Integer, } }
diesel::table! { payment_milestones (id) { id -> Uuid, plan_id -> Uuid, contract_id -> Nullable<Uuid>, order_id -> Nullable<Uuid>, number -> Text, position -> Integer, label -> Text, trigger -> Text, due_days -> Integer, status -> Text, currency -> Text, amount -> Numeric, paid -> Numeric, due_on -> Nullable<Date>, overdue -> Bool, case_id -> Uuid, account_id -> Uuid, account_name -> Text, reason -> Nullable<Text>, owner_id -> Nullable<Text>, team_id -> Nullable<Text>, department_id -> Nullable<Text>, cause_event_id -> Nullable<Uuid>, created_at -> Timestamptz, version -> Integer, } }
diesel::table! { receipts (id) { id -> Uuid, number -> Text, status -> Text, account_id -> Uuid, account_name -> Text, currency -> Text, amount -> Numeric, allocated -> Numeric, received_on -> Date, channel -> Text, reference -> Nullable<Text>, reason -> Nullable<Text>, external_refs -> Jsonb, created_by -> Text, created_at -> Timestamptz, version -> Integer, } }
diesel::table! { receipt_allocations (id) { id -> Uuid, receipt_id -> Uuid, payment_milestone_id -> Uuid, amount -> Numeric, at -> Timestamptz, by -> Text, } }
diesel::table! { signature_mismatches (id) { id -> Uuid, contract_id -> Uuid, party -> Text, signer -> Text, approved_sha256 -> Text, signed_sha256 -> Text, attachment_id -> Nullable<Uuid>, recorded_by -> Text, recorded_at -> Timestamptz, cleared_at -> Nullable<Timestamptz>, } }
diesel::table! { contract_policies (id) { id -> Uuid, revision -> Integer, amount -> Numeric, currency -> Text, clauses -> Jsonb, effective_from -> Date, reason -> Text, published_by -> Text, published_at -> Timestamptz, version -> Integer, } }
diesel::table! { exchange_rates (id) { id -> Uuid, date -> Date, currency -> Text, per_hundred -> Numeric, source -> Text, stated_by -> Text, stated_at -> Timestamptz, version -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(
    templates,
    contracts,
    contract_lines,
    contract_clauses,
    contract_versions,
    review_comments,
    payment_milestones,
    receipts,
    receipt_allocations
);
