"""Reports for departments and the ministry: each a query whose rows plain SQL counts alike."""
