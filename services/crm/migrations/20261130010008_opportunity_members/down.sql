DROP TABLE opportunity_members;
