"""The second factor of staff: codes of an application, recovery codes; a key of EDS needs neither."""
