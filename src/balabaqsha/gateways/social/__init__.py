"""The register of social statuses of the ministry of labour: who has a large family, a disability, no parents' care."""
