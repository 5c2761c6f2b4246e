//! Table shapes, as the migrations make them.
diesel::table! { suppliers (id) { id -> Uuid, number -> Text, name -> Text, status -> Text, contact -> Jsonb, reason -> Nullable<Text>, external_refs -> Jsonb, created_at -> Timestamptz, version -> Integer, } }
diesel::table! { items (id) { id -> Uuid, sku -> Text, name -> Text, unit -> Text, status -> Text, product_sku -> Nullable<Text>, preferred_supplier_id -> Nullable<Uuid>, purchase_price -> Nullable<Numeric>, purchase_currency -> Nullable<Text>, reorder_level -> Numeric, external_refs -> Jsonb, created_at -> Timestamptz, version -> Integer, } }
diesel::table! { stock (id) { id -> Uuid, item_id -> Uuid, sku -> Text, location -> Text, on_hand -> Numeric, held -> Numeric, created_at -> Timestamptz, version -> Integer, } }
diesel::table! { stock_entries (id) { id -> Uuid, stock_id -> Uuid, kind -> Text, change -> Numeric, on_hand_after -> Numeric, reason -> Nullable<Text>, order_id -> Nullable<Uuid>, shipment_id -> Nullable<Uuid>, line_id -> Nullable<Uuid>, reference_system -> Nullable<Text>, reference_id -> Nullable<Text>, at -> Timestamptz, actor -> Text, cause_event_id -> Nullable<Uuid>, } }
diesel::table! { holds (id) { id -> Uuid, number -> Text, status -> Text, case_id -> Nullable<Uuid>, order_id -> Uuid, order_number -> Text, owner_id -> Nullable<Text>, team_id -> Nullable<Text>, department_id -> Nullable<Text>, created_at -> Timestamptz, closed_at -> Nullable<Timestamptz>, cause_event_id -> Nullable<Uuid>, version -> Integer, } }
diesel::table! { hold_lines (hold_id, line_id) { hold_id -> Uuid, line_id -> Uuid, line_number -> Integer, sku -> Text, requested -> Numeric, } }
diesel::table! { hold_places (hold_id, line_id, stock_id) { hold_id -> Uuid, line_id -> Uuid, stock_id -> Uuid, held -> Numeric, issued -> Numeric, } }
diesel::joinable!(stock_entries -> stock (stock_id));
diesel::allow_tables_to_appear_in_same_query!(stock, stock_entries, items, holds, hold_lines, hold_places, suppliers);
