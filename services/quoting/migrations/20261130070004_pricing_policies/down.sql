DROP TABLE pricing_policies;
