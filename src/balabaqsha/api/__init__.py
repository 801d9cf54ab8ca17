"""The interface for programs: the same actions as the pages, in JSON. What it promises stands in `openapi.json`."""
