DROP FUNCTION search_patterns;
DROP FUNCTION search_wanted;
DROP FUNCTION search_grams;
DROP FUNCTION search_fold;
