"""By which ways a person is told, for each kind of message. The inbox always has everything."""
