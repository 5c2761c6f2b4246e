DROP TABLE requirement_traces;
