DROP TABLE leads, scoring_models, lead_sources;
