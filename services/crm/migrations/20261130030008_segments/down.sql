DROP TABLE segment_members, segment_sweeps, segments;
