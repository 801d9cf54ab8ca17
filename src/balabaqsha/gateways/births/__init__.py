"""The register of births (АХАЖ, ЗАГС): whose child a child is."""
