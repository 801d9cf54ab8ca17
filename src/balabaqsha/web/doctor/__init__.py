"""Pages of those who decide special applications: the phthisiatrician and the officer of the PMPK."""
