DROP INDEX accounts_by_name;
DROP INDEX opportunities_by_expected_close;
DROP INDEX opportunities_by_amount;
DROP INDEX leads_by_score;
