"""The register of kindergartens: what each is, its photos, its groups; every change is journalled."""
