"""The waiting room before the pages: when more people come than the machine serves well, they go in in the order of arrival."""
