"""What offices tell everybody: announcements, the calendar of an intake, questions with their answers."""
