DELETE FROM number_rules WHERE kind = 'acceptance_policy';
ALTER TABLE acceptances
    DROP COLUMN test_account,
    DROP COLUMN on_silence,
    DROP COLUMN policy_number,
    DROP COLUMN steps,
    DROP COLUMN next_step_at,
    DROP COLUMN overdue_at,
    DROP COLUMN escalated_at,
    DROP COLUMN deemed_accepted;
DROP TABLE acceptance_policies;
