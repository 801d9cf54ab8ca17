"""How a person is reached, proven: e-mail addresses and further telephones of their own."""
