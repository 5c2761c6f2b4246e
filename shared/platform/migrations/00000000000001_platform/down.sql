DROP TABLE approvals, approval_policies, heard, replicas, external_refs, number_series, number_rules, audit_seals, audit_log, idempotency, inbox, relay_lease, outbox CASCADE;
DROP FUNCTION next_number;
