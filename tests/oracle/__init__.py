"""The rules told a second time, apart from the system and from its database, to find where the two differ."""
