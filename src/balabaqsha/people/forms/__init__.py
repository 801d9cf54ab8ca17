"""Medical forms of a child, fetched from the digital health system with its parent's consent."""
