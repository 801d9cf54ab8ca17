"""The counter: an officer acts at the family's own pages for a person who stands there with an identity document."""
