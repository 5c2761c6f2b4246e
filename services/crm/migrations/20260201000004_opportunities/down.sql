DROP TABLE opportunities, pipelines;
