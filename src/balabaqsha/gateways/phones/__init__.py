"""The Base of Mobile Citizens (БМГ): whose number a number is."""
