DROP INDEX accounts_tier;
DROP INDEX opportunities_stage;
DROP INDEX leads_class;
DROP INDEX leads_source;
