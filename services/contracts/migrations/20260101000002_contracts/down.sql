DROP TABLE review_comments, contract_versions, contract_clauses, contract_lines, contracts;
DELETE FROM number_rules WHERE kind = 'contract';
DELETE FROM approval_policies WHERE key IN ('contracts.contract.full', 'contracts.contract.standard');
