DROP TABLE proposal_links;
