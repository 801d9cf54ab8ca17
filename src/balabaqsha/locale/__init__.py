"""Every text of the portal in Kazakh, Russian and English, and the forms in which numbers and moments are written."""
