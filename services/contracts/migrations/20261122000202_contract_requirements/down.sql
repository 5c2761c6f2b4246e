DROP INDEX contracts_account;
DROP TABLE exchange_rates;
DROP TABLE contract_policies;
