DROP TABLE negotiation_rounds;
