"""The state database of natural persons (ГБД ФЛ): who a person is."""
